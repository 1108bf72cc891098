import Agreements
import BuntanProtocol
import ChangeLog
import Merging
import Records
import Replica
import Simulation
import Storage
import Testing
import TestKit

@Suite("An agreement's life, as both parties compute it")
struct AgreementStatusTests {
    @Test("Where an engagement and its agreements stand is told without the state of a row, in force and stale")
    func readsNoStates() throws {
        let pair = try AgreedPair(seed: 76, rows: ["r1", "r2", "r3"])
        try pair.signBoth()
        func expectNoRows(_ status: String) throws {
            #expect(try pair.statuses() == [status])
            for workspace in [pair.customer, pair.provider] {
                let store = try #require(workspace.store as? MemoryStore)
                let engagement = try AgreedPair.engagement(of: workspace)
                let read = try store.statesRead { reader in
                    let (rows, agreements) = try workspace.standing(of: engagement, day: { _ in AgreedPair.today }, reader)
                    #expect(rows.counts.total >= 3 && agreements.map(\.status.name) == [status])
                    _ = try workspace.waiting(in: engagement, today: AgreedPair.today, day: { _ in AgreedPair.today }, reader)
                }
                #expect(read["responsibility"] == nil && read["responsibility-position"] == nil, "\(read)")
                // What compares values is seen to read them.
                let agreement = try #require(try pair.agreements(workspace).first?.id)
                let values = try store.statesRead { reader in
                    let document = try #require(try workspace.document(of: agreement, in: engagement, reader))
                    _ = try workspace.differences(of: document, reader)
                }
                #expect(values["responsibility"] ?? 0 >= 3)
            }
        }
        try expectNoRows("in-force")
        try pair.publish([("r4", "provider", "Do r4.")], as: "2")
        try pair.settle()
        try expectNoRows("stale")
    }

    @Test("A document without a valid signature is proposed and binds nobody; one that is signed like it is half-signed beside it")
    func proposed() throws {
        let pair = try AgreedPair(seed: 77)
        let document = try #require(try pair.preview(pair.customer).document)
        let bytes = document.encoded()
        func file(_ cells: [CellKey: Value]?) throws {
            let record = RecordDraft(
                record: document.agreement, kind: "agreement", cells: [CellKey("document"): .text(String(decoding: bytes, as: UTF8.self))])
            let signature = cells.map { RecordDraft(record: pair.customer.newRecordID(), kind: PartySignature.kind, cells: $0) }
            _ = try pair.customer.commit(signature.map { [$0] } ?? [record], in: pair.space)
            try pair.settle()
        }
        try file(nil)
        #expect(try pair.statuses() == ["proposed"])
        // A signature over another document, as a program with a fault might file it, is none.
        let keys = try #require(pair.customer.keys)
        let other = PartySignature(
            record: pair.customer.newRecordID(), of: document, digest: SHA.digest(bytes + [0]),
            organisation: try pair.customer.store.read { try $0.identity().organisation }, name: "Example Signatory",
            title: "Security Manager", views: [:], key: keys.signing)
        try file(other.cells)
        #expect(try pair.statuses() == ["proposed"])
        for workspace in [pair.customer, pair.provider] {
            #expect(try pair.agreements(workspace).allSatisfy { $0.content.signedAt == nil })
        }
        // The next one that both sign is another: what nobody has signed stays what it was.
        let signed = try pair.signBoth()
        for workspace in [pair.customer, pair.provider] {
            let statuses = Dictionary(uniqueKeysWithValues: try pair.agreements(workspace).map { ($0.id, $0.status) })
            #expect(statuses == [document.agreement: .proposed, signed: .inForce], "\(statuses)")
        }
    }

