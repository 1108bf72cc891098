import BuntanProtocol
import ChangeLog
import Merging

extension EvidenceCheck {
    /// A log as far as the excerpt shows it.
    struct CheckedLog {
        /// A change in it whose bytes, signature and values hold, by a device that might write there.
        struct Said {
            let place: EntryPlace
            let author: OrganisationID
            let change: CheckedChange

            /// The records of a kind that it brought to life.
            func made(_ kind: String) -> [MadeRecord] { MadeRecord.all(in: change).filter { $0.kind == kind } }
        }

        let rights: SpaceRights
        let checkpoint: Checkpoint
        let consistency: [Int: [Digest]]
        let changes: [Said]

        /// Whether a view is that of the beginning of this log; one that can be compared with nothing is taken as it is.
        func isPrefix(_ view: Base) -> Bool {
            guard !rights.isLost(view) else { return true }
            guard view.epoch <= rights.epoch, view.size <= checkpoint.size else { return false }
            if view.size == checkpoint.size { return view.root == checkpoint.root }
            guard let proof = consistency[view.size] else { return false }
            return LogProof.isConsistent(
                oldSize: view.size, oldRoot: view.root, newSize: checkpoint.size, newRoot: checkpoint.root, proof: proof)
        }
    }

    /// Follows a log from its genesis on, each entry by those before it, up to its checkpoint; `nil` if it does not fit together.
    mutating func checkLog(_ log: EvidenceLog, _ excerpt: LogExcerpt, space: SpaceID) -> CheckedLog? {
        guard let first = excerpt.entries.first, var rights = Self.founded(by: first), rights.space == space else {
            lines.append(.genesisBroken(log, space))
            return nil
        }
        var changes: [CheckedLog.Said] = []
        var isWhole = true
        var isFounded = false
        // A log's old key may still sign the log whose last entry announces the new one, as one that moves to a server does.
        var before: (position: Int, origin: String, key: PublicKey)?
        following: for (index, held) in excerpt.entries.enumerated().dropFirst() {
            do throws(Refusal) {
                let outer = try Self.entry(held)
                let (entry, accepted) = try Self.unwrapped(outer, rights)
                // Nothing stands before the statements that found the space, nor between them; what follows would rest on them.
                guard isFounded || entry.kind == .statement && held.position == index else { break following }
                switch entry.kind {
                case .statement: try rights.apply(try Self.signed(entry), at: held.position)
                case .server:
                    let (origin, key, server) = (rights.origin, rights.logKey, rights.serverName)
                    try rights.apply(serverStatement: try Self.signed(entry), at: held.position)
                    if key != rights.logKey || server != rights.serverName { before = (held.position, origin, key) }
                case .change:
                    let place = EntryPlace(position: held.position, received: outer.received, accepted: accepted)
                    changes.append(try Self.change(entry, held, at: place, rights))
                case .genesis, .salvaged: throw Refusal(.invalid, "kind")
                }
            } catch {
                isWhole = false
                lines.append(
                    Self.holdsChange(held)
                        ? .entryBroken(log, position: held.position, error) : .statementBroken(log, position: held.position, error))
            }
            isFounded = isFounded || rights.isFounded && rights.isInvitationHonoured
        }
        // Who begins an engagement or invites to it has to be an admin, or the other party could have begun it alone.
        if isWhole, !isFounded {
            lines.append(.statementBroken(log, position: 0, Refusal(.noRight, "founding")))
            isWhole = false
        }
        guard isWhole, let (checkpoint, key) = opened(excerpt.note, log, rights, before) else { return nil }
        lines.append(.log(log, space, size: checkpoint.size, root: checkpoint.root, key: key))
        for held in excerpt.entries {
            let leaf = Entry.leafHash(of: held.bytes)
            let isIncluded = LogProof.includes(
                leaf, at: held.position, size: checkpoint.size, proof: held.proof, root: checkpoint.root)
            lines.append(isIncluded ? .included(log, position: held.position) : .notIncluded(log, position: held.position))
            isWhole = isWhole && isIncluded
        }
        guard isWhole else { return nil }
        return CheckedLog(rights: rights, checkpoint: checkpoint, consistency: excerpt.consistency, changes: changes)
    }

