import BuntanProtocol
import ChangeLog
import Merging
import Storage
import Syncing

extension Workspace {
    /// Takes a page of a space's log: checks every entry and the root, and stores entries, cursor and records in one go.
    ///
    /// - Parameter pieces: what `PageCheck` said of each entry.
    /// - Returns: entries taken.
    /// - Throws: `LogFault` where the page is not what its keeper signed or may admit; nothing is stored then. Values that are
    ///   missing and that no entry so far has erased are no fault: see `withheld`.
    /// - Parameter parting: where the log here ends for the page to follow, if it has gone another way than its server's.
    func takePage(
        _ page: LogPage, _ pieces: [PageCheck.Piece], of space: SpaceID, from parting: Base?, _ transaction: any StoreWriter,
        _ report: inout SyncReport
    ) throws -> Int {
        try makeWay(in: space, transaction)
        if let parting {
            let lost = try goBack(space, to: parting.size, transaction)
            report.reopened.append((space, lost: lost))
        }
        let reached = try reached(space, transaction)
        var keys = try transaction.spaceKeys(of: [space])
        var entries = Array(zip(page.entries, pieces))[...]
        var ledger: Ledger
        let before: SpaceStanding?
        // Of what is shown already nothing is told again.
        let untold = try transaction.lead(of: space) == nil ? nil : report
        defer { if let untold { report = untold } }
        if let standing = try transaction.logStanding(of: space) {
            before = standing
            ledger = Ledger(standing, source: try transaction.source(of: space), schema: schema, keepsUnknownSchema: true, keys: keys)
            ledger.unnamed = try unnamed(in: space, transaction)
        } else {
            guard let (first, _) = entries.popFirst() else { return 0 }
            before = nil
            do {
                ledger = try Ledger(founding: first.entry, schema: schema, keepsUnknownSchema: true, keys: keys)
            } catch { throw LogFault.invalidEntry(space: space, position: 0, error) }
            guard ledger.standing.id == space else { throw LogFault.notTheGenesis(space: space) }
            // Nobody else's private space is shown to anybody.
            let own = try transaction.identity().organisation
            guard ledger.genesis.type != .private || ledger.genesis.party(own) != nil else {
                throw LogFault.notTheGenesis(space: space)
            }
        }
        var unread: Set<ChangeID> = []
        var hasNewKeys = false
        var latest = 0
        for (carried, piece) in entries {
            let received = try received(piece, in: ledger, keys: keys)
            if let received, received.isUnread { unread.insert(received.change.id) }
            latest = max(latest, received?.change.schema ?? 0)
            try ledger.take(carried, checked: received)
            if ledger.genesis.policy.isSealed, try unwrapKeys(ledger.rights, space: space, into: &keys, transaction) { hasNewKeys = true }
            ledger.keys = keys
            try reached?.require(ledger)
        }
        // Nothing that was verified goes but by the log key's word that an epoch has ended.
        if let parting, ledger.standing.epoch <= parting.epoch {
            throw LogFault.fellBack(space: space, held: parting.size, offered: ledger.size)
        }
        // A checkpoint may be signed under the key that held before this page, if the page announces another.
        try Checkpoint.require(page.note, over: ledger.standing, signedBy: [ledger.rights] + (before.map { [$0.rights] } ?? []))
        try unfreeze(space, transaction, &report)
        // What lets this organisation read may stand on the last of several pages.
        if !page.more { try requireReading(ledger.standing, transaction) }
        // Nothing had come since: the answer to a push that the log held already.
        guard !ledger.update.isEmpty else { return 0 }
        let update = try ledger.finished()
        try noteCopies(of: update, transaction)
        try transaction.apply(update)
        try transaction.setCheckpoint(page.note, of: space)
        try keep(unnamed: ledger.unnamed, in: space, transaction)
        if ledger.genesis.policy.isSealed { try noteLaterSchema(latest, in: space, transaction) }
        if let reached, ledger.size >= reached.size || reached.isLost(ledger.rights) {
            try transaction.setValue(nil, for: StoredName.reached(space))
        }
        if before == nil {
            if reached == nil { report.newSpaces.append(space) }
            // The log itself says now that the engagement has begun: what was kept to begin it is done with.
            try transaction.setValue(nil, for: StoredName.founding(space))
            try noteCompared(space, transaction)
        }
        if update.rightsChanged { try followChain(of: space, transaction) }
        if ledger.genesis.type == .engagement { try keepSayings(of: update, transaction) }
        // What had been here before its log lost it is no news.
        let kept = try settleOrphans(of: space, transaction)
        try settleRelayed(of: space, transaction)
        if update.rightsChanged { try eraseBeside(update, transaction) }
        if let before, ledger.standing.epoch > before.epoch {
            report.begunEpochs.insert(space)
            // The words that erased what is missing may be lost, and its values stand in the log again.
            if !ledger.unnamed.isEmpty { try askAnew(for: ledger.standing, transaction) }
        }
        let restored = min(max(0, (reached?.size ?? 0) - update.fromSize), update.entries.count)
        if restored > 0 { report.restored[space, default: 0] += restored }
        let changes = update.entries.enumerated().compactMap { index, entry in
            entry.change.map { ($0, entry.records, index >= restored) }
        }
        // Changes that came before this device had their key are read again with it; some key may never come.
        let hasUnread = try transaction.value(StoredName.unread(space)) != nil || !unread.isEmpty
        let own = try settleOutbox(
            changes, touching: update.records.keys, passedOver: ledger.passedOver, unread: hasUnread ? unread : nil, kept: kept,
            in: space, transaction, &report)
        report.arrived[space, default: 0] += update.entries.count - restored - own
        if hasUnread {
            let complete = try hasNewKeys && reread(space, keys: keys, transaction, &report)
            try transaction.setValue(complete ? nil : [1], for: StoredName.unread(space))
        }
        return page.entries.count
    }

