package import BuntanProtocol

/// A cell as a document prints it.
package struct CoveredCell: Hashable, Sendable {
    package let key: CellKey
    package let value: EncodedValue

    package init(key: CellKey, value: EncodedValue) {
        self.key = key
        self.value = value
    }
}

/// What an agreement covers of one record: its settled cells, and their digest.
package struct CoveredRecord: Hashable, Sendable {
    package let space: SpaceID
    package let record: RecordID
    package let kind: String
    /// In order of their encoded form.
    package let cells: [CoveredCell]

    /// Takes cells that are sorted and covered already, as a verifier reads them from a document.
    package init(space: SpaceID, record: RecordID, kind: String, cells: [CoveredCell]) {
        self.space = space
        self.record = record
        self.kind = kind
        self.cells = cells
    }

    /// Returns what there is to cover, or `nil` for a record that is not alive, is in conflict, or had a value erased.
    ///
    /// All cells but `@life`, *empty* ones and `false` set elements, known to the schema or not: so old and new programs
    /// agree on the digest.
    package init?(_ state: RecordState, record: RecordID, space: SpaceID) {
        guard state.isAlive else { return nil }
        var cells: [CoveredCell] = []
        cells.reserveCapacity(state.cells.count)
        for cell in state.cells where cell.key != .life {
            guard !cell.isConflicted, let value = cell.heads[0].value else { return nil }
            if value.isNull || (value.isFalse && cell.key.element != nil) { continue }
            cells.append(CoveredCell(key: cell.key, value: value))
        }
        self.init(space: space, record: record, kind: state.kind, cells: cells)
    }

    package var digest: Digest {
        let size = cells.reduce(128) { $0 + $1.value.bytes.count + $1.key.field.utf8.count + 24 }
        return Purpose.hash(
            "covered",
            CBORWriter.encode(capacity: size) { w in
                w.array(4)
                w.id(space)
                w.id(record)
                w.text(kind)
                w.list(cells) { w, cell in
                    w.array(3)
                    cell.key.write(to: &w)
                    w.raw(cell.value.bytes)
                }
            })
    }
}

/// What a customer had read when it accepted: the published row and the provider's own position.
package enum AcceptsDigest {
    private static let prefix = Purpose.prefix("accepts")

    /// H("accepts", CBOR [digest of the published row | null, digest of the provider's position | null]).
    package static func digest(row: Digest?, providerPosition: Digest?) -> Digest {
        SHA.digest(
            CBORWriter.encode(capacity: 96) { w in
                w.raw(prefix)
                w.array(2)
                w.optional(row) { $0.fixed($1) }
                w.optional(providerPosition) { $0.fixed($1) }
            })
    }
}
