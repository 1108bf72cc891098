import BuntanProtocol
import ChangeLog
import Merging
import Storage
import Syncing

/// What a replica does for a server that has lost the end of a log (sync.md section 10).
///
/// ```
/// recovering       it gives back what the server signed and does not hold, page by page
/// epoch_changed    the operator has gone on without: it goes back to where the logs part, keeps the rest as orphans,
///                  and hands them over with their proofs
/// ```
extension Workspace {
    /// The log of a space as far as its server has signed it, to be given back.
    struct SignedLog {
        let size: Int
        let note: String
    }

    /// How far this replica can show that the server signed the log; `nil` where it cannot.
    func signedLog(of space: SpaceID, _ reader: any StoreReader) throws -> SignedLog? {
        guard try !reader.isFrozen(space), let standing = try takenStanding(of: space, reader), standing.rights.serverName != nil,
            let note = try reader.checkpoint(of: space)
        else { return nil }
        do {
            let checkpoint = try Checkpoint.open(note, origin: standing.rights.origin, key: standing.rights.logKey)
            return checkpoint.size <= standing.size ? SignedLog(size: checkpoint.size, note: note) : nil
        } catch {
            // A founder's, or under a key that another has followed: it shows nothing of what this server signed.
            return nil
        }
    }

    /// The next page to give back; without entries where the server is still to say what it holds, `nil` where it holds all.
    func restoringPage(of space: SpaceID, from: Int?, _ reader: any StoreReader) throws -> ReplayRequest? {
        // What it has signed of what is shown here ahead of the log shows more than that of the log.
        if from == nil, let lead = try reader.lead(of: space), let note = lead.note {
            return ReplayRequest(space: space, from: lead.standing.size, entries: [], note: note)
        }
        guard let signed = try signedLog(of: space, reader) else { return nil }
        guard let from else { return ReplayRequest(space: space, from: signed.size, entries: [], note: signed.note) }
        guard from < signed.size else { return nil }
        let entries = try reader.entries(of: space, from: from, maxBytes: Limits.pageBytes - 64 * 1024).prefix(signed.size - from)
        let source = try reader.source(of: space)
        return ReplayRequest(
            space: space, from: from, entries: entries.map { CarriedEntry(entry: $0.bytes, payload: $0.payload) }, note: signed.note,
            proof: try LogTiles.consistencyProof(from: from + entries.count, to: signed.size) { try source.tile($0) },
            erasures: try erasures(of: entries, in: space, within: signed.size, reader))
    }

    // MARK: another epoch

    /// Where a log here parts from one whose epochs have ended like this; `nil` where it does not.
    func parting(of space: SpaceID, from ended: [Base], _ reader: any StoreReader) throws -> Base? {
        guard try awaited(space, reader) == nil, let standing = try reader.logStanding(of: space),
            let cut = ended.first(where: { $0.epoch >= standing.epoch }), (1..<standing.size).contains(cut.size)
        else { return nil }
        let source = try reader.source(of: space)
        let root = try LogTiles.root(ofSize: cut.size) { try source.tile($0) }
        return Base(epoch: standing.epoch, size: cut.size, root: root)
    }

    /// Takes a log back to where it parts from its server's, and keeps what it held beyond.
    ///
    /// - Returns: how many entries are no longer in it.
    func goBack(_ space: SpaceID, to size: Int, _ transaction: any StoreWriter) throws -> Int {
        try abandonLead(of: space, transaction)
        guard let standing = try transaction.standing(of: space) else { return 0 }
        let signed = try signedLog(of: space, transaction)
        let source = try transaction.source(of: space)
        var position = size
        while position < standing.size {
            for stored in try transaction.entries(of: space, from: position, maxBytes: Limits.pageBytes) {
                position = stored.position + 1
                let entry = try Entry(decoding: stored.bytes)
                let old = try entry.unwrapped()
                // The log key's own words were about the log that is lost.
                guard old.kind == .change || old.kind == .statement else { continue }
                let proof: [UInt8]
                if let first = entry.proof, entry.kind == .salvaged {
                    proof = first
                } else if let signed, stored.position < signed.size {
                    proof = SalvageProof(
                        position: stored.position, size: signed.size,
                        path: try LogTiles.inclusionProof(position: stored.position, size: signed.size) { try source.tile($0) },
                        note: signed.note
                    ).encoded()
                } else {
                    // What could not be handed over again with a proof is not let go of.
                    throw LogFault.badCheckpoint(space: space)
                }
                try transaction.keepOrphan(
                    Orphan.New(
                        space: space,
                        carried: CarriedEntry(entry: entry.kind == .salvaged ? entry.content : stored.bytes, payload: stored.payload),
                        proof: proof, change: old.kind == .change ? try Change(decoding: old.content).id : nil))
            }
        }
        let cut = try transaction.cut(of: space, to: size, keys: transaction.spaceKeys(of: [space]))
        try transaction.cut(cut)
        for record in cut.records.keys { try refreshShown(record, in: space, transaction) }
        return standing.size - size
    }

    // MARK: orphans

    /// The spaces whose orphans the server has not been asked to take back, or may take yet.
    func salvageable(_ reader: any StoreReader) throws -> Set<SpaceID> {
        Set(try reader.orphanPlaces(of: nil).filter { $0.code == nil }.map(\.space))
    }

