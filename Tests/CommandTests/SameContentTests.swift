import Foundation
import Testing

@testable import ClientCLI

@Suite("import: the same content is the same, whatever its bytes and its file are called")
struct SameContentTests {
    private func bench() async throws -> CommandBench {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        return bench
    }

    private func counts(_ run: Outcome) throws -> [Int] {
        let item = try run.item
        return ["added", "changed", "same"].compactMap { item[$0] as? Int }
    }

    @Test("A catalogue and a mapping under another name")
    func names() async throws {
        let bench = try await bench()
        let catalog = #"{"catalog": {"metadata": {"title": "Own rules"}, "controls": [{"id": "a-1", "title": "First"}]}}"#
        #expect(try counts(await bench.expect("import \(try bench.file("one.json", catalog)) --json")) == [2, 0, 0])
        #expect(try counts(await bench.expect("import \(try bench.file("two.json", catalog)) --json")) == [0, 0, 2])
        let mapping = """
            {"mapping-collection": {"mappings": [{"source-resource": {"href": "own-rules.json"}, "target-resource": {"href": "rev5/catalog.json"},
            "maps": [{"relationship": "subset-of", "sources": [{"id-ref": "a-1"}], "targets": [{"id-ref": "ac-2"}]}]}]}}
            """
        #expect(try counts(await bench.expect("import \(try bench.file("map.json", mapping)) --json")) == [1, 0, 0])
        #expect(try counts(await bench.expect("import \(try bench.file("pam.json", mapping)) --json")) == [0, 0, 1])
    }

    @Test("A catalogue of ids that an export wrote, or what a choice calls its controls, renames nothing of the catalogue")
    func ownCatalog() async throws {
        let bench = try await bench()
        let control = #"{"id": "ac-1", "title": "Policy"}, {"id": "ac-2", "title": "Accounts"}"#
        let catalog = #"{"catalog": {"metadata": {"title": "NIST SP 800-53 Rev 5", "version": "5"}, "controls": [\#(control)]}}"#
        await bench.expect("import \(try bench.file("rev5.json", catalog))")
        await bench.expect("service add Works --template nist-800-53r5")
        await bench.expect("export oscal -o \(bench.path)/plan")
        #expect(await bench.run("import", bench.path + "/plan/catalog.json").exit == .inputFile)
        let listed = await bench.expect("controls policy --framework nist-800-53r5")
        #expect(listed.output.contains("nist-800-53r5 5: 2 controls") && listed.output.contains("1 of 2"), "\(listed.output)")
        let links = #""links": [{"rel": "source-profile", "href": "low.json"}]"#
        let resolved =
            #"{"catalog": {"metadata": {"title": "NIST Rev 5 LOW baseline", \#(links)}, "controls": [{"id": "ac-1", "title": "POLICY"}]}}"#
        #expect(try counts(await bench.expect("import \(try bench.file("low.json", resolved)) --json"))[1] == 1)
        #expect(try counts(await bench.expect("import \(try bench.file("low.json", resolved)) --json")) == [0, 0, 2])
        #expect(await bench.expect("controls policy --framework nist-800-53r5/low").output.contains("Policy"))
    }

    @Test("What is kept as it is, indented in another way, is the document that is here")
    func kept() async throws {
        let bench = try await bench()
        let values = #"{"fedramp-values": {"value-set": [{"name": "a", "n": 1}]}}"#
        await bench.expect("import \(try bench.file("values.json", values))")
        let indented = values.replacing("{", with: "{\n  ").replacing(": ", with: ":")
        #expect(try counts(await bench.expect("import \(try bench.file("again.json", indented)) --json")) == [0, 0, 1])
        #expect(try await bench.expect("list kept-document --json").list.count == 1)
        #expect(await bench.expect("export kept values.json").output == values)
        let other = values.replacing("\"n\": 1", with: "\"n\": 2")
        #expect(try counts(await bench.expect("import \(try bench.file("other.json", other)) --json")) == [1, 0, 0])
        for audience in ["counterpart", "public"] {
            let refused = await bench.expect("export kept values.json --audience \(audience) --json", exit: .refused)
            #expect(try refused.code == "own-record-only")
        }
        #expect(try await bench.expect("export evidence x --audience public --json", exit: .usage).code == "options-exclude")
    }

    @Test("A profile that sets parameters is a baseline, and is kept whole beside it")
    func parameters() async throws {
        let bench = try await bench()
        let profile =
            #"{"profile": {"metadata": {"title": "Ours"}, "imports": [{"href": "rev5/catalog.json", "include-controls": [{"with-ids": ["ac-1"]}]}], "modify": {"set-parameters": [{"param-id": "ac-1_prm_1"}]}}}"#
        let told = await bench.expect("import \(try bench.file("ours.json", profile))")
        #expect(told.output.contains("buntan export kept "), "\(told.output)")
        #expect(await bench.expect("export kept ours.json").output == profile)
        // Under another name it is the one that is here.
        let again = await bench.expect("import \(try bench.file("theirs.json", profile))")
        #expect(again.output.contains("buntan export kept "), "\(again.output)")
        #expect(try counts(await bench.expect("import \(try bench.file("same.json", profile + "\n")) --json")) == [0, 0, 2])
        #expect(try await bench.expect("list kept-document --json").list.count == 1)
    }

    @Test("Keys that a spreadsheet would take for formulas are words in a table, and are read as they were")
    func keys() async throws {
        let bench = try await bench()
        await bench.expect("service add Storage")
        let table = "Framework,Control ID,Item,Allocation,Provider statement\nours,=1+1,@x,provider,We do.\n+theirs,-2,'=y,customer,\n"
        await bench.expect("import \(try bench.file("keys.csv", table)) --yes")
        let exported = await bench.expect("export csv -o \(bench.path)/out.csv")
        #expect(exported.exit == .done)
        let text = try String(contentsOfFile: "\(bench.path)/out.csv", encoding: .utf8)
        #expect(text.contains("ours,'=1+1,'@x,") && text.contains("'+theirs,'-2,'=y,"), "\(text)")
        #expect(await bench.expect("import \(bench.path)/out.csv --yes").output.contains("already"))
        #expect(try await bench.expect("matrix --json").list.count == 2)
    }
}
