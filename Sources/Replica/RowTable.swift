import BuntanProtocol
import Merging
import Records

/// What is published of a row, and what stands in each side's position on it.
struct RowSides<Part> {
    var published: Part?
    var provider: Part?
    var customer: Part?

    /// - Parameter side: `nil` for what is published.
    mutating func put(_ part: Part, of side: Side?) {
        switch side {
        case nil: published = part
        case .provider?: provider = part
        case .customer?: customer = part
        }
    }
}

extension Negotiation {
    init(_ sides: RowSides<RowSide>) {
        self.init(row: sides.published, providerPosition: sides.provider, customerPosition: sides.customer)
    }
}

/// The rows that are put together from records, each found by its key and by the records that are known to be of it.
struct RowTable {
    struct Parts {
        let key: RowKey
        var states = RowSides<RecordState>()
        var briefs = RowSides<RowSide>()
        /// Whether briefs tell of all that there is of it.
        var isBrief = true

        var isThere: Bool { states.published != nil || states.provider != nil || states.customer != nil }
    }

    private(set) var rows: [Parts] = []
    private var places: [RowKey: Int] = [:]
    private var records: [RecordID: (place: Int, side: Side?)] = [:]

    mutating func place(of key: RowKey) -> Int {
        if let place = places[key] { return place }
        places[key] = rows.count
        rows.append(Parts(key: key))
        return rows.count - 1
    }

    mutating func put(_ brief: RowSide, of side: Side?, in record: RecordID, _ key: RowKey) {
        let place = place(of: key)
        rows[place].briefs.put(brief, of: side)
        records[record] = (place, side)
    }

    /// - Parameter held: What the row of a record is of which no brief tells; `nil` where it is of none.
    mutating func put(_ state: RecordState, in record: RecordID, held: () throws -> (key: RowKey, side: Side?)?) rethrows {
        if let (place, side) = records[record] {
            rows[place].states.put(state, of: side)
        } else if let (key, side) = try held() {
            let place = place(of: key)
            rows[place].states.put(state, of: side)
            rows[place].isBrief = false
        }
    }
}
