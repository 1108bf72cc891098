/// Writes rows of a matrix as a table of separated values that this program reads back as they were (RFC 4180).
///
/// The headers are among those that a reader understands; a column that only tells where a row stands is named so that a
/// reader passes it over.
package struct MatrixTable: Sendable {
    package enum HeaderLanguage: String, Sendable { case en, ja }

    /// One row: its key, its published cells, and what the columns of an engagement say of it.
    package struct Row: Sendable {
        package var key: RowKey
        package var cells: [CellKey: ImportedValue]
        package var standing: Standing?

        package init(key: RowKey, cells: [CellKey: ImportedValue], standing: Standing? = nil) {
            self.key = key
            self.cells = cells
            self.standing = standing
        }
    }

    /// Where the two sides of an engagement stand on a row: codes, empty where there is none.
    package struct Standing: Sendable, Equatable {
        package var provider: String
        package var customer: String
        package var state: String

        package init(provider: String, customer: String, state: String) {
            self.provider = provider
            self.customer = customer
            self.state = state
        }
    }

    private struct Column: Sendable {
        let en: String
        let ja: String
        let cell: @Sendable (Row) -> String
    }

    package let rows: [Row]

    package init(_ rows: [Row]) { self.rows = rows }

    /// The table in UTF-8 with the mark that spreadsheet programs tell UTF-8 by.
    package func csv(headers language: HeaderLanguage) -> [UInt8] {
        var columns = Self.columns
        if rows.contains(where: { $0.standing != nil }) { columns += Self.standingColumns }
        var bytes: [UInt8] = [0xEF, 0xBB, 0xBF]
        append(columns.map { language == .en ? $0.en : $0.ja }, to: &bytes)
        for row in rows { append(columns.map { $0.cell(row) }, to: &bytes) }
        return bytes
    }

    private func append(_ cells: [String], to bytes: inout [UInt8]) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += Self.quoted(cell).utf8
        }
        bytes += [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
    }

    private static func quoted(_ text: String) -> String {
        guard text.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }

    // MARK: columns

    private static let columns: [Column] =
        [
            Column(en: "Framework", ja: "枠組み") { FormulaGuard.guarded($0.key.framework) },
            Column(en: "Control ID", ja: "管理策番号") { FormulaGuard.guarded($0.key.controlId) },
            Column(en: "Item", ja: "項目") { FormulaGuard.guarded($0.key.itemKey) },
        ] + prose("topic") + [
            Column(en: "Allocation", ja: "責任区分") { $0.text("allocation") },
            Column(en: "Provider shares", ja: "事業者も分担") { $0.mark("providerShares") },
        ] + prose("providerStatement") + prose("customerAction") + prose("boundaryNote") + [
            Column(en: "Implementation status", ja: "実施状況") { $0.text("implementationStatus") }
        ] + prose("notApplicableReason")

    private static let standingColumns = [
        Column(en: "Position of the provider", ja: "プロバイダの見解") { $0.standing?.provider ?? "" },
        Column(en: "Position of the customer", ja: "カスタマの見解") { $0.standing?.customer ?? "" },
        Column(en: "State of the row", ja: "行の状態") { $0.standing?.state ?? "" },
    ]

    private static func prose(_ field: String) -> [Column] {
        ProseColumn.languages.map { language in
            let column = ProseColumn(field: field, language: language)
            return Column(en: column.head(.en), ja: column.head(.ja)) { FormulaGuard.guarded($0.text(field, language)) }
        }
    }
}

extension MatrixTable.Row {
    fileprivate func text(_ field: String, _ element: String? = nil) -> String {
        cells.text(field, element) ?? ""
    }

    fileprivate func mark(_ field: String) -> String {
        if case .bool(let flag)? = cells[CellKey(field: field)] { flag ? "yes" : "no" } else { "" }
    }
}

/// Keeps words that a spreadsheet would take for a formula from being one, so that they can be told apart again.
///
/// An apostrophe goes before a text that begins, after any apostrophes, with a sign that formulas begin with; reading
/// takes one away again.
enum FormulaGuard {
    static func guarded(_ text: String) -> String { isTaken(text) ? "'" + text : text }

    static func unguarded(_ text: String) -> String { text.utf8.first == 0x27 && isTaken(text) ? String(text.dropFirst()) : text }

    private static func isTaken(_ text: String) -> Bool {
        guard let first = text.utf8.first(where: { $0 != 0x27 }) else { return false }
        return [0x3D, 0x2B, 0x2D, 0x40, 0x09, 0x0D].contains(first)
    }
}
