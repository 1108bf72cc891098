import Workbooks

/// A table whose columns have been given a meaning, by a mapping or by their headers.
struct MappedSheet {
    let sheet: Sheet
    let headerRow: Int
    let firstDataRow: Int
    let columns: [Int: ColumnMapping.Column]
    /// Columns without a meaning, or with one that another column already has.
    let others: [ControlSheet.Other]
    /// How many columns have a meaning of their own.
    let understood: Int

    /// Finds the header by its words, or returns `nil` for a sheet without an id column.
    ///
    /// A column that is headed by the word for controls alone holds their titles beside their numbers, and their numbers
    /// where nothing else does.
    init?(recognising sheet: Sheet) {
        let found =
            Self.recognised(sheet) { HeaderWords.column(for: $0) }
            ?? Self.recognised(sheet) { path in
                path.last.map(HeaderWords.isControl) ?? false ? (.controlId, nil) : HeaderWords.column(for: path)
            }
        guard let found else { return nil }
        self = found
    }

    private static func recognised(
        _ sheet: Sheet, _ meaning: ([String]) -> (field: ColumnMapping.Field, language: String?)?
    ) -> MappedSheet? {
        var best: MappedSheet?
        for (row, idColumn) in candidates(
            in: sheet,
            { text in
                meaning([text]).map { $0.field == .controlId || $0.field == .questionId } ?? false || text.folded == "statement_id"
            })
        {
            let header = header(of: sheet, from: row, idColumn: idColumn)
            let isOwn = HeaderWords.isOwnTable(header.paths.keys.map(header.leaf))
            let mapped = MappedSheet(sheet, header) { path in
                if isOwn, let leaf = path.last, HeaderWords.isBesideOwn(leaf) { return .init(header: "", field: .passedOver) }
                return meaning(path).map { ColumnMapping.Column(header: "", field: $0.field, language: $0.language) }
            }
            if let mapped, mapped.understood >= 2, mapped.understood > best?.understood ?? 0 { best = mapped }
        }
        return best
    }

    /// Finds the header that holds all of a mapping's columns, or the closest one.
    init?(_ sheet: Sheet, mapping: ColumnMapping, missing: inout [String]) {
        let byHeader = Dictionary(mapping.columns.map { ($0.header.folded, $0) }, uniquingKeysWith: { first, _ in first })
        let idHeaders = mapping.columns.filter(\.field.isID).map(\.header.folded)
        var best: (mapped: MappedSheet, missing: [String])?
        for (row, idColumn) in Self.candidates(
            in: sheet, { text in idHeaders.contains { $0 == text.folded || $0.hasSuffix("/ " + text.folded) } })
        {
            let header = Self.header(of: sheet, from: row, idColumn: idColumn)
            let mapped = MappedSheet(sheet, header) { path in
                byHeader[path.joined(separator: " / ").folded] ?? path.last.flatMap { byHeader[$0.folded] }
            }
            guard let mapped else { continue }
            let found = Set(mapped.columns.values.map(\.header.folded))
            let lacking = mapping.columns.filter { !found.contains($0.header.folded) }.map(\.header)
            if lacking.count < best?.missing.count ?? .max { best = (mapped, lacking) }
        }
        guard let best else {
            missing = mapping.columns.map(\.header)
            return nil
        }
        missing = best.missing
        self = best.mapped
    }

    private static func candidates(in sheet: Sheet, _ isID: (String) -> Bool) -> [(row: Int, column: Int)] {
        sheet.rows.prefix(SheetHeader.searchedRows).compactMap { row in
            row.cells.first { $0.value.text.utf8.count <= 200 && isID($0.value.text) }.map { (row.number, $0.column) }
        }
    }

