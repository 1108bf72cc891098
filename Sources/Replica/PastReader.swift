import BuntanProtocol
import ChangeLog
import Merging
import Storage
import Syncing

/// Reads a store as it was at a moment: what came later is passed over, in logs as in records.
struct PastReader: StoreReader {
    private let now: any StoreReader
    private let past: [SpaceID: PastSpace]
    private let indexing = StateIndexing()

    init(_ now: any StoreReader, _ past: [SpaceID: PastSpace]) { (self.now, self.past) = (now, past) }

    private func size(of space: SpaceID) -> Int { past[space]?.standing?.size ?? 0 }
    private func changed(in space: SpaceID) -> [RecordID: RecordState?] { past[space]?.records ?? [:] }

    // MARK: spaces

    func spaces() throws -> [SpaceID] { try now.spaces().filter { past[$0]?.standing != nil } }
    func standing(of space: SpaceID) throws -> SpaceStanding? { past[space]?.standing }
    func logStanding(of space: SpaceID) throws -> SpaceStanding? { past[space]?.standing }
    func lead(of space: SpaceID) throws -> Lead? { nil }
    func leadSpaces() throws -> [SpaceID] { [] }
    func source(of space: SpaceID) throws -> any LogSource { PastSource(self, space, try now.source(of: space), size: size(of: space)) }

    /// One that was kept speaks for the whole log.
    func checkpoint(of space: SpaceID) throws -> String? {
        try size(of: space) == now.logStanding(of: space)?.size ? now.checkpoint(of: space) : nil
    }

    // MARK: logs

    func entries(of space: SpaceID, from position: Int, maxBytes: Int) throws -> [StoredEntry] {
        let size = size(of: space)
        guard position < size else { return [] }
        return try now.entries(of: space, from: position, maxBytes: maxBytes).filter { $0.position < size }
    }

    func words(of space: SpaceID) throws -> [PlacedEntry] {
        let size = size(of: space)
        return try now.words(of: space).filter { $0.position < size }
    }

    func place(of change: ChangeID, in space: SpaceID) throws -> ChangePlace? {
        let size = size(of: space)
        return try now.place(of: change, in: space).flatMap { $0.position < size ? $0 : nil }
    }

    func changes(in space: SpaceID) throws -> [ChangeID] {
        try now.changes(in: space).filter { try place(of: $0, in: space) != nil }
    }

    func history(of record: RecordID, in space: SpaceID) throws -> [Int] {
        let size = size(of: space)
        return try now.history(of: record, in: space).filter { $0 < size }
    }

    // MARK: records

    func record(_ id: RecordID, in space: SpaceID) throws -> RecordState? {
        guard let past = past[space], past.standing != nil else { return nil }
        if let state = past.records[id] { return state }
        return try now.record(id, in: space)
    }

    func shown(_ id: RecordID, in space: SpaceID) throws -> RecordState? { try record(id, in: space) }

    func states(in space: SpaceID, after: RecordID?, maxBytes: Int) throws -> (states: [CarriedState], more: Bool) {
        guard size(of: space) > 0 else { return ([], false) }
        let changed = changed(in: space)
        var after = after
        while true {
            let (page, more) = try now.states(in: space, after: after, maxBytes: maxBytes)
            let states = page.compactMap { carried -> CarriedState? in
                guard let state = changed[carried.record] else { return carried }
                return state.map { CarriedState(record: carried.record, state: $0.encoded()) }
            }
            if !states.isEmpty || !more { return (states, more) }
            after = page.last?.record
        }
    }

    func eachStateHash(in space: SpaceID, _ body: (RecordID, Digest) throws -> Void) throws {
        guard size(of: space) > 0 else { return }
        let changed = changed(in: space)
        try now.eachStateHash(in: space) { record, hash in
            guard let state = changed[record] else { return try body(record, hash) }
            if let state { try body(record, SHA.digest(state.encoded())) }
        }
    }

    func records(of kind: String, in space: SpaceID, after: RecordID?, limit: Int) throws -> [StoredRecord] {
        guard size(of: space) > 0 else { return [] }
        let changed = changed(in: space)
        var found: [StoredRecord] = []
        var after = after
        while found.count < limit {
            let asked = limit - found.count
            let page = try now.records(of: kind, in: space, after: after, limit: asked)
            for stored in page {
                if let state = changed[stored.id] {
                    if let state { found.append(StoredRecord(id: stored.id, shown: state)) }
                } else {
                    found.append(stored)
                }
            }
            guard page.count == asked, let last = page.last else { break }
            after = last.id
        }
        return found
    }

    func briefs(of kind: String, in space: SpaceID) throws -> [StoredBrief] {
        guard size(of: space) > 0 else { return [] }
        let changed = changed(in: space)
        return try now.briefs(of: kind, in: space).compactMap { brief in
            guard let state = changed[brief.id] else { return brief }
            return state.map { self.brief(of: $0, brief.id, in: space) }
        }
    }

