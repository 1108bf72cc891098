/// The sheets of a spreadsheet, in the order their author gave them.
package struct Workbook: Sendable, Equatable {
    package let sheets: [Sheet]

    package init(sheets: [Sheet]) {
        self.sheets = sheets
    }
}

/// One table of cells. Only rows and cells that hold something are present, in ascending order.
package struct Sheet: Sendable, Equatable {
    package let name: String
    /// Whether its author hid the sheet from view.
    package let isHidden: Bool
    package let rows: [SheetRow]
    package let mergedRanges: [CellRange]
    /// Rows and columns that are hidden, by their author or by a filter.
    package var hiddenRows: Set<Int> = []
    package var hiddenColumns: Set<Int> = []
    package var comments: [SheetComment] = []

    package init(name: String, isHidden: Bool, rows: [SheetRow], mergedRanges: [CellRange]) {
        self.name = name
        self.isHidden = isHidden
        self.rows = rows
        self.mergedRanges = mergedRanges
    }

    /// Returns the row with this number, or `nil` if nothing stands in it.
    package func row(_ number: Int) -> SheetRow? {
        var low = 0
        var high = rows.count
        while low < high {
            let middle = (low + high) / 2
            if rows[middle].number < number { low = middle + 1 } else { high = middle }
        }
        return low < rows.count && rows[low].number == number ? rows[low] : nil
    }

    package func value(row: Int, column: Int) -> CellValue? {
        self.row(row)?[column]
    }
}

package struct SheetRow: Sendable, Equatable {
    /// Counted from 1, as the program that wrote it shows it.
    package let number: Int
    package let cells: [SheetCell]

    package init(number: Int, cells: [SheetCell]) {
        self.number = number
        self.cells = cells
    }

    package subscript(column: Int) -> CellValue? {
        for cell in cells where cell.column >= column {
            return cell.column == column ? cell.value : nil
        }
        return nil
    }
}

package struct SheetCell: Sendable, Equatable {
    /// Counted from 1.
    package let column: Int
    package let value: CellValue

    package init(column: Int, value: CellValue) {
        self.column = column
        self.value = value
    }
}

/// What a cell holds. Line breaks within text are single line feeds.
package enum CellValue: Sendable, Equatable {
    case text(String)
    case number(Double)
    case boolean(Bool)
    /// A day, `2021-07-21`, with a time `T16:50:46` where the cell has one.
    case date(String)
    /// What the program shows where a formula failed: `#REF!`, `#N/A`.
    case error(String)

    /// Returns what a reader of the sheet would call the cell's words.
    package var text: String {
        switch self {
        case .text(let text), .date(let text), .error(let text): text
        case .boolean(let isTrue): isTrue ? "TRUE" : "FALSE"
        case .number(let number):
            // 1.1000000000000001 is how spreadsheets store 1.1; the shortest form that reads back alike is what was typed.
            if let whole = Int(exactly: number), abs(number) < 1e15 { String(whole) } else { number.description }
        }
    }
}
