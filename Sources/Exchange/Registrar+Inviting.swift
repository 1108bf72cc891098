import BuntanProtocol
import ChangeLog
import Storage
import Syncing

extension Registrar {
    /// The invitation with its signer's organisation, for whoever knows its id: the seed stays with the code.
    func invitation(_ request: InvitationRequest, _ reader: any StoreReader) throws -> Prepared {
        guard let invitation = try reader.invitation(request.id), let provider = try reader.organisation(invitation.organisation) else {
            throw Refusal(.notFound)
        }
        // Whoever holds the code learns here that it is no good any more, before anything is founded on it. When it expires
        // stands in the invitation itself.
        try requireOpen(invitation)
        return .answer(
            InvitationRequest.Answer(
                invitation: invitation.invitation, signature: invitation.signature, statements: try reader.statements(of: provider.id),
                rootKey: provider.rootKey
            ).encoded())
    }

    func invite(_ request: InviteRequest, by caller: Caller, at now: Int64, _ reader: any StoreReader) throws -> Prepared {
        let signed = SignedBytes(bytes: request.invitation, signature: request.signature)
        let invitation = try Invitation.verify(signed)
        guard invitation.organisation == caller.organisation else { throw Refusal(.notOwner, "organisation") }
        guard invitation.serverName == identity.name else { throw Refusal(.invalid, "server_name") }
        guard invitation.logKey == identity.logKey.publicKey else { throw Refusal(.invalid, "log_key") }
        guard !invitation.policy.isSealed else { throw Refusal(.invalid, "sealed") }
        return .work(
            Work { [self] _, writer in
                let caller = try again(caller, writer)
                let service = try handle(invitation.service, for: caller, at: now, writer).standing
                guard service.genesis.type == .service, service.genesis.party(caller.organisation) != nil else { throw Refusal(.notFound) }
                guard let chain = try writer.chain(of: caller.organisation) else { throw Refusal(.noSession) }
                guard try writer.invitations(of: caller.organisation).count < Limits.invitationsPerList else {
                    throw Refusal(.quota, "invitations")
                }
                let known = try writer.invitation(invitation.id)
                if let known, known.invitation == signed.bytes { return Outcome(EmptyAnswer()) }
                guard known == nil else { throw Refusal(.invalid, "invitation_known") }
                _ = try Invitation.verify(signed, by: chain)
                guard invitation.expires > now else { throw Refusal(.invalid, "invitation_expired") }
                try writer.setInvitation(
                    RegisteredInvitation(
                        id: invitation.id, organisation: caller.organisation, invitation: signed.bytes, signature: signed.signature,
                        expires: invitation.expires))
                return Outcome(EmptyAnswer())
            })
    }

    /// Every invitation of the caller's organisation, open or not.
    func invitations(of caller: Caller, _ reader: any StoreReader) throws -> Prepared {
        let kept = try reader.invitations(of: caller.organisation).prefix(Limits.invitationsPerList).map { invitation in
            KeptInvitation(
                id: invitation.id, service: try ChangeCheck.decodingInvitation(invitation.invitation).service, expires: invitation.expires,
                isRevoked: invitation.isRevoked, engagement: invitation.usedBy)
        }
        return .answer(InvitationsRequest.Answer(invitations: Array(kept)).encoded())
    }

    /// Takes back an invitation of the caller's organisation; one that has been taken up is an engagement, which ends otherwise.
    func revoke(_ request: RevokeInvitationRequest, by caller: Caller) throws -> Prepared {
        .work(
            Work { [self] _, writer in
                let caller = try again(caller, writer)
                // Another's invitation and none are one answer.
                guard var invitation = try writer.invitation(request.id), invitation.organisation == caller.organisation else {
                    throw Refusal(.notFound)
                }
                guard caller.capabilities.contains(.admin) else { throw Refusal(.noRight, "admin") }
                guard invitation.usedBy == nil else { throw Refusal(.invalid, "invitation_used") }
                if !invitation.isRevoked {
                    invitation.isRevoked = true
                    try writer.setInvitation(invitation)
                }
                return Outcome(EmptyAnswer())
            })
    }

    /// Begins the engagement that an invitation offers: genesis, both organisations' chains, and who reads what.
    func createSpace(_ request: CreateSpaceRequest, by caller: Caller, at now: Int64) throws -> Prepared {
        let entry = Entry(
            kind: .genesis, received: now, content: request.genesis, signature: request.signature, proof: request.acceptance?.bytes
        ).encoded()
        let founding = try SpaceStanding.founding(entryBytes: entry)
        let genesis = founding.genesis
        guard genesis.type == .engagement, let provider = genesis.party(.provider)?.organisation, let service = genesis.service,
            let invitationBytes = genesis.invitation
        else { throw Refusal(.invalid, "type") }
        guard genesis.party(.customer)?.organisation == caller.organisation else { throw Refusal(.notOwner, "organisation") }
        guard genesis.serverName == identity.name else { throw Refusal(.invalid, "server_name") }
        guard genesis.logKey == identity.logKey.publicKey else { throw Refusal(.invalid, "log_key") }
        let invitationID = try ChangeCheck.decodingInvitation(invitationBytes).id
        let space = founding.id

        return .work(
            Work { [self] _, writer in
                let caller = try again(caller, writer)
                guard var invitation = try writer.invitation(invitationID), invitation.invitation == invitationBytes else {
                    throw Refusal(.invalid, "invitation_unknown")
                }
                if invitation.usedBy == space, let standing = try writer.standing(of: space) {
                    return Outcome { CreateSpaceRequest.Answer(space: space, note: note(over: standing)).encoded() }
                }
                // Made here before and lost since: made again it would be another log under the same name.
                guard mark.place(of: space) == nil else { throw Refusal(.recovering) }
                try requireUsable(invitation, at: now)
                guard let standing = try writer.standing(of: service), identity.keeps(standing.rights), standing.genesis.type == .service,
                    standing.genesis.party(provider) != nil
                else { throw Refusal(.invalid, "service") }
                try requireRoomForSpace(of: caller.organisation, writer)

                var ledger = try Ledger(founding: entry, schema: schema)
                for organisation in [provider, caller.organisation] {
                    for statement in try writer.statements(of: organisation) { _ = try ledger.admit(statement, received: now) }
                }
                guard ledger.rights.isFounded, ledger.rights.isInvitationHonoured else { throw Refusal(.noRight, "admin") }
                var quota = Quota(of: nil, policy: policy)
                let bytes = ledger.update.entries.reduce(0) { $0 + $1.bytes.count }
                guard try bytes <= quota.left(to: caller.organisation, writer) else { throw Refusal(.quota) }
                try quota.use(bytes, by: caller.organisation, writer)
                try writer.apply(try ledger.finished())
                try quota.store(writer)
                invitation.usedBy = space
                try writer.setInvitation(invitation)
                let founded = ledger.standing
                var outcome = Outcome { CreateSpaceRequest.Answer(space: space, note: note(over: founded)).encoded() }
                outcome.touched[space] = MarkedPlace(founded)
                outcome.listed = try settleReading(of: founded, writer)
                return outcome
            })
    }

    func requireRoomForSpace(of organisation: OrganisationID, _ reader: any StoreReader) throws {
        guard try reader.heads(for: organisation).count < policy.organisationSpaces else { throw Refusal(.quota, "spaces") }
    }
}

extension ChangeCheck {
    static func decodingInvitation(_ bytes: [UInt8]) throws(Refusal) -> Invitation {
        do { return try Invitation(decoding: bytes) } catch { throw Refusal(.malformed, "invitation") }
    }
}
