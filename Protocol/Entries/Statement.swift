/// What a device may do: the sum of its bits (PROTOCOL.md section 10).
package struct Capabilities: OptionSet, Hashable, Sendable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }

    package static let read = Capabilities(rawValue: 1)
    package static let write = Capabilities(rawValue: 2)
    package static let sign = Capabilities(rawValue: 4)
    package static let admin = Capabilities(rawValue: 8)
    package static let all: Capabilities = [.read, .write, .sign, .admin]

    package static let names: [(name: String, capability: Capabilities)] = [
        ("read", .read), ("write", .write), ("sign", .sign), ("admin", .admin),
    ]
}

/// A space key wrapped by HPKE to one device's sealing key.
package struct WrappedKey: Hashable, Sendable {
    package let device: DeviceID
    package let encapsulated: [UInt8]
    package let ciphertext: [UInt8]

    /// An X25519 public key, and a key of 32 bytes with its tag of 16.
    static let encapsulatedBytes = 32
    static let ciphertextBytes = 48

    package init(device: DeviceID, encapsulated: [UInt8], ciphertext: [UInt8]) {
        self.device = device
        self.encapsulated = encapsulated
        self.ciphertext = ciphertext
    }
}

/// An organisation's signed word about devices and rights.
package struct Statement: Hashable, Sendable {
    package enum Act: Hashable, Sendable {
        /// `proof` is the device's own signature over its organisation: nobody enrols another's device as theirs.
        case enrol(device: DeviceID, sealingKey: SealingKey, capabilities: Capabilities, label: String, proof: Signature)
        case revoke(device: DeviceID, compromisedAfter: Int64?)
        case setCapabilities(device: DeviceID, Capabilities)
        case rotateRoot(key: PublicKey, proof: Signature)
        case addRecovery(key: PublicKey, proof: Signature)
        case restrict(device: DeviceID, Capabilities)
        case grantReader(OrganisationID, expires: Int64)
        case endReader(OrganisationID)
        case endService
        case policy(leastSchema: Int)
        case erase([ErasedOps])
        case spaceKey(epoch: Int, [WrappedKey])

        /// Whether the act concerns the organisation everywhere, rather than one space.
        package var isOrganisationWide: Bool { number < 16 }

        package var number: Int {
            switch self {
            case .enrol: 1
            case .revoke: 2
            case .setCapabilities: 3
            case .rotateRoot: 4
            case .addRecovery: 5
            case .restrict: 16
            case .grantReader: 17
            case .endReader: 18
            case .endService: 19
            case .policy: 20
            case .erase: 21
            case .spaceKey: 22
            }
        }

        package static func == (a: Act, b: Act) -> Bool { a.encoded == b.encoded }
        package func hash(into hasher: inout Hasher) { hasher.combine(encoded) }
        private var encoded: [UInt8] {
            CBORWriter.encode {
                $0.int(number)
                write(to: &$0)
            }
        }
    }

    package let organisation: OrganisationID
    /// The one space that the statement is about, or `nil` for the organisation's own chain.
    package let space: SpaceID?
    /// Its number in its chain, from 1.
    package let number: Int
    /// SHA-256 of the bytes of the statement before it.
    package let previous: Digest?
    package let signer: PublicKey
    package let act: Act
    package let time: Int64

    package init(organisation: OrganisationID, space: SpaceID?, number: Int, previous: Digest?, signer: PublicKey, act: Act, time: Int64) {
        self.organisation = organisation
        self.space = space
        self.number = number
        self.previous = previous
        self.signer = signer
        self.act = act
        self.time = time
    }

    /// What a device signs to show that it belongs to the organisation.
    package static func enrolmentProof(organisation: OrganisationID, device: DeviceID, sealingKey: SealingKey) -> [UInt8] {
        CBORWriter.encode { w in
            w.array(3)
            w.id(organisation)
            w.fixed(device)
            w.fixed(sealingKey)
        }
    }

    /// What a new root or recovery key signs.
    package static func rootProof(organisation: OrganisationID, key: PublicKey) -> [UInt8] {
        CBORWriter.encode { w in
            w.array(2)
            w.id(organisation)
            w.fixed(key)
        }
    }

    package func encoded() -> [UInt8] {
        CBORWriter.encode(capacity: 256) { w in
            w.map(9)
            w.key(1)
            w.int(1)
            w.key(2)
            w.id(organisation)
            w.key(3)
            w.optional(space) { $0.id($1) }
            w.key(4)
            w.int(number)
            w.key(5)
            w.optional(previous) { $0.fixed($1) }
            w.key(6)
            w.fixed(signer)
            w.key(7)
            w.int(act.number)
            w.key(8)
            act.write(to: &w)
            w.key(9)
            w.int(time)
        }
    }

    package init(decoding bytes: [UInt8]) throws(DecodingFault) {
        var r = CBORReader(bytes)
        var m = try r.map()
        try r.key(1, &m)
        guard try r.int() == 1 else { throw r.fault(.unknownFormat) }
        try r.key(2, &m)
        organisation = try r.id()
        try r.key(3, &m)
        space = try r.optional { r throws(DecodingFault) in try r.id() }
        try r.key(4, &m)
        number = try r.int(1...(1 << 40))
        try r.key(5, &m)
        previous = try r.optional { r throws(DecodingFault) in try r.fixed() }
        guard (number == 1) == (previous == nil) else { throw r.fault(.missingKey) }
        try r.key(6, &m)
        signer = try r.fixed()
        try r.key(7, &m)
        let type = try r.int(0...255)
        try r.key(8, &m)
        act = try Act(type: type, from: &r)
        guard act.isOrganisationWide == (space == nil) else { throw r.fault(.outOfRange) }
        try r.key(9, &m)
        time = try r.int()
        try r.end(m)
        try r.finish()
    }
}

