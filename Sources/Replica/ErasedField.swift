package import BuntanProtocol
import Merging
package import Records
package import Storage

/// A row's record of which a value was erased, and which its side has to write anew: until then the row is unsettled.
package struct ErasedField: Hashable, Sendable {
    package let record: RecordID
    package let kind: String
    package let row: RowKey
    package let cells: [CellKey]
    /// Whose it is to write.
    package let side: Side
    /// Whether the own draft of a published row holds values again, so that publishing it is all there is to do.
    package let isDrafted: Bool
    /// When the last of them was erased, by the log keeper's clock; `nil` where no word of the log is known.
    package let erased: Int64?
}

extension Workspace {
    /// The rows of an engagement that an erasure leaves unsettled, in the order of rows.
    ///
    /// Only records whose brief says so are read.
    package func erasedFields(of engagement: KnownEngagement, _ reader: any StoreReader) throws -> [ErasedField] {
        var found: [ErasedField] = []
        let draft = try StoreDirectory(reader).services.first { $0.service == engagement.service }?.draft
        for (kind, space) in [("responsibility", engagement.service), ("responsibility-position", engagement.space)] {
            var doubtful: [RecordID] = []
            try reader.eachBrief(of: kind, in: space) { record, flags, bytes in
                guard flags.contains(.alive), !flags.contains(.conflicted) else { return }
                if case .row(let brief)? = RecordBrief.read(bytes)?.brief, let side = brief.rowSide, side.covered != nil { return }
                doubtful.append(record)
            }
            guard !doubtful.isEmpty else { continue }
            let erasures = try knownErasures(in: space, reader)
            for record in doubtful {
                guard let state = try reader.shown(record, in: space), let row = RowKey(state) else { continue }
                let cells = state.cells.filter(\.isErased).map(\.key)
                guard !cells.isEmpty else { continue }
                let drafted = try draft.flatMap { try reader.shown(row.responsibility(in: $0), in: $0) }
                found.append(
                    ErasedField(
                        record: record, kind: kind, row: row, cells: cells,
                        side: state.text("side").flatMap { Side(name: $0) } ?? .provider,
                        isDrafted: kind == "responsibility"
                            && drafted.map { state in cells.allSatisfy { state[$0]?.isErased == false } } ?? false,
                        erased: erasures.last { $0.lost.contains { $0.record == record } }?.received))
            }
        }
        return RowKey.sorted(found, by: \.row)
    }
}
