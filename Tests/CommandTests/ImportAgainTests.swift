import Foundation
import SampleWorkbooks
import Testing

@testable import ClientCLI

@Suite("import: a newer version of a document changes only what differs in it")
struct ImportAgainTests {
    private static func statements(_ bench: CommandBench) async throws -> [String: String] {
        let rows = try await bench.expect("matrix --json").list
        return Dictionary(
            rows.map { row in
                let statement = row["providerStatement"] as? [String: String]
                return ((row["row"] as? [String: Any])?["controlId"] as? String ?? "?", statement?["en"] ?? "")
            }, uniquingKeysWith: { first, _ in first })
    }

    private static func table(_ first: String, _ second: String) -> String {
        "Framework,Control ID,Allocation,Provider statement\nours,A-1,shared,\(first)\nours,A-2,provider,\(second)\n"
    }

    private static func definition(_ first: String, _ second: String) -> String {
        func requirement(_ control: String, _ text: String, _ number: Int) -> String {
            #"{"uuid": "11111111-0000-4000-8000-00000000000\#(number)", "control-id": "\#(control)", "description": "\#(text)"}"#
        }
        let all = [requirement("a-1", first, 1), requirement("a-2", second, 2)].joined(separator: ",")
        return
            #"{"component-definition": {"metadata": {"title": "T"}, "control-implementations": [], "components": [{"title": "", "control-implementations": [{"source": "ours", "implemented-requirements": [\#(all)]}]}]}}"#
    }

    private static func component(_ first: String, _ second: String) -> String {
        func entry(_ control: String, _ text: String) -> String {
            "- {standard_key: ours, control_key: \(control), narrative: [{text: \"\(text)\"}]}"
        }
        return "name: ''\nschema_version: 3.0.0\nsatisfies:\n" + entry("A-1", first) + "\n" + entry("A-2", second) + "\n"
    }

    @Test(
        "An edit stays while the document says what it said before, and gives way where it says something new",
        arguments: ["csv", "json", "yaml"])
    func edits(ending: String) async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        func write(_ first: String, _ second: String) throws -> String {
            let text =
                switch ending {
                case "csv": Self.table(first, second)
                case "json": Self.definition(first, second)
                default: Self.component(first, second)
                }
            return try bench.file("document.\(ending)", text)
        }
        let file = try write("One.", "Two.")
        let first = await bench.run("import", file, "--yes", "--framework", "ours")
        #expect(first.exit == .done, "\(first.errors)")
        let rows = try await bench.expect("matrix --json").list
        let row = try #require(rows.first { (($0["row"] as? [String: Any])?["controlId"] as? String) == "A-1" }?["row"] as? [String: Any])
        let item = row["itemKey"] as? String ?? "main"
        let edited = await bench.run(
            "edit", "responsibility", item == "main" ? "a-1" : "a-1/\(item)", "--set", "providerStatement/en=Mine.")
        #expect(edited.exit == .done, "\(edited.errors)")

