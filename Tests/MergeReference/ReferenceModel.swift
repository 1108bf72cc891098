package import BuntanProtocol

/// An op of a log with all there is to know of it.
package struct LoggedOp: Hashable, Sendable {
    package let id: OpID
    package let record: RecordID
    package let cell: CellKey
    package let predecessors: Set<OpID>
    /// `nil` where it was erased.
    package let value: EncodedValue?
    package let position: Int
    package let author: Int
    package let baseSize: Int

    package init(
        id: OpID, record: RecordID, cell: CellKey, predecessors: Set<OpID>, value: EncodedValue?, position: Int, author: Int, baseSize: Int
    ) {
        self.id = id
        self.record = record
        self.cell = cell
        self.predecessors = predecessors
        self.value = value
        self.position = position
        self.author = author
        self.baseSize = baseSize
    }
}

/// The merge rules said again without states: a set of ops, and walks over it.
///
/// An op is a head if no op of the set names it. That is all; nothing is ever removed, kept or updated. It is slow and
/// obviously right, so the fold is measured against it.
package struct ReferenceModel: Sendable {
    private var logged: [RecordID: [OpID: LoggedOp]] = [:]

    package init() {}

    package var records: Set<RecordID> { Set(logged.keys) }

    package mutating func add(_ added: [LoggedOp]) { for op in added { logged[op.record, default: [:]][op.id] = op } }

    package func ops(of record: RecordID) -> [OpID: LoggedOp] { logged[record] ?? [:] }

    package func heads(of record: RecordID) -> [CellKey: Set<OpID>] {
        let ops = ops(of: record)
        let named = Set(ops.values.flatMap(\.predecessors))
        return Dictionary(grouping: ops.values.filter { !named.contains($0.id) }, by: \.cell).mapValues { Set($0.map(\.id)) }
    }

    /// The seam by the words of the table, replayed in log order over sets of ops.
    package func seam(of record: RecordID) -> Int? {
        var seam: Int?
        var below = ReferenceModel()
        let changes = Dictionary(grouping: ops(of: record).values, by: \.position).sorted { $0.key < $1.key }
        for (position, change) in changes {
            let isFirst = below.logged.isEmpty
            below.add(change)
            let cells = Set(change.map(\.cell))
            guard let first = change.first, !isFirst else { continue }
            let leavesUnseen = below.heads(of: record).contains { cell, heads in
                !cells.contains(cell)
                    && heads.contains { id in
                        guard let op = below.ops(of: record)[id] else { return false }
                        return op.position >= first.baseSize && op.author != first.author
                    }
            }
            if leavesUnseen { seam = position } else if let standing = seam, standing < first.baseSize { seam = nil }
        }
        return seam
    }
}
