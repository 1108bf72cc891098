import BuntanProtocol
import Merging
import Records
import Replica
import Storage
import Syncing
import Testing
import TestKit

@Suite("States compared with the server's")
struct StateDigestTests {
    private static let day: Int64 = 24 * 3_600 * 1_000

    private static func comparisons(_ sides: TwoSides) -> Int { sides.asked.count { $0.method == .digest } }

    /// Has a store keep other texts than the log gives.
    private static func distort(_ store: any SpaceStore) {
        (store as? MemoryStore)?.distorts { update, _ in
            for (record, state) in update.records where state.kind == "comment" {
                update.records[record] = RecordState(
                    kind: state.kind, creator: state.creator,
                    cells: state.cells.map { cell in
                        guard cell.key.field == "text" else { return cell }
                        return Cell(
                            key: cell.key,
                            heads: cell.heads.map {
                                Head(op: $0.op, position: $0.position, author: $0.author, value: Value.text("x").encoded)
                            })
                    })
            }
        }
    }

    @Test("They are compared once a day, and not more often")
    func daily() throws {
        let sides = try TwoSides()
        try sides.sync(sides.customer)
        #expect(Self.comparisons(sides) == 0)
        sides.clock.advance(by: Self.day)
        let report = try sides.sync(sides.customer)
        #expect(Self.comparisons(sides) == 2 && report.compared.values.allSatisfy { $0 == .equal })
        sides.clock.advance(by: Self.day - 1)
        try sides.sync(sides.customer)
        #expect(Self.comparisons(sides) == 2)
    }

    @Test("They are compared by a program that knows more, once")
    func upgraded() throws {
        let sides = try TwoSides()
        let later = SchemaRegistry(version: SchemaRegistry.current.version + 1, kinds: SchemaRegistry.current.kinds)
        let upgraded = Workspace(
            store: sides.customer.store, clock: sides.clock, random: sides.random, keys: sides.customer.keys, schema: later)
        try sides.sync(sides.customer)
        #expect(Self.comparisons(sides) == 0)
        for _ in 0..<2 {
            try sides.sync(upgraded)
            #expect(Self.comparisons(sides) == 2)
        }
    }

    @Test("Records here that are not what the log gives are built again from it, and equal the server's then")
    func healed() throws {
        let sides = try TwoSides()
        Self.distort(sides.customer.store)
        try sides.comment("a", "b", as: sides.provider)
        try sides.sync(sides.provider)
        try sides.sync(sides.customer)
        (sides.customer.store as? MemoryStore)?.distorts(nil)
        #expect(try sides.comments(sides.customer) == ["x", "x"])
        sides.clock.advance(by: Self.day)
        #expect(try sides.sync(sides.customer).compared[sides.engagement] == .healed(records: 2))
        #expect(try sides.comments(sides.customer) == ["a", "b"])
        sides.clock.advance(by: Self.day)
        #expect(try sides.sync(sides.customer).compared[sides.engagement] == .equal)
    }

    @Test("A server whose records are not what its log gives is told of, and what is here stays")
    func otherThere() throws {
        let sides = try TwoSides()
        Self.distort(sides.store)
        try sides.comment("a", as: sides.provider)
        try sides.sync(sides.provider)
        try sides.sync(sides.customer)
        sides.clock.advance(by: Self.day)
        #expect(try sides.sync(sides.customer).compared[sides.engagement] == .otherThere(buckets: 1))
        #expect(try sides.comments(sides.customer) == ["a"])
        #expect(try sides.customer.store.read { try !$0.isFrozen(sides.engagement) })
    }

    @Test("Of logs that are not the same nothing is compared")
    func otherSize() throws {
        let sides = try TwoSides()
        sides.clock.advance(by: Self.day)
        sides.lie = { request, reply in
            guard request.method == .digest, case .answer(let bytes) = reply else { return reply }
            let answer = try DigestRequest.Answer(decoding: bytes)
            return .answer(DigestRequest.Answer(epoch: answer.epoch, size: answer.size + 1, buckets: answer.buckets.reversed()).encoded())
        }
        #expect(try sides.sync(sides.customer).compared.isEmpty)
    }
}
