import BuntanProtocol
import ChangeLog
import Exchange
import Merging
import Records
import Storage
import Syncing
import Testing
import TestKit

@Suite("Clients that try what they may not")
struct HostileClientTests {
    /// A change of one cell of an existing record, with the predecessors it names.
    private func change(
        _ bench: Bench, _ space: SpaceID, of record: RecordID, _ key: SigningKey, value: String, replacing predecessors: [OpID],
        schema: Int = 1, field: String = "upstreamName"
    ) throws -> SignedChange {
        try ChangeAuthor(space: space, key: key).change(
            edits: [
                Edit(record: record, kind: "service-dependency", ops: [Op(cell: CellKey(field), predecessors: predecessors.sorted())])
            ], values: [Value.text(value).encoded], base: try bench.standing(space).base, time: 1, schema: schema, random: &bench.random)
    }

    private func verdict(_ bench: Bench, _ space: SpaceID, _ change: SignedChange, _ firm: Firm) throws -> Verdict {
        try #require(try bench.call(PushRequest(space: space, changes: [change]), as: firm.admin).get().verdicts.first)
    }

    @Test("A full quota lets a conflict be settled, and nobody write on by calling it that")
    func resolutions() throws {
        let bench = Bench()
        let firm = try bench.firm(1)
        let space = try bench.service(of: firm).space
        let first = try bench.change(in: space, by: firm.admin.signing, "a")
        _ = try verdict(bench, space, first, firm)
        let record = try #require(try Change(decoding: first.bytes).edits?.first?.record)
        let cell = CellKey("upstreamName")
        func heads() throws -> [OpID] {
            try #require(try bench.store.read { try $0.record(record, in: space) }?[cell]).heads.map(\.op)
        }
        let original = try heads()
        // Two values side by side, then a third: the first two are superseded by it.
        for value in ["b", "c"] {
            _ = try verdict(bench, space, try change(bench, space, of: record, firm.admin.signing, value: value, replacing: original), firm)
        }
        let superseded = try heads()
        #expect(superseded.count == 2)
        _ = try bench.store.write { try Operating.setQuota(0, of: firm.id, $0) }
        let settling = try change(bench, space, of: record, firm.admin.signing, value: "bc", replacing: superseded)
        guard case .accepted = try verdict(bench, space, settling, firm) else { throw Refusal(.quota) }
        // The same two named again settle nothing.
        let again = try change(
            bench, space, of: record, firm.admin.signing, value: String(repeating: "x", count: 9_000), replacing: superseded)
        #expect(try verdict(bench, space, again, firm) == .refused(.quota, detail: nil))
        let alone = try change(bench, space, of: record, firm.admin.signing, value: "d", replacing: try heads())
        #expect(try verdict(bench, space, alone, firm) == .refused(.quota, detail: nil))
    }

    @Test("Statements count on the quota in every log they enter; one that ends a right always passes")
    func statements() throws {
        let bench = Bench()
        var firm = try bench.firm(1)
        func used() throws -> Int { try #require(try bench.store.read { try Operating.list($0) }.first).usedBytes }
        _ = try bench.service(of: firm)
        _ = try bench.service(of: firm)
        let before = try used()
        let second = try firm.enrol()
        _ = try bench.call(StatementRequest(statements: [second.statement]), as: firm.admin).get()
        #expect(try used() - before >= second.statement.bytes.count * 3)
        _ = try bench.store.write { try Operating.setQuota(0, of: firm.id, $0) }
        let known = firm
        let third = try firm.enrol()
        #expect(
            try bench.call(StatementRequest(statements: [third.statement]), as: firm.admin).get().verdicts
                == [.refused(.quota, detail: nil)])
        firm = known
        let revocation = try firm.say(.revoke(device: second.keys.device, compromisedAfter: nil))
        let verdicts = try bench.call(StatementRequest(statements: [revocation]), as: firm.admin).get().verdicts
        #expect(verdicts == [.accepted(position: 4)])
    }

