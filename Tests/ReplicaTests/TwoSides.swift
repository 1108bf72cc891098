import BuntanProtocol
import ChangeLog
import Exchange
import Merging
import Records
import Replica
import Storage
import Syncing
import Synchronization
import Testing
import TestKit

final class TestClock: WallClock {
    private let millis = Mutex<Int64>(1_790_000_000_000)
    func now() -> Int64 { millis.withLock { $0 } }
    func advance(by delta: Int64) { millis.withLock { $0 += delta } }
}

final class TestRandom: RandomPort {
    private let generator: Mutex<SeededRandom>
    init(seed: UInt64) { generator = Mutex(SeededRandom(seed: seed)) }
    func bytes(_ count: Int) -> [UInt8] { generator.withLock { $0.bytes(count) } }
}

/// A provider and a customer with an engagement, and their server, which answers as `lie` lets it.
final class TwoSides {
    let clock = TestClock()
    let random = TestRandom(seed: 11)
    private(set) var store = MemoryStore(indexing: StateIndexing())
    private(set) var mark = MemoryMark()
    let identity: ServerIdentity
    let provider: Workspace
    let customer: Workspace
    let service: ProvidedService
    private(set) var engagement: SpaceID
    /// Puts another answer in the place of the server's; sees what was asked.
    var lie: (OutgoingRequest, Reply) throws -> Reply = { $1 }
    /// Answers in the server's stead, so that it never hears of the request.
    var intercept: (OutgoingRequest) throws -> Reply? = { _ in nil }
    /// Whether what has come to a log comes with a pull alone.
    var leavesPagesToPulls = false
    /// Everything that was asked.
    private(set) var asked: [OutgoingRequest] = []

    init(policy: Policy = Policy()) throws {
        var draw = SeededRandom(seed: 5)
        identity = ServerIdentity(name: "sync.example", random: &draw)
        registrar = Self.registrar(identity, mark)
        (provider, customer) = try (Self.founded("Example Cloud", clock, random), Self.founded("Kaisha", clock, random))
        service = try provider.addService(name: ["en": "Object Storage"], cells: [:])
        engagement = SpaceID(high: 0, low: 0)
        try sync(provider)
        let space = try invited(policy)
        try sync(customer)
        try sync(provider)
        try sync(customer)
        engagement = space
        asked = []
    }

    /// An organisation that has nothing to do with the two, registered at their server.
    func stranger(_ name: String) throws -> Workspace {
        let workspace = try Self.founded(name, clock, random)
        try sync(workspace)
        return workspace
    }

    private static func founded(_ name: String, _ clock: TestClock, _ random: TestRandom) throws -> Workspace {
        let store = MemoryStore(indexing: StateIndexing())
        let founding = try Workspace.found(name: ["en": name], label: "office-pc", store: store, clock: clock, random: random)
        try store.write { try $0.setServer(KnownServer(address: "https://sync.example")) }
        return Workspace(store: store, clock: clock, random: random, keys: founding.device)
    }

    /// Lets the provider invite and the customer take it up, for the next sync; returns the space that it will be.
    func invited(_ policy: Policy = Policy()) throws -> SpaceID {
        let (request, code, _) = try provider.invite(to: service.service, until: clock.now() + 86_400_000, policy: policy)
        _ = try ask(request, token: signIn(provider))
        guard case .invitation(let seed, let organisation, let server) = code else { throw Refusal(.invalid) }
        let answer = try ask(InvitationRequest(id: Invitation.id(of: Invitation.key(of: seed).publicKey)))
        return try customer.accept(answer, seed: seed, provider: organisation, serverAddress: server, now: clock.now())
    }

    private(set) var registrar: Registrar

    private static func registrar(_ identity: ServerIdentity, _ mark: MemoryMark, _ frozen: FallenBack = FallenBack()) -> Registrar {
        Registrar(identity: identity, policy: RegistrarPolicy(isOpen: true), mark: mark, frozen: frozen)
    }

    /// Lets the operator go on with the engagement, or another space, without what its log has lost.
    @discardableResult
    func reopen(_ space: SpaceID? = nil) throws -> Reopening {
        let reopening = try store.write { try registrar.reopen(space ?? engagement, at: clock.now(), $0) }
        try mark.take(reopening)
        return reopening
    }