    /// What a page brings once it is here: its log may have gone on since it was asked for.
    enum Newness {
        /// Entries from one of them on.
        case new(from: Int)
        /// Nothing: the log here goes as far or further.
        case known
        /// The log here has gone another way.
        case ofAnotherLog
    }

    /// - Parameters:
    ///   - asked: where the log stood, if it was here; nothing where nobody has looked.
    ///   - parting: where the log ends for the page to follow, which begins there.
    func newness(
        of page: LogPage, since asked: Base??, from parting: Base?, in space: SpaceID, _ reader: any StoreReader
    ) throws -> Newness {
        guard let asked, let standing = try takenStanding(of: space, reader), standing.base != asked else { return .new(from: 0) }
        // What has come meanwhile may be of the epoch that the page begins: it must not go back once more.
        guard parting == nil else { return .ofAnotherLog }
        guard let asked, standing.epoch == asked.epoch, standing.size > asked.size else { return .ofAnotherLog }
        let passed = min(standing.size - asked.size, page.entries.count)
        var position = asked.size
        // The page may be of an epoch that has begun since.
        while position < asked.size + passed {
            let here = try reader.entries(of: space, from: position, maxBytes: Limits.pageBytes).prefix(asked.size + passed - position)
            guard !here.isEmpty else { return .ofAnotherLog }
            for stored in here {
                guard stored.bytes == page.entries[position - asked.size].entry else { return .ofAnotherLog }
                position += 1
            }
        }
        return passed < page.entries.count ? .new(from: passed) : .known
    }

    /// The change in an entry, checked as far as it can be without its log, and opened with a key that came in this page.
    private func received(_ piece: PageCheck.Piece, in ledger: Ledger, keys: SpaceKeys) throws -> ReceivedChange? {
        do {
            var received = try piece.get()
            received?.open(with: keys, form: .afterErasure)
            return received
        } catch { throw LogFault.invalidEntry(space: ledger.standing.id, position: ledger.size, error) }
    }

    /// Keeps the space keys that statements wrapped for this device; returns whether there was one that it had not.
    private func unwrapKeys(
        _ rights: SpaceRights, space: SpaceID, into keys: inout SpaceKeys, _ transaction: any StoreWriter
    ) throws -> Bool {
        guard let own = self.keys else { return false }
        var hasNew = false
        for epoch in rights.keyEpochs where keys[space, epoch] == nil {
            guard let wrapped = rights.wrappedKey(for: own.device, epoch: epoch),
                let key = try? SpaceKey(opening: wrapped, with: own.sealing, space: space, epoch: epoch)
            else { continue }
            keys[space, epoch] = key
            hasNew = true
            try transaction.setValue(key.secret.bytes, for: StoredName.spaceKey(space, epoch))
        }
        return hasNew
    }

    /// Reads a sealed space's log again from its beginning, with the keys that are here now.
    ///
    /// - Returns: whether every change could be opened.
    private func reread(
        _ space: SpaceID, keys: SpaceKeys, _ transaction: any StoreWriter, _ report: inout SyncReport
    ) throws -> Bool {
        guard let (ledger, unread) = try replayed(space, keys: keys, transaction) else { return true }
        try keepPassedOver(ledger.passedOver, in: space, keys: keys, transaction)
        try transaction.replaceRecords(of: space, with: ledger.update)
        // What had come back unread was kept to be shown.
        let landed = try transaction.outboxPlaces(of: space).filter {
            try $0.list != .rejected && transaction.place(of: $0.change, in: space) != nil
        }
        _ = try settleOutbox(
            landed.map { ($0.change, [], false) }, touching: ledger.update.records.keys, passedOver: ledger.passedOver,
            unread: unread.isEmpty ? nil : unread, kept: [], in: space, transaction, &report)
        for record in ledger.update.records.keys { try refreshShown(record, in: space, transaction) }
        return unread.isEmpty
    }

