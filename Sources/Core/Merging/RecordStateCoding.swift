package import BuntanProtocol

// The one form of a state, in stores, in snapshots and under the state digest (PROTOCOL.md section 14):
//
//   [kind, creator, seam|null, [[field, element|null, [head, …] sorted], …] sorted]
//   head = [cid, index, position, author, value], once erased [cid, index, position, author]
//
// Sorted is by encoded bytes: cells stand in the order of their keys, heads in that of their op ids, but that erased
// heads, whose arrays are shorter, come first.
extension RecordState {
    package func encoded() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: mostEncodedBytes) { buffer, count in
            var w = StateWriter(buffer)
            w.head(4, 4)
            w.text(kind)
            w.id(creator.high, creator.low)
            w.optional(seam)
            w.head(4, cells.count)
            for cell in cells {
                w.byte(0x83)
                w.text(cell.key.field)
                w.element(cell.key.element)
                w.head(4, cell.heads.count)
                if cell.heads.count == 1 {
                    w.write(cell.heads[0])
                } else {
                    for head in cell.heads where head.value == nil { w.write(head) }
                    for head in cell.heads where head.value != nil { w.write(head) }
                }
            }
            count = w.count
        }
    }

    package func write(to w: inout CBORWriter) { w.raw(encoded()) }

    /// SHA-256 of the one form, as the state digest takes it.
    package var hash: Digest { SHA.digest(encoded()) }

    /// Reads the one form and refuses any other; values share the storage of `bytes`.
    ///
    /// `admitsPending` lets in what only a client's own store has: heads still in the outbox, and more of them than a log
    /// may hold. States that arrive from elsewhere are read without.
    package init(decoding bytes: [UInt8], admitsPending: Bool = true) throws(DecodingFault) {
        try self.init(decoding: bytes[...], admitsPending: admitsPending)
    }

    package init(decoding bytes: ArraySlice<UInt8>, admitsPending: Bool = true) throws(DecodingFault) {
        self = try bytes.withUnsafeBufferPointer { buffer throws(DecodingFault) in
            var r = StateReader(buffer, sharing: bytes)
            return try r.state(admitsPending: admitsPending)
        }
    }

    package init(from r: inout CBORReader, admitsPending: Bool = true) throws(DecodingFault) {
        let start = r.offset
        do {
            try self.init(decoding: try r.skip(), admitsPending: admitsPending)
        } catch { throw DecodingFault(error.reason, at: start + error.offset) }
    }

    /// Room for every part in its longest form.
    private var mostEncodedBytes: Int {
        var count = 64 + kind.utf8.count
        for cell in cells {
            count += 32 + cell.key.field.utf8.count
            switch cell.key.element {
            case nil: break
            case .code(let code)?: count += code.utf8.count
            case .id(let id)?: count += id.count
            }
            for head in cell.heads { count += 48 + (head.value?.bytes.count ?? 0) }
        }
        return count
    }
}
