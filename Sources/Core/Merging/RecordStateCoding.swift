package import BuntanProtocol

// The one form of a state, in stores, in snapshots and under the state digest (PROTOCOL.md section 14):
//
//   [kind, creator, seam|null, [[field, element|null, [head, …] sorted], …] sorted]
//   head = [cid, index, position, author, value], once erased [cid, index, position, author]
//
// Sorted is by encoded bytes: cells stand in the order of their keys, heads in that of their op ids, but that erased
// heads, whose arrays are shorter, come first.
extension RecordState {
    package func encoded() -> [UInt8] { CBORWriter.encode(capacity: encodedCapacity) { write(to: &$0) } }

    package func write(to w: inout CBORWriter) {
        w.array(4)
        w.text(kind)
        w.id(creator)
        if let seam { w.int(seam) } else { w.null() }
        w.array(cells.count)
        for cell in cells {
            w.array(3)
            cell.key.write(to: &w)
            w.array(cell.heads.count)
            if cell.heads.count == 1 {
                cell.heads[0].write(to: &w)
            } else {
                for head in cell.heads where head.value == nil { head.write(to: &w) }
                for head in cell.heads where head.value != nil { head.write(to: &w) }
            }
        }
    }

    /// SHA-256 of the one form, as the state digest takes it.
    package var hash: Digest { SHA.digest(encoded()) }

    /// Reads the one form and refuses any other; values share the storage of `bytes`.
    ///
    /// `admitsPending` lets in what only a client's own store has: heads still in the outbox, and more of them than a log
    /// may hold. States that arrive from elsewhere are read without.
    package init(decoding bytes: [UInt8], admitsPending: Bool = true) throws(DecodingFault) {
        self = try CBORReader.decode(bytes) { r throws(DecodingFault) in try RecordState(from: &r, admitsPending: admitsPending) }
    }

    package init(from r: inout CBORReader, admitsPending: Bool = true) throws(DecodingFault) {
        try r.array(of: 4)
        let kind = try r.text(most: Limits.nameBytes)
        let creator: OrganisationID = try r.id()
        let seam: Int? = try r.null() ? nil : try r.count()
        let start = r.offset
        let count = try r.array()
        guard admitsPending || count <= Limits.cellsPerRecord else { throw DecodingFault(.tooMany, at: start) }
        var cells: [Cell] = []
        cells.reserveCapacity(count)
        var headCount = 0
        for _ in 0..<count {
            let at = r.offset
            let cell = try Cell(from: &r, admitsPending: admitsPending)
            if let last = cells.last, !(last.key < cell.key) { throw DecodingFault(.unsorted, at: at) }
            headCount += cell.heads.count
            cells.append(cell)
        }
        guard admitsPending || headCount <= Limits.headsPerRecord else { throw DecodingFault(.tooMany, at: start) }
        self.init(kind: kind, creator: creator, seam: seam, cells: cells)
    }

    private var encodedCapacity: Int {
        var count = 64
        for cell in cells {
            count += 32 + cell.key.field.utf8.count
            for head in cell.heads { count += 32 + (head.value?.bytes.count ?? 0) }
        }
        return count
    }
}

extension Cell {
    fileprivate init(from r: inout CBORReader, admitsPending: Bool) throws(DecodingFault) {
        try r.array(of: 3)
        let key = try CellKey(from: &r)
        let start = r.offset
        let count = try r.array()
        guard count > 0 else { throw DecodingFault(.wrongLength, at: start) }
        if count == 1 {
            self.init(key: key, heads: [try Head(from: &r, admitsPending: admitsPending)])
            return
        }
        guard admitsPending || count <= Limits.headsPerCell else { throw DecodingFault(.tooMany, at: start) }
        var heads: [Head] = []
        heads.reserveCapacity(count)
        for _ in 0..<count {
            let at = r.offset
            let head = try Head(from: &r, admitsPending: admitsPending)
            if let last = heads.last, !last.isEncodedBefore(head) { throw DecodingFault(.unsorted, at: at) }
            heads.append(head)
        }
        if heads[0].value == nil {
            heads.sort { $0.op < $1.op }
            for i in heads.indices.dropFirst() where heads[i - 1].op == heads[i].op { throw DecodingFault(.unsorted, at: start) }
        }
        self.init(key: key, heads: heads)
    }
}

extension Head {
    fileprivate func write(to w: inout CBORWriter) {
        w.array(value == nil ? 4 : 5)
        w.id(op.change)
        w.int(op.index)
        if let position { w.int(position) } else { w.null() }
        w.int(author)
        if let value { w.raw(value.bytes) }
    }

    fileprivate init(from r: inout CBORReader, admitsPending: Bool) throws(DecodingFault) {
        let start = r.offset
        let count = try r.array()
        guard count == 4 || count == 5 else { throw DecodingFault(.wrongLength, at: start) }
        let change: ChangeID = try r.id()
        let index = try r.int(0...(Limits.opsPerChange - 1))
        let at = r.offset
        let position: Int? = try r.null() ? nil : try r.count()
        guard admitsPending || position != nil else { throw DecodingFault(.wrongType, at: at) }
        let author = try r.count()
        let value: EncodedValue? = count == 5 ? try EncodedValue(from: &r) : nil
        self.init(op: OpID(change, index), position: position, author: author, value: value)
    }

    fileprivate func isEncodedBefore(_ other: Head) -> Bool {
        (value == nil) == (other.value == nil) ? op < other.op : value == nil
    }
}
