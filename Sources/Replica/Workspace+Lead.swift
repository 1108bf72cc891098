package import BuntanProtocol
import ChangeLog
import Merging
package import Storage
import Syncing

/// How far a space is verified that is shown ahead of its log.
package struct CatchingUp: Hashable, Sendable {
    package let space: SpaceID
    package let verified: Int
    package let size: Int
}

/// A device that is new to a large space shows it by signed records first, and loads and verifies the log behind them
/// (sync.md section 8, "New device").
///
/// ```
/// first page of the log      the space begins here; its genesis says whose it is
/// snapshot, page by page     lead: records, each page at its own size; resumed after the last record
/// pull                       the log's tail from the first page's size on: the lead is settled, and may be written on
/// verify, page by page       the log as ever, behind what is shown
/// the same place             roots, rights and every state must agree: verified; or frozen, with what the key had signed
/// ```
/// Until then nothing that was made on it leaves this device, and no agreement is signed.
extension Workspace {
    package func catchingUp(_ reader: any StoreReader) throws -> [CatchingUp] {
        try reader.leadSpaces().compactMap { try catchingUp(in: $0, reader) }
    }

    /// `nil` where all that is shown is verified.
    package func catchingUp(in space: SpaceID, _ reader: any StoreReader) throws -> CatchingUp? {
        guard let lead = try reader.lead(of: space) else { return nil }
        return CatchingUp(space: space, verified: try reader.logStanding(of: space)?.size ?? 0, size: lead.standing.size)
    }

    /// Refuses what only verified records may be used for.
    package func requireVerified(_ spaces: some Sequence<SpaceID>, _ reader: any StoreReader) throws {
        for space in spaces { if let behind = try catchingUp(in: space, reader) { throw WorkspaceFault.catchingUp(behind) } }
    }

    /// Whether a space's records are to come before the rest of its log. The organisation's own records never do: who it is
    /// and what it has said must be verified first, and a sealed space's nobody else can tell.
    func wantsSnapshot(of space: SpaceID, head: Int, _ reader: any StoreReader) throws -> Bool {
        guard let log = try reader.logStanding(of: space), fastStart.isWorthwhile(held: log.size, head: head),
            log.genesis.type != .private || log.genesis.service != nil, !log.genesis.policy.isSealed,
            try reader.lead(of: space) == nil, try awaited(space, reader) == nil, try reached(space, reader) == nil
        else { return false }
        return true
    }

    /// Takes a page of records, and says where the lead stands with it.
    ///
    /// - Parameter accepted: where the server has taken changes of this store since the sync began.
    func takeSnapshot(
        _ page: SnapshotPage, of space: SpaceID, accepted: [ChangeID: Int], _ transaction: any StoreWriter, _ report: inout SyncReport
    ) throws -> Lead {
        guard let log = try transaction.logStanding(of: space) else { throw LogFault.missingEntry(space: space, position: 0) }
        let records: [RecordID: RecordState]
        var lead: Lead
        if let begun = try transaction.lead(of: space) {
            lead = begun
            records = try lead.take(page)
        } else {
            (lead, records) = try Lead.beginning(with: page, over: log)
            // Nobody is shown what its parties have not let it read.
            try requireReading(lead.standing, transaction)
        }
        try transaction.setLead(lead, of: space, records: records)
        try noteLanded(accepted, in: space, transaction)
        try showWaiting(on: records.keys, in: space, transaction)
        if lead.isComplete { report.arrived[space, default: 0] += lead.standing.size - log.size }
        return lead
    }

    /// Takes the log's tail into what is shown; returns how many entries there were.
    func follow(
        _ page: LogPage, _ pieces: [PageCheck.Piece], of space: SpaceID, _ transaction: any StoreWriter, _ report: inout SyncReport
    ) throws -> Int {
        guard var lead = try transaction.lead(of: space) else { return 0 }
        let isLogged = try transaction.logStanding(of: space)?.size ?? 0 > lead.standing.size
        let (records, changes) = try lead.follow(page, pieces) { record in
            try transaction.record(record, in: space)
        } logged: { change in
            // Only where the log has passed the word is all that it erases there.
            isLogged ? try loggedChange(change, in: space, transaction) : nil
        }
        try transaction.setLead(lead, of: space, records: records)
        try noteLanded(Dictionary(changes.map { ($0.change, $0.position) }) { first, _ in first }, in: space, transaction)
        // What waits in the outbox stays there, and on top, until a verified log has it.
        try showWaiting(on: records.keys, in: space, transaction)
        report.touched[space, default: []].formUnion(changes.flatMap(\.records))
        report.arrived[space, default: 0] += page.entries.count
        return page.entries.count
    }

