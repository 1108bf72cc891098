import Foundation

/// Reads the cells of one sheet: shared, inline and formula strings, numbers, truth values, errors, and merged ranges.
struct SheetPart: PartReader {
    let name: String
    let limits: WorkbookLimits
    let shared: [String]?
    /// Where the shared strings would be; `shared` is `nil` if the archive lacks them.
    let sharedPart: String
    let styles: StylesPart
    let countsFrom1904: Bool
    /// What the sheets before this one already used of the workbook's limits.
    private(set) var cellCount: Int
    private(set) var textBytes: Int

    private var cells: [(row: Int, cell: SheetCell)] = []
    private var isOrdered = true
    private(set) var mergedRanges: [CellRange] = []
    private(set) var hiddenRows: Set<Int> = []
    private(set) var hiddenColumns: Set<Int> = []

    private var isHiddenRow = false
    private var lastHiddenColumn = 0
    private var row = 0
    private var column = 0
    private var type = ""
    private var style = 0
    private var raw = ""
    private var isInValue = false
    private var formula = ""
    private var isInFormula = false
    private var isInInline = false
    private var inline = GatheredText()

    init(
        name: String, limits: WorkbookLimits, shared: [String]?, sharedPart: String, styles: StylesPart, countsFrom1904: Bool,
        cellCount: Int, textBytes: Int
    ) {
        self.name = name
        self.limits = limits
        self.shared = shared
        self.sharedPart = sharedPart
        self.styles = styles
        self.countsFrom1904 = countsFrom1904
        self.cellCount = cellCount
        self.textBytes = textBytes
    }

    private var place: WorkbookPlace { WorkbookPlace(sheet: name, row: row, column: column) }

    mutating func begin(_ element: String, _ attributes: [String: String]) throws(WorkbookFault) {
        switch element {
        case "c": try beginCell(attributes)
        case "v":
            raw = ""
            isInValue = true
        case "f":
            isInFormula = true
            // One that is shared stands in another cell.
            formula = " "
        case "row":
            try beginRow(attributes["r"])
            isHiddenRow = Self.isHidden(attributes)
        case "col":
            guard Self.isHidden(attributes), let first = attributes["min"].flatMap(Int.init), first > 0 else { break }
            // What lies beyond the last column that may be read is empty, and often hidden to the sheet's edge. They stand in their order.
            let last = min(attributes["max"].flatMap(Int.init) ?? first, limits.columns)
            guard first > lastHiddenColumn, first <= last else { break }
            hiddenColumns.formUnion(first...last)
            lastHiddenColumn = last
        case "is":
            inline.clear()
            isInInline = true
        case "dimension":
            if let ref = attributes["ref"] { _ = try range(ref) }
        case "mergeCell":
            let range = try range(attributes["ref"] ?? "")
            mergedRanges.append(range)
            guard mergedRanges.count <= limits.mergedRanges else {
                throw .limitExceeded(
                    .mergedRanges, allowed: limits.mergedRanges, found: mergedRanges.count,
                    at: WorkbookPlace(sheet: name, row: range.first.row, column: range.first.column))
            }
        default: break
        }
        if isInInline { inline.begin(element) }
    }

    mutating func text(_ text: String) throws(WorkbookFault) {
        if isInValue {
            raw += text
            guard raw.utf8.count <= limits.cellTextBytes else {
                throw .limitExceeded(.cellTextBytes, allowed: limits.cellTextBytes, found: raw.utf8.count, at: place)
            }
        } else if isInFormula {
            if formula.utf8.count < Self.shownFormulaBytes { formula += text.prefix(Self.shownFormulaBytes) }
        } else if isInInline {
            try inline.append(text, limit: limits.cellTextBytes, at: place)
        }
    }

    mutating func end(_ element: String) throws(WorkbookFault) {
        if isInInline { inline.end(element) }
        switch element {
        case "v": isInValue = false
        case "f": isInFormula = false
        case "is": isInInline = false
        case "c": try endCell()
        default: break
        }
    }

    private static func isHidden(_ attributes: [String: String]) -> Bool { ["1", "true"].contains(attributes["hidden"] ?? "") }

    private mutating func beginRow(_ number: String?) throws(WorkbookFault) {
        let next = number.map { Int($0) ?? ($0.utf8.allSatisfy { $0 >= 48 && $0 <= 57 } ? Int.max : 0) } ?? row + 1
        guard next > 0 else { throw .malformedReference(number ?? "", at: WorkbookPlace(sheet: name)) }
        row = next
        column = 0
        try checkGrid(CellReference(row: row, column: 1))
    }

