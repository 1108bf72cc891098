import BuntanProtocol
import Merging
import Replica
import Storage
import Testing
import TestKit

@Suite("A change of a sealed space that all pass over is not shown to its author either, and is kept for it with the reason")
struct PassedOverTests {
    @Test("Of two devices that begin a record in two ways both show the one that came first")
    func begunTwice() throws {
        let sides = try TwoSides()
        let other = try sides.further(131)
        let home = try #require(try other.store.read { try $0.identity().home })
        let ids = (0..<3 as Range<UInt64>).map { RecordID(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0000 + $0) }
        for (workspace, row) in [(sides.customer, ids[1]), (other, ids[2])] {
            let cells: [CellKey: Value] = [CellKey("row"): .id(row), CellKey("text"): .text("a note")]
            _ = try workspace.commit([RecordDraft(record: ids[0], kind: "annotation", cells: cells)], in: home)
        }
        func row(_ workspace: Workspace) throws -> RecordID? {
            try workspace.store.read { try $0.shown(ids[0], in: home)?.value("row")?.bytes.flatMap { RecordID($0) } }
        }
        try #expect(row(other) == ids[2])
        for workspace in [sides.customer, other] { try sides.sync(workspace) }
        for workspace in [sides.customer, other] {
            try #expect(row(workspace) == ids[1])
        }
        #expect(try sides.customer.store.read { try $0.outbox(of: home) }.isEmpty)
        func kept() throws -> [OutboxItem] { try other.store.read { try $0.outbox(of: home) } }
        let item = try #require(try kept().first)
        try #expect(kept().count == 1 && item.list == .rejected && item.code != nil)
        #expect((0..<item.item.payload.count).contains { item.item.payload[$0]?.value == .id(ids[2]) }, "its words are there")
        // Nothing has changed that stood in its way; nor does a sync take it for sent.
        try #expect(other.retry([item.number]).isEmpty)
        try sides.sync(other)
        try #expect(kept().map(\.number) == [item.number])
        try #expect(other.discard([item.number]) == [item.number])
        try #expect(kept().isEmpty && row(other) == ids[1])
    }
}
