import BuntanProtocol
import ChangeLog
import Exchange
import Merging
import Records
import Replica
import Storage
import Syncing
import Testing
import TestKit

@Suite("A program of an earlier schema keeps, hands on and shows what a later one wrote, and its successor knows what to make of it")
struct LaterSchemaTests {
    private static let later = SchemaRegistry(
        version: SchemaRegistry.current.version + 1,
        kinds: SchemaRegistry.current.kinds + [
            Kind(
                "verdict", sides: [.provider, .customer], spaces: [.private], key: ["row"], since: SchemaRegistry.current.version + 1,
                fields: [Field("row", .record, .writeOnce, required: true), Field("words", .text, .writeOnce, required: true)])
        ])
    private static let row = RecordID(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0001)

    private let sides: TwoSides
    private let home: SpaceID
    /// Two devices with the later program, one with the earlier.
    private let first: Workspace
    private let second: Workspace
    private let old: Workspace

    init() throws {
        let sides = try TwoSides()
        self.sides = sides
        home = try #require(try sides.customer.store.read { try $0.identity().home })
        let made = try (101...102).map { try sides.further($0) }
        try sides.sync(sides.customer)
        old = sides.customer
        first = Self.upgraded(made[0], sides)
        second = Self.upgraded(made[1], sides)
    }

    private static func upgraded(_ workspace: Workspace, _ sides: TwoSides) -> Workspace {
        Workspace(store: workspace.store, clock: sides.clock, random: sides.random, keys: workspace.keys, schema: later)
    }

    private func say(_ words: String, _ workspace: Workspace) throws -> RecordID {
        let draft = RecordDraft(
            space: home, kind: "verdict", key: [("row", .id(Self.row))], cells: [CellKey("words"): .text(words)])
        _ = try workspace.commit([draft], in: home)
        return draft.record
    }

    private func state(_ record: RecordID, _ workspace: Workspace) throws -> [UInt8]? {
        try workspace.store.read { try $0.shown(record, in: home)?.encoded() }
    }

    @Test("What came by file is handed over by a program that does not know the kind")
    func handedOn() throws {
        let record = try say("sound", first)
        let organisation = try old.store.read { try $0.identity().organisation }
        let outcome = try old.apply(first.bundle(for: organisation).bundle)
        #expect(outcome.kept == 1 && outcome.refused.isEmpty)
        #expect(try sides.sync(old).relayed == [home: 1])
        for workspace in [first, second, old] { try sides.sync(workspace) }
        #expect(try first.store.read { try $0.outbox(of: home) }.isEmpty)
        for workspace in [second, old] { try #expect(state(record, workspace) == state(record, first)) }
    }

    @Test("What only the later program can judge it judges itself, once it is there, in a log that the earlier one took")
    func judgedAnew() throws {
        // Of two first words only one can stand, which a program that knows no rule for the kind cannot tell.
        let record = try say("sound", first)
        #expect(try say("unsound", second) == record)
        for workspace in [first, second, first, old] { try sides.sync(workspace) }
        let right = try #require(try state(record, first))
        try #expect(state(record, second) == right)
        try #expect(state(record, old) != right)
        try sides.sync(old)
        try #expect(state(record, old) != right)

        let upgraded = Self.upgraded(old, sides)
        try sides.sync(upgraded)
        try #expect(state(record, upgraded) == right)
        #expect(try upgraded.proveRecords(repairing: false).isEmpty)
        #expect(try upgraded.store.read { try $0.outbox(of: home) }.isEmpty, "others' words are theirs to keep")
    }

    @Test("What its author had shown while an earlier program kept the store is kept as refused once it is passed over")
    func ownJudgedAnew() throws {
        let record = try say("sound", first)
        #expect(try say("unsound", second) == record)
        let downgraded = Workspace(store: second.store, clock: sides.clock, random: sides.random, keys: second.keys)
        for workspace in [first, downgraded] { try sides.sync(workspace) }
        try #expect(state(record, downgraded) != state(record, first))
        #expect(try second.store.read { try $0.outbox(of: home) }.isEmpty)

        try sides.sync(second)
        try #expect(state(record, second) == state(record, first))
        let kept = try second.store.read { try $0.outbox(of: home) }
        let item = try #require(kept.first)
        #expect(kept.count == 1 && item.list == .rejected && item.code != nil)
        #expect((0..<item.item.payload.count).contains { item.item.payload[$0]?.value == .text("unsound") })
        // Given up, it stays so.
        _ = try second.discard([item.number])
        #expect(try second.proveRecords(repairing: true).isEmpty)
        try sides.sync(second)
        #expect(try second.store.read { try $0.outbox(of: home) }.isEmpty)
    }
}
