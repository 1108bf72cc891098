import Workbooks

/// Reads headers of a sheet the way a person does: merged cells belong to all they cover, groups stand above their columns.
struct SheetHeader {
    /// The header's first and last row.
    let rows: ClosedRange<Int>
    /// The texts above each column from the top down, each once.
    let paths: [Int: [String]]
    /// Columns that only continue the merged header of the column before.
    let continued: Set<Int>

    /// How far down a sheet a header is looked for, in filled rows.
    static let searchedRows = 40
    /// Rows a header may span below its first one.
    private static let spannedRows = 4

    /// Gathers the header that begins in `first` and ends before the first row that `isData` knows, or where its merged cells end.
    ///
    /// - Parameter fillsGroups: whether a group's words stand above its first column alone, as in text that was made of merged cells.
    init(of sheet: Sheet, from first: Int, fillsGroups: Bool = false, isData: (SheetRow) -> Bool) {
        var last = first
        for row in sheet.rows where row.number > first && row.number <= first + Self.spannedRows {
            if isData(row) { break }
            last = row.number
        }
        let isFollowedByData = sheet.rows.contains { $0.number > last && $0.number <= last + Self.spannedRows && isData($0) }
        if !isFollowedByData {
            // Nothing to stop at: only merged cells tell how tall the header is.
            last =
                sheet.mergedRanges.filter { $0.first.row == first && $0.last.row <= first + Self.spannedRows }.map(\.last.row).max()
                ?? first
        }
        rows = first...last

        let merged = sheet.mergedRanges.filter { $0.first.row <= last && $0.last.row >= first }
        var paths: [Int: [String]] = [:]
        var continued: Set<Int> = []
        for number in first...last {
            guard let row = sheet.row(number) else { continue }
            for cell in row.cells {
                let text = cell.value.text
                guard !text.isBlank else { continue }
                let range = merged.first { $0.first.row == number && $0.first.column == cell.column }
                // A range is at most as wide as the grid; headers of interest are not wider than their document.
                for column in cell.column...max(cell.column, min(range?.last.column ?? 0, cell.column + 255)) {
                    if column > cell.column, row[column] != nil { continue }
                    if paths[column]?.last != text { paths[column, default: []].append(text) }
                }
            }
        }
        for range in merged where range.first.row >= first && range.last.column > range.first.column {
            for column in (range.first.column + 1)...min(range.last.column, range.first.column + 255)
            where paths[column] == paths[range.first.column] {
                continued.insert(column)
            }
        }
        if fillsGroups, let top = sheet.row(first), let bottom = sheet.row(last) {
            for cell in bottom.cells where !cell.value.text.isBlank && top[cell.column].map({ $0.text.isBlank }) ?? true {
                let group = top.cells.last { $0.column < cell.column && !$0.value.text.isBlank }
                // The words beneath a group reach as far as it does.
                guard let group, (group.column..<cell.column).allSatisfy({ bottom[$0].map { !$0.text.isBlank } ?? false }) else { continue }
                paths[cell.column, default: []].insert(group.value.text, at: 0)
            }
        }
        self.paths = paths
        self.continued = continued
    }

    /// The words right above a column's cells.
    func leaf(_ column: Int) -> String {
        paths[column]?.last ?? ""
    }
}

extension Sheet {
    /// Returns the value at a place, or of the merged cell that covers it.
    func shownValue(row: Int, column: Int) -> CellValue? {
        if let value = value(row: row, column: column) { return value }
        guard let range = mergedRanges.first(where: { $0.contains(row: row, column: column) }) else { return nil }
        return value(row: range.first.row, column: range.first.column)
    }
}