    /// The checkpoint, by the key that the entries lead to or, where the last of them announces it, by the one before.
    private mutating func opened(
        _ note: String, _ log: EvidenceLog, _ rights: SpaceRights, _ before: (position: Int, origin: String, key: PublicKey)?
    ) -> (Checkpoint, PublicKey)? {
        if let before {
            do {
                let closing = try Checkpoint.open(note, origin: before.origin, key: before.key)
                if closing.size == before.position + 1 { return (closing, before.key) }
            } catch {
                // A note that the key before has not signed is judged by the one in force, which says what is wrong with it.
            }
        }
        do { return (try Checkpoint.open(note, origin: rights.origin, key: rights.logKey), rights.logKey) } catch {
            lines.append(.checkpointBroken(log, rights.space, error))
            return nil
        }
    }

    /// The rights that a log begins with.
    private static func founded(by held: LogExcerpt.Held) -> SpaceRights? {
        guard held.position == 0 else { return nil }
        do { return try SpaceRights(genesis: try entry(held)) } catch {
            // One line tells of every genesis that founds nothing here, whatever is wrong with it.
            return nil
        }
    }

    /// Whether what is wrong with an entry is told of as a change's.
    private static func holdsChange(_ held: LogExcerpt.Held) -> Bool {
        do { return try Entry(decoding: held.bytes).unwrapped().kind == .change } catch {
            // What does not decode is told of with what a log is made of.
            return false
        }
    }

    private static func entry(_ held: LogExcerpt.Held) throws(Refusal) -> Entry {
        do { return try Entry(decoding: held.bytes) } catch { throw Refusal(.malformed, error.reason.rawValue) }
    }

    /// What an entry holds that an earlier epoch had held, once its proof is checked, with how much of this log stood before
    /// it when it was accepted; any other as it is.
    private static func unwrapped(_ entry: Entry, _ rights: SpaceRights) throws(Refusal) -> (entry: Entry, accepted: Int?) {
        guard entry.kind == .salvaged else { return (entry, nil) }
        let old: Entry
        let proof: SalvageProof
        do {
            old = try entry.unwrapped()
            proof = try SalvageProof(decoding: entry.proof ?? [])
        } catch { throw Refusal(.malformed, error.reason.rawValue) }
        try rights.require(proof, of: entry.content)
        return (old, rights.acceptance(of: proof))
    }

    private static func signed(_ entry: Entry) throws(Refusal) -> SignedBytes {
        guard let signature = entry.signature else { throw Refusal(.malformed, "signature") }
        return SignedBytes(bytes: entry.content, signature: signature)
    }

    private static func change(
        _ entry: Entry, _ held: LogExcerpt.Held, at place: EntryPlace, _ rights: SpaceRights
    ) throws(Refusal) -> CheckedLog.Said {
        guard let signature = entry.signature, let payload = held.payload else { throw Refusal(.malformed, "payload") }
        let checked = try ChangeCheck.check(
            SignedChange(bytes: entry.content, signature: signature, payload: payload), form: .afterErasure)
        let (change, isSalvaged) = (checked.change, place.accepted != nil)
        guard change.space == rights.space else { throw Refusal(.malformed, "space") }
        guard let author = rights.organisation(of: change.device),
            rights.capabilities(of: change.device).contains(.write) || isSalvaged && rights.couldWrite(change.device)
        else { throw Refusal(.noRight, "write") }
        // A view of what was to come is none; what was salvaged is told by its proof.
        let isThere = change.base.epoch < rights.epoch || change.base.epoch == rights.epoch && change.base.size <= held.position
        guard isSalvaged || isThere else { throw Refusal(.baseMismatch, "base") }
        return CheckedLog.Said(place: place, author: author, change: checked)
    }
}
