import Workbooks

/// Reads the cells of one mapped row as fields of a responsibility.
struct RowCells {
    let sheet: MappedSheet
    let row: SheetRow
    /// What signs of this document stand for, by field.
    let values: [String: [String: String]]
    let usesCircles: Bool
    /// Whether the table is plain text, in which an apostrophe may keep words from being a formula.
    let isPlainText: Bool
    let document: String
    private(set) var diagnostics: [ImportDiagnostic] = []
    /// The values that were understood in another way than as they stand.
    private(set) var readings: [ValueReading] = []

    init(sheet: MappedSheet, row: SheetRow, values: [String: [String: String]], usesCircles: Bool, isPlainText: Bool, document: String) {
        self.sheet = sheet
        self.row = row
        self.values = values
        self.usesCircles = usesCircles
        self.isPlainText = isPlainText
        self.document = document
    }

    mutating func fields() -> [ImportedField] {
        var (allocation, sharesByAllocation) = allocation()
        let answer = answer()
        // A question that does not arise has no owner.
        let answered = answer.flatMap { mark($0, .answer) }
        if allocation == "unallocated", answered == .notApplicable { allocation = "not-applicable" }
        var fields = [ImportedField("allocation", nil, .text(allocation))]
        if let answer { fields.append(ImportedField("foundFlag", nil, .text(answer))) }
        if let owner = code(.allocation)?.text, sheet.isQuestionnaire,
            allocation == "not-applicable"
                || owner.singleLine != QuestionnaireBook.plainOwner(of: allocation, providerShares: sharesByAllocation)
        {
            fields.append(ImportedField("foundOwner", nil, .text(owner.singleLine)))
        }
        if let status = implementationStatus() ?? answered.flatMap(Self.status) {
            fields.append(ImportedField("implementationStatus", nil, .text(status)))
        }
        if let shares = providerShares() ?? (sharesByAllocation ? true : nil) {
            fields.append(ImportedField("providerShares", nil, .bool(shares)))
        }
        for (column, meaning) in sheet.columns.sorted(by: { $0.key < $1.key }) where meaning.field.isProse {
            guard let written = text(column)?.composed, !written.isBlank else { continue }
            if Self.isRequirement(written, meaning) { continue }
            let text = isPlainText ? FormulaGuard.unguarded(written) : written
            let language = meaning.language ?? text.proseLanguage
            let key = CellKey(field: meaning.field.rawValue, element: language)
            if text.utf8.count > ImportedRow.textBytesLimit {
                say(.textTooLong, column, ["bytes": "\(text.utf8.count)", "allowed": "\(ImportedRow.textBytesLimit)"])
            }
            // Two columns of one field in one language, told apart by no header: the first stands.
            if fields.contains(where: { $0.key == key }) {
                say(.columnRepeated, column, ["header": meaning.header])
            } else {
                fields.append(ImportedField(meaning.field.rawValue, language, .text(text)))
            }
        }
        return fields
    }

    /// Whether a column for what controls are called holds what they ask: the text of a standard, which is not the matrix's to pass on.
    static func isRequirement(_ text: String, _ meaning: ColumnMapping.Column) -> Bool {
        // The title of a question's control is what its publisher calls it.
        guard meaning.field == .topic, meaning.language == nil, !["ccm", "aicm"].contains(where: meaning.header.folded.hasPrefix) else {
            return false
        }
        return text.count > mostTitleLetters || text.contains("。") || text.contains { $0.isNewline } || text.hasSuffix(".")
    }

    private static let mostTitleLetters = 100

    private mutating func text(_ column: Int) -> String? {
        guard let value = sheet.sheet.shownValue(row: row.number, column: column) else { return nil }
        if case .error(let shown) = value {
            say(.cellError, column, ["value": shown])
            return nil
        }
        return value.text
    }

    private mutating func code(_ field: ColumnMapping.Field) -> (text: String, column: Int)? {
        guard let column = sheet.column(field), let text = text(column), !text.isBlank else { return nil }
        return (usesCircles && text.folded == "x" ? "×" : text, column)
    }

    /// Returns the code a mapping gives to a sign of its document.
    private func mapped(_ text: String, _ field: ColumnMapping.Field) -> String? {
        values[field.rawValue]?.first { $0.key.folded == text.folded }?.value
    }

    /// Returns the mark that a cell of signs holds.
    private func mark(_ text: String, _ field: ColumnMapping.Field) -> Mark? { Mark(mapped(text, field) ?? text) }

