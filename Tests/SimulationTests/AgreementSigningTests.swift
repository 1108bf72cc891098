import Agreements
import BuntanProtocol
import ChangeLog
import Merging
import Records
import Replica
import Simulation
import Storage
import Testing

@Suite("Signing, by replicas of both parties")
struct AgreementSigningTests {
    /// Why a side cannot sign now, by record.
    private static func reasons(_ preview: AgreementPreview) -> [SigningScene.Obstacle.Reason] { preview.obstacles.map(\.obstacle.reason) }

    @Test("A change that was not sent blocks the row it is on, on either side, until it is")
    func unsent() throws {
        let pair = try AgreedPair(seed: 71)
        try pair.propose("r1", [CellKey("customerStatement", "en"): .text("ours")], by: pair.customer)
        #expect(try Self.reasons(pair.preview(pair.customer)) == [.record(.unsent)])
        #expect(try Self.reasons(pair.preview(pair.provider)).isEmpty)
        try pair.settle()
        #expect(try Self.reasons(pair.preview(pair.customer)).isEmpty)
        try pair.publish([("r1", "shared", "Other words.")], as: "2")
        #expect(try Self.reasons(pair.preview(pair.provider)).contains(.record(.unsent)))
    }

    @Test("A publish under way is unreleased, and nothing of it can be signed")
    func unreleased() throws {
        let pair = try AgreedPair(seed: 72)
        // The rows of a second release without the release itself: what a customer sees in the middle of one.
        let key = AgreedPair.row("r1")
        _ = try pair.provider.commit(
            [
                RecordDraft(
                    space: pair.service.service, kind: "responsibility", key: key.fields,
                    cells: [CellKey("boundaryNote", "en"): .text("halfway")])
            ], in: pair.service.service)
        try pair.settle()
        try pair.accept(["r1"])
        try pair.settle()
        #expect(try Self.reasons(pair.preview(pair.customer)) == [.record(.unreleased)])
        #expect(throws: AgreementFault.notReady) { try pair.sign(pair.customer) }
    }

    @Test("Nobody signs with a counterpart whose fingerprint was not compared")
    func unconfirmed() throws {
        let pair = try AgreedPair(seed: 73)
        let (home, counterpart) = try pair.provider.store.read { reader in
            (try #require(try StoreDirectory(reader).home(reader)), try AgreedPair.engagement(of: pair.provider, reader).counterpart)
        }
        _ = try pair.provider.commit(
            [
                RecordDraft(
                    space: home, kind: "known-organisation", key: [("org", .id(counterpart))], cells: [CellKey("confirmed"): .bool(false)])
            ], in: home)
        #expect(throws: AgreementFault.notConfirmed) { try pair.preview(pair.provider) }
    }

    @Test("A device without the right to sign is refused, and nothing is written")
    func noRight() throws {
        let pair = try AgreedPair(seed: 74)
        let keys = try #require(pair.customer.keys)
        try pair.say(.setCapabilities(device: keys.device, [.read, .write, .admin]), as: pair.customer)
        try pair.settle()
        #expect(throws: AgreementFault.noRight) { try pair.sign(pair.customer) }
        #expect(try pair.agreements(pair.customer).isEmpty)
    }

    @Test("Looking twice shows the same document; another one than was shown is refused, and nothing is written")
    func shownIsSigned() throws {
        let pair = try AgreedPair(seed: 75)
        let digest = try #require(try pair.preview(pair.customer).digest)
        #expect(try pair.preview(pair.customer).digest == digest)
        try pair.propose("r1", [CellKey("customerStatement", "en"): .text("ours")], by: pair.customer)
        try pair.settle()
        let now = try #require(try pair.preview(pair.customer).digest)
        #expect(now != digest)
        let engagement = try AgreedPair.engagement(of: pair.customer)
        #expect(throws: AgreementFault.documentChanged(now: now)) {
            try pair.customer.sign(pair.wish(), expecting: digest, in: engagement, name: "A", title: "B")
        }
        #expect(try pair.customer.store.read { try $0.outboxCount() } == 0)
        #expect(try pair.agreements(pair.customer).isEmpty)
    }

    @Test("The second party signs the first one's document while it fits; once a row has moved it makes a new one, and knows why")
    func second() throws {
        let pair = try AgreedPair(seed: 76)
        let made = try pair.sign(pair.customer)
        try pair.settle()
        guard case .theirs(let theirs) = try pair.preview(pair.provider).origin else {
            Issue.record("the document that waits is not taken")
            return
        }
        #expect(theirs.id == made.agreement)
        try pair.propose("r2", [CellKey("boundaryNote", "en"): .text("provider's word")], by: pair.provider)
        try pair.settle()
        // The customer has not read these words, so the row is not agreed; once it has, a new document is needed.
        #expect(try Self.reasons(pair.preview(pair.provider)) == [.row(.reworded)])
        try pair.accept(["r2"])
        try pair.settle()
        guard case .newSince(let old, let rows) = try pair.preview(pair.provider).origin else {
            Issue.record("a document that fits no more is taken, or forgotten")
            return
        }
        #expect(old.id == made.agreement && rows == 1)
        let new = try pair.sign(pair.provider)
        #expect(new.agreement != made.agreement && !new.isWhole)
    }

