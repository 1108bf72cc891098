import BuntanProtocol
import Testing

/// One layout of PROTOCOL.md with its decoder and encoder, under the name that the vectors use.
struct Layout: Sendable, CustomTestStringConvertible {
    /// What a decoder promises about bytes that it takes.
    enum Strictness: Sendable {
        /// The bytes are the only ones for this value: everything signed or stored, and every request.
        case exact
        /// Unknown keys and codes of later versions are passed over: answers.
        case lenient
    }

    let name: String
    let strictness: Strictness
    /// Decodes and encodes again.
    let reencode: @Sendable ([UInt8]) throws(DecodingFault) -> [UInt8]
    /// Encodes a random value and returns its bytes, and whether decoding them gave the same value.
    let roundTrip: @Sendable (inout Shapes) throws(DecodingFault) -> (bytes: [UInt8], isSame: Bool)

    var testDescription: String { name }

    init<T: Equatable & SendableMetatype>(
        _ name: String, _ strictness: Strictness = .exact, decode: @escaping @Sendable ([UInt8]) throws(DecodingFault) -> T,
        encode: @escaping @Sendable (T) -> [UInt8], make: @escaping @Sendable (inout Shapes) -> T
    ) {
        self.name = name
        self.strictness = strictness
        reencode = { bytes throws(DecodingFault) in encode(try decode(bytes)) }
        roundTrip = { shapes throws(DecodingFault) in
            let value = make(&shapes)
            let bytes = encode(value)
            return (bytes, try decode(bytes) == value)
        }
    }

    init<T: Message & Equatable & SendableMetatype>(_ name: String, _ strictness: Strictness, make: @escaping @Sendable (inout Shapes) -> T)
    {
        self.init(
            name, strictness, decode: { bytes throws(DecodingFault) in try T(decoding: bytes) }, encode: { $0.encoded() }, make: make)
    }

    static func named(_ name: String) -> Layout? { all.first { $0.name == name } }

    static let all: [Layout] = entries + requests + answers

    private static let entries: [Layout] = [
        Layout(
            "value",
            decode: { b throws(DecodingFault) in try CBORReader.decode(b) { r throws(DecodingFault) in try Value(from: &r) } },
            encode: { Array($0.encoded.bytes) }, make: { $0.value() }),
        Layout(
            "cell",
            decode: { b throws(DecodingFault) in
                try CBORReader.decode(b) { r throws(DecodingFault) in
                    try r.array(of: 2)
                    return try CellKey(from: &r)
                }
            },
            encode: { cell in
                CBORWriter.encode {
                    $0.array(2)
                    cell.write(to: &$0)
                }
            }, make: { $0.cell() }),
        Layout(
            "edits", decode: { b throws(DecodingFault) in try EditList.decode(b) }, encode: { EditList.encoded($0) }, make: { $0.edits() }),
        Layout("change", decode: { b throws(DecodingFault) in try Change(decoding: b) }, encode: { $0.encoded() }, make: { $0.change() }),
        Layout(
            "payload", decode: { b throws(DecodingFault) in try Payload(decoding: b) }, encode: { $0.encoded() }, make: { $0.payload() }),
        Layout("entry", decode: { b throws(DecodingFault) in try Entry(decoding: b) }, encode: { $0.encoded() }, make: { $0.entry() }),
        Layout(
            "genesis", decode: { b throws(DecodingFault) in try Genesis(decoding: b) }, encode: { $0.encoded() }, make: { $0.genesis() }),
        Layout(
            "invitation-offer", decode: { b throws(DecodingFault) in try Invitation(decoding: b) }, encode: { $0.encoded() },
            make: { $0.invitation() }),
        Layout(
            "statement-word", decode: { b throws(DecodingFault) in try Statement(decoding: b) }, encode: { $0.encoded() },
            make: { $0.statement() }),
        Layout(
            "server-statement", decode: { b throws(DecodingFault) in try ServerStatement(decoding: b) }, encode: { $0.encoded() },
            make: { $0.serverStatement() }),
    ]

