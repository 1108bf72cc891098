package import BuntanProtocol

/// Which change an op belongs to, as far as folding it asks.
package struct OpContext: Hashable, Sendable {
    package let change: ChangeID
    /// `nil` while the change waits in the outbox.
    package let position: Int?
    /// The position of the first statement that enrolled the author's device in this log.
    package let author: Int
    /// The entries its author had in view.
    package let baseSize: Int

    package init(change: ChangeID, position: Int?, author: Int, baseSize: Int) {
        self.change = change
        self.position = position
        self.author = author
        self.baseSize = baseSize
    }

    package init(change: ChangeID, position: Int?, author: Int, base: Base) {
        self.init(change: change, position: position, author: author, baseSize: base.size)
    }
}

extension RecordState {
    /// Applies the ops of an edit: each removes the heads it names and becomes a head itself.
    ///
    /// There is no other rule. The cells depend on the set of ops, never on the order they arrived in, as long as every op comes after those it
    /// names. What may not be applied at all `EditCheck` has said before. `firstOp` is the number of the edit's first op
    /// in its change; ops of one change never name each other, so their order does not matter either.
    package mutating func apply(_ edit: Edit, firstOp: Int, values: (Int) -> EncodedValue?, context: OpContext) {
        if cells.isEmpty {
            cells = edit.ops.enumerated().map { Cell(key: $1.cell, heads: [head(firstOp + $0, values, context)]) }
            let isSorted = zip(cells, cells.dropFirst()).allSatisfy { $0.key < $1.key }
            if !isSorted { cells.sort { $0.key < $1.key } }
            return
        }
        // A deletion names the heads it saw in every cell, under `@life`.
        for op in edit.ops where op.cell == .life && !op.predecessors.isEmpty { remove(Set(op.predecessors)) }
        for (offset, op) in edit.ops.enumerated() {
            put(head(firstOp + offset, values, context), in: op.cell, removing: op.predecessors)
        }
        placeSeam(edit, context: context)
    }

    /// Returns the state after the edit that names its record first.
    package static func created(
        by edit: Edit, creator: OrganisationID, firstOp: Int, values: (Int) -> EncodedValue?, context: OpContext
    ) -> RecordState {
        var state = RecordState(kind: edit.kind, creator: creator)
        state.apply(edit, firstOp: firstOp, values: values, context: context)
        return state
    }

    private func head(_ index: Int, _ values: (Int) -> EncodedValue?, _ context: OpContext) -> Head {
        Head(op: OpID(context.change, index), position: context.position, author: context.author, value: values(index))
    }

    private mutating func put(_ head: Head, in key: CellKey, removing predecessors: [OpID]) {
        let at = place(of: key)
        guard at < cells.count, cells[at].key == key else {
            cells.insert(Cell(key: key, heads: [head]), at: at)
            return
        }
        if !predecessors.isEmpty { cells[at].heads.removeAll { predecessors.contains($0.op) } }
        let before = cells[at].heads.firstIndex { !($0.op < head.op) } ?? cells[at].heads.count
        // A change that comes back from the log with its position takes its own place.
        if before < cells[at].heads.count, cells[at].heads[before].op == head.op {
            cells[at].heads[before] = head
        } else {
            cells[at].heads.insert(head, at: before)
        }
    }

    private mutating func remove(_ named: Set<OpID>) {
        for at in cells.indices where cells[at].heads.contains(where: { named.contains($0.op) }) {
            cells[at].heads.removeAll { named.contains($0.op) }
        }
        cells.removeAll { $0.heads.isEmpty }
    }

    /// Marks a record put together from edits of two devices that had not seen each other, so that people look before signing.
    private mutating func placeSeam(_ edit: Edit, context: OpContext) {
        let leavesUnseen = cells.contains { cell in
            cell.heads.contains { ($0.position ?? -1) >= context.baseSize && $0.author != context.author }
                && !edit.ops.contains { $0.cell == cell.key }
        }
        if leavesUnseen {
            if let position = context.position { seam = position }
        } else if let standing = seam, standing < context.baseSize {
            seam = nil
        }
    }
}
