package import BuntanProtocol

/// A device as its organisation's chain knows it.
package struct EnrolledDevice: Hashable, Sendable {
    package let sealingKey: SealingKey
    package let label: String
    /// None once revoked.
    package internal(set) var capabilities: Capabilities
    package internal(set) var isRevoked = false
    /// From when on, by the server's clock, what the device signed is open to doubt.
    package internal(set) var compromisedAfter: Int64?
}

/// An organisation's own statements in their order: its root, recovery key and devices (sync.md section 5).
///
/// Everything follows from the founding root key and the statements; the organisation's id follows from that key, so a
/// chain cannot be passed off as another organisation's.
package struct OrganisationChain: Hashable, Sendable {
    package let organisation: OrganisationID
    package let foundingRoot: PublicKey
    package private(set) var rootKey: PublicKey
    package private(set) var recoveryKey: PublicKey?
    package private(set) var devices: [DeviceID: EnrolledDevice] = [:]
    private var chain = StatementChain()

    package init(foundingRoot: PublicKey) {
        organisation = OrganisationID(foundedBy: foundingRoot)
        self.foundingRoot = foundingRoot
        rootKey = foundingRoot
    }

    /// Builds a chain from its statements, all of them, from the first.
    package init(foundingRoot: PublicKey, statements: some Sequence<SignedBytes>) throws(Refusal) {
        self.init(foundingRoot: foundingRoot)
        for statement in statements { try append(statement) }
    }

    package var head: ChainHead { chain.head }

    package func holds(_ statement: SignedBytes) -> Bool { chain.holds(statement) }
    func holds(_ statement: Digest) -> Bool { chain.holds(statement) }

    /// Whether the chain came by this head.
    package func holds(_ head: ChainHead) -> Bool {
        head.number == 0 || (head.number <= chain.digests.count && chain.digests[head.number - 1] == head.digest)
    }

    /// Whether one of two is the beginning of the other, as it is in all logs of an organisation that says one thing.
    package func agrees(with other: OrganisationChain) -> Bool { zip(chain.digests, other.chain.digests).allSatisfy(==) }

    /// What the organisation lets a device do anywhere; none for a stranger or a revoked device.
    package func capabilities(of device: DeviceID) -> Capabilities { devices[device]?.capabilities ?? [] }

    /// Appends the next statement, or throws and stays as it was.
    package mutating func append(_ signed: SignedBytes) throws(Refusal) { try append(CheckedStatement(signed)) }

    mutating func append(_ checked: CheckedStatement) throws(Refusal) {
        let statement = checked.statement
        guard statement.organisation == organisation else { throw Refusal(.notOwner, "organisation") }
        guard statement.space == nil else { throw Refusal(.invalid, "space") }
        try chain.requireNext(checked)
        // The root founds; until it has, no device could have been allowed to.
        if statement.number == 1 {
            guard case .enrol = statement.act, statement.signer == rootKey else { throw Refusal(.noRight, "founding") }
        }
        switch statement.act {
        case .enrol(let device, let sealingKey, let capabilities, let label, let proof):
            try require(signer: statement.signer, grants: capabilities)
            guard devices[device] == nil else { throw Refusal(.invalid, "device_enrolled") }
            guard !device.isWeak, !sealingKey.isWeak else { throw Refusal(.invalid, "weak_key") }
            let content = Statement.enrolmentProof(organisation: organisation, device: device, sealingKey: sealingKey)
            guard SignatureCheck.isValid(proof, by: device, label: "enrol", content: content) else {
                throw Refusal(.badSignature, "enrol")
            }
            devices[device] = EnrolledDevice(sealingKey: sealingKey, label: label, capabilities: capabilities)
        case .revoke(let device, let compromisedAfter):
            try require(signer: statement.signer, grants: [])
            guard var known = devices[device] else { throw Refusal(.invalid, "device_unknown") }
            // A revocation may be said again to add when the device was compromised, which is often learnt later.
            let isNews = !known.isRevoked || (compromisedAfter != nil && compromisedAfter != known.compromisedAfter)
            guard isNews else { throw Refusal(.invalid, "device_revoked") }
            known.isRevoked = true
            known.capabilities = []
            known.compromisedAfter = compromisedAfter ?? known.compromisedAfter
            devices[device] = known
        case .setCapabilities(let device, let capabilities):
            guard let known = devices[device] else { throw Refusal(.invalid, "device_unknown") }
            // Only what the device gains is granted: an admin may leave it what the admin itself lacks.
            try require(signer: statement.signer, grants: capabilities.subtracting(known.capabilities))
            guard !known.isRevoked else { throw Refusal(.invalid, "device_revoked") }
            devices[device]?.capabilities = capabilities
        case .rotateRoot(let key, let proof):
            guard statement.signer == rootKey || statement.signer == recoveryKey else { throw Refusal(.noRight, "rotate_root") }
            try requireProof(proof, of: key)
            rootKey = key
        case .addRecovery(let key, let proof):
            // Whoever steals the root key must not be able to shut the recovery key out.
            guard statement.signer == (recoveryKey ?? rootKey) else { throw Refusal(.noRight, "add_recovery") }
            try requireProof(proof, of: key)
            recoveryKey = key
        case .restrict, .grantReader, .endReader, .endService, .policy, .erase, .spaceKey:
            throw Refusal(.invalid, "space")
        }
        chain.append(checked)
    }

    /// Requires the root, or an admin device that holds what it grants.
    private func require(signer: PublicKey, grants: Capabilities) throws(Refusal) {
        if signer == rootKey { return }
        let held = capabilities(of: signer)
        guard held.contains(.admin) else { throw Refusal(.noRight, "admin") }
        guard held.isSuperset(of: grants) else { throw Refusal(.noRight, "grant") }
    }

    private func requireProof(_ proof: Signature, of key: PublicKey) throws(Refusal) {
        guard key != rootKey, key != recoveryKey else { throw Refusal(.invalid, "same_key") }
        guard !key.isWeak else { throw Refusal(.invalid, "weak_key") }
        let content = Statement.rootProof(organisation: organisation, key: key)
        guard SignatureCheck.isValid(proof, by: key, label: "root", content: content) else { throw Refusal(.badSignature, "root") }
    }
}

