import Interchange
import Testing

@Suite("The published matrices of cloud.gov")
struct CloudGovTests {
    static let march = "cloudgov-platform_2021-03-15.xlsx"
    static let july = "cloudgov-platform_2021-07-21.xlsx"

    private func matrix(_ name: String) throws -> MatrixImport {
        try readMatrix(try Documents.fixture(name), name: name)
    }

    @Test(
        "Rows, flags and statuses are those that were counted independently",
        arguments: [
            (march, ["No": 371, "Partial": 138, "Yes": 107]),
            (july, ["No": 365, "Partial": 141, "Yes": 110]),
        ])
    func counts(name: String, flags: [String: Int]) throws {
        let matrix = try matrix(name)
        #expect(matrix.format == .cisCRM)
        #expect(matrix.frameworkID == "nist-800-53r4")
        #expect(matrix.rows.count == 616)
        #expect(Set(matrix.rows.map(\.key)).count == 616)
        #expect(matrix.rows.allSatisfy { $0.itemKey == "main" && $0.framework == "nist-800-53r4" })
        #expect(matrix.counts.controls == 325)
        #expect(matrix.counts.flags == flags)
        // Of the rows that say Yes, 82 have the mark of an inherited control alone.
        #expect(
            matrix.counts.allocations == [
                "customer": flags["No", default: 0], "shared": flags["Partial", default: 0], "provider": flags["Yes", default: 0] - 82,
                "supplier": 82,
            ])
        #expect(
            matrix.counts.statuses == ["implemented": 588, "n-a": 31, "alternative-implementation": 9, "partially-implemented": 1])
        #expect(matrix.counts.derived == 0)
        #expect(matrix.counts.diagnostics["several-statuses"] == 13)
        #expect(matrix.counts.diagnostics["no-mark"] == 2)
        #expect(matrix.rows.filter { row in row.fields.count { $0.field == "foundOriginations" } > 1 }.count == 129)
    }

    @Test("A row is read with its flag, marks and text in the words of the matrix")
    func row() throws {
        let row = try #require(try matrix(Self.march).rows.first { $0.controlId == "AC-2(a)" })
        #expect(row["allocation"] == .text("shared"))
        #expect(row["foundFlag"] == .text("Partial"))
        #expect(row["implementationStatus"] == .text("implemented"))
        #expect(row["foundStatuses", "implemented"] == .bool(true))
        #expect(row.fields.filter { $0.field == "foundOriginations" }.map(\.element) == ["shared", "inherited"])
        let text = try #require(row["foundText"])
        guard case .text(let words) = text else { return }
        #expect(words.hasPrefix("For UAA accounts (Cloud Foundry User Account and Authentication accoun"))
        #expect(row["customerAction", "en"] == text)
        #expect(row["providerStatement", "en"] == nil)
        #expect(row.origin == ImportOrigin(sheet: "CIS Worksheet", row: 6, column: 1))
        #expect(row.privateNotes.isEmpty)
    }

    @Test("A column nobody here knows is private, and named with what it holds")
    func privateColumn() throws {
        let matrix = try matrix(Self.july)
        #expect(matrix.privateColumns.map(\.header) == ["LOW Control"])
        #expect(matrix.privateColumns.first?.column == "E")
        #expect(matrix.privateColumns.first?.reason == .unrecognised)
        #expect(matrix.counts.privateNotes == matrix.privateColumns.first?.filled)
        #expect(matrix.rows.first?.privateNotes == [PrivateNote(header: "LOW Control", text: "1")])
        #expect(matrix.diagnostics.contains { $0.code == .columnPrivate && $0.sheet == "CRM Worksheet" && $0.row == 3 && $0.column == "E" })
    }

    @Test("From one version to the next exactly the cells that differ change: 13 flags and 21 texts")
    func nextVersion() throws {
        let before = try matrix(Self.march)
        let after = try matrix(Self.july)
        let plan = ImportPlan(current: draft(before), matrix: after)
        #expect(
            plan.rowsChanging("foundFlag").map(\.controlId) == [
                "AC-2(5)", "AU-4", "CA-8", "IA-2(3)", "IA-5(2)(a)", "IA-5(2)(b)", "IA-5(2)(c)", "IA-5(2)(d)", "IA-5(4)", "IA-5(6)", "SC-17",
                "SC-19(a)", "SC-19(b)",
            ])
        #expect(plan.rowsChanging("allocation") == plan.rowsChanging("foundFlag"))
        #expect(
            plan.rowsChanging("foundText").map(\.controlId) == [
                "AC-2(5)", "AU-4", "CM-8(5)", "CP-6(a)", "CP-6(b)", "CP-6(1)", "CP-6(3)", "CP-7(3)", "IA-2(3)", "IA-5(2)(a)", "IA-5(2)(b)",
                "IA-5(2)(c)", "IA-5(2)(d)", "IA-5(4)", "IA-5(6)", "SC-8", "SC-13", "SC-17", "SC-19(a)", "SC-19(b)", "SI-4(5)",
            ])
        // None of the changed texts differs in blanks alone.
        #expect(plan.rowsChanging("foundText").count { normalised(before, $0) != normalised(after, $0) } == 21)
        #expect(plan.rows.count == 22)
        #expect(plan.absentRows.isEmpty && plan.keptEdits.isEmpty && plan.rows.allSatisfy { !$0.isNew })
        #expect(plan.rowsChanging("foundStatuses").isEmpty && plan.rowsChanging("foundOriginations").isEmpty)
        #expect(plan.diagnostics.map(\.code) == [.flagChangedAlone])
        #expect(plan.diagnostics.first?.facts == ["id": "CA-8", "before": "Partial", "now": "No"])

        let row = try #require(plan.rows.first { $0.key.controlId == "AU-4" })
        #expect(row.cells.map(\.key.field) == ["allocation", "customerAction", "foundFlag", "foundText", "providerStatement"])
        #expect(row.cells.first?.write == .set(.text("provider")))
        #expect(row.cells[1].write == .clear)
        #expect(applied(plan, to: draft(before)) == draft(after))
    }

    private func normalised(_ matrix: MatrixImport, _ key: RowKey) -> String {
        guard case .text(let text)? = matrix.rows.first(where: { $0.key == key })?["foundText"] else { return "" }
        return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    @Test("The same content again changes nothing", arguments: [march, july])
    func again(name: String) throws {
        let matrix = try matrix(name)
        let plan = ImportPlan(current: draft(matrix), matrix: matrix)
        #expect(plan == ImportPlan(current: [:], matrix: emptied(matrix)))
        #expect(plan.isEmpty)
    }

    private func emptied(_ matrix: MatrixImport) -> MatrixImport {
        var empty = matrix
        empty.rows = []
        return empty
    }
}

/// Returns the cells of a draft after a first import.
func draft(_ matrix: MatrixImport) -> [RowKey: [CellKey: ImportedValue]] {
    Dictionary(
        uniqueKeysWithValues: matrix.rows.map { row in (row.key, Dictionary(uniqueKeysWithValues: row.fields.map { ($0.key, $0.value) })) })
}

/// Returns the cells of a draft after a plan.
func applied(_ plan: ImportPlan, to draft: [RowKey: [CellKey: ImportedValue]]) -> [RowKey: [CellKey: ImportedValue]] {
    var draft = draft
    for row in plan.rows {
        for cell in row.cells {
            switch cell.write {
            case .set(let value): draft[row.key, default: [:]][cell.key] = value
            case .clear: draft[row.key]?[cell.key] = nil
            }
        }
    }
    return draft
}
