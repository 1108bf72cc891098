import BuntanProtocol
import Testing

/// Each bound of a layout at the limit and one past it. Limits that a decoder cannot see (sizes of requests, heads of a
/// cell, quotas) are tested in the rooms that hold to them.
@Suite struct LimitTests {
    struct Bound: Sendable, CustomTestStringConvertible {
        let name: String
        let limit: Int
        let decode: @Sendable (Int) throws -> Void
        var testDescription: String { name }
    }

    @Test("Every bound holds at its limit and refuses one past it", arguments: bounds)
    func bound(bound: Bound) throws {
        try bound.decode(bound.limit)
        #expect(throws: DecodingFault.self, "\(bound.name): \(bound.limit + 1)") { try bound.decode(bound.limit + 1) }
    }

    private static let key = PublicKey(word0: 1, word1: 2, word2: 3, word3: 4)
    private static func letters(_ count: Int) -> String { String(repeating: "a", count: count) }
    private static func bytes(_ count: Int) -> [UInt8] { [UInt8](repeating: 7, count: count) }
    private static func signature() throws -> Signature { try #require(Signature(bytes(64))) }
    private static func change(_ edits: [Edit]) throws { #expect(try EditList.decode(EditList.encoded(edits)) == edits) }
    private static func op(_ field: String, _ predecessors: Int = 0) -> Op {
        Op(cell: CellKey(field), predecessors: (0..<predecessors).map { OpID(ChangeID(high: UInt64($0 / 500), low: 1), $0 % 500) })
    }
    private static func reread<T: Message>(_ message: T) throws { _ = try T(decoding: message.encoded()) }

    private static let bounds: [Bound] = [
        Bound(name: "ops in one edit", limit: Limits.opsPerChange) { n in
            try change([Edit(record: RecordID(high: 0, low: 1), kind: "k", ops: (0..<n).map { op("f\($0)") })])
        },
        Bound(name: "ops over several edits", limit: Limits.opsPerChange) { n in
            try change(
                (0..<n).map { Edit(record: RecordID(high: 0, low: UInt64($0)), kind: "k", ops: [op("f")]) })
        },
        Bound(name: "predecessors", limit: Limits.predecessors) { n in
            try change([Edit(record: RecordID(high: 0, low: 1), kind: "k", ops: [op("f", n)])])
        },
        Bound(name: "predecessors of @life", limit: Limits.lifePredecessors) { n in
            try change([Edit(record: RecordID(high: 0, low: 1), kind: "k", ops: [op("@life", n)])])
        },
        Bound(name: "kind name", limit: Limits.nameBytes) { n in
            try change([Edit(record: RecordID(high: 0, low: 1), kind: letters(n), ops: [op("f")])])
        },
        Bound(name: "field name", limit: Limits.nameBytes) { n in
            try change([Edit(record: RecordID(high: 0, low: 1), kind: "k", ops: [op(letters(n))])])
        },
        Bound(name: "element", limit: Limits.nameBytes) { n in
            try change([
                Edit(record: RecordID(high: 0, low: 1), kind: "k", ops: [Op(cell: CellKey("f", letters(n)), predecessors: [])])
            ])
        },
        Bound(name: "byte string value", limit: Limits.valueByteString) { n in
            _ = try Payload(decoding: Payload.whole(seed: Nonce(high: 0, low: 0), values: [Value.bytes(bytes(n)).encoded]).encoded())
        },
        Bound(name: "text value", limit: Limits.documentBytes) { n in
            _ = try Payload(decoding: Payload.whole(seed: Nonce(high: 0, low: 0), values: [Value.text(letters(n)).encoded]).encoded())
        },
        Bound(name: "values in a payload", limit: Limits.opsPerChange) { n in
            let values = [EncodedValue](repeating: .null, count: n)
            _ = try Payload(decoding: Payload.whole(seed: Nonce(high: 0, low: 0), values: values).encoded())
        },
        Bound(name: "slots in a payload", limit: Limits.opsPerChange) { n in
            _ = try Payload(decoding: Payload.partial([Payload.Slot](repeating: .erased(SHA.empty), count: n)).encoded())
        },
        Bound(name: "integer value", limit: 1 << 53 - 1) { n in
            _ = try CBORReader.decode(Array(Value.int(Int64(n)).encoded.bytes)) { r throws(DecodingFault) in try Value(from: &r) }
        },
        Bound(name: "index of a predecessor", limit: Limits.opsPerChange - 1) { n in
            let op = Op(cell: CellKey("f"), predecessors: [OpID(ChangeID(high: 0, low: 0), n)])
            try change([Edit(record: RecordID(high: 0, low: 1), kind: "k", ops: [op])])
        },
        Bound(name: "sealed edits", limit: Limits.changeBytes) { n in
            _ = try Change(
                decoding: Change(
                    space: SpaceID(high: 0, low: 0), device: key, nonce: Nonce(high: 0, low: 0),
                    base: Base(epoch: 0, size: 1, root: SHA.empty),
                    time: 0, schema: 1, content: .sealed(SealedEdits(bytes: bytes(n), keyEpoch: 1, payload: SHA.empty)),
                    valuesRoot: SHA.empty
                ).encoded())
        },
        Bound(name: "changes that a sealed one follows on", limit: Limits.opsPerChange * Limits.predecessors) { n in
            let follows = Set((0..<UInt64(n)).map { ChangeID(high: 0, low: $0) })
            _ = try Change(
                decoding: Change(
                    space: SpaceID(high: 0, low: 0), device: key, nonce: Nonce(high: 0, low: 0),
                    base: Base(epoch: 0, size: 1, root: SHA.empty), time: 0, schema: 1,
                    content: .sealed(SealedEdits(bytes: bytes(28), keyEpoch: 1, payload: SHA.empty, follows: follows)),
                    valuesRoot: SHA.empty
                ).encoded())
        },
        Bound(name: "server name in a move", limit: Limits.serverNameBytes) { n in
            _ = try ServerStatement(
                decoding: ServerStatement(space: SpaceID(high: 0, low: 0), act: .move(serverName: letters(n), logKey: key)).encoded())
        },
        Bound(name: "reference of an order", limit: Limits.referenceBytes) { n in
            let ops = [ErasedOps(ChangeID(high: 0, low: 0), [0])]
            _ = try ServerStatement(
                decoding: ServerStatement(space: SpaceID(high: 0, low: 0), act: .erase(ops, reference: letters(n))).encoded())
        },
        Bound(name: "label of a device", limit: Limits.labelBytes) { n in
            try statement(
                .enrol(
                    device: key, sealingKey: SealingKey(word0: 0, word1: 0, word2: 0, word3: 1), capabilities: .all, label: letters(n),
                    proof: signature()))
        },
        Bound(name: "capabilities", limit: 15) { n in try statement(.setCapabilities(device: key, Capabilities(rawValue: n))) },
        Bound(name: "wrapped keys", limit: Limits.wrappedKeysPerStatement) { n in
            let wrapped = WrappedKey(device: key, encapsulated: bytes(32), ciphertext: bytes(48))
            try statement(.spaceKey(epoch: 1, [WrappedKey](repeating: wrapped, count: n)))
        },
        Bound(name: "changes in an erasure", limit: Limits.opsPerChange) { n in
            try statement(.erase((0..<n).map { ErasedOps(ChangeID(high: 0, low: UInt64($0)), [0]) }))
        },
        Bound(name: "invitation in a genesis", limit: Limits.invitationBytes) { n in
            let sides: [Side] = [.provider, .customer]
            _ = try Genesis(
                decoding: Genesis(
                    type: .engagement,
                    parties: sides.map { Party(side: $0, organisation: OrganisationID(high: 0, low: UInt64($0.rawValue)), rootKey: key) },
                    serverName: "s", logKey: key, policy: Policy(), nonce: Nonce(high: 0, low: 0), device: key,
                    service: SpaceID(high: 0, low: 0), invitation: bytes(n), invitationSignature: signature()
                ).encoded())
        },
        Bound(name: "invitation in an invite", limit: Limits.invitationBytes) { n in
            try reread(InviteRequest(invitation: bytes(n), signature: signature()))
        },
        Bound(name: "genesis in create_space", limit: Limits.genesisBytes) { n in
            try reread(CreateSpaceRequest(genesis: bytes(n), signature: signature(), acceptance: nil))
        },
        Bound(name: "statement in a request", limit: Limits.statementBytes) { n in
            try reread(StatementRequest(statements: [SignedBytes(bytes: bytes(n), signature: signature())]))
        },
        Bound(name: "statements in a request", limit: Limits.statementsPerRequest) { n in
            let one = SignedBytes(bytes: [0], signature: try signature())
            try reread(StatementRequest(statements: [SignedBytes](repeating: one, count: n)))
        },
        Bound(name: "statements that lead to a revocation", limit: Limits.leadingStatements) { n in
            let one = SignedBytes(bytes: [0], signature: try signature())
            try reread(ErrorAnswer(.noSession, revocation: one, leading: [SignedBytes](repeating: one, count: n)))
        },
        Bound(name: "changes in a push", limit: Limits.changesPerPush) { n in
            let one = SignedChange(bytes: [0], signature: try signature(), payload: [])
            try reread(PushRequest(space: SpaceID(high: 0, low: 0), changes: [SignedChange](repeating: one, count: n)))
        },
        Bound(name: "verdicts in an answer", limit: Limits.changesPerPush) { n in
            try reread(VerdictsAnswer(verdicts: [Verdict](repeating: .accepted(position: 1), count: n), note: nil))
        },
        Bound(name: "bytes asked of a pull", limit: Limits.pageBytes) { n in
            try reread(PullRequest(space: SpaceID(high: 0, low: 0), epoch: 0, size: 0, root: SHA.empty, maxBytes: n))
        },
        Bound(name: "entries in a page", limit: Limits.entriesPerPage) { n in
            let one = CarriedEntry(entry: [], payload: nil)
            try reread(LogPage(entries: [CarriedEntry](repeating: one, count: n), note: "", more: false))
        },
        Bound(name: "note", limit: Limits.noteBytes) { n in try reread(LogPage(entries: [], note: letters(n), more: false)) },
        Bound(name: "detail", limit: Limits.detailBytes) { n in try reread(ErrorAnswer(.invalid, detail: letters(n))) },
        Bound(name: "token", limit: Limits.tokenBytes) { n in try reread(SessionRequest.Answer(token: bytes(n), expires: 0)) },
        Bound(name: "spaces in a list", limit: Limits.spacesPerList) { n in
            let one = SpaceHead(space: SpaceID(high: 0, low: 0), epoch: 0, size: 0)
            try reread(HeadsAnswer(heads: [SpaceHead](repeating: one, count: n)))
        },
        Bound(name: "logs held in a request", limit: Limits.heldPerRequest) { n in
            let one = HeldLog(space: SpaceID(high: 0, low: 0), base: Base(epoch: 0, size: 1, root: SHA.empty))
            try reread(HeadsRequest(digest: SHA.empty, held: [HeldLog](repeating: one, count: n)))
        },
        Bound(name: "pages brought", limit: Limits.heldPerRequest) { n in
            let one = BroughtPage(space: SpaceID(high: 0, low: 0), page: LogPage(entries: [], note: "", more: false))
            try reread(HeadsAnswer(heads: nil, pages: [BroughtPage](repeating: one, count: n)))
        },
        Bound(name: "limits announced", limit: Limits.announcedLimits) { n in
            let limits = Dictionary(uniqueKeysWithValues: (0..<n).map { ("l\($0)", $0) })
            try reread(HelloRequest.Answer(lowest: 1, highest: 1, schema: 1, limits: limits, serverName: "s", time: 0, logKey: key))
        },
    ]

    private static func statement(_ act: Statement.Act) throws {
        let statement = Statement(
            organisation: OrganisationID(high: 0, low: 0), space: act.isOrganisationWide ? nil : SpaceID(high: 0, low: 0), number: 1,
            previous: nil, signer: key, act: act, time: 0)
        #expect(try Statement(decoding: statement.encoded()) == statement)
    }

    @Test("A change has at least one edit, an edit one op, and a base one entry")
    func atLeastOne() throws {
        let record = RecordID(high: 0, low: 1)
        #expect(throws: DecodingFault.self) { try Self.change([]) }
        #expect(throws: DecodingFault.self) { try Self.change([Edit(record: record, kind: "k", ops: [])]) }
        #expect(throws: DecodingFault.self) {
            _ = try CBORReader.decode(CBORWriter.encode { Base(epoch: 0, size: 0, root: SHA.empty).write(to: &$0) }) {
                r throws(DecodingFault) in try Base(from: &r)
            }
        }
    }
}
