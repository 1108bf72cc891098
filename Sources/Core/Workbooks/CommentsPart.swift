/// A remark that somebody hung on a cell.
package struct SheetComment: Sendable, Equatable {
    /// The cell as the sheet names it: `C7`.
    package let cell: String
    package let text: String
}

/// Reads the remarks on the cells of a sheet.
struct CommentsPart: PartReader {
    let sheet: String
    let limits: WorkbookLimits
    private(set) var comments: [SheetComment] = []
    /// What all sheets up to here have used of the workbook's limits.
    private(set) var count: Int
    private(set) var byteCount: Int
    private var cell = ""
    private var gathered = GatheredText()

    init(sheet: String, limits: WorkbookLimits, count: Int, byteCount: Int) {
        self.sheet = sheet
        self.limits = limits
        self.count = count
        self.byteCount = byteCount
    }

    mutating func begin(_ element: String, _ attributes: [String: String]) {
        if element == "comment" {
            // Whoever hangs it elsewhere than on a cell hangs it on none.
            cell = attributes["ref"].flatMap { CellReference($0) == nil ? nil : $0 } ?? ""
            gathered.clear()
        }
        gathered.begin(element)
    }

    mutating func text(_ text: String) throws(WorkbookFault) {
        try gathered.append(text, limit: limits.cellTextBytes, at: WorkbookPlace(sheet: sheet))
    }

    mutating func end(_ element: String) throws(WorkbookFault) {
        gathered.end(element)
        guard element == "comment" else { return }
        let text = gathered.value
        byteCount += text.utf8.count + cell.utf8.count
        count += 1
        guard byteCount <= limits.textBytes else {
            throw .limitExceeded(.textBytes, allowed: limits.textBytes, found: byteCount, at: WorkbookPlace(sheet: sheet))
        }
        guard count <= limits.cells else {
            throw .limitExceeded(.cells, allowed: limits.cells, found: count, at: WorkbookPlace(sheet: sheet))
        }
        comments.append(SheetComment(cell: cell, text: text))
    }
}
