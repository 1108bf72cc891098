import BuntanProtocol
import ChangeLog
import Merging
import Records
import Replica
import Storage
import Syncing
import Testing
import TestKit

/// A store whose keys are lost goes on under new ones, with what the lost device had not sent in its outbox.
@Suite("What waits in the outbox when a store goes on under new keys")
struct LostKeysTests {
    private struct CutShort: Error {}

    @Test("Nothing is written on it until a log has it: everybody would pass over that for good", arguments: [true, false])
    func unsent(isSealed: Bool) throws {
        let sides = try TwoSides()
        let store = MemoryStore(indexing: StateIndexing())
        let founding = try Workspace.found(name: ["en": "Sannin"], label: "pc", store: store, clock: sides.clock, random: sides.random)
        try store.write { try $0.setServer(KnownServer(address: "https://sync.example")) }
        let lost = Workspace(store: store, clock: sides.clock, random: sides.random, keys: founding.device)
        let service = try lost.addService(name: ["en": "Mail"], cells: [:])
        let space = isSealed ? service.draft : service.service
        try sides.sync(lost)
        let first = row("12.3.1", "first", in: space)
        _ = try lost.commit([first], in: space)
        var draw = SeededRandom(seed: 31)
        let keys = DeviceKeys(random: &draw)
        try lost.replaceDevice(with: keys, label: "pc 2", root: founding.root) {}
        let new = Workspace(store: store, clock: sides.clock, random: sides.random, keys: keys)
        // The log has heard of the new keys, and not yet of what waits.
        sides.intercept = { if $0.method == .push { throw CutShort() } else { nil } }
        #expect(throws: CutShort.self) { try sides.sync(new) }
        #expect(try sides.standing(space, new)?.rights.capabilities(of: keys.device) == .all)
        let second = row("12.3.1", "second", in: space)
        #expect(throws: WorkspaceFault.unsentUnderLostKeys(first.record)) { try new.commit([second], in: space) }
        #expect(throws: WorkspaceFault.unsentUnderLostKeys(first.record)) {
            try new.commit([RecordDraft(record: first.record, kind: first.kind, cells: [.life: .bool(false)])], in: space)
        }
        #expect(try store.read { try $0.outboxPlaces(of: space).count } == 1)
        // Beside it anything is.
        _ = try new.commit([row("5.1.1", "beside", in: space)], in: space)

        sides.intercept = { _ in nil }
        #expect(try sides.sync(new).rejected.isEmpty)
        _ = try new.commit([second], in: space)
        #expect(try sides.sync(new).rejected.isEmpty)
        let shown = try #require(try store.read { try $0.record(first.record, in: space) })
        #expect(shown.conflicts.isEmpty && shown.text("providerStatement", "en") == "second")
        #expect(try new.proveRecords(repairing: false).isEmpty)
        #expect(try store.read { try $0.outboxPlaces(of: nil).isEmpty })
    }

    @Test("What is sealed with a key that nobody has lost leaves a store that has no longer any, and who could give it is told")
    func sealed() throws {
        let sides = try TwoSides()
        let store = MemoryStore(indexing: StateIndexing())
        let founding = try Workspace.found(name: ["en": "Sannin"], label: "pc", store: store, clock: sides.clock, random: sides.random)
        try store.write { try $0.setServer(KnownServer(address: "https://sync.example")) }
        let lost = Workspace(store: store, clock: sides.clock, random: sides.random, keys: founding.device)
        let service = try lost.addService(name: ["en": "Mail"], cells: [:])
        try sides.sync(lost)
        _ = try lost.commit([row("12.3.1", "first", in: service.draft)], in: service.draft)
        var draw = SeededRandom(seed: 32)
        let keys = DeviceKeys(random: &draw)
        try lost.replaceDevice(with: keys, label: "pc 2", root: founding.root) {}
        // Its keys are gone, and with them those of the sealed spaces.
        try store.write { transaction in
            for key in try transaction.spaceKeys(of: [service.draft]).all(of: service.draft) {
                try transaction.setValue(nil, for: StoredName.spaceKey(service.draft, key.epoch))
            }
        }
        let new = Workspace(store: store, clock: sides.clock, random: sides.random, keys: keys)
        let report = try sides.sync(new)
        #expect(report.rejected.isEmpty && report.keyAwaited.isEmpty)
        #expect(try store.read { try $0.outboxPlaces(of: service.draft).isEmpty })
    }

    private func row(_ control: String, _ text: String, in space: SpaceID) -> RecordDraft {
        RecordDraft(
            space: space, kind: "responsibility", key: RowKey(framework: "iso27017-2015", controlId: control).fields,
            cells: [CellKey("providerStatement", "en"): .text(text)])
    }
}
