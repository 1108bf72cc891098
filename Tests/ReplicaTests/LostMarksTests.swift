import BuntanProtocol
import ChangeLog
import Exchange
import Merging
import Replica
import Storage
import Syncing
import Testing
import TestKit

/// The marks lie beside the store so that a backup does not bring them back; people restore whole folders all the same.
@Suite("A server whose marks came back with its store, or are lost")
struct LostMarksTests {
    /// Two comments, a copy of the disk and of the marks, and another comment that only the customer has seen signed.
    private func scene() throws -> (sides: TwoSides, backup: MemoryStore, marks: MemoryMark) {
        let sides = try TwoSides()
        try sides.comment("one", "two", as: sides.customer)
        try sides.sync(sides.customer)
        try sides.sync(sides.provider)
        let (backup, marks) = (sides.store.clone(), MemoryMark())
        marks.advance(sides.mark.places(), chains: sides.mark.chains())
        try sides.comment("three", as: sides.customer)
        try sides.sync(sides.customer)
        return (sides, backup, marks)
    }

    private func entries(_ store: some SpaceStore, _ space: SpaceID) throws -> [StoredEntry] {
        try store.read { try $0.entries(of: space, from: 0, maxBytes: .max) }
    }

    private func expectWhole(_ sides: TwoSides, _ comments: [String], location: SourceLocation = #_sourceLocation) throws {
        let held = try entries(sides.store, sides.engagement)
        for workspace in [sides.provider, sides.customer] {
            try #expect(entries(workspace.store, sides.engagement) == held, sourceLocation: location)
            try #expect(sides.comments(workspace) == comments, sourceLocation: location)
        }
        try #expect(sides.store.read { try LogRebuild.check(sides.engagement, $0) }.isEmpty, sourceLocation: location)
        #expect(sides.store.violations.isEmpty, sourceLocation: location)
    }

    @Test("Marks from the backup say that nothing is lost; the first who holds more shows the server's own word for it, and heals it")
    func restoredWhole() throws {
        let (sides, backup, marks) = try scene()
        let before = try entries(sides.store, sides.engagement)
        try sides.restart(on: backup, marks: marks)
        #expect(sides.registrar.frozen.isEmpty)
        try sides.comment("four", as: sides.customer)
        let report = try sides.sync(sides.customer)
        #expect(report.restoredThere == [sides.engagement: 1] && report.fellBack.isEmpty && report.frozen.isEmpty)
        #expect(report.sentChanges == 1)
        #expect(try Array(entries(sides.store, sides.engagement).prefix(before.count)) == before)
        try sides.sync(sides.provider)
        try expectWhole(sides, ["four", "one", "three", "two"])
        #expect(try sides.store.read { try FallenBack.reconcile($0, with: sides.mark) }.isEmpty)
    }

    @Test("What a caller has shown holds at once, for everybody, and after a restart: nothing else comes where the lost stood")
    func shown() throws {
        let (sides, backup, marks) = try scene()
        let standing = try #require(try sides.standing(sides.engagement, sides.customer))
        let lost = try #require(try sides.customer.store.read { try $0.checkpoint(of: sides.engagement) })
        try sides.restart(on: backup, marks: marks)
        let question = ReplayRequest(space: sides.engagement, from: standing.size, entries: [], note: lost)
        #expect(try sides.ask(question, token: sides.signIn(sides.customer)).size == standing.size - 1)
        for isAnew in [false, true] {
            if isAnew { try sides.restart(on: sides.store) }
            #expect(sides.registrar.frozen.spaces[sides.engagement]?.mark.size == standing.size)
            // What was signed before is served; nothing is taken.
            try sides.comment("in its place \(isAnew)", as: sides.provider)
            let report = try sides.sync(sides.provider)
            #expect(report.fellBack == [sides.engagement] && report.sentChanges == 0)
        }
        #expect(try sides.sync(sides.customer).restoredThere == [sides.engagement: 1])
        try sides.sync(sides.provider)
        try sides.sync(sides.customer)
        try expectWhole(sides, ["in its place false", "in its place true", "one", "three", "two"])
    }

