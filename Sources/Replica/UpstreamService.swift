package import BuntanProtocol
package import Merging
import Records
package import Storage

/// A service that another one builds on, as the provider of that other one says in a record (`service-dependency`).
///
/// Of an own service the draft is read, of a subscribed one what its provider has disclosed: no more has come.
package struct UpstreamService: Sendable {
    package let record: RecordID
    package let state: RecordState
    /// The same service, where this store holds it; it is known by its id alone, never by a name that reads alike.
    package let service: KnownService?
    /// Those in which this organisation is a customer of it.
    package let engagements: [KnownEngagement]
    /// Its provider: as the record says, else whoever provides the service that this store holds.
    package let provider: OrganisationID?
}

extension StoreDirectory {
    /// What a service builds on, in the order in which it was recorded.
    package func upstream(of service: KnownService, _ reader: any StoreReader) throws -> [UpstreamService] {
        try reader.records(of: "service-dependency", in: service.draft ?? service.service, after: nil, limit: .max).compactMap { stored in
            guard stored.shown.standing != .deleted else { return nil }
            let named = stored.shown.value("upstreamServiceId")?.bytes.flatMap { RecordID($0) }
            let known = named.flatMap { named in services.first { $0.spokenOfBy(named) } }
            let engaged = engagements.filter { $0.side == .customer && $0.service == known?.service }
            let said = stored.shown.value("upstreamPartyId")?.bytes.flatMap { OrganisationID($0) }
            return UpstreamService(
                record: stored.id, state: stored.shown, service: known, engagements: engaged,
                provider: said ?? engaged.first?.counterpart ?? (known?.isOwn == true ? identity.organisation : nil))
        }
    }
}

extension KnownService {
    /// The record that says in a space what service it is about; it has the same id for whoever holds that space.
    package static func record(in space: SpaceID) -> RecordID { RecordID.natural(space: space, kind: "cloud-service", key: []) }

    fileprivate func spokenOfBy(_ id: RecordID) -> Bool { [service, draft].contains { $0.map { Self.record(in: $0) } == id } }
}
