import Workbooks

/// A sheet of a CIS/CRM workbook whose columns have been found by their headers, wherever they stand.
struct ControlSheet {
    let sheet: Sheet
    let header: SheetHeader
    let idColumn: Int
    let statuses: [FoundRow.Status: Int]
    let originations: [FoundRow.Origination: Int]
    /// One answer for each service the sheet speaks of.
    let answers: [Answer]
    /// Columns that this program adds to such a sheet for what it has no other place for.
    let own: [Own]
    /// Columns beside these, with their headers.
    let others: [Other]

    /// A column that says whether a control can be inherited, and the column that says how.
    struct Answer: Equatable {
        var flag: Int
        var flagHeader: String
        var text: Int?
        var textHeader: String
    }

    /// A column whose cells are a field's as they stand.
    struct Own: Equatable {
        var column: Int
        var field: String
        /// `nil` for a code.
        var language: String?
    }

    struct Other: Equatable {
        var column: Int
        var header: String
        var reason: PrivateColumn.Reason
        var isRepeated = false
    }

    var hasMarks: Bool { !statuses.isEmpty || !originations.isEmpty }

    /// Whether the words above the header call the sheet an example.
    var isExample: Bool {
        sheet.rows.contains { row in
            row.number < header.rows.lowerBound && row.cells.contains { $0.value.text.folded.hasPrefix("example") }
        }
    }

    /// Rows below the header whose id can be read, with the id.
    let rows: [(row: SheetRow, id: NISTControlID)]

    /// Finds the columns, or returns `nil` for a sheet that is neither a CIS nor a CRM.
    init?(_ sheet: Sheet) {
        guard let (first, idColumn) = Self.idHeader(in: sheet) else { return nil }
        let heads = sheet.row(first)?.cells.map(\.value.text) ?? []
        // Rows of other frameworks would be taken for more of the header.
        guard !HeaderWords.isOwnTable(heads.lazy.filter { $0.utf8.count <= 200 }) else { return nil }
        let header = SheetHeader(of: sheet, from: first) { row in row[idColumn].flatMap { NISTControlID($0.text) } != nil }
        var statuses: [FoundRow.Status: Int] = [:]
        var originations: [FoundRow.Origination: Int] = [:]
        var flags: [(column: Int, header: String)] = []
        var texts: [(column: Int, header: String)] = []
        var own: [Own] = []
        var others: [Other] = []

        for column in header.paths.keys.sorted() where column != idColumn && !header.continued.contains(column) {
            let leaf = header.leaf(column)
            let path = header.paths[column, default: []].map(\.folded)
            if path.contains(where: Self.isMarkedInternal) {
                others.append(Other(column: column, header: leaf, reason: .markedInternal))
                continue
            }
            if let field = Self.ownField(leaf) {
                own.append(Own(column: column, field: field.name, language: field.language))
                continue
            }
            switch Self.meaning(of: path) {
            case .status(let status) where statuses[status] == nil: statuses[status] = column
            case .origination(let origination) where originations[origination] == nil: originations[origination] = column
            case .flag: flags.append((column, leaf))
            case .text: texts.append((column, leaf))
            case .status, .origination: others.append(Other(column: column, header: leaf, reason: .unrecognised, isRepeated: true))
            case nil: others.append(Other(column: column, header: leaf, reason: .unrecognised))
            }
        }
        // Two words of a list are a list; one alone is a column of some other table.
        if statuses.count + originations.count < 2 {
            for (mark, column) in originations {
                if mark == .inherited, flags.isEmpty {
                    flags.append((column, header.leaf(column)))
                } else {
                    others.append(Other(column: column, header: header.leaf(column), reason: .unrecognised))
                }
            }
            others += statuses.values.map { Other(column: $0, header: header.leaf($0), reason: .unrecognised) }
            statuses = [:]
            originations = [:]
        }
        guard !statuses.isEmpty || !originations.isEmpty || !flags.isEmpty else { return nil }

        var answers = flags.map { Answer(flag: $0.column, flagHeader: $0.header, text: nil, textHeader: "") }
        if answers.isEmpty {
            others += texts.map { Other(column: $0.column, header: $0.header, reason: .unrecognised) }
        } else {
            for text in texts {
                // A service's text stands right of its flag, before the next service's; a lone pair may stand either way round.
                let index = answers.lastIndex { $0.flag < text.column } ?? 0
                if answers[index].text == nil {
                    answers[index].text = text.column
                    answers[index].textHeader = text.header
                } else {
                    others.append(Other(column: text.column, header: text.header, reason: .unrecognised, isRepeated: true))
                }
            }
        }

        let used = Set(header.paths.keys).union(header.continued)
        var nameless: Set<Int> = []
        var rows: [(SheetRow, NISTControlID)] = []
        for row in sheet.rows where row.number > header.rows.upperBound {
            guard let id = row[idColumn].flatMap({ NISTControlID($0.text) }) else { continue }
            rows.append((row, id))
            for cell in row.cells where !used.contains(cell.column) || (header.continued.contains(cell.column) && cell.column != idColumn) {
                nameless.insert(cell.column)
            }
        }
        others += nameless.sorted().map { Other(column: $0, header: header.leaf($0), reason: .unrecognised) }

        self.sheet = sheet
        self.header = header
        self.idColumn = idColumn
        self.statuses = statuses
        self.originations = originations
        self.answers = answers
        self.own = own
        self.others = others.sorted { $0.column < $1.column }
        self.rows = rows
    }