    func eachBrief(
        of kind: String, in space: SpaceID, _ body: (RecordID, RecordFlags, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        guard size(of: space) > 0 else { return }
        let changed = changed(in: space)
        try now.eachBrief(of: kind, in: space) { record, flags, bytes in
            guard let state = changed[record] else { return try body(record, flags, bytes) }
            guard let state else { return }
            let brief = brief(of: state, record, in: space)
            try brief.brief.withUnsafeBytes { try body(record, brief.flags, $0) }
        }
    }

    func kinds(in space: SpaceID) throws -> [String: Int] {
        guard size(of: space) > 0 else { return [:] }
        var kinds = try now.kinds(in: space)
        var thinned = Set<String>()
        for (record, state) in changed(in: space) {
            if let shown = try now.shown(record, in: space) {
                if indexing.flags(of: shown).contains(.alive) { kinds[shown.kind, default: 0] -= 1 }
                if state == nil { thinned.insert(shown.kind) }
            }
            if let state { kinds[state.kind, default: 0] += indexing.flags(of: state).contains(.alive) ? 1 : 0 }
        }
        for kind in thinned where try records(of: kind, in: space, after: nil, limit: 1).isEmpty { kinds[kind] = nil }
        return kinds
    }

    func conflicted(in space: SpaceID) throws -> [StoredBrief] {
        guard size(of: space) > 0 else { return [] }
        let changed = changed(in: space)
        let then = changed.compactMap { record, state in state.map { brief(of: $0, record, in: space) } }
        return try (now.conflicted(in: space).filter { changed[$0.id] == nil } + then.filter { $0.flags.contains(.conflicted) })
            .sorted { $0.id < $1.id }
    }

    private func brief(of state: RecordState, _ record: RecordID, in space: SpaceID) -> StoredBrief {
        StoredBrief(
            id: record, kind: state.kind, flags: indexing.flags(of: state), brief: indexing.brief(of: state, record: record, space: space))
    }

    /// Of the entries that were there.
    func usedBytes(of space: SpaceID) throws -> Int {
        let size = size(of: space)
        var (sum, position) = (0, 0)
        while position < size {
            let page = try entries(of: space, from: position, maxBytes: Limits.pageBytes)
            guard let last = page.last else { throw LogFault.missingEntry(space: space, position: position) }
            sum += page.reduce(0) { $0 + $1.bytes.count + ($1.payload?.count ?? 0) }
            position = last.position + 1
        }
        return sum
    }

    // MARK: what is of now

    func value(_ name: String) throws -> [UInt8]? { try now.value(name) }
    func values(withPrefix prefix: String) throws -> [String: [UInt8]] { try now.values(withPrefix: prefix) }

    // MARK: what stood in no log

    func outbox(of space: SpaceID?) throws -> [OutboxItem] { [] }
    func outboxCount() throws -> Int { 0 }
    func outboxPlaces(of space: SpaceID?) throws -> [OutboxPlace] { [] }
    func outboxSigned(_ number: Int) throws -> SignedChange? { nil }
    func outboxRecords(_ number: Int) throws -> [RecordID] { [] }
    func outbox(touching record: RecordID, in space: SpaceID) throws -> [OutboxItem] { [] }
    func orphanPlaces(of space: SpaceID?) throws -> [OrphanPlace] { [] }
    func orphan(_ number: Int) throws -> Orphan? { nil }

    // MARK: a server's registry, which a replica has none of

    func organisation(_ id: OrganisationID) throws -> RegisteredOrganisation? { try now.organisation(id) }
    func organisations() throws -> [RegisteredOrganisation] { try now.organisations() }
    func statements(of organisation: OrganisationID) throws -> [SignedBytes] { try now.statements(of: organisation) }
    func organisation(ofDevice device: DeviceID) throws -> OrganisationID? { try now.organisation(ofDevice: device) }
    func invitation(_ id: InvitationID) throws -> RegisteredInvitation? { try now.invitation(id) }
    func invitations(of organisation: OrganisationID) throws -> [RegisteredInvitation] { try now.invitations(of: organisation) }
    func admission(_ digest: Digest) throws -> RegisteredAdmission? { try now.admission(digest) }
    func heads(for organisation: OrganisationID, at time: Int64) throws -> [SpaceHead] { try now.heads(for: organisation, at: time) }
    func readingEnd(of space: SpaceID, by organisation: OrganisationID) throws -> Int64? { try now.readingEnd(of: space, by: organisation) }
    func readings() throws -> [Reading] { try now.readings() }
}

/// The log of a space as it was.
private final class PastSource: LogSource {
    private let reader: PastReader
    private let space: SpaceID
    private let now: any LogSource
    private let size: Int

    init(_ reader: PastReader, _ space: SpaceID, _ now: any LogSource, size: Int) {
        (self.reader, self.space, self.now, self.size) = (reader, space, now, size)
    }

    func willRead(records: Set<RecordID>, changes: Set<ChangeID>) throws { try now.willRead(records: records, changes: changes) }
    func place(of change: ChangeID) throws -> ChangePlace? { try reader.place(of: change, in: space) }
    func entry(at position: Int) throws -> [UInt8]? { position < size ? try now.entry(at: position) : nil }
    func payload(at position: Int) throws -> [UInt8]? { position < size ? try now.payload(at: position) : nil }
    func edits(of change: ChangeID) throws -> [Edit]? { try place(of: change) == nil ? nil : now.edits(of: change) }
    func record(_ id: RecordID) throws -> RecordState? { try reader.record(id, in: space) }

    /// The hashes of the tile that were there: each stands for a whole power of 256 of entries.
    func tile(_ id: TileID) throws -> [UInt8]? {
        guard let hashes = try now.tile(id) else { return nil }
        let there = min(LogTiles.width, (size >> (8 * id.level)) - id.index * LogTiles.width)
        return there > 0 ? Array(hashes.prefix(there * 32)) : nil
    }
}
