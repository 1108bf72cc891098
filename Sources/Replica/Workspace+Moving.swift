package import BuntanProtocol
import ChangeLog
package import Storage
import Syncing

extension StoredName {
    static func moving(_ space: SpaceID) -> String { "moving/\(space.hex)" }
    static let movingPrefix = "moving/"
    static let chainSent = "chain-sent"
    static func statement(_ space: SpaceID, _ number: Int) -> String {
        "statement/\(space.hex)/" + String(number, radix: 16).leftPadded(to: 8)
    }
    static let statementPrefix = "statement/"
    static func statementPrefix(_ space: SpaceID) -> String { "\(statementPrefix)\(space.hex)/" }
    /// The space whose id follows a prefix.
    static func space(in name: String, after prefix: String) -> SpaceID? {
        Hexadecimal.bytes(name.dropFirst(prefix.count).prefix { $0 != "/" }).flatMap { SpaceID($0) }
    }
}

/// An engagement that this store is about to found with a server.
struct FoundingEngagement {
    let genesis: [UInt8]
    let signature: Signature
    let acceptance: Signature

    func encoded() -> [UInt8] {
        CBORWriter.encode { w in
            w.array(3)
            w.byteString(genesis)
            w.signature(signature)
            w.signature(acceptance)
        }
    }

    init(genesis: [UInt8], signature: Signature, acceptance: Signature) {
        self.genesis = genesis
        self.signature = signature
        self.acceptance = acceptance
    }

    init(decoding bytes: [UInt8]) throws(DecodingFault) {
        self = try CBORReader.decode(bytes) { r throws(DecodingFault) in
            try r.array(of: 3)
            return FoundingEngagement(genesis: Array(try r.byteString()), signature: try r.signature(), acceptance: try r.signature())
        }
    }
}

extension Workspace {
    // MARK: spaces that move to the server

    /// The spaces that go to the server with the next sync since it does not hold them yet, and how many entries each has.
    package func unmoved(_ reader: any StoreReader) throws -> [(space: SpaceID, entries: Int)] {
        let moving = try reader.values(withPrefix: StoredName.movingPrefix)
        return try reader.spaces().compactMap { space in
            guard let standing = try reader.standing(of: space),
                standing.rights.serverName == nil || moving[StoredName.moving(space)] != nil
            else { return nil }
            return (space, standing.size)
        }
    }

    /// Announces the move of every space that no server keeps yet, and returns those still to be handed over.
    ///
    /// The announcement bears the time of the entry before it and no other: a store that was copied before the move, or
    /// comes back from a backup, announces the same bytes and finds the log that the server has, not a second one.
    func announceMoves(_ transaction: any StoreWriter) throws -> [SpaceID] {
        guard let server = try transaction.knownServer(), let name = server.name, let serverKey = server.logKey else { return [] }
        for space in try transaction.spaces() {
            guard let standing = try transaction.standing(of: space), standing.rights.serverName == nil,
                let key = try logKey(of: space, transaction)
            else { continue }
            var ledger = Ledger(standing, source: try transaction.source(of: space), schema: schema)
            let statement = ServerStatement(space: space, act: .move(serverName: name, logKey: serverKey)).signed(by: key)
            let last = try transaction.entries(of: space, from: standing.size - 1, maxBytes: 1).first.map { try Entry(decoding: $0.bytes) }
            _ = try ledger.admit(serverStatement: statement, received: last?.received ?? 0)
            try transaction.apply(try ledger.finished())
            try signCheckpoint(of: space, standing: ledger.standing, transaction)
            try transaction.setValue([1], for: StoredName.moving(space))
        }
        return try transaction.values(withPrefix: StoredName.movingPrefix).keys.sorted()
            .compactMap { SpaceID(Hexadecimal.bytes($0.dropFirst(StoredName.movingPrefix.utf8.count)) ?? []) }
    }