    private mutating func beginCell(_ attributes: [String: String]) throws(WorkbookFault) {
        if let text = attributes["r"] {
            guard let reference = CellReference(text) else {
                throw .malformedReference(text, at: WorkbookPlace(sheet: name, row: row > 0 ? row : nil))
            }
            row = reference.row
            column = reference.column
        } else {
            column += 1
            row = max(row, 1)
        }
        try checkGrid(CellReference(row: row, column: column))
        type = attributes["t"] ?? "n"
        style = attributes["s"].flatMap { Int($0) } ?? 0
        raw = ""
        formula = ""
        inline.clear()
    }

    private static let shownFormulaBytes = 60

    private mutating func endCell() throws(WorkbookFault) {
        guard let value = try cellValue() else { return }
        if case .text(let text) = value { textBytes += text.utf8.count }
        guard textBytes <= limits.textBytes else {
            throw .limitExceeded(.textBytes, allowed: limits.textBytes, found: textBytes, at: place)
        }
        cellCount += 1
        guard cellCount <= limits.cells else {
            throw .limitExceeded(.cells, allowed: limits.cells, found: cellCount, at: place)
        }
        if let last = cells.last, (last.row, last.cell.column) >= (row, column) { isOrdered = false }
        if isHiddenRow { hiddenRows.insert(row) }
        cells.append((row, SheetCell(column: column, value: value)))
    }

    private func cellValue() throws(WorkbookFault) -> CellValue? {
        switch type {
        case "s":
            guard !raw.isEmpty else { return nil }
            guard let shared else { throw .missingPart(sharedPart, at: place) }
            guard let index = Int(raw.filter { !$0.isWhitespace }), shared.indices.contains(index) else {
                throw .unknownSharedString(raw, at: place)
            }
            return shared[index].isEmpty ? nil : .text(shared[index])
        case "inlineStr":
            let text = inline.value
            return text.isEmpty ? nil : .text(text)
        case "str":
            let text = unescapedCellText(raw)
            return text.isEmpty ? nil : .text(text)
        case "b": return raw.isEmpty ? nil : .boolean(raw == "1" || raw == "true")
        case "e": return .error(raw)
        case "d": return raw.isEmpty ? nil : .date(raw)
        default:
            // A program that computes nothing writes a formula without what comes of it.
            guard !raw.isEmpty else { return formula.isEmpty ? nil : .error("=" + formula) }
            guard let number = Double(raw), number.isFinite else { return .text(raw) }
            if styles.isDate.indices.contains(style), styles.isDate[style],
                let date = calendarText(ofSerial: number, countsFrom1904: countsFrom1904)
            {
                return .date(date)
            }
            // An id such as 5.10 is a number to a spreadsheet, and is what the cell shows.
            if styles.decimals.indices.contains(style), case let decimals = styles.decimals[style], decimals > 0 {
                return .text(String(format: "%.\(decimals)f", number))
            }
            return .number(number)
        }
    }

    private func range(_ text: String) throws(WorkbookFault) -> CellRange {
        guard let range = CellRange(text) else { throw .malformedReference(text, at: WorkbookPlace(sheet: name)) }
        try checkGrid(range.last)
        return range
    }

    private func checkGrid(_ reference: CellReference) throws(WorkbookFault) {
        guard reference.column <= limits.columns else {
            throw .limitExceeded(
                .columns, allowed: limits.columns, found: reference.column,
                at: WorkbookPlace(sheet: name, row: reference.row, column: reference.column))
        }
        guard reference.row <= limits.rows else {
            throw .limitExceeded(
                .rows, allowed: limits.rows, found: reference.row, at: WorkbookPlace(sheet: name, row: reference.row))
        }
    }

    /// Returns the cells by row, ascending; of two cells at one place the later one stands.
    func rows() -> [SheetRow] {
        var ordered = cells
        if !isOrdered {
            var last: [CellReference: SheetCell] = [:]
            for (row, cell) in cells { last[CellReference(row: row, column: cell.column)] = cell }
            ordered = last.map { ($0.key.row, $0.value) }.sorted { ($0.0, $0.1.column) < ($1.0, $1.1.column) }
        }
        var rows: [SheetRow] = []
        var start = ordered.startIndex
        while start < ordered.endIndex {
            let number = ordered[start].row
            let end = ordered[start...].firstIndex { $0.row != number } ?? ordered.endIndex
            rows.append(SheetRow(number: number, cells: ordered[start..<end].map(\.cell)))
            start = end
        }
        return rows
    }
}
