import Foundation
import Testing

@testable import ClientCLI

/// Documents of nested members come in by command as tables do.
@Suite("import: OSCAL, OpenControl and what export json wrote")
struct ImportDocumentTests {
    private static let plan = """
        {"system-security-plan": {"uuid": "11111111-0000-4000-8000-000000000000", "metadata": {"oscal-version": "1.1.2"},
          "control-implementation": {"implemented-requirements": [
            {"uuid": "11111111-0000-4000-8000-000000000003", "control-id": "iso27017-12.3.1", "by-components": [
              {"uuid": "11111111-0000-4000-8000-000000000004", "component-uuid": "11111111-0000-4000-8000-000000000005",
               "description": "INNER words", "export": {
                 "provided": [{"uuid": "11111111-0000-4000-8000-000000000006", "description": "Kept 30 days."}],
                 "responsibilities": [{"uuid": "11111111-0000-4000-8000-000000000006", "description": "Keep your own."}]}}]}]}}}
        """

    @Test("A plan goes into the rows there are; what is its author's own is a private note and leaves in no export")
    func plan() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage --template iso27017")
        let file = try bench.file("plan.json", Self.plan)
        let looked = await bench.expect("import \(file) --dry-run --json")
        let remark = try #require(
            ((try looked.item["files"] as? [[String: Any]])?.first?["remarks"] as? [[String: Any]])?.first, "\(looked.output)")
        #expect(remark["code"] as? String == "uuid-repeated" && (remark["path"] as? String)?.hasSuffix("responsibilities/0") == true)
        #expect(remark["sheet"] == nil && remark["row"] == nil)
        let done = await bench.expect("import \(file) --yes")
        #expect(done.output.contains("0 added, 1 changed"), "\(done.output)")
        #expect(done.errors.contains("stands at /control-implementation/0"), "\(done.errors)")
        let shown = await bench.expect("show 12.3.1")
        for words in ["Kept 30 days.", "Keep your own.", "INNER words"] { #expect(shown.output.contains(words), "\(shown.output)") }
        #expect(await bench.expect("import \(file) --yes").output.contains("already"))
        await bench.expect("publish 1 -m first --yes")
        for audience in ["counterpart", "public"] {
            let written = await bench.expect("export json --audience \(audience)")
            #expect(written.output.contains("Kept 30 days.") && !written.output.contains("INNER"))
        }
    }

    @Test("What export json wrote changes nothing where it came from, and is the same rows elsewhere")
    func own() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        let rows = try bench.file(
            "rows.csv",
            """
            Control ID,Item,Allocation,Provider statement (en),Provider statement (ja),Implementation status
            A-1,main,shared,"=We, do ""it"".",行う。,partial
            A-2,part,supplier,,,planned
            """)
        await bench.expect("import \(rows) --framework own --yes")
        await bench.expect("publish 1 -m first --yes")
        let written = bench.path + "/matrix.json"
        await bench.expect("export json -o \(written)")
        #expect(await bench.expect("import \(written) --yes").output.contains("already"))
        await bench.expect("service add Other")
        let told = await bench.expect("import \(written) --yes -s other")
        #expect(told.output.contains("2 added"), "\(told.output)")
        func fields(_ service: String) async throws -> [NSDictionary] {
            try await bench.expect("matrix --json -s \(service)").list.compactMap { $0["fields"] as? NSDictionary }
        }
        #expect(try await fields("other") == fields("storage"))
        // A value that is none is refused with its path, and nothing goes in.
        let text = try String(contentsOfFile: written, encoding: .utf8).replacing("\"partial\"", with: "\"halfway\"")
        let wrong = await bench.run("import", try bench.file("wrong.json", text), "--json", "-s", "other")
        #expect(wrong.exit == .inputFile)
        #expect(try wrong.json["part"] as? String == "/rows/0/fields/implementationStatus", "\(wrong.output)")
    }

    @Test("What holds no responsibilities says what it is, in both languages")
    func catalog() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        let file = try bench.file("catalog.json", #"{"catalog": {"uuid": "u", "groups": [{"controls": [{"id": "a-1"}]}]}}"#)
        let english = await bench.run("import", file)
        #expect(english.exit == .inputFile && english.errors.contains("an OSCAL catalog (1 control, 1 group)"), "\(english.errors)")
        let japanese = await bench.run("import", file, "--lang", "ja")
        #expect(japanese.errors.contains("管理策1件とグループ1件"), "\(japanese.errors)")
        #expect(await bench.run("import", file, "-n").exit == .found)
        let cut = await bench.run("import", try bench.file("cut.json", #"{"catalog": {"#), "--json")
        #expect(try cut.code == "file-damaged")
    }
}
