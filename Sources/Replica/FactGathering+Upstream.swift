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
            fields[.allocation] = Self.value(row.negotiation.provider)
            // What nobody has signed yet binds nobody.
            fields[.status] = .text(signed.contains(outline.key) ? "agreed" : "proposed")
            facts.put(RecordFact(.responsibility, FactID(row.rowID), fields))
        }
    }
}
