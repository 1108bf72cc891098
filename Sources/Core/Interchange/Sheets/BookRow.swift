/// A row of a matrix as workbooks tell it: what a table tells, and what stands beside it there.
package struct BookRow: Sendable {
    package var row: MatrixTable.Row
    /// What the catalogue calls the row's control, where one here has it.
    package var title: String
    /// The day since which both sides have signed the row as it stands; empty where they have not.
    package var agreedOn: String
    /// What the state of the row is called; empty where nobody has an engagement on it.
    package var state: String
    /// The records of evidence that name the row's control, in words.
    package var evidence: String

    package init(_ row: MatrixTable.Row, title: String = "", agreedOn: String = "", state: String = "", evidence: String = "") {
        self.row = row
        self.title = title
        self.agreedOn = agreedOn
        self.state = state
        self.evidence = evidence
    }

    var key: RowKey { row.key }
    var cells: [CellKey: ImportedValue] { row.cells }

    func text(_ field: String, _ element: String? = nil) -> String { cells.text(field, element) ?? "" }
}

extension [CellKey: ImportedValue] {
    func text(_ field: String, _ element: String? = nil) -> String? {
        if case .text(let text)? = self[CellKey(field: field, element: element)] { text } else { nil }
    }

    func holds(_ field: String) -> Bool { self[CellKey(field: field)] == .bool(true) }
}

/// A field of prose in one language, as a column of its own: the heads of tables of this program, which every reader of it knows.
struct ProseColumn: Hashable {
    let field: String
    let language: String

    static let fields = ["topic", "providerStatement", "customerAction", "boundaryNote", "notApplicableReason"]
    static let languages = ["en", "ja"]

    var key: CellKey { CellKey(field: field, element: language) }

    func head(_ headers: MatrixTable.HeaderLanguage) -> String {
        let words = Self.heads[field] ?? (field, field)
        return switch (headers, language) {
        case (.en, _): "\(words.en) (\(language))"
        case (.ja, "en"): words.ja + " (英語)"
        case (.ja, _): words.ja + " (日本語)"
        }
    }

    static let heads: [String: (en: String, ja: String)] = [
        "topic": ("Topic", "件名"), "providerStatement": ("Provider statement", "事業者の対応"), "customerAction": ("Customer action", "利用者の対応"),
        "boundaryNote": ("Boundary note", "責任分界点"), "notApplicableReason": ("Not applicable reason", "対象外理由"),
    ]

    /// The columns that some rows need for what is not told elsewhere, in a fixed order.
    /// - Parameter told: what a row tells in its other columns.
    static func needed(by rows: [BookRow], besides told: (BookRow) -> Set<CellKey>) -> [ProseColumn] {
        var needed: Set<CellKey> = []
        for row in rows { needed.formUnion(row.cells.filter { !$0.value.isNothing }.keys.filter { !told(row).contains($0) }) }
        return fields.flatMap { field in languages.map { ProseColumn(field: field, language: $0) } }.filter { needed.contains($0.key) }
    }
}

extension ImportedValue {
    fileprivate var isNothing: Bool { self == .null || self == .text("") }
}
