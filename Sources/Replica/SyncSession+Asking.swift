import BuntanProtocol
import ChangeLog
import Storage
import Syncing

/// What a sync asks next. Nearly every request is found with one look into the store.
extension SyncSession {
    /// What the store is written for before the next request can be found.
    enum Chore {
        case announceMoves, finishMove(SpaceID), releaseWaiting, settleIdentity, give([MissingKey]), judgeAnew
        case depart(Workspace.DepartureWork, of: SpaceID)
    }

    private enum Step {
        case ask(Task, OutgoingRequest)
        case first(Chore)
        case end
    }

    /// The next request to send, or `nil` when the sync is done.
    package mutating func next() throws -> OutgoingRequest? {
        precondition(current == nil, "an answer is still awaited")
        while true {
            switch try workspace.store.read({ try look($0) }) {
            case .ask(let task, let request):
                current = task
                return request
            case .first(let chore): try workspace.store.write { try settle(chore, $0) }
            case .end: return nil
            }
        }
    }

    private mutating func look(_ reader: any StoreReader) throws -> Step {
        while true {
            while let task = tasks.popLast() {
                switch task {
                case .begin:
                    if try hasJudged || workspace.judgedByEarlier(reader).isEmpty {
                        try begin(reader)
                    } else {
                        tasks.append(.begin)
                        return .first(.judgeAnew)
                    }
                case .localWork:
                    if try looksFirst(reader) { continue }
                    if try !workspace.unmoved(reader).isEmpty { return .first(.announceMoves) }
                    try insertLocalWork(moving: [], saysChain: try !workspace.chainToSend(reader).isEmpty, reader)
                case .outbox:
                    let places = try reader.outboxPlaces(of: nil)
                    if mayRelease, places.contains(where: { $0.list != .pending }) {
                        tasks.append(.outbox)
                        return .first(.releaseWaiting)
                    }
                    // What came by file follows on what is sent here, and on what its authors have said about themselves.
                    tasks += Set(try workspace.relayed(reader).map(\.space)).sorted().map { .relay($0) }
                    tasks += try workspace.relayedChains(reader).map { .relayChain($0.organisation) }
                    tasks += Set(places.filter { $0.list == .pending }.map(\.space)).sorted().map { .push($0) }
                    tasks.append(.dueKeys)
                    // What was lost comes before what was made on top of it.
                    tasks += try workspace.salvageable(reader).sorted().map { .salvage($0) }
                case .dueKeys:
                    // Nothing is sealed with a key that a lost device holds: the next one comes first.
                    let due = try workspace.missingKeys(nextOnly: true, reader).filter { !keysBegun.contains($0.space) }
                    guard !due.isEmpty else { continue }
                    keysBegun.formUnion(due.map(\.space))
                    tasks += due.map { .sendStatements($0.space) }
                    return .first(.give(due))
                case .push(let space):
                    if let work = try workspace.departureWork(of: space, after: sentThrough[space] ?? 0, reader) {
                        tasks.append(task)
                        return .first(.depart(work, of: space))
                    }
                    if let request = try request(for: task, reader) { return .ask(task, request) }
                case .replay(let space, let from):
                    guard let page = try workspace.replayPage(of: space, from: from, reader) else { return .first(.finishMove(space)) }
                    return .ask(task, closed(page))
                default:
                    if let request = try request(for: task, reader) { return .ask(task, request) }
                }
            }
            guard hasToken, !isTended else {
                if hasToken, !hasVerified {
                    hasVerified = true
                    tasks = try verifications(reader)
                    // Whoever is new here works while the rest is verified.
                    if try !tasks.isEmpty && reader.identity().home == nil { return .first(.settleIdentity) }
                    if !tasks.isEmpty { continue }
                }
                if try saysAgain(reader) { continue }
                try checkChain(reader)
                try checkValues(reader)
                mustConclude = try workspace.mustConclude(reader)
                report.unsaid = try workspace.unsaid(reader)
                report.keyAwaited = try workspace.keyAwaited(reader)
                return .end
            }
            isTended = true
            if let chore = try tend(reader) { return .first(chore) }
        }
    }

