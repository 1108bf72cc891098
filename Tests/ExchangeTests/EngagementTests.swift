import BuntanProtocol
import ChangeLog
import Exchange
import Storage
import Syncing
import Testing
import TestKit

@Suite("Invitations and engagements")
struct EngagementTests {
    @Test("Accepting an invitation opens the engagement to both and the service to the customer")
    func opens() throws {
        let bench = Bench()
        let (provider, customer) = (try bench.firm(1), try bench.firm(2))
        let service = try bench.service(of: provider).space
        #expect(refusal(try bench.pull(service, as: customer.admin)) == Refusal(.notFound))
        let engagement = try bench.engaged(provider, customer, on: service)
        #expect(Set(try bench.heads(customer.admin).map(\.space)) == [service, engagement])
        #expect(Set(try bench.heads(provider.admin).map(\.space)) == [service, engagement])
        let standing = try bench.standing(engagement)
        #expect(standing.size == 1 + provider.statements.count + customer.statements.count)
        #expect(
            standing.rights.side(of: provider.admin.device) == .provider && standing.rights.side(of: customer.admin.device) == .customer)
        let page = try bench.pull(engagement, as: customer.admin).get()
        #expect(try Checkpoint.open(page.note, origin: standing.rights.origin, key: bench.identity.logKey.publicKey).size == standing.size)
    }

    @Test("An invitation is fetched by its id and accepted once, by whoever repeats it too")
    func acceptedOnce() throws {
        let bench = Bench()
        let (provider, customer, other) = (try bench.firm(1), try bench.firm(2), try bench.firm(3))
        let service = try bench.service(of: provider).space
        let invitation = bench.invitation(to: service, of: provider)
        let invite = InviteRequest(invitation: invitation.bytes, signature: invitation.signature)
        _ = try bench.call(invite, as: provider.admin).get()
        _ = try bench.call(invite, as: provider.admin).get()
        let fetched = try bench.call(InvitationRequest(id: Invitation(decoding: invitation.bytes).id)).get()
        #expect(fetched.invitation == invitation.bytes && fetched.statements == provider.statements)
        #expect(refusal(try bench.call(InvitationRequest(id: InvitationID(high: 1, low: 1)))) == Refusal(.notFound))
        let request = bench.engagement(of: provider, with: customer, on: service, invitation: invitation)
        let space = try bench.call(request, as: customer.admin).get().space
        #expect(try bench.call(request, as: customer.admin).get().space == space)
        let second = bench.engagement(of: provider, with: other, on: service, invitation: invitation)
        #expect(refusal(try bench.call(second, as: other.admin)) == Refusal(.invalid, "invitation_used"))
        #expect(try bench.heads(other.admin).isEmpty)
    }

    @Test("Each way in which an invitation is no good has its own word", arguments: Fault.allCases)
    func refusals(_ fault: Fault) throws {
        let bench = Bench()
        let (provider, customer, other) = (try bench.firm(1), try bench.firm(2), try bench.firm(3))
        let service = try bench.service(of: provider).space
        let invitation = bench.invitation(to: service, of: provider, expires: bench.now + 100)
        if fault != .unknown {
            _ = try bench.call(InviteRequest(invitation: invitation.bytes, signature: invitation.signature), as: provider.admin).get()
        }
        var request = bench.engagement(of: provider, with: customer, on: service, invitation: invitation)
        var caller = customer.admin
        switch fault {
        case .expired: bench.now += 100
        case .revoked:
            try bench.store.write { writer in
                var held = try #require(try writer.invitation(try Invitation(decoding: invitation.bytes).id))
                held.isRevoked = true
                try writer.setInvitation(held)
            }
        case .unknown: break
        case .otherCaller: caller = other.admin
        case .otherSeed:
            request = bench.engagement(of: provider, with: customer, on: service, invitation: invitation, seed: Nonce(high: 1, low: 1))
        case .signature:
            let swapped = bench.engagement(of: provider, with: customer, on: service, invitation: invitation)
            request = CreateSpaceRequest(genesis: request.genesis, signature: swapped.signature, acceptance: request.acceptance)
        case .type:
            let own = try bench.ownSpace(of: customer)
            let entry = try Entry(decoding: own.entries[0].entry)
            let signature = try #require(entry.signature)
            request = CreateSpaceRequest(genesis: entry.content, signature: signature, acceptance: nil)
        }
        #expect(refusal(try bench.call(request, as: caller)) == fault.refusal)
        #expect(try bench.heads(customer.admin).isEmpty)
    }

    enum Fault: CaseIterable {
        case expired, revoked, unknown, otherCaller, otherSeed, signature, type

        var refusal: Refusal {
            switch self {
            case .expired: Refusal(.invalid, "invitation_expired")
            case .revoked: Refusal(.invalid, "invitation_revoked")
            case .unknown: Refusal(.invalid, "invitation_unknown")
            case .otherCaller: Refusal(.notOwner, "organisation")
            case .otherSeed: Refusal(.badSignature, "accept")
            case .signature: Refusal(.badSignature, "genesis")
            case .type: Refusal(.invalid, "type")
            }
        }
    }

    @Test("Only an admin of the service's own provider invites to it")
    func inviting() throws {
        let bench = Bench()
        var provider = try bench.firm(1)
        let other = try bench.firm(2)
        let service = try bench.service(of: provider).space
        let writer = try provider.enrol([.read, .write])
        _ = try bench.call(StatementRequest(statements: [writer.statement]), as: provider.admin).get()
        let foreign = bench.invitation(to: service, of: other)
        #expect(
            refusal(try bench.call(InviteRequest(invitation: foreign.bytes, signature: foreign.signature), as: other.admin))
                == Refusal(.notFound))
        let byWriter = Invitation(
            service: service, organisation: provider.id, serverName: bench.identity.name, logKey: bench.identity.logKey.publicKey,
            policy: Policy(), key: Invitation.key(of: Nonce(high: 3, low: 3)).publicKey, expires: bench.now + 1, device: writer.keys.device
        ).signed(by: writer.keys.signing)
        #expect(
            refusal(try bench.call(InviteRequest(invitation: byWriter.bytes, signature: byWriter.signature), as: writer.keys))
                == Refusal(.noRight, "admin"))
    }

    @Test("An invitation admits one organisation to a server that is not open")
    func invitationRegisters() throws {
        let bench = Bench()
        let provider = try bench.firm(1)
        let service = try bench.service(of: provider).space
        bench.policy.isOpen = false
        let invitation = bench.invitation(to: service, of: provider)
        let id = try Invitation(decoding: invitation.bytes).id
        let (customer, other) = (try Firm(2), try Firm(3))
        #expect(refusal(try bench.call(customer.registering(.invitation(id)))) == Refusal(.notFound))
        _ = try bench.call(InviteRequest(invitation: invitation.bytes, signature: invitation.signature), as: provider.admin).get()
        _ = try bench.call(customer.registering(.invitation(id))).get()
        _ = try bench.call(customer.registering(.invitation(id))).get()
        #expect(refusal(try bench.call(other.registering(.invitation(id)))) == Refusal(.invalid, "invitation_used"))
        let request = bench.engagement(of: provider, with: customer, on: service, invitation: invitation)
        _ = try bench.call(request, as: customer.admin).get()
    }

    @Test("What an organisation has offered is listed to it alone, and taken back by its admins only while nobody has taken it up")
    func revoking() throws {
        let bench = Bench()
        var provider = try bench.firm(1)
        let (customer, other) = (try bench.firm(2), try bench.firm(3))
        let service = try bench.service(of: provider).space
        let writer = try provider.enrol([.read, .write])
        _ = try bench.call(StatementRequest(statements: [writer.statement]), as: provider.admin).get()
        func offer(_ seed: Nonce) throws -> (id: InvitationID, signed: SignedBytes) {
            let signed = bench.invitation(to: service, of: provider, seed: seed)
            _ = try bench.call(InviteRequest(invitation: signed.bytes, signature: signed.signature), as: provider.admin).get()
            return (try Invitation(decoding: signed.bytes).id, signed)
        }
        let (used, open) = (try offer(Nonce(high: 7, low: 8)), try offer(Nonce(high: 7, low: 9)))
        let accepting = bench.engagement(of: provider, with: customer, on: service, invitation: used.signed)
        let space = try bench.call(accepting, as: customer.admin).get().space

        #expect(refusal(try bench.call(RevokeInvitationRequest(id: open.id), as: other.admin)) == Refusal(.notFound))
        #expect(
            refusal(try bench.call(RevokeInvitationRequest(id: InvitationID(high: 1, low: 1)), as: provider.admin)) == Refusal(.notFound))
        #expect(refusal(try bench.call(RevokeInvitationRequest(id: open.id), as: writer.keys)) == Refusal(.noRight, "admin"))
        #expect(
            refusal(try bench.call(RevokeInvitationRequest(id: used.id), as: provider.admin)) == Refusal(.invalid, "invitation_used"))
        for _ in 1...2 { _ = try bench.call(RevokeInvitationRequest(id: open.id), as: provider.admin).get() }

        #expect(refusal(try bench.call(InvitationRequest(id: open.id))) == Refusal(.invalid, "invitation_revoked"))
        #expect(refusal(try bench.call(InvitationRequest(id: used.id))) == Refusal(.invalid, "invitation_used"))
        let late = bench.engagement(of: provider, with: other, on: service, invitation: open.signed, seed: Nonce(high: 7, low: 9))
        #expect(refusal(try bench.call(late, as: other.admin)) == Refusal(.invalid, "invitation_revoked"))

        let expires = bench.now + 1_000_000
        #expect(
            try bench.call(InvitationsRequest(), as: writer.keys).get().invitations
                == [
                    KeptInvitation(id: used.id, service: service, expires: expires, isRevoked: false, engagement: space),
                    KeptInvitation(id: open.id, service: service, expires: expires, isRevoked: true, engagement: nil),
                ].sorted { $0.id < $1.id })
        #expect(try bench.call(InvitationsRequest(), as: other.admin).get().invitations.isEmpty)
    }

    @Test("end_service closes the service to that customer, unless another engagement about it goes on")
    func serviceEnds() throws {
        let bench = Bench()
        let (provider, customer, other) = (try bench.firm(1), try bench.firm(2), try bench.firm(3))
        let service = try bench.service(of: provider).space
        let first = try bench.engaged(provider, customer, on: service)
        let second = try bench.engaged(provider, customer, on: service, seed: Nonce(high: 9, low: 9))
        _ = try bench.engaged(provider, other, on: service, seed: Nonce(high: 10, low: 9))
        for (engagement, remains) in [(first, true), (second, false)] {
            let author = StatementAuthor(organisation: provider.id, key: provider.admin.signing)
            let statement = author.sign(.endService, after: .start, about: engagement, time: 1)
            let answer = try bench.call(StatementRequest(statements: [statement]), as: provider.admin).get()
            let size = try bench.standing(engagement).size
            #expect(answer.verdicts == [.accepted(position: size - 1)] && answer.note != nil)
            #expect(
                try bench.call(StatementRequest(statements: [statement]), as: provider.admin).get().verdicts == [
                    .duplicate(position: size - 1)
                ])
            #expect(try bench.heads(customer.admin).contains { $0.space == service } == remains)
        }
        #expect(refusal(try bench.pull(service, as: customer.admin)) == Refusal(.notFound))
        #expect(refusal(try bench.pull(first, as: customer.admin)) == nil)
        #expect(refusal(try bench.pull(service, as: other.admin)) == nil)
    }
}
