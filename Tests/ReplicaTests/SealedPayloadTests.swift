import BuntanProtocol
@testable import ChangeLog
import Exchange
import Merging
import Replica
import Storage
import Syncing
import Testing
import TestKit

@Suite("The payload of a sealed change is its author's, and what an author signed unsoundly stops nobody")
struct SealedPayloadTests {
    private let sides: TwoSides
    private let home: SpaceID
    private let other: Workspace

    init() throws {
        sides = try TwoSides()
        home = try #require(try sides.customer.store.read { try $0.identity().home })
        other = try sides.further(81)
        try sides.sync(sides.customer)
    }

    private func note(_ text: String, _ workspace: Workspace) throws {
        let row = RecordID(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0001)
        _ = try workspace.commit([workspace.note(on: row, text: text)], in: home)
    }

    private func notes(_ workspace: Workspace) throws -> [String] {
        try workspace.store.read { reader in
            try reader.records(of: "annotation", in: home, after: nil, limit: .max).compactMap { $0.shown.text("text") }.sorted()
        }
    }

    private func pushed(_ changes: [SignedChange], as workspace: Workspace) throws -> [Verdict] {
        try sides.ask(PushRequest(space: home, changes: changes), token: sides.signIn(workspace)).verdicts
    }

    /// Everybody holds the same, reads what was written since, and proves it; a device that is new, too.
    private func expectAlike(_ texts: [String]) throws {
        try note("after", sides.customer)
        for workspace in [sides.customer, other] { try sides.sync(workspace) }
        let new = try sides.further(82)
        for workspace in [sides.customer, new] { try sides.sync(workspace) }
        for workspace in [sides.customer, other, new] {
            try #expect(notes(workspace) == (texts + ["after"]).sorted())
            #expect(try workspace.proveRecords(repairing: false).isEmpty)
            #expect(try workspace.store.read { try !$0.isFrozen(home) })
        }
    }

    @Test("No relay damages it: another payload is refused, and the author's own is taken afterwards")
    func relayed() throws {
        try note("mine", other)
        let signed = try #require(try other.store.read { try $0.outbox(of: home).last }).item.signed
        for damage in [[UInt8](signed.payload.dropLast()), signed.payload + [0], signed.payload.map { $0 ^ 1 }] {
            let relayed = SignedChange(bytes: signed.bytes, signature: signed.signature, payload: damage)
            #expect(try pushed([relayed], as: sides.customer) == [.refused(Refusal(.badSignature, "payload"))])
        }
        try sides.sync(other)
        try expectAlike(["mine"])
    }

    @Test(
        "A keeper that gives another payload is refused as it is in a space that is not sealed, and one that gives none is told of",
        arguments: [true, false])
    func keeper(leavesOut: Bool) throws {
        try note("mine", other)
        try sides.sync(other)
        sides.leavesPagesToPulls = true
        sides.lie = { request, reply in
            guard request.method == .pull, case .answer(let bytes) = reply else { return reply }
            let answer = try PullRequest.Answer(decoding: bytes)
            let entries = answer.entries.map { carried in
                CarriedEntry(entry: carried.entry, payload: leavesOut ? nil : carried.payload.map { $0.map { $0 ^ 1 } })
            }
            return .answer(PullRequest.Answer(entries: entries, note: answer.note, more: answer.more).encoded())
        }
        let report = try sides.sync(sides.customer)
        let frozen = report.frozen
        guard !leavesOut else {
            #expect(frozen.isEmpty && report.withheld.map(\.space) == [home])
            return
        }
        #expect(frozen.map(\.0) == [home])
        guard case .invalidEntry(_, _, let refusal)? = frozen.first?.1 else { throw Refusal(.invalid, "\(frozen)") }
        #expect(refusal == Refusal(.badSignature, "payload"))
    }

    /// One thing wrong inside what is sealed, and signed so.
    enum Flaw: CaseIterable { case edits, payload, otherKey, valuesRoot, layout, follows }

    @Test("What an author bound and nobody can open is passed over by all, and what follows is read", arguments: Flaw.allCases)
    func unsound(flaw: Flaw) throws {
        try note("before", other)
        let keys = try #require(other.keys)
        let signed = try #require(try other.store.read { try $0.outbox(of: home).last }).item.signed
        let change = try Change(decoding: signed.bytes)
        let sealed = try #require(change.sealed)
        let key = try #require(try other.store.read { try $0.spaceKeys(of: [home]).key(of: change) })
        var random = SeededRandom(seed: 9)
        let nonce = random.nonce()
        let id = Change.id(device: keys.device, nonce: nonce)
        let (edits, values) = try SealedSpace.open(change, payload: signed.payload, key: key)
        let wrong = SpaceKey(epoch: key.epoch, random: &random)
        func sealing(_ key: SpaceKey, _ bytes: [UInt8], _ purpose: SpaceKey.Purpose) -> [UInt8] {
            key.seal(bytes, as: purpose, space: home, change: id, random: &random)
        }
        let record = RecordID(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0099)
        let anew = edits.map { edit in
            guard flaw == .follows else { return Edit(record: record, kind: edit.kind, ops: edit.ops) }
            // It names what stands there, and says nothing of that in the open.
            let ops = edit.ops.enumerated().map { Op(cell: $1.cell, predecessors: [OpID(change.id, $0)]) }
            return Edit(record: edit.record, kind: edit.kind, ops: ops)
        }
        let plain = flaw == .layout ? [0xff] : EditList.encoded(anew)
        var bytes = sealing(flaw == .otherKey ? wrong : key, plain, .edits)
        var payload = sealing(flaw == .otherKey ? wrong : key, values.encoded(), .payload)
        if flaw == .edits { bytes = sealed.bytes }
        if flaw == .payload { payload = signed.payload }
        let made = Change(
            space: home, device: keys.device, nonce: nonce, base: change.base, time: change.time, schema: change.schema,
            content: .sealed(SealedEdits(bytes: bytes, keyEpoch: key.epoch, payload: SHA.digest(payload))),
            valuesRoot: flaw == .valuesRoot ? SHA.empty : change.valuesRoot
        ).encoded()
        let verdicts = try pushed([SignedChange(bytes: made, signature: keys.signing.sign("change", made), payload: payload)], as: other)
        guard case .accepted? = verdicts.first else { throw Refusal(.invalid, "\(verdicts)") }
        try sides.sync(other)
        try expectAlike(["before"])
    }
}
