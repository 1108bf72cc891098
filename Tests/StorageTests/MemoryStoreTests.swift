import BuntanProtocol
import ChangeLog
import Storage
import Synchronization
import Syncing
import TestKit
import Testing

@Suite("The store in memory finds broken promises")
struct MemoryStoreTests {
    /// Applies an update that was tampered with and expects the store to say so.
    private func expectBroken(_ name: String, _ tamper: (inout SpaceUpdate, inout SampleLog) throws -> Void) throws {
        let store = MemoryStore()
        var log = try SampleLog()
        try store.write { [log] in try $0.apply(log.beginning) }
        var update = try log.writing([.sample(1): "text"])
        try tamper(&update, &log)
        #expect(throws: BrokenPromise.self, "\(name)") { try store.write { [update] in try $0.apply(update) } }
        #expect(store.violations.count == 1, "\(name)")
        #expect(try store.read { try $0.standing(of: log.space)?.size } == 2, "\(name)")
    }

    private func replacing(_ entry: NewEntry, position: Int? = nil, leaf: Digest? = nil, author: Int?? = nil, records: [RecordID]? = nil)
        -> NewEntry
    {
        NewEntry(
            position: position ?? entry.position, bytes: entry.bytes, leaf: leaf ?? entry.leaf, payload: entry.payload,
            change: entry.change,
            author: author ?? entry.author, records: records ?? entry.records)
    }

    @Test("An update that does not fit its log is refused")
    func updates() throws {
        try expectBroken("position") { update, _ in update.entries[0] = replacing(update.entries[0], position: 3) }
        try expectBroken("leaf") { update, _ in update.entries[0] = replacing(update.entries[0], leaf: SHA.empty) }
        try expectBroken("author") { update, _ in update.entries[0] = replacing(update.entries[0], author: .some(nil)) }
        try expectBroken("untouched record") { update, _ in update.entries[0] = replacing(update.entries[0], records: []) }
        try expectBroken("record twice") { update, _ in
            update.entries[0] = replacing(update.entries[0], records: [.sample(1), .sample(1)])
        }
        try expectBroken("frontier") { update, _ in update.standing.frontier = LogFrontier() }
        try expectBroken("tiles") { update, _ in update.tiles = [:] }
        try expectBroken("torn tile") { update, _ in update.tiles[TileID(level: 0, index: 0)]?.removeLast() }
        try expectBroken("no entries") { update, _ in update.entries = [] }
        try expectBroken("silent rights") { update, log in
            let rights = try log.settingCapabilities([.read, .admin]).standing.rights
            update.standing.rights = rights
        }
    }

    @Test("A transaction inside another, of any kind, is found out and begins nothing")
    func nesting() throws {
        let store = MemoryStore()
        #expect(throws: BrokenPromise.self) { try store.write { _ in try store.write { try $0.setValue([1], for: "inner") } } }
        #expect(throws: BrokenPromise.self) { try store.write { _ in try store.read { try $0.value("inner") } } }
        #expect(throws: BrokenPromise.self) { try store.read { _ in try store.write { try $0.setValue([1], for: "inner") } } }
        #expect(throws: BrokenPromise.self) { try store.read { _ in try store.read { try $0.value("inner") } } }
        #expect(store.violations.count == 4)
        #expect(try store.read { try $0.value("inner") } == nil)
    }

    @Test("A transaction kept beyond its closure does nothing, and a reading one cannot write")
    func escaping() throws {
        let store = MemoryStore()
        var kept: (any StoreWriter)?
        try store.write { kept = $0 }
        let writer = try #require(kept)
        #expect(throws: BrokenPromise.self) { try writer.setValue([1], for: "name") }
        #expect(throws: BrokenPromise.self) { try writer.value("name") }
        try store.read { reader in
            let writer = try #require(reader as? any StoreWriter)
            #expect(throws: BrokenPromise.self) { try writer.setValue([1], for: "name") }
        }
        #expect(store.violations.count == 3)
    }

    @Test("A broken promise is kept even if its error is swallowed")
    func swallowed() throws {
        let store = MemoryStore()
        try store.write { _ = try? $0.records(of: "kind", in: SpaceID(high: 1, low: 1), after: nil, limit: 0) }
        #expect(store.violations.count == 1)
    }

    @Test("A crash before the commit leaves nothing, one after it everything", arguments: CrashPoint.allCases)
    func crashes(_ point: CrashPoint) throws {
        let store = MemoryStore()
        try store.write { try $0.setValue([1], for: "name") }
        let asked = Mutex<[CrashPoint]>([])
        store.crashes { here in
            asked.withLock { $0.append(here) }
            return here == point
        }
        #expect(throws: SimulatedCrash(point: point)) { try store.write { try $0.setValue([2], for: "name") } }
        store.crashes(when: nil)
        #expect(try store.read { try $0.value("name") } == [point == .beforeCommit ? 1 : 2])
        #expect(asked.withLock { $0 } == (point == .beforeCommit ? [.beforeCommit] : [.beforeCommit, .afterCommit]))
        try store.write { try $0.setValue([3], for: "name") }
        #expect(store.violations == [])
    }

    @Test("A clone goes its own way")
    func clones() throws {
        let store = MemoryStore()
        var log = try SampleLog()
        try store.write { [log] in try $0.apply(log.beginning) }
        let clone = store.clone()
        let update = try log.writing([.sample(1): "text"])
        try store.write { try $0.apply(update) }
        #expect(try store.read { try $0.standing(of: log.space)?.size } == 3)
        #expect(try clone.read { try $0.standing(of: log.space)?.size } == 2)
        try clone.write { try $0.apply(update) }
        #expect(try clone.read { try $0.history(of: .sample(1), in: log.space) } == [2])
    }
}
