package import BuntanProtocol

/// An op that nothing has superseded, with its value.
package struct Head: Hashable, Sendable {
    package let op: OpID
    /// Where its change stands in the log; `nil` while it waits in the outbox.
    package let position: Int?
    /// The position of the first statement that enrolled its device in this log: who wrote it.
    package let author: Int
    /// `nil` once erased: the head stays, and never falls back to an older value.
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
    package internal(set) var heads: [Head]

    package init(key: CellKey, heads: [Head]) {
        self.key = key
        self.heads = heads
    }
}

/// A record as its ops leave it.
///
/// The cells depend on the set of ops alone, the whole state on the log: replicas that hold the same entries hold the
/// same bytes.
package struct RecordState: Hashable, Sendable {
    package let kind: String
    /// The organisation whose entry named the record first; it alone may write it.
    package let creator: OrganisationID
    /// The position of the last change that put the record together from edits unseen by one another, until one that has
    /// seen them follows.
    package internal(set) var seam: Int?
    /// In the order of their keys' encoded form.
    package internal(set) var cells: [Cell]

    package init(kind: String, creator: OrganisationID, seam: Int? = nil, cells: [Cell] = []) {
        self.kind = kind
        self.creator = creator
        self.seam = seam
        self.cells = cells
    }

    /// What stands in a cell, `nil` where nobody has written.
    package subscript(key: CellKey) -> Cell? {
        let index = place(of: key)
        return index < cells.count && cells[index].key == key ? cells[index] : nil
    }

    /// The cells of one field, which stand together: one, or one for each element or language.
    package func cells(of field: String) -> ArraySlice<Cell> {
        // No element is encoded before an id without bytes.
        let start = place(of: CellKey(field, .id([])))
        var end = start
        while end < cells.count, cells[end].key.field == field { end += 1 }
        return cells[start..<end]
    }

    /// The record without the values of the ops that are meant: their heads stay.
    package func erasing(_ isMeant: (OpID) -> Bool) -> RecordState {
        var state = self
        for cell in cells.indices {
            for (index, head) in cells[cell].heads.enumerated() where head.value != nil && isMeant(head.op) {
                state.cells[cell].heads[index] = Head(op: head.op, position: head.position, author: head.author, value: nil)
            }
        }
        return state
    }

    package var headCount: Int { cells.reduce(0) { $0 + $1.heads.count } }

    /// Where the cell stands or would stand.
    func place(of key: CellKey) -> Int {
        var low = 0
        var high = cells.count
        while low < high {
            let middle = (low + high) / 2
            if cells[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
