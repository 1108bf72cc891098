package import BuntanProtocol
import ChangeLog
import Storage
package import Syncing

/// A request that a sync wants sent.
package struct OutgoingRequest: Sendable {
    package let method: Method
    package let body: [UInt8]
    /// The session token, for methods that need one.
    package let token: [UInt8]?

    package init(method: Method, body: [UInt8], token: [UInt8]?) {
        self.method = method
        self.body = body
        self.token = token
    }
}

/// What came of a request.
package enum Reply: Sendable {
    case answer([UInt8])
    case error(ErrorAnswer)
}

/// A sync that cannot go on now; everything it had done before stays done.
package enum SyncFault: Error, Hashable, Sendable {
    case noServer
    /// The server answered something that is none of the protocol.
    case notUnderstood(Method, DecodingFault)
    case refused(Method, Code?, detail: String?, retryAfterMillis: Int?)
    /// The server speaks no protocol version that this program does.
    case incompatible(lowest: Int, highest: Int)
    /// The server is not the one this store knows.
    case otherServer(known: String, found: String)
    /// A joining device is not enrolled by the organisation, or not yet.
    case notEnrolled
}

/// One sync with a server as steps without I/O: `next` says what to send, `take` files what came back.
///
/// Whoever drives it sends each request however it can. Dropping the session at any point loses nothing: each step is
/// one local transaction, and the next sync starts from the cursor and the outbox.
package struct SyncSession {
    enum Task: Hashable {
        case hello, register, challenge, session(Digest), sendChain, heads
        case replay(SpaceID, from: Int)
        case found(SpaceID)
        case sendStatements(SpaceID)
        case pull(SpaceID)
        case push(SpaceID)
    }

    private let workspace: Workspace
    private var tasks: [Task] = []
    private var current: Task?
    private var token: [UInt8]?
    private var signedIn = 0
    /// Whether what the logs have left to say has been looked for.
    private var isTended = false
    /// How many of the organisation's statements the server had taken when it was asked for its logs.
    private var chainTaken: Int?
    private var sent: [OutboxPlace] = []
    private var sentThrough: [SpaceID: Int] = [:]
    /// The keys that were here when the page on its way was asked for.
    private var pageKeys = SpaceKeys()
    package private(set) var report = SyncReport()
    /// Progress for people: entries taken so far and expected where heads told.
    package private(set) var expected: [SpaceID: Int] = [:]

    package init(_ workspace: Workspace) throws {
        self.workspace = workspace
        let (server, token) = try workspace.store.read { (try $0.knownServer(), try SessionToken.stored($0)) }
        guard let server else { throw SyncFault.noServer }
        if let token, token.expires > workspace.clock.now() + 30_000 { self.token = token.token }
        // Last in, first out.
        tasks = [.heads]
        if self.token == nil { tasks.append(.challenge) }
        if !server.isRegistered { tasks.append(.register) }
        if server.name == nil || server.logKey == nil || !server.isRegistered { tasks.append(.hello) }
        // With a session at hand, what was made offline goes at once; otherwise after signing in.
        if self.token != nil, tasks == [.heads] { try insertLocalWork(before: 0) }
    }

    package var isDone: Bool { tasks.isEmpty && current == nil }

    // MARK: asking

    /// The next request to send, or `nil` when the sync is done.
    package mutating func next() throws -> OutgoingRequest? {
        precondition(current == nil, "an answer is still awaited")
        while true {
            while let task = tasks.popLast() {
                if let request = try request(for: task) {
                    current = task
                    return request
                }
            }
            guard token != nil, !isTended else {
                try checkChain()
                return nil
            }
            isTended = true
            try tend()
        }
    }

    /// Says what could not be said before the logs had been read: statements that another device's came before, and the
    /// keys of sealed spaces for devices that have none.
    private mutating func tend() throws {
        let (isUnsent, missing) = try workspace.store.read { reader in
            (try !workspace.unsentChain(reader).isEmpty, try workspace.missingKeys(reader))
        }
        // Most syncs leave nothing to say, and then nothing is written.
        if !missing.isEmpty { try workspace.store.write { try workspace.give(missing, $0) } }
        tasks = missing.map { .sendStatements($0.space) }
        if isUnsent { tasks.append(.sendChain) }
    }

    /// Sees to it that every log carries what the organisation had said, and the server taken, when this sync asked for the
    /// logs (sync.md section 5).
    private mutating func checkChain() throws {
        guard let chainTaken else { return }
        let excused = Set(report.fellBack + report.unreachable + report.denied)
        report.uncarried = try workspace.store.read { try workspace.uncarriedChains(known: chainTaken, $0) }
            .filter { !excused.contains($0.space) }
    }

    private mutating func request(for task: Task) throws -> OutgoingRequest? {
        switch task {
        case .hello: return open(HelloRequest())
        case .register: return try registration()
        case .challenge: return open(ChallengeRequest(device: try workspace.store.read { try $0.identity().device }))
        case .session(let nonce): return open(try workspace.signIn(nonce: nonce))
        case .sendChain:
            let statements = try workspace.store.read { try workspace.chainToSend($0) }
            return statements.isEmpty ? nil : closed(StatementRequest(statements: statements))
        case .heads:
            let heads = try workspace.store.read { reader in
                chainTaken = try workspace.chainSent(reader)
                return try workspace.hostedHeads(reader)
            }
            return closed(HeadsRequest(digest: SpaceHead.digest(of: heads)))
        case .replay(let space, let from): return try replay(space, from: from)
        case .found(let space):
            guard let founding = try workspace.store.read({ try $0.isFrozen(space) ? nil : workspace.founding(space, $0) }) else {
                return nil
            }
            return closed(CreateSpaceRequest(genesis: founding.genesis, signature: founding.signature, acceptance: founding.acceptance))
        case .sendStatements(let space):
            let statements = try workspace.store.read { try $0.isFrozen(space) ? [] : workspace.pendingStatements(of: space, $0) }
            return statements.isEmpty ? nil : closed(StatementRequest(statements: statements))
        case .pull(let space):
            let (standing, isFrozen, keys) = try workspace.store.read { reader in
                (try reader.standing(of: space), try reader.isFrozen(space), try reader.spaceKeys(of: [space]))
            }
            guard !isFrozen else { return nil }
            pageKeys = keys
            return closed(
                PullRequest(
                    space: space, epoch: standing?.epoch ?? 0, size: standing?.size ?? 0, root: standing?.frontier.root ?? SHA.empty))
        case .push(let space):
            // What a log that lies would be told stays here: changes name a view that its keeper has denied.
            let changes = try workspace.store.read { reader in
                sent = try reader.isFrozen(space) ? [] : workspace.nextBatch(of: space, after: sentThrough[space] ?? 0, reader)
                return try sent.compactMap { try reader.outboxSigned($0.number) }
            }
            return sent.isEmpty ? nil : closed(PushRequest(space: space, changes: changes))
        }
    }

    private func open(_ request: some Request) -> OutgoingRequest {
        OutgoingRequest(method: type(of: request).method, body: request.encoded(), token: nil)
    }
    private func closed(_ request: some Request) -> OutgoingRequest {
        OutgoingRequest(method: type(of: request).method, body: request.encoded(), token: token)
    }

    private func registration() throws -> OutgoingRequest? {
        let (server, identity, chain, invitation) = try workspace.store.read { reader in
            (
                try reader.knownServer(), try reader.identity(), try reader.ownChain(),
                try workspace.foundings(reader).first.flatMap { try? Genesis(decoding: $0.genesis).invitation }
            )
        }
        // A device that joins has no chain of its own to show: its organisation is registered already.
        guard let server, !server.isRegistered, !chain.isEmpty else { return nil }
        var ticket = server.admission.map(RegisterRequest.Ticket.admission)
        if ticket == nil, let invitation, let decoded = try? Invitation(decoding: invitation) { ticket = .invitation(decoded.id) }
        return open(RegisterRequest(statements: chain, rootKey: identity.rootKey, ticket: ticket))
    }

    private mutating func replay(_ space: SpaceID, from: Int) throws -> OutgoingRequest? {
        let page = try workspace.store.read { try workspace.replayPage(of: space, from: from, $0) }
        guard let page else {
            try workspace.store.write { try workspace.finishMove(of: space, $0) }
            report.moved.append(space)
            return nil
        }
        return closed(page)
    }

    // MARK: taking

    /// Files what came back for the request last given.
    package mutating func take(_ reply: Reply) throws {
        guard let task = current else { preconditionFailure("no answer is awaited") }
        current = nil
        switch reply {
        case .answer(let bytes): try take(bytes, for: task)
        case .error(let error): try take(error, for: task)
        }
    }

    private mutating func take(_ bytes: [UInt8], for task: Task) throws {
        switch task {
        case .hello: try takeHello(try decode(bytes, HelloRequest.self))
        case .register:
            _ = try decode(bytes, RegisterRequest.self)
            try workspace.store.write { transaction in
                guard var server = try transaction.knownServer() else { return }
                server.isRegistered = true
                // How much of the chain is there is asked by sending it: an earlier, shorter one may have been taken.
                try transaction.setServer(server)
            }
        case .challenge: tasks.append(.session(try decode(bytes, ChallengeRequest.self).nonce))
        case .session:
            let answer = try decode(bytes, SessionRequest.self)
            token = answer.token
            try workspace.store.write { transaction in
                try SessionToken(token: answer.token, expires: answer.expires).store(transaction)
                guard var server = try transaction.knownServer(), !server.isRegistered else { return }
                server.isRegistered = true
                try transaction.setServer(server)
            }
            // What was made offline goes first: the chain, spaces that move here, engagements that begin.
            if let heads = tasks.lastIndex(of: .heads) { try insertLocalWork(before: heads) }
        case .sendChain:
            let answer = try decode(bytes, StatementRequest.self)
            try takeChain(answer)
        case .heads: try takeHeads(try decode(bytes, HeadsRequest.self))
        case .replay(let space, _): tasks.append(.replay(space, from: try decode(bytes, ReplayRequest.self).size))
        case .found(let space):
            _ = try decode(bytes, CreateSpaceRequest.self)
            report.founded.append(space)
            tasks.append(.pull(space))
        case .sendStatements(let space):
            let answer = try decode(bytes, StatementRequest.self)
            try workspace.store.write { try workspace.takeStatementVerdicts(answer.verdicts, of: space, $0, &report) }
            tasks.append(.pull(space))
        case .pull(let space):
            let answer = try decode(bytes, PullRequest.self)
            try takePage(answer, of: space)
        case .push(let space):
            let answer = try decode(bytes, PushRequest.self)
            // Most batches are taken whole, and then nothing is written before they come back.
            if answer.verdicts.contains(where: { if case .refused = $0 { true } else { false } }) {
                try workspace.store.write { try workspace.fileRefusals(answer.verdicts, of: sent, in: space, $0, &report) }
            }
            report.sentChanges += answer.verdicts.count { if case .accepted = $0 { true } else { false } }
            let last = sent.last?.number ?? 0
            let more = try workspace.store.read { reader in
                try reader.outboxPlaces(of: space).contains { $0.list == .pending && $0.number > last }
            }
            sentThrough[space] = sent.last?.number
            sent = []
            // One pull brings back what several pushes took there.
            if !tasks.contains(.pull(space)) { tasks.append(.pull(space)) }
            if more { tasks.append(.push(space)) }
        }
    }

    private func decode<R: Request>(_ bytes: [UInt8], _ request: R.Type) throws -> R.Answer {
        do { return try R.Answer(decoding: bytes) } catch { throw SyncFault.notUnderstood(R.method, error) }
    }

    private mutating func takeHello(_ answer: HelloRequest.Answer) throws {
        guard answer.lowest <= 1, answer.highest >= 1 else {
            throw SyncFault.incompatible(lowest: answer.lowest, highest: answer.highest)
        }
        report.serverTime = answer.time
        try workspace.store.write { transaction in
            guard var server = try transaction.knownServer() else { throw SyncFault.noServer }
            if let name = server.name, name != answer.serverName { throw SyncFault.otherServer(known: name, found: answer.serverName) }
            server.name = answer.serverName
            server.logKey = answer.logKey
            try transaction.setServer(server)
        }
    }

    private mutating func insertLocalWork(before index: Int) throws {
        // Most syncs have nothing of this to do, and should not take the store for writing.
        let workspace = workspace
        func waiting(_ reader: any StoreReader) throws -> (foundings: [SpaceID], statements: [SpaceID]) {
            (
                try workspace.foundings(reader).map { Genesis.space(of: $0.genesis) },
                try reader.spaces().filter { try !workspace.pendingStatements(of: $0, reader).isEmpty }
            )
        }
        var (mustMove, mustSpeak, found) = try workspace.store.read { reader in
            (try workspace.hasMoves(reader), try !workspace.unsentChain(reader).isEmpty, try waiting(reader))
        }
        var moving: [SpaceID] = []
        if mustMove {
            (moving, found) = try workspace.store.write { (try workspace.announceMoves($0), try waiting($0)) }
            mustSpeak = true
        }
        // The stack runs from its end: heads last, then what needs the spaces, then the spaces, the chain first of all.
        var work: [Task] = found.statements.map { .sendStatements($0) }
        work += found.foundings.map { .found($0) }
        work += moving.map { .replay($0, from: 0) }
        if mustSpeak { work.append(.sendChain) }
        tasks.insert(contentsOf: work, at: index + 1)
    }

    private mutating func takeChain(_ answer: VerdictsAnswer) throws {
        let taken = answer.verdicts.prefix { if case .refused = $0 { false } else { true } }.count
        try workspace.store.write { transaction in
            // No more than was there to send, whatever the server counts: a later revocation must not be taken for sent.
            let known = min(try workspace.chainSent(transaction) + taken, try transaction.ownChain().count)
            try workspace.markChainSent(known, transaction)
        }
        // What is refused may only come after another device's words, which the pulls will bring: in this sync, or in the
        // next one where such words have come again meanwhile.
        guard taken < answer.verdicts.count, case .refused(let code, let detail) = answer.verdicts[taken] else { return }
        guard isTended, detail != StatementDetail.fork, detail != StatementDetail.gap else { return }
        throw SyncFault.refused(.statement, code, detail: detail, retryAfterMillis: nil)
    }

    private mutating func takeHeads(_ answer: HeadsAnswer) throws {
        var mustRelease = false
        let (pulls, pushes) = try workspace.store.read { transaction -> ([SpaceID], Set<SpaceID>) in
            var pulls: [SpaceID] = []
            if let heads = answer.heads {
                for head in heads where try transaction.standing(of: head.space)?.size != head.size {
                    if try transaction.isFrozen(head.space) { continue }
                    pulls.append(head.space)
                    expected[head.space] = head.size
                }
                report.visible = Set(heads.map(\.space))
            }
            let places = try transaction.outboxPlaces(of: nil)
            mustRelease = places.contains { $0.list == .waiting }
            return (pulls, Set(places.filter { $0.list != .rejected }.map(\.space)))
        }
        if mustRelease { try workspace.store.write { try workspace.releaseWaiting($0) } }
        // Pull before push, space by space; private spaces and engagements in any order.
        tasks.append(contentsOf: pushes.sorted().map { .push($0) })
        tasks.append(contentsOf: pulls.map { .pull($0) })
    }

    private mutating func takePage(_ page: PullRequest.Answer, of space: SpaceID) throws {
        do {
            let pieces = PageCheck.pieces(of: page.entries, keys: pageKeys, cores: workspace.cores)
            let arrived = try workspace.store.write { try workspace.takePage(page, pieces, of: space, $0, &report) }
            if page.more && arrived > 0 { tasks.append(.pull(space)) }
        } catch let fault as LogFault {
            // The replica keeps what it has and the proof of what it was shown, and takes nothing more of this space.
            try workspace.store.write { try workspace.freeze(space, fault, page: page, $0) }
            report.frozen.append((space, fault))
        }
    }

    private mutating func take(_ error: ErrorAnswer, for task: Task) throws {
        switch (error.code, task) {
        // An answer that took too long, or met a server's clock that was put right meanwhile, is asked for once more.
        case (.noSession?, .session) where signedIn < 2:
            signedIn += 1
            tasks.append(.challenge)
        case (.noSession?, .challenge), (.noSession?, .session): throw SyncFault.notEnrolled
        case (.noSession?, _) where signedIn < 2:
            signedIn += 1
            token = nil
            tasks.append(task)
            tasks.append(.challenge)
        case (.notFound?, .pull(let space)), (.notFound?, .push(let space)):
            report.unreachable.append(space)
        case (.baseMismatch?, .pull(let space)), (.epochChanged?, .pull(let space)):
            // Asked again after what was sent, it says so again.
            if !report.denied.contains(space) { report.denied.append(space) }
        case (.behindYou?, .pull(let space)), (.recovering?, .pull(let space)), (.recovering?, .push(let space)):
            report.fellBack.append(space)
        case (.recovering?, .found(let space)), (.recovering?, .sendStatements(let space)), (.recovering?, .replay(let space, _)):
            report.fellBack.append(space)
        case (.notFound?, .session), (.badSignature?, .session): throw SyncFault.notEnrolled
        case (let code, .register) where code?.answerClass != .retry:
            // The ticket will not be taken the next time either; another may be.
            try workspace.store.write { try workspace.dropTicket($0) }
            throw SyncFault.refused(.register, code, detail: error.detail, retryAfterMillis: error.retryAfterMillis)
        case (let code, .found(let space)) where code?.answerClass != .retry:
            // An invitation that has been used, revoked or has expired since: nothing else has to wait for that.
            report.unfounded.append((space, code, error.detail))
            if code?.answerClass ?? .refuse == .refuse {
                try workspace.store.write { try $0.setValue(nil, for: StoredName.founding(space)) }
            }
        // Whatever keeps a space from moving, a copy of this store that has gone another way with it included: the others are
        // not kept waiting.
        case (let code, .replay(let space, _)) where code?.answerClass != .retry: report.unmoved.append((space, code, error.detail))
        default:
            let method: Method =
                switch task {
                case .hello: .hello
                case .register: .register
                case .challenge: .challenge
                case .session: .session
                case .sendChain, .sendStatements: .statement
                case .heads: .heads
                case .replay: .replay
                case .found: .createSpace
                case .pull: .pull
                case .push: .push
                }
            throw SyncFault.refused(method, error.code, detail: error.detail, retryAfterMillis: error.retryAfterMillis)
        }
    }
}

