import BuntanProtocol
import ChangeLog
import Storage
import Syncing

extension Registrar {
    /// Takes over an organisation's own space, page by page from its genesis, until its log names this server.
    ///
    /// Every entry is checked as a client would check it, and the page against the checkpoint of whoever kept the log.
    /// A page that is held already is answered with the size held, so that whoever lost an answer goes on from there.
    func replay(_ request: ReplayRequest, by caller: Caller, at now: Int64, _ reader: any StoreReader) throws -> Prepared {
        if try loss(of: request.space, reader) != nil { return try restore(request, by: caller, at: now, reader) }
        if try showsLoss(request, reader) != nil { return try restore(shown: request, by: caller, at: now, reader) }
        try requireOwner(of: request, caller, reader)
        return try handedOver(request) { [self] pieces, writer in
            let caller = try again(caller, writer)
            try requireOwner(of: request, caller, writer)
            return try take(request, pieces, by: caller, at: now, writer)
        }
    }

    /// A page within its limits, whose entries are checked each alone before they are taken.
    func handedOver(
        _ request: ReplayRequest,
        finish: @escaping @Sendable ([Work.Piece], any StoreWriter) throws -> Outcome
    ) throws -> Prepared {
        let bytes = request.entries.reduce(0) { $0 + $1.entry.count + ($1.payload?.count ?? 0) }
        guard bytes <= Limits.pageBytes + Limits.documentBytes else { throw Refusal(.tooLarge, "page") }
        return .work(
            Work(
                count: request.entries.count,
                check: { index in Work.Piece { () throws(Refusal) in try ReceivedChange.carried(request.entries[index]) } },
                finish: finish))
    }

    /// The space is the caller's own, held or about to be; anything else, absent or another's, is `not_found`.
    private func requireOwner(of request: ReplayRequest, _ caller: Caller, _ reader: any StoreReader) throws {
        let genesis: Genesis
        if let standing = try reader.standing(of: request.space) {
            genesis = standing.genesis
        } else {
            guard request.from == 0, let first = request.entries.first, let entry = try? Entry(decoding: first.entry),
                let decoded = try? Genesis(decoding: entry.content), Genesis.space(of: entry.content) == request.space
            else { throw Refusal(.notFound) }
            genesis = decoded
        }
        guard genesis.type != .engagement, genesis.serverName == nil, genesis.party(caller.organisation) != nil else {
            throw Refusal(.notFound)
        }
    }

    private func take(
        _ request: ReplayRequest, _ pieces: [Work.Piece], by caller: Caller, at now: Int64, _ writer: any StoreWriter
    ) throws -> Outcome {
        let held = try writer.standing(of: request.space)
        let size = held?.size ?? 0
        guard request.from <= size, !request.entries.isEmpty else { return Outcome(ReplayRequest.Answer(size: size)) }
        try requireSame(request, below: size, writer)
        let known = size - request.from
        guard request.entries.count > known else { return Outcome(ReplayRequest.Answer(size: size)) }
        guard held?.rights.serverName == nil else { throw Refusal(.invalid, "moved") }

        var ledger: Ledger
        var next = known
        if let held {
            let source = try writer.source(of: request.space)
            try source.willRead(records: Set(pieces.flatMap(\.records)), changes: Set(pieces.flatMap(\.changes)))
            ledger = Ledger(held, source: source, schema: schema)
        } else {
            try requireRoomForSpace(of: caller.organisation, writer)
            ledger = try Ledger(founding: request.entries[0].entry, schema: schema)
            next = 1
        }
        for index in next..<max(next, request.entries.count) {
            guard ledger.rights.serverName == nil else { throw Refusal(.invalid, "moved") }
            try requireOrdinary(request.entries[index])
            try ledger.take(request.entries[index], checked: pieces[index].get())
        }
        try checkNote(request.note, ledger)
        var quota = Quota(of: held ?? ledger.standing, policy: policy)
        let bytes = ledger.update.entries.reduce(0) { $0 + $1.bytes.count + ($1.payload?.count ?? 0) }
        guard try bytes <= quota.left(to: caller.organisation, writer) else { throw Refusal(.quota) }
        try quota.use(bytes, by: caller.organisation, writer)

        let statements = try writer.statements(of: caller.organisation)
        try requireOwnChain(in: ledger.rights, statements, of: caller.organisation)
        try writer.apply(try ledger.finished())
        try quota.store(writer)
        try writer.setValue(Array(request.note.utf8), for: StoredNames.note(request.space, size: ledger.size))
        var outcome = Outcome(ReplayRequest.Answer(size: ledger.size))
        var standing = ledger.standing
        if identity.keeps(standing.rights) {
            guard standing.rights.isFounded else { throw Refusal(.noRight, "founding") }
            // Nobody who reads it from here would take a log that lacks more than it says.
            guard try writer.changeWithheld(in: request.space) == nil else { throw Refusal(.badSignature, "payload") }
            standing = try bringUpToDate(standing, with: statements, of: caller.organisation, at: now, writer)
            try writer.grantReading(request.space, to: caller.organisation)
            outcome.listed = [caller.organisation]
        }
        outcome.touched[request.space] = MarkedPlace(standing)
        return outcome
    }

    func requireSame(_ request: ReplayRequest, below size: Int, _ writer: any StoreWriter) throws {
        var position = request.from
        let end = min(size, request.from + request.entries.count)
        while position < end {
            let page = try writer.entries(of: request.space, from: position, maxBytes: Limits.pageBytes).prefix(end - position)
            guard !page.isEmpty else { throw LogFault.missingEntry(space: request.space, position: position) }
            for stored in page {
                guard stored.bytes == request.entries[stored.position - request.from].entry else { throw Refusal(.baseMismatch, "fork") }
                position += 1
            }
        }
    }

    /// Of the words of a log's key only the move to this server can stand in what is handed over.
    private func requireOrdinary(_ carried: CarriedEntry) throws {
        guard let entry = try? Entry(decoding: carried.entry), entry.kind == .server else { return }
        guard let statement = try? ServerStatement(decoding: entry.content) else { throw Refusal(.malformed, "server") }
        guard case .move(let name, let key) = statement.act else { throw Refusal(.invalid, "server") }
        guard name == identity.name else { throw Refusal(.invalid, "server_name") }
        guard key == identity.logKey.publicKey else { throw Refusal(.invalid, "log_key") }
    }

    private func checkNote(_ note: String, _ ledger: Ledger) throws {
        let standing = ledger.standing
        let origin = Checkpoint.origin(server: nil, space: standing.id, epoch: SpaceRights.firstEpoch)
        guard let checkpoint = try? Checkpoint.open(note, origin: origin, key: standing.genesis.logKey), checkpoint.size == ledger.size
        else {
            throw LogFault.badCheckpoint(space: standing.id)
        }
        let root = standing.frontier.root
        guard checkpoint.root == root else {
            throw LogFault.rootMismatch(space: standing.id, size: checkpoint.size, signed: checkpoint.root, computed: root)
        }
    }

    /// Requires that the log tells of the organisation what the registry knows, or less of it.
    private func requireOwnChain(in rights: SpaceRights, _ statements: [SignedBytes], of organisation: OrganisationID) throws {
        guard let head = rights.chain(of: organisation)?.head, head.number > 0 else { return }
        guard head.number <= statements.count else { throw Refusal(.unknownPredecessor, StatementDetail.gap) }
        guard head.digest == SHA.digest(statements[head.number - 1].bytes) else { throw Refusal(.invalid, StatementDetail.fork) }
    }
}
