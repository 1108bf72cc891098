/// A body of the protocol: strict canonical CBOR both ways.
package protocol Message: Sendable {
    func write(to writer: inout CBORWriter)
    init(from reader: inout CBORReader) throws(DecodingFault)
}

extension Message {
    package func encoded() -> [UInt8] { CBORWriter.encode(capacity: 256) { write(to: &$0) } }
    package init(decoding bytes: [UInt8]) throws(DecodingFault) {
        self = try CBORReader.decode(bytes) { r throws(DecodingFault) in try Self(from: &r) }
    }
}

/// A request of one method with the answer it gets: `POST /v1/<method>`.
package protocol Request: Message {
    associatedtype Answer: Message
    static var method: Method { get }
}

package enum Method: String, CaseIterable, Sendable {
    case hello, register, challenge, session, invitation, invite, invitations, heads, wait, pull, push, statement, replay, snapshot,
        digest
    case createSpace = "create_space"
    case revokeInvitation = "revoke_invitation"

    /// Whether the method is answered without a session, limited by address.
    package var isOpen: Bool {
        switch self {
        case .hello, .register, .challenge, .session, .invitation: true
        case .invite, .invitations, .revokeInvitation, .heads, .wait, .pull, .push, .statement, .replay, .createSpace, .snapshot, .digest:
            false
        }
    }
}

/// The answer of every status but 200: `{1: code, ?2: detail, ?3: retry after ms, ?4: epochs, ?5: revocation, ?6: what led to it}`.
package struct ErrorAnswer: Message, Hashable {
    /// `nil` for a code this program does not know: treated as refused.
    package let code: Code?
    package let detail: String?
    package let retryAfterMillis: Int?
    /// The epochs of the log asked for that have ended, ascending: with `epoch_changed`.
    package let endedEpochs: [Base]
    /// The statement by which its organisation has ended the rights of the device that asks for a session.
    package let revocation: SignedBytes?
    /// What the organisation has said between the device's enrolment and that statement, in order: it makes the signer known to
    /// a device that has not heard of it.
    package let leading: [SignedBytes]

    package init(
        _ code: Code, detail: String? = nil, retryAfterMillis: Int? = nil, endedEpochs: [Base] = [], revocation: SignedBytes? = nil,
        leading: [SignedBytes] = []
    ) {
        self.code = code
        self.detail = detail
        self.retryAfterMillis = retryAfterMillis
        self.endedEpochs = endedEpochs
        self.revocation = revocation
        self.leading = leading
    }

    package init(_ refusal: Refusal) { self.init(refusal.code, detail: refusal.detail) }

    package func write(to w: inout CBORWriter) {
        let optional = [detail != nil, retryAfterMillis != nil, !endedEpochs.isEmpty, revocation != nil, !leading.isEmpty]
        w.map(1 + optional.count { $0 })
        w.key(1)
        w.text(code?.rawValue ?? Code.invalid.rawValue)
        if let detail {
            w.key(2)
            w.text(detail)
        }
        if let retryAfterMillis {
            w.key(3)
            w.int(retryAfterMillis)
        }
        if !endedEpochs.isEmpty {
            w.key(4)
            w.list(endedEpochs) { $1.write(to: &$0) }
        }
        if let revocation {
            w.key(5)
            revocation.write(to: &w)
        }
        if !leading.isEmpty {
            w.key(6)
            w.array(leading.count)
            for statement in leading { statement.write(to: &w) }
        }
    }

    package init(from r: inout CBORReader) throws(DecodingFault) {
        var m = try r.map()
        try r.key(1, &m)
        code = Code(rawValue: try r.text(most: Limits.nameBytes))
        detail = try r.hasKey(2, &m) ? try r.text(most: Limits.detailBytes) : nil
        retryAfterMillis = try r.hasKey(3, &m) ? try r.count() : nil
        endedEpochs =
            try r.hasKey(4, &m)
            ? try r.list(most: Limits.endedEpochs) { r throws(DecodingFault) in try Base(from: &r) } : []
        revocation = try r.hasKey(5, &m) ? try SignedBytes(from: &r) : nil
        leading =
            try r.hasKey(6, &m)
            ? try r.list(most: Limits.leadingStatements) { r throws(DecodingFault) in try SignedBytes(from: &r) } : []
        try r.skipRest(&m)
    }
}

/// An answer that holds nothing.
package struct EmptyAnswer: Message, Hashable {
    package init() {}
    package func write(to w: inout CBORWriter) { w.map(0) }
    package init(from r: inout CBORReader) throws(DecodingFault) {
        var m = try r.map()
        try r.skipRest(&m)
    }
}

/// Signed bytes with their signature, as statements, invitations and genesis travel.
package struct SignedBytes: Hashable, Sendable {
    package let bytes: [UInt8]
    package let signature: Signature

    package init(bytes: [UInt8], signature: Signature) {
        self.bytes = bytes
        self.signature = signature
    }

    package func write(to w: inout CBORWriter) {
        w.array(2)
        w.byteString(bytes)
        w.signature(signature)
    }

    package init(from r: inout CBORReader, most: Int = Limits.statementBytes) throws(DecodingFault) {
        try r.array(of: 2)
        bytes = Array(try r.byteString(most: most))
        signature = try r.signature()
    }

    package static func list(from r: inout CBORReader) throws(DecodingFault) -> [SignedBytes] {
        try r.list(most: Limits.statementsPerRequest) { r throws(DecodingFault) in try SignedBytes(from: &r) }
    }
}
