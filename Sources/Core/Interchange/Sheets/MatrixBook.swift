/// The 責任分担表: a matrix as one sheet for people, which this program reads back as it was.
package enum MatrixBook {
    private typealias Draft = SheetDraft.Cell

    private struct Column {
        let en: String
        let ja: String
        let width: Double
        var style: SheetDraft.Style = .prose
        let cell: (BookRow) -> Draft

        init(
            _ en: String, _ ja: String, _ width: Double, _ style: SheetDraft.Style = .prose,
            _ text: @escaping (BookRow) -> String
        ) {
            (self.en, self.ja, self.width, self.style) = (en, ja, width, style)
            cell = { Draft(text($0), style) }
        }

        init(_ en: String, _ ja: String, _ width: Double, cell: @escaping (BookRow) -> Draft) {
            (self.en, self.ja, self.width, self.cell) = (en, ja, width, cell)
        }
    }

    /// Returns the sheet.
    /// - Parameters:
    ///   - title: its first line.
    ///   - lead: what stands below that, a line each.
    ///   - language: that of the heads and of what codes are called; texts are in theirs.
    package static func sheet(
        _ rows: [BookRow], title: String, lead: [String], language: MatrixTable.HeaderLanguage
    ) -> SheetDraft {
        let columns = columns(rows, language)
        var sheet = SheetDraft(name: language == .ja ? "責任分担表" : "Responsibility matrix", widths: columns.map(\.width))
        sheet.rows.append([Draft(title, .title)])
        sheet.rows += lead.map { [Draft($0, .lead)] }
        sheet.headRow = sheet.rows.count
        sheet.keptColumns = 2
        sheet.rows.append(columns.map { Draft(language == .ja ? $0.ja : $0.en, .head) })
        let first = sheet.rows.count
        for row in rows { sheet.rows.append(columns.map { $0.cell(row) }) }
        if !rows.isEmpty, let allocation = columns.firstIndex(where: { $0.en == allocationHead }) {
            let words = allocations.map { language == .ja ? $0.ja : $0.en }
            sheet.choices.append(.init(column: allocation, rows: first...(sheet.rows.count - 1), words: words))
        }
        return sheet
    }

    private static let allocationHead = "Allocation"

    private static func columns(_ rows: [BookRow], _ language: MatrixTable.HeaderLanguage) -> [Column] {
        let needed = Set(ProseColumn.needed(by: rows) { _ in [] })
        /// A field's languages that are there; that of the table first, and where it is `always`, in any case.
        func prose(_ field: String, _ width: Double, always: Bool = false) -> [Column] {
            let order = language == .ja ? ["ja", "en"] : ["en", "ja"]
            let columns = order.map { ProseColumn(field: field, language: $0) }
            let shown = columns.filter(needed.contains)
            return (shown.isEmpty && always ? Array(columns.prefix(1)) : shown).map { column in
                Column(column.head(.en), column.head(.ja), width) { $0.text(column.field, column.language) }
            }
        }
        var columns = [Column("Control ID", "管理策番号", 14, .key) { $0.key.controlId }]
        columns.append(Column("Control", "管理策", 30) { $0.title })
        columns.append(Column("Item", "項目", 14, .key) { $0.key.itemKey == "main" ? "" : $0.key.itemKey })
        // This head says whose table it is.
        columns += prose("topic", needed.contains { $0.field == "topic" } ? 24 : 12, always: true)
        columns.append(
            Column(allocationHead, "責任区分", 12) { row in
                let code = row.text("allocation")
                return Draft(word(code, allocations, language), SheetDraft.Style(allocation: code))
            })
        if rows.contains(where: { $0.cells[CellKey(field: "providerShares")] != nil }) {
            columns.append(
                Column("Provider shares", "事業者も分担", 10, .mark) { row in
                    guard case .bool(let flag)? = row.cells[CellKey(field: "providerShares")] else { return "" }
                    return language == .ja ? (flag ? "はい" : "いいえ") : (flag ? "yes" : "no")
                })
        }
        columns +=
            prose("providerStatement", 46, always: true) + prose("customerAction", 46, always: true)
            + prose("boundaryNote", 30, always: true)
        columns.append(
            Column("Implementation status", "実施状況", 14, .key) { word($0.text("implementationStatus"), statuses, language) })
        columns += prose("notApplicableReason", 30)
        columns.append(Column("Evidence", "根拠・証拠", 30) { $0.evidence })
        if rows.contains(where: { $0.row.standing != nil }) {
            columns += [
                Column("Position of the provider", "プロバイダの見解", 12, .key) { word($0.row.standing?.provider ?? "", allocations, language) },
                Column("Position of the customer", "カスタマの見解", 12, .key) { word($0.row.standing?.customer ?? "", allocations, language) },
                Column("State of the row", "行の状態", 12, .key) { $0.state },
            ]
        }
        columns.append(Column("Agreed on", "合意日", 12, .key) { $0.agreedOn })
        return columns + [Column("Framework", "枠組み", 18, .key) { $0.key.framework }]
    }

    // MARK: what codes are called

    private typealias Word = (code: String, en: String, ja: String)

    /// These are words that reading takes for the code and for nothing else.
    private static let allocations: [Word] = [
        ("provider", "Provider", "事業者"), ("customer", "Customer", "利用者"), ("shared", "Shared", "共有"), ("supplier", "Supplier", "供給者"),
        ("not-applicable", "Not applicable", "対象外"), ("unallocated", "Unallocated", "未割当て"),
    ]
    private static let statuses: [Word] = [
        ("implemented", "Implemented", "実施済み"), ("partial", "Partial", "一部実施"), ("planned", "Planned", "計画中"),
        ("not-implemented", "Not implemented", "未実施"),
    ]

    private static func word(_ code: String, _ words: [Word], _ language: MatrixTable.HeaderLanguage) -> String {
        words.first { $0.code == code }.map { language == .ja ? $0.ja : $0.en } ?? code
    }
}