    @Test("A change of a schema newer than the server's waits for the server, and a replica keeps it as it is")
    func newerSchema() throws {
        let bench = Bench()
        let firm = try bench.firm(1)
        let space = try bench.service(of: firm).space
        let record = RecordID.timeOrdered(millis: 1, random: bench.random.nonce())
        let base = try bench.standing(space)
        func made(schema: Int) throws -> SignedChange {
            try ChangeAuthor(space: space, key: firm.admin.signing).change(
                edits: [
                    Edit(
                        record: record, kind: "service-dependency",
                        ops: [Op(cell: .life, predecessors: []), Op(cell: CellKey("upstreamName"), predecessors: [])])
                ], values: [Value.bool(true).encoded, Value.int(5).encoded], base: base.base, time: 1, schema: schema,
                random: &bench.random)
        }
        let newer = SchemaRegistry.current.version + 1
        #expect(try verdict(bench, space, try made(schema: newer), firm) == .refused(.schemaUnknown, detail: "schema"))
        // A number where this schema has a text: wrong in this one, and past judging in a newer one.
        for (schema, isKept) in [(newer, true), (newer - 1, false)] {
            let change = try made(schema: schema)
            let log = Replayed(try bench.store.read { try $0.entries(of: space, from: 0, maxBytes: .max) })
            var ledger = try log.ledger(keepsUnknownSchema: true)
            let entry = Entry(kind: .change, received: 2, content: change.bytes, signature: change.signature).encoded()
            let carried = CarriedEntry(entry: entry, payload: change.payload)
            let received = try ReceivedChange(checking: change)
            if isKept {
                try ledger.take(carried, checked: received)
                #expect(try ledger.record(record)?[CellKey("upstreamName")]?.heads.first?.value == Value.int(5).encoded)
            } else {
                #expect(throws: LogFault.self) { try ledger.take(carried, checked: received) }
            }
        }
    }

    @Test("A checkpoint never goes beyond the mark: not on a pull from beyond it, and not on a push that takes nothing")
    func beyondTheMark() throws {
        let bench = Bench()
        let firm = try bench.firm(1)
        let space = try bench.service(of: firm).space
        let marked = try bench.standing(space)
        let change = try bench.change(in: space, by: firm.admin.signing, "x")
        bench.store.crashes { $0 == .afterCommit }
        #expect(throws: SimulatedCrash.self) { try bench.call(PushRequest(space: space, changes: [change]), as: firm.admin) }
        bench.store.crashes(when: nil)
        let beyond = try bench.standing(space)
        #expect(beyond.size == marked.size + 1 && bench.mark.place(of: space)?.size == marked.size)
        #expect(refusal(try bench.pull(space, as: firm.admin, from: beyond.base)) == Refusal(.behindYou))
        let answer = try bench.call(PushRequest(space: space, changes: [change]), as: firm.admin).get()
        #expect(answer.verdicts == [.duplicate(position: marked.size)])
        let note = try Checkpoint.open(
            try #require(answer.note), origin: beyond.rights.origin, key: bench.identity.logKey.publicKey)
        #expect(bench.mark.place(of: space)?.size == note.size)
    }
}

/// A log read again from its entries.
private struct Replayed {
    let entries: [StoredEntry]

    init(_ entries: [StoredEntry]) { self.entries = entries }

    func ledger(keepsUnknownSchema: Bool) throws -> Ledger {
        var ledger = try Ledger(founding: try #require(entries.first).bytes, keepsUnknownSchema: keepsUnknownSchema)
        for stored in entries.dropFirst() {
            let entry = try Entry(decoding: stored.bytes)
            var received: ReceivedChange?
            if entry.kind == .change, let signature = entry.signature, let payload = stored.payload {
                received = try ReceivedChange(checking: SignedChange(bytes: entry.content, signature: signature, payload: payload))
            }
            try ledger.take(CarriedEntry(entry: stored.bytes, payload: stored.payload), checked: received)
        }
        return ledger
    }
}
