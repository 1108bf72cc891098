import Agreements
import BuntanProtocol
import ChangeLog
import Records
import Testing

@testable import SampleEvidence

/// PROTOCOL.md section 15: a signature that a server lost and somebody gave back is asked for its right when it was accepted.
@Suite("A signature that was lost and salvaged")
struct SalvagedSignatureTests {
    /// The customer's signature at a place behind everything that was said of its device since the log was cut.
    private static func standing(
        _ words: [Statement.Act], enrolled: Capabilities = .all, cutAfterEnrolment: Bool = true, isSalvaged: Bool = true
    ) throws -> SignatureStanding {
        var cut = 0
        var plan = TwoLogs.Plan()
        plan.signer = { $0.other.signing }
        plan.before = { logs in
            if !cutAfterEnrolment { cut = logs.engagement.base.size }
            try logs.enrolOther(enrolled)
            if cutAfterEnrolment { cut = logs.engagement.base.size }
            for word in words { try logs.customerSays(word) }
        }
        let logs = try TwoLogs(plan)
        var rights = try SpaceRights(genesis: Entry(decoding: logs.engagement.entries[0].bytes))
        for (position, held) in logs.engagement.entries.enumerated() {
            let entry = try Entry(decoding: held.bytes)
            guard entry.kind == .statement, let signature = entry.signature else { continue }
            try rights.apply(SignedBytes(bytes: entry.content, signature: signature), at: position)
        }
        let place = EntryPlace(position: logs.words[0], received: 100, accepted: isSalvaged ? cut : nil)
        let made = logs.sign(
            SHA.digest(logs.document.encoded()), logs.customer.organisation, "Hanako Yamada", logs.other.signing, number: 1)
        let signature = PartySignature(
            record: made.record, agreement: made.agreement, organisation: made.organisation, device: made.device, name: made.name,
            title: made.title, views: made.views, signature: made.signature, place: place)
        return signature.standing(under: logs.document.head, digest: SHA.digest(logs.document.encoded()), rights: rights) { _, _ in true }
    }

    private static func device() throws -> DeviceID { try TwoLogs().other.device }

    @Test("It counts though its device was revoked before it came back; one that came then for the first time does not")
    func revoked() throws {
        let revoke = Statement.Act.revoke(device: try Self.device(), compromisedAfter: nil)
        #expect(try Self.standing([revoke]) == .valid)
        #expect(try Self.standing([revoke], cutAfterEnrolment: false) == .valid, "what enrolled the device was lost as well")
        #expect(try Self.standing([revoke], isSalvaged: false) == .void(.revoked))
        #expect(try Self.standing([]) == .valid)
    }

    @Test("Where its device was marked as stolen it is contested, whenever it is said to have been accepted")
    func stolen() throws {
        let device = try Self.device()
        #expect(try Self.standing([.revoke(device: device, compromisedAfter: 99)]) == .contested(since: 99))
        #expect(try Self.standing([.revoke(device: device, compromisedAfter: 100)]) == .valid)
    }

    @Test("Where its device might write without signing it is void: nothing tells that it was signed before")
    func unsure() throws {
        let device = try Self.device()
        let lowered = Statement.Act.setCapabilities(device: device, [.read, .write])
        #expect(try Self.standing([lowered]) == .void(.noRight))
        #expect(try Self.standing([lowered, .revoke(device: device, compromisedAfter: nil)]) == .void(.revoked))
        #expect(try Self.standing([.revoke(device: device, compromisedAfter: nil)], enrolled: [.read, .write]) == .void(.revoked))
        #expect(try Self.standing([.setCapabilities(device: device, [.read])]) == .valid, "who may not write lost both at once")
    }
}