        let again = await bench.run("import", file, "--yes", "--framework", "ours")
        #expect(again.output.contains("nothing to change"), "\(again.output)\(again.errors)")
        #expect(try await Self.statements(bench)["A-1"] == "Mine.")
        let newer = await bench.run("import", try write("One.", "Two changed."), "--yes", "--framework", "ours")
        #expect(newer.output.contains("1 cell edited here stays as it is"), "\(newer.output)")
        #expect(try await Self.statements(bench) == ["A-1": "Mine.", "A-2": "Two changed."])
        let spoken = await bench.run("import", try write("One changed.", "Two changed."), "--yes", "--framework", "ours")
        #expect(spoken.exit == .done, "\(spoken.errors)")
        #expect(try await Self.statements(bench)["A-1"] == "One changed.")
    }

    @Test("A table that this program wrote is a person's word: what it says is taken, whatever a document said before")
    func own() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        await bench.expect("import \(try bench.file("document.csv", Self.table("One.", "Two."))) --yes")
        await bench.expect("edit responsibility a-1 --set providerStatement/en=Mine.")
        let path = bench.path + "/own.csv"
        await bench.expect("export csv -o \(path)")
        let text = try String(contentsOfFile: path, encoding: .utf8).replacing("Mine.", with: "One.")
        await bench.expect("import \(try bench.file("back.csv", text)) --yes")
        #expect(try await Self.statements(bench)["A-1"] == "One.")
    }

    @Test("Rows that a newer file no longer has stay, or go from the draft where that is asked; undo brings them back")
    func removesAbsent() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        func write(_ name: String, _ ids: [String]) throws -> String {
            try bench.file(name, "Framework,Control ID,Allocation\n" + ids.map { "ours,\($0),shared\n" }.joined())
        }
        func controls() async throws -> Set<String> { Set(try await Self.statements(bench).keys) }
        await bench.expect("import \(try write("all.csv", ["A-1", "A-2", "A-3"])) --yes")
        let others = try bench.file("other.csv", "Framework,Control ID,Allocation\nother,B-1,shared\n")
        await bench.expect("import \(others) --yes")
        let newer = try write("newer.csv", ["A-1", "A-4"])
        let dry = await bench.expect("import \(newer) -n")
        #expect(dry.output.contains("A-2, A-3") && dry.output.contains("--remove-absent"), "\(dry.output)")
        await bench.expect("import \(newer) --yes")
        #expect(try await controls() == ["A-1", "A-2", "A-3", "A-4", "B-1"])
        // Two files that are read together have one row each.
        let third = try write("third.csv", ["A-3"])
        let removed = try await bench.expect("import \(newer) \(third) --remove-absent --yes --json").item
        #expect(removed["removed"] as? Int == 1 && removed["absent"] as? Int == 1, "\(removed)")
        #expect(try await controls() == ["A-1", "A-3", "A-4", "B-1"])
        #expect(try await bench.expect("import \(newer) \(third) --remove-absent --yes --json").item["removed"] as? Int == 0)
        await bench.expect("undo --yes")
        #expect(try await controls() == ["A-1", "A-2", "A-3", "A-4", "B-1"])
        // What a person wrote to since stays.
        await bench.expect("edit responsibility a-2 --set customerAction/en=Mine.")
        #expect(try await bench.expect("import \(newer) \(third) --remove-absent --yes --json").item["removed"] as? Int == 0)
        // What another matrix brought, and what was made here, is not this one's to take out.
        await bench.expect("import \(try write("other-part.csv", ["Z-1", "Z-2"])) --yes")
        let apart = try await bench.expect("import \(try write("part.csv", ["Z-9"])) --remove-absent --yes --json").item
        #expect(apart["removed"] as? Int == 0 && apart["absent"] as? Int == 6, "\(apart)")
        // Of a line that cannot be read nobody knows whether it is gone.
        let unread = await bench.run(
            "import", try bench.file("u.csv", "Framework,Control ID,Allocation\nours,A-1,shared\nours,see below,shared\n"),
            "--remove-absent", "--yes")
        #expect(unread.exit == .inputFile && unread.errors.contains("--remove-absent"), "\(unread.errors)")
    }

    @Test("What was held back from whomever an export was for stays where it is read back")
    func heldBack() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        let sheet = SampleWorkbook(
            SampleSheet(
                "CRM", table: [["Control ID", "Can Be Inherited from CSP", "Specific Inheritance"], ["AC-1", "Partial", "SECRET words."]]))
        let path = bench.path + "/crm.xlsx"
        try Data(sheet.xlsx()).write(to: URL(fileURLWithPath: path))
        await bench.expect("import \(path) --yes --framework nist-800-53r5")
        let edited = await bench.run("edit", "responsibility", "AC-1", "--set", "customerAction/en=Other words.")
        #expect(edited.exit == .done, "\(edited.errors)")
        await bench.expect("publish 1 -m first --yes")
        for (format, audience) in [("json", "counterpart"), ("json", "public"), ("csv", "public")] {
            let file = "\(bench.path)/\(audience).\(format)"
            await bench.expect("export \(format) --audience \(audience) -o \(file)")
            #expect(!(try String(contentsOfFile: file, encoding: .utf8)).contains("SECRET"))
            let again = await bench.expect("import \(file) --yes")
            #expect(again.output.contains("already"), "\(format) \(audience) \(again.output)")
        }
        #expect(await bench.expect("export json").output.contains("SECRET"))
    }
}
