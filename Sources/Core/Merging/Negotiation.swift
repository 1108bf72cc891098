package import BuntanProtocol

/// What lists need to know of one record of a row: computed when the record is written.
package struct RowSide: Hashable, Sendable {
    /// An allocation as one record gives it.
    package enum Allocation: Hashable, Sendable {
        /// As published, or no position yet.
        case empty
        case settled(String)
        /// Several values of the side's own devices.
        case unsettled
    }

    package let allocation: Allocation
    /// The digest of section 6 of sync.md; `nil` where something is in conflict, erased or gone.
    package let covered: Digest?
    /// What a customer's position says it had read.
    package let accepts: Digest?

    package init(allocation: Allocation, covered: Digest?, accepts: Digest? = nil) {
        self.allocation = allocation
        self.covered = covered
        self.accepts = accepts
    }

    /// Reads a row or a position; `nil` for a record that is not alive.
    package init?(_ state: RecordState, record: RecordID, space: SpaceID) {
        switch state.standing {
        case .deleted: return nil
        case .deletedHereEditedThere, .contested:
            self.init(allocation: .unsettled, covered: nil)
            return
        case .alive: break
        }
        let allocation: Allocation =
            switch state.value("allocation") {
            case nil: .unsettled
            case .text(let text)?: .settled(text)
            default: .empty
            }
        self.init(
            allocation: allocation, covered: CoveredRecord(state, record: record, space: space)?.digest,
            accepts: state.value("accepts")?.bytes.flatMap { Digest($0) })
    }
}

/// Where the two sides of an engagement stand on a row: derived from what each owns, never stored.
package enum RowState: String, CaseIterable, Hashable, Sendable {
    /// The customer has no position yet.
    case open
    case agreed
    case disputed
    /// A side's own devices wrote several values; that side resolves its conflict first.
    case unsettled
    /// The positions match, but the customer had read other words.
    case reworded
}

/// A row seen from both sides.
package struct Negotiation: Hashable, Sendable {
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

    /// What a customer's position holds in `accepts` after reading the row as it stands now.
    package var accepts: Digest { AcceptsDigest.digest(row: row?.covered, providerPosition: providerPosition?.covered) }

    package var state: RowState {
        if provider == .unsettled || customer == .unsettled { return .unsettled }
        guard case .settled(let theirs) = customer else { return .open }
        guard case .settled(let ours) = provider, ours == theirs else { return .disputed }
        return customerPosition?.accepts == accepts ? .agreed : .reworded
    }
}
