package import BuntanProtocol
import ChangeLog
import Syncing
package import Merging
package import Storage

/// What an undo did, or would do.
package struct Undone: Sendable {
    /// The change that was named.
    package let change: RecordedChange
    /// All changes of its write.
    package let write: [RecordedChange]
    /// What brought back the values, newest change first: a write may have been made in several.
    fileprivate let plans: [(space: SpaceID, plan: UndoPlan)]
    package let made: [ChangeID]

    /// What was left, or would be, with the space it is in.
    package var left: [(space: SpaceID, left: UndoPlan.Left)] { plans.flatMap { part in part.plan.left.map { (part.space, $0) } } }
    package var restored: Int { plans.reduce(0) { $0 + $1.plan.restored } - kept.reduce(0) { $0 + ($1.isGone ? 1 : $1.ops) } }
    package var removed: Int { plans.reduce(0) { $0 + $1.plan.removed } - kept.count(where: \.isGone) }

    /// What is written down of an import for the next one: it goes and comes with it, and is nobody's record to count.
    private var kept: [(isGone: Bool, ops: Int)] {
        plans.flatMap(\.plan.edits).filter { $0.edit.kind == ImportRun.kind }.map { edit, values in
            (zip(edit.ops, values).contains { $0.cell == .life && $1 == .bool(false) }, edit.ops.count)
        }
    }
    package var records: Set<RecordID> { Set(plans.flatMap { $0.plan.edits.map(\.edit.record) }) }
}

/// Why a change is not undone; nothing was written.
package enum UndoFault: Error, Hashable, Sendable {
    case unknown(ChangeID)
    /// Another organisation's.
    case notOwn(ChangeID)
    /// Later changes stand in the way of all of it.
    case blocked(ChangeID, cells: Int)
    /// It settled a conflict: several values stood there before.
    case wasChoice(ChangeID)
    case nothing
}

extension Workspace {
    /// The newest change that this device made in the spaces and that stands; by its own clock where they are several. What
    /// was undone here is passed over, and so is the undo: one undo after the other goes back step by step. What the program
    /// writes by itself when it meets a counterpart is nobody's to undo.
    package func newestOwnChange(in spaces: [SpaceID], _ reader: any StoreReader) throws -> RecordedChange? {
        let device = try reader.identity().device
        var newest: RecordedChange?
        for space in spaces {
            let isEngagement = try reader.standing(of: space)?.genesis.type == .engagement
            let found = try SpaceHistory(space, reader)?.newest(of: device) { change in
                if change.isFounding || (isEngagement && !change.steps.isEmpty && change.steps.allSatisfy { $0.kind == "party" }) {
                    return false
                }
                return try reader.value(StoredName.undo(change.id)) == nil && reader.value(StoredName.undone(change.id)) == nil
            }
            guard let change = found else { continue }
            // Of two made in one moment the one in the space named first: a remark beside a deletion stands elsewhere.
            if newest.map({ $0.time < change.time }) ?? true { newest = change }
        }
        guard let newest, newest.space == (try StoreDirectory(reader).home(reader)) else { return newest }
        // The rows of an import are what it was about, and its notes come with them.
        return try write(of: newest, reader).last { $0.space != newest.space } ?? newest
    }

    /// Every space of the store, that of the organisation's own records last.
    package func spacesToUndo(_ reader: any StoreReader) throws -> [SpaceID] {
        let home = try StoreDirectory(reader).home(reader)
        return try reader.spaces().filter { $0 != home } + [home].compactMap { $0 }
    }

    /// What an undo would bring back as things stand; where a record was changed twice in one write, the first time counts as
    /// changed since.
    package func undoPreview(of change: RecordedChange, _ reader: any StoreReader) throws -> Undone {
        var past = Pasts(reader)
        let write = try write(of: change, reader)
        let plans = try backwards(write).map { (space: $0.space, plan: try undoPlan(for: $0, &past, reader)) }
        return Undone(change: change, write: write, plans: plans, made: [])
    }

    /// All changes of the write that one of this organisation is part of, in their order. An import goes on from the rows of a
    /// draft to notes among the organisation's own records.
    private func write(of change: RecordedChange, _ reader: any StoreReader) throws -> [RecordedChange] {
        guard change.organisation == (try reader.identity().organisation) else { throw UndoFault.notOwn(change.id) }
        guard let history = try SpaceHistory(change.space, reader) else { throw UndoFault.unknown(change.id) }
        let write = try history.write(of: change)
        let directory = try StoreDirectory(reader)
        guard let first = write.first, let last = write.last, let home = try directory.home(reader) else { return write }
        let drafts = directory.services.compactMap(\.draft)
        if change.space == home {
            for draft in drafts {
                guard let history = try SpaceHistory(draft, reader), let rows = try history.change(before: first) else { continue }
                return try history.write(of: rows) + write
            }
        } else if drafts.contains(change.space), let history = try SpaceHistory(home, reader),
            let notes = try history.change(Change.id(device: last.device, nonce: Change.nonce(after: last.nonce)))
        {
            return try write + history.write(of: notes)
        }
        return write
    }

