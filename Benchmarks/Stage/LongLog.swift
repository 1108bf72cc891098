import BuntanProtocol
import ChangeLog
import Exchange
import Records
import Replica
import Storage
import StorageSQLite
import Syncing

/// An engagement whose log is as long as one likes, at its server and at a customer's device, both in this process and with
/// their stores in SQLite: what the engine does for either can be counted here.
final class LongLog {
    let server: SQLiteStore
    let customer: SQLiteStore
    /// What the server answers from: its store, or one that does more than it need.
    var served: any SpaceStore
    private(set) var space = SpaceID(high: 0, low: 0)
    private let registrar: Registrar
    private let mark = MemoryMark(keepsHistory: false)
    private let provider: Workspace
    private let device: Workspace
    private var tokens: [DeviceID: [UInt8]] = [:]
    private var random = SystemRandom()

    private static let address = "https://sync.example"
    /// Changes that are written in one transaction.
    private static let batch = 1_000

    /// Begins the engagement, and writes to its log until that has so many entries.
    init(in folder: String, entries: Int) throws {
        var (kept, held) = (SQLiteStoreOptions.server, SQLiteStoreOptions.client)
        // What is mapped the engine does not count.
        (kept.mappedBytes, held.mappedBytes) = (0, 0)
        server = try Peer.store(in: folder + "/server", kept)
        customer = try Peer.store(in: folder + "/customer", held)
        served = server
        var policy = RegistrarPolicy(isOpen: true)
        (policy.spaceBytes, policy.organisationBytes) = (1 << 50, 1 << 50)
        registrar = Registrar(identity: ServerIdentity(name: "sync.example", random: &random), policy: policy, mark: mark)
        provider = try Self.found("Example Cloud", in: Peer.store(in: folder + "/provider"))
        device = try Self.found("Kaisha", in: customer)
        space = try engage()
        while case let missing = try entries - standing().size, missing > 0 { try grow(by: min(Self.batch, missing)) }
        // What either side does once after so long a time, such as signing in, is not what a change costs.
        for _ in 0..<2 {
            _ = try push(change("before"))
            _ = try syncCustomer()
        }
    }

    func close() throws {
        for case let store as SQLiteStore in [provider.store, device.store, server] { try store.close() }
    }

    // MARK: what is done with it

    func standing() throws -> SpaceStanding {
        guard let standing = try server.read({ try $0.standing(of: space) }) else { throw StageFault.noEngagement }
        return standing
    }

    /// A comment by the provider, which its own store knows nothing of.
    func change(_ text: String) throws -> SignedChange { try change(text, on: standing().base) }

    func push(_ change: SignedChange) throws -> Bodies<VerdictsAnswer> {
        try ask(PushRequest(space: space, changes: [change]), as: provider)
    }

    func heads(since base: Base) throws -> Bodies<HeadsAnswer> {
        try ask(HeadsRequest(digest: SHA.empty, held: [HeldLog(space: space, base: base)]), as: device)
    }

    func pull(since base: Base) throws -> Bodies<LogPage> { try ask(PullRequest(space: space, base: base), as: device) }

    /// Syncs the customer's device.
    ///
    /// - Returns: the bytes of all bodies that went and came.
    func syncCustomer() throws -> Int { try sync(device) }

    /// Writes a comment on the customer's device.
    func write(_ text: String) throws {
        _ = try device.commit([device.comment(on: .timeOrdered(millis: 1, random: random.nonce()), text: text)], in: space)
    }

    /// An answer, and the bytes of both bodies as they are before they are packed.
    struct Bodies<Answer> {
        let answer: Answer
        let count: Int
    }

    // MARK: how it comes to be

    private static func found(_ name: String, in store: SQLiteStore) throws -> Workspace {
        let founding = try Workspace.found(
            name: ["en": name], label: "bench", store: store, clock: SystemClock(), random: SystemRandomPort())
        try store.write { try $0.setServer(KnownServer(address: address)) }
        return Workspace(store: store, clock: SystemClock(), random: SystemRandomPort(), keys: founding.device)
    }

