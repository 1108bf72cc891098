import Workbooks

/// Reads any table of rows by control with a column mapping, given or recognised.
struct MappedMatrixReader {
    private let document: String
    private let format: ImportFormat
    /// Whether the table is plain text.
    private let isText: Bool
    private var options: ImportOptions
    private var diagnostics: [ImportDiagnostic] = []
    private var privateColumns: [PrivateColumn] = []
    private var rows: [ImportedRow] = []
    /// How often each key has come, and where first.
    private var seen: [RowKey: (count: Int, first: ImportOrigin)] = [:]
    private var taken: Set<RowKey> = []
    private var readings: [ValueReading] = []

    static func read(
        _ workbook: Workbook, document: String, format: ImportFormat, isText: Bool, options: ImportOptions
    ) throws(ImportFault) -> MatrixImport {
        var reader = MappedMatrixReader(document: document, format: format, isText: isText, options: options)
        return try reader.matrix(of: workbook)
    }

    private init(document: String, format: ImportFormat, isText: Bool, options: ImportOptions) {
        self.document = document
        self.format = format
        self.isText = isText
        self.options = options
    }

    private mutating func matrix(of workbook: Workbook) throws(ImportFault) -> MatrixImport {
        let sheets = try mappedSheets(of: workbook)
        let names = sheets.map(\.sheet.name)
        let ids = sheets.flatMap { sheet in
            dataRows(of: sheet).compactMap { row in
                asWrittenID(of: row, in: sheet).map { id in
                    (text: id.text, origin: ImportOrigin(sheet: sheet.sheet.name, row: row.number, column: id.column))
                }
            }
        }
        guard let example = ids.first, let first = sheets.first else { throw .noRows(document: document, sheets: names) }
        let named = sheets.flatMap { sheet in dataRows(of: sheet).compactMap { namedFramework(of: $0, in: sheet) } }.first
        let framework: String
        if let named {
            framework = named
        } else if first.column(.questionId) != nil {
            framework =
                options.framework ?? options.mapping?.framework ?? (first.namesActors ? Self.actorsFramework : Self.questionedFramework)
        } else {
            // What is said of all ids is said of their column.
            let column = ImportOrigin(sheet: first.sheet.name, row: first.headerRow, column: example.origin.column)
            framework = try chosenFramework(ids.map(\.text), column: column, example: example.origin)
        }
        for sheet in sheets { read(sheet, framework) }
        sayReadings()
        guard !rows.isEmpty else { throw .noRows(document: document, sheets: names) }
        diagnostics += RowLint(document: document, knownControls: options.knownControls).diagnostics(on: rows)
        if diagnostics.contains(where: { $0.severity == .error }) { throw .rejected(document: document, diagnostics: diagnostics) }
        let mapping =
            options.mapping
            ?? ColumnMapping(
                columns: effectiveColumns(of: sheets), framework: framework, encoding: options.encoding,
                values: options.values.isEmpty ? nil : options.values)
        var matrix = MatrixImport(
            document: document, format: format, frameworkID: framework, rows: rows, privateColumns: privateColumns,
            diagnostics: diagnostics, mapping: mapping, fields: Set(sheets.flatMap { spokenFields(of: $0) }))
        matrix.isQuestionnaire = sheets.contains(where: \.isQuestionnaire)
        matrix.isFromHere = sheets.contains { HeaderWords.isOwnTable($0.columns.values.map(\.header)) }
        return matrix
    }

    /// The catalogue whose controls the questions of a CAIQ are about.
    static let questionedFramework = "ccm4"
    /// The catalogue of an AI-CAIQ.
    static let actorsFramework = "aicm1"

    // MARK: What to read

    private mutating func mappedSheets(of workbook: Workbook) throws(ImportFault) -> [MappedSheet] {
        let names = workbook.sheets.map(\.name)
        options.sheets = try options.sheets(of: workbook, document: document)
        var found: [MappedSheet] = []
        var leastMissing: [String]?
        for sheet in workbook.sheets where options.sheets.isEmpty || options.sheets.contains(sheet.name) {
            var missing: [String] = []
            let mapped: MappedSheet? =
                if let mapping = options.mapping { MappedSheet(sheet, mapping: mapping, missing: &missing) } else {
                    MappedSheet(recognising: sheet)
                }
            guard let mapped, missing.isEmpty else {
                if options.mapping != nil, missing.count < leastMissing?.count ?? .max { leastMissing = missing }
                continue
            }
            if sheet.isHidden, options.sheets.isEmpty {
                diagnostics.append(ImportDiagnostic(.sheetHidden, document: document, sheet: sheet.name, row: mapped.headerRow))
            } else {
                found.append(mapped)
            }
        }
        if found.isEmpty {
            if let leastMissing {
                let likely = workbook.sheets.compactMap { sheet in Self.likelyHeader(of: sheet).map { (sheet.name, $0) } }
                let widest = likely.max { $0.1.cells.count < $1.1.cells.count }
                throw .columnsMissing(
                    leastMissing, document: document, headers: likely.flatMap(\.1.cells).map(\.value.text.singleLine),
                    at: widest.map { ImportOrigin(sheet: $0, row: $1.number, column: nil) })
            }
            if isText, let table = workbook.sheets.first, let likely = Self.likelyHeader(of: table) {
                throw .noHeader(document: document, line: likely.number, headers: likely.cells.map(\.value.text.singleLine))
            }
            throw .noMatrix(document: document, sheets: names)
        }
        guard found.count == 1 || !options.sheets.isEmpty else {
            throw .severalMatrices(document: document, choices: found.map { [$0.sheet.name] })
        }
        return found
    }

