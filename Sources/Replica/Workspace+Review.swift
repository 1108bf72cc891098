import Agreements
package import BuntanProtocol
package import Records
package import Rules
package import Storage

extension Workspace {
    /// The inputs of a management review on a day, with the facts that their words name.
    ///
    /// - Parameters:
    ///   - today: The day of the review.
    ///   - day: The day it is in a zone, for agreements.
    package func reviewInputs(
        _ directory: StoreDirectory, today: CalendarDate, day: (String) -> CalendarDate, catalogue: Catalogue, table: RuleTable,
        _ reader: any StoreReader
    ) throws -> (inputs: ReviewInputs, facts: RecordFacts) {
        let home = try directory.home(reader)
        let facts = try facts(of: RecordScope(home: home, service: nil, engagement: nil), today: today, reader)
        let parties = try directory.engagements.compactMap { engagement -> InterestedParty? in
            guard let side = engagement.side, engagement.end?.hasCome(by: today) != true else { return nil }
            let scope = RecordScope(
                home: home, service: directory.services.first { $0.service == engagement.service }, engagement: engagement)
            let (analysis, seen) = try gaps(of: scope, in: engagement, today: today, catalogue: catalogue, reader)
            let (rows, agreements) = try standing(of: engagement, day: day, reader)
            return InterestedParty(
                engagement: FactID(engagement.space), service: FactID(KnownService.record(in: engagement.service)),
                name: Self.name(engagement.counterpartName, engagement.handle), side: side.other, rows: rows.counts,
                isAgreed: agreements.contains { $0.status.isStanding }, facts: seen, analysis: analysis)
        }
        let own = Set(directory.services.filter(\.isOwn).map { FactID(KnownService.record(in: $0.service)) })
        return (ReviewInputs(facts, parties, ownServices: own, today: today, catalogue: catalogue, table: table), facts)
    }

    /// What reviews, audits and risks have given somebody to do, and when the next ones are due, with the facts that their words name;
    /// nothing is read where there are none.
    package func managementActions(on day: CalendarDate, catalogue: Catalogue, _ reader: any StoreReader) throws
        -> (actions: [ManagementAction], facts: RecordFacts)
    {
        guard let home = try StoreDirectory(reader).home(reader) else { return ([], RecordFacts()) }
        let kinds = try reader.kinds(in: home)
        guard
            ["audit-finding", "internal-audit", "management-review", "risk", "risk-treatment"].contains(where: { kinds[$0, default: 0] > 0 }
            )
        else { return ([], RecordFacts()) }
        let facts = try facts(of: RecordScope(home: home, service: nil, engagement: nil), today: day, reader)
        let actions =
            ManagementAction.all(in: facts, on: day, catalogue: catalogue)
            + ManagementAction.risks(in: facts, on: day, catalogue: catalogue)
        return (actions + ManagementAction.planned(in: facts, on: day, catalogue: catalogue), facts)
    }

    /// A name in both languages, each where it is missing by the other.
    private static func name(_ texts: [String: String], _ fallback: String) -> BilingualText {
        let (en, ja) = (texts["en"] ?? texts["ja"] ?? fallback, texts["ja"] ?? texts["en"] ?? fallback)
        return BilingualText(en: en, ja: ja)
    }
}

extension FactID {
    /// The record by which an engagement is named in other records: what a side says of it itself, whether or not it has said anything.
    package static func record(of engagement: KnownEngagement, by side: Side) -> RecordID {
        RecordID.natural(space: engagement.space, kind: "engagement", key: [.text(side.name)])
    }
}