extension Statement.Act {
    package func write(to w: inout CBORWriter) {
        switch self {
        case .enrol(let device, let sealingKey, let capabilities, let label, let proof):
            w.map(5)
            w.key(1)
            w.fixed(device)
            w.key(2)
            w.fixed(sealingKey)
            w.key(3)
            w.int(capabilities.rawValue)
            w.key(4)
            w.text(label)
            w.key(5)
            w.signature(proof)
        case .revoke(let device, let compromisedAfter):
            w.map(compromisedAfter == nil ? 1 : 2)
            w.key(1)
            w.fixed(device)
            if let compromisedAfter {
                w.key(2)
                w.int(compromisedAfter)
            }
        case .setCapabilities(let device, let capabilities), .restrict(let device, let capabilities):
            w.map(2)
            w.key(1)
            w.fixed(device)
            w.key(2)
            w.int(capabilities.rawValue)
        case .rotateRoot(let key, let proof), .addRecovery(let key, let proof):
            w.map(2)
            w.key(1)
            w.fixed(key)
            w.key(2)
            w.signature(proof)
        case .grantReader(let organisation, let expires):
            w.map(2)
            w.key(1)
            w.id(organisation)
            w.key(2)
            w.int(expires)
        case .endReader(let organisation):
            w.map(1)
            w.key(1)
            w.id(organisation)
        case .endService: w.map(0)
        case .policy(let leastSchema):
            w.map(1)
            w.key(3)
            w.int(leastSchema)
        case .erase(let ops):
            w.map(1)
            w.key(1)
            ErasedOps.write(ops, to: &w)
        case .spaceKey(let epoch, let keys):
            w.map(2)
            w.key(1)
            w.int(epoch)
            w.key(2)
            w.list(keys) { w, key in
                w.array(3)
                w.fixed(key.device)
                w.byteString(key.encapsulated)
                w.byteString(key.ciphertext)
            }
        }
    }

    package init(type: Int, from r: inout CBORReader) throws(DecodingFault) {
        var m = try r.map()
        switch type {
        case 1:
            try r.key(1, &m)
            let device: DeviceID = try r.fixed()
            try r.key(2, &m)
            let sealingKey: SealingKey = try r.fixed()
            try r.key(3, &m)
            let capabilities = Capabilities(rawValue: try r.int(0...15))
            try r.key(4, &m)
            let label = try r.text(most: Limits.labelBytes)
            try r.key(5, &m)
            self = .enrol(device: device, sealingKey: sealingKey, capabilities: capabilities, label: label, proof: try r.signature())
        case 2:
            try r.key(1, &m)
            let device: DeviceID = try r.fixed()
            self = .revoke(device: device, compromisedAfter: try r.hasKey(2, &m) ? try r.int() : nil)
        case 3, 16:
            try r.key(1, &m)
            let device: DeviceID = try r.fixed()
            try r.key(2, &m)
            let capabilities = Capabilities(rawValue: try r.int(0...15))
            self = type == 3 ? .setCapabilities(device: device, capabilities) : .restrict(device: device, capabilities)
        case 4, 5:
            try r.key(1, &m)
            let key: PublicKey = try r.fixed()
            try r.key(2, &m)
            let proof = try r.signature()
            self = type == 4 ? .rotateRoot(key: key, proof: proof) : .addRecovery(key: key, proof: proof)
        case 17:
            try r.key(1, &m)
            let organisation: OrganisationID = try r.id()
            try r.key(2, &m)
            self = .grantReader(organisation, expires: try r.int())
        case 18:
            try r.key(1, &m)
            self = .endReader(try r.id())
        case 19: self = .endService
        case 20:
            try r.key(3, &m)
            self = .policy(leastSchema: try r.int(0...1_000_000))
        case 21:
            try r.key(1, &m)
            self = .erase(try ErasedOps.list(from: &r))
        case 22:
            try r.key(1, &m)
            let epoch = try r.count()
            try r.key(2, &m)
            self = .spaceKey(
                epoch: epoch,
                try r.list(most: Limits.wrappedKeysPerStatement) { r throws(DecodingFault) -> WrappedKey in
                    try r.array(of: 3)
                    let device: DeviceID = try r.fixed()
                    return WrappedKey(
                        device: device, encapsulated: try r.bytes(exactly: WrappedKey.encapsulatedBytes),
                        ciphertext: try r.bytes(exactly: WrappedKey.ciphertextBytes))
                })
        default: throw r.fault(.unknownFormat)
        }
        try r.end(m)
    }
}
