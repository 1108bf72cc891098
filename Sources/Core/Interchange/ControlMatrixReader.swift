import Workbooks

/// Reads a CIS/CRM workbook: finds its sheets by what they hold, joins them by control id, and concludes who is responsible.
struct ControlMatrixReader {
    private let document: String
    private var options: ImportOptions
    private var diagnostics: [ImportDiagnostic] = []
    private var privateColumns: [PrivateColumn] = []
    private var rows: [Joined] = []
    private var indexes: [Occurrence: Int] = [:]

    /// The nth time an id stands in a sheet.
    private struct Occurrence: Hashable {
        let id: NISTControlID
        let number: Int
    }

    /// One row of the matrix while its sheets are joined.
    struct Joined {
        let id: NISTControlID
        let asWritten: String
        let occurrence: Int
        let origin: ImportOrigin
        var flagOrigin: ImportOrigin?
        var found = FoundRow()
        var duty: String?
        /// What columns of this program's own say of it.
        var own: [ImportedField] = []
        /// The framework that the row names for itself.
        var framework: String?
        var notes: [PrivateNote] = []
        var marksRow: Int?
        var answersRow: Int?
    }

    static func read(_ workbook: Workbook, document: String, options: ImportOptions) throws(ImportFault) -> MatrixImport {
        var reader = ControlMatrixReader(document: document, options: options)
        return try reader.matrix(of: workbook)
    }

    private init(document: String, options: ImportOptions) {
        self.document = document
        self.options = options
    }

    private mutating func matrix(of workbook: Workbook) throws(ImportFault) -> MatrixImport {
        options.sheets = try options.sheets(of: workbook, document: document)
        completeNamedPair(of: workbook)
        let sheets = workbook.sheets.filter { options.sheets.isEmpty || options.sheets.contains($0.name) }
        let pair = try chosenPair(of: sheets, names: workbook.sheets.map(\.name))
        let answer = try chosenAnswer(of: pair)

        if let marks = pair.marks { readMarks(marks) }
        if let answers = pair.answers { readAnswers(answers, answer) }
        readDuties(of: sheets, areUsed: pair.answers == nil)
        guard !rows.isEmpty else { throw .noRows(document: document, sheets: pair.sheetNames) }

        let framework = chosenFramework(of: pair)
        let lint = ControlMatrixLint(
            document: document, pair: pair, answer: answer, framework: framework, knownControls: options.knownControls[framework])
        diagnostics += lint.diagnostics(on: rows)
        let matrix = MatrixImport(
            document: document, format: .cisCRM, frameworkID: framework, rows: rows.map { imported($0, framework) },
            privateColumns: privateColumns, diagnostics: diagnostics, mapping: nil,
            isOwn: pair.answers?.own.contains { $0.field == "framework" } ?? false,
            fields: FoundRow.concludedFields.union(FoundRow.foundFields).union(
                pair.answers?.own.map(\.field).filter { $0 != "framework" } ?? []))
        if diagnostics.contains(where: { $0.severity == .error }) { throw .rejected(document: document, diagnostics: diagnostics) }
        return matrix
    }

    // MARK: What to read

    /// Who names one sheet of a matrix means the matrix: the sheet that belongs to it is read along.
    private mutating func completeNamedPair(of workbook: Workbook) {
        guard !options.sheets.isEmpty else { return }
        // A sheet of numbered duties that is named answers the marks.
        guard !workbook.sheets.contains(where: { options.sheets.contains($0.name) && NumberedDuties($0) != nil }) else { return }
        let meant = workbook.sheets.filter { options.sheets.contains($0.name) || !$0.isHidden }.compactMap(ControlSheet.init)
        let named = ControlSheetPair.pairs(of: meant.filter { options.sheets.contains($0.sheet.name) }).pairs
        for half in named where half.marks == nil || half.answers == nil && half.marks?.answers.isEmpty ?? true {
            // In the order of the workbook: of equals the nearest belong together.
            let candidates = meant.filter { sheet in
                half.sheetNames.contains(sheet.sheet.name)
                    || !sheet.isExample && !sheet.rows.isEmpty && !options.sheets.contains(sheet.sheet.name)
            }
            let whole = ControlSheetPair.pairs(of: candidates).pairs.first { !Set($0.sheetNames).isDisjoint(with: half.sheetNames) }
            options.sheets += whole?.sheetNames.filter { !options.sheets.contains($0) } ?? []
        }
    }

