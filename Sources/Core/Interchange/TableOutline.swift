import Workbooks

/// What a table looks like to somebody who is to say what its columns are: the heads of the row that looks most like its header.
package struct TableOutline: Sendable, Equatable {
    package struct Column: Sendable, Equatable {
        package var header: String
        /// What stands first below it, on one line and not longer than a line.
        package var sample: String
    }

    package var sheet: String
    package var row: Int
    /// Those with words above them, each words once.
    package var columns: [Column]

    /// The outline of the widest header of a workbook; `nil` where nothing in it has two columns.
    init?(_ workbook: Workbook, sheets: [String]) {
        let meant = workbook.sheets.filter { sheets.isEmpty ? !$0.isHidden : sheets.contains($0.name) }
        let likely = meant.compactMap { sheet in MappedMatrixReader.likelyHeader(of: sheet).map { (sheet: sheet, head: $0) } }
        guard let widest = likely.max(by: { $0.head.cells.count < $1.head.cells.count }), widest.head.cells.count > 1 else { return nil }
        var seen: Set<String> = []
        columns = widest.head.cells.compactMap { cell in
            let header = cell.value.text.singleLine
            guard !header.isEmpty, header.utf8.count <= 400, seen.insert(header.folded).inserted else { return nil }
            let below = widest.sheet.rows.lazy.filter { $0.number > widest.head.number }.prefix(50)
            let sample = below.compactMap { $0[cell.column]?.text.singleLine }.first { !$0.isEmpty } ?? ""
            return Column(header: header, sample: sample.count <= 40 ? sample : sample.prefix(39) + "…")
        }
        guard columns.count > 1 else { return nil }
        (sheet, row) = (widest.sheet.name, widest.head.number)
    }
}
