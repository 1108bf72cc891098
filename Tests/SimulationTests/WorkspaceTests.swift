import BuntanProtocol
import ChangeLog
import Merging
import Records
import Replica
import Simulation
import Storage
import Syncing
import TestKit
import Testing

/// What a workspace makes of drafts, and of pages that hold little.
@Suite("A workspace alone") struct WorkspaceTests {
    private static let row = RowKey(framework: "iso27017-2015", controlId: "12.3.1")

    private static func draft(_ space: SpaceID, _ cells: [CellKey: Value]) -> RecordDraft {
        RecordDraft(space: space, kind: "responsibility", key: row.fields, cells: cells)
    }

    private struct Desk {
        let workspace: Workspace
        let service: ProvidedService
        var id: RecordID { WorkspaceTests.row.responsibility(in: service.draft) }

        init() throws {
            let world = World(seed: 4)
            workspace = try world.found("Example Cloud K.K.")
            service = try workspace.addService(name: ["en": "Object Storage"], cells: [:])
            _ = try workspace.commit(
                [draft(service.draft, [CellKey("allocation"): .text("shared"), CellKey("customerAction", "en"): .text("Keep a copy.")])],
                in: service.draft)
        }

        var state: RecordState? { get throws { try workspace.store.read { try $0.shown(id, in: service.draft) } } }
    }

    @Test("A deletion takes away every cell in view, and nothing is left that would look edited elsewhere")
    func deletion() throws {
        let desk = try Desk()
        let deletion = RecordDraft(record: desk.id, kind: "responsibility", cells: [.life: .bool(false)])
        _ = try desk.workspace.commit([deletion], in: desk.service.draft)
        #expect(try desk.state?.standing == .deleted)
        #expect(try desk.workspace.commit([deletion], in: desk.service.draft).isEmpty)
    }

    @Test("A row that is gone from the draft is gone from what is published, and comes back with the draft")
    func publishedDeletion() throws {
        let desk = try Desk()
        let published = Self.row.responsibility(in: desk.service.service)
        _ = try desk.workspace.publish(desk.service, label: "1", message: nil)
        _ = try desk.workspace.commit(
            [RecordDraft(record: desk.id, kind: "responsibility", cells: [.life: .bool(false)])], in: desk.service.draft)
        _ = try desk.workspace.publish(desk.service, label: "2", message: nil)
        #expect(try desk.workspace.store.read { try $0.shown(published, in: desk.service.service)?.standing } == .deleted)
        _ = try desk.workspace.commit([Self.draft(desk.service.draft, [CellKey("allocation"): .text("provider")])], in: desk.service.draft)
        _ = try desk.workspace.publish(desk.service, label: "3", message: nil)
        #expect(try desk.workspace.store.read { try $0.shown(published, in: desk.service.service)?.isAlive } == true)
    }

    @Test("Two drafts of one record in one write follow one another and are no conflict")
    func sameRecordTwice() throws {
        let desk = try Desk()
        _ = try desk.workspace.commit(
            ["provider", "customer"].map { Self.draft(desk.service.draft, [CellKey("allocation"): .text($0)]) }, in: desk.service.draft)
        #expect(try desk.state?.conflicts.isEmpty == true)
        #expect(try desk.state?.text("allocation") == "customer")
    }

