package import BuntanProtocol
package import Merging
import Records
package import Storage
import Syncing

extension Workspace {
    /// Writes a choice among the values of a cell.
    ///
    /// Whoever chooses among the answers on an item answers the item itself: what is taken back with that is a change of its own, since
    /// no quota stops a change that does nothing but settle values. The two are undone as one.
    /// - Parameter cell: The cell as it was shown.
    /// - Returns: `nil` where other values stand now than were shown.
    package func choose(
        _ value: Value, among cell: Cell, of record: RecordID, in space: SpaceID, _ transaction: any StoreWriter
    ) throws -> Committed? {
        guard let state = try transaction.shown(record, in: space), let now = state[cell.key],
            now.heads.map(\.op) == cell.heads.map(\.op)
        else { return nil }
        func write(_ value: Value, _ cell: Cell, after last: Nonce? = nil) throws -> Committed {
            let edit = Edit(record: record, kind: state.kind, ops: [Op(cell: cell.key, predecessors: cell.heads.map(\.op))])
            return try commit([(edit, [value])], in: space, after: last, transaction)
        }
        let chosen = try write(value, now)
        guard state.kind == "responsibility-position", cell.key == CellKey("allocation"), state.saysItFollows,
            let follows = state[CellKey("followsControl")]
        else { return chosen }
        return try write(.null, follows, after: chosen.lastNonce)
    }
}
