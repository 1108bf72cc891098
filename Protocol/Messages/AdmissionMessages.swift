package struct HelloRequest: Request, Hashable {
    package struct Answer: Message, Hashable {
        package let lowest: Int
        package let highest: Int
        package let schema: Int
        package let limits: [String: Int]
        package let serverName: String
        package let time: Int64
        /// The key under which the server signs the logs of new spaces.
        package let logKey: PublicKey

        package init(lowest: Int, highest: Int, schema: Int, limits: [String: Int], serverName: String, time: Int64, logKey: PublicKey) {
            self.lowest = lowest
            self.highest = highest
            self.schema = schema
            self.limits = limits
            self.serverName = serverName
            self.time = time
            self.logKey = logKey
        }

        package func write(to w: inout CBORWriter) {
            w.map(6)
            w.key(1)
            w.array(2)
            w.int(lowest)
            w.int(highest)
            w.key(2)
            w.int(schema)
            w.key(3)
            // By encoded name, as every sorted list: shorter names first.
            w.list(limits.sorted { CellKey($0.key) < CellKey($1.key) }) { w, limit in
                w.array(2)
                w.text(limit.key)
                w.int(limit.value)
            }
            w.key(4)
            w.text(serverName)
            w.key(5)
            w.int(time)
            w.key(6)
            w.fixed(logKey)
        }

        package init(from r: inout CBORReader) throws(DecodingFault) {
            var m = try r.map()
            try r.key(1, &m)
            try r.array(of: 2)
            lowest = try r.count()
            highest = try r.count()
            try r.key(2, &m)
            schema = try r.count()
            try r.key(3, &m)
            let at = r.offset
            let pairs = try r.list(most: Limits.announcedLimits) { r throws(DecodingFault) -> (CellKey, Int) in
                try r.array(of: 2)
                return (CellKey(try r.name()), try r.count())
            }
            guard zip(pairs, pairs.dropFirst()).allSatisfy({ $0.0 < $1.0 }) else { throw DecodingFault(.unsorted, at: at) }
            limits = Dictionary(uniqueKeysWithValues: pairs.map { ($0.0.field, $0.1) })
            try r.key(4, &m)
            serverName = try r.text(most: Limits.serverNameBytes)
            try r.key(5, &m)
            time = try r.int()
            try r.key(6, &m)
            logKey = try r.fixed()
            try r.skipRest(&m)
        }
    }

    package static let method = Method.hello
    package init() {}
    package func write(to w: inout CBORWriter) { w.map(0) }
    package init(from r: inout CBORReader) throws(DecodingFault) { try r.end(try r.map()) }
}

/// Admits an organisation with its chain of statements so far.
package struct RegisterRequest: Request, Hashable {
    package typealias Answer = EmptyAnswer
    package enum Ticket: Hashable, Sendable {
        case admission(Nonce)
        case invitation(InvitationID)
    }

    package static let method = Method.register
    package let statements: [SignedBytes]
    package let rootKey: PublicKey
    package let ticket: Ticket?

    package init(statements: [SignedBytes], rootKey: PublicKey, ticket: Ticket?) {
        self.statements = statements
        self.rootKey = rootKey
        self.ticket = ticket
    }

    package func write(to w: inout CBORWriter) {
        w.map(3)
        w.key(1)
        w.list(statements) { $1.write(to: &$0) }
        w.key(2)
        w.fixed(rootKey)
        w.key(3)
        switch ticket {
        case nil: w.null()
        case .admission(let nonce):
            w.array(2)
            w.int(1)
            w.id(nonce)
        case .invitation(let id):
            w.array(2)
            w.int(2)
            w.id(id)
        }
    }

    package init(from r: inout CBORReader) throws(DecodingFault) {
        var m = try r.map()
        try r.key(1, &m)
        statements = try SignedBytes.list(from: &r)
        try r.key(2, &m)
        rootKey = try r.fixed()
        try r.key(3, &m)
        ticket = try r.optional { r throws(DecodingFault) -> Ticket in
            try r.array(of: 2)
            return try r.int(1...2) == 1 ? .admission(try r.id()) : .invitation(try r.id())
        }
        try r.end(m)
    }
}