    /// The first of the wide rows at a sheet's top: what a person would take for its header. Merged cells make it narrower than its data.
    static func likelyHeader(of sheet: Sheet) -> SheetRow? {
        let rows = sheet.rows.prefix(SheetHeader.searchedRows)
        let widest = rows.map(\.cells.count).max() ?? 0
        return rows.first { $0.cells.count * 5 >= widest * 3 }
    }

    private mutating func chosenFramework(
        _ ids: [String], column: ImportOrigin, example: ImportOrigin
    ) throws(ImportFault) -> String {
        if let framework = options.framework ?? options.mapping?.framework { return framework }
        guard let verdict = FrameworkEvidence.verdict(onAny: ids) else {
            throw .frameworkUnknown(document: document, exampleID: ids.first?.singleLine ?? "", at: example)
        }
        if !verdict.isCertain {
            diagnostics.append(
                ImportDiagnostic(
                    .frameworkAssumed, document: document, sheet: column.sheet, row: column.row, column: column.column,
                    facts: ["framework": verdict.framework]))
        }
        return verdict.framework
    }

    private func effectiveColumns(of sheets: [MappedSheet]) -> [ColumnMapping.Column] {
        var headers: Set<String> = []
        return sheets.flatMap { sheet in sheet.columns.sorted { $0.key < $1.key }.map(\.value) }.filter {
            headers.insert($0.header.folded).inserted
        }
    }

    private func spokenFields(of sheet: MappedSheet) -> [String] {
        sheet.columns.values.flatMap { column -> [String] in
            switch column.field {
            case .controlId, .statementId, .itemKey, .questionId, .framework, .passedOver, .private: []
            case .answer: ["implementationStatus", "foundFlag"]
            case .allocation: ["allocation", "providerShares"] + (sheet.isQuestionnaire ? ["foundOwner"] : [])
            case .supplierMark: ["allocation", "providerShares"]
            case .inheritable, .providerMark, .customerMark: ["allocation"]
            case .topic, .providerStatement, .customerAction, .boundaryNote, .implementationStatus, .notApplicableReason, .providerShares:
                [column.field.rawValue]
            }
        }
    }

    // MARK: Rows

    private func dataRows(of sheet: MappedSheet) -> ArraySlice<SheetRow> {
        sheet.sheet.rows.drop { $0.number < sheet.firstDataRow }
    }

    /// The id of a row's control as it stands, with the number of its question where there is one.
    private func asWrittenID(of row: SheetRow, in sheet: MappedSheet) -> (text: String, question: String?, column: Int)? {
        for field in [ColumnMapping.Field.questionId, .statementId, .controlId] {
            guard let column = sheet.column(field), let text = keyText(of: row, column, in: sheet) else { continue }
            if field == .questionId {
                guard let id = QuestionID(text) else { continue }
                // A control by itself is answered, or a heading over its questions.
                let isAnswered = [ColumnMapping.Field.allocation, .answer].contains { field in
                    sheet.column(field).flatMap { row[$0] }.map { !$0.text.isBlank } ?? false
                }
                guard id.question != nil || isAnswered else { continue }
                return (id.control, id.question, column)
            }
            // A statement's id counts only where it can be read as one.
            if field == .controlId || NISTControlID(text) != nil, !text.isBlank { return (text, nil, column) }
        }
        return nil
    }

    /// A part of a row's key as it stands; in plain text without what keeps it from being a formula.
    private func keyText(of row: SheetRow, _ column: Int, in sheet: MappedSheet) -> String? {
        sheet.sheet.shownValue(row: row.number, column: column).map { isText ? FormulaGuard.unguarded($0.text) : $0.text }
    }