    private mutating func chosenPair(of sheets: [Sheet], names: [String]) throws(ImportFault) -> ControlSheetPair {
        var found: [ControlSheet] = []
        for sheet in sheets {
            guard let control = ControlSheet(sheet) else { continue }
            if sheet.isHidden, options.sheets.isEmpty {
                note(.sheetHidden, control, ["rows": "\(control.rows.count)"])
            } else if control.isExample, options.sheets.isEmpty {
                note(.sheetNotUsed, control, ["reason": "example", "rows": "\(control.rows.count)"])
            } else if !control.rows.isEmpty {
                found.append(control)
            }
        }
        let (pairs, unused) = ControlSheetPair.pairs(of: found)
        for sheet in unused { note(.sheetNotUsed, sheet, ["reason": "no-partner", "rows": "\(sheet.rows.count)"]) }
        guard !pairs.isEmpty else {
            if sheets.contains(where: { ControlSheet($0) != nil }) { throw .noRows(document: document, sheets: names) }
            throw .noMatrix(document: document, sheets: names)
        }
        let filled = pairs.filter(\.isFilled)
        let choices = filled.isEmpty ? pairs : filled
        guard choices.count == 1, let pair = choices.first else {
            throw .severalMatrices(document: document, choices: choices.map(\.sheetNames))
        }
        for other in pairs where other.sheetNames != pair.sheetNames {
            for sheet in [other.marks, other.answers].compactMap(\.self) {
                note(.sheetNotUsed, sheet, ["reason": "empty", "rows": "\(sheet.rows.count)"])
            }
        }
        return pair
    }

    private mutating func chosenAnswer(of pair: ControlSheetPair) throws(ImportFault) -> ControlSheet.Answer? {
        guard let sheet = pair.answers, let first = sheet.answers.first else { return nil }
        var chosen = first
        if let service = options.service {
            let word = service.folded
            let match = sheet.answers.first { $0.flagHeader.folded.contains(word) || $0.textHeader.folded.contains(word) }
            // One column may speak of several services, each behind its name.
            let sections = first.text.map { column in sheet.rows.compactMap { $0.0[column].map { ServiceSections($0.text) } } } ?? []
            guard let match = match ?? (sections.contains { $0.speaks(of: service) } ? first : nil) else {
                let named = sections.flatMap(\.names).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
                throw .serviceNotFound(
                    service, document: document, headers: sheet.answers.map(\.flagHeader) + named,
                    at: ImportOrigin(sheet: sheet.sheet.name, row: sheet.header.rows.lowerBound, column: first.flag))
            }
            chosen = match
        } else if sheet.answers.count > 1 {
            diagnostics.append(
                ImportDiagnostic(
                    .severalServices, document: document, sheet: sheet.sheet.name, row: sheet.header.rows.lowerBound, column: first.flag,
                    facts: ["used": first.flagHeader, "services": sheet.answers.map(\.flagHeader).joined(separator: " | ")]))
        }
        return chosen
    }

    private mutating func chosenFramework(of pair: ControlSheetPair) -> String {
        if let framework = options.framework ?? rows.lazy.compactMap(\.framework).first { return framework }
        let verdict = FrameworkEvidence.verdict(on: rows.map(\.id), asWritten: rows.map(\.asWritten))
        if !verdict.isCertain, let sheet = pair.marks ?? pair.answers {
            diagnostics.append(
                at(.frameworkAssumed, sheet, sheet.header.rows.lowerBound, sheet.idColumn, ["framework": verdict.framework]))
        }
        return verdict.framework
    }

    // MARK: Rows

    private mutating func readMarks(_ sheet: ControlSheet) {
        forEachRow(of: sheet) { reader, row, index in
            reader.rows[index].marksRow = row.number
            for (status, column) in sheet.statuses.sorted(by: { $0.value < $1.value }) where reader.isMarked(row, column, in: sheet) {
                reader.rows[index].found.statuses.insert(status)
            }
            for (origination, column) in sheet.originations.sorted(by: { $0.value < $1.value })
            where reader.isMarked(row, column, in: sheet) {
                reader.rows[index].found.originations.insert(origination)
            }
        }
        readPrivateColumns(of: sheet, except: nil)
        reportRowsWithoutID(of: sheet, columns: Array(sheet.statuses.values) + Array(sheet.originations.values))
    }