    private mutating func settle(_ chore: Chore, _ transaction: any StoreWriter) throws {
        switch chore {
        case .announceMoves: try insertLocalWork(moving: workspace.announceMoves(transaction), saysChain: true, transaction)
        case .finishMove(let space):
            try workspace.finishMove(of: space, transaction)
            report.moved.append(space)
        case .releaseWaiting:
            try workspace.releaseWaiting(transaction)
            mayRelease = false
        case .judgeAnew:
            try workspace.judgeAnew(transaction)
            hasJudged = true
        case .settleIdentity: try workspace.settleIdentity(transaction)
        case .give(let missing): try workspace.give(missing, transaction)
        case .depart(let work, let space): try workspace.settle(work, of: space, transaction)
        }
    }

    /// Finds out what has to be said before the logs are asked for.
    private mutating func begin(_ reader: any StoreReader) throws {
        guard let server = try reader.knownServer() else { throw SyncFault.noServer }
        let stored = try SessionToken.stored(reader)
        if let stored, stored.expires > workspace.clock.now() + 30_000 { token = stored.token }
        // Last in, first out. With a session at hand, what was made offline goes at once; otherwise after signing in.
        tasks = [.heads]
        let knowsServer = server.name != nil && server.logKey != nil && server.isRegistered
        if !hasToken { tasks.append(.challenge) } else if knowsServer { tasks.append(.localWork) }
        if !server.isRegistered { tasks.append(.register) }
        if !knowsServer { tasks.append(.hello) }
    }

    private mutating func request(for task: Task, _ reader: any StoreReader) throws -> OutgoingRequest? {
        switch task {
        case .hello: return open(HelloRequest())
        case .register: return try registration(reader)
        case .presentChain:
            return open(RegisterRequest(statements: try reader.ownChain(), rootKey: try reader.identity().rootKey, ticket: nil))
        case .challenge: return open(ChallengeRequest(device: try reader.identity().device))
        case .session(let nonce): return open(try workspace.signIn(nonce: nonce, reader))
        case .sendChain:
            let statements = try workspace.chainToSend(reader)
            chainSaidFrom = try reader.ownChain().count - statements.count
            return statements.isEmpty ? nil : closed(StatementRequest(statements: statements))
        case .heads:
            chainTaken = try workspace.chainSent(reader)
            let heads = try workspace.hostedHeads(reader)
            askedAbout = heads.map(\.space)
            let held = try workspace.held(heads, reader)
            pageKeys = try reader.spaceKeys(of: held.map(\.space))
            asked = Dictionary(held.map { ($0.space, .some($0.base)) }) { first, _ in first }
            beside = looking == .underWay ? nil : try pushBeside(reader)
            return closed(HeadsRequest(digest: SpaceHead.digest(of: heads), held: held))
        case .found(let space):
            guard try !reader.isFrozen(space), let founding = try workspace.founding(space, reader) else { return nil }
            return closed(CreateSpaceRequest(genesis: founding.genesis, signature: founding.signature, acceptance: founding.acceptance))
        case .sendStatements(let space):
            // Nor does what was said of a space leave this device before it is verified.
            let isHeld = try reader.isFrozen(space) || reader.lead(of: space) != nil
            let statements = try isHeld ? [] : workspace.pendingStatements(of: space, reader)
            return statements.isEmpty ? nil : closed(StatementRequest(statements: statements))
        case .pull(let space):
            guard try !reader.takesNothing(of: space) else { return nil }
            pageKeys = try reader.spaceKeys(of: [space])
            if let parting = partings[space] { return closed(PullRequest(space: space, base: parting)) }
            // Until all records are here there is nothing that a tail could follow on.
            guard try reader.lead(of: space)?.isComplete ?? true else { return nil }
            let standing = try workspace.takenStanding(of: space, reader)
            asked.updateValue(standing?.base, forKey: space)
            return closed(
                PullRequest(
                    space: space, epoch: standing?.epoch ?? 0, size: standing?.size ?? 0, root: standing?.frontier.root ?? SHA.empty,
                    maxBytes: pageBytes(of: space, held: standing?.size ?? 0)))
        case .push(let space):
            guard let push = try nextPush(of: space, reader) else { return nil }
            pageKeys = try reader.spaceKeys(of: [space])
            sent = push.places
            asked.updateValue(push.request.held, forKey: space)
            return closed(push.request)
        case .restore(let space, let from):
            let page = try workspace.restoringPage(of: space, from: from, reader)
            if page == nil { noteFallenBack(space) }
            return page.map(closed)
        case .salvage(let space):
            guard try !reader.isFrozen(space) else { return nil }
            let orphans = try workspace.nextOrphans(of: space, besides: salvaged[space] ?? [], reader)
            guard !orphans.isEmpty else { return nil }
            sentOrphans = orphans
            return closed(PushRequest(space: space, items: orphans.map { PushedItem($0) }))
        case .snapshot(let space):
            let lead = try reader.lead(of: space)
            guard try !reader.isFrozen(space), lead?.isComplete != true else { return nil }
            askedAhead[space] = .records(pages: lead?.seals.count ?? 0)
            return closed(
                SnapshotRequest(space: space, after: lead?.next, maxBytes: workspace.fastStart.pageBytes))
        case .verify(let space):
            guard try !reader.isFrozen(space), try reader.lead(of: space)?.isSettled == true,
                let log = try reader.logStanding(of: space)
            else { return nil }
            asked.removeValue(forKey: space)
            askedAhead[space] = .entries(log.base)
            return closed(PullRequest(space: space, base: partings[space] ?? log.base, maxBytes: workspace.fastStart.verifiedBytes))
        case .digest(let space): return try reader.isFrozen(space) ? nil : closed(DigestRequest(space: space))
        case .relay(let space):
            guard try !reader.isFrozen(space) else { return nil }
            let changes = try workspace.nextRelayed(of: space, after: relayedThrough[space] ?? 0, reader)
            guard !changes.isEmpty else { return nil }
            pageKeys = try reader.spaceKeys(of: [space])
            sentRelayed = changes
            let held = try workspace.takenStanding(of: space, reader)?.base
            asked.updateValue(held, forKey: space)
            return closed(PushRequest(space: space, changes: changes.map(\.signed), held: held))
        case .relayChain(let organisation):
            guard let chain = try workspace.relayedChains(reader).first(where: { $0.organisation == organisation }) else { return nil }
            return open(RegisterRequest(statements: chain.statements, rootKey: chain.rootKey, ticket: nil))
        case .begin, .localWork, .outbox, .dueKeys, .replay: return nil
        }
    }