    /// Returns where the words *Control ID* stand.
    static func idHeader(in sheet: Sheet) -> (row: Int, column: Int)? {
        for row in sheet.rows.prefix(SheetHeader.searchedRows) {
            for cell in row.cells {
                let words = cell.value.text.folded.filter { $0 != " " }
                if words == "controlid" || words == "controlids" { return (row.number, cell.column) }
            }
        }
        return nil
    }

    /// Returns whether a folded header says that its column is not for others.
    static func isMarkedInternal(_ header: String) -> Bool {
        let words = Set(header.split { !$0.isLetter }.map(String.init))
        return internalWords.contains { header.contains($0) } || !words.isDisjoint(with: ["private", "restricted", "nda", "secret"])
    }

    private static let internalWords = [
        "internal", "remove", "do not publish", "do not share", "do not distribute", "not for customer", "not for distribution",
        "eyes only",
        "confidential", "社内", "内部", "非公開", "社外秘", "部外秘", "関係者外秘", "極秘", "厳秘", "機密", "秘密", "マル秘", "取扱注意", "取り扱い注意", "限定", "公開不可",
        "共有不可",
    ]

    /// The field that a head of this program's own names; nobody else writes a field's language beside it.
    private static func ownField(_ head: String) -> (name: String, language: String?)? {
        if head == ControlMatrixBook.statusHead { return ("implementationStatus", nil) }
        if head == ControlMatrixBook.sharesHead { return ("providerShares", nil) }
        if head == ControlMatrixBook.frameworkHead { return ("framework", nil) }
        guard let column = HeaderWords.column(for: [head]), column.field.isProse, let language = column.language else { return nil }
        return (column.field.rawValue, language)
    }

    private enum Meaning {
        case status(FoundRow.Status)
        case origination(FoundRow.Origination)
        case flag
        case text
    }

    private static func meaning(of path: [String]) -> Meaning? {
        guard let leaf = path.last else { return nil }
        // Headers carry the provider's name in brackets or behind the words: `Service Provider Corporate (GSA/18F)`.
        let originations: [(String, FoundRow.Origination)] = [
            ("service provider corporate", .corporate), ("service provider system", .system), ("service provider hybrid", .hybrid),
            ("configured by customer", .configured), ("provided by customer", .provided), ("inherited from", .inherited),
        ]
        if let match = originations.first(where: { leaf.hasPrefix($0.0) }) { return .origination(match.1) }
        let base = leaf.prefix { $0 != "(" }.folded
        let isUnderOrigination = path.dropLast().contains { $0.contains("origination") }
        if base == "shared" && (isUnderOrigination || leaf != "shared" || path.count == 1) { return .origination(.shared) }
        switch base {
        case "implemented": return .status(.implemented)
        case "partially implemented": return .status(.partiallyImplemented)
        case "planned": return .status(.planned)
        case "alternative implementation", "alternate implementation", "alternatively implemented": return .status(.alternative)
        case "n/a", "not applicable": return .status(.notApplicable)
        default: break
        }
        if leaf.contains("inherited") { return .flag }
        if leaf.hasPrefix("specific inheritance") || leaf.contains("responsibilit") { return .text }
        return nil
    }
}

extension Substring {
    var folded: String { String(self).folded }
}
