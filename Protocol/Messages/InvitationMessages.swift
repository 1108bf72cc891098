/// Asks for every invitation of the caller's organisation that the server keeps.
package struct InvitationsRequest: Request, Hashable {
    package struct Answer: Message, Hashable {
        /// In order of their ids.
        package let invitations: [KeptInvitation]
        package init(invitations: [KeptInvitation]) { self.invitations = invitations }

        package func write(to w: inout CBORWriter) {
            w.map(1)
            w.key(1)
            w.list(invitations.sorted { $0.id < $1.id }) { $1.write(to: &$0) }
        }

        package init(from r: inout CBORReader) throws(DecodingFault) {
            var m = try r.map()
            try r.key(1, &m)
            let at = r.offset
            invitations = try r.list(most: Limits.invitationsPerList) { r throws(DecodingFault) in try KeptInvitation(from: &r) }
            guard zip(invitations, invitations.dropFirst()).allSatisfy({ $0.id < $1.id }) else { throw DecodingFault(.unsorted, at: at) }
            try r.skipRest(&m)
        }
    }

    package static let method = Method.invitations
    package init() {}
    package func write(to w: inout CBORWriter) { w.map(0) }
    package init(from r: inout CBORReader) throws(DecodingFault) { try r.end(try r.map()) }
}

/// An invitation as the server that keeps it tells of it.
package struct KeptInvitation: Hashable, Sendable {
    package let id: InvitationID
    package let service: SpaceID
    package let expires: Int64
    package let isRevoked: Bool
    /// The engagement that took it up.
    package let engagement: SpaceID?

    package init(id: InvitationID, service: SpaceID, expires: Int64, isRevoked: Bool, engagement: SpaceID?) {
        self.id = id
        self.service = service
        self.expires = expires
        self.isRevoked = isRevoked
        self.engagement = engagement
    }

    func write(to w: inout CBORWriter) {
        w.array(5)
        w.id(id)
        w.id(service)
        w.int(expires)
        w.bool(isRevoked)
        w.optional(engagement) { $0.id($1) }
    }

    init(from r: inout CBORReader) throws(DecodingFault) {
        try r.array(of: 5)
        id = try r.id()
        service = try r.id()
        expires = try r.int()
        isRevoked = try r.bool()
        engagement = try r.optional { r throws(DecodingFault) in try r.id() }
    }
}

/// Takes an invitation back that nobody has taken up.
package struct RevokeInvitationRequest: Request, Hashable {
    package typealias Answer = EmptyAnswer
    package static let method = Method.revokeInvitation
    package let id: InvitationID
    package init(id: InvitationID) { self.id = id }
    package func write(to w: inout CBORWriter) { w.only(id) }
    package init(from r: inout CBORReader) throws(DecodingFault) { id = try r.onlyID() }
}

extension CBORWriter {
    /// Writes a request that is one id.
    mutating func only<Subject>(_ id: Identifier<Subject>) {
        map(1)
        key(1)
        self.id(id)
    }
}

extension CBORReader {
    /// Reads a request that is one id and nothing else.
    mutating func onlyID<Subject>() throws(DecodingFault) -> Identifier<Subject> {
        var members = try map()
        try key(1, &members)
        let id: Identifier<Subject> = try self.id()
        try end(members)
        return id
    }
}