    @Test("A record that was deleted while another device edited it is restored with its key")
    func restoration() throws {
        let world = World(seed: 5)
        let office = try world.found("Kaisha K.K.")
        try world.sync(office)
        let service = try office.addService(name: ["en": "Object Storage"], cells: [:])
        _ = try office.commit([Self.draft(service.draft, [CellKey("allocation"): .text("shared")])], in: service.draft)
        try world.sync(office)
        let laptop = try world.furtherDevice(of: office, label: "laptop")
        let id = Self.row.responsibility(in: service.draft)
        _ = try office.commit([RecordDraft(record: id, kind: "responsibility", cells: [.life: .bool(false)])], in: service.draft)
        _ = try laptop.commit([Self.draft(service.draft, [CellKey("allocation"): .text("provider")])], in: service.draft)
        for device in [office, laptop, office] { try world.sync(device) }
        #expect(try office.store.read { try $0.shown(id, in: service.draft)?.standing } == .deletedHereEditedThere)
        #expect(throws: WorkspaceFault.severalValues(id, .life)) {
            try office.commit([Self.draft(service.draft, [CellKey("allocation"): .text("customer")])], in: service.draft)
        }
        let seen = try #require(try office.store.read { try $0.shown(id, in: service.draft)?.allHeads })
        let stale = try office.store.write { try office.settleLife(of: id, in: service.draft, restoring: true, seen: [], $0) }
        #expect(stale == nil)
        _ = try office.store.write { try office.settleLife(of: id, in: service.draft, restoring: true, seen: seen, $0) }
        let state = try office.store.read { try $0.shown(id, in: service.draft) }
        #expect(state?.isAlive == true)
        #expect(state.flatMap { RowKey($0) } == Self.row)
        #expect(state?.text("allocation") == "provider", "the edit stands, not what the deletion took away")
    }

    @Test("A draft replaces no values that stand beside one another, except as a copy of what was chosen elsewhere")
    func severalValues() throws {
        let world = World(seed: 7)
        let office = try world.found("Kaisha K.K.")
        try world.sync(office)
        let service = try office.addService(name: ["en": "Object Storage"], cells: [:])
        _ = try office.commit([Self.draft(service.draft, [:])], in: service.draft)
        try world.sync(office)
        let laptop = try world.furtherDevice(of: office, label: "laptop")
        _ = try office.commit([Self.draft(service.draft, [CellKey("allocation"): .text("shared")])], in: service.draft)
        _ = try laptop.commit([Self.draft(service.draft, [CellKey("allocation"): .text("provider")])], in: service.draft)
        for device in [office, laptop, office] { try world.sync(device) }
        let id = Self.row.responsibility(in: service.draft)
        var draft = Self.draft(service.draft, [CellKey("allocation"): .text("provider")])
        #expect(throws: WorkspaceFault.severalValues(id, CellKey("allocation"))) { try office.commit([draft], in: service.draft) }
        let deletion = RecordDraft(record: id, kind: "responsibility", cells: [.life: .bool(false)])
        #expect(throws: WorkspaceFault.severalValues(id, CellKey("allocation"))) { try office.commit([deletion], in: service.draft) }
        // Another cell of the same record is nobody's conflict.
        _ = try office.commit([Self.draft(service.draft, [CellKey("customerAction", "en"): .text("Keep a copy.")])], in: service.draft)
        #expect(try office.store.read { try $0.shown(id, in: service.draft)?.conflicts.count } == 1)
        draft.replacesSeveral = true
        _ = try office.commit([draft], in: service.draft)
        #expect(try office.store.read { try $0.shown(id, in: service.draft)?.conflicts.isEmpty } == true)
    }

    @Test("A short id is as long as it must be to be found again, with an index or without one")
    func shortIDs() throws {
        let desk = try Desk()
        let home = try #require(try desk.workspace.store.read { try $0.identity().home })
        // Two ids whose first four letters are the same.
        var seen: [String: RecordID] = [:]
        var pair: [RecordID] = []
        for low in UInt64(1)...1_000_000 {
            let id = RecordID(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0000 | low)
            let letters = String(ShortID.letters(of: id).prefix(4))
            if let other = seen[letters] {
                pair = [other, id]
                break
            }
            seen[letters] = id
        }
        let drafts = pair.map {
            RecordDraft(record: $0, kind: "annotation", cells: [CellKey("row"): .id(desk.id), CellKey("text"): .text("a")])
        }
        _ = try desk.workspace.commit(drafts, in: home)
        try desk.workspace.store.read { reader in
            let index = try StoreIndex(reader)
            for id in pair {
                let short = try reader.shortID(of: .record(id))
                #expect(short.count > 4)
                #expect(short == index.short(id))
                #expect(index.find(short) == .one(.record(id)))
            }
            #expect(index.find(String(ShortID.letters(of: pair[0]).prefix(4))) != .one(.record(pair[0])))
        }
    }

    @Test("Nothing is begun on a device where the organisation's own records have not arrived")
    func homeMissing() throws {
        let world = World(seed: 8)
        let office = try world.found("Kaisha K.K.")
        let store = MemoryStore(indexing: StateIndexing())
        var draw = SeededRandom(seed: 9)
        let keys = DeviceKeys(random: &draw)
        let organisation = try office.store.read { try $0.identity().organisation }
        try Workspace.enter(organisation: organisation, serverAddress: "https://sync.example", keys: keys, store: store)
        let laptop = Workspace(store: store, clock: office.clock, random: office.random, keys: keys)
        #expect(throws: WorkspaceFault.homeNotArrived) { try laptop.addService(name: ["en": "Object Storage"], cells: [:]) }
        #expect(try store.read { try $0.spaces() }.isEmpty)
    }

    @Test("A page with nothing in it changes nothing")
    func emptyPage() throws {
        let world = World(seed: 6)
        let office = try world.found("Kaisha K.K.")
        try world.sync(office)
        let home = try #require(try office.store.read { try $0.identity().home })
        let size = try office.store.read { try $0.standing(of: home)?.size }
        var session = SyncSession(office)
        while let request = try session.next() {
            guard request.method == .heads else {
                try session.take(try world.answer(request))
                continue
            }
            // More is announced than the pull will find.
            try session.take(.answer(HeadsAnswer(heads: [SpaceHead(space: home, epoch: 1, size: 99)]).encoded()))
        }
        #expect(try office.store.read { try $0.standing(of: home)?.size } == size)
        #expect((office.store as? MemoryStore)?.violations.isEmpty == true)
    }

    /// Enrols a device and returns it in a store of its own, not synced yet.
    private static func enrol(_ label: String, by admin: Workspace, _ world: World) throws -> Workspace {
        var chance = SeededRandom(seed: UInt64(world.random.below(1 << 40)))
        let keys = DeviceKeys(random: &chance)
        let organisation = try admin.store.read { try $0.identity().organisation }
        try admin.enrol(
            device: keys.device, sealingKey: keys.sealing.publicKey, proof: keys.enrolmentProof(for: organisation), label: label,
            capabilities: .all)
        let store = MemoryStore(indexing: StateIndexing())
        try Workspace.enter(organisation: organisation, serverAddress: "https://sync.example", keys: keys, store: store)
        return Workspace(store: store, clock: world.clock, random: world.random, keys: keys)
    }

    private static func notes(_ workspace: Workspace) throws -> Int {
        try workspace.store.read { reader in
            guard let home = try StoreDirectory(reader).home(reader) else { return 0 }
            return try reader.records(of: "annotation", in: home, after: nil, limit: 9).count
        }
    }

    @Test("Two admin devices that enrol one device each, offline, both have their way, and all read what is sealed")
    func enrolledApart() throws {
        let world = World(seed: 7)
        let office = try world.found("Kaisha K.K.")
        try world.sync(office)
        let laptop = try world.furtherDevice(of: office, label: "laptop")
        let home = try #require(try office.store.read { try $0.identity().home })
        _ = try office.commit([office.note(on: Self.row.responsibility(in: home), text: "sealed")], in: home)
        let phone = try Self.enrol("phone", by: office, world)
        let tablet = try Self.enrol("tablet", by: laptop, world)
        for device in [office, laptop, office, phone, tablet] { try world.sync(device) }
        #expect(try Self.notes(phone) == 1)
        #expect(try Self.notes(tablet) == 1)
        // Whoever heard of it from the log goes on from there.
        let watch = try Self.enrol("watch", by: phone, world)
        for device in [phone, watch] { try world.sync(device) }
        #expect(try Self.notes(watch) == 1)
    }

    @Test("A device that was enrolled while another began a sealed space is given its key by the next sync that can")
    func keyOfLaterSpace() throws {
        let world = World(seed: 8)
        let office = try world.found("Example Cloud K.K.")
        try world.sync(office)
        let laptop = try world.furtherDevice(of: office, label: "laptop")
        let phone = try Self.enrol("phone", by: office, world)
        try world.sync(office)
        let service = try laptop.addService(name: ["en": "Object Storage"], cells: [:])
        _ = try laptop.commit([Self.draft(service.draft, [CellKey("allocation"): .text("shared")])], in: service.draft)
        for device in [laptop, laptop, phone] { try world.sync(device) }
        let id = Self.row.responsibility(in: service.draft)
        #expect(try phone.store.read { try $0.shown(id, in: service.draft)?.text("allocation") } == "shared")
    }

    @Test("A service begun beside an enrolment moves to the server, although another device's enrolment came first")
    func begunApart() throws {
        let world = World(seed: 11)
        let office = try world.found("Example Cloud K.K.")
        try world.sync(office)
        let laptop = try world.furtherDevice(of: office, label: "laptop")
        let phone = try Self.enrol("phone", by: laptop, world)
        let service = try laptop.addService(name: ["en": "Object Storage"], cells: [:])
        _ = try laptop.commit([Self.draft(service.draft, [CellKey("allocation"): .text("shared")])], in: service.draft)
        let tablet = try Self.enrol("tablet", by: office, world)
        for device in [office, laptop, office, phone, tablet] { try world.sync(device) }
        let id = Self.row.responsibility(in: service.draft)
        for device in [office, phone, tablet] {
            #expect(try device.store.read { try $0.shown(id, in: service.draft)?.text("allocation") } == "shared")
        }
    }

    @Test("An enrolment made after a registration whose answer was lost reaches the server")
    func registeredUnheard() throws {
        let world = World(seed: 12)
        let office = try world.found("Kaisha K.K.")
        var session = SyncSession(office)
        while let request = try session.next() {
            let reply = try world.answer(request)
            // The process ends before it has heard.
            if request.method == .register { break }
            try session.take(reply)
        }
        let phone = try Self.enrol("phone", by: office, world)
        for device in [office, phone] { try world.sync(device) }
        #expect(try phone.store.read { try $0.spaces() }.isEmpty == false)
    }

    @Test("A store that comes back from a copy made before a space moved finds the log that the server has")
    func movedSince() throws {
        let world = World(seed: 9)
        let office = try world.found("Kaisha K.K.")
        let copy = try #require(office.store as? MemoryStore).clone()
        try world.sync(office)
        world.clock.jump(by: 5_000)
        let restored = Workspace(store: copy, clock: office.clock, random: office.random, keys: office.keys)
        let report = try world.sync(restored)
        #expect(report.fellBack.isEmpty)
        let home = try #require(try office.store.read { try $0.identity().home })
        #expect(
            try restored.store.read { try $0.standing(of: home)?.frontier } == office.store.read { try $0.standing(of: home)?.frontier })
    }

    @Test("A store copied before a space moved that has gone another way with it keeps what was typed, says so, and syncs the rest")
    func divergedCopy() throws {
        let world = World(seed: 12)
        let office = try world.found("Example Cloud K.K.")
        try world.sync(office)
        let service = try office.addService(name: ["en": "Object Storage"], cells: [:])
        let store = try #require(office.store as? MemoryStore).clone()
        let copy = Workspace(store: store, clock: office.clock, random: office.random, keys: office.keys)
        for (workspace, value) in [(office, "shared"), (copy, "provider")] {
            _ = try workspace.commit([Self.draft(service.draft, [CellKey("allocation"): .text(value)])], in: service.draft)
        }
        let home = try #require(try copy.store.read { try $0.identity().home })
        let row = Self.row.responsibility(in: service.draft)
        try world.sync(office)
        for round in 1...2 {
            _ = try copy.commit([copy.note(on: row, text: "note \(round)")], in: home)
            let report = try world.sync(copy)
            #expect(report.unmoved.map(\.0) == [service.draft])
            #expect(report.unmoved.first?.code == .baseMismatch)
            #expect(report.fellBack.isEmpty && report.frozen.isEmpty)
            #expect(try copy.store.read { try $0.shown(row, in: service.draft)?.text("allocation") } == "provider")
            try world.sync(office)
            #expect(try office.store.read { try $0.records(of: "annotation", in: home, after: nil, limit: 9).count } == round)
        }
        #expect(try office.store.read { try $0.shown(row, in: service.draft)?.text("allocation") } == "shared")
    }

    @Test("A draft whose key has not come is not published as if its rows were gone")
    func unreadableDraft() throws {
        let world = World(seed: 10)
        let office = try world.found("Example Cloud K.K.")
        let service = try office.addService(name: ["en": "Object Storage"], cells: [:])
        _ = try office.commit([Self.draft(service.draft, [CellKey("allocation"): .text("shared")])], in: service.draft)
        _ = try office.publish(service, label: "1", message: nil)
        try world.sync(office)
        let laptop = try world.furtherDevice(of: office, label: "laptop")
        try laptop.store.write { try $0.setValue(nil, for: StoredName.spaceKey(service.draft, 1)) }
        #expect(throws: WorkspaceFault.noSpaceKey(service.draft)) { _ = try laptop.publish(service, label: "2", message: nil) }
    }
}
