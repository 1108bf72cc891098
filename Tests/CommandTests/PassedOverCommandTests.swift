import BuntanProtocol
import Records
import Replica
import Storage
import Testing

@testable import ClientCLI

@Suite("A note that everybody who reads it passes over, at the terminal")
struct PassedOverCommandTests {
    @Test("It stands as refused with its reason; sent again it is written anew with this device's keys, or stays where nothing changed")
    func retry() async throws {
        let engaged = try await EngagedBench()
        try engaged.secondDevice()
        // Two devices begin one record, each about another row: no program of ours draws one id twice, a copied store does.
        let id = RecordID(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0007)
        for (name, row) in [("customer", UInt64(1)), ("laptop", 2)] {
            let workspace = try engaged.open(name)
            let home = try #require(try workspace.store.read { try $0.identity().home })
            let cells: [CellKey: Value] = [
                CellKey("row"): .id(RecordID(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0100 + row)),
                CellKey("text"): .text("note \(row)"),
            ]
            _ = try workspace.commit([RecordDraft(record: id, kind: "annotation", cells: cells)], in: home)
        }
        let bench = engaged.bench
        await bench.expect("note AU-4 before", store: "laptop")
        for name in ["customer", "laptop"] { try engaged.sync(name) }
        let listed = try await bench.expect("outbox --json", store: "laptop").list
        #expect(listed.count == 1 && listed.first?["state"] as? String == "refused" && listed.first?["code"] is String)
        let again = await bench.expect("outbox retry", store: "laptop")
        #expect(again.output.contains("1 change would be refused again as things stand and stays here."), "\(again.output)")
        #expect(try await bench.expect("outbox retry --json", store: "laptop").item["retried"] as? [Int] == [])
        let japanese = await bench.expect("outbox retry --lang ja", store: "laptop")
        #expect(japanese.output.contains("1件の変更は今の状態ではまた拒否される"), "\(japanese.output)")
        #expect(try await bench.expect("outbox --json", store: "laptop").list.count == 1)
        await bench.expect("outbox discard --yes", store: "laptop")
        #expect(try await bench.expect("outbox --json", store: "laptop").list.isEmpty)
        // What changes nothing is nothing to undo: the step before it is.
        let undone = await bench.expect("undo --yes", store: "laptop")
        #expect(undone.output.contains("1 record removed"), "\(undone.output)")
        #expect(!(await bench.expect("show AU-4", store: "laptop")).output.contains("before"))
    }
}
