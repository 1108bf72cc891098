import BuntanProtocol
package import Records
package import Rules
package import Storage

extension Workspace {
    /// The gaps of an engagement on a day, with the facts that they were computed from (product.md, idea 3).
    package func gaps(
        of scope: RecordScope, in engagement: KnownEngagement, today: CalendarDate, catalogue: Catalogue, _ reader: any StoreReader
    ) throws -> (analysis: GapAnalysis, facts: RecordFacts) {
        let facts = try facts(of: scope, today: today, reader)
        let service = FactID(KnownService.record(in: engagement.service))
        let analysis = GapAnalysis(
            facts, GapAnalysis.Scope(service: service, engagement: FactID(engagement.space), seat: engagement.side), today: today,
            catalogue: catalogue, naming: naming(in: scope.home))
        return (analysis, facts)
    }

    /// How a gap's record is named that this organisation writes, or would write, in its own space.
    func naming(in home: SpaceID?) -> (FactID, String) -> FactID? {
        { requirement, field in
            guard let home, let record = requirement.record else { return nil }
            return FactID(RecordID.natural(space: home, kind: "gap", key: [.bytes(record.bytes), .text(field)]))
        }
    }
}
