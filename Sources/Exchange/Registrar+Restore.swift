import BuntanProtocol
import ChangeLog
package import Storage
import Syncing

/// A log that this server had signed and lost is given back by whoever holds it (sync.md section 10).
///
/// ```
/// replay {from: size the client holds, no entries}      → size held here
/// replay {from: that size, entries, note, proof}         → size held then; as often as it takes
/// ```
/// Every page has to be a part of what this server's own key signed, so it matters little who brings it.
extension Registrar {
    /// What a log has lost that nobody has given back yet; also where nothing of it is left.
    func loss(of space: SpaceID, _ reader: any StoreReader) throws -> FallenBack.Loss? {
        guard losses.loss(of: space) != nil else { return nil }
        let standing = try reader.standing(of: space)
        return loss(of: space, epoch: standing?.epoch ?? 0, size: standing?.size ?? 0)
    }

    /// Whether anything that was lost has not been given back yet.
    package func hasLost(_ reader: any StoreReader) throws -> Bool {
        for space in frozen.spaces.keys where try loss(of: space, reader) != nil { return true }
        return try frozen.organisations.keys.contains { try !isWhole(chainOf: $0, reader) }
    }

    func restore(_ request: ReplayRequest, by caller: Caller, at now: Int64, _ reader: any StoreReader) throws -> Prepared {
        try requireReader(of: request, caller, at: now, reader)
        return try handedOver(request) { [self] pieces, writer in
            try requireReader(of: request, again(caller, writer), at: now, writer)
            return try takeBack(request, pieces, at: now, writer)
        }
    }

    /// What a caller shows that this server has signed of a log and does not hold: it fell back, and nobody had noticed.
    ///
    /// A mark that came back with the store says nothing; the server's own signature does.
    func showsLoss(_ request: ReplayRequest, _ reader: any StoreReader) throws -> FallenBack.Loss? {
        let signed: (checkpoint: Checkpoint, epoch: Int)
        do {
            signed = try Checkpoint.open(request.note, server: identity.name, space: request.space, key: identity.logKey.publicKey)
        } catch {
            // A founder's, for one: a space that moves here.
            return nil
        }
        let place = MarkedPlace(epoch: signed.epoch, size: signed.checkpoint.size, root: signed.checkpoint.root)
        guard let standing = try reader.standing(of: request.space) else {
            return FallenBack.Loss(mark: place, vouched: nil, isFork: false)
        }
        guard place.isBeyond(MarkedPlace(standing)) else { return nil }
        return try FallenBack.Loss(of: standing, behind: place, history: mark.history(of: request.space), reader)
    }

    /// Takes note of a loss that a caller shows, before anything else is signed of that log, and takes back what it brings.
    func restore(shown request: ReplayRequest, by caller: Caller, at now: Int64, _ reader: any StoreReader) throws -> Prepared {
        try requireReader(of: request, caller, at: now, reader)
        return try handedOver(request) { [self] pieces, writer in
            try requireReader(of: request, again(caller, writer), at: now, writer)
            // Signed in this very moment, and no loss: only here can that be told.
            let shown = try showsLoss(request, writer)
            if let shown { losses.add(shown, of: request.space) }
            var outcome = try takeBack(request, pieces, at: now, writer)
            if let place = shown?.mark, outcome.touched[request.space].map({ place.isBeyond($0) }) ?? true {
                outcome.touched[request.space] = place
            }
            return outcome
        }
    }

    /// The caller may read the space, or is a party to it where not even its beginning is left; anything else is `not_found`.
    private func requireReader(of request: ReplayRequest, _ caller: Caller, at now: Int64, _ reader: any StoreReader) throws {
        guard try reader.standing(of: request.space) == nil else {
            // What is lost may be the caller's own enrolment there; nothing is told but how much is here.
            guard try reader.mayRead(request.space, caller.organisation, at: now), caller.capabilities.contains(.read) else {
                throw Refusal(.notFound)
            }
            return
        }
        // Its genesis shows whose it is; without that it is as absent as any.
        guard request.from == 0, let first = request.entries.first else { throw Refusal(.notFound) }
        let founding: SpaceStanding
        do { founding = try SpaceStanding.founding(entryBytes: first.entry) } catch { throw Refusal(.notFound) }
        guard founding.id == request.space, founding.genesis.party(caller.organisation) != nil else { throw Refusal(.notFound) }
    }