    @Test("The table of sync.md section 6: half-signed, in force, stale, in force again, stale for a new row, superseded")
    func table() throws {
        let pair = try AgreedPair(seed: 61)
        let first = try pair.sign(pair.customer)
        #expect(try pair.agreements(pair.customer).map(\.status) == [.halfSigned(by: .customer)])
        try pair.settle()
        #expect(try pair.statuses() == ["half-signed"])

        // The provider signs the customer's own document, since it fits.
        let second = try pair.sign(pair.provider)
        #expect(second.agreement == first.agreement && second.digest == first.digest && second.isWhole)
        try pair.settle()
        #expect(try pair.statuses() == ["in-force"])

        try pair.publish([("r2", "shared", "Do r2 twice.")], as: "2")
        try pair.settle()
        #expect(try pair.statuses() == ["stale"])
        let stale = try #require(try pair.agreements(pair.customer).first)
        #expect(stale.differingRows == [AgreedPair.row("r2")])
        #expect(stale.differences.map(\.change) == [.changed])
        let differences = try pair.customer.store.read { reader in
            try pair.customer.document(of: stale.id, in: AgreedPair.engagement(of: pair.customer, reader), reader)
                .map { try pair.customer.differences(of: $0, reader) }
        }
        let difference = try #require(differences?.first)
        guard case .changed(let cells) = difference.change else {
            Issue.record("r2 is not told as changed: \(difference.change)")
            return
        }
        #expect(cells.map(\.key) == [CellKey("customerAction", "en")])
        #expect(cells.first?.before?.value == .text("Do r2.") && cells.first?.after?.value == .text("Do r2 twice."))

        try pair.publish([("r2", "shared", "Do r2.")], as: "3")
        try pair.settle()
        #expect(try pair.statuses() == ["in-force"])
        let again = try #require(try pair.agreements(pair.customer).first)
        let spans = try pair.customer.store.read { try pair.customer.staleSpans(of: again, $0) }
        #expect(spans.count == 1)
        #expect(spans.first.map { $0.to ?? 0 > $0.from } == true, "the stretch in which it was stale is told")

        try pair.publish([("r3", "provider", "Do r3.")], as: "4")
        try pair.settle()
        #expect(try pair.statuses() == ["stale"])
        #expect(try pair.agreements(pair.customer).first?.differences.map(\.change) == [.added])

        try pair.accept(["r3"])
        try pair.settle()
        try pair.signBoth()
        #expect(try pair.statuses() == ["superseded", "in-force"])
        #expect(
            try pair.agreements(pair.provider).first?.status == .superseded(by: try #require(try pair.agreements(pair.provider).last).id))
    }

    @Test("The dates hold for the day asked for, the last day included; an end by either party holds for good")
    func dates() throws {
        let pair = try AgreedPair(seed: 62)
        let validity = (from: AgreedPair.day("2026-12-10"), to: AgreedPair.day("2027-11-30") as CalendarDate?)
        let made = try pair.sign(pair.customer, pair.wish { $0.validity = validity })
        try pair.settle()
        // Nothing asked for: the counterpart's own days are signed.
        #expect(try pair.sign(pair.provider).agreement == made.agreement)
        try pair.settle()
        for (day, expected) in [
            ("2026-12-09", "not-yet-valid"), ("2026-12-10", "in-force"), ("2027-11-30", "in-force"), ("2027-12-01", "expired"),
        ] { #expect(try pair.statuses(on: AgreedPair.day(day)) == [expected], "\(day)") }

        let engagement = try AgreedPair.engagement(of: pair.provider)
        _ = try pair.provider.end(
            made.agreement, on: AgreedPair.day("2027-03-31"), message: "exit", today: AgreedPair.day("2026-12-10"), in: engagement)
        try pair.settle()
        for (day, expected) in [("2027-03-31", "in-force"), ("2027-04-01", "ended"), ("2027-12-01", "ended")] {
            #expect(try pair.statuses(on: AgreedPair.day(day)) == [expected], "\(day)")
        }
        guard case .ended(let ending) = try pair.agreements(pair.customer, on: AgreedPair.day("2027-04-01"))[0].status else {
            Issue.record("not ended")
            return
        }
        #expect(ending.message == "exit")
        #expect(try ending.by == pair.provider.store.read { try $0.identity().organisation })
        #expect(throws: AgreementFault.notStanding(made.agreement)) {
            try pair.provider.end(
                made.agreement, on: AgreedPair.day("2027-05-01"), message: "again", today: AgreedPair.day("2027-04-01"), in: engagement)
        }
    }

    @Test("A signature by a device revoked as compromised before it was received is contested; one received earlier is not")
    func contested() throws {
        let pair = try AgreedPair(seed: 63)
        try pair.signBoth()
        let received = try #require(try pair.agreements(pair.customer)[0].content.signature(of: .customer)?.signature.place?.received)
        #expect(try pair.statuses() == ["in-force"])
        let laptop = try pair.world.furtherDevice(of: pair.customer, label: "laptop")
        let office = try #require(pair.customer.keys).device
        try pair.say(.revoke(device: office, compromisedAfter: received), as: laptop)
        try pair.world.sync(laptop)
        try pair.world.sync(pair.provider)
        #expect(try pair.agreements(pair.provider).map(\.status) == [.inForce], "received at that time, not after")
        try pair.say(.revoke(device: office, compromisedAfter: received - 1), as: laptop)
        try pair.world.sync(laptop)
        try pair.world.sync(pair.provider)
        #expect(try pair.agreements(pair.provider).map(\.status) == [.contested([.customer])])
    }

    @Test("A conflict in a covered record makes the agreement stale, and its resolution to the signed value brings it back")
    func conflictAndBack() throws {
        let pair = try AgreedPair(seed: 64)
        try pair.signBoth()
        let laptop = try pair.world.furtherDevice(of: pair.customer, label: "laptop")
        let note = CellKey("customerStatement", "en")
        try pair.propose("r1", [note: .text("A")], by: pair.customer)
        try pair.propose("r1", [note: .text("B")], by: laptop)
        try pair.world.sync(pair.customer)
        try pair.world.sync(laptop)
        try pair.settle()
        #expect(try pair.statuses() == ["stale"])
        #expect(try pair.agreements(pair.provider)[0].differences.map(\.change) == [.conflicted])
        try pair.resolve("r1", note, to: .null, by: pair.customer)
        try pair.settle()
        #expect(try pair.statuses() == ["in-force"])
    }

    @Test("A signature once in the log stands: deleting its record takes nothing back")
    func deletion() throws {
        let pair = try AgreedPair(seed: 65)
        try pair.signBoth()
        let signature = try #require(try pair.agreements(pair.customer)[0].content.signature(of: .customer)?.signature)
        let state = try #require(try pair.customer.store.read { try $0.shown(signature.record, in: pair.space) })
        try pair.customer.store.write { transaction in
            _ = try pair.customer.commit(
                [
                    (
                        Edit(record: signature.record, kind: PartySignature.kind, ops: [Op(cell: .life, predecessors: state.allHeads)]),
                        [.bool(false)]
                    )
                ],
                in: pair.space, transaction)
        }
        try pair.settle()
        #expect(try pair.statuses() == ["in-force"])
    }
}
