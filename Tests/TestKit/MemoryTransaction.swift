import BuntanProtocol
import ChangeLog
import Merging
import Storage
import Syncing

/// One transaction on a store in memory: a snapshot of its own that a write puts in place at its end.
final class MemoryTransaction {
    private var snapshot: Shared<MemoryContents>
    let indexing: any RecordIndexing
    let isWriting: Bool
    private var isOpen = true
    /// How many states of each kind were handed out.
    private(set) var statesRead: [String: Int] = [:]
    /// Whether they are counted.
    var countsStates = false
    /// How often it was asked for anything, and rows handed over.
    private(set) var questions = 0
    var distortion: MemoryStore.Distortion?
    var showing: MemoryStore.Showing?
    /// Takes note of a broken promise and returns it, to be thrown.
    let violated: (String) -> BrokenPromise

    init(_ contents: Shared<MemoryContents>, indexing: any RecordIndexing, isWriting: Bool, violated: @escaping (String) -> BrokenPromise) {
        snapshot = contents
        self.indexing = indexing
        self.isWriting = isWriting
        self.violated = violated
    }

    func end() { isOpen = false }

    /// What a write leaves behind.
    var contents: Shared<MemoryContents> { snapshot }

    func reading() throws -> Shared<MemoryContents> {
        guard isOpen else { throw violated("A transaction was used after its closure had returned.") }
        questions += 1
        return snapshot
    }

    func countRow() { questions += 1 }

    /// Counts rows that one question hands over beside the first.
    private func counting<Row>(_ rows: [Row]) -> [Row] {
        questions += max(0, rows.count - 1)
        return rows
    }

    private func handing(_ state: RecordState?) -> RecordState? {
        if countsStates, let state { statesRead[state.kind, default: 0] += 1 }
        return state
    }

    func space(_ id: SpaceID) throws -> Shared<MemoryContents.Space>? { try reading().value.spaces[id] }

    func change<Result>(_ body: (inout MemoryContents) throws -> Result) throws -> Result {
        guard isOpen else { throw violated("A transaction was used after its closure had returned.") }
        guard isWriting else { throw violated("A reading transaction was used to write.") }
        return try body(&snapshot.value)
    }
}

extension MemoryTransaction: StoreWriter {
    func spaces() throws -> [SpaceID] { try reading().value.spaces.keys.sorted() }
    func standing(of space: SpaceID) throws -> SpaceStanding? { try lead(of: space)?.standing ?? logStanding(of: space) }
    func logStanding(of space: SpaceID) throws -> SpaceStanding? { try self.space(space)?.value.standing }
    func source(of space: SpaceID) throws -> any LogSource { MemorySource(self, space: space) }
    func checkpoint(of space: SpaceID) throws -> String? { try self.space(space)?.value.checkpoint }
    func usedBytes(of space: SpaceID) throws -> Int { try self.space(space)?.value.usedBytes ?? 0 }

    func entries(of space: SpaceID, from position: Int, maxBytes: Int) throws -> [StoredEntry] {
        guard position >= 0 else { throw violated("Entries were asked for from position \(position).") }
        var page: [StoredEntry] = []
        var bytes = 0
        let entries = try self.space(space)?.value.entries ?? []
        for entry in showing?(entries, position)[...] ?? entries.dropFirst(position) {
            bytes += entry.bytes.count + (entry.payload?.count ?? 0)
            guard page.isEmpty || bytes <= maxBytes else { break }
            page.append(entry)
        }
        return counting(page)
    }

    func place(of change: ChangeID, in space: SpaceID) throws -> ChangePlace? { try self.space(space)?.value.places[change] }
    func changes(in space: SpaceID) throws -> [ChangeID] { try self.space(space).map { Array($0.value.places.keys) } ?? [] }
    func history(of record: RecordID, in space: SpaceID) throws -> [Int] { try self.space(space)?.value.history[record] ?? [] }

    func record(_ id: RecordID, in space: SpaceID) throws -> RecordState? { handing(try self.space(space)?.value.records[id]?.state) }

    func shown(_ id: RecordID, in space: SpaceID) throws -> RecordState? {
        handing(try self.space(space)?.value.records[id].flatMap { $0.shown ?? $0.state })
    }

    func records(of kind: String, in space: SpaceID, after: RecordID?, limit: Int) throws -> [StoredRecord] {
        guard limit > 0 else { throw violated("A page of \(limit) records was asked for.") }
        let ids = try self.space(space)?.value.records.compactMap { $0.value.kind == kind ? $0.key : nil }.sorted() ?? []
        return try ids.filter { id in after.map { $0 < id } ?? true }.prefix(limit).compactMap { id in
            try shown(id, in: space).map { StoredRecord(id: id, shown: $0) }
        }
    }

    private func briefs(in space: SpaceID, where isWanted: (MemoryContents.Record) -> Bool) throws -> [StoredBrief] {
        var found: [StoredBrief] = []
        for (id, record) in try self.space(space)?.value.records ?? [:] where isWanted(record) {
            found.append(StoredBrief(id: id, kind: record.kind, flags: record.flags, brief: record.brief))
        }
        return counting(found.sorted { $0.id < $1.id })
    }

    func briefs(of kind: String, in space: SpaceID) throws -> [StoredBrief] { try briefs(in: space) { $0.kind == kind } }
    func conflicted(in space: SpaceID) throws -> [StoredBrief] { try briefs(in: space) { $0.flags.contains(.conflicted) } }

    func kinds(in space: SpaceID) throws -> [String: Int] {
        try self.space(space)?.value.records.values.reduce(into: [:]) { $0[$1.kind, default: 0] += $1.flags.contains(.alive) ? 1 : 0 }
            ?? [:]
    }

    func value(_ name: String) throws -> [UInt8]? { try reading().value.values[name] }
    func values(withPrefix prefix: String) throws -> [String: [UInt8]] {
        try reading().value.values.with(prefix: prefix)
    }
    func setValue(_ value: [UInt8]?, for name: String) throws { try change { $0.values[name] = value } }

    func setCheckpoint(_ note: String, of space: SpaceID) throws {
        try change {
            guard $0.spaces[space] != nil else { throw StorageFault.conflict(expected: 1, found: 0) }
            $0.spaces[space]?.value.checkpoint = note
        }
    }

    func setShown(_ state: RecordState?, of record: RecordID, in space: SpaceID) throws {
        let indexing = indexing
        try change { contents in
            guard contents.spaces[space] != nil else { throw violated("A record was shown in space \(space), which is not here.") }
            let held = contents.spaces[space]?.value.records[record]?.state
            let shown = state?.encoded() == held?.encoded() ? nil : state
            guard let visible = shown ?? held else {
                contents.spaces[space]?.value.records[record] = nil
                return
            }
            let flags = indexing.flags(of: visible)
            contents.spaces[space]?.value.records[record] = MemoryContents.Record(
                state: held, shown: shown, kind: visible.kind,
                flags: shown == nil ? flags.subtracting(.pending) : flags.union(.pending),
                brief: indexing.brief(of: visible, record: record, space: space))
        }
    }
}
