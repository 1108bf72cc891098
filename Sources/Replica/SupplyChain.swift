import Agreements
package import BuntanProtocol
import Merging
package import Records
package import Storage

/// Whom a service rests on, and who rests on it: the supply chain as far as this store holds it (record-kinds.md, service-dependency).
package struct SupplyChain: Sendable {
    /// A service in the chain.
    package struct Link: Sendable {
        /// 0 for the service that is meant, −1 for what it builds on, 1 for what builds on it.
        package let depth: Int
        /// `nil` for a service that this store does not hold: it is known by what the record says of it.
        package let service: KnownService?
        /// The record by which the service below says what it builds on; `nil` for the service that is meant, and of one below the
        /// record by which that one is tied to it.
        package let dependency: UpstreamService?
        /// The engagements over the service that are here.
        package let engagements: [KnownEngagement]
    }

    /// From the top of the chain down.
    package let links: [Link]

    /// - Parameter only: The one engagement over the service to follow; all of them for `nil`.
    package init(of service: KnownService, only: KnownEngagement? = nil, _ directory: StoreDirectory, _ reader: any StoreReader) throws {
        var seen: Set<SpaceID> = [service.service]
        var links: [Link] = []
        func engaged(_ service: KnownService) -> [KnownEngagement] { directory.engagements.filter { $0.service == service.service } }
        func climb(_ below: KnownService, _ depth: Int) throws {
            for dependency in try directory.upstream(of: below, reader) {
                // Services that build on each other are no endless chain.
                if let above = dependency.service {
                    guard seen.insert(above.service).inserted else { continue }
                    try climb(above, depth - 1)
                }
                links.append(
                    Link(
                        depth: depth, service: dependency.service, dependency: dependency,
                        engagements: dependency.service.map(engaged) ?? []))
            }
        }
        func descend(_ above: KnownService, _ depth: Int) throws {
            for below in directory.services where below.isOwn && !seen.contains(below.service) {
                guard let tie = try directory.upstream(of: below, reader).first(where: { $0.service == above }) else { continue }
                seen.insert(below.service)
                links.append(Link(depth: depth, service: below, dependency: tie, engagements: engaged(below)))
                try descend(below, depth + 1)
            }
        }
        try climb(service, -1)
        links.append(Link(depth: 0, service: service, dependency: nil, engagements: only.map { [$0] } ?? engaged(service)))
        try descend(service, 1)
        self.links = links
    }
}

/// What a service relies on of another: the agreement over the rows of that other one.
package struct Reliance: Sendable {
    package enum Basis: Sendable {
        /// An agreement that the record names (`upstreamMatrixRevision`), or the one that both have signed last.
        case agreement(KnownAgreement)
        /// The record names an agreement that is not here.
        case elsewhere(Digest)
        /// Nothing has been signed.
        case none
    }

    /// The own service that relies.
    package let service: KnownService
    package let dependency: UpstreamService
    /// The engagement in which this organisation is the other one's customer.
    package let engagement: KnownEngagement
    package let basis: Basis
    /// Whether the record of the dependency names the agreement; else a new one takes the place of the last without anybody having looked.
    package let isNamed: Bool
    /// The rows of the other service that are no more what the agreement says.
    package let changed: [RowKey]
    /// The agreement that both have signed since, where that is another one than the record names.
    package let newer: KnownAgreement?
}

/// A row of an own service beneath which the other provider's row has changed since it was relied on.
package struct TouchedRow: Sendable {
    package let key: RowKey
    package let reliance: Reliance
    /// The rows of the other service.
    package let changed: [RowKey]
}

extension Workspace {
    /// What an own service relies on of the services that this organisation is a customer of.
    package func reliances(
        of service: KnownService, _ directory: StoreDirectory, day: (String) -> CalendarDate, _ reader: any StoreReader
    ) throws -> [Reliance] {
        guard service.isOwn else { return [] }
        return try directory.upstream(of: service, reader).flatMap { dependency in
            let named = dependency.state.value("upstreamMatrixRevision")?.bytes.flatMap { Digest($0) }
            return try dependency.engagements.map { engagement in
                let agreements = try agreements(of: engagement, day: day, reader)
                func reliance(_ basis: Reliance.Basis, _ changed: [RowKey] = [], newer: KnownAgreement? = nil) -> Reliance {
                    Reliance(
                        service: service, dependency: dependency, engagement: engagement, basis: basis, isNamed: named != nil,
                        changed: changed, newer: newer)
                }
                guard let named else {
                    guard let last = agreements.binding else { return reliance(.none) }
                    return reliance(.agreement(last), last.differingRows)
                }
                guard let relied = agreements.last(where: { $0.content.outline.digest == named }) else {
                    return reliance(.elsewhere(named))
                }
                let newer = agreements.binding.flatMap { $0.id == relied.id ? nil : $0 }
                // What is over is compared no more by itself.
                let changed =
                    try relied.status.isStanding
                    ? relied.differingRows
                    : document(of: relied.id, in: engagement, reader).map { try differences(of: $0, reader).rowKeys } ?? []
                return reliance(.agreement(relied), changed, newer: newer)
            }
        }
    }

    /// The rows of an own service that rest on something that has changed since.
    ///
    /// A row rests on the other provider's row of its control: the same item, or where either speaks of the control as a whole. One that
    /// names another supplier rests on nothing of this one.
    package func touchedRows(by reliance: Reliance, _ reader: any StoreReader) throws -> [TouchedRow] {
        guard !reliance.changed.isEmpty, let draft = reliance.service.draft else { return [] }
        let changed = Dictionary(grouping: reliance.changed) { ControlKey($0) }
        let keys = try rowKeys(in: draft, reader).filter { changed[ControlKey($0)] != nil }
        return try RowKey.sorted(keys).compactMap { key in
            let named = try reader.shown(key.responsibility(in: draft), in: draft)?.value("dependencyId")?.bytes.flatMap { RecordID($0) }
            guard named == nil || named == reliance.dependency.record else { return nil }
            let rows = changed[ControlKey(key), default: []].filter { $0.meets(key) }
            return rows.isEmpty ? nil : TouchedRow(key: key, reliance: reliance, changed: rows)
        }
    }

    /// The rows of a service that speak of the same as a row of another: that very row, else those of its control.
    package func rows(like key: RowKey, in space: SpaceID, _ reader: any StoreReader) throws -> [RowKey] {
        let alike = try rowKeys(in: space, reader).filter { ControlKey($0) == ControlKey(key) }
        if alike.contains(key) { return [key] }
        return RowKey.sorted(alike.filter { $0.meets(key) })
    }
}

/// A control of a framework, whatever the item.
private struct ControlKey: Hashable {
    let framework: String
    let controlId: String

    init(_ key: RowKey) { (framework, controlId) = (key.framework, key.controlId) }
}

extension RowKey {
    /// Whether two rows of one control speak of the same: the same item, or one of them of the whole control.
    fileprivate func meets(_ other: RowKey) -> Bool {
        itemKey == other.itemKey || itemKey == Self.mainItem || other.itemKey == Self.mainItem
    }
}