package struct ChallengeRequest: Request, Hashable {
    package struct Answer: Message, Hashable {
        package let nonce: Digest
        package init(nonce: Digest) { self.nonce = nonce }
        package func write(to w: inout CBORWriter) {
            w.map(1)
            w.key(1)
            w.fixed(nonce)
        }
        package init(from r: inout CBORReader) throws(DecodingFault) {
            var m = try r.map()
            try r.key(1, &m)
            nonce = try r.fixed()
            try r.skipRest(&m)
        }
    }

    package static let method = Method.challenge
    package let device: DeviceID
    package init(device: DeviceID) { self.device = device }
    package func write(to w: inout CBORWriter) {
        w.map(1)
        w.key(1)
        w.fixed(device)
    }
    package init(from r: inout CBORReader) throws(DecodingFault) {
        var m = try r.map()
        try r.key(1, &m)
        device = try r.fixed()
        try r.end(m)
    }
}

package struct SessionRequest: Request, Hashable {
    package struct Answer: Message, Hashable {
        package let token: [UInt8]
        package let expires: Int64
        package init(token: [UInt8], expires: Int64) {
            self.token = token
            self.expires = expires
        }
        package func write(to w: inout CBORWriter) {
            w.map(2)
            w.key(1)
            w.byteString(token)
            w.key(2)
            w.int(expires)
        }
        package init(from r: inout CBORReader) throws(DecodingFault) {
            var m = try r.map()
            try r.key(1, &m)
            token = Array(try r.byteString(most: Limits.tokenBytes))
            try r.key(2, &m)
            expires = try r.int()
            try r.skipRest(&m)
        }
    }

    package static let method = Method.session
    package let device: DeviceID
    package let nonce: Digest
    package let signature: Signature

    package init(device: DeviceID, nonce: Digest, signature: Signature) {
        self.device = device
        self.nonce = nonce
        self.signature = signature
    }

    /// What the device signs under the label "session".
    package static func proof(serverName: String, nonce: Digest, device: DeviceID) -> [UInt8] {
        CBORWriter.encode { w in
            w.array(3)
            w.text(serverName)
            w.fixed(nonce)
            w.fixed(device)
        }
    }

    package func write(to w: inout CBORWriter) {
        w.map(3)
        w.key(1)
        w.fixed(device)
        w.key(2)
        w.fixed(nonce)
        w.key(3)
        w.signature(signature)
    }
    package init(from r: inout CBORReader) throws(DecodingFault) {
        var m = try r.map()
        try r.key(1, &m)
        device = try r.fixed()
        try r.key(2, &m)
        nonce = try r.fixed()
        try r.key(3, &m)
        signature = try r.signature()
        try r.end(m)
    }
}

/// Fetches an invitation by the id that its key gives.
package struct InvitationRequest: Request, Hashable {
    package struct Answer: Message, Hashable {
        package let invitation: [UInt8]
        package let signature: Signature
        /// The provider's organisation chain, to check the signing device against its fingerprint.
        package let statements: [SignedBytes]
        package let rootKey: PublicKey

        package init(invitation: [UInt8], signature: Signature, statements: [SignedBytes], rootKey: PublicKey) {
            self.invitation = invitation
            self.signature = signature
            self.statements = statements
            self.rootKey = rootKey
        }
        package func write(to w: inout CBORWriter) {
            w.map(4)
            w.key(1)
            w.byteString(invitation)
            w.key(2)
            w.signature(signature)
            w.key(3)
            w.list(statements) { $1.write(to: &$0) }
            w.key(4)
            w.fixed(rootKey)
        }
        package init(from r: inout CBORReader) throws(DecodingFault) {
            var m = try r.map()
            try r.key(1, &m)
            invitation = Array(try r.byteString(most: Limits.invitationBytes))
            try r.key(2, &m)
            signature = try r.signature()
            try r.key(3, &m)
            statements = try SignedBytes.list(from: &r)
            try r.key(4, &m)
            rootKey = try r.fixed()
            try r.skipRest(&m)
        }
    }

    package static let method = Method.invitation
    package let id: InvitationID
    package init(id: InvitationID) { self.id = id }
    package func write(to w: inout CBORWriter) { w.only(id) }
    package init(from r: inout CBORReader) throws(DecodingFault) { id = try r.onlyID() }
}

package struct InviteRequest: Request, Hashable {
    package typealias Answer = EmptyAnswer
    package static let method = Method.invite
    package let invitation: [UInt8]
    package let signature: Signature

    package init(invitation: [UInt8], signature: Signature) {
        self.invitation = invitation
        self.signature = signature
    }
    package func write(to w: inout CBORWriter) {
        w.map(2)
        w.key(1)
        w.byteString(invitation)
        w.key(2)
        w.signature(signature)
    }
    package init(from r: inout CBORReader) throws(DecodingFault) {
        var m = try r.map()
        try r.key(1, &m)
        invitation = Array(try r.byteString(most: Limits.invitationBytes))
        try r.key(2, &m)
        signature = try r.signature()
        try r.end(m)
    }
}
