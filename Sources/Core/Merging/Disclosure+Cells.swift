import BuntanProtocol
package import Records

extension Disclosure {
    /// Why a cell of a record that is shown is held back, or `nil` if it is shown.
    ///
    /// The text of a row as a document had it goes with the row while the row says the same: what its provider has taken out of the row
    /// leaves with no release. So does an owner as found that is not the row's any more.
    package func reason(holding cell: Cell, of state: RecordState) -> HeldBack? {
        if let reason = reason(holding: cell.key.field, of: state.kind) { return reason }
        guard audience != .myself, state.kind == "responsibility" else { return nil }
        switch cell.key.field {
        case "foundText": return isStillSaid(cell, in: state) ? nil : .privateField
        case "foundOwner": return isStillOwner(cell, in: state) ? nil : .privateField
        default: return nil
        }
    }

    private func isStillOwner(_ cell: Cell, in state: RecordState) -> Bool {
        cell.heads.compactMap { $0.value?.value.text }.allSatisfy { word in
            guard let owner = QuestionOwner(folded: word.lowercased()) else { return false }
            let shares = state.value("providerShares") == .bool(true)
            return owner.allocation == state.text("allocation") && owner.providerShares == shares
        }
    }

    private func isStillSaid(_ cell: Cell, in state: RecordState) -> Bool {
        let said = ["providerStatement", "customerAction"].flatMap { state.cells(of: $0) }.flatMap(\.heads).compactMap(\.value)
        return cell.heads.compactMap(\.value).allSatisfy { $0.isNull || said.contains($0) }
    }
}