    /// The catalogue that a row names for itself.
    private func namedFramework(of row: SheetRow, in sheet: MappedSheet) -> String? {
        guard options.framework == nil, let column = sheet.column(.framework) else { return nil }
        let name = keyText(of: row, column, in: sheet)?.singleLine ?? ""
        return name.isEmpty ? nil : name
    }

    /// The item of a row as it stands; of others' tables in one width, in which ids are written either way.
    private func itemKey(of row: SheetRow, in sheet: MappedSheet, isOwn: Bool) -> String {
        let text = sheet.column(.itemKey).flatMap { keyText(of: row, $0, in: sheet)?.singleLine } ?? ""
        return isOwn ? text : text.inOneWidth
    }

    /// Whether an id is that of a clause above others: `5` above `5.1`.
    private func isHeading(_ id: String, of ids: Set<String>) -> Bool {
        let clause = id.folded.filter { $0 != " " } + "."
        return ids.contains { $0.hasPrefix(clause) }
    }

    /// Whether ids stand in cells that are merged over several lines: these tell how far each reaches.
    private func hasMergedIDs(_ sheet: MappedSheet) -> Bool {
        let ids = sheet.columns.filter(\.value.field.isID).keys
        return sheet.sheet.mergedRanges.contains { range in
            range.last.row > range.first.row && range.last.row >= sheet.firstDataRow
                && ids.contains { (range.first.column...range.last.column).contains($0) }
        }
    }

    /// Whether a line says anything of its row beside where it stands.
    private func saysAnything(_ row: SheetRow, in sheet: MappedSheet) -> Bool {
        sheet.columns.contains { column, meaning in
            guard !meaning.field.isID, ![.itemKey, .framework, .topic, .passedOver, .private].contains(meaning.field) else { return false }
            return sheet.sheet.shownValue(row: row.number, column: column).map { !$0.text.isBlank } ?? false
        }
    }

    private mutating func read(_ sheet: MappedSheet, _ common: String) {
        // Where the signs are ○ and ×, a Latin x is the latter.
        let usesCircles = dataRows(of: sheet).contains { row in
            row.cells.contains { ["○", "〇", "◯", "△", "×", "◎"].contains($0.value.text.folded) }
        }
        let isOwn = HeaderWords.isOwnTable(sheet.columns.values.map(\.header))
        // In text that was made of merged cells an id stands at the first of its items alone.
        var above: (text: String, column: Int)?
        let carries = !isOwn && !hasMergedIDs(sheet)
        let ids = Set(dataRows(of: sheet).compactMap { asWrittenID(of: $0, in: sheet)?.text.folded.filter { $0 != " " } })
        for row in dataRows(of: sheet) {
            let written = asWrittenID(of: row, in: sheet)
            let says = saysAnything(row, in: sheet)
            let isCarried = written == nil && carries && says && !itemKey(of: row, in: sheet, isOwn: isOwn).isEmpty
            guard let (text, question, idColumn) = written ?? (isCarried ? above.map { ($0.text, nil, $0.column) } : nil) else {
                if let cell = row.cells.first(where: {
                    !$0.value.text.isBlank && sheet.columns[$0.column]?.field != .private && sheet.columns[$0.column] != nil
                }) {
                    say(.idMissing, sheet, row.number, cell.column, says ? ["says": "true"] : [:])
                }
                continue
            }
            if !isCarried { above = nil }
            let framework = namedFramework(of: row, in: sheet) ?? common
            guard let controlId = Self.controlID(text, framework) else {
                say(.idUnreadable, sheet, row.number, idColumn, ["value": text.singleLine])
                continue
            }
            var cells = RowCells(
                sheet: sheet, row: row, values: options.mapping?.values ?? options.values, usesCircles: usesCircles, isPlainText: isText,
                document: document)
            let fields = cells.fields()
            diagnostics += cells.diagnostics
            readings += cells.readings
            if !isOwn, question == nil, !says, isHeading(text, of: ids) {
                say(.headingLeft, sheet, row.number, idColumn, ["id": text.singleLine])
                continue
            }
            let item = question ?? itemKey(of: row, in: sheet, isOwn: isOwn)
            let base = RowKey(framework: framework, controlId: controlId, itemKey: item.isEmpty ? "main" : item)
            let origin = ImportOrigin(sheet: sheet.sheet.name, row: row.number, column: idColumn)
            let (before, first) = seen[base] ?? (0, origin)
            seen[base] = (before + 1, first)
            var itemKey = before == 0 ? base.itemKey : "\(base.itemKey)~\(before + 1)"
            // An item may be called as a repeated one is.
            while !taken.insert(RowKey(framework: framework, controlId: controlId, itemKey: itemKey)).inserted { itemKey += "~" }
            if before > 0 {
                say(
                    .idRepeated, sheet, row.number, idColumn,
                    ["id": controlId, "itemKey": itemKey, "first": first.place(besides: origin.sheet)])
            }
            if isCarried { say(.idCarried, sheet, row.number, idColumn, ["id": text.singleLine]) }
            if question == nil { above = (text, idColumn) }
            rows.append(
                ImportedRow(
                    framework: framework, controlId: controlId, itemKey: itemKey, fields: fields, privateNotes: notes(of: row, in: sheet),
                    origin: origin, saysAllocation: says))
        }
        for other in sheet.others {
            let filled = dataRows(of: sheet).count { $0[other.column].map { !$0.text.isBlank } ?? false }
            guard filled > 0 || !other.header.isBlank else { continue }
            let name = headerName(of: other)
            privateColumns.append(
                PrivateColumn(
                    sheet: sheet.sheet.name, column: CellReference.letters(ofColumn: other.column), header: name, reason: other.reason,
                    filled: filled))
            say(
                other.isRepeated ? .columnRepeated : .columnPrivate, sheet, sheet.headerRow, other.column,
                ["header": name, "reason": other.reason.rawValue, "filled": "\(filled)"])
        }
    }