/// What a sync did, as facts.
package struct SyncReport: Sendable {
    /// Entries that arrived, by space, without this replica's own.
    package var arrived: [SpaceID: Int] = [:]
    package var sentChanges = 0
    package var rejected: [(number: Int, code: Code?, detail: String?)] = []
    package var waiting: [(number: Int, code: Code?, detail: String?)] = []
    package var founded: [SpaceID] = []
    package var moved: [SpaceID] = []
    package var newSpaces: [SpaceID] = []
    /// Records others wrote, by space: for lists of what arrived.
    package var touched: [SpaceID: Set<RecordID>] = [:]
    package var frozen: [(SpaceID, LogFault)] = []
    /// Spaces of which the server says that its log is not what this replica was shown and has verified.
    package var denied: [SpaceID] = []
    /// Engagements that the server would not begin.
    package var unfounded: [(SpaceID, code: Code?, detail: String?)] = []
    /// Own spaces that the server would not take over.
    package var unmoved: [(SpaceID, code: Code?, detail: String?)] = []
    /// Spaces whose server has less than this replica was shown before.
    package var fellBack: [SpaceID] = []
    package var unreachable: [SpaceID] = []
    /// Logs that lack what the organisation has said, though the server has taken it.
    package var uncarried: [UncarriedChain] = []
    package var visible: Set<SpaceID>?
    package var serverTime: Int64?

    package init() {}
}

/// A session's token with its end by the server's clock.
struct SessionToken {
    let token: [UInt8]
    let expires: Int64

    static func stored(_ reader: any StoreReader) throws -> SessionToken? {
        guard let bytes = try reader.value(StoredName.session) else { return nil }
        return try CBORReader.decode(bytes) { r throws(DecodingFault) in
            try r.array(of: 2)
            return SessionToken(token: Array(try r.byteString()), expires: try r.int())
        }
    }

    func store(_ writer: any StoreWriter) throws {
        try writer.setValue(
            CBORWriter.encode { w in
                w.array(2)
                w.byteString(token)
                w.int(expires)
            }, for: StoredName.session)
    }
}
