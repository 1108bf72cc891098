import BuntanProtocol
import Merging
package import Records
package import Rules
package import Storage

extension Workspace {
    /// The gaps of an engagement on a day, with the facts that they were computed from (product.md, idea 3).
    ///
    /// - Parameter withRows: Whether rows without an answer are among them.
    package func gaps(
        of scope: RecordScope, in engagement: KnownEngagement, today: CalendarDate, catalogue: Catalogue, withRows: Bool = true,
        _ reader: any StoreReader
    ) throws -> (analysis: GapAnalysis, facts: RecordFacts) {
        let facts = try facts(of: scope, today: today, withRows: withRows, reader)
        let service = FactID(KnownService.record(in: engagement.service))
        let analysis = GapAnalysis(
            facts, GapAnalysis.Scope(service: service, engagement: FactID(engagement.space), seat: engagement.side), today: today,
            catalogue: catalogue, naming: naming(in: scope.home, of: engagement.space))
        return (analysis, facts)
    }

    /// The facts of a scope for rules to be asked about. In a customer's engagement its gaps are among them, of which nobody need have
    /// written a record; a row without an answer is no gap that a risk is asked for.
    package func checkedFacts(
        of scope: RecordScope, today: CalendarDate, catalogue: Catalogue, _ reader: any StoreReader
    ) throws -> RecordFacts {
        guard let engagement = scope.engagement, engagement.side == .customer else { return try facts(of: scope, today: today, reader) }
        let (analysis, facts) = try gaps(of: scope, in: engagement, today: today, catalogue: catalogue, reader)
        return facts.holding(analysis.gaps.filter { $0.area != .responsibilities })
    }

    /// How this organisation names a gap in its own space, before anybody has written a record of it.
    ///
    /// The engagement is a part of it: a policy may be held against the offers of several providers, and a provider's record against the
    /// needs of several customers. What was done about one of their gaps is not done about another's.
    func naming(in home: SpaceID?, of engagement: SpaceID) -> (FactID, String) -> FactID? {
        { requirement, field in
            guard let home, let record = requirement.record else { return nil }
            return FactID(RecordID.natural(space: home, kind: "gap", key: [.bytes(record.bytes), .text(field), .bytes(engagement.bytes)]))
        }
    }

    /// The gaps between what is required and offered of an engagement, without its rows: what waits is told without reading them.
    private func gapsBesideRows(in engagement: KnownEngagement, today: CalendarDate, _ reader: any StoreReader) throws -> [Gap] {
        let directory = try StoreDirectory(reader)
        let scope = RecordScope(
            home: try directory.home(reader), service: directory.services.first { $0.service == engagement.service }, engagement: engagement
        )
        return try gaps(of: scope, in: engagement, today: today, catalogue: try Catalogue.iso27017(), withRows: false, reader).analysis.gaps
    }

    /// The gaps of an engagement that are open again: assessed, approved or closed by a measure for other values than there are now.
    package func reopenedGaps(in engagement: KnownEngagement, today: CalendarDate, _ reader: any StoreReader) throws -> [Gap] {
        // Where nothing was ever judged, nothing is open again.
        guard engagement.side != nil, try hasJudgedGaps(in: engagement, reader) else { return [] }
        return try gapsBesideRows(in: engagement, today: today, reader).filter { $0.chain?.isReopened == true }
    }

    private func hasJudgedGaps(in engagement: KnownEngagement, _ reader: any StoreReader) throws -> Bool {
        let judgements = ["risk.assessedGaps", "risk-acceptance.approvedGaps", "supplementary-measure.closedGaps"]
        return try [StoreDirectory(reader).home(reader), engagement.space].compactMap { $0 }.contains { space in
            let kinds = try reader.kinds(in: space)
            return judgements.contains { kinds[$0] ?? 0 > 0 }
        }
    }

    /// What waits of an engagement's gaps: for a customer those that no risk names and those that are not followed through, and for
    /// either side those that are open again.
    ///
    /// A row without an answer waits to be answered, which is told as that.
    func gapsWaiting(in engagement: KnownEngagement, side: Side, today: CalendarDate, _ reader: any StoreReader) throws -> [Waiting] {
        let gaps =
            try side == .customer
            ? gapsBesideRows(in: engagement, today: today, reader) : reopenedGaps(in: engagement, today: today, reader)
        let reopened = gaps.filter { $0.chain?.isReopened == true }
        let new = gaps.filter { $0.chain.map { $0.stage == .none && !$0.isReopened } ?? false }
        let begun = gaps.filter { gap in
            // What a measure closes as it is now is done about.
            gap.chain.map { $0.stage > .none && $0.stage < .approved && !$0.isReopened && $0.measure == nil } ?? false
        }
        func waiting(_ matter: Waiting.Matter, _ gaps: [Gap]) throws -> [Waiting] {
            gaps.isEmpty ? [] : [Waiting(matter, since: try gaps.compactMap { try since($0, in: engagement, reader) }.min())]
        }
        return try waiting(.reassessGaps(gaps: reopened.count), reopened) + waiting(.assessGaps(gaps: new.count), new)
            + waiting(.followGaps(gaps: begun.count), begun)
    }

    /// When a gap became what it is: when the later of what requires and what offers was last written. `nil` while one waits to be sent.
    private func since(_ gap: Gap, in engagement: KnownEngagement, _ reader: any StoreReader) throws -> Int64? {
        var latest: Int64?
        let spaces = [engagement.service, engagement.space, try StoreDirectory(reader).home(reader)].compactMap { $0 }
        for record in Set(([gap.requirement] + gap.parts.compactMap(\.offer)).compactMap(\.record)) {
            for space in spaces {
                guard let state = try reader.shown(record, in: space) else { continue }
                guard let position = state.latestPosition, let time = try SpaceHistory(space, reader)?.received(at: position) else {
                    return nil
                }
                latest = max(latest ?? time, time)
            }
        }
        return latest
    }
}
