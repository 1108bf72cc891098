import BuntanProtocol
import ChangeLog
import Exchange
import Records
import Storage
import Syncing
import Testing
import TestKit

/// All that whoever asks can see of an answer, and how often the store was asked for it.
struct Answered: Equatable {
    let status: Int
    let body: [UInt8]
    let questions: Int
}

/// A server on a store in memory, and those who call it.
final class Bench {
    static let start: Int64 = 1_700_000_000_000

    let identity: ServerIdentity
    let store = MemoryStore()
    let mark = MemoryMark()
    var policy: RegistrarPolicy
    var now = Bench.start
    var random: SeededRandom
    private var tokens: [DeviceID: [UInt8]] = [:]

    init(policy: RegistrarPolicy = RegistrarPolicy(isOpen: true), seed: UInt64 = 99) {
        random = SeededRandom(seed: seed)
        identity = ServerIdentity(name: "sync.example.jp", random: &random)
        self.policy = policy
    }

    var registrar: Registrar { Registrar(identity: identity, policy: policy, mark: mark) }

    // MARK: calls

    func raw(_ method: String, _ body: [UInt8], token: [UInt8]?) throws -> (status: Int, body: [UInt8]) {
        try registrar.answer(method: method, body: body, token: token, now: now, store: store)
    }

    /// The same with the work that it took.
    func answered(_ method: String, _ body: [UInt8], token: [UInt8]?) throws -> Answered {
        let before = store.questions
        let (status, answer) = try raw(method, body, token: token)
        return Answered(status: status, body: answer, questions: store.questions - before)
    }

    /// Sends a request in a device's name, signing in first where that has not been done.
    func call<R: Request>(_ request: R, as device: DeviceKeys? = nil) throws -> Result<R.Answer, Refusal> {
        var token: [UInt8]?
        if let device, !R.method.isOpen { token = try tokens[device.device] ?? signIn(device).get() }
        let (status, body) = try raw(R.method.rawValue, request.encoded(), token: token)
        guard status != 200 else { return .success(try R.Answer(decoding: body)) }
        let error = try ErrorAnswer(decoding: body)
        let code = try #require(error.code)
        #expect(status == code.httpStatus)
        return .failure(Refusal(code, error.detail))
    }

    @discardableResult
    func signIn(_ device: DeviceKeys, serverName: String? = nil) throws -> Result<[UInt8], Refusal> {
        let nonce = try call(ChallengeRequest(device: device.device)).get().nonce
        let request = SessionRequest(answering: nonce, of: serverName ?? identity.name, with: device.signing)
        let answer = try call(request).map(\.token)
        if case .success(let token) = answer { tokens[device.device] = token }
        return answer
    }

    func forgetTokens() { tokens = [:] }

    // MARK: what there is

    /// An organisation that is registered here.
    func firm(_ seed: UInt64) throws -> Firm {
        let firm = try Firm(seed)
        _ = try call(firm.registering()).get()
        return firm
    }

    /// A space of the organisation's own on its way to this server.
    func ownSpace(
        _ type: SpaceType = .service, of firm: Firm, changes: Int = 1, moves: Bool = true, service: SpaceID? = nil
    ) throws -> OwnSpace {
        var own = try OwnSpace(type, of: firm, service: service, random: &random)
        for number in 0..<changes { _ = try own.write("row \(number)") }
        if moves { try own.move(to: identity) }
        return own
    }

    func hand(over own: OwnSpace, as device: DeviceKeys) throws {
        #expect(try call(own.page(0..<own.entries.count), as: device).get().size == own.entries.count)
    }

    /// A service that this server keeps.
    func service(of firm: Firm, changes: Int = 1) throws -> OwnSpace {
        let own = try ownSpace(of: firm, changes: changes)
        try hand(over: own, as: firm.admin)
        return own
    }