    private static let requests: [Layout] = [
        Layout("hello request", .exact) { _ in HelloRequest() },
        Layout("register request", .exact) { s in
            RegisterRequest(
                statements: s.list(0...3) { $0.signedBytes() }, rootKey: s.fixed(),
                ticket: s.pick([nil, .admission(s.id()), .invitation(s.id())]))
        },
        Layout("challenge request", .exact) { ChallengeRequest(device: $0.fixed()) },
        Layout("session request", .exact) { SessionRequest(device: $0.fixed(), nonce: $0.fixed(), signature: $0.signature()) },
        Layout("invitation request", .exact) { InvitationRequest(id: $0.id()) },
        Layout("invite request", .exact) { InviteRequest(invitation: $0.bytes(0...200), signature: $0.signature()) },
        Layout("invitations request", .exact) { _ in InvitationsRequest() },
        Layout("revoke_invitation request", .exact) { RevokeInvitationRequest(id: $0.id()) },
        Layout("heads request", .exact) { s in HeadsRequest(digest: s.fixed(), held: s.list(0...3) { $0.heldLog() }) },
        Layout("wait request", .exact) { WaitRequest(digest: $0.fixed()) },
        Layout("pull request", .exact) { s in
            PullRequest(space: s.id(), epoch: s.count(), size: s.count(), root: s.fixed(), maxBytes: s.number(1...Limits.pageBytes))
        },
        Layout("push request", .exact) { s in
            PushRequest(space: s.id(), items: s.list(0...4) { $0.pushedItem() }, held: s.maybe { $0.base() })
        },
        Layout("statement request", .exact) { s in StatementRequest(statements: s.list(0...4) { $0.signedBytes() }) },
        Layout("create_space request", .exact) { s in
            CreateSpaceRequest(genesis: s.bytes(0...300), signature: s.signature(), acceptance: s.maybe { $0.signature() })
        },
        Layout("snapshot request", .exact) { s in
            SnapshotRequest(space: s.id(), after: s.maybe { $0.id() }, maxBytes: s.number(1...Limits.pageBytes))
        },
        Layout("digest request", .exact) { DigestRequest(space: $0.id()) },
        Layout("replay request", .exact) { s in
            ReplayRequest(
                space: s.id(), from: s.count(), entries: s.list(0...4) { $0.carried() }, note: s.text(), proof: s.list(0...3) { $0.fixed() }
            )
        },
    ]

    private static let answers: [Layout] = [
        Layout("snapshot answer", .lenient) { s in
            SnapshotPage(
                base: s.base(), states: s.list(0...3) { CarriedState(record: $0.id(), state: CBORWriter.encode { $0.array(0) }) },
                more: s.flag(),
                frontier: s.list(0...3) { $0.fixed() }, signature: s.signature(),
                words: s.maybe { s in s.list(0...3) { PlacedEntry(position: $0.count(), entry: $0.bytes(0...40)) } })
        },
        Layout("digest answer", .lenient) { s in
            let bucket: Digest = s.fixed()
            return DigestRequest.Answer(
                epoch: s.count(), size: s.count(), buckets: [Digest](repeating: bucket, count: Limits.stateBuckets))
        },
        Layout("hello answer", .lenient) { s in
            HelloRequest.Answer(
                lowest: 1, highest: s.number(1...9), schema: s.count(),
                limits: Dictionary(s.list(0...9) { ($0.name(), $0.count()) }) { a, _ in a }, serverName: s.serverName(), time: s.time(),
                logKey: s.fixed())
        },
        Layout("register answer", .lenient) { _ in EmptyAnswer() },
        Layout("challenge answer", .lenient) { ChallengeRequest.Answer(nonce: $0.fixed()) },
        Layout("session answer", .lenient) { SessionRequest.Answer(token: $0.bytes(0...64), expires: $0.time()) },
        Layout("invitation answer", .lenient) { s in
            InvitationRequest.Answer(
                invitation: s.bytes(0...200), signature: s.signature(), statements: s.list(0...3) { $0.signedBytes() }, rootKey: s.fixed())
        },
        Layout("invite answer", .lenient) { _ in EmptyAnswer() },
        Layout("invitations answer", .lenient) { s in
            let ids = Set(s.list(0...4) { s -> InvitationID in s.id() }).sorted()
            return InvitationsRequest.Answer(
                invitations: ids.map {
                    KeptInvitation(id: $0, service: s.id(), expires: s.time(), isRevoked: s.flag(), engagement: s.maybe { $0.id() })
                })
        },
        Layout("revoke_invitation answer", .lenient) { _ in EmptyAnswer() },
        Layout("heads answer", .lenient) { $0.heads() },
        Layout("wait answer", .lenient) { $0.heads() },
        Layout("pull answer", .lenient) { $0.page() },
        Layout("push answer", .lenient) { $0.verdicts() },
        Layout("statement answer", .lenient) { $0.verdicts() },
        Layout("create_space answer", .lenient) { CreateSpaceRequest.Answer(space: $0.id(), note: $0.text()) },
        Layout("replay answer", .lenient) { ReplayRequest.Answer(size: $0.count()) },
        Layout("error answer", .lenient) { s in
            ErrorAnswer(
                s.pick(Code.allCases), detail: s.maybe { $0.text() }, retryAfterMillis: s.maybe { $0.count() },
                endedEpochs: s.list(0...2) { $0.base() },
                revocation: s.maybe { $0.signedBytes() }, leading: s.list(0...3) { $0.signedBytes() })
        },
    ]
}
