package import BuntanProtocol
import ChangeLog
package import Storage

/// When the organisation ended this device's rights, and who said so.
package struct OwnRevocation: Hashable, Sendable {
    /// As its signer's clock had it, in milliseconds since 1970.
    package let time: Int64
    package let signer: PublicKey
    /// The signing device's label; `nil` for the root, and for a device this store has not heard of.
    package let label: String?

    package init(time: Int64, signer: PublicKey, label: String?) {
        (self.time, self.signer, self.label) = (time, signer, label)
    }
}

extension Workspace {
    /// Keeps a server's proof that this device's rights have ended; `nil` where it is none.
    func keepRevocation(_ signed: SignedBytes) throws -> OwnRevocation? {
        guard let revocation = try store.read({ try self.revocation(signed, $0) }) else { return nil }
        try store.write { transaction in
            try transaction.setValue(CBORWriter.encode { signed.write(to: &$0) }, for: StoredName.revocation)
        }
        return revocation
    }

    /// What this store knows of the end of its device's rights: from the server, or from the organisation's own statements.
    package func ownRevocation(_ reader: any StoreReader) throws -> OwnRevocation? {
        var candidates = try reader.ownChain()
        if let bytes = try reader.value(StoredName.revocation) {
            candidates.append(try CBORReader.decode(bytes) { r throws(DecodingFault) in try SignedBytes(from: &r) })
        }
        for signed in candidates {
            if let found = try revocation(signed, reader) { return found }
        }
        return nil
    }

    private func revocation(_ signed: SignedBytes, _ reader: any StoreReader) throws -> OwnRevocation? {
        let identity = try reader.identity()
        // What cannot be read is no word of the organisation's.
        guard let statement = try? Statement(decoding: signed.bytes), statement.organisation == identity.organisation,
            case .revoke(identity.device, _) = statement.act,
            SignatureCheck.isValid(signed.signature, by: statement.signer, label: "statement", content: signed.bytes)
        else { return nil }
        // A server may show what it likes: only who may revoke, as far as is known here, has revoked.
        let chain = try ownOrganisationChain(reader)
        let isKnown = try reader.ownChain().contains(signed)
        guard isKnown || statement.signer == chain.rootKey || chain.capabilities(of: statement.signer).contains(.admin) else { return nil }
        return OwnRevocation(time: statement.time, signer: statement.signer, label: chain.devices[statement.signer]?.label)
    }

    /// Whether this device's enrolment stands among the statements that no server has heard yet.
    func isEnrolledUnsaid(_ reader: any StoreReader) throws -> Bool {
        let device = try reader.identity().device
        return try unsentChain(reader).contains { signed in
            // The store's own statements were read when they were made.
            guard case .enrol(device, _, _, _, _)? = try? Statement(decoding: signed.bytes).act else { return false }
            return true
        }
    }
}