    /// Takes a page of the log behind what is shown, and ends the lead with it where the two meet.
    ///
    /// - Parameter parting: where the log here ends for the page to follow, if its server says that another epoch has begun below it.
    /// - Returns: how far the log has come; `nil` once it has come as far.
    func verify(
        _ page: LogPage, _ pieces: [PageCheck.Piece], of space: SpaceID, from parting: Base?, _ transaction: any StoreWriter,
        _ report: inout SyncReport
    ) throws -> CatchingUp? {
        guard let lead = try transaction.lead(of: space) else { return nil }
        if let parting {
            // All of it comes to nothing unless the page begins with the log key's word that the epoch has ended.
            try abandonLead(of: space, transaction)
            _ = try takePage(page, pieces, of: space, from: parting, transaction, &report)
            return nil
        }
        _ = try takePage(page, pieces, of: space, from: nil, transaction, &report)
        guard let log = try transaction.logStanding(of: space), log.epoch <= lead.standing.epoch else {
            // The log has gone on without what is shown.
            throw SnapshotParted()
        }
        // Where it has grown since its tail was taken, what is shown goes with it, so that the two meet in one place.
        let beyond = log.size - lead.standing.size
        if beyond > 0 {
            let rest = LogPage(entries: Array(page.entries.suffix(beyond)), note: page.note, more: false)
            _ = try follow(rest, Array(pieces.suffix(beyond)), of: space, transaction, &report)
        }
        return try finishLead(of: space, with: page, transaction, &report) ? nil : catchingUp(in: space, transaction)
    }

    /// Ends a lead once the log has come as far: verified, or frozen with what proves the lie.
    ///
    /// - Returns: whether the log had come as far.
    func finishLead(of space: SpaceID, with page: LogPage, _ transaction: any StoreWriter, _ report: inout SyncReport) throws -> Bool {
        guard let lead = try transaction.lead(of: space), let log = try transaction.logStanding(of: space),
            log.size >= lead.standing.size,
            // What came without its value is to be named by an erasure that comes: with it the two part.
            try unnamed(in: space, transaction).isEmpty
        else { return false }
        let differing = try abandonLead(of: space, transaction)
        let (shown, verified) = (lead.standing.frontier, log.frontier)
        var fault: LogFault?
        if shown != verified {
            fault = .rootMismatch(space: space, size: shown.size, signed: shown.root, computed: verified.root)
        } else if !differing.isEmpty || lead.standing.rights != log.rights {
            fault = .snapshotDiffers(space: space, size: log.size, records: differing)
        }
        if let fault {
            try freeze(space, fault, page: page, seals: lead.seals, leadNote: lead.note, transaction)
            report.frozen.append((space, fault))
        } else {
            report.verified.append(space)
            try transaction.setValue(nil, for: StoredName.compared(space))
        }
        return true
    }

    private func loggedChange(_ id: ChangeID, in space: SpaceID, _ reader: any StoreReader) throws -> Change? {
        guard let place = try reader.place(of: id, in: space),
            let stored = try reader.entries(of: space, from: place.position, maxBytes: 1).first
        else { return nil }
        return try Change(decoding: Entry(decoding: stored.bytes).unwrapped().content)
    }

    /// Shows a space by its log again; returns the records that were shown otherwise.
    @discardableResult
    func abandonLead(of space: SpaceID, _ transaction: any StoreWriter) throws -> [RecordID] {
        let differing = try transaction.endLead(of: space)
        try transaction.setValue(nil, for: StoredName.landed(space))
        try showWaiting(on: differing, in: space, transaction)
        return differing
    }

    /// Shows records anew on which something waits in the outbox.
    private func showWaiting(on records: some Sequence<RecordID>, in space: SpaceID, _ transaction: any StoreWriter) throws {
        guard try !transaction.outboxPlaces(of: space).isEmpty else { return }
        for record in records { try refreshShown(record, in: space, transaction) }
    }
}
