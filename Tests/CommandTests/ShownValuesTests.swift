import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Storage
import Testing

@testable import ClientCLI

@Suite("Nothing that anybody typed is replaced unseen")
struct ShownValuesTests {
    /// Two devices of the customer have proposed different things on two rows without seeing one another.
    private func torn() async throws -> EngagedBench {
        let engaged = try await EngagedBench()
        try engaged.secondDevice()
        for row in ["au-4", "ca-8"] {
            await engaged.bench.expect("propose \(row) --allocation shared", store: "customer")
            await engaged.bench.expect("propose \(row) --allocation provider", store: "laptop")
        }
        for store in ["customer", "laptop", "customer"] { try engaged.sync(store) }
        return engaged
    }

    @Test("Conflicts come in the order of the rows")
    func inOrder() async throws {
        let engaged = try await EngagedBench()
        try engaged.secondDevice()
        for row in ["ca-8", "ac-2(5)", "au-4", "ac-2"] {
            await engaged.bench.expect("propose \(row) --allocation shared", store: "customer")
            await engaged.bench.expect("propose \(row) --allocation provider", store: "laptop")
        }
        for store in ["customer", "laptop", "customer"] { try engaged.sync(store) }
        let items = try #require(try await engaged.bench.expect("conflicts --json", store: "customer").json["items"] as? [[String: Any]])
        let controls = items.filter { $0["field"] as? String == "allocation" }.compactMap {
            ($0["row"] as? [String: Any])?["controlId"] as? String
        }
        #expect(controls == EngagedBench.rows)
    }

    private func allocations(_ engaged: EngagedBench, _ row: String) async throws -> Set<String> {
        let items = try #require(try await engaged.bench.expect("conflicts --json", store: "customer").json["items"] as? [[String: Any]])
        let heads = items.filter { ($0["row"] as? [String: Any])?["controlId"] as? String == row }.flatMap {
            $0["heads"] as? [[String: Any]] ?? []
        }
        return Set(heads.compactMap { $0["value"] as? String })
    }

    @Test(
        "accept and propose leave several own values alone and name where they are chosen",
        arguments: ["accept au-4", "propose au-4 --allocation customer", "propose au-4 --withdraw"])
    func positions(line: String) async throws {
        let engaged = try await torn()
        let refused = await engaged.bench.expect(line + " --json", store: "customer", exit: .refused)
        #expect(try refused.code == "field-conflicting")
        #expect(try refused.json["next"] as? String == "buntan conflicts au-4")
        #expect(refused.errors.contains("allocation of AU-4 has several values"), "\(refused.errors)")
        #expect(try await allocations(engaged, "AU-4") == ["shared", "provider"])
        // A row without several values beside it is taken.
        await engaged.bench.expect("accept ac-2", store: "customer")
    }

    @Test("Of many rows those with several values are counted, and none is written")
    func many() async throws {
        let engaged = try await torn()
        let refused = await engaged.bench.expect("accept --where allocation=customer --yes --json", store: "customer", exit: .refused)
        #expect(try refused.code == "rows-conflicting")
        #expect(refused.errors.contains("2 of these rows"))
        #expect(try await engaged.bench.expect("status --json", store: "customer").item["pending"] as? Int == 0)
        let japanese = await engaged.bench.expect("accept --where allocation=customer --yes --lang ja", store: "customer", exit: .refused)
        #expect(japanese.errors.contains("このうち2行には自分の値が複数あります"))
    }

