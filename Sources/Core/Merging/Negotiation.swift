package import BuntanProtocol

/// Where the two sides of an engagement stand on a row: derived from what each owns, never stored.
package enum RowState: String, CaseIterable, Hashable, Sendable {
    /// Neither a published row nor a position of the provider: the customer wrote ahead.
    case unpublished
    /// The customer has no position yet, or both sides leave the row to nobody.
    case open
    case agreed
    case disputed
    /// A side's own devices wrote several values; that side resolves its conflict first.
    case unsettled
    /// The positions match, but the customer had read other words.
    case reworded
}

/// The outcome of a negotiation: the row's state and the value each side holds to.
package struct RowStanding: Hashable, Sendable {
    package let state: RowState
    package let provider: RowSide.Allocation
    package let customer: RowSide.Allocation
}

/// A row seen from both sides.
///
/// No write by one party can touch the other party's records.
package struct Negotiation: Hashable, Sendable {
    /// What `accept` writes into the customer's position.
    package struct Acceptance: Hashable, Sendable {
        package let allocation: String
        package let accepts: Digest
    }

    package let row: RowSide?
    package let providerPosition: RowSide?
    package let customerPosition: RowSide?

    package init(row: RowSide?, providerPosition: RowSide?, customerPosition: RowSide?) {
        self.row = row
        self.providerPosition = providerPosition
        self.customerPosition = customerPosition
    }

    /// The provider's own position where that is filled, else the row as published.
    package var provider: RowSide.Allocation {
        switch providerPosition?.allocation {
        case .settled(let value)?: .settled(value)
        case .unsettled?: .unsettled
        case .empty?, nil: row?.allocation ?? .empty
        }
    }

    package var customer: RowSide.Allocation { customerPosition?.allocation ?? .empty }

    /// What was published, where the provider's own position says something else and counts instead.
    package var overruled: String? {
        guard case .settled(let own)? = providerPosition?.allocation, case .settled(let published)? = row?.allocation, own != published
        else { return nil }
        return published
    }

    /// The sides that have to resolve a conflict of their own devices, in any field of the row.
    package var unsettledSides: Set<Side> {
        var sides: Set<Side> = []
        if row?.isUnsettled == true || providerPosition?.isUnsettled == true { sides.insert(.provider) }
        if customerPosition?.isUnsettled == true { sides.insert(.customer) }
        return sides
    }

    /// What a customer's position holds in `accepts` after reading the row as it stands now; `nil` while the provider's
    /// words are in conflict, since nobody can have read them.
    package var accepts: Digest? {
        guard !unsettledSides.contains(.provider) else { return nil }
        return AcceptsDigest.digest(row: row?.covered, providerPosition: providerPosition?.covered)
    }

    /// What the customer takes over by accepting the row as it stands; `nil` if there is no value to take.
    package var acceptance: Acceptance? {
        guard let accepts, case .settled(let value) = provider else { return nil }
        return Acceptance(allocation: value, accepts: accepts)
    }

    package var state: RowState {
        if !unsettledSides.isEmpty { return .unsettled }
        if row == nil, provider == .empty { return .unpublished }
        guard case .settled(let theirs) = customer else { return .open }
        guard case .settled(let ours) = provider, ours == theirs else { return .disputed }
        // Equal, and yet nothing is settled: nobody is named.
        if theirs == Self.unallocated { return .open }
        return hasReadWords ? .agreed : .reworded
    }

    /// The allocation that names nobody.
    private static let unallocated = "unallocated"

    /// Whether the provider names nobody for the row.
    package var leavesToNobody: Bool { provider == .settled(Self.unallocated) }

    package var standing: RowStanding { RowStanding(state: state, provider: provider, customer: customer) }

    /// Whether the customer wrote its position on the words that stand now.
    ///
    /// A provider that only moves to the value the customer proposed adds no sentence to read: its position, without words,
    /// is then as good as none.
    private var hasReadWords: Bool {
        guard let read = customerPosition?.accepts else { return false }
        if read == accepts { return true }
        return providerPosition?.isWordless == true && read == AcceptsDigest.digest(row: row?.covered, providerPosition: nil)
    }

    /// The side whose turn it is: the one that did not move last, in log order; `nil` where nothing waits.
    package var turn: Side? { turn(in: state) }

    /// The same where the state is known already.
    package func turn(in state: RowState) -> Side? {
        switch state {
        case .agreed, .unpublished: return nil
        case .open, .reworded: return .customer
        case .unsettled: return unsettledSides.contains(.provider) ? .provider : .customer
        case .disputed:
            guard let customer = customerPosition else { return .customer }
            guard let provider = providerPosition else {
                // The row stands in another log, where positions say nothing: whoever has read it has answered it.
                return customer.accepts == accepts ? .provider : .customer
            }
            guard let providerMoved = provider.moved else { return .customer }
            guard let customerMoved = customer.moved else { return .provider }
            return providerMoved > customerMoved ? .customer : .provider
        }
    }
}

extension RecordState {
    /// Returns what a side's words are in one cell: its own position's where that is filled, else the published row's.
    ///
    /// For the customer, who has no row of its own, `row` is `nil`. A conflict in the position is shown and not passed over.
    package static func effective(_ key: CellKey, position: RecordState?, row: RecordState?) -> CellState? {
        let own = position.flatMap { $0.standing == .deleted ? nil : $0[key]?.state }
        if case .settled(let value?, _)? = own, value.isNull { return row?[key]?.state ?? own }
        return own ?? row?[key]?.state
    }
}