    /// The changes of a write from the last to the first, space by space: what undoes it can be undone as one in turn.
    private func backwards(_ write: [RecordedChange]) -> [RecordedChange] {
        let first = write.first?.space
        return write.filter { $0.space == first }.reversed() + write.filter { $0.space != first }.reversed()
    }

    /// What brings back the values before a change.
    private func undoPlan(for change: RecordedChange, _ past: inout Pasts, _ reader: any StoreReader) throws -> UndoPlan {
        guard let edits = change.edits, var earlier = try past.ops(in: change.space) else { throw UndoFault.unknown(change.id) }
        defer { past.keep(earlier, in: change.space) }
        return try UndoPlan(
            undoing: edits, of: change.id, state: { try reader.shown($0, in: change.space) },
            isWriteOnce: { kind, field in schema.kind(kind)?.field(field)?.merge == .writeOnce },
            original: { try earlier.original($0) }, earlier: { try earlier.op($0) })
    }

    /// Writes ordinary changes that bring back the values before an own one and all others of its write, where nothing later
    /// stands in the way.
    package func undo(_ change: RecordedChange, _ transaction: any StoreWriter) throws -> Undone {
        var plans: [(space: SpaceID, plan: UndoPlan)] = []
        var made: [ChangeID] = []
        var last: Nonce?
        var past = Pasts(transaction)
        let write = try write(of: change, transaction)
        for part in backwards(write) {
            let plan = try undoPlan(for: part, &past, transaction)
            plans.append((part.space, plan))
            guard plan.restored > 0 else { continue }
            let committed = try commit(plan.edits, in: part.space, after: last, transaction)
            made += committed.changes
            last = committed.lastNonce ?? last
        }
        let left = plans.flatMap(\.plan.left)
        if made.isEmpty, !left.isEmpty, left.allSatisfy({ $0.obstacle == .severalBefore }) { throw UndoFault.wasChoice(change.id) }
        guard !made.isEmpty else { throw UndoFault.blocked(change.id, cells: left.count) }
        // Undoing an undo does the first change again: what was made is an act of its own, not an undo.
        if try transaction.value(StoredName.undo(change.id)) == nil {
            for id in made { try transaction.setValue([], for: StoredName.undo(id)) }
        }
        for part in write { try transaction.setValue([], for: StoredName.undone(part.id)) }
        return Undone(change: change, write: write, plans: plans, made: made)
    }
}

extension StoredName {
    /// That a change of this device is an undo. In the log it is a change like any other.
    fileprivate static func undo(_ change: ChangeID) -> String { "undo/\(change.hex)" }
    /// That a change was undone on this device, though it may have been done again since.
    fileprivate static func undone(_ change: ChangeID) -> String { "undone/\(change.hex)" }
}

extension RecordedChange {
    /// Whether it says for the first time who an organisation, a device or a service is: without that there is nothing to work on.
    fileprivate var isFounding: Bool {
        let founders: Set<String> = ["party", "device", "cloud-service"]
        return steps.allSatisfy { founders.contains($0.kind) } && steps.contains { $0.op.cell == .life && $0.op.predecessors.isEmpty }
    }
}

/// The pasts of the spaces that one write stands in.
private struct Pasts {
    private let reader: any StoreReader
    private var known: [SpaceID: EarlierOps] = [:]

    init(_ reader: any StoreReader) { self.reader = reader }

    /// `nil` for a space that is not here.
    func ops(in space: SpaceID) throws -> EarlierOps? {
        try known[space] ?? SpaceHistory(space, reader).map { EarlierOps($0, reader) }
    }

    mutating func keep(_ ops: EarlierOps, in space: SpaceID) { known[space] = ops }
}

/// What ops of a space's past wrote, each change read once.
private struct EarlierOps {
    private let history: SpaceHistory
    private let reader: any StoreReader
    private var known: [ChangeID: [RecordedChange.Step]] = [:]
    private var undos: [ChangeID: Bool] = [:]
    private var originals: [OpID: OpID?] = [:]

    init(_ history: SpaceHistory, _ reader: any StoreReader) {
        self.history = history
        self.reader = reader
    }

