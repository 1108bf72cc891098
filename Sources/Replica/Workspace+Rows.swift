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

/// What a row is put together from.
private struct RowParts {
    var published: RecordState?
    var provider: RecordState?
    var customer: RecordState?
    var negotiation: Negotiation?
}

extension Workspace {
    /// All rows of an engagement: published ones and those on which a side has a position.
    ///
    /// - Parameter byBriefs: Whether it is told from briefs where a row stands. They hold the digests of what each side says, which cost
    ///   more than all else of a row; whoever signs has them made of what is signed.
    package func rows(of engagement: KnownEngagement, byBriefs: Bool = false, _ reader: any StoreReader) throws -> [MatrixRow] {
        var parts: [RowKey: RowParts] = [:]
        for stored in try reader.records(of: "responsibility", in: engagement.service, after: nil, limit: .max)
        where stored.shown.standing != .deleted {
            guard let key = try heldKey(of: stored.shown, in: engagement.service, reader)?.key else { continue }
            parts[key, default: RowParts()].published = stored.shown
        }
        for stored in try reader.records(of: "responsibility-position", in: engagement.space, after: nil, limit: .max)
        where stored.shown.standing != .deleted {
            guard case let (key, side?)? = try heldKey(of: stored.shown, in: engagement.space, reader) else { continue }
            switch side {
            case .provider: parts[key, default: RowParts()].provider = stored.shown
            case .customer: parts[key, default: RowParts()].customer = stored.shown
            }
        }
        for outline in byBriefs ? try rowOutlines(of: engagement, reader) : [] { parts[outline.key]?.negotiation = outline.negotiation }
        return RowKey.sorted(parts) { $0.key }.map { key, parts in
            guard let negotiation = parts.negotiation else { return row(key, parts.published, parts.provider, parts.customer, engagement) }
            return MatrixRow(
                key: key, row: parts.published, providerPosition: parts.provider, customerPosition: parts.customer,
                negotiation: negotiation, rowID: key.responsibility(in: engagement.service))
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
            key, try reader.shown(key.responsibility(in: engagement.service), in: engagement.service),
            try reader.shown(key.position(of: .provider, in: engagement.space), in: engagement.space),
            try reader.shown(key.position(of: .customer, in: engagement.space), in: engagement.space), engagement)
    }

    private func row(
        _ key: RowKey, _ published: RecordState?, _ provider: RecordState?, _ customer: RecordState?, _ engagement: KnownEngagement
    ) -> MatrixRow {
        let id = key.responsibility(in: engagement.service)
        return MatrixRow(
            key: key, row: published, providerPosition: provider, customerPosition: customer,
            negotiation: Negotiation(
                row: published.flatMap { RowSide($0, record: id, space: engagement.service) },
                providerPosition: provider.flatMap {
                    RowSide($0, record: key.position(of: .provider, in: engagement.space), space: engagement.space)
                },
                customerPosition: customer.flatMap {
                    RowSide($0, record: key.position(of: .customer, in: engagement.space), space: engagement.space)
                }),
            rowID: id)
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
