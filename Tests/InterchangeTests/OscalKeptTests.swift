import Testing

@testable import Interchange

@Suite("What a plan says that no row has a place for stays beside a row")
struct OscalKeptTests {
    private static func notes(requirement: String, part: String) throws -> [PrivateNote] {
        let plan = """
            {"system-security-plan": {"uuid": "11111111-0000-4000-8000-000000000000", "metadata": {"oscal-version": "1.1.2"},
              "system-implementation": {"components": [
                {"uuid": "11111111-0000-4000-8000-000000000001", "type": "this-system", "title": "Us"}]},
              "control-implementation": {"implemented-requirements": [
                {"uuid": "11111111-0000-4000-8000-000000000003", "control-id": "iso27017-12.3.1"\(requirement), "by-components": [
                  {"uuid": "11111111-0000-4000-8000-000000000004", "component-uuid": "11111111-0000-4000-8000-000000000001"\(part)}]}]}}}
            """
        let matrix = try readMatrix(Array(plan.utf8), name: "plan.json")
        #expect(matrix.rows.count == 1)
        return matrix.rows.first?.privateNotes ?? []
    }

    @Test("What stands on a requirement beside its components, whatever it is, goes with the first of them")
    func besideParts() throws {
        let requirement =
            #", "description": "of all", "remarks": "aside", "export": {"provided": [{"description": "outer"}]}, "strange": [1, true]"#
        #expect(
            try Self.notes(requirement: requirement, part: #", "remarks": "inner""#) == [
                PrivateNote(header: "remarks", text: "inner"),
                PrivateNote(
                    header: "OSCAL",
                    text:
                        #"[{"description":"of all","export":{"provided":[{"description":"outer"}]},"remarks":"aside","strange":[1,true]}]"#),
            ])
        // What the rows take from it is not said twice.
        let understood =
            #", "implementation-status": {"state": "planned"}, "props": [{"name": "control-origination", "value": "sp-system"}]"#
        #expect(try Self.notes(requirement: understood, part: "").map(\.header) == ["control-origination"])
    }

    @Test("What is held back keeps its other language, and an export its remarks")
    func heldBack() throws {
        let translation =
            #""props": [{"name": "translation", "ns": "urn:buntan:oscal:1", "value": "description", "class": "ja", "remarks": "内"}]"#
        let export = """
            , "export": {"description": "what", "remarks": "why",
              "provided": [{"description": "inside", "exportable": false, \(translation)}],
              "responsibilities": [{"description": "theirs", "exportable": false, \(translation)}]}
            """
        let notes = try Self.notes(requirement: "", part: export)
        #expect(
            notes.map { "\($0.header): \($0.text)" } == [
                "provided: inside", "provided: 内", "responsibility: theirs", "responsibility: 内", "export: what", "export: why",
            ])
    }
}
