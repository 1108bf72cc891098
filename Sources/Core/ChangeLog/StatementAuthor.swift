package import BuntanProtocol

/// Makes an organisation's statements with one of its keys: the root, the recovery key or an admin device's.
///
/// Whether the key may say so is for the chain to judge; whoever makes a statement appends it to its own chain first.
package struct StatementAuthor: Sendable {
    package let organisation: OrganisationID
    private let key: SigningKey

    package init(organisation: OrganisationID, key: SigningKey) {
        self.organisation = organisation
        self.key = key
    }

    /// Returns the statement that follows `head`: in the organisation's own chain, or in its chain about one space.
    package func sign(_ act: Statement.Act, after head: ChainHead, about space: SpaceID? = nil, time: Int64) -> SignedBytes {
        precondition(act.isOrganisationWide == (space == nil), "A statement about one space names it, and no other does.")
        let bytes = Statement(
            organisation: organisation, space: space, number: head.number + 1, previous: head.digest, signer: key.publicKey, act: act,
            time: time
        ).encoded()
        return SignedBytes(bytes: bytes, signature: key.sign("statement", bytes))
    }
}

extension DeviceKeys {
    /// The device's word that it belongs to the organisation: no admin can enrol it without.
    package func enrolmentProof(for organisation: OrganisationID) -> Signature {
        signing.sign(
            "enrol",
            Statement.enrolmentProof(organisation: organisation, device: device, sealingKey: sealing.publicKey))
    }
}

extension Statement.Act {
    /// Enrols a device whose keys are at hand.
    package static func enrolling(
        _ keys: DeviceKeys, in organisation: OrganisationID, capabilities: Capabilities, label: String
    ) -> Statement.Act {
        .enrol(
            device: keys.device, sealingKey: keys.sealing.publicKey, capabilities: capabilities, label: label,
            proof: keys.enrolmentProof(for: organisation))
    }

    package static func rotatingRoot(to key: SigningKey, of organisation: OrganisationID) -> Statement.Act {
        .rotateRoot(key: key.publicKey, proof: key.sign("root", Statement.rootProof(organisation: organisation, key: key.publicKey)))
    }

    package static func addingRecovery(_ key: SigningKey, to organisation: OrganisationID) -> Statement.Act {
        .addRecovery(key: key.publicKey, proof: key.sign("root", Statement.rootProof(organisation: organisation, key: key.publicKey)))
    }

    /// Gives devices a space key, each wrapped to the sealing key it was enrolled with.
    package static func giving(
        _ key: SpaceKey, to devices: [(device: DeviceID, sealingKey: SealingKey)], space: SpaceID
    ) throws(SealingFault) -> Statement.Act {
        var wrapped: [WrappedKey] = []
        for (device, sealingKey) in devices { wrapped.append(try key.wrapped(for: device, sealingKey, space: space)) }
        return .spaceKey(epoch: key.epoch, wrapped)
    }
}