    @Test("What is chosen in resolve may then be written over")
    func afterwards() async throws {
        let engaged = try await torn()
        let items = try #require(
            try await engaged.bench.expect("conflicts au-4 --json", store: "customer").json["items"] as? [[String: Any]])
        let seen = try #require(items.first?["seen"] as? String)
        await engaged.bench.expect("resolve au-4 allocation --take 1 --seen \(seen)", store: "customer")
        // A choice among several values has nothing that could come back alone, and says so.
        let refused = await engaged.bench.expect("undo --json", store: "customer", exit: .refused)
        #expect(try refused.code == "undo-choice" && refused.errors.contains("several values"), "\(refused.errors)")
        let typed = await engaged.bench.expect("resolve ca-8 allocaton --take 1 --json", store: "customer", exit: .usage)
        #expect(try typed.code == "unknown-field-of-kind" && typed.errors.contains("allocation"), "\(typed.errors)")
        await engaged.bench.expect("propose au-4 --allocation customer", store: "customer")
    }

    @Test("A conflict in what the program alone writes stands in nobody's way: accepting again settles it")
    func computed() async throws {
        let engaged = try await EngagedBench()
        try engaged.secondDevice()
        await engaged.bench.expect("accept au-4", store: "customer")
        // The other device has read other words of the provider when it accepts the same value.
        await engaged.bench.expect("edit responsibility au-4 --set providerStatement/en=More. -s object-storage", store: "provider")
        await engaged.bench.expect("publish 2 -m words -s object-storage", store: "provider")
        try engaged.sync("provider")
        try engaged.sync("laptop")
        await engaged.bench.expect("accept au-4", store: "laptop")
        for store in ["laptop", "customer"] { try engaged.sync(store) }
        let conflicts = await engaged.bench.expect("conflicts --plain --fields field", store: "customer")
        #expect(conflicts.output == "field\naccepts\n")
        let shown = await engaged.bench.expect("conflicts", store: "customer").output
        #expect(shown.contains("accepted the provider's words as they stood ("), "\(shown)")
        #expect(!shown.contains(/[0-9a-f]{20}/), "\(shown)")
        await engaged.bench.expect("accept au-4", store: "customer")
        #expect(await engaged.bench.expect("conflicts", store: "customer").output == "No field has several values.\n")
    }

    // MARK: a deletion that met an edit

    private func life(_ engaged: EngagedBench) async throws -> [String: Any] {
        let items = try #require(try await engaged.bench.expect("conflicts --json", store: "customer").json["items"] as? [[String: Any]])
        #expect(items.count == 1)
        return try #require(items.first)
    }

    @Test("A deletion met by an edit is counted, shown with both devices, and names both choices")
    func shownLife() async throws {
        let engaged = try await EngagedBench.halved()
        #expect(try await engaged.bench.expect("status --json", store: "customer").item["conflicts"] as? Int == 1)
        let item = try await life(engaged)
        #expect(item["field"] as? String == "@life")
        #expect((item["row"] as? [String: Any])?["controlId"] as? String == "AU-4")
        let edits = try #require(item["edits"] as? [[String: Any]])
        #expect(edits.contains { $0["field"] as? String == "customerStatement" && $0["value"] as? String == "Ours." })
        let seen = try #require(item["seen"] as? String)
        let shown = await engaged.bench.expect("conflicts", store: "customer")
        for words in [
            "deleted on one device, edited on another", "office-pc (this device)", "field-laptop", "customerStatement/en: Ours.",
            "buntan resolve au-4 --delete --seen \(seen)", "buntan resolve au-4 --restore --seen \(seen)",
        ] { #expect(shown.output.contains(words), "\(words)\n\(shown.output)") }
        #expect(await engaged.bench.expect("conflicts --lang ja", store: "customer").output.contains("一方の端末で削除、他方で編集"))
        // Nothing else may write over it meanwhile.
        for line in ["accept au-4", "delete au-4 -m again"] {
            await engaged.bench.expect(line, store: "customer", exit: .refused)
        }
        let field = await engaged.bench.expect("resolve au-4 @life --value true --seen \(seen) --json", store: "customer", exit: .refused)
        #expect(try field.code == "deleted-and-edited")
        #expect(try await life(engaged)["seen"] as? String == seen)
    }

    @Test("--restore keeps the edit and brings back what the deletion took away")
    func restore() async throws {
        let engaged = try await EngagedBench.halved()
        let seen = try #require(try await life(engaged)["seen"] as? String)
        #expect(
            try await engaged.bench.expect("resolve au-4 --restore --seen aaaa --json", store: "customer", exit: .refused).code
                == "seen-changed")
        #expect(try await engaged.bench.expect("resolve au-4 --restore --json", store: "customer", exit: .usage).code == "seen-missing")
        let kept = await engaged.bench.expect("resolve au-4 --restore --seen \(seen)", store: "customer")
        #expect(kept.output.contains("AU-4 is kept."))
        #expect(await engaged.bench.expect("conflicts", store: "customer").output == "No field has several values.\n")
        for store in ["customer", "laptop"] { try engaged.sync(store) }
        for store in ["customer", "laptop"] {
            let row = await engaged.bench.expect("show au-4", store: store)
            #expect(row.output.contains("shared") && row.output.contains("Ours."), "\(row.output)")
        }
    }

    @Test("--delete takes the edit away as well, now that it has been shown")
    func delete() async throws {
        let engaged = try await EngagedBench.halved()
        let seen = try #require(try await life(engaged)["seen"] as? String)
        let gone = await engaged.bench.expect("resolve au-4 --delete --seen \(seen)", store: "customer")
        #expect(gone.output.contains("AU-4 is deleted."))
        for store in ["customer", "laptop"] { try engaged.sync(store) }
        #expect(await engaged.bench.expect("conflicts", store: "laptop").output == "No field has several values.\n")
        #expect(!(await engaged.bench.expect("show au-4", store: "laptop").output.contains("customerStatement/en: Ours.")))
    }

    @Test("Another edit between showing and choosing stops the choice")
    func race() async throws {
        let engaged = try await EngagedBench.halved()
        let seen = try #require(try await life(engaged)["seen"] as? String)
        await engaged.bench.expect("edit responsibility-position au-4 --set customerStatement/ja=当社", store: "laptop", exit: .refused)
        let workspace = try engaged.open("laptop")
        let engagement = try engaged.engagement("laptop")
        let id = RowKey(framework: "nist-800-53r4", controlId: "AU-4").position(of: .customer, in: engagement.space)
        let edit = Edit(record: id, kind: "responsibility-position", ops: [Op(cell: CellKey("customerStatement", "ja"), predecessors: [])])
        _ = try workspace.store.write { try workspace.commit([(edit, [Value.text("当社")])], in: engagement.space, $0) }
        for store in ["laptop", "customer"] { try engaged.sync(store) }
        for choice in ["--delete", "--restore"] {
            let late = await engaged.bench.expect("resolve au-4 \(choice) --seen \(seen) --json", store: "customer", exit: .refused)
            #expect(try late.code == "seen-changed")
        }
    }

    @Test("delete refuses a record with several values, and names where they are chosen")
    func deletion() async throws {
        let engaged = try await torn()
        let refused = await engaged.bench.expect("delete au-4 -m gone --json", store: "customer", exit: .refused)
        #expect(try refused.code == "field-conflicting")
        #expect(try refused.json["next"] as? String == "buntan conflicts au-4")
        #expect(try await allocations(engaged, "AU-4") == ["shared", "provider"])
    }
}
