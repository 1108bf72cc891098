package import BuntanProtocol
import ChangeLog
import Storage
import Syncing

/// A request that a sync wants sent.
package struct OutgoingRequest: Hashable, Sendable {
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
    /// The organisation has ended this device's rights.
    case revoked(OwnRevocation)
    /// The organisation has said more than this store knows, and nobody here may read it.
    case chainOutrun
}

/// One sync with a server as steps without I/O: `next` says what to send, `take` files what came back.
///
/// Whoever drives it sends each request however it can. Dropping the session at any point loses nothing: each step is
/// one local transaction, and the next sync starts from the cursor and the outbox.
package struct SyncSession {
    enum Task: Hashable {
        case hello, register, challenge, session(Digest), sendChain, heads
        /// Shows the chain in which the root has enrolled this device.
        case presentChain
        case replay(SpaceID, from: Int)
        case found(SpaceID)
        case sendStatements(SpaceID)
        case pull(SpaceID)
        case push(SpaceID)
    }

    let workspace: Workspace
    var tasks: [Task] = []
    private(set) var current: Task?
    private var token: [UInt8]?
    private var signedIn = 0
    private var hasPresented = false
    /// Whether what the logs have left to say has been looked for.
    var isTended = false
    /// How many of the organisation's statements the server had taken when it was asked for its logs.
    var chainTaken: Int?
    /// How many of them stand before the first one on its way.
    var chainSaidFrom = 0
    private var sent: [OutboxPlace] = []
    private var sentThrough: [SpaceID: Int] = [:]
    /// The keys that were here when the page on its way was asked for.
    private var pageKeys = SpaceKeys()
    package internal(set) var report = SyncReport()
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

    private mutating func request(for task: Task) throws -> OutgoingRequest? {
        switch task {
        case .hello: return open(HelloRequest())
        case .register: return try registration()
        case .presentChain:
            let (identity, chain) = try workspace.store.read { (try $0.identity(), try $0.ownChain()) }
            return open(RegisterRequest(statements: chain, rootKey: identity.rootKey, ticket: nil))
        case .challenge: return open(ChallengeRequest(device: try workspace.store.read { try $0.identity().device }))
        case .session(let nonce): return open(try workspace.signIn(nonce: nonce))
        case .sendChain:
            let statements = try workspace.store.read { reader in
                let statements = try workspace.chainToSend(reader)
                chainSaidFrom = try reader.ownChain().count - statements.count
                return statements
            }
            return statements.isEmpty ? nil : closed(StatementRequest(statements: statements))
        case .heads:
            let (heads, held, keys) = try workspace.store.read { reader in
                chainTaken = try workspace.chainSent(reader)
                let heads = try workspace.hostedHeads(reader)
                let held = try workspace.held(heads, reader)
                return (heads, held, try reader.spaceKeys(of: held.map(\.space)))
            }
            pageKeys = keys
            return closed(HeadsRequest(digest: SpaceHead.digest(of: heads), held: held))
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
            let (changes, held) = try workspace.store.read { reader in
                sent = try reader.isFrozen(space) ? [] : workspace.nextBatch(of: space, after: sentThrough[space] ?? 0, reader)
                pageKeys = try reader.spaceKeys(of: [space])
                // Little comes back with the answer; after a lot, one pull brings what several pushes took there.
                let isLittle = sentThrough[space] == nil && sent.reduce(0) { $0 + $1.size } < Limits.broughtBytes
                return (try sent.compactMap { try reader.outboxSigned($0.number) }, isLittle ? try reader.standing(of: space)?.base : nil)
            }
            return sent.isEmpty ? nil : closed(PushRequest(space: space, changes: changes, held: held))
        }
    }

    private func open(_ request: some Request) -> OutgoingRequest {
        OutgoingRequest(method: type(of: request).method, body: request.encoded(), token: nil)
    }
    func closed(_ request: some Request) -> OutgoingRequest {
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
        case .presentChain: _ = try decode(bytes, RegisterRequest.self)
        case .challenge: tasks.append(.session(try decode(bytes, ChallengeRequest.self).nonce))
        case .session:
            let answer = try decode(bytes, SessionRequest.self)
            token = answer.token
            try workspace.store.write { transaction in
                try SessionToken(token: answer.token, expires: answer.expires).store(transaction)
                if try transaction.value(StoredName.revocation) != nil { try transaction.setValue(nil, for: StoredName.revocation) }
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
            if let page = answer.page {
                try takePage(page, of: space)
            } else if !tasks.contains(.pull(space)) {
                tasks.append(.pull(space))
            }
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

    private mutating func takeHeads(_ answer: HeadsAnswer) throws {
        var mustRelease = false
        let pushes = try workspace.store.read { transaction in
            if let heads = answer.heads {
                for head in heads where try !transaction.isFrozen(head.space) {
                    if try transaction.standing(of: head.space)?.size != head.size { expected[head.space] = head.size }
                }
                report.visible = Set(heads.map(\.space))
            }
            let places = try transaction.outboxPlaces(of: nil)
            mustRelease = places.contains { $0.list == .waiting }
            return Set(places.filter { $0.list != .rejected }.map(\.space))
        }
        if mustRelease { try workspace.store.write { try workspace.releaseWaiting($0) } }
        // Pull before push, space by space; private spaces and engagements in any order.
        tasks.append(contentsOf: pushes.sorted().map { .push($0) })
        let brought = Dictionary(answer.pages.map { ($0.space, $0.page) }) { first, _ in first }
        for head in answer.heads ?? [] where expected[head.space] != nil {
            if let page = brought[head.space] {
                try takePage(page, of: head.space)
            } else {
                tasks.append(.pull(head.space))
            }
        }
    }

    private mutating func takePage(_ page: LogPage, of space: SpaceID) throws {
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
        case (.noSession?, .session) where error.revocation != nil:
            guard let revocation = try error.revocation.flatMap(workspace.keepRevocation) else { throw SyncFault.notEnrolled }
            throw SyncFault.revoked(revocation)
        // An answer that took too long, or met a server's clock that was put right meanwhile, is asked for once more.
        case (.noSession?, .session) where signedIn < 2:
            signedIn += 1
            tasks.append(.challenge)
        case (.noSession?, .challenge), (.noSession?, .session):
            guard !hasPresented else { throw SyncFault.chainOutrun }
            guard try workspace.store.read({ try workspace.isEnrolledUnsaid($0) }) else { throw SyncFault.notEnrolled }
            hasPresented = true
            signedIn = 0
            tasks += [.challenge, .presentChain]
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
                case .register, .presentChain: .register
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
