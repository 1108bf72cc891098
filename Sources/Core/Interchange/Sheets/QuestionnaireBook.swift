/// The answers to a CAIQ in its columns, without the words of its questions: these are their publisher's.
///
/// Rows that are no questions, nor controls of a questionnaire's catalogue, are no rows of it.
package struct QuestionnaireBook: Sendable {
    private let rows: [(question: String, row: BookRow)]
    /// Rows that a questionnaire has no place for.
    package let leftOut: [RowKey]

    package init(_ all: [BookRow]) {
        var rows: [(question: String, row: BookRow)] = []
        var leftOut: [RowKey] = []
        for row in all {
            // A control by itself of which nothing is answered would be taken for a heading.
            let isHeading = row.key.itemKey == "main" && Self.answer(to: row.cells).isEmpty && Self.plainOwner(of: row.cells).isEmpty
            if let question = Self.question(of: row.key), !isHeading { rows.append((question, row)) } else { leftOut.append(row.key) }
        }
        (self.rows, self.leftOut) = (rows, leftOut)
    }

    package var count: Int { rows.count }

    /// The id of the question that a row answers, or of its control where it has no number.
    private static func question(of key: RowKey) -> String? {
        guard ["ccm", "aicm", "caiq"].contains(where: key.framework.folded.hasPrefix), let number = QuestionID(key.controlId),
            number.question == nil
        else { return nil }
        if key.itemKey == "main" { return key.controlId }
        guard let item = Int(key.itemKey), String(item) == key.itemKey else { return nil }
        return "\(key.controlId).\(item)"
    }

    /// What is answered about a row: as it was found, where nobody has changed what follows from it.
    static func answer(to cells: [CellKey: ImportedValue]) -> String {
        let status = cells.text("implementationStatus")
        let allocation = cells.text("allocation")
        if let found = cells.text("foundFlag"), let mark = Mark(found), RowCells.status(answered: found) == status {
            // NA without an owner would say that the row is not applicable.
            if mark != .notApplicable || allocation != "unallocated" { return found }
        }
        switch status {
        case "implemented": return "Yes"
        // A question is answered by yes alone where all of it is done.
        case "partial", "planned", "not-implemented": return "No"
        default: return allocation == "not-applicable" ? "NA" : ""
        }
    }

    /// Who owns a question: as it was found, where that still says the allocation, also to a reader who knows nothing of a mapping.
    /// - Parameter isOnAI: whether in the words of the AI-CAIQ. It has none for a supplier whose place nobody has told.
    static func owner(of cells: [CellKey: ImportedValue], isOnAI: Bool) -> String {
        if let found = cells.text("foundOwner"), let says = ValueWords.allocation(found), says.code == cells.text("allocation"),
            says.providerShares == cells.holds("providerShares")
        {
            return found
        }
        // A question that does not arise needs no owner: its answer says so.
        if cells.text("allocation") == "not-applicable", cells.text("foundFlag").flatMap(Mark.init) == .notApplicable {
            return cells.text("foundOwner") ?? ""
        }
        let plain = plainOwner(of: cells)
        return isOnAI ? wordsOnAI[plain] ?? plain : plain
    }

    private static let wordsOnAI = [
        "CSP-owned": "CSP-Owned", "CSC-owned": "AIC-Owned", "Shared CSP and CSC": "Shared Across the Supply Chain", "Yes": "YES",
        "No": "NO",
    ]

    private static func plainOwner(of cells: [CellKey: ImportedValue]) -> String {
        plainOwner(of: cells.text("allocation") ?? "", providerShares: cells.holds("providerShares"))
    }

    /// The owner that an allocation is by itself.
    static func plainOwner(of allocation: String, providerShares: Bool) -> String {
        switch allocation {
        case "provider": "CSP-owned"
        case "customer": "CSC-owned"
        case "shared": "Shared CSP and CSC"
        case "supplier": providerShares ? "Shared CSP and 3rd-party" : "3rd-party outsourced"
        case "not-applicable": "N/A"
        default: ""
        }
    }

    // MARK: the sheet

    package func sheet(title: String, lead: [String]) -> SheetDraft {
        func told(_ field: String, _ row: BookRow) -> ProseColumn? {
            ProseColumn.languages.map { ProseColumn(field: field, language: $0) }.first { column in
                let text = row.text(column.field, column.language)
                return !text.isEmpty && text.proseLanguage == column.language
            }
        }
        func prose(_ field: String, _ row: BookRow) -> String { told(field, row).map { row.text($0.field, $0.language) } ?? "" }
        let plain = ["providerStatement", "customerAction", "topic"]
        let extra = ProseColumn.needed(by: rows.map(\.row)) { row in Set(plain.compactMap { told($0, row)?.key }) }
        let saysStatus = rows.contains { _, row in
            let cells = row.cells
            return cells.text("implementationStatus") != RowCells.status(answered: Self.answer(to: cells))
        }
        // The questionnaire on AI has heads of its own, and is told by its owners.
        let isOnAI = !rows.isEmpty && rows.allSatisfy { $0.row.key.framework.folded.hasPrefix("aicm") }
        let namesActors = rows.contains { ValueWords.isActor(Self.owner(of: $0.row.cells, isOnAI: isOnAI)) }
        let assumed = namesActors ? MappedMatrixReader.actorsFramework : MappedMatrixReader.questionedFramework
        let saysFramework = rows.contains { $0.row.key.framework != assumed }
        var heads = (isOnAI ? Self.headsOnAI : Self.heads) + extra.map { $0.head(.en) }
        if saysStatus { heads.append("Implementation status") }
        let saysShares = rows.contains { _, row in
            guard let shares = row.cells[CellKey(field: "providerShares")] else { return false }
            return !(shares == .bool(true) && row.text("allocation") == "supplier")
        }
        if saysShares { heads.append("Provider shares") }
        if saysFramework { heads.append("Framework") }

        var sheet = SheetDraft(
            name: isOnAI ? "AI-CAIQ" : "CAIQv4",
            widths: [14, 30, 10, 24, 60, 60, 14, 30, 30, 24] + Array(repeating: 40, count: heads.count - Self.heads.count))
        sheet.rows.append([.init(title, .title)])
        sheet.rows += lead.map { [.init($0, .lead)] }
        sheet.headRow = sheet.rows.count
        sheet.keptColumns = 1
        sheet.rows.append(heads.map { .init($0, .head) })
        let first = sheet.rows.count
        for (question, row) in rows {
            let answer = Self.answer(to: row.cells)
            var cells: [SheetDraft.Cell] = [
                .init(question, .key), .init(""),
                .init(isOnAI && answer != row.text("foundFlag") ? Self.wordsOnAI[answer] ?? answer : answer, .mark),
                .init(Self.owner(of: row.cells, isOnAI: isOnAI), SheetDraft.Style(allocation: row.text("allocation"))),
                .init(prose("providerStatement", row)), .init(prose("customerAction", row)), .init(row.key.controlId, .key), .init(""),
                .init(prose("topic", row)), .init(""),
            ]
            for column in extra {
                cells.append(
                    .init(told(column.field, row) == column && plain.contains(column.field) ? "" : row.text(column.field, column.language)))
            }
            if saysStatus { cells.append(.init(row.text("implementationStatus"), .key)) }
            if saysShares {
                let shares: Bool? = if case .bool(let flag)? = row.cells[CellKey(field: "providerShares")] { flag } else { nil }
                cells.append(.init(shares.map { $0 ? "yes" : "no" } ?? "", .key))
            }
            if saysFramework { cells.append(.init(row.key.framework, .key)) }
            sheet.rows.append(cells)
        }
        if !rows.isEmpty {
            let lines = first...(sheet.rows.count - 1)
            sheet.choices = [
                .init(column: 2, rows: lines, words: isOnAI ? ["YES", "NO", "NA"] : ["Yes", "No", "NA"]),
                .init(column: 3, rows: lines, words: isOnAI ? Self.ownersOnAI : Self.owners),
            ]
        }
        return sheet
    }

    private static let owners = ["CSP-owned", "CSC-owned", "3rd-party outsourced", "Shared CSP and CSC", "Shared CSP and 3rd-party"]
    private static let ownersOnAI = [
        "CSP-Owned", "MP-Owned", "OSP-Owned", "AP-Owned", "AIC-Owned", "Shared CSP-MP", "Shared MP-OSP", "Shared OSP-AP", "Shared AP-AIC",
        "Shared Across the Supply Chain", "ND",
    ]

    private static let headsOnAI = [
        "Question ID", "Question", "AI-CAIQ Answer", "SSRM Control Ownership", "Service Provider Implementation Description",
        "Service Customer Responsibilities", "AICM Control ID", "AICM Control Specification", "AICM Control Title", "AICM Domain Title",
    ]

    private static let heads = [
        "Question ID", "Question", "CSP CAIQ Answer", "SSRM Control Ownership", "CSP Implementation Description (Optional/Recommended)",
        "CSC Responsibilities (Optional/Recommended)", "CCM Control ID", "CCM Control Specification", "CCM Control Title",
        "CCM Domain Title",
    ]
}

/// The id of a question of a CAIQ, or of a control of its catalogue: `A&A-01.1`, `A&A-01`.
struct QuestionID: Equatable {
    let control: String
    let question: String?

    init?(_ text: String) {
        let id = text.folded.filter { $0 != " " }
        let control: Substring
        if let point = id.lastIndex(of: ".") {
            guard let count = Int(id[id.index(after: point)...]), count >= 0 else { return nil }
            (control, question) = (id[..<point], String(count))
        } else {
            (control, question) = (id[...], nil)
        }
        guard control.contains("-"), control.last?.isNumber == true, !control.contains(".") else { return nil }
        self.control = control.uppercased()
    }
}
