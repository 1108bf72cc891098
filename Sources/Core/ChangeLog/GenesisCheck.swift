import BuntanProtocol

/// Checks what a genesis must hold beyond its layout.
enum GenesisCheck {
    static func check(_ genesis: Genesis, bytes: [UInt8], signature: Signature, acceptance: Signature?) throws(Refusal) {
        for party in genesis.parties {
            guard party.organisation == OrganisationID(foundedBy: party.rootKey) else { throw Refusal(.invalid, "organisation") }
            guard !party.rootKey.isWeak else { throw Refusal(.invalid, "weak_key") }
        }
        guard !genesis.logKey.isWeak else { throw Refusal(.invalid, "weak_key") }
        if let name = genesis.serverName, !Checkpoint.isServerName(name) { throw Refusal(.invalid, "server_name") }
        // Both parties of an engagement read it, and everybody a service space is for reads that.
        guard genesis.type == .private || !genesis.policy.isSealed else { throw Refusal(.invalid, "sealed") }
        guard SignatureCheck.isValid(signature, by: genesis.device, label: "genesis", content: bytes) else {
            throw Refusal(.badSignature, "genesis")
        }
        guard let invitationBytes = genesis.invitation, let invitationSignature = genesis.invitationSignature else {
            guard acceptance == nil else { throw Refusal(.malformed, "accept") }
            return
        }
        let invitation = try Invitation.verify(SignedBytes(bytes: invitationBytes, signature: invitationSignature))
        guard invitation.organisation == genesis.party(.provider)?.organisation, invitation.service == genesis.service,
            invitation.serverName == genesis.serverName, invitation.logKey == genesis.logKey, invitation.policy == genesis.policy
        else { throw Refusal(.invalid, "invitation") }
        guard let acceptance, SignatureCheck.isValid(acceptance, by: invitation.key, label: "accept", content: bytes) else {
            throw Refusal(.badSignature, "accept")
        }
    }
}