    /// What goes to a space next; `nil` where nothing waits for it.
    func nextPush(of space: SpaceID, _ reader: any StoreReader) throws -> (request: PushRequest, places: [OutboxPlace])? {
        // What a log that lies would be told stays here: changes name a view that its keeper has denied.
        // Nor does what was made on records that are not verified yet leave this device.
        guard try !reader.isFrozen(space), try reader.lead(of: space) == nil else { return nil }
        let places = try workspace.nextBatch(of: space, after: sentThrough[space] ?? 0, reader)
        guard !places.isEmpty else { return nil }
        // What is held says more than what may come back with the answer: a server that lost some of it takes nothing, and one that
        // began another epoch hears that what was kept has been given back.
        let held = try workspace.takenStanding(of: space, reader)?.base
        return (PushRequest(space: space, changes: try places.compactMap { try reader.outboxSigned($0.number) }, held: held), places)
    }

    private func open(_ request: some Request) -> OutgoingRequest {
        OutgoingRequest(method: type(of: request).method, body: request.encoded(), token: nil)
    }
    func closed(_ request: some Request) -> OutgoingRequest {
        OutgoingRequest(method: type(of: request).method, body: request.encoded(), token: token)
    }

    private func registration(_ reader: any StoreReader) throws -> OutgoingRequest? {
        let (server, identity, chain) = (try reader.knownServer(), try reader.identity(), try reader.ownChain())
        // A device that joins has no chain of its own to show: its organisation is registered already.
        guard let server, !server.isRegistered, !chain.isEmpty else { return nil }
        var ticket = server.admission.map(RegisterRequest.Ticket.admission)
        if ticket == nil, let founding = try workspace.foundings(reader).first,
            let invitation = try Genesis(decoding: founding.genesis).invitation
        {
            ticket = .invitation(try Invitation(decoding: invitation).id)
        }
        return open(RegisterRequest(statements: chain, rootKey: identity.rootKey, ticket: ticket))
    }
}
