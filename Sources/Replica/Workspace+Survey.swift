import Agreements
import BuntanProtocol
import Merging
import Storage

extension Workspace {
    /// Reads the briefs of an engagement once: puts its rows together, and compares what is there with what agreements cover.
    ///
    /// - Parameters:
    ///   - tally: puts rows together; `nil` where they are not wanted.
    ///   - row: is handed each row, in no order.
    /// - Returns: what differs from each outline, by agreement.
    func survey(
        of engagement: KnownEngagement, _ tally: RowTally?, comparing outlines: [AgreementOutline] = [], _ reader: any StoreReader,
        row: (RowTally.Row) -> Void = { _ in }
    ) throws -> [RecordID: [OutlineDifference]] {
        var tally = tally
        var comparisons = outlines.map { OutlineComparison($0) }
        let positions = ScopedKind(space: engagement.space, kind: "responsibility-position")
        let published = ScopedKind(space: engagement.service, kind: "responsibility")
        // A row takes the positions on it, so these come first.
        let rows = tally == nil ? [] : [positions, published]
        for place in rows + scopedKinds(outlines.flatMap(\.head.scope)).filter({ !rows.contains($0) }) {
            for number in comparisons.indices { comparisons[number].begin(place) }
            let (isPositions, isPublished) = (place == positions, place == published)
            try reader.eachBrief(of: place.kind, in: place.space) { record, flags, bytes in
                let read = RecordBrief.read(bytes)
                if tally != nil, let brief = try rowBrief(record, in: place.space, flags, read?.brief, reader) {
                    if isPositions { tally?.add(position: brief) }
                    if isPublished, let found = tally?.take(brief) { row(found) }
                }
                guard !comparisons.isEmpty, let now = try current(record, in: place.space, flags, read, reader) else { return }
                for number in comparisons.indices { comparisons[number].meet(now) }
            }
        }
        if let tally { for left in tally.left { row(left) } }
        return Dictionary(uniqueKeysWithValues: comparisons.indices.map { (outlines[$0].head.agreement, comparisons[$0].finish()) })
    }

    /// The brief of a row or a position. A deletion that met an edit takes the key with it: that of such a record is looked up.
    func rowBrief(
        _ record: RecordID, in space: SpaceID, _ flags: RecordFlags, _ brief: RecordBrief?, _ reader: any StoreReader
    ) throws -> RowBrief? {
        if case .row(let brief)? = brief { return brief }
        guard flags.contains(.conflicted), let state = try reader.shown(record, in: space),
            let held = try heldKey(of: state, in: space, reader)
        else { return nil }
        return RowBrief(
            name: RowName(held.key), side: held.side, rowSide: RowSide(state, record: record, space: space), key: held.key)
    }

    /// A record as it stands now; one that its brief does not tell of is read. `nil` for one that is deleted.
    private func current(
        _ record: RecordID, in space: SpaceID, _ flags: RecordFlags, _ read: (brief: RecordBrief, key: PackedRowKey)?,
        _ reader: any StoreReader
    ) throws -> CurrentDigest? {
        if flags.contains(.conflicted) { return CurrentDigest(record: record, content: .conflicted, row: .read(nil)) }
        guard flags.contains(.alive) else { return nil }
        if case (.row(let row), let key)? = read, let side = row.rowSide, !key.isEmpty {
            return CurrentDigest(record: record, content: side.covered.map { .settled($0) } ?? .erased, row: .packed(key))
        }
        return try reader.shown(record, in: space).flatMap { CurrentRecord($0, record: record, space: space) }.map { CurrentDigest($0) }
    }
}
