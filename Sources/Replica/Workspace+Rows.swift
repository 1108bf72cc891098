package import BuntanProtocol
import ChangeLog
package import Merging
package import Records
package import Storage

/// A row of an engagement, or of a service alone, as both sides hold it.
package struct MatrixRow: Sendable {
    package let key: RowKey
    package let row: RecordState?
    package let providerPosition: RecordState?
    package let customerPosition: RecordState?
    package let negotiation: Negotiation
    package let rowID: RecordID

    package init(
        key: RowKey, row: RecordState?, providerPosition: RecordState?, customerPosition: RecordState?, negotiation: Negotiation,
        rowID: RecordID
    ) {
        self.key = key
        self.row = row
        self.providerPosition = providerPosition
        self.customerPosition = customerPosition
        self.negotiation = negotiation
        self.rowID = rowID
    }
}

extension MatrixRow {
    /// What the other side of a side holds to.
    package func theirs(for side: Side) -> RowSide.Allocation { side == .customer ? negotiation.provider : negotiation.customer }
}

package enum RowFault: Error, Hashable, Sendable {
    case unknownRow(RowKey)
    /// Nothing of theirs is settled that could be accepted.
    case nothingToAccept(RowKey)
    /// Their value is in conflict on their side.
    case unsettled(RowKey)
}

extension Workspace {
    /// All rows of an engagement: published ones and those on which a side has a position.
    ///
    /// - Parameter byBriefs: Whether it is told from briefs where a row stands. They hold the digests of what each side says, which cost
    ///   more than all else of a row; whoever signs has them made of what is signed.
    package func rows(of engagement: KnownEngagement, byBriefs: Bool = false, _ reader: any StoreReader) throws -> [MatrixRow] {
        var table = RowTable()
        let kinds = [("responsibility", engagement.service), ("responsibility-position", engagement.space)]
        for (kind, space) in byBriefs ? kinds : [] {
            try eachRowSide(of: kind, in: space, reader) { record, key, side, brief in
                if (side == nil) == (space == engagement.service) { table.put(brief, of: side, in: record, key) }
            }
        }
        for (kind, space) in kinds {
            for stored in try reader.records(of: kind, in: space, after: nil, limit: .max) where stored.shown.standing != .deleted {
                try table.put(stored.shown, in: stored.id) {
                    guard let (key, side) = try heldKey(of: stored.shown, in: space, reader) else { return nil }
                    // What is published is of no side, and a position of one.
                    return space == engagement.service ? (key, nil) : side.map { (key, $0) }
                }
            }
        }
        return RowKey.sorted(table.rows.filter(\.isThere)) { $0.key }.map { parts in
            let states = parts.states
            guard parts.isBrief else { return row(parts.key, states, engagement) }
            return MatrixRow(
                key: parts.key, row: states.published, providerPosition: states.provider, customerPosition: states.customer,
                negotiation: Negotiation(parts.briefs), rowID: parts.key.responsibility(in: engagement.service))
        }
    }

    /// The row that a record is, or is a position on, and the side whose position it is; where a deletion met an edit, as the
    /// record had it before.
    package func heldKey(of state: RecordState, in space: SpaceID, _ reader: any StoreReader) throws -> (key: RowKey, side: Side?)? {
        if let key = RowKey(state) { return (key, state.text("side").flatMap { Side(name: $0) }) }
        guard state.isLifeOpen else { return nil }
        let held = try reader.heldBefore(state, in: space)
        return RowKey(held).map { ($0, held[CellKey("side")]?.text.flatMap { Side(name: $0) }) }
    }

    package func row(_ key: RowKey, of engagement: KnownEngagement, _ reader: any StoreReader) throws -> MatrixRow {
        row(
            key,
            RowSides(
                published: try reader.shown(key.responsibility(in: engagement.service), in: engagement.service),
                provider: try reader.shown(key.position(of: .provider, in: engagement.space), in: engagement.space),
                customer: try reader.shown(key.position(of: .customer, in: engagement.space), in: engagement.space)), engagement)
    }

    private func row(_ key: RowKey, _ states: RowSides<RecordState>, _ engagement: KnownEngagement) -> MatrixRow {
        let id = key.responsibility(in: engagement.service)
        func position(_ state: RecordState?, of side: Side) -> RowSide? {
            state.flatMap { RowSide($0, record: key.position(of: side, in: engagement.space), space: engagement.space) }
        }
        let sides = RowSides(
            published: states.published.flatMap { RowSide($0, record: id, space: engagement.service) },
            provider: position(states.provider, of: .provider), customer: position(states.customer, of: .customer))
        return MatrixRow(
            key: key, row: states.published, providerPosition: states.provider, customerPosition: states.customer,
            negotiation: Negotiation(sides), rowID: id)
    }

