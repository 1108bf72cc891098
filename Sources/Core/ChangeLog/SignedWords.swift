package import BuntanProtocol

extension Invitation {
    /// Returns the invitation signed by the device it names.
    package func signed(by key: SigningKey) -> SignedBytes {
        precondition(key.publicKey == device, "An invitation is signed by the device it names.")
        let bytes = encoded()
        return SignedBytes(bytes: bytes, signature: key.sign("invitation", bytes))
    }

    /// Returns the invitation if it is well formed and signed by the device it names.
    package static func verify(_ signed: SignedBytes) throws(Refusal) -> Invitation {
        guard signed.bytes.count <= Limits.invitationBytes else { throw Refusal(.tooLarge, "invitation") }
        let invitation = try ChangeCheck.decoding { () throws(DecodingFault) in try Invitation(decoding: signed.bytes) }
        guard SignatureCheck.isValid(signed.signature, by: invitation.device, label: "invitation", content: signed.bytes) else {
            throw Refusal(.badSignature, "invitation")
        }
        guard !invitation.key.isWeak, !invitation.logKey.isWeak else { throw Refusal(.invalid, "weak_key") }
        guard Checkpoint.isServerName(invitation.serverName) else { throw Refusal(.invalid, "server_name") }
        return invitation
    }

    /// Returns the invitation if, besides, the device is an admin of the inviting organisation now.
    package static func verify(_ signed: SignedBytes, by chain: OrganisationChain) throws(Refusal) -> Invitation {
        let invitation = try verify(signed)
        guard invitation.organisation == chain.organisation else { throw Refusal(.notOwner, "organisation") }
        guard chain.capabilities(of: invitation.device).contains(.admin) else { throw Refusal(.noRight, "admin") }
        return invitation
    }

    /// The key that stands for the right to accept: whoever holds the code's seed has it, and the server never does.
    package static func key(of seed: Nonce) -> SigningKey { SigningKey(seed: keySeed(of: seed)) }
}

extension Genesis {
    /// Returns the genesis signed by the device it names.
    package func signed(by key: SigningKey) -> SignedBytes {
        precondition(key.publicKey == device, "A genesis is signed by the device it names.")
        let bytes = encoded()
        return SignedBytes(bytes: bytes, signature: key.sign("genesis", bytes))
    }

    /// The signature of the invitation's key over an engagement's genesis.
    package static func acceptance(of bytes: [UInt8], with key: SigningKey) -> Signature { key.sign("accept", bytes) }
}

extension SessionRequest {
    /// Answers a server's challenge in a device's name.
    package init(answering nonce: Digest, of serverName: String, with key: SigningKey) {
        self.init(
            device: key.publicKey, nonce: nonce,
            signature: key.sign("session", Self.proof(serverName: serverName, nonce: nonce, device: key.publicKey)))
    }

    /// Whether the device has signed this nonce for this server.
    package func isValid(serverName: String) -> Bool {
        SignatureCheck.isValid(
            signature, by: device, label: "session", content: Self.proof(serverName: serverName, nonce: nonce, device: device))
    }
}

extension ServerStatement {
    package func signed(by logKey: SigningKey) -> SignedBytes {
        let bytes = encoded()
        return SignedBytes(bytes: bytes, signature: logKey.sign("server", bytes))
    }
}

/// A party's signature under an agreement: over the document and the views it was signed in.
package struct AgreementWords: Hashable, Sendable {
    package let document: Digest
    package let organisation: OrganisationID
    package let name: String
    package let title: String
    package let views: [SpaceID: Base]

    /// `document` is the SHA-256 of the agreement's document.
    package init(document: Digest, organisation: OrganisationID, name: String, title: String, views: [SpaceID: Base]) {
        self.document = document
        self.organisation = organisation
        self.name = name
        self.title = title
        self.views = views
    }

    /// `[document, org, name, title, [[space, epoch, size, root], …]]`, the views sorted by their encoded bytes.
    package func encoded() -> [UInt8] {
        let views = self.views.map { space, base in
            CBORWriter.encode { w in
                w.array(4)
                w.id(space)
                w.int(base.epoch)
                w.int(base.size)
                w.fixed(base.root)
            }
        }
        return CBORWriter.encode(capacity: 256) { w in
            w.array(5)
            w.fixed(document)
            w.id(organisation)
            w.text(name)
            w.text(title)
            w.list(views.sorted { $0.lexicographicallyPrecedes($1) }) { $0.raw($1) }
        }
    }

    package func signed(by key: SigningKey) -> Signature { key.sign("agreement", encoded()) }

    package func isSigned(_ signature: Signature, by device: DeviceID) -> Bool {
        SignatureCheck.isValid(signature, by: device, label: "agreement", content: encoded())
    }
}
