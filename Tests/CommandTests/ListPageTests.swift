import Foundation
import Interchange
import Testing

@testable import ClientCLI

@Suite("Lists, as people read them")
struct ListPageTests {
    @Test("Lists have heads over their columns, in both languages", arguments: [("en", ["RELEASE", "STATE"]), ("ja", ["公開版", "状態"])])
    func heads(language: String, words: [String]) async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            for command in ["services", "releases", "devices", "engagements", "invite --list"] {
                let page = await bench.expect("\(command) --lang \(language)", store: "provider").output
                let lines = page.split(separator: "\n")
                #expect(lines.count == 2 && words.contains { lines[0].contains($0) }, "\(command): \(page)")
            }
        }
    }

    @Test("engagements tells counterpart, service, rows, agreement, and since when, for people and programs")
    func engagements() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await AgreementCommandTests.ready(bench, at: server)
            let before = try #require(try await bench.expect("engagements --json", store: "customer").list.first)
            #expect(before["agreement"] is NSNull)
            let signed = try await AgreementCommandTests.sign(bench, "customer")
            let short = try #require(try signed.item["agreementShort"] as? String)
            let page = await bench.expect("engagements", store: "customer").output
            for word in ["Example Cloud", "Object Storage", "3 agreed", "\(short) half-signed", "confirmed", "20"] {
                #expect(page.contains(word), "\(word): \(page)")
            }
            let item = try #require(try await bench.expect("engagements --json", store: "customer").list.first)
            #expect(item["service"] as? String == "object-storage")
            #expect((item["rows"] as? [String: Int])?["agreed"] == 3)
            #expect((item["agreement"] as? [String: String])?["status"] == "half-signed")
            #expect((item["since"] as? String)?.hasSuffix("Z") == true)
        }
    }

    @Test("--exit-code tells of every list whether there was anything on it")
    func exitCodes() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        for command in ["services", "engagements"] { await bench.expect("\(command) --exit-code") }
        await bench.expect("service add Storage")
        await bench.expect("services --exit-code", exit: .found)
        await bench.expect("devices --exit-code", exit: .found)
    }

    @Test("--fields picks and orders columns for people too, says what was cut, and leaves alone what is shown this once")
    func fields() async throws {
        let bench = try CommandBench()
        let made = await bench.expect("init --org Example --fields fingerprint")
        #expect(made.output.contains("Recovery code"))
        await bench.expect("service add Storage --name-ja ストレージ")
        #expect(await bench.expect("services --fields name,handle").output == "name     handle\nStorage  storage\n")
        #expect(await bench.expect("services --fields name --lang ja").output == "name\nストレージ\n")
        #expect(
            await bench.expect("store --fields version,spaces").output.split(separator: "\n").map { $0.prefix(8) } == [
                "version ", "spaces  ",
            ])
        #expect(try await bench.expect("services --fields nothing --json", exit: .usage).code == "unknown-field")
        let table = try bench.file("rows.csv", "Control ID,Allocation\nA-1,shared\nA-2,provider\n")
        await bench.expect("import \(table) --framework own")
        let cut = await bench.expect("matrix --fields row.controlId --limit 1").output
        #expect(cut.hasPrefix("row.controlId\nA-1\n") && cut.contains("--after "), "\(cut)")
    }

    @Test("A list that was cut says how many of how many it shows")
    func cut() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        let table = try bench.file("rows.csv", "Control ID,Allocation\nA-1,shared\nA-2,provider\nA-3,provider\n")
        await bench.expect("import \(table) --framework own")
        #expect(await bench.expect("list responsibility --limit 2").output.contains("2 of 3 records shown (--limit)."))
        #expect(!(await bench.expect("list responsibility --limit 3").output.contains("shown")))
    }

    @Test("A preview shows every value that the others would see")
    func preview() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage --model iaas")
        let table = try bench.file(
            "rows.csv", "Control ID,Allocation,Provider statement (en),Customer action (en)\nA-1,shared,We keep a copy.,Keep another.\n")
        await bench.expect("import \(table) --framework own")
        let page = await bench.expect("preview --as public").output
        for value in ["A-1", "shared", "We keep a copy.", "Keep another.", "Storage", "iaas"] {
            #expect(page.contains(value), "\(value): \(page)")
        }
    }
}
