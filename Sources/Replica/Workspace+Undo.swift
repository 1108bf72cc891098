package import BuntanProtocol
import ChangeLog
package import Merging
package import Storage

/// What an undo did, or would do.
package struct Undone: Sendable {
    package let change: RecordedChange
    package let plan: UndoPlan
    package let committed: Committed?
}

/// Why a change is not undone; nothing was written.
package enum UndoFault: Error, Hashable, Sendable {
    case unknown(ChangeID)
    /// Another organisation's.
    case notOwn(ChangeID)
    /// Later changes stand in the way of all of it.
    case blocked(ChangeID, cells: Int)
    case nothing
}

extension Workspace {
    /// The newest change that this device made in the spaces; by its own clock where they are several.
    package func newestOwnChange(in spaces: [SpaceID], _ reader: any StoreReader) throws -> RecordedChange? {
        let device = try reader.identity().device
        var newest: RecordedChange?
        for space in spaces {
            guard let change = try SpaceHistory(space, reader)?.newest(of: device) else { continue }
            // Of two made in one moment the one in the space named first: a remark beside a deletion stands elsewhere.
            if newest.map({ $0.time < change.time }) ?? true { newest = change }
        }
        return newest
    }

    /// What brings back the values before a change of this organisation.
    package func undoPlan(for change: RecordedChange, _ reader: any StoreReader) throws -> UndoPlan {
        guard change.organisation == (try reader.identity().organisation) else { throw UndoFault.notOwn(change.id) }
        guard let edits = change.edits, let history = try SpaceHistory(change.space, reader) else { throw UndoFault.unknown(change.id) }
        var known: [ChangeID: [RecordedChange.Step]] = [:]
        func earlier(_ op: OpID) throws -> UndoPlan.Earlier? {
            let steps: [RecordedChange.Step]
            if let held = known[op.change] {
                steps = held
            } else {
                steps = try history.change(op.change)?.steps ?? []
                known[op.change] = steps
            }
            return steps.indices.contains(op.index) ? UndoPlan.Earlier(cell: steps[op.index].op.cell, value: steps[op.index].value) : nil
        }
        return try UndoPlan(
            undoing: edits, of: change.id, state: { try reader.shown($0, in: change.space) },
            isWriteOnce: { kind, field in schema.kind(kind)?.field(field)?.merge == .writeOnce }, earlier: earlier)
    }

    /// Writes an ordinary change that brings back the values before an own one, where nothing later stands in the way.
    package func undo(_ change: RecordedChange, _ transaction: any StoreWriter) throws -> Undone {
        let plan = try undoPlan(for: change, transaction)
        guard plan.restored > 0 else { throw UndoFault.blocked(change.id, cells: plan.left.count) }
        let committed = try commit(plan.edits, in: change.space, transaction)
        return Undone(change: change, plan: plan, committed: committed)
    }
}
