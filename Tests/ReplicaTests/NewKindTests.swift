import BuntanProtocol
import Merging
import Records
import Replica
import Storage
import TestKit
import Testing

@Suite("A kind is data: one that is added is written, listed, merged and resolved without code of its own")
struct NewKindTests {
    private static let visit = Kind(
        "site-visit", sides: [.provider, .customer], spaces: [.private], key: nil,
        fields: [
            Field("heldOn", .date, required: true), Field("host", .text, .languages), Field("countries", .country, .set),
            Field("length", .duration),
        ])
    private static let schema = SchemaRegistry(
        version: SchemaRegistry.current.version + 1,
        kinds: SchemaRegistry.current.kinds + [visit, visit.items("guests", [Field("guest", .string, required: true)])])

    @Test("Its fields take values of their types, its list items, and both come back as written")
    func written() throws {
        let world = try NewKindWorld(schema: Self.schema)
        let kind = try #require(Self.schema.kind("site-visit"))
        let guests = try #require(Self.schema.lists(of: "site-visit").first)
        let id = world.workspace.newRecordID()
        let edited = try world.edit(
            id, kind, ["heldOn=2026-7-1", "host/ja=東京", "countries+=jp,sg", "length=2h"],
            lists: [
                ListAssignment(kind: guests, .adding([ListAssignment.Item([FieldAssignment(field: "guest", content: .value("Sato"))])]))
            ])
        #expect(edited.isNew && edited.lists == ["guests"])
        let state = try #require(try world.state(id))
        #expect(state.text("heldOn") == "2026-07-01" && state.text("length") == "PT2H")
        #expect(state[CellKey("countries", "SG")]?.state.filled?.isTrue == true)
        let items = try world.workspace.store.read { try $0.items(of: id, kind: guests, in: world.home) }
        #expect(items.map { $0.shown.text("guest") } == ["Sato"])
        #expect(throws: RecordFault.self) { try world.edit(id, kind, ["heldOn=tomorrow"]) }
        #expect(throws: RecordFault.self) { try world.edit(world.workspace.newRecordID(), kind, ["length=2h"]) }
    }

    @Test("Two values of a field written beside one another are a conflict, which naming both settles, and it is deleted like any other")
    func conflicted() throws {
        let world = try NewKindWorld(schema: Self.schema)
        let kind = try #require(Self.schema.kind("site-visit"))
        let id = world.workspace.newRecordID()
        try world.edit(id, kind, ["heldOn=2026-07-01", "host/en=Sato"])
        let cell = CellKey("host", "en")
        let seen = try #require(try world.state(id)?[cell]?.heads.map(\.op))
        // As another device would have written it, which had seen what this one had.
        try world.write(id, cell, .text("Mori"), over: seen)
        try world.write(id, cell, .text("Abe"), over: seen)
        let conflict = try #require(try world.state(id)?.conflicts.first)
        #expect(conflict.key == cell && conflict.heads.compactMap { $0.value?.value.text }.sorted() == ["Abe", "Mori"])
        #expect(throws: RecordFault.self) { try world.edit(id, kind, ["host/en=Ito"]) }
        try world.write(id, cell, .text("Mori"), over: conflict.heads.map(\.op))
        #expect(try world.state(id)?.conflicts.isEmpty == true && world.state(id)?.text("host", "en") == "Mori")

        let deleted = try world.workspace.store.write { transaction in
            try world.workspace.delete(try world.workspace.target(id, kind: kind, in: world.home, transaction), transaction)
        }
        #expect(try world.state(id)?.standing == .deleted && !deleted.changes.isEmpty)
    }

    @Test("A field that is added to a kind is written, read back and refused where it cannot be, beside the fields there were")
    func field() throws {
        let risk = try #require(SchemaRegistry.current.kind("risk"))
        let longer = Kind(
            risk.name, sides: risk.sides, spaces: risk.spaces, key: risk.key, fields: risk.fields + [Field("regions", .country, .set)])
        let kinds = SchemaRegistry.current.kinds.map { $0.name == risk.name ? longer : $0 }
        let world = try NewKindWorld(schema: SchemaRegistry(version: SchemaRegistry.current.version + 1, kinds: kinds))
        let id = world.workspace.newRecordID()
        try world.edit(id, longer, ["title/en=Flood", "regions+=jp,sg"])
        #expect(try world.state(id)?.text("title", "en") == "Flood")
        #expect(try world.state(id)?[CellKey("regions", "JP")]?.state.filled?.isTrue == true)
        try world.edit(id, longer, ["regions-=jp"])
        #expect(try world.state(id)?[CellKey("regions", "JP")]?.state.filled?.isTrue != true)
        #expect(throws: RecordFault.self) { try world.edit(id, longer, ["regions+=nowhere"]) }
        let former = try NewKindWorld(schema: .current)
        #expect(throws: (any Error).self) { try former.edit(former.workspace.newRecordID(), risk, ["title/en=Flood", "regions+=jp"]) }
    }

    @Test("A program that does not know it makes nothing of it")
    func unknown() throws {
        let world = try NewKindWorld(schema: .current)
        #expect(throws: (any Error).self) { try world.edit(world.workspace.newRecordID(), Self.visit, ["heldOn=2026-07-01"]) }
    }
}

/// An organisation's own space on a store in memory, with a registry of its own.
private struct NewKindWorld {
    let workspace: Workspace
    let home: SpaceID

    init(schema: SchemaRegistry) throws {
        let store = MemoryStore(indexing: StateIndexing())
        let clock = TestClock()
        let random = TestRandom(seed: 5)
        let founding = try Workspace.found(name: ["en": "Example"], label: "office-pc", store: store, clock: clock, random: random)
        workspace = Workspace(store: store, clock: clock, random: random, keys: founding.device, schema: schema)
        home = try workspace.store.read { reader in try StoreDirectory(reader).home(reader) ?? SpaceID(high: 0, low: 0) }
    }

    /// Writes a cell over some of its values, as a device does that has seen those alone.
    func write(_ id: RecordID, _ cell: CellKey, _ value: Value, over seen: [OpID]) throws {
        try workspace.store.write { transaction in
            let edit = Edit(record: id, kind: "site-visit", ops: [Op(cell: cell, predecessors: seen)])
            _ = try workspace.commit([(edit, [value])], in: home, transaction)
        }
    }

    func state(_ id: RecordID) throws -> RecordState? { try workspace.store.read { try $0.shown(id, in: home) } }

    @discardableResult
    func edit(_ id: RecordID, _ kind: Kind, _ settings: [String], lists: [ListAssignment] = []) throws -> Edited {
        let assignments = try settings.map { try #require(FieldAssignment(typed: $0)) }
        return try workspace.store.write { transaction in
            let target = try workspace.target(id, kind: kind, in: home, transaction)
            return try workspace.edit(target, assignments, lists: lists, transaction)
        }
    }
}
