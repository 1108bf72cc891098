import BuntanProtocol
import Merging

/// An op of a log with all there is to know of it.
struct LoggedOp: Hashable {
    let id: OpID
    let record: RecordID
    let cell: CellKey
    let predecessors: Set<OpID>
    let value: EncodedValue
    let position: Int
    let author: Int
    let baseSize: Int
}

/// The merge rules said again without states: a set of ops, and walks over it.
///
/// An op is a head if no op of the set names it. That is all; nothing is ever removed, kept or updated. It is slow and
/// obviously right, so the fold is measured against it.
struct ReferenceModel {
    private(set) var ops: [OpID: LoggedOp] = [:]

    mutating func add(_ added: [LoggedOp]) { for op in added { ops[op.id] = op } }

    func heads(of record: RecordID) -> [CellKey: Set<OpID>] {
        let named = Set(ops.values.filter { $0.record == record }.flatMap(\.predecessors))
        return Dictionary(grouping: ops.values.filter { $0.record == record && !named.contains($0.id) }, by: \.cell)
            .mapValues { Set($0.map(\.id)) }
    }

    /// The seam by the words of the table, replayed in log order over sets of ops.
    func seam(of record: RecordID) -> Int? {
        var seam: Int?
        var below = ReferenceModel()
        let changes = Dictionary(grouping: ops.values.filter { $0.record == record }, by: \.position).sorted { $0.key < $1.key }
        for (position, change) in changes {
            let isFirst = below.ops.isEmpty
            below.add(change)
            let cells = Set(change.map(\.cell))
            guard let first = change.first, !isFirst else { continue }
            let leavesUnseen = below.heads(of: record).contains { cell, heads in
                !cells.contains(cell)
                    && heads.contains { id in
                        guard let op = below.ops[id] else { return false }
                        return op.position >= first.baseSize && op.author != first.author
                    }
            }
            if leavesUnseen { seam = position } else if let standing = seam, standing < first.baseSize { seam = nil }
        }
        return seam
    }
}
