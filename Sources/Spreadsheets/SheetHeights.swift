import Interchange
import Wording

/// How high the rows of a sheet have to be: not every program that opens a workbook finds that out for itself.
struct SheetHeights {
    /// The lines that each row's words take in the widths of its columns.
    let lines: [Int]

    init(_ sheet: SheetDraft) {
        lines = sheet.rows.enumerated().map { row, cells in
            var most = 1
            for (column, cell) in cells.enumerated() where Self.isWrapped(cell.style) {
                let span = sheet.spans.first { $0.row == row && $0.columns.contains(column) }
                let width = (span.map { Array($0.columns) } ?? [column]).reduce(0.0) {
                    $0 + ($1 < sheet.widths.count ? sheet.widths[$1] : 8)
                }
                most = max(most, Self.lines(of: cell.text, in: width, isBold: cell.style == .head || cell.style == .group))
            }
            return most
        }
    }

    private static func isWrapped(_ style: SheetDraft.Style) -> Bool { style != .title && style != .lead }

    /// Words move to the next line whole, so that some of each line stays empty.
    private static func lines(of text: String, in width: Double, isBold: Bool) -> Int {
        let room = max(width * (isBold ? 0.8 : 0.92), 1)
        return text.split(separator: "\n", omittingEmptySubsequences: false).reduce(0) { lines, line in
            lines + max(1, Int((Double(DisplayWidth.standard(line)) / room).rounded(.up)))
        }
    }
}
