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
    ///
    /// - Parameter leading: what was said before, which may make the signer known.
    func keepRevocation(_ signed: SignedBytes, leading: [SignedBytes]) throws -> OwnRevocation? {
        guard let revocation = try store.read({ try self.revocation(signed, leading: leading, $0) }) else { return nil }
        try store.write { transaction in
            let proof = leading + [signed]
            let bytes = CBORWriter.encode { w in
                w.array(proof.count)
                for statement in proof { statement.write(to: &w) }
            }
            try transaction.setValue(bytes, for: StoredName.revocation)
        }
        return revocation
    }

    /// What is to be told where a server gives this device no session and proves nothing.
    ///
    /// A device whose enrolment the server had taken is not one that waits for it: whoever enrolled it again might do so for a
    /// thief.
    func disowning() throws -> SyncFault {
        let hadBeen = try store.read { reader in
            let device = try reader.identity().device
            return try ownOrganisationChain(reader).devices[device] != nil && !isEnrolledUnsaid(reader)
        }
        guard hadBeen else { return .notEnrolled }
        try store.write { try $0.setValue([1], for: StoredName.disowned) }
        return .disowned
    }

    /// Forgets that the server did not know this device: it has answered it as one that is enrolled.
    func forgetDisowning() throws {
        guard try store.read({ reader in try Self.disownings.contains { try reader.value($0) != nil } }) else { return }
        try store.write { try forgetDisowning($0) }
    }

    func forgetDisowning(_ transaction: any StoreWriter) throws {
        for name in Self.disownings where try transaction.value(name) != nil { try transaction.setValue(nil, for: name) }
    }

    private static let disownings = [StoredName.revocation, StoredName.disowned]

    /// Whether the server, when last asked, took this device for one that is not enrolled any more, without a proof.
    package func isDisowned(_ reader: any StoreReader) throws -> Bool { try reader.value(StoredName.disowned) != nil }

    /// What this store knows of the end of its device's rights: from the server, or from the organisation's own statements.
    package func ownRevocation(_ reader: any StoreReader) throws -> OwnRevocation? {
        for signed in try reader.ownChain() {
            if let found = try revocation(signed, leading: [], reader) { return found }
        }
        guard let bytes = try reader.value(StoredName.revocation) else { return nil }
        var proof = try CBORReader.decode(bytes) { r throws(DecodingFault) in try SignedBytes.list(from: &r) }
        guard let signed = proof.popLast() else { return nil }
        return try revocation(signed, leading: proof, reader)
    }

    private func revocation(_ signed: SignedBytes, leading: [SignedBytes], _ reader: any StoreReader) throws -> OwnRevocation? {
        let identity = try reader.identity()
        // What cannot be read is no word of the organisation's.
        guard let statement = try? Statement(decoding: signed.bytes), statement.organisation == identity.organisation,
            case .revoke(identity.device, _) = statement.act,
            SignatureCheck.isValid(signed.signature, by: statement.signer, label: "statement", content: signed.bytes)
        else { return nil }
        // A server may show what it likes: only who may revoke, as far as is known here or follows from it, has revoked.
        let chain = try ownOrganisationChain(reader)
        let isKnown = try reader.ownChain().contains(signed)
        if isKnown || statement.signer == chain.rootKey || chain.capabilities(of: statement.signer).contains(.admin) {
            return OwnRevocation(time: statement.time, signer: statement.signer, label: chain.devices[statement.signer]?.label)
        }
        guard let chain = try self.chain(through: leading + [signed], reader) else { return nil }
        return OwnRevocation(time: statement.time, signer: statement.signer, label: chain.devices[statement.signer]?.label)
    }

    /// The organisation's chain as the server has it, from what it has taken of this store's on; `nil` where that does not
    /// follow.
    private func chain(through statements: [SignedBytes], _ reader: any StoreReader) throws -> OrganisationChain? {
        let taken = try reader.ownChain().prefix(chainSent(reader))
        var chain = try OrganisationChain(foundingRoot: try reader.identity().rootKey, statements: taken)
        do throws(Refusal) {
            for statement in statements where !chain.holds(statement) { try chain.append(statement) }
        } catch { return nil }
        return chain
    }

    /// Whether the organisation has enrolled this device, as far as is known here.
    func isEnrolled(_ reader: any StoreReader) throws -> Bool {
        let device = try reader.identity().device
        guard let known = try ownOrganisationChain(reader).devices[device] else { return false }
        return !known.isRevoked
    }

    /// Whether a log that is begun here would know this device, even as one whose rights have ended.
    ///
    /// Where it would not, the word that enrols it is on a page that has not come, or no server has heard it yet.
    func isEnrolmentSettled(_ reader: any StoreReader) throws -> Bool {
        guard let keys else { throw WorkspaceFault.keysNeeded }
        let chain = try OrganisationChain(foundingRoot: try reader.identity().rootKey, statements: settledChain(reader))
        return chain.devices[keys.device] != nil
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
