import BuntanProtocol
import ChangeLog
import Exchange
import Replica
import Storage
import Testing
import TestKit

@Suite("The word that a device's rights have ended")
struct RevocationWordTests {
    /// A statement that revokes the customer's device, as whoever holds a key can sign it.
    private func revocation(_ sides: TwoSides, by key: SigningKey) throws -> SignedBytes {
        let (identity, head) = try sides.customer.store.read { reader in
            let identity = try reader.identity()
            return (identity, try OrganisationChain(foundingRoot: identity.rootKey, statements: reader.ownChain()).head)
        }
        return StatementAuthor(organisation: identity.organisation, key: key).sign(
            .revoke(device: identity.device, compromisedAfter: nil), after: head, time: sides.clock.now())
    }

    /// What a sync ends with whose sign-in is answered with that word.
    private func told(_ sides: TwoSides, _ word: SignedBytes?, leading: [SignedBytes] = []) throws -> SyncFault? {
        sides.clock.advance(by: Limits.sessionMillis)
        sides.lie = { request, reply in
            request.method == .session
                ? .error(ErrorAnswer(.noSession, detail: "device_revoked", revocation: word, leading: leading)) : reply
        }
        do { try sides.sync(sides.customer) } catch let fault as SyncFault { return fault }
        return nil
    }

    @Test("Signed by one who may revoke it is told, with its time and its signer")
    func genuine() throws {
        let sides = try TwoSides()
        let admin = try #require(sides.customer.keys)
        let said = sides.clock.now()
        guard case .revoked(let word)? = try told(sides, revocation(sides, by: admin.signing)) else {
            Issue.record("nothing was told")
            return
        }
        #expect(word.signer == admin.device && word.label == "office-pc" && word.time == said)
        #expect(try sides.customer.store.read { try sides.customer.ownRevocation($0) } == word)
    }

    @Test("Signed by anybody else it is the server's word alone, and told as that")
    func forged() throws {
        let sides = try TwoSides()
        let provider = try #require(sides.provider.keys)
        for key in [SigningKey(seed: SHA.digest([9])), provider.signing, sides.identity.logKey] {
            #expect(try told(sides, revocation(sides, by: key)) == .disowned)
            #expect(try sides.customer.store.read { try sides.customer.ownRevocation($0) } == nil)
        }
    }

    /// A device that `signer` enrols after what the customer's store knows, and its word that ends the store's device's rights.
    private func strangersWord(_ sides: TwoSides, enrolledBy signer: SigningKey) throws -> (leading: SignedBytes, word: SignedBytes) {
        var random = SeededRandom(seed: 9)
        let new = DeviceKeys(random: &random)
        let (identity, head) = try sides.customer.store.read { reader in
            let identity = try reader.identity()
            return (identity, try OrganisationChain(foundingRoot: identity.rootKey, statements: reader.ownChain()).head)
        }
        let enrolment = StatementAuthor(organisation: identity.organisation, key: signer).sign(
            .enrolling(new, in: identity.organisation, capabilities: .all, label: "new-pc"), after: head, time: sides.clock.now())
        let word = StatementAuthor(organisation: identity.organisation, key: new.signing).sign(
            .revoke(device: identity.device, compromisedAfter: nil), after: head.advanced(by: enrolment), time: sides.clock.now())
        return (enrolment, word)
    }

    @Test("A signer that this store has not heard of is known by what led to it, and only where that follows from what is known")
    func signerUnheardOf() throws {
        let sides = try TwoSides()
        let admin = try #require(sides.customer.keys)
        let (leading, word) = try strangersWord(sides, enrolledBy: admin.signing)
        // Without what led to it, with what another party says led to it, or in another order it proves nothing.
        #expect(try told(sides, word) == .disowned)
        let provider = try #require(sides.provider.keys)
        let forged = try strangersWord(sides, enrolledBy: provider.signing)
        #expect(try told(sides, forged.word, leading: [forged.leading]) == .disowned)
        let fork = StatementAuthor(organisation: try Statement(decoding: word.bytes).organisation, key: admin.signing).sign(
            .setCapabilities(device: admin.device, .all), after: .start, time: 1)
        #expect(try told(sides, word, leading: [fork, leading]) == .disowned)
        #expect(try sides.customer.store.read { try sides.customer.ownRevocation($0) } == nil)

        guard case .revoked(let found)? = try told(sides, word, leading: [leading]) else {
            Issue.record("nothing was told")
            return
        }
        #expect(found.label == "new-pc")
        #expect(try sides.customer.store.read { try sides.customer.ownRevocation($0) } == found)
    }

    @Test("A device that had been enrolled and gets no session is no new one that waits, and is remembered so until it gets one")
    func noSessionAtAll() throws {
        let sides = try TwoSides()
        #expect(try told(sides, nil) == .disowned)
        #expect(try sides.customer.store.read { try sides.customer.isDisowned($0) })
        sides.lie = { $1 }
        try sides.sync(sides.customer)
        #expect(try !sides.customer.store.read { try sides.customer.isDisowned($0) })
    }

    @Test("What was remembered is forgotten as soon as the server answers with a session from before")
    func sessionFromBefore() throws {
        let sides = try TwoSides()
        // As while an operator has suspended the organisation: no session counts, and none is given.
        sides.lie = { request, reply in
            [.heads, .session, .pull, .push].contains(request.method) ? .error(ErrorAnswer(.noSession)) : reply
        }
        #expect(throws: SyncFault.disowned) { try sides.sync(sides.customer) }
        #expect(try sides.customer.store.read { try sides.customer.isDisowned($0) })
        sides.lie = { $1 }
        try sides.sync(sides.customer)
        #expect(try !sides.customer.store.read { try sides.customer.isDisowned($0) })
    }
}
