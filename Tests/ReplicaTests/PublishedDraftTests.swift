import BuntanProtocol
import ChangeLog
import Records
import Replica
import Storage
import Syncing
import Testing
import TestKit

@Suite("How much of a draft differs from what is published is told without reading either while nothing has come since")
struct PublishedDraftTests {
    private let sides: TwoSides
    private var provider: Workspace { sides.provider }

    init() throws {
        sides = try TwoSides()
        try write(["1", "2", "3"], "first")
        _ = try provider.publish(sides.service, label: "1", message: nil)
    }

    private func write(_ controls: [String], _ text: String) throws {
        let drafts = controls.map { control in
            RecordDraft(
                space: sides.service.draft, kind: "responsibility", key: RowKey(framework: "f", controlId: control).fields,
                cells: [CellKey("providerStatement", "en"): .text(text)])
        }
        _ = try provider.commit(drafts, in: sides.service.draft)
    }

    /// How much differs, and whether any row was read for that.
    private func drafted() throws -> (count: Int?, hasRead: Bool) {
        let store = try #require(provider.store as? MemoryStore)
        var count: Int?
        let read = try store.statesRead { reader in
            let service = try #require(try StoreDirectory(reader).services.first { $0.service == sides.service.service })
            count = try provider.drafted(in: service, reader)?.count
        }
        return (count, (read["responsibility"] ?? 0) > 0)
    }

    private func expect(_ count: Int, hasRead: Bool, _ when: Comment) throws {
        let found = try drafted()
        #expect(found.count == count && found.hasRead == hasRead, when)
    }

    @Test("Right after a publish, once it has been sent, and when devices come and go")
    func unread() throws {
        try expect(0, hasRead: false, "not sent yet")
        try sides.sync(provider)
        try expect(0, hasRead: false, "sent")
        var draw = SeededRandom(seed: 77)
        let keys = DeviceKeys(random: &draw)
        let organisation = try provider.store.read { try $0.identity().organisation }
        try provider.enrol(
            device: keys.device, sealingKey: keys.sealing.publicKey, proof: keys.enrolmentProof(for: organisation), label: "laptop",
            capabilities: .all)
        try sides.sync(provider)
        try expect(0, hasRead: false, "a device more")
    }

    @Test("What is drafted since is counted, sent or not, and what was drafted back is not; the next publish counts anew")
    func read() throws {
        try sides.sync(provider)
        try write(["2"], "second")
        try expect(1, hasRead: true, "drafted")
        try sides.sync(provider)
        try expect(1, hasRead: true, "sent")
        try write(["2"], "first")
        try expect(0, hasRead: true, "drafted back")
        try write(["1", "3"], "third")
        _ = try provider.publish(sides.service, label: "2", message: nil)
        try expect(0, hasRead: false, "published")
    }

    @Test("A drafted change that was refused since, or another name of the organisation, is not overlooked")
    func looksAgain() throws {
        try provider.store.write { transaction in
            let place = try #require(try transaction.outboxPlaces(of: sides.service.draft).last)
            try transaction.moveInOutbox(place.number, to: .rejected, code: .invalid, detail: nil)
        }
        #expect(try drafted().hasRead, "what was refused is in no draft")
        _ = try provider.publish(sides.service, label: "2", message: nil)
        try expect(0, hasRead: false, "published")
        _ = try provider.renameOrganisation(to: ["en": "Example Cloud & Co."])
        #expect(try drafted().hasRead, "the name leaves with the next publish")
    }
}
