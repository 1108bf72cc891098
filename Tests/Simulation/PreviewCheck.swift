import BuntanProtocol
import Merging
import Replica
import Storage
import TestKit

/// Compares what a person typed with the changes that were made of it and with what the author saw before and after (P3).
struct PreviewCheck {
    let typed: TypedWrite
    let items: [OutboxItem]
    let before: MemoryStore
    let after: MemoryStore

    private var touched: [(space: SpaceID, record: RecordID)] {
        var seen = Set<RecordID>()
        return items.flatMap { item in item.item.edits.map { (item.item.space, $0.record) } }.filter { seen.insert($0.1).inserted }
    }

    private static func heads(of record: RecordID, in space: SpaceID, _ store: MemoryStore) throws -> Set<OpID> {
        Set(try store.read { try $0.shown(record, in: space) }?.allHeads ?? [])
    }

    /// The heads that left the author's view, by record.
    func removed() throws -> [RecordID: Set<OpID>] {
        var removed: [RecordID: Set<OpID>] = [:]
        for (space, record) in touched {
            removed[record] = try Self.heads(of: record, in: space, before).subtracting(Self.heads(of: record, in: space, after))
        }
        return removed
    }

    func differences() throws -> [String] {
        var found: [String] = []
        var made: [RecordID: [CellKey: EncodedValue]] = [:]
        for item in items {
            var index = 0
            for edit in item.item.edits {
                for op in edit.ops {
                    made[edit.record, default: [:]][op.cell] = item.item.payload[index]
                    index += 1
                }
            }
        }
        for (space, record) in touched {
            let heads = try Self.heads(of: record, in: space, after)
            // Of one write the last change to a cell stands; those before it are named by it.
            let ops = items.flatMap { item -> [OpID] in
                var index = 0
                return item.item.edits.flatMap { edit -> [OpID] in
                    defer { index += edit.ops.count }
                    return edit.record == record ? edit.ops.indices.map { OpID(item.item.change, index + $0) } : []
                }
            }
            let named = Set(items.flatMap { $0.item.edits.flatMap { $0.ops.flatMap(\.predecessors) } })
            for op in ops where !heads.contains(op) && !named.contains(op) { found.append("\(op) is not in its author's view") }
        }
        switch typed {
        case .publication: break
        case .resolution(let edit, let value, _):
            if made[edit.record]?[edit.ops[0].cell] != value.encoded { found.append("the value chosen is not what was written") }
        case .drafts(let drafts, let space):
            var wanted: [RecordID: [CellKey: Value]] = [:]
            for draft in drafts { wanted[draft.record, default: [:]].merge(draft.cells) { $1 } }
            for (record, cells) in wanted {
                let state = try before.read { try $0.shown(record, in: space) }
                for (cell, value) in cells {
                    if let written = made[record]?[cell] {
                        if written != value.encoded { found.append("\(cell.field) was typed as \(value) and written otherwise") }
                    } else if !Self.says(state, cell, value) {
                        found.append("\(cell.field) was typed as \(value) and not written")
                    }
                }
                let key = Set(drafts.flatMap { $0.key.map(\.field) })
                for cell in (made[record] ?? [:]).keys where cells[cell] == nil && cell != .life && !key.contains(cell.field) {
                    found.append("\(cell.field) was written and not typed")
                }
            }
        }
        return found
    }

    /// Whether the view said this already, so that there was nothing to write.
    private static func says(_ state: RecordState?, _ cell: CellKey, _ value: Value) -> Bool {
        if cell == .life, value == .bool(false) { return state == nil || state?.standing == .deleted }
        guard let state, let held = state[cell] else { return value == .null || (value == .bool(false) && cell.element != nil) }
        return held.heads.allSatisfy { $0.value == value.encoded }
    }
}