    /// Builds a space again from its whole log, in memory.
    ///
    /// - Returns: the ledger, and the changes that could not be opened; `nil` for a space that is not here.
    func replayed(
        _ space: SpaceID, keys: SpaceKeys, _ transaction: any StoreReader
    ) throws -> (ledger: Ledger, unread: Set<ChangeID>)? {
        guard let standing = try transaction.logStanding(of: space) else { return nil }
        var position = 0
        var ledger: Ledger?
        var unread: Set<ChangeID> = []
        while position < standing.size {
            let page = try transaction.entries(of: space, from: position, maxBytes: Limits.pageBytes)
            guard !page.isEmpty else { throw LogFault.missingEntry(space: space, position: position) }
            for stored in page {
                position = stored.position + 1
                guard var current = ledger else {
                    ledger = try Ledger(founding: stored.bytes, schema: schema, keepsUnknownSchema: true, keys: keys)
                    continue
                }
                let carried = CarriedEntry(entry: stored.bytes, payload: stored.payload)
                let received = try received(PageCheck.piece(of: carried, keys: keys), in: current, keys: keys)
                if let received, received.isUnread { unread.insert(received.change.id) }
                try current.take(carried, checked: received)
                ledger = current
            }
        }
        return ledger.map { ($0, unread) }
    }

    // MARK: the outbox

    /// Takes out of the outbox what came back, and shows touched records anew. What all pass over stays there as refused: its words
    /// stand nowhere else. What cannot be opened stays until it can: it is shown by what waits here alone.
    ///
    /// - Parameters:
    ///   - changes: each with the records it touches, and whether it had never been here.
    ///   - refusals: why those of a sealed space change nothing that stand in its log all the same.
    ///   - unread: those that no key here opens; `nil` where the whole log can be read. What is passed over before may follow on one of
    ///     them, and stays, too.
    /// - Returns: how many of the news were own.
    func settleOutbox(
        _ changes: [(change: ChangeID, records: [RecordID], isNews: Bool)], touching records: some Sequence<RecordID>,
        passedOver refusals: [ChangeID: Refusal], unread: Set<ChangeID>?, kept: Set<ChangeID>, in space: SpaceID,
        _ transaction: any StoreWriter, _ report: inout SyncReport
    ) throws -> Int {
        let items = try transaction.outboxPlaces(of: space)
        let numbers = Dictionary(items.map { ($0.change, $0.number) }) { first, _ in first }
        var own = 0
        var touchedByOthers = Set<RecordID>()
        var passedOver = Set<RecordID>()
        for (change, touched, isNews) in changes {
            if let number = numbers[change] {
                if unread == nil, let refusal = refusals[change] {
                    // It touches nothing, and was shown here until now.
                    passedOver.formUnion(try transaction.outboxRecords(number))
                    try transaction.moveInOutbox(number, to: .rejected, code: refusal.code, detail: refusal.detail)
                    report.rejected.append((number, refusal.code, refusal.detail))
                } else if refusals[change] == nil, unread?.contains(change) != true {
                    try transaction.removeFromOutbox(number)
                }
                if isNews { own += 1 }
            } else if kept.contains(change) {
                own += 1
            } else if isNews {
                touchedByOthers.formUnion(touched)
            }
        }
        if !items.isEmpty {
            for record in passedOver.union(records) { try refreshShown(record, in: space, transaction) }
        }
        report.touched[space, default: []].formUnion(touchedByOthers)
        return own
    }

    /// Makes what the owner sees of a record: the log's state, with what waits in the outbox on top.
    func refreshShown(_ record: RecordID, in space: SpaceID, _ transaction: any StoreWriter) throws {
        let view = try view(of: record, over: try transaction.record(record, in: space), in: space, transaction)
        try transaction.setShown(view, of: record, in: space)
    }

    /// A record's state with what waits in the outbox on top; `nil` where nothing waits.
    func view(
        of record: RecordID, over logged: @autoclosure () throws -> RecordState?, in space: SpaceID, _ reader: any StoreReader
    ) throws -> RecordState? {
        let waiting = try reader.outbox(touching: record, in: space).filter { $0.list != .rejected }
        guard !waiting.isEmpty, let standing = try reader.standing(of: space) else { return nil }
        var state = try logged()
        let organisation = try reader.identity().organisation
        let landed = try landed(in: space, reader)
        let lead = try landed.isEmpty ? nil : reader.lead(of: space)
        for item in waiting {
            guard let change = try? Change(decoding: item.item.signed.bytes) else { continue }
            // What is shown holds it already.
            if let lead, let position = landed[change.id], lead.holds(position, of: record) { continue }
            var first = 0
            for edit in item.item.edits {
                if edit.record == record {
                    var next =
                        state ?? RecordState(kind: edit.kind, creator: organisation)
                    let payload = item.item.payload
                    next.apply(
                        edit, firstOp: first, values: { payload[$0] },
                        context: OpContext(
                            change: change.id, position: nil, author: standing.rights.authorPosition(of: change.device) ?? 0,
                            baseSize: change.base.size))
                    state = next
                }
                first += edit.ops.count
            }
        }
        return state
    }
}

extension StoredName {
    static func unread(_ space: SpaceID) -> String { "unread/\(space.hex)" }
}