    @Test("Once an engagement has ended nothing is signed any more, by either side")
    func ended() throws {
        let pair = try AgreedPair(seed: 81)
        let digest = try #require(try pair.preview(pair.customer).digest)
        _ = try pair.provider.end(AgreedPair.engagement(of: pair.provider), on: "2026-12-02", reason: "exit")
        try pair.settle()
        // The day before it may still be signed.
        #expect(try pair.preview(pair.customer).digest != nil)
        let later = pair.wish { $0.today = AgreedPair.day("2026-12-02") }
        let fault = AgreementFault.engagementEnded(day: "2026-12-02")
        for workspace in [pair.customer, pair.provider] {
            #expect(throws: fault) { try pair.preview(workspace, later) }
            #expect(throws: fault) {
                try workspace.sign(later, expecting: digest, in: AgreedPair.engagement(of: workspace), name: "A", title: "B")
            }
        }
        #expect(try pair.agreements(pair.customer).isEmpty)
    }

    @Test("A document with another review interval is offered as it was signed")
    func otherInterval() throws {
        let pair = try AgreedPair(seed: 82)
        let own = try #require(try pair.preview(pair.customer).document)
        let document = try AgreementDocument(
            decoding: Array(
                String(decoding: own.encoded(), as: UTF8.self)
                    .replacing("P365D", with: "P90D").utf8))
        try pair.file(document, signedBy: pair.customer)
        try pair.settle()
        let preview = try pair.preview(pair.provider)
        guard case .theirs = preview.origin else {
            Issue.record("the counterpart's document is passed over: \(preview.origin)")
            return
        }
        #expect(preview.document?.terms.reviewInterval == "P90D")
        #expect(try pair.sign(pair.provider).isWhole)
        try pair.settle()
        #expect(try pair.statuses() == ["in-force"])
    }

    @Test("What both have signed, or one has and waits for the other, is not signed again")
    func repetition() throws {
        let pair = try AgreedPair(seed: 77)
        let made = try pair.sign(pair.customer)
        #expect(throws: AgreementFault.waitsForThem(made.agreement)) { try pair.preview(pair.customer) }
        try pair.settle()
        try pair.sign(pair.provider)
        try pair.settle()
        for workspace in [pair.customer, pair.provider] {
            #expect(throws: AgreementFault.inForce(made.agreement)) { try pair.preview(workspace) }
        }
    }

    @Test("A row left open on purpose is listed, may move, and does not make the agreement stale")
    func exceptions() throws {
        let pair = try AgreedPair(seed: 78)
        let open = AgreedPair.row("r2")
        try pair.sign(pair.customer, pair.wish { $0.except = [open] })
        try pair.settle()
        let preview = try pair.preview(pair.provider)
        #expect(preview.excepted == [open], "the counterpart's exceptions are shown")
        try pair.sign(pair.provider)
        try pair.settle()
        try pair.propose("r2", [CellKey("allocation"): .text("provider")], by: pair.customer)
        try pair.settle()
        #expect(try pair.statuses() == ["in-force"])
    }

    @Test("A document past 4 MiB is refused before anything is written; a part of the matrix by family can be signed")
    func large() throws {
        let rows = (0..<74).map { "\($0 < 37 ? "AC" : "AU")-\($0)" }
        let pair = try AgreedPair(seed: 79, rows: rows, words: String(repeating: "x", count: 60_000))
        let preview = try pair.preview(pair.customer)
        #expect(preview.bytes.count > Limits.documentBytes)
        #expect(throws: AgreementFault.documentTooLarge(bytes: preview.bytes.count)) { try pair.sign(pair.customer) }
        #expect(try pair.agreements(pair.customer).isEmpty)
        let half = pair.wish { $0.keys = [["iso27017-2015", "AC-"]] }
        try pair.sign(pair.customer, half)
        try pair.settle()
        // Without being asked for a part, the provider signs the part that the customer has.
        #expect(try pair.sign(pair.provider).isWhole)
        try pair.settle()
        #expect(try pair.statuses() == ["in-force"])
        try pair.publish([("AU-40", "shared", "outside of the part")], as: "2")
        try pair.settle()
        #expect(try pair.statuses() == ["in-force"], "what is outside does not make it stale")
        try pair.publish([("AC-99", "shared", "new, inside")], as: "3")
        try pair.settle()
        #expect(try pair.statuses() == ["stale"])
    }

    @Test("Evidence of either party verifies with both fingerprints, over a service that moved to its server, after later entries")
    func evidence() throws {
        let pair = try AgreedPair(seed: 80)
        let agreement = try pair.signBoth()
        try pair.publish([("r2", "shared", "Later.")], as: "2")
        try pair.settle()
        for workspace in [pair.customer, pair.provider] {
            let (evidence, parties) = try workspace.store.read { reader in
                let engagement = try AgreedPair.engagement(of: workspace, reader)
                return (
                    try workspace.evidence(of: agreement, in: engagement, reader),
                    [engagement.counterpart, try reader.identity().organisation]
                )
            }
            let report = EvidenceCheck.report(on: try Evidence(archive: evidence.archived()), trusted: Set(parties)) { _ in AgreedPair.today
            }
            #expect(report.isTrusted, "\(report.findings)")
            #expect(report.signatures.count == 2)
        }
    }
}