    private mutating func allocation() -> (code: String, providerShares: Bool) {
        if let (text, column) = code(.allocation) {
            if let mine = mapped(text, .allocation) { return (mine, false) }
            if let known = ValueWords.allocation(text) {
                read(text, as: known.code, .allocation, column)
                return known
            }
            say(.valueUnknown, column, ["field": "allocation", "value": text.singleLine, "known": ValueWords.allocationWords])
            return ("unallocated", false)
        }
        if let bySide = allocationBySide() { return bySide }
        if let (text, column) = code(.inheritable) {
            if let mine = mapped(text, .inheritable) { return (mine, false) }
            if let known = ValueWords.allocation(inheritable: text) {
                read(text, as: known, .inheritable, column)
                return (known, false)
            }
            say(.valueUnknown, column, ["field": "inheritable", "value": text.singleLine, "known": ValueWords.markWords])
        }
        return ("unallocated", false)
    }

    private mutating func allocationBySide() -> (code: String, providerShares: Bool)? {
        var marks: [ColumnMapping.Field: Mark] = [:]
        for field in [ColumnMapping.Field.providerMark, .customerMark, .supplierMark] {
            guard let (text, column) = code(field) else { continue }
            if let mark = mark(text, field) {
                marks[field] = mark
            } else {
                say(.valueUnknown, column, ["field": field.rawValue, "value": text.singleLine, "known": ValueWords.markWords])
            }
        }
        guard !marks.isEmpty else { return nil }
        func has(_ field: ColumnMapping.Field) -> Bool {
            marks[field] == .yes || marks[field] == .partly
        }
        switch (has(.providerMark), has(.customerMark), has(.supplierMark)) {
        case (_, true, true), (true, true, false): return ("shared", false)
        case (let provider, false, true): return ("supplier", provider)
        case (true, false, false): return ("provider", false)
        case (false, true, false): return ("customer", false)
        case (false, false, false): return (marks.values.contains(.notApplicable) ? "not-applicable" : "unallocated", false)
        }
    }

    private mutating func implementationStatus() -> String? {
        guard let (text, column) = code(.implementationStatus) else { return nil }
        if let mine = mapped(text, .implementationStatus) { return mine }
        switch ValueWords.implementationStatus(text) {
        case .code(let code):
            read(text, as: code, .implementationStatus, column)
            return code
        case ValueWords.Status.none?: return nil
        case nil:
            say(.valueUnknown, column, ["field": "implementationStatus", "value": text.singleLine, "known": ValueWords.statusWords])
            return nil
        }
    }

    /// The answer to a question as it stands.
    private mutating func answer() -> String? {
        guard let (text, column) = code(.answer) else { return nil }
        if mark(text, .answer) == nil {
            say(.valueUnknown, column, ["field": "answer", "value": text.singleLine, "known": ValueWords.answerWords])
        }
        return text.singleLine
    }

    static func status(answered text: String) -> String? { Mark(text).flatMap(status) }

    /// How far a provider is that answers so.
    static func status(_ mark: Mark) -> String? {
        switch mark {
        case .yes: "implemented"
        case .partly: "partial"
        case .no: "not-implemented"
        case .notApplicable, .blank: nil
        }
    }

    private mutating func providerShares() -> Bool? {
        guard let (text, column) = code(.providerShares) else { return nil }
        switch mark(text, .providerShares) {
        case .yes, .partly: return true
        case .no, .notApplicable, .blank: return false
        case nil:
            say(.valueUnknown, column, ["field": "providerShares", "value": text.singleLine, "known": ValueWords.markWords])
            return nil
        }
    }

    private mutating func read(_ text: String, as code: String, _ field: ColumnMapping.Field, _ column: Int) {
        guard !ValueWords.isPlain(text, code) else { return }
        let value = ValueReading.Value(field: field, folded: text.folded)
        let facts = ["field": field.rawValue, "value": text.singleLine, "read": code]
        readings.append(
            ValueReading(
                value: value,
                remark: ImportDiagnostic(
                    .valueRead, document: document, sheet: sheet.sheet.name, row: row.number, column: column, facts: facts)))
    }

    private mutating func say(_ code: ImportDiagnostic.Code, _ column: Int, _ facts: [String: String]) {
        var facts = facts
        // A mapping can say what it stands for.
        if code == .valueUnknown { facts["sign"] = facts["value"] }
        diagnostics.append(
            ImportDiagnostic(code, document: document, sheet: sheet.sheet.name, row: row.number, column: column, facts: facts))
    }
}

/// One value of a document that stands for a code without being it.
struct ValueReading {
    struct Value: Hashable {
        let field: ColumnMapping.Field
        let folded: String
    }
    let value: Value
    /// What is to be said of it, with its place.
    let remark: ImportDiagnostic
}
