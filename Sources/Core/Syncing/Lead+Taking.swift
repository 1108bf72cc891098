package import BuntanProtocol
package import ChangeLog
package import Merging

/// What is wrong with a page of a snapshot: nothing of it is taken.
package enum SnapshotFlaw: String, Hashable, Sendable {
    /// The log's key has not signed it, or it is not of this log.
    case signature
    /// The frontier does not give the root.
    case frontier
    /// Records out of order, or outside what was asked for.
    case order
    /// A state in another form than its one form, or beyond a limit.
    case state
    /// The entries that are no changes are not there, or do not follow one another.
    case words
}

/// Pages that were taken and cannot be joined: the log has gone another way, or back, between two of them. No lie is in that.
package struct SnapshotParted: Error, Hashable, Sendable {
    /// Whether an entry erases what only the log can tell: what is shown stays as it is until that is here.
    package let isErasure: Bool

    package init(isErasure: Bool = false) { self.isErasure = isErasure }
}

extension Lead {
    /// Begins a lead with the first page of a snapshot, over what is known of the space from its log.
    ///
    /// - Throws: `LogFault`, or `SnapshotParted` where the page is of less than the log that is here.
    package static func beginning(
        with page: SnapshotPage, over log: SpaceStanding
    ) throws -> (lead: Lead, records: [RecordID: RecordState]) {
        let space = log.id
        guard let words = page.words else { throw LogFault.badSnapshot(space: space, .words) }
        guard page.base.size >= log.size, page.base.epoch >= log.epoch else { throw SnapshotParted() }
        var lead = Lead(
            standing: SpaceStanding(
                id: space, genesisBytes: log.genesisBytes, genesis: log.genesis, epoch: page.base.epoch,
                frontier: try frontier(of: page, in: space), rights: try rights(from: words, of: log, below: page.base.size)),
            spans: [], seals: [], note: nil)
        guard lead.standing.rights.epoch == page.base.epoch else { throw LogFault.badSnapshot(space: space, .words) }
        let records = try lead.take(page)
        return (lead, records)
    }

    /// Takes the next page: its records, as they are at its own size.
    package mutating func take(_ page: SnapshotPage) throws -> [RecordID: RecordState] {
        let space = standing.id
        let after = next
        guard page.base.epoch == standing.epoch, page.base.size >= standing.size else { throw SnapshotParted() }
        let seal = page.seal(after: after)
        guard SignatureCheck.isValid(page.signature, by: standing.rights.logKey, label: "snapshot", content: seal.content(in: space)) else {
            // A log that has grown since may have another key, which only its entries tell.
            if page.base.size > standing.size { throw SnapshotParted() }
            throw LogFault.badSnapshot(space: space, .signature)
        }
        _ = try Self.frontier(of: page, in: space)
        var records: [RecordID: RecordState] = [:]
        records.reserveCapacity(page.states.count)
        var last = after
        for carried in page.states {
            guard last.map({ $0 < carried.record }) ?? true else { throw LogFault.badSnapshot(space: space, .order) }
            last = carried.record
            do {
                records[carried.record] = try RecordState(decoding: carried.state, admitsPending: false)
            } catch { throw LogFault.badSnapshot(space: space, .state) }
        }
        guard !page.more || !page.states.isEmpty else { throw LogFault.badSnapshot(space: space, .order) }
        spans.append(Span(last: page.more ? last : nil, size: page.base.size))
        seals.append(seal)
        return records
    }

    private static func frontier(of page: SnapshotPage, in space: SpaceID) throws(LogFault) -> LogFrontier {
        guard let frontier = LogFrontier(received: page.frontier, ofSize: page.base.size), frontier.root == page.base.root else {
            throw .badSnapshot(space: space, .frontier)
        }
        return frontier
    }

    /// The rights that the entries which are no changes give; each shows by itself who said it.
    private static func rights(from words: [PlacedEntry], of log: SpaceStanding, below size: Int) throws -> SpaceRights {
        var rights: SpaceRights?
        var last = -1
        for word in words {
            guard word.position > last, word.position < size else { throw LogFault.badSnapshot(space: log.id, .words) }
            last = word.position
            do {
                let entry = try Entry(decoding: word.entry)
                if rights != nil {
                    try rights?.follow(entry, at: word.position)
                } else {
                    guard word.position == 0, entry.content == log.genesisBytes else { throw LogFault.notTheGenesis(space: log.id) }
                    rights = try SpaceRights(genesis: entry)
                }
            } catch let refusal as Refusal {
                throw LogFault.invalidEntry(space: log.id, position: word.position, refusal)
            } catch is DecodingFault {
                throw LogFault.invalidEntry(space: log.id, position: word.position, Refusal(.malformed))
            }
        }
        guard let rights else { throw LogFault.badSnapshot(space: log.id, .words) }
        return rights
    }

