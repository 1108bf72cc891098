import BuntanProtocol
package import Records

extension Disclosure {
    /// Why a cell of a record that is shown is held back, or `nil` if it is shown.
    ///
    /// The text of a row as a document had it goes with the row while the row says the same: what its provider has taken out of the row
    /// leaves with no release.
    package func reason(holding cell: Cell, of state: RecordState) -> HeldBack? {
        if let reason = reason(holding: cell.key.field, of: state.kind) { return reason }
        guard audience != .myself, state.kind == "responsibility", cell.key.field == "foundText" else { return nil }
        let said = ["providerStatement", "customerAction"].flatMap { state.cells(of: $0) }.flatMap(\.heads).compactMap(\.value)
        let isStill = cell.heads.compactMap(\.value).allSatisfy { $0.isNull || said.contains($0) }
        return isStill ? nil : .privateField
    }
}