    /// Rows of a service alone: its draft, or what was published.
    package func rows(in space: SpaceID, _ reader: any StoreReader) throws -> [(key: RowKey, state: RecordState)] {
        let rows = try reader.records(of: "responsibility", in: space, after: nil, limit: .max)
            .filter { $0.shown.standing != .deleted }
            .compactMap { stored in RowKey(stored.shown).map { (key: $0, state: stored.shown) } }
        return RowKey.sorted(rows) { $0.key }
    }

    // MARK: positions

    /// The own position that equals theirs as stored here now.
    package func acceptance(of key: RowKey, in engagement: KnownEngagement, _ reader: any StoreReader) throws -> RecordDraft {
        let row = try row(key, of: engagement, reader)
        guard row.row != nil || row.providerPosition != nil || row.customerPosition != nil else { throw RowFault.unknownRow(key) }
        let theirs = row.theirs(for: engagement.seat)
        switch theirs {
        case .unsettled: throw RowFault.unsettled(key)
        case .empty: throw RowFault.nothingToAccept(key)
        case .settled(let allocation): return position(key, in: engagement, row: row, cells: [CellKey("allocation"): .text(allocation)])
        }
    }

    /// The own positions that equal theirs as stored here now, for those of some rows on which the two sides do not agree yet.
    ///
    /// A row that is agreed stays as it is: a second position of the same value would change what both have signed.
    package func acceptances(of keys: [RowKey], in engagement: KnownEngagement, _ reader: any StoreReader) throws -> [RecordDraft] {
        try keys.filter { try row($0, of: engagement, reader).negotiation.state != .agreed }
            .map { try acceptance(of: $0, in: engagement, reader) }
    }

    /// An own position with other values; for a customer, what it has read goes with it.
    ///
    /// - Parameter followsControl: whether it is taken over from the answer on the control's row. Any other is an answer of its own.
    package func position(
        _ key: RowKey, in engagement: KnownEngagement, row: MatrixRow, cells: [CellKey: Value], followsControl: Bool = false
    ) -> RecordDraft {
        var cells = cells
        if followsControl != (row.customerPosition?.saysItFollows == true), engagement.side == .customer {
            cells[CellKey("followsControl")] = followsControl ? .bool(true) : .null
        }
        if engagement.side == .customer, let accepts = row.negotiation.accepts { cells[CellKey("accepts")] = .fixed(accepts) }
        return RecordDraft(
            space: engagement.space, kind: "responsibility-position",
            key: [
                ("framework", .text(key.framework)), ("controlId", .text(key.controlId)), ("itemKey", .text(key.itemKey)),
                ("side", .text(engagement.seat.name)),
            ], cells: cells)
    }

    /// A shared remark on a row or another record.
    package func comment(on record: RecordID, text: String) -> RecordDraft {
        var random = draw
        return RecordDraft(
            record: RecordID.timeOrdered(millis: clock.now(), random: random.nonce()), kind: "comment",
            cells: [CellKey("row"): .id(record), CellKey("text"): .text(text)])
    }

    /// A private remark.
    package func note(on record: RecordID, text: String, label: String? = nil) -> RecordDraft {
        var random = draw
        var cells: [CellKey: Value] = [CellKey("row"): .id(record), CellKey("text"): .text(text)]
        if let label { cells[CellKey("label")] = .text(label) }
        return RecordDraft(
            record: RecordID.timeOrdered(millis: clock.now(), random: random.nonce()), kind: "annotation", cells: cells)
    }
}

extension RowKey {
    /// The key that a row or position record holds.
    package init?(_ state: RecordState) {
        guard let framework = state.text("framework"), let control = state.text("controlId"), let item = state.text("itemKey") else {
            return nil
        }
        self.init(framework: framework, controlId: control, itemKey: item)
    }
}

extension RowKey {
    /// The key of a row by the values of its cells.
    package init?(_ cells: [CellKey: Value]) {
        guard let framework = cells[CellKey("framework")]?.text, let control = cells[CellKey("controlId")]?.text,
            let item = cells[CellKey("itemKey")]?.text
        else { return nil }
        self.init(framework: framework, controlId: control, itemKey: item)
    }
}
