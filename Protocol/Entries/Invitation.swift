/// A provider's offer of an engagement, signed by an `admin` device; whoever holds its seed may accept once.
package struct Invitation: Hashable, Sendable {
    package let service: SpaceID
    package let organisation: OrganisationID
    package let serverName: String
    package let logKey: PublicKey
    package let policy: Policy
    package let key: PublicKey
    /// Milliseconds since 1970, by the server's clock.
    package let expires: Int64
    package let device: DeviceID

    package init(
        service: SpaceID, organisation: OrganisationID, serverName: String, logKey: PublicKey, policy: Policy, key: PublicKey,
        expires: Int64,
        device: DeviceID
    ) {
        self.service = service
        self.organisation = organisation
        self.serverName = serverName
        self.logKey = logKey
        self.policy = policy
        self.key = key
        self.expires = expires
        self.device = device
    }

    package var id: InvitationID { Self.id(of: key) }
    package static func id(of key: PublicKey) -> InvitationID { InvitationID(prefixOf: Purpose.hash("invitation", key.bytes)) }

    /// The Ed25519 seed that a code's 16 bytes stand for.
    package static func keySeed(of seed: Nonce) -> Digest { Purpose.hash("invitation-seed", seed.bytes) }

    package func encoded() -> [UInt8] {
        CBORWriter.encode(capacity: 256) { w in
            w.map(9)
            w.key(1)
            w.int(1)
            w.key(2)
            w.id(service)
            w.key(3)
            w.id(organisation)
            w.key(4)
            w.text(serverName)
            w.key(5)
            w.fixed(logKey)
            w.key(6)
            policy.write(to: &w)
            w.key(7)
            w.fixed(key)
            w.key(8)
            w.int(expires)
            w.key(9)
            w.fixed(device)
        }
    }

    package init(decoding bytes: [UInt8]) throws(DecodingFault) {
        var r = CBORReader(bytes)
        var m = try r.map()
        try r.key(1, &m)
        guard try r.int() == 1 else { throw r.fault(.unknownFormat) }
        try r.key(2, &m)
        service = try r.id()
        try r.key(3, &m)
        organisation = try r.id()
        try r.key(4, &m)
        serverName = try r.text(most: Limits.serverNameBytes)
        try r.key(5, &m)
        logKey = try r.fixed()
        try r.key(6, &m)
        policy = try Policy(from: &r)
        try r.key(7, &m)
        key = try r.fixed()
        try r.key(8, &m)
        expires = try r.int()
        try r.key(9, &m)
        device = try r.fixed()
        try r.end(m)
        try r.finish()
    }
}

/// A code that people hand over: base32(body ‖ H("code", body)[0..<2]) "@" server.
///
/// The length of the body tells what the code is for, so that a code meant for something else can be named.
package enum HandedCode: Hashable, Sendable {
    /// An invitation's seed, the provider's organisation and the server to ask.
    case invitation(seed: Nonce, organisation: OrganisationID, server: String)
    /// A device that wants to be enrolled: its signing and sealing keys, its own word for which organisation, and its label.
    case deviceRequest(device: DeviceID, sealingKey: SealingKey, proof: Signature, label: String)
    /// An organisation at a server, as entered on a new device.
    case organisation(OrganisationID, server: String)
    /// An operator's admission of a new organisation.
    case admission(Nonce)

    package enum Fault: Error, Hashable, Sendable { case mistyped, notACode }

    package var text: String {
        switch self {
        case .invitation(let seed, let organisation, let server): Self.checked(seed.bytes + organisation.bytes) + "@" + server
        case .deviceRequest(let device, let key, let proof, let label):
            Self.checked(device.bytes + key.bytes + proof.bytes + Array(label.utf8))
        case .organisation(let organisation, let server): organisation.fingerprint + "@" + server
        case .admission(let nonce): Self.checked(nonce.bytes)
        }
    }

    package init(reading text: String) throws(Fault) {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        let letters = parts.first.map(String.init)?.trimmed ?? ""
        let server = parts.count == 2 ? String(parts[1]).trimmed : nil
        guard !letters.isEmpty, let bytes = Base32.bytes(letters) else {
            // Letters that base32 lacks are a slip of the fingers; anything else was never a code.
            throw letters.utf8.count > 20 ? .mistyped : .notACode
        }
        if bytes.count == 16, let server, !server.isEmpty, let organisation = OrganisationID(bytes) {
            self = .organisation(organisation, server: server)
            return
        }
        guard bytes.count >= 18 else { throw .mistyped }
        let body = Array(bytes.dropLast(2))
        guard Array(bytes.suffix(2)) == Array(Purpose.hash("code", body).bytes.prefix(2)) else { throw .mistyped }
        switch (body.count, server) {
        case (16, nil):
            guard let nonce = Nonce(body) else { throw .mistyped }
            self = .admission(nonce)
        case (32, let server?) where !server.isEmpty:
            guard let seed = Nonce(body.prefix(16)), let organisation = OrganisationID(body.suffix(16)) else { throw .mistyped }
            self = .invitation(seed: seed, organisation: organisation, server: server)
        case (128...(128 + Limits.labelBytes), nil):
            guard let device = DeviceID(body[0..<32]), let key = SealingKey(body[32..<64]), let proof = Signature(body[64..<128]),
                let label = String(validating: body[128...], as: UTF8.self)
            else { throw .mistyped }
            self = .deviceRequest(device: device, sealingKey: key, proof: proof, label: label)
        default: throw .mistyped
        }
    }

    private static func checked(_ body: [UInt8]) -> String {
        Base32.text(body + Purpose.hash("code", body).bytes.prefix(2))
    }
}

extension String {
    fileprivate var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