    /// The oldest orphans of a space that fit one push; statements first where one of them erased something, since what lacks
    /// values is taken only after the word that took them away.
    func nextOrphans(of space: SpaceID, besides sent: Set<Int>, _ reader: any StoreReader) throws -> [Orphan] {
        var batch: [Orphan] = []
        var bytes = 0
        var places = try reader.orphanPlaces(of: space)
        let erasing = try places.last { place in
            guard place.change == nil, let orphan = try reader.orphan(place.number) else { return false }
            return Erasing(in: try Entry(decoding: orphan.item.carried.entry)) != nil
        }
        if let erasing {
            let isFirst = { (place: OrphanPlace) in place.change == nil && place.number <= erasing.number }
            places = places.filter(isFirst) + places.filter { !isFirst($0) }
        }
        for place in places where place.code == nil && !sent.contains(place.number) {
            if !batch.isEmpty, batch.count == Limits.changesPerPush || bytes + place.size > Self.batchBytes { break }
            guard let orphan = try reader.orphan(place.number) else { continue }
            batch.append(orphan)
            bytes += place.size
        }
        return batch
    }

    /// Files what the server said of orphans: what it may never take stays, with its reason.
    func fileOrphans(
        _ verdicts: [Verdict], of batch: [Orphan], in space: SpaceID, _ transaction: any StoreWriter, _ report: inout SyncReport
    ) throws {
        for (orphan, verdict) in zip(batch, verdicts) {
            guard case .refused(let code, let detail) = verdict else {
                if case .accepted = verdict { report.salvaged[space, default: 0] += 1 }
                continue
            }
            let isFinal = try code?.answerClass ?? .refuse == .refuse || detail == StatementDetail.gap && isStranded(orphan, transaction)
            if try Self.statement(in: orphan).map(Self.givesKey) ?? false {
                // What it gave has been given anew meanwhile, or will be: see `missingKeys`.
                try transaction.removeOrphan(orphan.number)
            } else if try isFinal && sayErasedAgain(orphan, in: space, transaction) {
                try transaction.removeOrphan(orphan.number)
            } else if isFinal {
                try transaction.refuseOrphan(orphan.number, with: code)
                if let erasing = Erasing(in: try Entry(decoding: orphan.item.carried.entry)) {
                    try askAnew(for: space, lacking: erasing.ops, transaction)
                }
            } else {
                report.waiting.append((0, code, detail))
            }
        }
        _ = try settleOrphans(of: space, transaction)
    }

    /// Lets go of orphans that the log holds again; returns the changes among all that were kept.
    func settleOrphans(of space: SpaceID, _ transaction: any StoreWriter) throws -> Set<ChangeID> {
        let orphans = try transaction.orphanPlaces(of: space)
        guard !orphans.isEmpty, let standing = try transaction.standing(of: space) else { return [] }
        for place in orphans {
            let isHeld: Bool
            if let change = place.change {
                isHeld = try transaction.place(of: change, in: space) != nil
            } else {
                isHeld =
                    try transaction.orphan(place.number).flatMap(Self.statement(in:)).map {
                        try standing.rights.holds($0) || Self.isErased($0, standing.rights)
                            || isSaidOtherwise($0, standing.rights, transaction)
                    } ?? false
            }
            if isHeld { try transaction.removeOrphan(place.number) }
        }
        return Set(orphans.compactMap(\.change))
    }

    /// Whether what this organisation's lost words brought about about a device is so again: they have been said anew.
    private func isSaidOtherwise(_ statement: SignedBytes, _ rights: SpaceRights, _ reader: any StoreReader) throws -> Bool {
        let statement = try Statement(decoding: statement.bytes)
        guard statement.space == nil, case let own = try reader.identity().organisation, statement.organisation == own,
            let chain = rights.chain(of: own)
        else { return false }
        return switch statement.act {
        case .enrol, .revoke, .setCapabilities: statement.act.isPointless(in: chain)
        default: false
        }
    }

    /// Whether nothing waits here any more on which an orphaned statement followed: all that its log held before it does so too, or
    /// stands in the log. What is missing has been said otherwise since, and this will never follow on that.
    private func isStranded(_ orphan: Orphan, _ reader: any StoreReader) throws -> Bool {
        guard let signed = try Self.statement(in: orphan), case let statement = try Statement(decoding: signed.bytes) else { return false }
        return try !reader.orphanPlaces(of: orphan.item.space).contains { place in
            guard place.change == nil, place.code == nil, place.number != orphan.number,
                let other = try reader.orphan(place.number).flatMap(Self.statement(in:)),
                case let earlier = try Statement(decoding: other.bytes)
            else { return false }
            return earlier.organisation == statement.organisation && earlier.space == statement.space && earlier.number < statement.number
        }
    }

    /// The statement that was lost; `nil` for a change.
    private static func statement(in orphan: Orphan) throws -> SignedBytes? {
        let entry = try Entry(decoding: orphan.item.carried.entry)
        guard entry.kind == .statement, let signature = entry.signature else { return nil }
        return SignedBytes(bytes: entry.content, signature: signature)
    }
}

extension SpaceStanding {
    /// How much of this log is what an epoch before it had; `nil` where it is of that epoch.
    func sharedSize(withEpoch epoch: Int?) -> Int? {
        guard let epoch, epoch < self.epoch else { return nil }
        return rights.endedEpochs.filter { $0.epoch >= epoch }.map(\.size).min()
    }
}

extension PushedItem {
    init(_ orphan: Orphan) { self = .salvaged(orphan.item.carried, proof: orphan.item.proof) }
}
