import BuntanProtocol
package import Merging
package import Storage

/// A plain way to file records, for tests of stores alone: it reads the canonical bytes and knows no merge rules but
/// that heads with several values are a conflict.
package struct PlainIndexing: RecordIndexing {
    package init() {}

    package func flags(of state: RecordState) -> RecordFlags {
        var flags: RecordFlags = []
        guard let cells = try? Self.cells(of: state) else { return flags }
        let life = cells.first { $0.key == .life }?.values ?? []
        if !life.isEmpty, life.allSatisfy(\.isTrue) { flags.insert(.alive) }
        let isTorn = cells.contains { Set($0.values).count > 1 }
        let isDeletedBesideEdit = life.contains(where: \.isFalse) && cells.count > 1
        if isTorn || isDeletedBesideEdit { flags.insert(.conflicted) }
        return flags
    }

    /// The first value beside `@life`, at most 32 bytes of it.
    package func brief(of state: RecordState) -> [UInt8] {
        let cells = (try? Self.cells(of: state)) ?? []
        return Array(cells.first { $0.key != .life }?.values.first?.bytes.prefix(32) ?? [])
    }

    private static func cells(of state: RecordState) throws(DecodingFault) -> [(key: CellKey, values: [EncodedValue])] {
        try CBORReader.decode(state.encoded()) { r throws(DecodingFault) in
            try r.array(of: 4)
            _ = try r.text()
            _ = try r.skip()
            _ = try r.skip()
            return try r.list(most: Limits.cellsPerRecord) { r throws(DecodingFault) in
                try r.array(of: 3)
                let field = try r.text()
                let element = try r.optional { r throws(DecodingFault) in try Element(from: &r) }
                let values = try r.list(most: Limits.headsPerRecord) { r throws(DecodingFault) -> EncodedValue in
                    let parts = try r.array()
                    for _ in 0..<4 { _ = try r.skip() }
                    return parts == 5 ? try EncodedValue(from: &r) : .null
                }
                return (CellKey(field, element), values)
            }
        }
    }
}
