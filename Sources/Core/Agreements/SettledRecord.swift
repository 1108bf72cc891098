package import BuntanProtocol
package import Merging

/// A record that may be signed: settled, sent, published, and understood by whoever signs.
///
/// There is no other way to make one, so a cell in conflict cannot get into a document that this program proposes.
package struct SettledRecord: Hashable, Sendable {
    package let covered: CoveredRecord
    /// Whether the record was put together from edits that had not seen one another: worth a look before signing.
    package let hasSeam: Bool
    /// What is signed of it, computed once.
    package let digest: Digest

    /// Takes a record as its owner sees it: the log's state with the outbox applied.
    ///
    /// - Parameter publication: what the newest release says of a record in a service space; see `Publication`.
    package init(
        _ state: RecordState, record: RecordID, space: SpaceID, schema: SchemaRegistry, publication: Publication
    ) throws(Unsettled) {
        guard let kind = schema.kind(state.kind) else { throw .unknownKind(state.kind) }
        for cell in state.cells where cell.key != .life && kind.field(cell.key.field) == nil { throw .unknownField(cell.key) }
        if state.isConflicted { throw .conflict(state.conflicts.map(\.key)) }
        guard state.isAlive else { throw .notAlive }
        if let cell = state.cells.first(where: \.isErased) { throw .erased(cell.key) }
        if state.cells.contains(where: { $0.heads.contains { $0.position == nil } }) { throw .unsent }
        guard let covered = CoveredRecord(state, record: record, space: space) else { throw .conflict([]) }
        let digest = covered.digest
        if case .released(let released) = publication, released != digest { throw .unreleased }
        self.covered = covered
        self.digest = digest
        hasSeam = state.seam != nil
    }
}

/// What a release says of a record.
package enum Publication: Hashable, Sendable {
    /// The record's space has no releases.
    case none
    /// What the newest release holds of it; `nil` if it is not in there.
    case released(Digest?)
}

/// Why a record cannot be signed.
package enum Unsettled: Error, Hashable, Sendable {
    case notAlive
    /// Cells with several values; none where a deletion met an edit.
    case conflict([CellKey])
    case erased(CellKey)
    case unknownKind(String)
    case unknownField(CellKey)
    /// A change of it waits in the outbox.
    case unsent
    /// It differs from the newest release: a publish is under way.
    case unreleased
}
