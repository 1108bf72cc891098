package import BuntanProtocol

/// The rows of an engagement by their briefs: what `status` counts without reading a state.
package struct RowTally: Sendable {
    /// What is known of one row.
    package struct Row: Sendable {
        fileprivate var published: RowSide?
        fileprivate var provider: RowSide?
        fileprivate var customer: RowSide?
        /// Whether the published row differs from what the newest release holds: a publish is under way.
        package fileprivate(set) var isUnreleased = false

        package var negotiation: Negotiation {
            Negotiation(row: published, providerPosition: provider, customerPosition: customer)
        }
    }

    package private(set) var rows: [Row] = []
    private var places: [RowName: Int] = [:]
    private let release: Int?

    /// - Parameter release: where the newest release stands in the service's log: its change comes last, so a row that
    ///   moved after it belongs to a publish under way. `nil` where there is none, `.max` for one that waits to be sent.
    package init(release: Int?, capacity: Int = 0) {
        self.release = release
        rows.reserveCapacity(capacity)
        places.reserveCapacity(capacity)
    }

    package mutating func add(_ brief: RowBrief) {
        guard let side = brief.rowSide else { return }
        let place: Int
        if let known = places[brief.name] {
            place = known
        } else {
            place = rows.count
            places[brief.name] = place
            rows.append(Row())
        }
        switch brief.side {
        case .provider?: rows[place].provider = side
        case .customer?: rows[place].customer = side
        case nil:
            rows[place].published = side
            rows[place].isUnreleased = (side.moved ?? .max) > (release ?? -1)
        }
    }

    /// How many rows are in each state, and for whom they wait.
    package struct Counts: Hashable, Sendable {
        package fileprivate(set) var states: [RowState: Int] = [:]
        /// Rows that one side is to answer next, by state.
        package fileprivate(set) var turns: [RowState: [Side: Int]] = [:]
        package fileprivate(set) var unreleased = 0
        /// Rows that are published.
        package fileprivate(set) var published = 0
        package fileprivate(set) var total = 0

        package init() {}

        package subscript(state: RowState) -> Int { states[state] ?? 0 }
        package func waiting(for side: Side, in state: RowState) -> Int { turns[state]?[side] ?? 0 }
    }

    package var counts: Counts {
        var counts = Counts()
        for row in rows {
            counts.total += 1
            if row.published != nil { counts.published += 1 }
            if row.isUnreleased {
                counts.unreleased += 1
                continue
            }
            let negotiation = row.negotiation
            let state = negotiation.state
            // A row of which no release and nobody says anything is left from what was withdrawn.
            if state == .unpublished, negotiation.customer == .empty { continue }
            counts.states[state, default: 0] += 1
            if let turn = negotiation.turn(in: state) { counts.turns[state, default: [:]][turn, default: 0] += 1 }
        }
        return counts
    }
}
