import BuntanProtocol
import ChangeLog
import Testing

@Suite("Signed words")
struct SignedWordsTests {
    @Test("An invitation holds if an admin of the inviting organisation signed it")
    func invitation() throws {
        var provider = try Organisation(1)
        let writer = try provider.enrol([.read, .write, .sign])
        let customer = try Organisation(2)
        let parts = EngagementGenesis(provider: provider, customer: customer)
        let invitation = parts.invitation()
        #expect(try Invitation.verify(invitation, by: provider.chain).key == Invitation.key(of: parts.seed).publicKey)
        #expect(throws: Refusal(.notOwner, "organisation")) { try Invitation.verify(invitation, by: customer.chain) }
        #expect(throws: Refusal(.noRight, "admin")) { try Invitation.verify(parts.invitation(signedBy: writer), by: provider.chain) }
        let forged = SignedBytes(bytes: invitation.bytes, signature: writer.signing.sign("invitation", invitation.bytes))
        #expect(throws: Refusal(.badSignature, "invitation")) { try Invitation.verify(forged) }
        let long = SignedBytes(bytes: [UInt8](repeating: 0, count: Limits.invitationBytes + 1), signature: invitation.signature)
        #expect(throws: Refusal(.tooLarge, "invitation")) { try Invitation.verify(long) }
        try provider.say(.revoke(device: provider.admin.device, compromisedAfter: nil), by: provider.root)
        #expect(throws: Refusal(.noRight, "admin")) { try Invitation.verify(invitation, by: provider.chain) }
    }

    @Test("A session is opened at one server with one nonce by one device")
    func session() throws {
        var random = SeededRandom(1)
        let key = SigningKey(seed: random.seed())
        let nonce = random.seed()
        let request = SessionRequest(answering: nonce, of: "a.example", with: key)
        #expect(request.isValid(serverName: "a.example"))
        #expect(!request.isValid(serverName: "b.example"))
        #expect(!SessionRequest(device: key.publicKey, nonce: random.seed(), signature: request.signature).isValid(serverName: "a.example"))
        let other = SigningKey(seed: random.seed())
        #expect(!SessionRequest(device: other.publicKey, nonce: nonce, signature: request.signature).isValid(serverName: "a.example"))
    }

    @Test("A signature under an agreement holds for its document, party, name, title and views")
    func agreement() throws {
        let key = SigningKey(seed: SHA.empty)
        let (a, b) = (SpaceID(high: 1, low: 0), SpaceID(high: 2, low: 0))
        let base = Base(epoch: 0, size: 30, root: SHA.empty)
        func words(document: Digest = SHA.empty, name: String = "山田", title: String = "部長", views: [SpaceID: Base]) -> AgreementWords {
            AgreementWords(document: document, organisation: OrganisationID(high: 7, low: 7), name: name, title: title, views: views)
        }
        let signed = words(views: [a: base, b: base])
        let signature = signed.signed(by: key)
        #expect(signed.isSigned(signature, by: key.publicKey))
        let later = Base(epoch: 0, size: 31, root: SHA.empty)
        for other in [
            words(document: SHA.digest([1]), views: [a: base, b: base]), words(name: "田中", views: [a: base, b: base]),
            words(title: "", views: [a: base, b: base]), words(views: [a: base]), words(views: [a: later, b: base]),
        ] {
            #expect(!other.isSigned(signature, by: key.publicKey))
        }
        #expect(!signed.isSigned(signature, by: SigningKey(seed: SHA.digest([1])).publicKey))
        // The layout: the document's digest first, views in the order of their bytes.
        let encoded = signed.encoded()
        #expect(encoded.starts(with: [0x85, 0x58, 0x20] + SHA.empty.bytes))
        let places = [a, b].compactMap { id in encoded.firstRange(of: [0x84, 0x50] + id.bytes)?.lowerBound }
        #expect(places.count == 2 && places == places.sorted())
    }
}