    /// Follows the log with its next entries, each change applied to the records whose page is older.
    ///
    /// Whether an entry may stand where it stands is not asked: that is for the log's own verification.
    /// - Parameter record: the state that is shown of a record.
    /// - Parameter logged: a change of the log, where that has come as far; `nil` for what is not in it.
    /// - Returns: the records that changed, and what each change touched.
    /// - Throws: `SnapshotParted` for an entry that erases what no log here tells of.
    package mutating func follow(
        _ page: LogPage, _ pieces: [Result<ReceivedChange?, Refusal>], record: (RecordID) throws -> RecordState?,
        logged: (ChangeID) throws -> Change? = { _ in nil }
    ) throws -> (records: [RecordID: RecordState], changes: [(change: ChangeID, position: Int, records: [RecordID])]) {
        let space = standing.id
        let before = standing.rights
        var records: [RecordID: RecordState] = [:]
        var changes: [(change: ChangeID, position: Int, records: [RecordID])] = []
        for (carried, piece) in zip(page.entries, pieces) {
            let position = standing.size
            do {
                let entry = try Entry(decoding: carried.entry)
                if let received = try piece.get() {
                    try apply(received, at: position, record: record, to: &records)
                    changes.append((received.change.id, position, received.opened?.edits.map(\.record) ?? []))
                } else {
                    try standing.rights.follow(entry, at: position)
                    guard standing.rights.epoch == standing.epoch else { throw SnapshotParted() }
                    if let erasing = try Erasing(in: entry.unwrapped()) {
                        try erase(erasing, record: record, logged: logged, from: &records)
                    }
                }
            } catch let refusal as Refusal {
                throw LogFault.invalidEntry(space: space, position: position, refusal)
            } catch is DecodingFault {
                throw LogFault.invalidEntry(space: space, position: position, Refusal(.malformed))
            }
            standing.frontier.append(Entry.leafHash(of: carried.entry))
        }
        try Checkpoint.require(page.note, over: standing, signedBy: [standing.rights, before])
        note = page.note
        return (records, changes)
    }

    /// Takes away what a word erases, from the records that its changes touched: which these are only the log tells.
    private func erase(
        _ erasing: Erasing, record: (RecordID) throws -> RecordState?, logged: (ChangeID) throws -> Change?,
        from records: inout [RecordID: RecordState]
    ) throws {
        for item in erasing.ops {
            guard let change = try logged(item.change), let edits = change.edits else { throw SnapshotParted(isErasure: true) }
            guard let named = standing.rights.erasedOps(of: item.change, by: standing.rights.organisation(of: change.device)) else {
                continue
            }
            for edit in edits {
                guard let state = try records[edit.record] ?? record(edit.record) else { continue }
                let erased = state.erasing { $0.change == item.change && named.contains($0.index) }
                if erased != state { records[edit.record] = erased }
            }
        }
    }

    private func apply(
        _ received: ReceivedChange, at position: Int, record: (RecordID) throws -> RecordState?, to records: inout [RecordID: RecordState]
    ) throws {
        let change = received.change
        guard let opened = received.opened, let organisation = standing.rights.organisation(of: change.device),
            let author = standing.rights.authorPosition(of: change.device)
        else { throw Refusal(.noRight) }
        let context = OpContext(
            change: change.id, position: position, author: author, baseSize: standing.rights.sizeInView(of: change.base))
        var first = 0
        for edit in opened.edits {
            defer { first += edit.ops.count }
            guard lacks(position, of: edit.record) else { continue }
            var state = try records[edit.record] ?? record(edit.record) ?? RecordState(kind: edit.kind, creator: organisation)
            state.apply(edit, firstOp: first, values: { opened.payload[$0] }, context: context)
            records[edit.record] = state
        }
    }
}

extension SpaceRights {
    /// Follows an entry that is no change; a salvaged one as what it carries.
    fileprivate mutating func follow(_ entry: Entry, at position: Int) throws {
        let word = try entry.unwrapped()
        guard let signature = word.signature else { throw Refusal(.malformed, "signature") }
        let signed = SignedBytes(bytes: word.content, signature: signature)
        switch word.kind {
        case .statement: try apply(signed, at: position)
        case .server where entry.kind == .server: try apply(serverStatement: signed, at: position)
        default: throw Refusal(.malformed, "entry")
        }
    }
}

extension Checkpoint {
    /// Requires a signed note to be over this place of a log, under one of the keys that held around it.
    package static func require(_ note: String, over standing: SpaceStanding, signedBy signers: [SpaceRights]) throws(LogFault) {
        let space = standing.id
        var checkpoint: Checkpoint?
        // Any of the keys may have signed: what none of them has is refused below.
        for rights in signers where checkpoint == nil { checkpoint = try? open(note, origin: rights.origin, key: rights.logKey) }
        guard let checkpoint else { throw .badCheckpoint(space: space) }
        guard checkpoint.size == standing.size else { throw .fellBack(space: space, held: standing.size, offered: checkpoint.size) }
        let root = standing.frontier.root
        guard checkpoint.root == root else {
            throw .rootMismatch(space: space, size: checkpoint.size, signed: checkpoint.root, computed: root)
        }
    }
}
