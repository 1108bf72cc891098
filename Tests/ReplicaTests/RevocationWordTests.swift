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
    private func told(_ sides: TwoSides, _ word: SignedBytes) throws -> SyncFault? {
        sides.clock.advance(by: Limits.sessionMillis)
        sides.lie = { request, reply in
            request.method == .session ? .error(ErrorAnswer(.noSession, detail: "device_revoked", revocation: word)) : reply
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

    @Test("Signed by anybody else it is the server's word alone: nothing of it is told or kept")
    func forged() throws {
        let sides = try TwoSides()
        let provider = try #require(sides.provider.keys)
        for key in [SigningKey(seed: SHA.digest([9])), provider.signing, sides.identity.logKey] {
            #expect(try told(sides, revocation(sides, by: key)) == .notEnrolled)
            #expect(try sides.customer.store.read { try sides.customer.ownRevocation($0) } == nil)
        }
    }
}
