import BuntanProtocol
import Foundation
import Records
import Replica
import Storage
import Testing

@testable import ClientCLI

@Suite("Remarks: comment and note")
struct RemarkCommandTests {
    private func remarks(_ engaged: EngagedBench, _ row: String, _ member: String, store: String = "customer") async throws -> [String] {
        let shown = await engaged.bench.expect("show \(row) --json", store: store)
        let item = try #require((try shown.json["items"] as? [[String: Any]])?.first)
        return (item[member] as? [[String: Any]])?.compactMap { $0["text"] as? String } ?? []
    }

    @Test("A remark is named by the id under which it is listed, shown and taken away from then on")
    func ids() async throws {
        let engaged = try await EngagedBench()
        for command in ["comment", "note"] {
            let said = await engaged.bench.expect("\(command) AC-2 words_of_\(command)", store: "customer").output
            let kind = command == "note" ? "annotation" : "comment"
            let listed = try await engaged.bench.expect("list \(kind) --json", store: "customer").list
            let short = try #require(listed.first?["short"] as? String)
            #expect(said.contains(short), "\(said)")
            let item = try await engaged.bench.expect("\(command) AC-2 more --json", store: "customer").item
            let again = try #require(item["recordShort"] as? String)
            await engaged.bench.expect("delete \(again) -m not_so --yes", store: "customer")
        }
    }

    @Test(
        "A family takes no remark: the error counts its rows, names them, and says how to say which; nothing is written",
        arguments: ["comment", "note"])
    func families(command: String) async throws {
        let engaged = try await EngagedBench()
        let refused = await engaged.bench.expect("\(command) ac why --json", store: "customer", exit: .usage)
        #expect(try refused.code == "several-rows")
        #expect(try refused.json["candidates"] as? [String] == ["ac-2", "ac-2.5"])
        #expect(refused.errors.contains("ac stands for 2 rows") && refused.errors.contains("like ac-2"), "\(refused.errors)")
        for (row, member) in [("ac-2", "comments"), ("ac-2", "notes"), ("ac-2.5", "comments"), ("ac-2.5", "notes")] {
            #expect(try await remarks(engaged, row, member) == [])
        }
        let japanese = await engaged.bench.expect("\(command) ac why --lang ja", store: "customer", exit: .usage)
        #expect(japanese.errors.contains("acは2行に当たります"), "\(japanese.errors)")
    }

    @Test("Where a control has items, each is named alone, the main one too")
    func items() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        for item in ["main", "retention"] {
            await bench.expect(
                "edit responsibility --set framework=f --set controlId=12.3.1 --set itemKey=\(item) --set allocation=shared")
        }
        let refused = await bench.expect("note 12.3.1 why --json", exit: .usage)
        let names = try #require(try refused.json["candidates"] as? [String])
        #expect(names == ["12.3.1/main", "12.3.1/retention"])
        for name in names {
            let written = try await bench.expect("note \(name) why --json").item
            #expect((written["rows"] as? [[String: Any]])?.compactMap { $0["itemKey"] as? String } == [String(name.dropFirst(7))])
        }
    }

    @Test("Of many rows twenty are named, and the command that lists them all")
    func many() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        let lines = (1...30).map { "f,A-\($0),shared\n" }.joined()
        let table = try bench.file("rows.csv", "Framework,Control ID,Allocation\n" + lines)
        await bench.expect("import \(table) --yes")
        let refused = await bench.expect("note a why --json", exit: .usage)
        #expect((try refused.json["candidates"] as? [String])?.count == 20)
        #expect(try refused.json["next"] as? String == "buntan matrix a")
        #expect(refused.errors.contains("a stands for 30 rows"))
    }

    @Test("A remark about a remark is about the same row; one about any other record is shown with it")
    func others() async throws {
        let engaged = try await EngagedBench()
        await engaged.bench.expect("comment ac-2 why", store: "customer")
        let item = try #require(
            (try await engaged.bench.expect("show ac-2 --json", store: "customer").json["items"] as? [[String: Any]])?.first)
        let first = try #require((item["comments"] as? [[String: Any]])?.first?["short"] as? String)
        await engaged.bench.expect("comment \(first) again", store: "customer")
        await engaged.bench.expect("note \(first) privately", store: "customer")
        #expect(try await remarks(engaged, "ac-2", "comments") == ["why", "again"])
        #expect(try await remarks(engaged, "ac-2", "notes") == ["privately"])
        let release = try #require(
            (try await engaged.bench.expect("releases --json", store: "customer").json["items"] as? [[String: Any]])?.first?["short"]
                as? String)
        await engaged.bench.expect("comment \(release) thanks", store: "customer")
        #expect(try await remarks(engaged, release, "comments") == ["thanks"])
        #expect(await engaged.bench.expect("show 2026.1", store: "customer").output.contains("thanks"))
    }

    @Test("What the counterpart does not see takes notes, not comments")
    func privately() async throws {
        let engaged = try await EngagedBench()
        let home = try #require(
            (try await engaged.bench.expect("list party --json", store: "customer").json["items"] as? [[String: Any]])?
                .first { $0["visibility"] as? String == "private" }?["short"] as? String)
        let refused = await engaged.bench.expect("comment \(home) why --json", store: "customer", exit: .refused)
        #expect(try refused.code == "not-shared")
        await engaged.bench.expect("note \(home) why", store: "customer")
        #expect(try await remarks(engaged, home, "notes") == ["why"])
    }
}
