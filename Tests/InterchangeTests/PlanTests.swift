import Interchange
import Testing

@Suite("What an import changes")
struct PlanTests {
    private static let key = RowKey(framework: "nist-800-53r4", controlId: "AC-2", itemKey: "main")

    private func matrix(_ flag: String, _ text: String, extra: String = "") throws -> MatrixImport {
        let csv = "Control ID,Can Be Inherited,Specific Inheritance\nAC-2,\(flag),\(text)\n\(extra)"
        var options = ImportOptions()
        options.framework = "nist-800-53r4"
        return try readMatrix(Array(csv.utf8), name: "m.csv", options: options)
    }

    private func writes(_ plan: ImportPlan) -> [String] {
        plan.rows.flatMap { row in
            row.cells.map { cell in
                let value = if case .set(let value) = cell.write { "\(value)" } else { "clear" }
                return "\(row.key.controlId) \(cell.key.field) \(cell.key.element ?? "-") \(value)"
            }
        }
    }

    @Test("An edit stays while the document's own word has not changed")
    func keptEdit() throws {
        var draft = draft(try matrix("Partial", "Both."))
        draft[Self.key]?[CellKey(field: "allocation")] = .text("customer")
        draft[Self.key]?[CellKey(field: "customerAction", element: "ja")] = .text("両者。")
        draft[Self.key]?[CellKey(field: "boundaryNote", element: "en")] = .text("Ours ends at the gateway.")
        let same = ImportPlan(current: draft, matrix: try matrix("Partial", "Both."))
        #expect(same.isEmpty)
        #expect(Set(same.keptEdits.map { "\($0.cell.field)/\($0.cell.element ?? "-")" }) == ["allocation/-", "customerAction/ja"])
        let reworded = ImportPlan(current: draft, matrix: try matrix("Partial", "Both of us."))
        #expect(writes(reworded) == ["AC-2 customerAction en text(\"Both of us.\")", "AC-2 foundText - text(\"Both of us.\")"])
    }

    @Test("A word of the document that changed is written over an edit")
    func changedWord() throws {
        var draft = draft(try matrix("Partial", "Both."))
        draft[Self.key]?[CellKey(field: "allocation")] = .text("customer")
        let plan = ImportPlan(current: draft, matrix: try matrix("Yes", "Ours."))
        #expect(
            writes(plan) == [
                "AC-2 allocation - text(\"provider\")", "AC-2 customerAction en clear", "AC-2 foundFlag - text(\"Yes\")",
                "AC-2 foundText - text(\"Ours.\")", "AC-2 providerStatement en text(\"Ours.\")",
            ])
    }

    @Test("New rows come whole, and rows the document lacks are named and left")
    func newAndAbsent() throws {
        let before = draft(try matrix("No", "You.", extra: "AU-4,No,You.\n"))
        let plan = ImportPlan(current: before, matrix: try matrix("No", "You.", extra: "CM-2,No,\n"))
        #expect(plan.rows.map(\.key.controlId) == ["CM-2"])
        #expect(plan.rows.map(\.isNew) == [true])
        #expect(writes(plan) == ["CM-2 allocation - text(\"customer\")", "CM-2 foundFlag - text(\"No\")"])
        #expect(plan.absentRows == [RowKey(framework: "nist-800-53r4", controlId: "AU-4", itemKey: "main")])
    }

    @Test("A flag that changes without its text is pointed out")
    func flagAlone() throws {
        let plan = ImportPlan(current: draft(try matrix("No", "You.")), matrix: try matrix("Partial", "You."))
        #expect(plan.diagnostics.map(\.code) == [.flagChangedAlone])
        #expect(plan.diagnostics.first?.facts == ["id": "AC-2", "before": "No", "now": "Partial"])
        #expect(plan.diagnostics.first?.sheet == "m.csv" && plan.diagnostics.first?.row == 2 && plan.diagnostics.first?.column == "B")
    }
}
