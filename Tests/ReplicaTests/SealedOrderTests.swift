import BuntanProtocol
import ChangeLog
import Exchange
import Merging
import Replica
import Storage
import Syncing
import Testing
import TestKit

@Suite("What follows on a change of a sealed space comes behind it, whoever sends it and in whatever order it comes")
struct SealedOrderTests {
    private let sides: TwoSides
    private let home: SpaceID
    private let other: Workspace

    init() throws {
        sides = try TwoSides()
        home = try #require(try sides.customer.store.read { try $0.identity().home })
        other = try sides.further(91)
        try sides.sync(sides.customer)
    }

    /// A note that its author writes and words anew, or gives a label, before it syncs: two changes.
    private func write(labelled: Bool = false, _ workspace: Workspace) throws -> [SignedChange] {
        let row = RecordID(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0001)
        _ = try workspace.commit([workspace.note(on: row, text: "first")], in: home)
        let record = try #require(try workspace.store.read { try $0.records(of: "annotation", in: home, after: nil, limit: 1).first }).id
        let cell = labelled ? CellKey("label") : CellKey("text")
        _ = try workspace.commit([RecordDraft(record: record, kind: "annotation", cells: [cell: .text("second")])], in: home)
        let made = try workspace.store.read { try $0.outbox(of: home) }.map(\.item.signed)
        try #require(made.count == 2)
        return made
    }

    private func pushed(_ changes: [SignedChange], as workspace: Workspace) throws -> [Verdict] {
        try sides.ask(PushRequest(space: home, changes: changes), token: sides.signIn(workspace)).verdicts
    }

    /// Everybody shows what was written last, a device that is new, too, and has nothing more to send.
    private func expectWritten(_ text: String = "second", label: String? = nil) throws {
        for workspace in [other, sides.customer, other] { try sides.sync(workspace) }
        let new = try sides.further(92)
        for workspace in [sides.customer, other, new] {
            let notes = try workspace.store.read { try $0.records(of: "annotation", in: home, after: nil, limit: .max) }
            #expect(notes.map { $0.shown.text("text") } == [text])
            #expect(notes.map { $0.shown.text("label") } == [label])
            #expect(try workspace.store.read { try $0.outbox(of: home).isEmpty && !$0.isFrozen(home) })
            #expect(try workspace.proveRecords(repairing: false).isEmpty)
        }
    }

    private static let early = Verdict.refused(Refusal(.unknownPredecessor))

    @Test("What comes ahead of what it follows on is refused as in any space, and taken afterwards", arguments: [false, true])
    func ahead(labelled: Bool) throws {
        let made = try write(labelled: labelled, other)
        #expect(try pushed([made[1]], as: sides.customer) == [Self.early])
        #expect(try pushed([made[1], made[0]], as: sides.customer).first == Self.early)
        try expectWritten(labelled ? "first" : "second", label: labelled ? "second" : nil)
    }

    @Test("A push that is damaged on its way brings nothing but what can stand")
    func damaged() throws {
        let made = try write(other)
        let damage = SignedChange(bytes: made[0].bytes, signature: made[0].signature, payload: made[0].payload.map { $0 ^ 1 })
        #expect(try pushed([damage, made[1]], as: sides.customer) == [.refused(Refusal(.badSignature, "payload")), Self.early])
        try expectWritten()
    }

    @Test("It waits in the outbox while what it follows on is on its way, with the reason, and goes in the next sync")
    func waits() throws {
        let made = try write(other)
        sides.intercept = { request in
            guard request.method == .push, case let push = try PushRequest(decoding: request.body), push.changes.count == 2 else {
                return nil
            }
            let request = PushRequest(space: push.space, changes: [push.changes[1]])
            let verdicts = try sides.ask(request, token: sides.signIn(other)).verdicts
            // Of the first the server has not heard.
            return .answer(VerdictsAnswer(verdicts: [.refused(Refusal(.unavailable))] + verdicts, note: nil).encoded())
        }
        try sides.sync(other)
        let outbox = try other.store.read { try $0.outbox(of: home) }
        #expect(outbox.map(\.list) == [.pending, .waiting] && outbox.last?.code == .unknownPredecessor)
        #expect(outbox.map(\.item.signed) == made)
        sides.intercept = { _ in nil }
        try expectWritten()
    }

    @Test("What is given back after a loss comes in its order, too")
    func salvaged() throws {
        let backup = sides.store.clone()
        _ = try write(other)
        try sides.sync(other)
        try sides.restart(on: backup)
        _ = try sides.reopen(home)
        var verdicts: [Verdict] = []
        sides.intercept = { request in
            guard request.method == .push, verdicts.isEmpty, case let push = try PushRequest(decoding: request.body), push.items.count == 2
            else { return nil }
            let request = PushRequest(space: push.space, items: [push.items[1]], held: push.held)
            verdicts = try sides.ask(request, token: sides.signIn(other)).verdicts
            return nil
        }
        #expect(try sides.sync(other).salvaged == [home: 2])
        #expect(verdicts == [Self.early])
        try expectWritten()
    }

    @Test("A keeper that puts it first all the same is refused with proof by all, those without the key included")
    func keeper() throws {
        let made = try write(other)
        try sides.store.write { transaction in
            let standing = try #require(try transaction.standing(of: home))
            let bytes = Entry(kind: .change, received: 0, content: made[1].bytes, signature: made[1].signature).encoded()
            let device = try Change(decoding: made[1].bytes)
            var update = SpaceUpdate(standing: standing)
            update.entries = [
                NewEntry(
                    position: standing.size, bytes: bytes, leaf: Entry.leafHash(of: bytes), payload: made[1].payload, change: device.id,
                    author: standing.rights.authorPosition(of: device.device))
            ]
            update.standing.frontier.append(Entry.leafHash(of: bytes))
            let source = try transaction.source(of: home)
            let leaves = [Entry.leafHash(of: bytes)]
            update.tiles = Dictionary(try LogTiles.appending(leaves, toLogOf: standing.size, tile: source.tile)) { first, _ in first }
            try transaction.apply(update)
        }
        #expect(try pushed([made[0]], as: other).count == 1)
        let frozen = try sides.sync(sides.customer).frozen
        #expect(frozen.map(\.0) == [home])
        guard case .invalidEntry(_, _, let refusal)? = frozen.first?.1 else { throw Refusal(.invalid, "\(frozen)") }
        #expect(refusal == Refusal(.unknownPredecessor))
        // Its own check, which has no key, finds the same.
        #expect(try !sides.store.read { try LogRebuild.check(home, $0) }.isEmpty)
    }
}