    func standing(_ space: SpaceID) throws -> SpaceStanding { try #require(try store.read { try $0.standing(of: space) }) }

    /// A change in a space that the server keeps, on top of all it holds.
    func change(
        in space: SpaceID, by key: SigningKey, _ text: String, base: Base? = nil, kind: String? = nil
    ) throws -> SignedChange {
        let standing = try standing(space)
        return try Drafting.change(
            text, in: space, type: standing.genesis.type, base: base ?? standing.base, key: key, kind: kind, random: &random)
    }

    /// Comments with these numbers, one change each, pushed by many.
    func comment(_ numbers: Range<Int>, in space: SpaceID, by firm: Firm) throws {
        let base = try standing(space).base
        var left = try numbers.map { try change(in: space, by: firm.admin.signing, "comment \($0)", base: base) }[...]
        while !left.isEmpty {
            _ = try call(PushRequest(space: space, changes: Array(left.prefix(500))), as: firm.admin).get()
            left = left.dropFirst(500)
        }
    }

    func invitation(
        to service: SpaceID, of firm: Firm, seed: Nonce = Nonce(high: 7, low: 8), expires: Int64? = nil, policy: Policy = Policy()
    ) -> SignedBytes {
        Invitation(
            service: service, organisation: firm.id, serverName: identity.name, logKey: identity.logKey.publicKey, policy: policy,
            key: Invitation.key(of: seed).publicKey, expires: expires ?? now + 1_000_000, device: firm.admin.device
        ).signed(by: firm.admin.signing)
    }

    func engagement(
        of provider: Firm, with customer: Firm, on service: SpaceID, invitation: SignedBytes, seed: Nonce = Nonce(high: 7, low: 8),
        policy: Policy = Policy()
    ) -> CreateSpaceRequest {
        let genesis = Genesis(
            type: .engagement,
            parties: [
                Party(side: .provider, organisation: provider.id, rootKey: provider.root.publicKey),
                Party(side: .customer, organisation: customer.id, rootKey: customer.root.publicKey),
            ], serverName: identity.name, logKey: identity.logKey.publicKey, policy: policy, nonce: random.nonce(),
            device: customer.admin.device, service: service, invitation: invitation.bytes, invitationSignature: invitation.signature
        ).signed(by: customer.admin.signing)
        return CreateSpaceRequest(
            genesis: genesis.bytes, signature: genesis.signature,
            acceptance: Genesis.acceptance(of: genesis.bytes, with: Invitation.key(of: seed)))
    }

    /// An engagement that stands, from its invitation on.
    func engaged(
        _ provider: Firm, _ customer: Firm, on service: SpaceID, seed: Nonce = Nonce(high: 7, low: 8), policy: Policy = Policy()
    ) throws -> SpaceID {
        let invitation = invitation(to: service, of: provider, seed: seed, policy: policy)
        _ = try call(InviteRequest(invitation: invitation.bytes, signature: invitation.signature), as: provider.admin).get()
        let request = engagement(of: provider, with: customer, on: service, invitation: invitation, seed: seed, policy: policy)
        return try call(request, as: customer.admin).get().space
    }

    func heads(_ device: DeviceKeys) throws -> [SpaceHead] {
        try call(HeadsRequest(digest: SHA.empty), as: device).get().heads ?? []
    }

    func pull(_ space: SpaceID, as device: DeviceKeys, from base: Base? = nil, maxBytes: Int = Limits.pageBytes) throws
        -> Result<LogPage, Refusal>
    {
        let base = base ?? Base(epoch: 0, size: 0, root: SHA.empty)
        return try call(PullRequest(space: space, epoch: base.epoch, size: base.size, root: base.root, maxBytes: maxBytes), as: device)
    }
}

/// Changes of one record with one text.
enum Drafting {
    static func change(
        _ text: String, in space: SpaceID, type: SpaceType, base: Base, key: SigningKey, kind: String? = nil,
        random: inout SeededRandom
    ) throws -> SignedChange {
        let record = RecordID.timeOrdered(millis: 1, random: random.nonce())
        let kind = kind ?? (type == .engagement ? "comment" : "service-dependency")
        var cells: [(CellKey, Value)] = [(.life, .bool(true))]
        if kind == "comment" {
            cells += [(CellKey("row"), .id(record)), (CellKey("text"), .text(text))]
        } else {
            cells += [(CellKey("upstreamName"), .text(text))]
        }
        cells.sort { $0.0 < $1.0 }
        return try ChangeAuthor(space: space, key: key).change(
            edits: [Edit(record: record, kind: kind, ops: cells.map { Op(cell: $0.0, predecessors: []) })],
            values: cells.map(\.1.encoded), base: base, time: 1, schema: 1, random: &random)
    }
}

/// A space as its founder keeps it before any server does.
struct OwnSpace {
    let space: SpaceID
    let logKey: SigningKey
    private let writer: SigningKey
    private(set) var ledger: Ledger
    private var random: SeededRandom

    var entries: [CarriedEntry] { ledger.update.entries.map { CarriedEntry(entry: $0.bytes, payload: $0.payload) } }
    var base: Base { ledger.standing.base }

    init(_ type: SpaceType, of firm: Firm, service: SpaceID? = nil, isSealed: Bool = false, random: inout SeededRandom) throws {
        logKey = SigningKey(seed: random.seed())
        writer = firm.admin.signing
        let genesis = Genesis(
            type: type, parties: [Party(side: .provider, organisation: firm.id, rootKey: firm.root.publicKey)], serverName: nil,
            logKey: logKey.publicKey, policy: Policy(isSealed: isSealed), nonce: random.nonce(), device: firm.admin.device,
            service: service
        ).signed(by: firm.admin.signing)
        space = Genesis.space(of: genesis.bytes)
        ledger = try Ledger(
            founding: Entry(kind: .genesis, received: 1, content: genesis.bytes, signature: genesis.signature).encoded())
        for statement in firm.statements { _ = try ledger.admit(statement, received: 1) }
        self.random = random
        _ = random.next()
    }

    mutating func write(_ text: String) throws -> Verdict {
        let change = try Drafting.change(text, in: space, type: ledger.genesis.type, base: base, key: writer, random: &random)
        return try ledger.admit(try ReceivedChange(checking: change), received: 1)
    }

    mutating func move(to server: ServerIdentity, name: String? = nil, key: PublicKey? = nil) throws {
        try say(.move(serverName: name ?? server.name, logKey: key ?? server.logKey.publicKey))
    }

    mutating func say(_ act: ServerStatement.Act) throws {
        _ = try ledger.admit(serverStatement: ServerStatement(space: space, act: act).signed(by: logKey), received: 1)
    }

    func root(_ size: Int) -> Digest {
        var frontier = LogFrontier()
        frontier.append(contentsOf: ledger.update.entries.prefix(size).map(\.leaf))
        return frontier.root
    }

    func note(_ size: Int) -> String {
        Checkpoint(origin: Checkpoint.origin(server: nil, space: space, epoch: 0), size: size, root: root(size)).signed(by: logKey)
    }

    func page(_ range: Range<Int>, note: String? = nil) -> ReplayRequest {
        ReplayRequest(space: space, from: range.lowerBound, entries: Array(entries[range]), note: note ?? self.note(range.upperBound))
    }
}

/// What a request came to, for tables: nothing for an answer.
func refusal<Answer>(_ result: Result<Answer, Refusal>) -> Refusal? {
    if case .failure(let refusal) = result { refusal } else { nil }
}
