package import BuntanProtocol

/// What lists need to know of one record of a row: computed when the record is written.
package struct RowSide: Hashable, Sendable {
    /// An allocation as one record gives it.
    package enum Allocation: Hashable, Sendable {
        /// As published, or no position yet.
        case empty
        case settled(String)
        /// Several values of the side's own devices, or one that was erased.
        case unsettled
    }

    package let allocation: Allocation
    /// The digest of section 6 of sync.md; `nil` where something is in conflict or erased.
    package let covered: Digest?
    /// What a customer's position says it had read.
    package let accepts: Digest?
    /// Whether the record holds no more than its key and an allocation: no sentence that somebody would have to read.
    package let isWordless: Bool
    /// The position of the latest op that still stands; `nil` if one waits in the outbox.
    package let moved: Int?

    package init(allocation: Allocation, covered: Digest?, accepts: Digest? = nil, isWordless: Bool = false, moved: Int? = 0) {
        self.allocation = allocation
        self.covered = covered
        self.accepts = accepts
        self.isWordless = isWordless
        self.moved = moved
    }

    /// Reads a row or a position; `nil` for a record that is not alive.
    package init?(_ state: RecordState, record: RecordID, space: SpaceID) {
        switch state.standing {
        case .deleted, .absent: return nil
        case .deletedHereEditedThere, .contested:
            self.init(allocation: .unsettled, covered: nil, moved: state.latestPosition)
            return
        case .alive: break
        }
        let allocation: Allocation =
            switch state.value("allocation") {
            case nil: .unsettled
            case .text(let text)?: .settled(text)
            default: .empty
            }
        let covered = CoveredRecord(state, record: record, space: space)
        self.init(
            allocation: allocation, covered: covered?.digest, accepts: state.value("accepts")?.bytes.flatMap { Digest($0) },
            isWordless: covered.map { $0.cells.allSatisfy { Self.wordlessFields.contains($0.key.field) } } ?? false,
            moved: state.latestPosition)
    }

    private static let wordlessFields: Set<String> = ["framework", "controlId", "itemKey", "side", "allocation"]

    /// Whether the record's own side has something to settle before the other can answer.
    package var isUnsettled: Bool { covered == nil || allocation == .unsettled }
}

extension RecordState {
    /// The position of the latest op that still stands; `nil` if one waits in the outbox.
    package var latestPosition: Int? {
        var latest = 0
        for cell in cells {
            for head in cell.heads {
                guard let position = head.position else { return nil }
                latest = max(latest, position)
            }
        }
        return latest
    }
}
