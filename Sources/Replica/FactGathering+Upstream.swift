import Agreements
import BuntanProtocol
import Merging
import Records
import Rules
import Storage

// What the services above say of the rows that an own service hands to them.
extension FactGathering {
    /// The rows of the services that an own one builds on, as its engagements there have them: of the controls that it hands to them.
    mutating func gatherUpstream(of service: KnownService) throws {
        let above = try directory.upstream(of: service, reader).filter { !$0.engagements.isEmpty }
        guard let draft = service.draft, !above.isEmpty else { return }
        let handed = Dictionary(grouping: try workspace.rows(in: draft, reader)) { row in
            row.state.value("dependencyId")?.bytes.flatMap { RecordID($0) }
        }
        for dependency in above {
            guard let rows = handed[dependency.record] else { continue }
            for engagement in dependency.engagements { try gatherHanded(Set(rows.map(\.key.controlId)), to: engagement) }
        }
    }

    /// Whether this store holds what was agreed with the service above: of another organisation's service, nobody here can read it, nor
    /// of one that this organisation is no customer of here, nor where the record names an agreement that is elsewhere.
    func holdsAgreement(of dependency: StoredRecord, _ place: FactFields) throws -> Bool {
        guard case .id(let below)? = place[.serviceId], let own = directory.services.first(where: { $0.isOwn && Self.id(of: $0) == below }),
            let upstream = try directory.upstream(of: own, reader).first(where: { id($0.record) == id(dependency.id) }),
            let above = upstream.service
        else { return false }
        // With oneself nothing is agreed: nothing is elsewhere either.
        guard !above.isOwn else { return true }
        guard let named = dependency.shown.value("upstreamMatrixRevision")?.bytes.flatMap({ Digest($0) }) else {
            return !upstream.engagements.isEmpty
        }
        return try upstream.engagements.contains { engagement in
            try workspace.agreementCases(of: engagement, reader).contains { $0.content.digest == named }
        }
    }

    private mutating func gatherHanded(_ controls: Set<String>, to engagement: KnownEngagement) throws {
        guard let kind = workspace.schema.kind("responsibility") else { return }
        let binding = try workspace.agreements(of: engagement, day: { _ in today }, reader).binding
        let signed = (binding?.content.outline.rows ?? []).subtracting(binding?.differingRows ?? [])
        for outline in try workspace.rowOutlines(of: engagement, reader) where controls.contains(outline.key.controlId) {
            let row = try workspace.row(outline.key, of: engagement, reader)
            guard facts[FactID(row.rowID)] == nil else { continue }
            var fields = row.row.map { values(of: $0, kind) } ?? [:]
            fields[.serviceId] = .id(FactID(KnownService.record(in: engagement.service)))
            fields[.engagementId] = .id(FactID(engagement.space))
            fields[.authorSide] = .text(Side.provider.name)
            fields[.allocation] = RowReading.value(row.negotiation.provider)
            // What nobody has signed yet binds nobody.
            fields[.status] = .text(signed.contains(outline.key) ? "agreed" : "proposed")
            facts.add(RecordFact(.responsibility, FactID(row.rowID), fields))
        }
    }
}
