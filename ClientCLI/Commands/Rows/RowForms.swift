import BuntanProtocol
import Merging
import Records
import Replica
import Storage

/// Makes the JSON of rows: the published row stands in one log, the positions on it in another.
struct RowForms {
    /// The members of a row, in their order.
    static let fields = [
        "id", "short", "kind", "row.framework", "row.controlId", "row.itemKey", "state", "provider", "customer", "inherited",
        "providerStatement", "customerAction", "customerStatement",
    ]

    private let published: HeadForms
    private let positions: HeadForms?
    private let shorts: ShortNames

    init(_ selection: Selection, _ reader: any StoreReader) throws {
        switch selection {
        case .engagement(let engagement): try self.init(published: engagement.service, positions: engagement.space, reader)
        case .service(let service): try self.init(published: service.draft ?? service.service, positions: nil, reader)
        }
    }

    init(published: SpaceID, positions: SpaceID?, _ reader: any StoreReader) throws {
        shorts = ShortNames(reader)
        self.published = try HeadForms(published, reader)
        self.positions = try positions.map { try HeadForms($0, reader) }
    }

    func json(_ row: MatrixRow) throws -> JSONValue {
        .identified(
            row.rowID.uuid, short: try shorts.of(row.rowID), ("kind", "responsibility"), ("row", row.key.json),
            ("state", positions.map { _ in .text(row.negotiation.state.rawValue) }),
            ("provider", try allocation(row, of: .provider)), ("customer", positions == nil ? nil : try allocation(row, of: .customer)),
            ("inherited", positions.map { _ in .bool(row.followsControl) }),
            ("providerStatement", try published.texts("providerStatement", of: row.row, in: row.rowID)),
            ("customerAction", try published.texts("customerAction", of: row.row, in: row.rowID)),
            ("customerStatement", try statement(row)))
    }

    /// What a side holds to: one value, none, or all heads that its own devices left.
    private func allocation(_ row: MatrixRow, of side: Side) throws -> JSONValue {
        let (held, position) =
            side == .provider ? (row.negotiation.provider, row.providerPosition) : (row.negotiation.customer, row.customerPosition)
        switch held {
        case .empty: return .null
        case .settled(let value): return .text(value)
        case .unsettled:
            let key = CellKey("allocation")
            if let positions, let cell = position?[key], side == .customer || cell.isConflicted {
                return try heads(cell, positions, row.key.position(of: side, in: positions.space))
            }
            return try heads(row.row?[key], published, row.rowID)
        }
    }

    private func heads(_ cell: Cell?, _ forms: HeadForms, _ record: RecordID) throws -> JSONValue {
        ["heads": .list(try cell?.heads.map { try forms.json($0, in: record) } ?? [])]
    }

    private func statement(_ row: MatrixRow) throws -> JSONValue? {
        guard let positions else { return nil }
        let record = row.key.position(of: .customer, in: positions.space)
        return try positions.texts("customerStatement", of: row.customerPosition, in: record)
    }
}
