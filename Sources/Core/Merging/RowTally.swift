package import BuntanProtocol

/// The rows of an engagement by their briefs: what `status` counts without reading a state.
///
/// Both sides' positions come first; each published row then takes those on it, and is done with.
package struct RowTally: Sendable {
    /// What is known of one row.
    package struct Row: Sendable {
        package fileprivate(set) var negotiation: Negotiation
        /// Whether the published row differs from what the newest release holds: a publish is under way.
        package fileprivate(set) var isUnreleased = false
    }

    private struct Positions {
        var provider: RowSide?
        var customer: RowSide?
    }

    private var positions: [RowName: Positions] = [:]
    private let release: Int?

    /// - Parameter release: where the newest release stands in the service's log: its change comes last, so a row that
    ///   moved after it belongs to a publish under way. `nil` where there is none, `.max` for one that waits to be sent.
    package init(release: Int?) { self.release = release }

    package mutating func add(position brief: RowBrief) {
        guard let side = brief.rowSide else { return }
        switch brief.side {
        case .provider?: positions[brief.name, default: Positions()].provider = side
        case .customer?: positions[brief.name, default: Positions()].customer = side
        case nil: break
        }
    }

    /// A published row with the positions on it, which are taken away; `nil` for one that is deleted.
    package mutating func take(_ brief: RowBrief) -> Row? {
        guard let side = brief.rowSide else { return nil }
        let found = positions.removeValue(forKey: brief.name)
        return Row(
            negotiation: Negotiation(row: side, providerPosition: found?.provider, customerPosition: found?.customer),
            isUnreleased: (side.moved ?? .max) > (release ?? -1))
    }

    /// The rows that nobody has taken: positions alone.
    package var left: some Sequence<Row> {
        positions.values.lazy.map { found in
            Row(negotiation: Negotiation(row: nil, providerPosition: found.provider, customerPosition: found.customer))
        }
    }

    /// How many rows are in each state, and for whom they wait.
    package struct Counts: Hashable, Sendable {
        package private(set) var states: [RowState: Int] = [:]
        /// Rows that one side is to answer next, by state.
        package private(set) var turns: [RowState: [Side: Int]] = [:]
        package private(set) var unreleased = 0
        /// Open rows that the provider leaves to nobody.
        package private(set) var unallocated = 0
        /// Rows that are published.
        package private(set) var published = 0
        package private(set) var total = 0

        package init() {}

        /// Whether every published row is agreed.
        package var isSettled: Bool { published > 0 && self[.agreed] == published }

        package subscript(state: RowState) -> Int { states[state] ?? 0 }
        package func waiting(for side: Side, in state: RowState) -> Int { turns[state]?[side] ?? 0 }

        package mutating func add(_ row: Row) {
            total += 1
            let negotiation = row.negotiation
            if negotiation.row != nil { published += 1 }
            if row.isUnreleased {
                unreleased += 1
                return
            }
            let state = negotiation.state
            // A row of which no release and nobody says anything is left from what was withdrawn.
            if state == .unpublished, negotiation.customer == .empty { return }
            states[state, default: 0] += 1
            if state == .open, negotiation.leavesToNobody { unallocated += 1 }
            if let turn = negotiation.turn(in: state) { turns[state, default: [:]][turn, default: 0] += 1 }
        }
    }
}