    /// The next entries to hand over, or `nil` when the server holds them all; then the move is done.
    func replayPage(of space: SpaceID, from: Int, _ reader: any StoreReader) throws -> ReplayRequest? {
        guard let standing = try reader.standing(of: space), from < standing.size, let key = try logKey(of: space, reader) else {
            return nil
        }
        let entries = try reader.entries(of: space, from: from, maxBytes: Limits.pageBytes - 64 * 1024)
        let end = from + entries.count
        let source = try reader.source(of: space)
        let root = try LogTiles.root(ofSize: end) { try source.tile($0) }
        let origin = Checkpoint.origin(server: standing.genesis.serverName, space: space, epoch: standing.epoch)
        return ReplayRequest(
            space: space, from: from, entries: entries.map { CarriedEntry(entry: $0.bytes, payload: $0.payload) },
            note: Checkpoint(origin: origin, size: end, root: root).signed(by: key))
    }

    /// Files that the server keeps the space from now on.
    func finishMove(of space: SpaceID, _ transaction: any StoreWriter) throws {
        try transaction.setValue(nil, for: StoredName.moving(space))
        try transaction.setValue(nil, for: StoredName.logKey(space))
    }

    // MARK: statements about one space

    /// Statements about a space that its server keeps and has not yet.
    func pendingStatements(of space: SpaceID, _ reader: any StoreReader) throws -> [SignedBytes] {
        try reader.values(withPrefix: StoredName.statementPrefix(space)).sorted { $0.key < $1.key }.map { _, bytes in
            try CBORReader.decode(bytes) { r throws(DecodingFault) in try SignedBytes(from: &r) }
        }
    }

    /// The spaces about which something is said that their servers have not taken, whatever number of others there is.
    func spacesWithStatements(_ reader: any StoreReader) throws -> [SpaceID] {
        Set(
            try reader.values(withPrefix: StoredName.statementPrefix).keys.compactMap {
                StoredName.space(in: $0, after: StoredName.statementPrefix)
            }
        )
        .sorted()
    }

    func takeStatementVerdicts(
        _ verdicts: [Verdict], of space: SpaceID, _ transaction: any StoreWriter, _ report: inout SyncReport
    ) throws {
        let names = try transaction.values(withPrefix: StoredName.statementPrefix(space)).keys.sorted()
        let pending = try pendingStatements(of: space, transaction)
        guard let first = pending.first, case let beginning = try Statement(decoding: first.bytes) else { return }
        // What the log ends in once it has what was taken.
        var head = ChainHead(number: beginning.number - 1, digest: beginning.previous)
        var hasGap = false
        for (index, (name, verdict)) in zip(names, verdicts).enumerated() {
            // A key that could not be given as it was is given anew once the log has been read: see `missingKeys`.
            if case .refused(let code, let detail) = verdict {
                if !Self.givesKey(pending[index]) {
                    // What may pass later is kept, and what comes after it is of its chain.
                    guard code?.answerClass ?? .refuse == .refuse else {
                        report.waiting.append((0, code, detail))
                        if hasGap { try sayAgain(Array(zip(names, pending).dropFirst(index)), after: head, about: space, transaction) }
                        return
                    }
                    report.rejected.append((0, code, detail))
                    if case .erase(let ops) = try Statement(decoding: pending[index].bytes).act {
                        try askAnew(for: space, lacking: ops, transaction)
                    }
                }
                hasGap = true
            } else {
                head = head.advanced(by: pending[index])
            }
            try transaction.setValue(nil, for: name)
        }
    }

    /// Signs again what stood after a word that was refused, so that it follows on what was taken.
    private func sayAgain(
        _ words: [(name: String, statement: SignedBytes)], after head: ChainHead, about space: SpaceID, _ transaction: any StoreWriter
    ) throws {
        guard let keys else { return }
        let author = StatementAuthor(organisation: try transaction.identity().organisation, key: keys.signing)
        var head = head
        for (name, word) in words {
            try transaction.setValue(nil, for: name)
            let act = try Statement(decoding: word.bytes).act
            if case .spaceKey = act { continue }
            let again = author.sign(act, after: head, about: space, time: clock.now())
            head = head.advanced(by: again)
            try transaction.setValue(CBORWriter.encode { again.write(to: &$0) }, for: StoredName.statement(space, head.number))
        }
    }