extension OrganisationChain {
    /// What a store keeps; never sent, hence free to change with the store's version.
    package func write(to w: inout CBORWriter) {
        w.array(5)
        w.fixed(foundingRoot)
        w.fixed(rootKey)
        w.optional(recoveryKey) { $0.fixed($1) }
        w.list(devices.sorted { $0.key < $1.key }) { w, item in
            w.array(6)
            w.fixed(item.key)
            w.fixed(item.value.sealingKey)
            w.text(item.value.label)
            w.int(item.value.capabilities.rawValue)
            w.bool(item.value.isRevoked)
            w.optional(item.value.compromisedAfter) { $0.int($1) }
        }
        chain.write(to: &w)
    }

    package init(from r: inout CBORReader) throws(DecodingFault) {
        try r.array(of: 5)
        self.init(foundingRoot: try r.fixed())
        rootKey = try r.fixed()
        recoveryKey = try r.optional { r throws(DecodingFault) in try r.fixed() }
        let devices = try r.list(most: .max) { r throws(DecodingFault) -> (DeviceID, EnrolledDevice) in
            try r.array(of: 6)
            let device: DeviceID = try r.fixed()
            var known = EnrolledDevice(
                sealingKey: try r.fixed(), label: try r.text(), capabilities: Capabilities(rawValue: try r.int(0...15)))
            known.isRevoked = try r.bool()
            known.compromisedAfter = try r.optional { r throws(DecodingFault) in try r.int() }
            return (device, known)
        }
        self.devices = Dictionary(devices) { first, _ in first }
        chain = try StatementChain(from: &r)
    }

    package func encoded() -> [UInt8] { CBORWriter.encode(capacity: 512) { write(to: &$0) } }

    package init(decoding bytes: [UInt8]) throws(DecodingFault) {
        self = try CBORReader.decode(bytes) { r throws(DecodingFault) in try OrganisationChain(from: &r) }
    }
}
