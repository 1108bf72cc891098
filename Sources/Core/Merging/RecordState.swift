package import BuntanProtocol

/// An op that nothing has superseded, with its value.
package struct Head: Hashable, Sendable {
    package let op: OpID
    /// Where its change stands in the log; `nil` while it waits in the outbox.
    package let position: Int?
    /// The position of the first statement that enrolled its device in this log: who wrote it.
    package let author: Int
    /// `nil` once erased.
    package let value: EncodedValue?

    package init(op: OpID, position: Int?, author: Int, value: EncodedValue?) {
        self.op = op
        self.position = position
        self.author = author
        self.value = value
    }
}

/// A field, or a set element, of one record with what stands in it: a multi-value register.
package struct Cell: Hashable, Sendable {
    package let key: CellKey
    /// In order of op id, never empty: both parties list a conflict alike.
    package fileprivate(set) var heads: [Head]

    package init(key: CellKey, heads: [Head]) {
        self.key = key
        self.heads = heads
    }
}

/// A record as its ops leave it: the same for every replica that holds the same entries, whatever their order.
package struct RecordState: Hashable, Sendable {
    package let kind: String
    package let creator: OrganisationID
    /// The position of the last change that put the record together from edits unseen by one another, until one that has
    /// seen them follows.
    package private(set) var seam: Int?
    /// In the order of their keys' encoded form.
    package private(set) var cells: [Cell]

    package init(kind: String, creator: OrganisationID, seam: Int? = nil, cells: [Cell] = []) {
        self.kind = kind
        self.creator = creator
        self.seam = seam
        self.cells = cells
    }

    package subscript(key: CellKey) -> Cell? {
        let index = place(of: key)
        return index < cells.count && cells[index].key == key ? cells[index] : nil
    }

    /// Where the cell stands or would stand.
    private func place(of key: CellKey) -> Int {
        var low = 0
        var high = cells.count
        while low < high {
            let middle = (low + high) / 2
            if cells[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// Which change an op belongs to, as far as folding it asks.
package struct OpContext: Sendable {
    package let change: ChangeID
    package let position: Int?
    package let author: Int
    /// The entries its author had in view.
    package let baseSize: Int

    package init(change: ChangeID, position: Int?, author: Int, baseSize: Int) {
        self.change = change
        self.position = position
        self.author = author
        self.baseSize = baseSize
    }
}

extension RecordState {
    /// Applies the ops of an edit: each removes the heads it names and becomes a head itself. There is no other rule.
    ///
    /// The result depends on the set of ops, never on the order they arrived in, as long as every op comes after those it
    /// names. What may not be applied at all `EditCheck` has said before.
    package mutating func apply(_ edit: Edit, firstOp: Int, values: (Int) -> EncodedValue?, context: OpContext) {
        for (offset, op) in edit.ops.enumerated() {
            let index = firstOp + offset
            let head = Head(
                op: OpID(context.change, index), position: context.position, author: context.author, value: values(index))
            let at = place(of: op.cell)
            guard at < cells.count, cells[at].key == op.cell else {
                cells.insert(Cell(key: op.cell, heads: [head]), at: at)
                continue
            }
            // A deletion names the heads it saw in every cell, under `@life`; they stay what they are there.
            if !op.predecessors.isEmpty {
                let named = Set(op.predecessors)
                cells[at].heads.removeAll { named.contains($0.op) }
            }
            let before = cells[at].heads.firstIndex { $0.op > head.op } ?? cells[at].heads.count
            cells[at].heads.insert(head, at: before)
        }
        if edit.ops.contains(where: { $0.cell == .life && !$0.predecessors.isEmpty }) {
            removeDeletedHeads(edit, firstOp: firstOp)
        }
        placeSeam(edit, context: context)
    }

    /// Takes the heads of other cells that a deletion or restoration names out of them.
    private mutating func removeDeletedHeads(_ edit: Edit, firstOp: Int) {
        guard let life = edit.ops.first(where: { $0.cell == .life }) else { return }
        let named = Set(life.predecessors)
        for index in cells.indices where cells[index].key != .life { cells[index].heads.removeAll { named.contains($0.op) } }
        cells.removeAll { $0.heads.isEmpty }
    }

    /// Marks a record put together from edits of two devices that had not seen each other, so that people look before signing.
    private mutating func placeSeam(_ edit: Edit, context: OpContext) {
        let written = Set(edit.ops.map(\.cell))
        let unseen = cells.contains { cell in
            !written.contains(cell.key)
                && cell.heads.contains { head in
                    guard head.author != context.author else { return false }
                    guard let position = head.position else { return false }
                    return position >= context.baseSize
                }
        }
        if unseen {
            if let position = context.position { seam = position }
        } else if let standing = seam, context.baseSize > standing {
            seam = nil
        }
    }
}

// MARK: canonical form

extension RecordState {
    /// The one form of a state: in stores, in snapshots, under the state digest (PROTOCOL.md section 14).
    package func encoded() -> [UInt8] { CBORWriter.encode(capacity: 64 + cells.count * 96) { write(to: &$0) } }

    package func write(to w: inout CBORWriter) {
        w.array(4)
        w.text(kind)
        w.id(creator)
        w.optional(seam) { $0.int($1) }
        w.list(cells) { w, cell in
            w.array(3)
            cell.key.write(to: &w)
            w.list(cell.heads) { w, head in
                w.array(head.value == nil ? 4 : 5)
                w.id(head.op.change)
                w.int(head.op.index)
                w.optional(head.position) { $0.int($1) }
                w.int(head.author)
                if let value = head.value { w.raw(value.bytes) }
            }
        }
    }

    package init(decoding bytes: [UInt8]) throws(DecodingFault) {
        self = try CBORReader.decode(bytes) { r throws(DecodingFault) in try RecordState(from: &r) }
    }

    package init(from r: inout CBORReader) throws(DecodingFault) {
        try r.array(of: 4)
        let kind = try r.text(most: Limits.nameBytes)
        let creator: OrganisationID = try r.id()
        let seam = try r.optional { r throws(DecodingFault) in try r.count() }
        let start = r.offset
        let cells = try r.list(most: Limits.cellsPerRecord) { r throws(DecodingFault) -> Cell in
            try r.array(of: 3)
            let key = try CellKey(from: &r)
            let at = r.offset
            let heads = try r.list(most: Limits.headsPerRecord) { r throws(DecodingFault) -> Head in
                let count = try r.array()
                let op = OpID(try r.id(), try r.int(0...(Limits.opsPerChange - 1)))
                let position = try r.optional { r throws(DecodingFault) in try r.count() }
                let author = try r.count()
                switch count {
                case 4: return Head(op: op, position: position, author: author, value: nil)
                case 5: return Head(op: op, position: position, author: author, value: try EncodedValue(from: &r))
                default: throw r.fault(.wrongLength)
                }
            }
            guard !heads.isEmpty else { throw DecodingFault(.wrongLength, at: at) }
            for i in heads.indices.dropFirst() where !(heads[i - 1].op < heads[i].op) { throw DecodingFault(.unsorted, at: at) }
            return Cell(key: key, heads: heads)
        }
        for i in cells.indices.dropFirst() where !(cells[i - 1].key < cells[i].key) { throw DecodingFault(.unsorted, at: start) }
        self.init(kind: kind, creator: creator, seam: seam, cells: cells)
    }

    package var hash: Digest { SHA.digest(encoded()) }
}
