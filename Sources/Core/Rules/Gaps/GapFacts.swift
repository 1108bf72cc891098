import BuntanProtocol
import Records

extension RecordFacts {
    /// The facts with a record of each gap, as if somebody had written it: for the rules that ask what was done about gaps, which are
    /// computed (BKP-17, MON-10, RISK-1), and those that a measure in place satisfies.
    ///
    /// A gap that somebody wrote a record of is told by that. A measure that was written for other values than there are now closes none.
    package func holding(_ gaps: [Gap]) -> RecordFacts {
        var facts = self
        var unclosed: Set<FactID> = []
        for gap in gaps {
            guard let id = gap.id, let chain = gap.chain else { continue }
            if chain.measure == nil { unclosed.insert(id) }
            let isWritten = all(.gap).contains { written in
                written[.requirementId] == .id(gap.requirement) && written[.field] == .text(gap.field)
            }
            guard !isWritten else { continue }
            var fields: FactFields = [
                .requirementId: .id(gap.requirement), .field: .text(gap.field), .requiredValue: .text(gap.values.required),
                .offeredValue: .text(gap.values.offered), .status: .text(chain.risk == nil ? "open" : "risk-assessed"),
                .authorSide: .text(Side.customer.name),
            ]
            fields[.serviceId] = gap.service.map { .id($0) }
            fields[.riskId] = chain.risk.map { .id($0) }
            let offers = Set(gap.parts.compactMap(\.offer))
            if let offer = offers.first, offers.count == 1 { fields[.capabilityId] = .id(offer) }
            facts.add(RecordFact(.gap, id, fields))
        }
        for measure in all(.supplementaryMeasure) {
            guard case .ids(let named)? = measure[.gapIds], named.contains(where: unclosed.contains) else { continue }
            var fields = measure.fields
            fields[.gapIds] = .ids(named.filter { !unclosed.contains($0) })
            facts.add(RecordFact(measure.kind, measure.id, fields))
        }
        return facts
    }
}