    private mutating func steps(_ change: ChangeID) throws -> [RecordedChange.Step] {
        if let steps = known[change] { return steps }
        let steps = try history.change(change)?.steps ?? []
        known[change] = steps
        return steps
    }

    private mutating func step(_ op: OpID) throws -> RecordedChange.Step? {
        let steps = try steps(op.change)
        return steps.indices.contains(op.index) ? steps[op.index] : nil
    }

    private mutating func isUndo(_ change: ChangeID) throws -> Bool {
        if let known = undos[change] { return known }
        let isUndo = try reader.value(StoredName.undo(change)) != nil
        undos[change] = isUndo
        return isUndo
    }

    /// The op whose value an op of an undo brought back, and any other op itself; `nil` where it brought back that there was none.
    mutating func original(_ op: OpID) throws -> OpID? {
        if let known = originals[op] { return known }
        let found = try broughtBack(by: op)
        originals[op] = .some(found)
        return found
    }

    private mutating func broughtBack(by op: OpID) throws -> OpID? {
        guard try isUndo(op.change), let written = try step(op) else { return op }
        let cell = written.op.cell
        var taken = try written.op.predecessors.filter { try step($0)?.op.cell == cell }
        if taken.isEmpty, cell != .life {
            // It came back with its record, whose deletion named it.
            taken = try steps(op.change).first { $0.record == written.record && $0.op.cell == .life }?.op.predecessors ?? []
        }
        var before = Set<OpID>()
        for op in taken {
            guard let stood = try original(op), let step = try step(stood) else { continue }
            before.formUnion(try step.op.predecessors.filter { try self.step($0)?.op.cell == cell })
        }
        guard let only = before.first, before.count == 1 else { return before.isEmpty ? nil : op }
        return try original(only)
    }

    mutating func op(_ op: OpID) throws -> UndoPlan.Earlier? {
        try step(op).map { UndoPlan.Earlier(cell: $0.op.cell, value: $0.value) }
    }

    /// The ops that the deletions standing in a record's life took away: what they name, and for cells of which they name nothing
    /// what an earlier deletion took that they followed.
    mutating func deleted(_ state: RecordState) throws -> [OpID] {
        var taken: [OpID] = []
        var cells = Set<CellKey>()
        var deletions = (state[.life]?.heads ?? []).filter { $0.value?.isFalse == true }.map(\.op)
        var known = Set(deletions)
        while !deletions.isEmpty {
            var named: [(op: OpID, cell: CellKey)] = []
            var earlier: [OpID] = []
            for op in try deletions.flatMap({ try step($0)?.op.predecessors ?? [] }) {
                guard let step = try step(op) else { continue }
                if step.op.cell != .life { named.append((op, step.op.cell)) }
                if step.op.cell == .life, step.value?.isFalse == true, known.insert(op).inserted { earlier.append(op) }
            }
            let fresh = named.filter { !cells.contains($0.cell) }
            taken += fresh.map(\.op)
            cells.formUnion(fresh.map(\.cell))
            deletions = earlier
        }
        return taken
    }
}

// MARK: a deletion that met an edit

extension StoreReader {
    /// What a record that was deleted here and edited there held before, by cell; of several values none is told.
    package func heldBefore(_ state: RecordState, in space: SpaceID) throws -> [CellKey: Value] {
        guard let history = try SpaceHistory(space, self) else { return [:] }
        var earlier = EarlierOps(history, self)
        var held: [CellKey: Value] = [:]
        for op in try earlier.deleted(state) {
            if let found = try earlier.op(op), let value = found.value?.value { held[found.cell] = value }
        }
        return held
    }
}

extension Workspace {
    /// Settles whether a record lives on that was deleted on one device while another edited it: deletes it again, with the
    /// edit, or brings back what the deletion took away beside the edit.
    ///
    /// - Parameter seen: the heads of the record that whoever chooses was shown.
    /// - Returns: `nil` where other heads stand now; then nothing was written.
    package func settleLife(
        of record: RecordID, in space: SpaceID, restoring: Bool, seen: [OpID], _ transaction: any StoreWriter
    ) throws -> Committed? {
        guard let state = try transaction.shown(record, in: space), state.isLifeOpen, state.allHeads == seen,
            let history = try SpaceHistory(space, transaction)
        else { return nil }
        guard restoring else {
            let edit = Edit(record: record, kind: state.kind, ops: [Op(cell: .life, predecessors: state.allHeads)])
            return try commit([(edit, [Value.bool(false)])], in: space, transaction)
        }
        var earlier = EarlierOps(history, transaction)
        let plan = try UndoPlan(restoring: record, state, deletedBy: try earlier.deleted(state), earlier: { try earlier.op($0) })
        return try commit(plan.edits, in: space, transaction)
    }
}