    private mutating func readAnswers(_ sheet: ControlSheet, _ answer: ControlSheet.Answer?) {
        guard let answer else { return }
        forEachRow(of: sheet) { reader, row, index in
            reader.rows[index].answersRow = row.number
            reader.rows[index].flagOrigin = ImportOrigin(sheet: sheet.sheet.name, row: row.number, column: answer.flag)
            if let flag = reader.prose(row, answer.flag, in: sheet)?.singleLine {
                reader.rows[index].found.flag = flag
                if FoundRow.Flag(flag) == nil {
                    reader.diagnostics.append(reader.at(.flagUnknown, sheet, row.number, answer.flag, ["value": flag]))
                }
            }
            if let column = answer.text { reader.takeText(reader.prose(row, column, in: sheet), of: index) }
            for own in sheet.own {
                guard let text = reader.prose(row, own.column, in: sheet) else { continue }
                if own.field == "framework" {
                    reader.rows[index].framework = text.singleLine
                } else if own.field == "providerShares", ["yes", "no"].contains(text) {
                    reader.rows[index].own.append(ImportedField(own.field, nil, .bool(text == "yes")))
                } else if own.language == nil, !reader.statuses.contains(text) {
                    let facts = ["field": own.field, "value": text.singleLine, "known": ValueWords.statusWords]
                    reader.diagnostics.append(reader.at(.valueUnknown, sheet, row.number, own.column, facts))
                } else {
                    reader.rows[index].own.append(ImportedField(own.field, own.language, .text(text)))
                }
            }
        }
        // A sheet that holds both sides has its private columns read once.
        if !sheet.hasMarks { readPrivateColumns(of: sheet, except: answer) } else { readOtherServices(of: sheet, except: answer) }
        reportRowsWithoutID(of: sheet, columns: [answer.flag, answer.text].compactMap(\.self))
    }

    /// A text as it stands; where one service of several was asked for, what is said of it and of all. The rest is a note.
    private mutating func takeText(_ text: String?, of index: Int) {
        guard let text, let service = options.service else { return rows[index].found.text = text }
        let sections = ServiceSections(text)
        rows[index].found.text = sections.names.isEmpty ? text : sections.text(for: service)
        for other in sections.others(than: service) { rows[index].notes.append(PrivateNote(header: other.name, text: other.text)) }
    }

    private mutating func forEachRow(of sheet: ControlSheet, _ body: (inout Self, SheetRow, Int) -> Void) {
        var seen: [NISTControlID: Int] = [:]
        for (row, id) in sheet.rows {
            seen[id, default: 0] += 1
            let occurrence = Occurrence(id: id, number: seen[id, default: 1])
            let index: Int
            if let known = indexes[occurrence] {
                index = known
            } else {
                index = rows.count
                indexes[occurrence] = index
                rows.append(
                    Joined(
                        id: id, asWritten: row[sheet.idColumn]?.text ?? "", occurrence: occurrence.number,
                        origin: ImportOrigin(sheet: sheet.sheet.name, row: row.number, column: sheet.idColumn)))
                if occurrence.number > 1 {
                    let first = indexes[Occurrence(id: id, number: 1)].map { rows[$0].origin }
                    diagnostics.append(
                        at(
                            .idRepeated, sheet, row.number, sheet.idColumn,
                            [
                                "id": id.text, "itemKey": "main~\(occurrence.number)",
                                "first": first?.place(besides: sheet.sheet.name) ?? "",
                            ]))
                }
            }
            body(&self, row, index)
        }
    }

    private mutating func readPrivateColumns(of sheet: ControlSheet, except answer: ControlSheet.Answer?) {
        for other in sheet.others { readPrivate(other.column, other.header, other.reason, isRepeated: other.isRepeated, of: sheet) }
        if answer != nil { readOtherServices(of: sheet, except: answer) }
    }

    private mutating func readOtherServices(of sheet: ControlSheet, except answer: ControlSheet.Answer?) {
        for other in sheet.answers where other != answer {
            readPrivate(other.flag, other.flagHeader, .otherService, of: sheet)
            if let text = other.text { readPrivate(text, other.textHeader, .otherService, of: sheet) }
        }
    }

    private mutating func readPrivate(
        _ column: Int, _ header: String, _ reason: PrivateColumn.Reason, isRepeated: Bool = false, of sheet: ControlSheet
    ) {
        let name = header.isBlank ? CellReference.letters(ofColumn: column) : header.singleLine
        var filled = 0
        forEachRow(of: sheet) { reader, row, index in
            // An error shown in a private column concerns nobody else: it is kept as its author sees it.
            guard let text = row[column]?.text.composed, !text.isBlank else { return }
            reader.checkLength(text, sheet, row.number, column)
            reader.rows[index].notes.append(PrivateNote(header: name, text: text))
            filled += 1
        }
        guard filled > 0 || !header.isBlank else { return }
        privateColumns.append(
            PrivateColumn(
                sheet: sheet.sheet.name, column: CellReference.letters(ofColumn: column), header: name, reason: reason, filled: filled))
        diagnostics.append(
            at(
                isRepeated ? .columnRepeated : .columnPrivate, sheet, sheet.header.rows.lowerBound, column,
                ["header": name, "reason": reason.rawValue, "filled": "\(filled)"]))
    }

