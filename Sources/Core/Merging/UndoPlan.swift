package import BuntanProtocol

/// What brings back the values that stood before a change, as far as nothing later stands in the way.
///
/// History stays: an undo is an ordinary change, and undoing it in turn does the first one again.
package struct UndoPlan: Sendable {
    /// An op that stood before, with where it stood.
    package struct Earlier: Hashable, Sendable {
        package let cell: CellKey
        /// `nil` where it was erased.
        package let value: EncodedValue?

        package init(cell: CellKey, value: EncodedValue?) {
            self.cell = cell
            self.value = value
        }
    }

    /// Why a cell keeps the value it has.
    package enum Obstacle: String, Hashable, Sendable {
        /// Somebody has written the cell since, or edited the record that the change had made.
        case changedLater
        /// Several values stood there before; one op cannot bring them back.
        case severalBefore
        case erased
        case writtenOnce
    }

    package struct Left: Hashable, Sendable {
        package let record: RecordID
        package let cell: CellKey
        package let obstacle: Obstacle
    }

    package private(set) var edits: [(edit: Edit, values: [Value])] = []
    package private(set) var left: [Left] = []
    /// Cells that get their earlier value back.
    package private(set) var restored = 0
    /// Records that go, since the change had made them; each counts among what is restored.
    package private(set) var removed = 0

    /// - Parameters:
    ///   - state: a record as its owner sees it now.
    ///   - original: the op whose value an op stands for: itself, or for one that an undo wrote the op that it brought back,
    ///     `nil` where it brought back that there was none. Without it, undoing one change after the other would end at the
    ///     first cell that both had written.
    ///   - isWriteOnce: whether a field of a kind keeps its first value for ever.
    ///   - earlier: an op that an op of the change names.
    package init(
        undoing edits: [Edit], of change: ChangeID, state: (RecordID) throws -> RecordState?, isWriteOnce: (String, String) -> Bool,
        original: (OpID) throws -> OpID?, earlier: (OpID) throws -> Earlier?
    ) rethrows {
        var first = 0
        for edit in edits {
            defer { first += edit.ops.count }
            guard let state = try state(edit.record) else {
                left += edit.ops.map { Left(record: edit.record, cell: $0.cell, obstacle: .changedLater) }
                continue
            }
            if let index = edit.ops.firstIndex(where: { $0.cell == .life }) {
                try undoLife(edit, life: OpID(change, first + index), state, change, original, earlier)
            } else {
                try undoValues(edit, first, state, change, isWriteOnce, original, earlier)
            }
        }
    }

    /// A record that was made goes; one that was deleted comes back with what it held.
    private mutating func undoLife(
        _ edit: Edit, life: OpID, _ state: RecordState, _ change: ChangeID, _ original: (OpID) throws -> OpID?,
        _ earlier: (OpID) throws -> Earlier?
    ) rethrows {
        guard let head = try state[.life]?.heads.first(where: { try $0.op == life || original($0.op) == life }),
            try state.cells.allSatisfy({ cell in
                try cell.heads.allSatisfy { try $0.op.change == change || original($0.op).map { $0.change == change } ?? true }
            })
        else {
            left.append(Left(record: edit.record, cell: .life, obstacle: .changedLater))
            return
        }
        guard head.value?.isFalse == true else {
            edits.append((Edit(record: edit.record, kind: edit.kind, ops: [Op(cell: .life, predecessors: state.allHeads)]), [.bool(false)]))
            restored += 1
            removed += 1
            return
        }
        try bringBack(edit.record, state, deletedBy: edit.ops.first { $0.cell == .life }?.predecessors ?? [], earlier)
    }

    /// Plans the return of a record that was deleted on one device and edited on another: what the deletion took away comes
    /// back beside what stands.
    ///
    /// - Parameter named: the ops that its deletions name.
    package init(
        restoring record: RecordID, _ state: RecordState, deletedBy named: [OpID], earlier: (OpID) throws -> Earlier?
    ) rethrows { try bringBack(record, state, deletedBy: named, earlier) }

    /// Writes `@life` as true, and anew the values that a deletion took away, where nothing else stands there now.
    private mutating func bringBack(
        _ record: RecordID, _ state: RecordState, deletedBy named: [OpID], _ earlier: (OpID) throws -> Earlier?
    ) rethrows {
        var before: [CellKey: Set<EncodedValue?>] = [:]
        for op in named {
            guard let earlier = try earlier(op), earlier.cell != .life, state[earlier.cell] == nil else { continue }
            before[earlier.cell, default: []].insert(earlier.value)
        }
        var ops = [(cell: CellKey.life, value: Value.bool(true))]
        for (cell, values) in before {
            guard values.count == 1, let only = values.first else {
                left.append(Left(record: record, cell: cell, obstacle: .severalBefore))
                continue
            }
            guard let value = only else {
                left.append(Left(record: record, cell: cell, obstacle: .erased))
                continue
            }
            if !value.isNull { ops.append((cell, value.value)) }
        }
        ops.sort { $0.cell < $1.cell }
        let deletions = state[.life]?.heads.map(\.op) ?? []
        edits.append(
            (
                Edit(
                    record: record, kind: state.kind,
                    ops: ops.map { Op(cell: $0.cell, predecessors: $0.cell == .life ? deletions : []) }), ops.map(\.value)
            ))
        restored += max(1, ops.count - 1)
    }

    private mutating func undoValues(
        _ edit: Edit, _ first: Int, _ state: RecordState, _ change: ChangeID, _ isWriteOnce: (String, String) -> Bool,
        _ original: (OpID) throws -> OpID?, _ earlier: (OpID) throws -> Earlier?
    ) rethrows {
        var ops: [Op] = []
        var values: [Value] = []
        for (offset, op) in edit.ops.enumerated() {
            let own = OpID(change, first + offset)
            func leave(_ obstacle: Obstacle) { left.append(Left(record: edit.record, cell: op.cell, obstacle: obstacle)) }
            guard let heads = state[op.cell]?.heads, heads.count == 1, try heads[0].op == own || original(heads[0].op) == own else {
                leave(.changedLater)
                continue
            }
            guard !isWriteOnce(edit.kind, op.cell.field) else {
                leave(.writtenOnce)
                continue
            }
            var before = Set<EncodedValue?>()
            for predecessor in op.predecessors {
                if let earlier = try earlier(predecessor) { before.insert(earlier.value) }
            }
            let isMark = heads[0].value.map { $0.isTrue || $0.isFalse } == true && op.cell.element != nil
            let value: EncodedValue
            switch before.count {
            case 0: value = isMark ? .false : .null
            case 1:
                guard let only = before.first, let only else {
                    leave(.erased)
                    continue
                }
                value = only
            default:
                leave(.severalBefore)
                continue
            }
            guard heads[0].value != value else { continue }
            ops.append(Op(cell: op.cell, predecessors: [heads[0].op]))
            values.append(value.value)
        }
        guard !ops.isEmpty else { return }
        edits.append((Edit(record: edit.record, kind: edit.kind, ops: ops), values))
        restored += ops.count
    }
}
