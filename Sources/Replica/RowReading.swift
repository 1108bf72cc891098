import BuntanProtocol
import Merging
import Records
import Rules

/// What a row of an engagement is as rules see it: what was published, both positions on it, and what was signed of it.
///
/// A value that asks no store, so that the rows of a large matrix are read side by side.
struct RowReading: Sendable {
    private let reading: FactReading
    private let kind: Kind
    private let position: Kind
    private let place: FactFields
    private let engagement: KnownEngagement
    private let signed: SignedRecords?

    /// `nil` under a schema without rows.
    init?(_ engagement: KnownEngagement, _ place: FactFields, _ gathering: FactGathering) {
        let schema = gathering.workspace.schema
        guard let kind = schema.kind("responsibility"), let position = schema.kind("responsibility-position") else { return nil }
        (self.kind, self.position, self.place, self.engagement) = (kind, position, place, engagement)
        (reading, signed) = (gathering.reading, gathering.signed)
    }

    /// Whether a row was signed, or a side's position on it.
    func isSigned(_ row: MatrixRow) -> Bool { signed?.covers(row, in: engagement) == true }

    func fact(of row: MatrixRow) -> RecordFact {
        var fields = row.row.map { reading.values(of: $0, kind, more: 24) } ?? [:]
        for (field, value) in place { fields[field] = value }
        for (side, state) in [(Side.provider, row.providerPosition), (.customer, row.customerPosition)] {
            guard let state, state.standing != .deleted else { continue }
            reading.each(of: state, position) { field, value in
                switch field {
                case .side: break
                case .responsible, .accountable, .consulted, .informed: fields[field] = Self.both(fields[field], value)
                default:
                    if value.isFilled || value == .unseen, side == .provider || fields[field]?.isFilled != true { fields[field] = value }
                }
            }
            fields[side == .provider ? .providerCanFulfil : .customerCanFulfil] = position.field("canFulfil").flatMap {
                reading.value(of: $0, in: state)
            }
        }
        let (provider, customer) = (row.negotiation.provider, row.negotiation.customer)
        fields[.providerAllocation] = Self.value(provider)
        fields[.customerAllocation] = Self.value(customer)
        fields[.allocation] = Self.value(provider) ?? Self.value(customer)
        fields[.contentHash] = .text(row.negotiation.accepts?.hex ?? "")
        // What both signed and has changed since is what each says of it now: that it is to be signed again, ROLE-12 finds.
        let isAgreed = isSigned(row) && signed?.differing.contains(row.key) != true
        fields[.status] = .text(isAgreed ? "agreed" : row.negotiation.state == .agreed ? "accepted" : "proposed")
        if isAgreed {
            fields[.agreedByProviderHash] = fields[.contentHash]
            fields[.agreedByCustomerHash] = fields[.contentHash]
        }
        return RecordFact(.responsibility, FactID(row.rowID), fields)
    }

    /// The organisations that either side names, each once; what is in conflict stays unknown.
    private static func both(_ one: FactValue?, _ other: FactValue) -> FactValue {
        if one == .unseen || other == .unseen { return .unseen }
        return .ids(ids(other).reduce(into: ids(one)) { all, id in if !all.contains(id) { all.append(id) } })
    }

    private static func ids(_ value: FactValue?) -> [FactID] {
        switch value {
        case .id(let id): return [id]
        case .ids(let ids): return ids
        default: return []
        }
    }

    static func value(_ allocation: RowSide.Allocation) -> FactValue? {
        switch allocation {
        case .settled(let code): return .text(code)
        case .unsettled: return .unseen
        case .empty: return nil
        }
    }
}