    /// Says once for each value that was understood and not taken as it stands what it was read as, and in how many rows.
    private mutating func sayReadings() {
        var rows: [ValueReading.Value: Int] = [:]
        for reading in readings { rows[reading.value, default: 0] += 1 }
        for reading in readings {
            guard let count = rows.removeValue(forKey: reading.value) else { continue }
            var remark = reading.remark
            remark.facts["rows"] = "\(count)"
            diagnostics.append(remark)
        }
    }

    private mutating func notes(of row: SheetRow, in sheet: MappedSheet) -> [PrivateNote] {
        var notes: [PrivateNote] = []
        // What a control asks, where others have what it is called.
        for (column, meaning) in sheet.columns.sorted(by: { $0.key < $1.key }) {
            guard let text = sheet.sheet.shownValue(row: row.number, column: column)?.text.composed, !text.isBlank,
                RowCells.isRequirement(text, meaning)
            else { continue }
            checkLength(text, sheet, row.number, column)
            notes.append(PrivateNote(header: meaning.header, text: text))
        }
        return notes + privateNotes(of: row, in: sheet)
    }

    private mutating func privateNotes(of row: SheetRow, in sheet: MappedSheet) -> [PrivateNote] {
        sheet.others.compactMap { other in
            guard let text = row[other.column]?.text.composed, !text.isBlank else { return nil }
            checkLength(text, sheet, row.number, other.column)
            return PrivateNote(header: headerName(of: other), text: text)
        }
    }

    private mutating func checkLength(_ text: String, _ sheet: MappedSheet, _ row: Int, _ column: Int) {
        guard text.utf8.count > ImportedRow.textBytesLimit else { return }
        say(.textTooLong, sheet, row, column, ["bytes": "\(text.utf8.count)", "allowed": "\(ImportedRow.textBytesLimit)"])
    }

    private func headerName(of other: ControlSheet.Other) -> String {
        other.header.isBlank ? CellReference.letters(ofColumn: other.column) : other.header.singleLine
    }

    /// Returns an id as its framework writes it, or `nil` for words that are no id of it.
    static func controlID(_ text: String, _ framework: String) -> String? {
        if framework.hasPrefix("nist-800-53") { return NISTControlID(text)?.text }
        var id = String(text.folded.filter { $0 != " " }).uppercased()
        // A remark below a table stands where ids stand, and is none; 一 is a number to Unicode.
        guard !id.isEmpty, id.utf8.count <= 64, id.contains(where: \.isNumber), !id.hasPrefix("※") else { return nil }
        guard framework.hasPrefix("iso27") else { return id }
        guard id.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || $0 == 0x2E || $0 == 0x2D }) else {
            return nil
        }
        if id.hasPrefix("A.") { id.removeFirst(2) }
        let steps = id.split(separator: ".", omittingEmptySubsequences: false).map { step in
            step.allSatisfy(\.isNumber) ? Int(step).map(String.init) ?? "" : String(step)
        }
        return steps.contains("") ? nil : steps.joined(separator: ".")
    }

    private mutating func say(
        _ code: ImportDiagnostic.Code, _ sheet: MappedSheet, _ row: Int, _ column: Int, _ facts: [String: String] = [:]
    ) {
        diagnostics.append(ImportDiagnostic(code, document: document, sheet: sheet.sheet.name, row: row, column: column, facts: facts))
    }
}
