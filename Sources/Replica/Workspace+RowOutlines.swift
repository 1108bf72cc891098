package import BuntanProtocol
package import Merging
package import Records
package import Storage

/// A row as briefs have it: enough to find it, and to say where its negotiation stands.
package struct RowOutline: Sendable {
    package let key: RowKey
    package let negotiation: Negotiation
}

extension Workspace {
    /// The rows that `rows(of:)` reads, in no order, without reading a state of one that is settled.
    package func rowOutlines(of engagement: KnownEngagement, _ reader: any StoreReader) throws -> [RowOutline] {
        var rows: [RowKey: RowSides<RowSide>] = [:]
        try eachRowSide(of: "responsibility", in: engagement.service, reader) { _, key, _, side in
            rows[key, default: RowSides()].put(side, of: nil)
        }
        try eachRowSide(of: "responsibility-position", in: engagement.space, reader) { _, key, by, side in
            if let by { rows[key, default: RowSides()].put(side, of: by) }
        }
        return rows.map { RowOutline(key: $0, negotiation: Negotiation($1)) }
    }

    /// The keys of the rows of a service alone, in no order: those of its draft, or what was published.
    package func rowKeys(in space: SpaceID, _ reader: any StoreReader) throws -> [RowKey] {
        var keys: [RowKey] = []
        try eachRowSide(of: "responsibility", in: space, reader) { _, key, _, _ in keys.append(key) }
        return keys
    }

    /// Hands over each row or position that is not deleted, with the side whose position it is.
    func eachRowSide(
        of kind: String, in space: SpaceID, _ reader: any StoreReader, _ body: (RecordID, RowKey, Side?, RowSide) throws -> Void
    ) throws {
        try reader.eachBrief(of: kind, in: space) { record, flags, bytes in
            let read = RecordBrief.read(bytes)
            guard let brief = try rowBrief(record, in: space, flags, read?.brief, reader), let side = brief.rowSide else { return }
            // A key for which a brief has no room is in the record.
            guard let key = try brief.key ?? read?.key.key ?? reader.shown(record, in: space).flatMap({ RowKey($0) }) else { return }
            try body(record, key, brief.side, side)
        }
    }
}