    /// The services of others whose every engagement that lets this organisation read them has ended.
    package func closedServices(_ reader: any StoreReader) throws -> Set<SpaceID> {
        let organisation = try reader.identity().organisation
        var open: Set<SpaceID> = []
        var ended: Set<SpaceID> = []
        for space in try reader.spaces() {
            guard let standing = try reader.standing(of: space), standing.genesis.type == .engagement,
                let service = standing.genesis.service, standing.genesis.party(organisation)?.side != .provider
            else { continue }
            if try standing.rights.serviceEnded == nil && reader.isFollowed(space) { open.insert(service) } else { ended.insert(service) }
        }
        return ended.subtracting(open)
    }

    // MARK: engagements that begin

    func founding(_ space: SpaceID, _ reader: any StoreReader) throws -> FoundingEngagement? {
        try reader.value(StoredName.founding(space)).map { try FoundingEngagement(decoding: $0) }
    }

    func foundings(_ reader: any StoreReader) throws -> [FoundingEngagement] {
        try reader.values(withPrefix: StoredName.foundingPrefix).sorted { $0.key < $1.key }.map {
            try FoundingEngagement(decoding: $0.value)
        }
    }

    /// The engagement that this store has begun to found on an invitation, if it has.
    package func begunEngagement(by invitation: InvitationID, _ reader: any StoreReader) throws -> SpaceID? {
        try foundings(reader).first { founding in
            guard let bytes = try Genesis(decoding: founding.genesis).invitation else { return false }
            return try Invitation(decoding: bytes).id == invitation
        }.map { Genesis.space(of: $0.genesis) }
    }

    /// Gives up the admission code, or the invitation, with which the server would not register this organisation.
    func dropTicket(_ transaction: any StoreWriter) throws {
        guard var server = try transaction.knownServer() else { return }
        if server.admission != nil {
            server.admission = nil
            return try transaction.setServer(server)
        }
        guard let founding = try foundings(transaction).first else { return }
        try transaction.setValue(nil, for: StoredName.founding(Genesis.space(of: founding.genesis)))
    }

    package func signIn(nonce: Digest) throws -> SessionRequest { try store.read { try signIn(nonce: nonce, $0) } }

    func signIn(nonce: Digest, _ reader: any StoreReader) throws -> SessionRequest {
        guard let keys else { throw WorkspaceFault.keysNeeded }
        guard let name = try reader.knownServer()?.name else { throw SyncFault.noServer }
        return SessionRequest(answering: nonce, of: name, with: keys.signing)
    }

    /// Where the logs stand that a server keeps, as this replica holds them.
    ///
    /// A service that its provider has closed to this organisation is none of them: it stays as it is, and a server that
    /// were asked about it would have news for ever.
    package func hostedHeads(_ reader: any StoreReader) throws -> [SpaceHead] {
        let closed = try closedServices(reader)
        return try reader.spaces().compactMap { space in
            guard let standing = try takenStanding(of: space, reader), standing.rights.serverName != nil, !closed.contains(space),
                try reader.isFollowed(space)
            else { return nil }
            return SpaceHead(space: space, epoch: standing.epoch, size: standing.size)
        }
    }

    /// Whether this organisation is a party to a space, so that it may always read it.
    func isOwn(_ space: SpaceID, _ reader: any StoreReader) throws -> Bool {
        let own = try reader.identity().organisation
        return try reader.standing(of: space)?.genesis.party(own) != nil
    }

    /// Which logs a request for heads names with what is held of them, so that the answer brings what has come since.
    ///
    /// None where there are more than one request may name: each of those that changed then takes a pull.
    func held(_ heads: [SpaceHead], _ reader: any StoreReader) throws -> [HeldLog] {
        guard heads.count <= Limits.heldPerRequest else { return [] }
        return try heads.compactMap { head in
            guard try !reader.isFrozen(head.space), let standing = try reader.standing(of: head.space),
                // Records that are still on their way are no log that an entry can follow on.
                try reader.lead(of: head.space)?.isComplete ?? true
            else { return nil }
            return HeldLog(space: head.space, base: standing.base)
        }
    }
}
