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
