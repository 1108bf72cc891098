import Foundation
import SampleWorkbooks
import Testing

@testable import ClientCLI

@Suite("What leaves, and what documents of one's own are not")
struct ShareSafeTests {
    private static func provider(_ rows: String) async throws -> CommandBench {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        await bench.expect("import \(try bench.file("rows.csv", rows)) --yes")
        return bench
    }

    @Test("The text of a row as a document had it leaves while the row says it; what was taken out of the row leaves with no release")
    func redacted() async throws {
        let bench = try await Self.provider(
            "Control ID,Allocation,Customer action\nAC-1,customer,Old SECRET words.\nAC-2,customer,Open words.\n")
        let edits = [["ac-1", "Old SECRET words."], ["ac-2", "Open words."]]
        for edit in edits {
            let made = await bench.run("edit", "responsibility", edit[0], "--set", "foundText=\(edit[1])")
            #expect(made.exit == .done, "\(made.errors)")
        }
        await bench.expect("publish 1 -m first --yes")
        #expect(await bench.expect("export json --audience public").output.contains("SECRET"))
        await bench.expect("edit responsibility ac-1 --set customerAction/en=New_words.")
        for audience in ["counterpart", "public"] {
            let preview = await bench.expect("preview --as \(audience) --json")
            #expect(!preview.output.contains("SECRET"), "\(audience)")
            let held = try #require(try preview.item["heldBack"] as? [[String: Any]])
            #expect(held.contains { $0["field"] as? String == "foundText" && $0["count"] as? Int == 1 }, "\(held)")
        }
        await bench.expect("publish 2 -m second --yes")
        for audience in ["counterpart", "public"] {
            let out = await bench.expect("export json --audience \(audience)").output
            #expect(!out.contains("SECRET") && out.contains("\"foundText\": \"Open words.\""), "\(out)")
        }
        // One's own draft keeps it, to write the workbook as it was found.
        #expect(await bench.expect("export json").output.contains("SECRET"))
    }

    @Test(
        "Columns under words that say for whom they are stay private, in any table",
        arguments: ["社外秘メモ", "事業者の対応（部外秘）", "利用者の対応(機密)", "Provider statement (private)", "NDA notes", "取扱注意", "Not for customers"])
    func marked(head: String) async throws {
        let bench = try await Self.provider("管理策番号,責任区分,件名,\(head)\n12.3.1,共有,控え,SECRET\n")
        await bench.expect("publish 1 -m first --yes")
        let out = await bench.expect("export json --audience public").output
        #expect(!out.contains("SECRET"), "\(head)")
        #expect(try await bench.expect("list annotation --json").list.count == 1)
    }

    @Test("What a control asks is no name of it: the text of a standard becomes a note")
    func requirement() async throws {
        let text = "情報、ソフトウェア及びシステムイメージのバックアップは、合意された方針に従って取得しなければならない。SECRET"
        let bench = try await Self.provider("管理策番号,管理策,責任区分\n12.3.1,\(text),共有\n12.4.1,イベントログ取得,共有\n")
        await bench.expect("publish 1 -m first --yes")
        let out = await bench.expect("export json --audience public").output
        #expect(!out.contains("SECRET") && out.contains("イベントログ取得"))
        #expect(await bench.expect("list annotation --json").output.contains("SECRET"))
    }

    @Test("A preview for an engagement shows what the next release would, as one of the service does")
    func previewed() async throws {
        let engaged = try await EngagedBench()
        await engaged.bench.expect("edit responsibility au-4 --set providerStatement/en=Tomorrow.", store: "provider")
        for scope in ["-s object-storage", "-e kaisha"] {
            let words = ["preview", "--as", "counterpart"] + scope.split(separator: " ").map(String.init)
            let preview = await engaged.bench.run(words, store: "provider")
            #expect(preview.output.contains("Tomorrow."), "\(scope) \(preview.errors)")
        }
    }

    @Test("A customer's answers and a statement of applicability are no matrix, and are named with what takes them")
    func noMatrix() async throws {
        let engaged = try await EngagedBench()
        let bench = engaged.bench
        await bench.expect("accept --where state=open --yes", store: "customer")
        try engaged.syncBoth()
        let folder = bench.path + "/plans"
        let made = await bench.run("export", "oscal", "-e", "kaisha", "-o", folder, store: "provider")
        #expect(made.exit == .done, "\(made.errors)")
        let answers = await bench.run("import", folder + "/customer-ssp.json", "--json", store: "provider")
        #expect(try answers.code == "file-customers-plan")
        let told = await bench.run("reconcile", folder + "/provider-ssp.json", folder + "/customer-ssp.json", store: "provider")
        #expect(told.exit == .done, "\(told.output)")

        await bench.expect("soa start --position both --yes", store: "provider")
        for language in ["en", "ja"] {
            let path = "\(bench.path)/soa-\(language).xlsx"
            await bench.expect("export soa -o \(path) --lang \(language)", store: "provider")
            let statement = await bench.run("import", path, "--json", store: "provider")
            #expect(try statement.code == "file-statement", "\(statement.output)\(statement.errors)")
        }
    }

    @Test("One undo takes back an import of several documents, with all that was kept of them")
    func undone() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        let files = try (1...3).map { number in
            try bench.file(
                "\(number).json",
                #"{"component-definition": {"metadata": {"title": "T\#(number)"}, "components": [{"title": "C\#(number)", "control-implementations": [{"source": "x", "implemented-requirements": [{"uuid": "11111111-0000-4000-8000-00000000000\#(number)", "control-id": "ac-\#(number)", "description": "We do."}]}]}]}}"#
            )
        }
        #expect(await bench.run(["import", "--yes"] + files).exit == .done)
        #expect(try await bench.expect("list kept-document --json").list.count == 3)
        await bench.expect("undo --yes")
        // Two files that say the same are kept once.
        let twice = try bench.file("again.json", String(contentsOfFile: files[0], encoding: .utf8).replacing(": ", with: ":  "))
        #expect(await bench.run("import", "--yes", files[0], twice).exit == .done)
        #expect(try await bench.expect("list kept-document --json").list.count == 1)
        await bench.expect("undo --yes")
        #expect(try await bench.expect("list kept-document --json").list.isEmpty)
        #expect(try await bench.expect("matrix --json").list.isEmpty)
    }
}
