/// Ops of one change whose values are to go (PROTOCOL.md section 10).
package struct ErasedOps: Hashable, Sendable {
    package let change: ChangeID
    /// Ascending, distinct, never empty.
    package let indices: [Int]

    package init(_ change: ChangeID, _ indices: [Int]) {
        self.change = change
        self.indices = indices
    }

    /// A list of them, ascending by change, each once, never empty.
    static func write(_ list: [ErasedOps], to w: inout CBORWriter) {
        w.list(list) { w, item in
            w.array(2)
            w.id(item.change)
            w.list(item.indices) { $0.int($1) }
        }
    }

    static func list(from r: inout CBORReader) throws(DecodingFault) -> [ErasedOps] {
        let at = r.offset
        let list = try r.list(most: Limits.opsPerChange) { r throws(DecodingFault) -> ErasedOps in
            try r.array(of: 2)
            let change: ChangeID = try r.id()
            let at = r.offset
            let indices = try r.list(most: Limits.opsPerChange) { r throws(DecodingFault) in try r.int(0...(Limits.opsPerChange - 1)) }
            guard !indices.isEmpty, zip(indices, indices.dropFirst()).allSatisfy({ $0 < $1 }) else {
                throw DecodingFault(.unsorted, at: at)
            }
            return ErasedOps(change, indices)
        }
        guard !list.isEmpty, zip(list, list.dropFirst()).allSatisfy({ $0.change < $1.change }) else {
            throw DecodingFault(.unsorted, at: at)
        }
        return list
    }
}