    private mutating func readDuties(of sheets: [Sheet], areUsed: Bool) {
        for sheet in sheets where !sheet.isHidden || !options.sheets.isEmpty {
            guard let numbered = NumberedDuties(sheet) else { continue }
            guard areUsed else {
                diagnostics.append(
                    ImportDiagnostic(
                        .sheetNotUsed, document: document, sheet: sheet.name, row: numbered.headerRow,
                        facts: ["reason": "answers-by-control", "rows": "\(numbered.duties.count)"]))
                continue
            }
            let texts = numbered.texts
            let known = Set(rows.map(\.id))
            for index in rows.indices where rows[index].occurrence == 1 {
                rows[index].duty = texts[rows[index].id]
            }
            for duty in numbered.duties {
                for reference in duty.references where reference.id.map({ !known.contains($0) }) ?? true {
                    diagnostics.append(
                        ImportDiagnostic(
                            .referenceUnknown, document: document, sheet: sheet.name, row: duty.row, column: reference.column,
                            facts: ["id": reference.asWritten]))
                }
            }
        }
    }

    private mutating func reportRowsWithoutID(of sheet: ControlSheet, columns: [Int]) {
        for row in sheet.sheet.rows where row.number > sheet.header.rows.upperBound {
            let id = row[sheet.idColumn]
            if case .error(let shown) = id {
                diagnostics.append(at(.cellError, sheet, row.number, sheet.idColumn, ["value": shown]))
            } else if let text = id?.text, !text.isBlank {
                if NISTControlID(text) == nil {
                    diagnostics.append(at(.idUnreadable, sheet, row.number, sheet.idColumn, ["value": text.singleLine]))
                }
            } else if let column = columns.sorted().first(where: { row[$0].map { !$0.text.isBlank } ?? false }) {
                diagnostics.append(at(.idMissing, sheet, row.number, column))
            }
        }
    }

    // MARK: Cells

    private mutating func isMarked(_ row: SheetRow, _ column: Int, in sheet: ControlSheet) -> Bool {
        guard let value = row[column] else { return false }
        if case .boolean(let isTrue) = value { return isTrue }
        if case .error(let shown) = value {
            diagnostics.append(at(.cellError, sheet, row.number, column, ["value": shown]))
            return false
        }
        switch Mark(value.text) {
        case .yes, .partly: return true
        case .no, .notApplicable, .blank: return false
        case nil:
            // Words in a mark's place are a mark with a remark.
            diagnostics.append(at(.markUnknown, sheet, row.number, column, ["value": value.text.singleLine]))
            return true
        }
    }

    private mutating func prose(_ row: SheetRow, _ column: Int, in sheet: ControlSheet) -> String? {
        guard let value = row[column] else { return nil }
        if case .error(let shown) = value {
            diagnostics.append(at(.cellError, sheet, row.number, column, ["value": shown]))
            return nil
        }
        let text = value.text.composed
        guard !text.isBlank else { return nil }
        checkLength(text, sheet, row.number, column)
        return text
    }

    private mutating func checkLength(_ text: String, _ sheet: ControlSheet, _ row: Int, _ column: Int) {
        guard text.utf8.count > ImportedRow.textBytesLimit else { return }
        diagnostics.append(
            at(.textTooLong, sheet, row, column, ["bytes": "\(text.utf8.count)", "allowed": "\(ImportedRow.textBytesLimit)"]))
    }

    /// The codes that a recorded status may have.
    private var statuses: Set<String> { Set(TableWords.statuses.map(\.name)) }

    private func imported(_ joined: Joined, _ framework: String) -> ImportedRow {
        let own = Set(joined.own.map(\.key))
        var fields = joined.found.concludedCells.filter { !own.contains($0.key) } + joined.own
        if let duty = joined.duty { fields.append(ImportedField("customerAction", duty.proseLanguage, .text(duty))) }
        fields += joined.found.foundCells
        return ImportedRow(
            framework: options.framework ?? joined.framework ?? framework, controlId: joined.id.text,
            itemKey: joined.occurrence == 1 ? "main" : "main~\(joined.occurrence)",
            fields: fields, privateNotes: joined.notes, origin: joined.origin, flagOrigin: joined.flagOrigin)
    }

    /// Says something about a whole sheet.
    private mutating func note(_ code: ImportDiagnostic.Code, _ sheet: ControlSheet, _ facts: [String: String]) {
        diagnostics.append(
            ImportDiagnostic(
                code, document: document, sheet: sheet.sheet.name, row: sheet.header.rows.lowerBound, facts: facts))
    }

    private func at(
        _ code: ImportDiagnostic.Code, _ sheet: ControlSheet, _ row: Int, _ column: Int, _ facts: [String: String] = [:]
    ) -> ImportDiagnostic {
        ImportDiagnostic(code, document: document, sheet: sheet.sheet.name, row: row, column: column, facts: facts)
    }
}
