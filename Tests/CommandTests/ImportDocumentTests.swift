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
        #expect(done.errors.contains("stands at /control-implementation/implemented-requirements/0"), "\(done.errors)")
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

    @Test("Ids that ISO/IEC 27017 does not have are told, however they are written and whichever edition numbers them so")
    func foreignNumbers() async throws {
        let bench = try CommandBench()
        let table = try bench.file(
            "rows.csv", "管理策番号,責任区分\nA.12.3.1,事業者\ncld.12.4.5,利用者\n8.13,事業者\n12.9.9,事業者\n")
        let told = await bench.run("import", table, "-n", "--framework", "iso27017")
        #expect(told.errors.contains("iso27017 has no 12.9.9") && !told.errors.contains("more alike"), "\(told.errors)")
        let first = await bench.run("import", table, "-n", "-v", "--framework", "iso27017-2015", "--lang", "ja")
        #expect(first.errors.contains("iso27017-2015に8.13はありません"), "\(first.errors)")
        #expect(!first.errors.contains("2015に12.3.1") && !first.errors.contains("2015にCLD"), "\(first.errors)")
    }

    @Test("A definition that names its catalogue by the file it came from goes into the framework of that catalogue")
    func source() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        let catalog = #"{"catalog": {"metadata": {"title": "Hub Controls"}, "controls": [{"id": "s3.1", "title": "First"}]}}"#
        await bench.expect("import \(try bench.file("hub.json", catalog))")
        let definition = """
            {"component-definition": {"metadata": {"title": "S3"}, "components": [{"title": "S3", "control-implementations": [
            {"source": "#48d86ef7-21e5-4fea-9d95-40f85224899f", "implemented-requirements": [
            {"uuid": "11111111-0000-4000-8000-000000000003", "control-id": "S3.1", "description": "We do."},
            {"uuid": "11111111-0000-4000-8000-000000000004", "control-id": "S3.9", "description": "We do."}]}]}],
            "back-matter": {"resources": [{"uuid": "48d86ef7-21e5-4fea-9d95-40f85224899f", "rlinks": [{"href": "../catalogs/hub.json"}]}]}}}
            """
        let told = await bench.expect("import \(try bench.file("s3.json", definition)) -v")
        #expect(told.errors.contains("hub-controls has no S3.9") && !told.errors.contains("has no S3.1"), "\(told.errors)")
        let frameworks = try await bench.expect("matrix --json").list.map { ($0["row"] as? [String: Any])?["framework"] as? String }
        #expect(Set(frameworks) == ["hub-controls"])
    }

    @Test("A document of others is kept whole beside its rows, once, and written back byte by byte; a plan of ours is not")
    func whole() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        func definition(_ place: String, _ indent: String = "") -> String {
            """
            {"component-definition": {"metadata": {"title": "Theirs"},\(indent) "components": [{"title": "C", "type": "service",
            "links": [{"rel": "provided-by", "href": "#x", "text": "\(place)"}], "control-implementations": [{"source": "x",
            "implemented-requirements": [{"uuid": "11111111-0000-4000-8000-000000000003", "control-id": "ac-1", "description": "We do."}]}]}]}}
            """
        }
        func kept() async throws -> Int { try await bench.expect("list kept-document --json").list.count }
        let file = try bench.file("theirs.json", definition("Tokyo"))
        let dry = await bench.expect("import \(file) -n")
        #expect(dry.output.contains("would be kept"), "\(dry.output)")
        #expect(try await kept() == 0)
        let told = await bench.expect("import \(file)")
        #expect(told.output.contains("1 added") && told.output.contains("buntan export kept "), "\(told.output)")
        let back = bench.path + "/back.json"
        await bench.expect("export kept theirs.json -o \(back)")
        #expect(FileManager.default.contentsEqual(atPath: file, andPath: back))
        // The same again, also otherwise indented and under another name, is nothing new.
        #expect(await bench.expect("import \(file)").output.contains("already"))
        #expect(await bench.expect("import \(try bench.file("again.json", definition("Tokyo", "\n  ")))").output.contains("already"))
        #expect(try await kept() == 1)
        // What changes beside the rows is kept as well, and takes back with them.
        let newer = await bench.expect("import \(try bench.file("newer.json", definition("Osaka")))")
        #expect(newer.output.contains("held all rows already") && newer.output.contains("export kept "), "\(newer.output)")
        #expect(try await kept() == 2)
        await bench.expect("undo --yes")
        #expect(try await kept() == 1)
        await bench.expect("export oscal -o \(bench.path)/plan")
        #expect(await bench.expect("import \(bench.path)/plan/provider-ssp.json").output.contains("already"))
        #expect(try await kept() == 1)
    }

    @Test("A catalogue and its profile become a framework: listed, mapped, begun from, and what an import's ids are held against")
    func catalog() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        let catalog =
            #"{"id": "a-1", "title": "First"}, {"id": "a-2", "title": "二番目"}, {"id": "a-3", "props": [{"name": "status", "value": "withdrawn"}]}"#
        let file = try bench.file(
            "catalog.json", #"{"catalog": {"metadata": {"title": "Own rules", "version": "2"}, "controls": [\#(catalog)]}}"#)
        let dry = await bench.expect("import \(file) -n --json")
        #expect(try dry.item["added"] as? Int == 4)
        let made = await bench.expect("import \(file)")
        #expect(made.output.contains("own-rules: Own rules; 3 controls, 1 of them withdrawn"), "\(made.output)")
        #expect(try await bench.expect("import \(file) --json").item["added"] as? Int == 0)
        let profile = #"{"profile": {"metadata": {"title": "Own rules Low"}, "imports": [{"include-controls": [{"with-ids": ["a-2"]}]}]}}"#
        await bench.expect("import \(try bench.file("low.json", profile)) --framework own-rules")
        let mapping = """
            {"mapping-collection": {"mappings": [{"source-resource": {"href": "own-rules.json"}, "target-resource": {"href": "rev5/catalog.json"},
            "maps": [{"relationship": "subset-of", "sources": [{"id-ref": "a-2"}], "targets": [{"id-ref": "ac-2_smt.a"}]}]}]}}
            """
        await bench.expect("import \(try bench.file("map.json", mapping))")
        let listed = await bench.expect("controls --framework own-rules")
        #expect(listed.output.contains("own-rules 2: 3 controls, 1 withdrawn."))
        #expect(listed.output.contains("A-2: subset-of AC-2(a) (nist-800-53r5)"), "\(listed.output)")
        let one = try #require(try await bench.expect("controls a2 --framework own-rules/own-rules-low --json").list.first)
        #expect(one["controlId"] as? String == "A-2" && one["baselines"] as? [String] == ["own-rules-low"])
        #expect(try await bench.expect("controls --framework own-rules/high --json", exit: .usage).code == "unknown-baseline")
        #expect(try await bench.expect("controls --framework other --json", exit: .usage).code == "unknown-framework")
        #expect(try await bench.expect("controls a-9 --framework own-rules --json", exit: .usage).code == "unknown-control")

        await bench.expect("service add Storage --template own-rules")
        #expect(try await bench.expect("matrix --json").list.count == 2)
        await bench.expect("service add Small --template own-rules/own-rules-low")
        #expect(try await bench.expect("matrix --json -s small").list.count == 1)
        let table = try bench.file("rows.csv", "Control ID,Allocation\nA-1,provider\nA-9,customer\n")
        let lint = await bench.expect("import \(table) --framework own-rules -s small -n")
        #expect(lint.errors.contains("own-rules has no A-9") && !lint.errors.contains("A-1"), "\(lint.errors)")
        // A choice that no longer holds a control takes it out.
        let none = #"{"profile": {"metadata": {"title": "Own rules Low"}, "imports": [{"include-controls": [{"with-ids": ["a-1"]}]}]}}"#
        await bench.expect("import \(try bench.file("low2.json", none)) --framework own-rules")
        #expect(
            try await bench.expect("controls --framework own-rules/own-rules-low --json").list.compactMap { $0["controlId"] as? String }
                == ["A-1"])
        let mixed = await bench.run("import", table, file, "--framework", "own-rules", "-s", "small", "--json")
        #expect(try mixed.code == "files-of-two-kinds")
    }

    @Test("What is no matrix and no framework says what it is, in both languages, and is kept as it is")
    func kept() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        let values = #"{"fedramp-values": {"value-set": [{"name": "a"}, {"name": ""# + String(repeating: "終", count: 30_000) + #""}]}}"#
        let file = try bench.file("values.json", values)
        let english = await bench.expect("import \(file) -n")
        #expect(english.output.contains("values.json is a value-list (2 sets of values)"), "\(english.output) \(english.errors)")
        #expect(await bench.expect("import \(file) --lang ja").output.contains("値の一覧2件"))
        #expect(try await bench.expect("import \(file) --json").item["added"] as? Int == 0)
        let back = bench.path + "/back.json"
        await bench.expect("export kept values.json -o \(back)")
        #expect(try String(contentsOfFile: back, encoding: .utf8) == values)
        #expect(try await bench.expect("export kept nothing.json -o \(back)2 --json", exit: .usage).code == "unknown-id")
        let bare = try bench.file("bare.json", #"{"catalog": {"uuid": "u", "groups": [{"controls": [{"id": "a-1"}]}]}}"#)
        #expect(await bench.run("import", bare).exit == .inputFile)
        #expect(await bench.run("import", bare, "-n").exit == .found)
        let cut = await bench.run("import", try bench.file("cut.json", #"{"catalog": {"#), "--json")
        #expect(try cut.code == "file-damaged")
    }
}
