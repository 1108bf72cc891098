package import BuntanProtocol
import Merging
package import Records
import Storage

/// A provider's word in an engagement that its service passes to somebody: one record, so that whom, when and why belong together.
package struct Handover: Hashable, Sendable {
    package static let kind = "handover"

    package let id: RecordID
    /// Who provides the service from then on.
    package let successor: OrganisationID
    /// What the provider calls it, by language.
    package let successorName: [String: String]
    package let day: CalendarDate
    package let reason: String

    /// The one that counts: the last in the log, or of those that are not sent yet.
    init?(in space: SpaceID, _ reader: any StoreReader) throws {
        var newest: (place: Int, id: RecordID, state: RecordState)?
        for stored in try reader.records(of: Self.kind, in: space, after: nil, limit: .max) where stored.shown.isAlive {
            let place = stored.shown[CellKey("successorPartyId")]?.heads.first?.position ?? .max
            if newest.map({ ($0.place, $0.id) < (place, stored.id) }) ?? true { newest = (place, stored.id, stored.shown) }
        }
        guard let newest, let successor = newest.state.value("successorPartyId")?.bytes.flatMap({ OrganisationID($0) }),
            let day = newest.state.text("passesOn").flatMap({ CalendarDate(canonical: $0) })
        else { return nil }
        id = newest.id
        self.successor = successor
        successorName = newest.state.texts("successorName")
        self.day = day
        reason = newest.state.text("message") ?? ""
    }
}

extension RecordState {
    /// The day that a field holds; of several that wait for a choice the earliest, since each of them was somebody's word.
    func earliestDay(_ field: String) -> String? {
        self[CellKey(field)]?.heads.compactMap { $0.value?.value.text }.min()
    }
}