    @Test("A checkpoint shows a loss only as the server signed it, of this log, and to somebody who may read it")
    func pretended() throws {
        let (sides, backup, marks) = try scene()
        let standing = try #require(try sides.standing(sides.engagement, sides.customer))
        try sides.restart(on: backup, marks: marks)
        let root = standing.frontier.root
        func origin(_ space: SpaceID) -> String { Checkpoint.origin(server: sides.identity.name, space: space, epoch: 0) }
        let forged = [
            Checkpoint(origin: origin(sides.engagement), size: standing.size, root: root).signed(by: SigningKey(seed: SHA.digest([9]))),
            Checkpoint(origin: origin(sides.service.service), size: standing.size, root: root).signed(by: sides.identity.logKey),
            Checkpoint(origin: "\(sides.identity.name)/buntan/\(sides.engagement.hex)/ex", size: standing.size, root: root)
                .signed(by: sides.identity.logKey),
        ]
        for note in forged {
            let request = ReplayRequest(space: sides.engagement, from: standing.size, entries: [], note: note)
            #expect(throws: SyncFault.refused(.replay, .notFound, detail: nil, retryAfterMillis: nil)) {
                try sides.ask(request, token: sides.signIn(sides.customer))
            }
        }
        #expect(sides.registrar.frozen.isEmpty)
        // Another's space, with the server's own word for more of it.
        let home = try #require(try sides.provider.store.read { try StoreDirectory($0).home($0) })
        let note = Checkpoint(origin: origin(home), size: 1_000, root: root).signed(by: sides.identity.logKey)
        #expect(throws: SyncFault.refused(.replay, .notFound, detail: nil, retryAfterMillis: nil)) {
            try sides.ask(
                ReplayRequest(space: home, from: 1_000, entries: [], note: note), token: sides.signIn(sides.customer))
        }
        #expect(sides.registrar.frozen.isEmpty)
    }

    @Test("A push that names more of the log than there is comes to nothing, until that has been given back")
    func pushed() throws {
        let (sides, backup, marks) = try scene()
        try sides.restart(on: backup, marks: marks)
        let held = try #require(try sides.standing(sides.engagement, sides.customer)).base
        #expect(throws: SyncFault.refused(.push, .behindYou, detail: nil, retryAfterMillis: nil)) {
            try sides.ask(PushRequest(space: sides.engagement, changes: [], held: held), token: sides.signIn(sides.customer))
        }
    }

    @Test("An engagement that began after the backup comes back from its genesis by the server's word alone")
    func missing() throws {
        let sides = try TwoSides()
        let (backup, marks) = (sides.store.clone(), MemoryMark())
        marks.advance(sides.mark.places(), chains: sides.mark.chains())
        let second = try sides.invited()
        try sides.sync(sides.customer)
        try sides.sync(sides.provider)
        let before = try entries(sides.store, second)
        try sides.restart(on: backup, marks: marks)
        #expect(try sides.sync(sides.customer).restoredThere == [second: before.count])
        try #expect(entries(sides.store, second) == before)
        let report = try sides.sync(sides.provider)
        #expect(report.fellBack.isEmpty && report.unreachable.isEmpty)
    }

    @Test("Without any marks nothing shows that a log is whole: it is given back what is held, and goes on in a new epoch of its operator")
    func lost() throws {
        let (sides, backup, _) = try scene()
        try sides.restart(on: backup, marks: MemoryMark())
        #expect(sides.registrar.frozen.spaces[sides.engagement]?.mark.isUnknown == true)
        try sides.comment("four", as: sides.provider)
        for _ in 0..<2 {
            // That holds when it is started again.
            try sides.restart(on: sides.store)
            let report = try sides.sync(sides.provider)
            #expect(report.fellBack.contains(sides.engagement) && report.sentChanges == 0)
        }
        let given = try sides.sync(sides.customer)
        #expect(given.restoredThere[sides.engagement] == 1 && given.fellBack.contains(sides.engagement))
        let reopening = try sides.reopen()
        #expect(reopening.lost == nil && reopening.cut == 0)
        // No two epochs may share a number, and nobody knows how many there were.
        #expect(reopening.place.epoch > 1_000_000)
        for _ in 0..<2 { for workspace in [sides.customer, sides.provider] { try sides.sync(workspace) } }
        try expectWhole(sides, ["four", "one", "three", "two"])
    }

    @Test("Lost marks and a store from before an epoch: no number is used twice, and whoever has been in that epoch comes along")
    func lostWithAnEpoch() throws {
        let (sides, backup, _) = try scene()
        try sides.restart(on: backup.clone())
        try sides.reopen()
        try sides.comment("in epoch 1", as: sides.customer)
        for workspace in [sides.customer, sides.provider] { try sides.sync(workspace) }
        try sides.restart(on: backup.clone(), marks: MemoryMark())
        try sides.reopen()
        for _ in 0..<2 { for workspace in [sides.customer, sides.provider] { try sides.sync(workspace) } }
        try expectWhole(sides, ["in epoch 1", "one", "three", "two"])
    }
}
