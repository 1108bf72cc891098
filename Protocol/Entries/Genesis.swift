/// Which side of an engagement a party stands on.
package enum Side: Int, CaseIterable, Sendable, Hashable {
    case provider = 1
    case customer = 2

    package var name: String { self == .provider ? "provider" : "customer" }
    package var other: Side { self == .provider ? .customer : .provider }

    package init?(name: String) {
        guard let side = Side.allCases.first(where: { $0.name == name }) else { return nil }
        self = side
    }
}

package enum SpaceType: Int, CaseIterable, Sendable, Hashable { case service = 1, engagement, `private` }

/// An organisation's part in a space.
package struct Party: Hashable, Sendable {
    package let side: Side
    package let organisation: OrganisationID
    package let rootKey: PublicKey

    package init(side: Side, organisation: OrganisationID, rootKey: PublicKey) {
        self.side = side
        self.organisation = organisation
        self.rootKey = rootKey
    }
}

/// What a space lays down for good when it begins.
package struct Policy: Hashable, Sendable {
    /// Whether one side's grant suffices for an auditor, or both must grant.
    package let auditNeedsBoth: Bool
    package let isSealed: Bool
    package let leastSchema: Int

    package init(auditNeedsBoth: Bool = false, isSealed: Bool = false, leastSchema: Int = 1) {
        self.auditNeedsBoth = auditNeedsBoth
        self.isSealed = isSealed
        self.leastSchema = leastSchema
    }

    package func write(to w: inout CBORWriter) {
        w.map(3)
        w.key(1)
        w.int(auditNeedsBoth ? 2 : 1)
        w.key(2)
        w.bool(isSealed)
        w.key(3)
        w.int(leastSchema)
    }

    package init(from r: inout CBORReader) throws(DecodingFault) {
        var m = try r.map()
        try r.key(1, &m)
        auditNeedsBoth = try r.int(1...2) == 2
        try r.key(2, &m)
        isSealed = try r.bool()
        try r.key(3, &m)
        leastSchema = try r.int(0...1_000_000)
        try r.end(m)
    }
}

/// The first entry of a space: fixes parties, server, log key and policy, so that the space's id cannot be re-pointed.
package struct Genesis: Hashable, Sendable {
    package let type: SpaceType
    package let parties: [Party]
    /// `nil` for a space that its organisation begins before a server keeps it.
    package let serverName: String?
    package let logKey: PublicKey
    package let policy: Policy
    package let nonce: Nonce
    package let device: DeviceID
    /// The service space of an engagement.
    package let service: SpaceID?
    package let invitation: [UInt8]?
    package let invitationSignature: Signature?

    package init(
        type: SpaceType, parties: [Party], serverName: String?, logKey: PublicKey, policy: Policy, nonce: Nonce, device: DeviceID,
        service: SpaceID? = nil, invitation: [UInt8]? = nil, invitationSignature: Signature? = nil
    ) {
        self.type = type
        self.parties = parties
        self.serverName = serverName
        self.logKey = logKey
        self.policy = policy
        self.nonce = nonce
        self.device = device
        self.service = service
        self.invitation = invitation
        self.invitationSignature = invitationSignature
    }

    /// The space that begins with these genesis bytes.
    package static func space(of bytes: [UInt8]) -> SpaceID { SpaceID(prefixOf: Purpose.hash("space", bytes)) }

    package func party(_ organisation: OrganisationID) -> Party? { parties.first { $0.organisation == organisation } }
    package func party(_ side: Side) -> Party? { parties.first { $0.side == side } }

    package func encoded() -> [UInt8] {
        CBORWriter.encode(capacity: 512) { w in
            w.map(8 + (service == nil ? 0 : 1) + (invitation == nil ? 0 : 1) + (invitationSignature == nil ? 0 : 1))
            w.key(1)
            w.int(1)
            w.key(2)
            w.int(type.rawValue)
            w.key(3)
            w.list(parties) { w, party in
                w.array(3)
                w.int(party.side.rawValue)
                w.id(party.organisation)
                w.fixed(party.rootKey)
            }
            w.key(4)
            w.optional(serverName) { $0.text($1) }
            w.key(5)
            w.fixed(logKey)
            w.key(6)
            policy.write(to: &w)
            w.key(7)
            w.id(nonce)
            w.key(8)
            w.fixed(device)
            if let service {
                w.key(9)
                w.id(service)
            }
            if let invitation {
                w.key(10)
                w.byteString(invitation)
            }
            if let invitationSignature {
                w.key(11)
                w.signature(invitationSignature)
            }
        }
    }

    package init(decoding bytes: [UInt8]) throws(DecodingFault) {
        var r = CBORReader(bytes)
        var m = try r.map()
        try r.key(1, &m)
        guard try r.int() == 1 else { throw r.fault(.unknownFormat) }
        try r.key(2, &m)
        guard let type = SpaceType(rawValue: try r.int(1...3)) else { throw r.fault(.outOfRange) }
        self.type = type
        try r.key(3, &m)
        parties = try r.list(most: 2) { r throws(DecodingFault) -> Party in
            try r.array(of: 3)
            guard let side = Side(rawValue: try r.int(1...2)) else { throw r.fault(.outOfRange) }
            return Party(side: side, organisation: try r.id(), rootKey: try r.fixed())
        }
        let expected: [Side] = type == .engagement ? [.provider, .customer] : [.provider]
        guard parties.map(\.side) == expected, Set(parties.map(\.organisation)).count == parties.count else { throw r.fault(.wrongLength) }
        try r.key(4, &m)
        serverName = try r.optional { r throws(DecodingFault) in try r.text(most: Limits.serverNameBytes) }
        try r.key(5, &m)
        logKey = try r.fixed()
        try r.key(6, &m)
        policy = try Policy(from: &r)
        try r.key(7, &m)
        nonce = try r.id()
        try r.key(8, &m)
        device = try r.fixed()
        service = try r.hasKey(9, &m) ? try r.id() : nil
        invitation = try r.hasKey(10, &m) ? Array(try r.byteString(most: Limits.invitationBytes)) : nil
        invitationSignature = try r.hasKey(11, &m) ? try r.signature() : nil
        try r.end(m)
        try r.finish()
        guard (type == .engagement) == (invitation != nil), (invitation != nil) == (invitationSignature != nil) else {
            throw DecodingFault(.missingKey, at: 0)
        }
        guard type != .engagement || (serverName != nil && service != nil), type != .service || service == nil else {
            throw DecodingFault(.missingKey, at: 0)
        }
    }
}

extension Identifier where Subject == OrganisationSubject {
    /// The organisation whose root key this was at its founding.
    package init(foundedBy rootKey: PublicKey) { self.init(prefixOf: Purpose.hash("org", rootKey.bytes)) }
}