    private func takeBack(
        _ request: ReplayRequest, _ pieces: [Work.Piece], at now: Int64, _ writer: any StoreWriter
    ) throws -> Outcome {
        var held = try writer.standing(of: request.space)
        var size = held?.size ?? 0
        // Somebody else may have brought it meanwhile.
        guard let loss = try loss(of: request.space, writer) else { return Outcome(ReplayRequest.Answer(size: size)) }
        guard !loss.isFork else { throw Refusal(.recovering, "fork") }
        guard request.from <= size, !request.entries.isEmpty else { return Outcome(ReplayRequest.Answer(size: size)) }
        if let standing = held, try Self.beginsEpoch(request, in: standing, loss, writer) {
            let cut = try writer.cut(of: request.space, to: request.from)
            try writer.cut(cut)
            (held, size) = (cut.standing, cut.standing.size)
        }
        try requireSame(request, below: size, writer)
        var next = size - request.from
        guard request.entries.count > next else { return Outcome(ReplayRequest.Answer(size: size)) }
        var ledger: Ledger
        if let held {
            let source = try writer.source(of: request.space)
            try source.willRead(records: Set(pieces.flatMap(\.records)), changes: Set(pieces.flatMap(\.changes)))
            ledger = Ledger(held, source: source, schema: schema, keepsUnknownSchema: true)
        } else {
            ledger = try Ledger(founding: request.entries[0].entry, schema: schema, keepsUnknownSchema: true)
            next = 1
        }
        let checkpoint = try signedCheckpoint(of: request, loss)
        let erased = try Self.erased(by: request, checkpoint)
        for index in next..<request.entries.count {
            let piece = try pieces[index].get()
            if let piece { try requireWhole(piece, but: erased, in: ledger) }
            try ledger.take(request.entries[index], checked: piece)
        }
        try requireSigned(&ledger, checkpoint, by: request, loss)
        let restored = ledger.standing
        try payAgain(request.entries[next...], pieces[next...], from: request.from + next, in: ledger, writer)
        try writer.apply(try ledger.finished())
        // What organisations have said meanwhile could not be carried into it.
        let standing = try bringUpToDate(restored, at: now, writer)
        var outcome = Outcome(ReplayRequest.Answer(size: restored.size))
        outcome.touched[request.space] = MarkedPlace(standing)
        outcome.listed = try readAgain(
            standing, after: writer.readings().filter { $0.space == standing.id }.map(\.organisation), writer)
        return outcome
    }

    /// Whether a page begins with the log key's own word that an epoch was cut below what is held here: the store is from before
    /// that, its marks are as old, and what it holds beyond was given up then.
    ///
    /// The rest of the page says whether this key has signed the log that goes on there: else all of it comes to nothing.
    private static func beginsEpoch(
        _ request: ReplayRequest, in standing: SpaceStanding, _ loss: FallenBack.Loss, _ reader: any StoreReader
    ) throws -> Bool {
        guard (1..<standing.size).contains(request.from), standing.epoch < loss.mark.epoch, let first = request.entries.first,
            case .epoch(let ended, let size, let root)? = serverWord(in: first)
        else { return false }
        guard ended >= standing.epoch, size == request.from else { return false }
        let source = try reader.source(of: standing.id)
        return try LogTiles.root(ofSize: size) { try source.tile($0) } == root
    }

    /// What the log's own key says in an entry; `nil` where that is another's.
    private static func serverWord(in carried: CarriedEntry) -> ServerStatement.Act? {
        do throws(DecodingFault) {
            let entry = try Entry(decoding: carried.entry)
            return entry.kind == .server ? try ServerStatement(decoding: entry.content).act : nil
        } catch {
            // No such word either: whoever takes the page refuses it for what it is.
            return nil
        }
    }

    /// Gives a log that is whole again what its parties have said of themselves and it lacks.
    func bringUpToDate(_ standing: SpaceStanding, at now: Int64, _ writer: any StoreWriter) throws -> SpaceStanding {
        try standing.genesis.parties.reduce(standing) { standing, party in
            let statements = try writer.statements(of: party.organisation)
            return try bringUpToDate(standing, with: statements, of: party.organisation, at: now, writer)
        }
    }

    /// What this server signed last of the log, as far as whoever gives it back can show.
    private func signedCheckpoint(of request: ReplayRequest, _ loss: FallenBack.Loss) throws -> Checkpoint {
        // What an earlier epoch held beyond its cut was given up: only the last one says what is to be whole again.
        let origin = Checkpoint.origin(server: identity.name, space: request.space, epoch: loss.mark.epoch)
        do { return try Checkpoint.open(request.note, origin: origin, key: identity.logKey.publicKey) } catch {
            throw LogFault.badCheckpoint(space: request.space)
        }
    }