    /// Begins the server again on another disk: a backup. Other marks are those that came back with it, or none.
    func restart(on disk: MemoryStore, marks: MemoryMark? = nil) throws {
        store = disk
        if let marks { mark = marks }
        registrar = Self.registrar(identity, mark, try disk.read { try FallenBack.reconcile($0, with: mark) })
    }

    func honest(_ request: OutgoingRequest) throws -> Reply {
        let method = request.method.rawValue
        let (status, body) = try registrar.answer(
            method: method, body: request.body, token: request.token, now: clock.now(), store: store)
        guard status == 200 else { return .error(try ErrorAnswer(decoding: body)) }
        return .answer(leavesPagesToPulls ? leavingPagesOut(of: body, to: method) : body)
    }

    func ask<R: Request>(_ request: R, token: [UInt8]? = nil) throws -> R.Answer {
        switch try honest(OutgoingRequest(method: R.method, body: request.encoded(), token: token)) {
        case .answer(let bytes): return try R.Answer(decoding: bytes)
        case .error(let error): throw SyncFault.refused(R.method, error.code, detail: error.detail, retryAfterMillis: nil)
        }
    }

    func signIn(_ workspace: Workspace) throws -> [UInt8] {
        let keys = try #require(workspace.keys)
        let nonce = try ask(ChallengeRequest(device: keys.device)).nonce
        return try ask(SessionRequest(answering: nonce, of: identity.name, with: keys.signing)).token
    }

    @discardableResult
    func sync(_ workspace: Workspace) throws -> SyncReport {
        var session = SyncSession(workspace)
        while let request = try session.next() {
            asked.append(request)
            let intercepted = try intercept(request)
            try session.take(try intercepted ?? lie(request, honest(request)))
        }
        return session.report
    }

    /// Writes comments in the engagement, one change each.
    func comment(_ texts: String..., as workspace: Workspace) throws {
        for text in texts {
            let row = RecordID.timeOrdered(millis: clock.now(), random: Nonce(high: 1, low: 1))
            _ = try workspace.commit([workspace.comment(on: row, text: text)], in: engagement)
        }
    }

    func comments(_ workspace: Workspace) throws -> [String] {
        try workspace.store.read { reader in
            try reader.records(of: "comment", in: engagement, after: nil, limit: .max).compactMap { $0.shown.text("text") }.sorted()
        }
    }

    func standing(_ space: SpaceID, _ workspace: Workspace) throws -> SpaceStanding? {
        try workspace.store.read { try $0.standing(of: space) }
    }

    /// Changes the pages of one space, wherever they come: a pull's own, or brought with heads or a push.
    func lyingAbout(_ space: SpaceID, _ change: @escaping (PullRequest, LogPage) throws -> LogPage) {
        lie = { request, reply in
            guard case .answer(let bytes) = reply else { return reply }
            switch request.method {
            case .pull:
                let asked = try PullRequest(decoding: request.body)
                guard asked.space == space else { return reply }
                return .answer(try change(asked, try LogPage(decoding: bytes)).encoded())
            case .heads:
                let answer = try HeadsAnswer(decoding: bytes)
                let held = try HeadsRequest(decoding: request.body).held
                let pages = try answer.pages.map { brought in
                    guard brought.space == space, let asked = held.first(where: { $0.space == space }) else { return brought }
                    return BroughtPage(space: space, page: try change(PullRequest(space: space, base: asked.base), brought.page))
                }
                return .answer(HeadsAnswer(heads: answer.heads, pages: pages).encoded())
            case .push:
                let (asked, answer) = (try PushRequest(decoding: request.body), try VerdictsAnswer(decoding: bytes))
                guard asked.space == space, let held = asked.held, let page = answer.page else { return reply }
                let changed = try change(PullRequest(space: space, base: held), page)
                return .answer(VerdictsAnswer(verdicts: answer.verdicts, note: answer.note, page: changed).encoded())
            default: return reply
            }
        }
    }

    /// A checkpoint of the engagement as this server can sign it over anything.
    func note(size: Int, root: Digest, space: SpaceID? = nil, key: SigningKey? = nil) -> String {
        let origin = Checkpoint.origin(server: identity.name, space: space ?? engagement, epoch: 0)
        return Checkpoint(origin: origin, size: size, root: root).signed(by: key ?? identity.logKey)
    }
}