    private func engage() throws -> SpaceID {
        let service = try provider.addService(name: ["en": "Bench"], cells: [:]).service
        _ = try sync(provider)
        let (request, code, _) = try provider.invite(to: service, until: SystemClock().now() + 86_400_000)
        _ = try ask(request, as: provider)
        guard case .invitation(let seed, let organisation, let server) = code else { throw StageFault.noEngagement }
        let invitation = try ask(InvitationRequest(id: Invitation.id(of: Invitation.key(of: seed).publicKey))).answer
        let space = try device.accept(invitation, seed: seed, provider: organisation, serverAddress: server, now: SystemClock().now())
        for workspace in [device, provider, device] { _ = try sync(workspace) }
        return space
    }

    /// Appends changes of a provider that has written them somewhere else, to both logs at once.
    private func grow(by count: Int) throws {
        let update = try server.write { writer in
            guard let standing = try writer.standing(of: space) else { throw StageFault.noEngagement }
            var ledger = Ledger(standing, source: try writer.source(of: space))
            for number in 0..<count {
                let signed = try change("comment \(standing.size + number)", on: standing.base)
                guard case .accepted = try ledger.admit(unchecked(signed), received: 1) else { throw StageFault.notTaken }
            }
            let update = try ledger.finished()
            try writer.apply(update)
            return update
        }
        try customer.write { try $0.apply(update) }
        mark.advance([space: MarkedPlace(update.standing)], chains: [:])
    }

    /// A change that was signed here a moment ago: to check that again would be most of the work.
    private func unchecked(_ signed: SignedChange) throws -> ReceivedChange {
        let change = try Change(decoding: signed.bytes)
        let opened = try change.edits.map { OpenedChange(edits: $0, payload: try Payload(decoding: signed.payload)) }
        return ReceivedChange(signed: signed, change: change, opened: opened)
    }

    private func change(_ text: String, on base: Base) throws -> SignedChange {
        guard let keys = provider.keys else { throw WorkspaceFault.keysNeeded }
        let now = SystemClock().now()
        let record = RecordID.timeOrdered(millis: now, random: random.nonce())
        let cells: [(CellKey, Value)] = [(.life, .bool(true)), (CellKey("row"), .id(record)), (CellKey("text"), .text(text))]
        let edit = Edit(record: record, kind: "comment", ops: cells.map { Op(cell: $0.0, predecessors: []) })
        return try ChangeAuthor(space: space, key: keys.signing).change(
            edits: [edit], values: cells.map(\.1.encoded), base: base, time: now, schema: 1, random: &random)
    }

    // MARK: requests

    private func ask<R: Request>(_ request: R, as workspace: Workspace? = nil) throws -> Bodies<R.Answer> {
        let body = request.encoded()
        let token = try workspace.map { try self.token(of: $0) }
        guard case .answer(let answer) = try reply(to: R.method, body, token: token) else { throw StageFault.notTaken }
        return Bodies(answer: try R.Answer(decoding: answer), count: body.count + answer.count)
    }

    private func token(of workspace: Workspace) throws -> [UInt8] {
        guard let keys = workspace.keys else { throw WorkspaceFault.keysNeeded }
        if let token = tokens[keys.device] { return token }
        let nonce = try ask(ChallengeRequest(device: keys.device)).answer.nonce
        let token = try ask(SessionRequest(answering: nonce, of: registrar.identity.name, with: keys.signing)).answer.token
        tokens[keys.device] = token
        return token
    }

    private func reply(to method: Method, _ body: [UInt8], token: [UInt8]?) throws -> Reply {
        let (status, answer) = try registrar.answer(
            method: method.rawValue, body: body, token: token, now: SystemClock().now(), store: served)
        return status == 200 ? .answer(answer) : .error(try ErrorAnswer(decoding: answer))
    }

    private func sync(_ workspace: Workspace) throws -> Int {
        var session = SyncSession(workspace)
        var bytes = 0
        while let request = try session.next() {
            let reply = try self.reply(to: request.method, request.body, token: request.token)
            if case .answer(let answer) = reply { bytes += request.body.count + answer.count }
            try session.take(reply)
        }
        // An engagement that has just begun learns this organisation's name in the same sync.
        if session.mustConclude, try !workspace.conclude().isEmpty { bytes += try sync(workspace) }
        return bytes
    }
}