    /// What the log erases further on, by entries that stand in what this server signed.
    private static func erased(by request: ReplayRequest, _ checkpoint: Checkpoint) throws(Refusal) -> [Erasing] {
        try request.erasures.map { proven throws(Refusal) in
            let leaf = Entry.leafHash(of: proven.entry)
            guard
                LogProof.includes(
                    leaf, at: proven.position, size: checkpoint.size, proof: proven.path, root: checkpoint.root)
            else { throw Refusal(.badSignature, "proof") }
            guard let entry = try? Entry(decoding: proven.entry).unwrapped(), let erasing = Erasing(in: entry) else {
                throw Refusal(.malformed, "erasure")
            }
            return erasing
        }
    }

    /// Requires all values of a change but those that the log erases: any reader could leave some out, and nothing that is
    /// signed would tell.
    private func requireWhole(_ piece: ReceivedChange, but erased: [Erasing], in ledger: Ledger) throws(Refusal) {
        guard let missing = piece.missing, !ledger.hasErasedWhatIsMissing(of: piece) else { return }
        let author = ledger.rights.organisation(of: piece.change.device)
        let named = erased.filter { $0.organisation == nil || $0.organisation == author }
            .flatMap(\.ops).filter { $0.change == piece.change.id }
        guard !named.isEmpty, missing.isSubset(of: named.flatMap(\.indices)) else { throw Refusal(.badSignature, "payload") }
    }

    /// Requires the log, with what was given back, to be a part of what this server's key has signed.
    private func requireSigned(
        _ ledger: inout Ledger, _ checkpoint: Checkpoint, by request: ReplayRequest, _ loss: FallenBack.Loss
    ) throws {
        let (standing, rights) = (ledger.standing, ledger.rights)
        let key = identity.logKey.publicKey
        guard rights.logKey == key || standing.size < loss.mark.size else { throw LogFault.badCheckpoint(space: standing.id) }
        guard checkpoint.size >= standing.size else { throw LogFault.badCheckpoint(space: standing.id) }
        let root = standing.frontier.root
        let isPrefix =
            checkpoint.size == standing.size
            ? checkpoint.root == root
            : LogProof.isConsistent(
                oldSize: standing.size, oldRoot: root, newSize: checkpoint.size, newRoot: checkpoint.root, proof: request.proof)
        guard isPrefix else {
            throw LogFault.rootMismatch(space: standing.id, size: checkpoint.size, signed: checkpoint.root, computed: root)
        }
        guard standing.epoch == loss.mark.epoch, standing.size >= loss.mark.size else { return }
        let computed = try ledger.root(ofSize: loss.mark.size)
        guard computed == loss.mark.root else {
            throw LogFault.rootMismatch(space: standing.id, size: loss.mark.size, signed: loss.mark.root, computed: computed)
        }
    }

    /// Lets those read what the log says, as they did before; returns whose lists of spaces have changed.
    func readAgain(
        _ standing: SpaceStanding, after former: some Sequence<OrganisationID>, _ writer: any StoreWriter
    ) throws -> Set<OrganisationID> {
        if let bytes = standing.genesis.invitation, var invitation = try writer.invitation(ChangeCheck.decodingInvitation(bytes).id),
            invitation.usedBy == nil
        {
            invitation.usedBy = standing.id
            try writer.setInvitation(invitation)
        }
        return try settleReading(of: standing, after: former, writer)
    }

    /// Counts what was given back from a position on, on its authors' quotas, as it had been; what stayed paid for is passed over.
    private func payAgain(
        _ entries: ArraySlice<CarriedEntry>, _ pieces: ArraySlice<Work.Piece>, from position: Int, in ledger: Ledger,
        _ writer: any StoreWriter
    ) throws {
        let name = StoredNames.paid(ledger.standing.id)
        let paid = try writer.number(name)
        var quota = Quota(of: ledger.standing, policy: policy)
        for (carried, piece) in zip(entries, pieces).dropFirst(max(0, paid - position)) {
            guard case .success(let received?) = piece, let author = ledger.rights.organisation(of: received.change.device) else {
                continue
            }
            try quota.use(carried.entry.count + (carried.payload?.count ?? 0), by: author, writer)
        }
        try quota.store(writer)
        if paid > 0, ledger.size >= paid { try writer.setValue(nil, for: name) }
    }
}