    /// Here only merged cells tell that a header has a second row; a row without an id may be a row without an id.
    private static func header(of sheet: Sheet, from row: Int, idColumn: Int) -> SheetHeader {
        let merged = sheet.mergedRanges.filter { $0.first.row == row && $0.last.row <= row + 4 }
        let tall = merged.map(\.last.row).max() ?? row
        let hasGroups = merged.contains { $0.last.column > $0.first.column && $0.last.row == row }
        let isNextWithoutID = sheet.value(row: row + 1, column: idColumn) == nil
        // A table of text has no merged cells: a line of sides below the head is its second row.
        let isMerged = sheet.mergedRanges.contains { $0.first.row <= row + 1 && $0.last.row >= row }
        let isInTwoRows = !isMerged && isNextWithoutID && sheet.row(row + 1).map(Self.namesSides) ?? false
        let last = max(tall, (hasGroups && isNextWithoutID) || isInTwoRows ? row + 1 : row)
        return SheetHeader(of: sheet, from: row, fillsGroups: isInTwoRows) { $0.number > last }
    }

    private static func namesSides(_ row: SheetRow) -> Bool {
        let filled = row.cells.filter { !$0.value.text.isBlank }
        let sides = filled.filter { HeaderWords.isSide($0.value.text) }
        return sides.count >= 2 && sides.count == filled.count
    }

    private init?(_ sheet: Sheet, _ header: SheetHeader, _ meaning: ([String]) -> ColumnMapping.Column?) {
        var columns: [Int: ColumnMapping.Column] = [:]
        var others: [ControlSheet.Other] = []
        var taken: Set<String> = []
        let leaves = Dictionary(grouping: header.paths.keys, by: { header.leaf($0).folded })
        for column in header.paths.keys.sorted() where !header.continued.contains(column) {
            let path = header.paths[column, default: []]
            let leaf = header.leaf(column)
            let isShared = leaves[leaf.folded, default: []].filter { !header.continued.contains($0) }.count > 1
            let name = (isShared ? path.joined(separator: " / ") : leaf).singleLine
            if ControlSheet.isMarkedInternal(path.joined(separator: " ").folded) {
                others.append(ControlSheet.Other(column: column, header: name, reason: .markedInternal))
            } else if let found = meaning(path) {
                let mayRepeat = found.field == .private || found.field == .passedOver
                let isRepeated = !mayRepeat && !taken.insert("\(found.field.rawValue)/\(found.language ?? "")").inserted
                if isRepeated || found.field == .private {
                    others.append(
                        ControlSheet.Other(
                            column: column, header: name, reason: isRepeated ? .unrecognised : .mapped, isRepeated: isRepeated))
                }
                if !isRepeated {
                    let header = found.header.isEmpty ? name : found.header
                    columns[column] = ColumnMapping.Column(header: header, field: found.field, language: found.language)
                }
            } else {
                others.append(ControlSheet.Other(column: column, header: name, reason: .unrecognised))
            }
        }
        guard columns.values.contains(where: \.field.isID) else { return nil }
        var nameless: Set<Int> = []
        for row in sheet.rows where row.number > header.rows.upperBound {
            for cell in row.cells where header.paths[cell.column] == nil || header.continued.contains(cell.column) {
                nameless.insert(cell.column)
            }
        }
        others += nameless.map { ControlSheet.Other(column: $0, header: header.leaf($0), reason: .unrecognised) }
        self.sheet = sheet
        self.headerRow = header.rows.lowerBound
        self.firstDataRow = header.rows.upperBound + 1
        self.columns = columns
        self.others = others.sorted { $0.column < $1.column }
        self.understood = columns.values.filter { $0.field != .private }.count
    }

    /// Whether its rows are questions.
    var isQuestionnaire: Bool { column(.questionId) != nil }

    /// Whether a questionnaire names its owners by their place in a chain of AI services.
    var namesActors: Bool {
        guard let column = column(.allocation) else { return false }
        return sheet.rows.contains { row in row[column].map { ValueWords.isActor($0.text) } ?? false }
    }

    func column(_ field: ColumnMapping.Field) -> Int? {
        columns.filter { $0.value.field == field }.keys.min()
    }
}
