import BuntanProtocol
import ChangeLog
import Exchange
import Storage
import Syncing
import Testing
import TestKit

@Suite("Auditors, at a server that has lost something")
struct AuditorLossTests {
    private typealias Scene = AuditorTests.Scene

    /// The server on a backup that was taken before `lost`, and what it lost.
    private static func fallenBack(
        _ scene: Scene, losing lost: () throws -> Void
    ) throws -> (store: MemoryStore, registrar: Registrar, entries: [CarriedEntry], note: String) {
        let bench = scene.bench
        let backup = bench.store.clone()
        try lost()
        let entries = try bench.store.read { try $0.entries(of: scene.engagement, from: 0, maxBytes: .max) }
            .map { CarriedEntry(entry: $0.bytes, payload: $0.payload) }
        let note = try bench.pull(scene.engagement, as: scene.customer.admin).get().note
        let mark = bench.mark
        let fallen = try backup.read { try FallenBack.reconcile($0, with: mark) }
        return (backup, Registrar(identity: bench.identity, policy: bench.policy, mark: mark, frozen: fallen), entries, note)
    }

    @Test(
        "A grant or an end that a backup lacks holds again once the log is given back, and the readings with it", arguments: [true, false])
    func restored(grants: Bool) throws {
        let scene = try Scene()
        let bench = scene.bench
        if !grants { _ = try scene.grant(by: scene.provider) }
        let (store, registrar, entries, note) = try Self.fallenBack(scene) {
            _ = grants ? try scene.grant(by: scene.provider) : try scene.say(.endReader(scene.auditor.id), by: scene.provider)
            let change = try bench.change(in: scene.engagement, by: scene.customer.admin.signing, "later")
            _ = try bench.call(PushRequest(space: scene.engagement, changes: [change]), as: scene.customer.admin).get()
        }
        let held = try #require(try store.read { try $0.standing(of: scene.engagement) }).size
        // Page by page: what ends a grant may stand before the page that makes the log whole.
        for end in held + 1...entries.count {
            var request = ReplayRequest(space: scene.engagement, from: end - 1, entries: [entries[end - 1]], note: note)
            if end < entries.count {
                request = ReplayRequest(
                    space: scene.engagement, from: end - 1, entries: [entries[end - 1]], note: note,
                    proof: try bench.store.read { reader in
                        let source = try reader.source(of: scene.engagement)
                        return try LogTiles.consistencyProof(from: end, to: entries.count) { try source.tile($0) }
                    })
            }
            let (status, body) = try registrar.answer(
                method: "replay", body: request.encoded(), token: try bench.signIn(scene.customer.admin).get(), now: bench.now, store: store
            )
            #expect(status == 200, "\(String(describing: try? ErrorAnswer(decoding: body)))")
        }
        #expect(try store.read { try Readership.differences($0, besides: []) }.isEmpty)
        for space in [scene.engagement, scene.service] {
            #expect(try store.read { try $0.mayRead(space, scene.auditor.id, at: bench.now) } == grants)
        }
    }

    @Test("A service that is given back keeps its readers, whom its own log does not name")
    func restoredService() throws {
        let scene = try Scene()
        let bench = scene.bench
        _ = try scene.grant(by: scene.provider)
        let backup = bench.store.clone()
        let change = try bench.change(in: scene.service, by: scene.provider.admin.signing, "later")
        _ = try bench.call(PushRequest(space: scene.service, changes: [change]), as: scene.provider.admin).get()
        let page = try bench.pull(scene.service, as: scene.provider.admin).get()
        let mark = bench.mark
        let fallen = try backup.read { try FallenBack.reconcile($0, with: mark) }
        let registrar = Registrar(identity: bench.identity, policy: bench.policy, mark: mark, frozen: fallen)
        let from = page.entries.count - 1
        let request = ReplayRequest(space: scene.service, from: from, entries: [page.entries[from]], note: page.note)
        let (status, _) = try registrar.answer(
            method: "replay", body: request.encoded(), token: try bench.signIn(scene.customer.admin).get(), now: bench.now, store: backup)
        #expect(status == 200)
        #expect(try backup.read { try Readership.differences($0, besides: []) }.isEmpty)
        for reader in [scene.customer, scene.other, scene.auditor] {
            #expect(try backup.read { try $0.mayRead(scene.service, reader.id, at: bench.now) })
        }
    }

    @Test("An epoch that begins without a grant begins without its auditor, until whoever granted it gives it back")
    func reopened() throws {
        let scene = try Scene()
        let bench = scene.bench
        // The store holds something else than the mark where the grant stands: it goes back to before.
        let before = MarkedPlace(try bench.standing(scene.engagement))
        _ = try scene.grant(by: scene.provider)
        let granted = try bench.standing(scene.engagement)
        let (entry, path) = try bench.store.read { reader in
            let source = try reader.source(of: scene.engagement)
            return (
                try #require(try reader.entries(of: scene.engagement, from: before.size, maxBytes: .max).first),
                try LogTiles.inclusionProof(position: before.size, size: granted.size) { try source.tile($0) }
            )
        }
        let note = try bench.pull(scene.engagement, as: scene.customer.admin).get().note
        let mark = MemoryMark()
        mark.advance([scene.engagement: before], chains: [:])
        mark.advance([scene.engagement: MarkedPlace(epoch: 0, size: granted.size, root: SHA.digest([9]))], chains: [:])
        let fallen = try bench.store.read { try FallenBack.reconcile($0, with: mark) }
        let registrar = Registrar(identity: bench.identity, policy: bench.policy, mark: mark, frozen: fallen)
        let reopening = try bench.store.write { try registrar.reopen(scene.engagement, at: bench.now, $0) }
        try mark.take(reopening)
        #expect(reopening.cut == 1)
        #expect(try bench.store.read { try Readership.differences($0, besides: []) }.isEmpty)
        #expect(try bench.store.read { try $0.readingEnd(of: scene.service, by: scene.auditor.id) } == nil)

        let proof = SalvageProof(position: before.size, size: granted.size, path: path, note: note)
        let item = PushedItem.salvaged(CarriedEntry(entry: entry.bytes, payload: nil), proof: proof.encoded())
        let request = PushRequest(space: scene.engagement, items: [item])
        let (status, body) = try registrar.answer(
            method: "push", body: request.encoded(), token: try bench.signIn(scene.customer.admin).get(), now: bench.now,
            store: bench.store)
        #expect(status == 200)
        guard case .accepted = try VerdictsAnswer(decoding: body).verdicts.first else { throw Refusal(.invalid) }
        #expect(try bench.store.read { try Readership.differences($0, besides: []) }.isEmpty)
        #expect(try bench.store.read { try $0.mayRead(scene.service, scene.auditor.id, at: bench.now) })
    }
}
