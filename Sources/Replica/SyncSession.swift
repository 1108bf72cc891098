package import BuntanProtocol
import ChangeLog
import Storage
import Syncing

/// One sync with a server as steps without I/O: `next` says what to send, `take` files what came back.
///
/// Whoever drives it sends each request however it can. Dropping the session at any point loses nothing: each step is
/// one local transaction, and the next sync starts from the cursor and the outbox.
package struct SyncSession {
    enum Task: Hashable {
        /// Finds out what must come before the logs are asked for.
        case begin
        case hello, register, challenge, session(Digest), sendChain, heads
        /// Looks for what was made offline beside changes.
        case localWork
        /// Looks for changes to send.
        case outbox
        /// Begins the keys of sealed spaces that are due, before what waits there leaves.
        case dueKeys
        /// Shows the chain in which the root has enrolled this device.
        case presentChain
        case replay(SpaceID, from: Int)
        /// Gives back what the server has lost; first asks how much it holds.
        case restore(SpaceID, from: Int?)
        /// Hands over what an epoch that has ended held.
        case salvage(SpaceID)
        case found(SpaceID)
        case sendStatements(SpaceID)
        case pull(SpaceID)
        case push(SpaceID)
        /// Records of a space that is new here, before its log.
        case snapshot(SpaceID)
        /// The log behind what is shown of a space.
        case verify(SpaceID)
        case digest(SpaceID)
        /// Hands over what came by file: changes of others, and what an organisation has said about itself.
        case relay(SpaceID)
        case relayChain(OrganisationID)

        /// What is asked for it; nothing for what the store alone answers.
        var method: Method? {
            switch self {
            case .begin, .localWork, .outbox, .dueKeys: nil
            case .hello: .hello
            case .register, .presentChain, .relayChain: .register
            case .challenge: .challenge
            case .session: .session
            case .sendChain, .sendStatements: .statement
            case .heads: .heads
            case .replay, .restore: .replay
            case .found: .createSpace
            case .pull, .verify: .pull
            case .snapshot: .snapshot
            case .digest: .digest
            case .push, .salvage, .relay: .push
            }
        }
    }

    let workspace: Workspace
    var tasks: [Task] = []
    var current: Task?
    var token: [UInt8]?
    var signedIn = 0
    var hasPresented = false
    var hasRestored: Set<SpaceID> = []
    /// Whether the logs have been looked at before anything was said of organisation or spaces.
    var looking = Looking.open
    enum Looking { case open, underWay, done }
    /// Whether what the logs have left to say has been looked for.
    var isTended = false
    /// Whether what an epoch has lost of the organisation's words has been said once more.
    var hasSaidAgain = false
    /// Sealed spaces of which this sync has begun the next key before their outbox.
    var keysBegun: Set<SpaceID> = []
    /// How many of the organisation's statements the server had taken when it was asked for its logs.
    var chainTaken: Int?
    /// How many of them stand before the first one on its way.
    var chainSaidFrom = 0
    var sent: [OutboxPlace] = []
    var sentThrough: [SpaceID: Int] = [:]
    /// Where the server has taken what was sent: a space may yet be shown ahead of its log.
    var acceptedAt: [SpaceID: [ChangeID: Int]] = [:]
    var sentOrphans: [Orphan] = []
    var sentRelayed: [RelayedChange] = []
    var relayedThrough: [SpaceID: Int] = [:]
    var salvaged: [SpaceID: Set<Int>] = [:]
    /// The epoch of each log as the server last listed it.
    var serverEpochs: [SpaceID: Int] = [:]
    /// Where logs here part from their server's, which have lost what followed.
    var partings: [SpaceID: Base] = [:]
    /// Spaces shown ahead of their logs whose tail waits until those are verified.
    var stalled: Set<SpaceID> = []
    /// Spaces whose log is loaded as any in this sync.
    var plain: Set<SpaceID> = []
    /// Whether logs that are behind what is shown have been looked for.
    var hasVerified = false
    /// Where logs stood here when what is on its way of them was asked for; `nil` for a log that was not here.
    var asked: [SpaceID: Base?] = [:]
    /// The spaces that were here when the logs were asked for: a file may bring one that the answer cannot name.
    var askedAbout: [SpaceID] = []
    /// What records of a space, and which entries behind them, were asked for last: an answer to anything else comes too late.
    var askedAhead: [SpaceID: AheadQuestion] = [:]
    enum AheadQuestion: Hashable { case records(pages: Int), entries(Base) }
    /// What may go beside the request last given.
    package internal(set) var beside: Beside?
    /// Whether what waits may be tried again, once a sync: not what was sent in it.
    var mayRelease = true
    /// Whether what an earlier program took has been judged by this one, as far as it can be.
    var hasJudged = false
    /// The keys that were here when the page on its way was asked for.
    var pageKeys = SpaceKeys()
    package internal(set) var report = SyncReport()
    /// Progress for people: entries taken so far and expected where heads told.
    package private(set) var expected: [SpaceID: Int] = [:]

    /// How far the log is verified that is being loaded behind what is shown.
    package internal(set) var verifying: CatchingUp?
    /// Whether the store has something to do by itself now that it has synced: see `Workspace.conclude`.
    package internal(set) var mustConclude = false

    package init(_ workspace: Workspace) {
        self.workspace = workspace
        tasks = [.begin]
    }

    var hasToken: Bool { token != nil }

    // MARK: taking

    /// Files what came back for the request last given, and for the one that went beside it.
    package mutating func take(_ reply: Reply, beside other: Reply? = nil) throws {
        guard let task = current else { preconditionFailure("no answer is awaited") }
        current = nil
        let beside = beside
        self.beside = nil
        switch reply {
        case .answer(let bytes): try take(bytes, for: task)
        case .error(let error): try take(error, for: task)
        }
        // Whatever else came of it comes of the push that follows in its turn.
        if let beside, case .answer(let bytes)? = other { try take(bytes, of: beside) }
    }

    private mutating func take(_ bytes: [UInt8], for task: Task) throws {
        switch task {
        // Nothing is asked for these.
        case .begin, .localWork, .outbox, .dueKeys: break
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
        case .relayChain(let organisation):
            _ = try decode(bytes, RegisterRequest.self)
            try workspace.store.write { try workspace.keepRelayedChain(nil, of: organisation, $0) }
        case .relay(let space): try takeRelayed(try decode(bytes, PushRequest.self), of: space)
        case .challenge: tasks.append(.session(try decode(bytes, ChallengeRequest.self).nonce))
        case .session:
            let answer = try decode(bytes, SessionRequest.self)
            token = answer.token
            try workspace.store.write { transaction in
                try SessionToken(token: answer.token, expires: answer.expires).store(transaction)
                try workspace.forgetDisowning(transaction)
                guard var server = try transaction.knownServer(), !server.isRegistered else { return }
                server.isRegistered = true
                try transaction.setServer(server)
            }
            // What was made offline goes first: the chain, spaces that move here, engagements that begin.
            if let heads = tasks.lastIndex(of: .heads) { tasks.insert(.localWork, at: heads + 1) }
        case .sendChain:
            let answer = try decode(bytes, StatementRequest.self)
            try takeChain(answer)
        case .heads:
            let answer = try decode(bytes, HeadsRequest.self)
            // A session from before was good enough: the server knows this device again.
            try workspace.forgetDisowning()
            try takeHeads(answer)
        case .replay(let space, _): tasks.append(.replay(space, from: try decode(bytes, ReplayRequest.self).size))
        case .restore(let space, let from): try takeRestored(decode(bytes, ReplayRequest.self).size, of: space, from: from)
        case .salvage(let space):
            let answer = try decode(bytes, PushRequest.self)
            let orphans = sentOrphans
            sentOrphans = []
            try workspace.store.write { try workspace.fileOrphans(answer.verdicts, of: orphans, in: space, $0, &report) }
            salvaged[space, default: []].formUnion(orphans.map(\.number))
            tasks += [.salvage(space), .pull(space)]
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
        case .snapshot(let space): try takeSnapshot(decode(bytes, SnapshotRequest.self), of: space)
        case .verify(let space): try verify(decode(bytes, PullRequest.self), of: space)
        case .digest(let space): try takeDigest(decode(bytes, DigestRequest.self), of: space)
        case .push(let space):
            let answer = try decode(bytes, PushRequest.self)
            try takeVerdicts(answer.verdicts, of: sent, in: space)
            sent = []
            if let page = answer.page {
                try takePage(page, of: space)
            } else if !tasks.contains(.pull(space)) {
                tasks.append(.pull(space))
            }
            // What more there is goes before what came is asked for.
            tasks.append(.push(space))
        }
    }

    mutating func takeVerdicts(_ verdicts: [Verdict], of places: [OutboxPlace], in space: SpaceID) throws {
        // Most batches are taken whole, and then nothing is written before they come back.
        if verdicts.contains(where: { if case .refused = $0 { true } else { false } }) {
            try workspace.store.write { try workspace.fileRefusals(verdicts, of: places, in: space, $0, &report) }
            mayRelease = false
        }
        for (place, verdict) in zip(places, verdicts) {
            if let position = verdict.position { acceptedAt[space, default: [:]][place.change] = position }
        }
        report.sentChanges += verdicts.count { if case .accepted = $0 { true } else { false } }
        // What was made on a log that has lost its end goes once that has been given back, all of it in its order.
        sentThrough[space] = verdicts.contains(where: \.isOfAnotherEpoch) ? .max : places.last?.number
    }

    func decode<R: Request>(_ bytes: [UInt8], _ request: R.Type) throws -> R.Answer {
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
        // Pull before push, space by space; private spaces and engagements in any order.
        let looksFirst = looking == .underWay
        if looksFirst { looking = .done } else { tasks.append(.outbox) }
        // Records of which some have come go on with the next.
        tasks += try workspace.store.read { reader in
            try reader.leadSpaces().filter { try reader.lead(of: $0)?.isComplete == false }.map { .snapshot($0) }
        }
        // What contradicted what was seen may have grown or not.
        tasks += try workspace.store.read { try workspace.askedAgain($0) }.map { .pull($0) }
        guard let heads = answer.heads else { return }
        let visible = Set(heads.map(\.space))
        report.visible = visible
        let changed = try workspace.noteFollowed(visible)
        report.unfollowed.formUnion(changed.subtracting(visible))
        try workspace.store.read { reader in
            for head in heads where try !reader.isFrozen(head.space) {
                // What would replace a damaged log must reach as far.
                serverEpochs[head.space] = head.epoch
                if let awaited = try workspace.awaited(head.space, reader), awaited.size > head.size, awaited.epoch >= head.epoch {
                    noteFallenBack(head.space)
                } else if case let here = try workspace.takenStanding(of: head.space, reader),
                    here?.size != head.size || here?.epoch != head.epoch
                {
                    expected[head.space] = head.size
                }
            }
        }
        // A party may always read its spaces: one that is not among them was lost, and its genesis is what shows whose it is.
        let missing = try workspace.store.read { reader -> [SpaceID] in
            // What has not come there yet comes with what is to be said.
            guard try !looksFirst && !visible.isSuperset(of: reader.spaces()) else { return [] }
            return try askedAbout.filter { try !visible.contains($0) && workspace.isOwn($0, reader) }
        }
        tasks += missing.map { .restore($0, from: 0) }
        let brought = Dictionary(answer.pages.map { ($0.space, $0.page) }) { first, _ in first }
        for head in heads where expected[head.space] != nil {
            if let page = brought[head.space] {
                try takePage(page, of: head.space)
            } else {
                tasks.append(.pull(head.space))
            }
        }
    }

    mutating func takePage(_ page: LogPage, of space: SpaceID) throws {
        guard try !isLed(space) else { return try follow(page, of: space) }
        do {
            let pieces = PageCheck.pieces(of: page.entries, keys: pageKeys, cores: workspace.cores)
            let parting = partings.removeValue(forKey: space)
            // That its epoch has ended nobody has signed.
            if parting != nil, page.entries.isEmpty { return noteDenied(space) }
            // What comes to nothing is not told.
            var told = report
            let asked = asked.removeValue(forKey: space)
            let arrived = try workspace.store.write { transaction -> Int? in
                // A file, or another sync of this store, may have brought some of it meanwhile.
                switch try workspace.newness(of: page, since: asked, from: parting, in: space, transaction) {
                case .ofAnotherLog: return nil
                case .known: return page.entries.count
                case .new(let known):
                    let rest = LogPage(entries: Array(page.entries.dropFirst(known)), note: page.note, more: page.more)
                    return try workspace.takePage(rest, Array(pieces.dropFirst(known)), of: space, from: parting, transaction, &told)
                }
            }
            guard let arrived else { return tasks.append(.pull(space)) }
            let hasBegun = told.begunEpochs.count > report.begunEpochs.count
            report = told
            if hasBegun {
                // What this sync has sent may have been lost, too: all of it goes again, in its order, after what was kept.
                sentThrough[space] = nil
                tasks += [.push(space), .salvage(space)]
                if try workspace.store.read({ try workspace.awaited(space, $0) }) != nil { tasks.append(.pull(space)) }
            }
            if page.more && arrived > 0 { try goOn(space) }
        } catch let fault as LogFault {
            // The replica keeps what it has and the proof of what it was shown, and takes nothing more of this space.
            try workspace.store.write { try workspace.freeze(space, fault, page: page, $0) }
            report.frozen.append((space, fault))
        }
    }

    private mutating func takeRestored(_ size: Int, of space: SpaceID, from: Int?) throws {
        let (signed, shared) = try workspace.store.read { reader in
            (
                try workspace.signedLog(of: space, reader)?.size ?? 0,
                try workspace.takenStanding(of: space, reader)?.sharedSize(withEpoch: serverEpochs[space])
            )
        }
        // It came back from before this log's epoch began, and holds more of the one before than that has in common with it.
        if from == nil, let shared, shared < size {
            tasks.append(.restore(space, from: shared))
            return
        }
        if let from { report.restoredThere[space, default: 0] += max(0, min(size, signed) - from) }
        if size >= signed {
            tasks.append(.pull(space))
        } else if size > from ?? -1 {
            tasks.append(.restore(space, from: size))
        } else {
            noteFallenBack(space)
        }
    }

    private mutating func takeRelayed(_ answer: VerdictsAnswer, of space: SpaceID) throws {
        let sent = sentRelayed
        sentRelayed = []
        try workspace.store.write { try workspace.fileRelayed(answer.verdicts, of: sent, $0, &report) }
        relayedThrough[space] = sent.last?.number
        tasks.append(.relay(space))
        if let page = answer.page { try takePage(page, of: space) } else { tasks.append(.pull(space)) }
    }

    /// What was asked and sent of a log says it each time; it is told once.
    mutating func noteFallenBack(_ space: SpaceID) {
        if !report.fellBack.contains(space) { report.fellBack.append(space) }
    }
}
