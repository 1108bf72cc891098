import Records

/// How far a gap was followed through: risk, assessment, treatment, and the owner's approval of what is left (G 2.4, 4.2.2; 1 6.1.2, 6.1.3).
package struct GapChain: Hashable, Sendable {
    package enum Stage: Int, CaseIterable, Comparable, Sendable {
        /// No risk names the gap.
        case none
        /// A risk names it, and is not assessed as the gap is now.
        case named
        /// The risk is assessed for what is required and offered now.
        case assessed
        /// A treatment is planned, a measure is in place, or the risk is below what is accepted.
        case treated
        /// The risk's owner has approved what is left of it.
        case approved

        package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
    }

    package var stage = Stage.none
    /// Whether it had come further, for other values than are required and offered now.
    package var isReopened = false
    /// What was required and offered when it was assessed or approved, where that was otherwise.
    package var earlier: Gap.Values?
    package var risk: FactID?
    package var treatment: FactID?
    /// A measure that is in place and closes the gap as it is now.
    package var measure: FactID?
    /// A measure that is in place and was written for other values than are required and offered now.
    package var outgrownMeasure: FactID?
    /// A measure that names the gap and is not in place, or was written for no values: it closes nothing yet.
    package var unfinishedMeasure: FactID?
    package var approval: FactID?
    /// An acceptance of the risk that is not approved by now: it is gone on with.
    package var unfinishedApproval: FactID?
    /// An acceptance that was given for the gap as it is now, by somebody who is not the risk's owner.
    package var strangersApproval: FactID?
    /// The fields that keep the risk, the treatment or the acceptance from the next stage.
    package var lacking: [FactField] = []
}

/// Finds what was done about a gap.
struct GapChains {
    let view: FactView

    /// - Parameter names: The names that the gap's record has: its own, and those of records that were written of it.
    func chain(of gap: Gap, named names: [FactID]) -> GapChain {
        let today = view.today
        let measures = Measures(of: gap, names, self)
        let written = names.compactMap { view.fact(.gap, $0, .own)?.ref(.riskId) }.compactMap { view.fact(.risk, $0, .own) }
        var risks = names.flatMap { view.facts(.risk, where: .gapIds, is: $0, .own) }
        risks += written.filter { one in !risks.contains { $0.id == one.id } }
        let chains = risks.map { risk in
            var chain = followed(gap, Set(names), by: risk, measures, on: today)
            measures.note(in: &chain)
            return chain
        }
        // Of several risks the one that has come furthest is told of; what was reopened must not hide behind another.
        if let furthest = chains.max(by: { ($0.stage, $0.isReopened ? 1 : 0) < ($1.stage, $1.isReopened ? 1 : 0) }) { return furthest }
        var chain = GapChain()
        if measures.closing != nil { chain.stage = .treated }
        measures.note(in: &chain)
        return chain
    }

    /// The measures that are in place for a gap. One that does not say for what values it was written closes nothing, like an approval.
    private struct Measures {
        let closing: FactID?
        let outgrown: (measure: FactID, values: Gap.Values)?
        let unfinished: FactID?

        init(of gap: Gap, _ names: [FactID], _ chains: GapChains) {
            let pinned = names.flatMap { chains.view.measures(closing: $0) }.flatMap { measure in
                chains.pins(of: measure, .supplementaryMeasureClosedGaps, Set(names)).map { (measure: measure.id, values: $0) }
            }
            closing = pinned.first { $0.values == gap.values }?.measure
            outgrown = closing == nil ? pinned.last : nil
            let written = names.flatMap { chains.view.facts(.supplementaryMeasure, where: .gapIds, is: $0) }.map(\.id)
            unfinished = closing == nil ? written.last { id in !pinned.contains { $0.measure == id } } : nil
        }

        /// Tells of the measures. What was written for other values opens the gap again, unless what is left now is approved.
        func note(in chain: inout GapChain) {
            chain.measure = closing
            chain.unfinishedMeasure = unfinished
            guard let outgrown, chain.stage != .approved else { return }
            chain.outgrownMeasure = outgrown.measure
            chain.isReopened = true
            chain.earlier = chain.earlier ?? outgrown.values
        }
    }

    private func followed(_ gap: Gap, _ names: Set<FactID>, by risk: ViewedFact, _ measures: Measures, on today: CalendarDate) -> GapChain {
        var chain = GapChain()
        chain.stage = .named
        chain.risk = risk.id
        let values = gap.values
        let lacking =
            RiskRules.assessment.filter { !risk.isFilled($0) } + (risk.deed(.assessedOn, by: today) == nil ? [.assessedOn] : [])
        let assessed = pins(of: risk, .riskAssessedGaps, names)

        // What is left is approved only where it is said how much that is.
        let acceptances = view.facts(.riskAcceptance, where: .riskId, is: risk.id, .own).filter { acceptance in
            acceptance.isFilled(.residualLevel) && RiskRules.isApproval(acceptance, of: risk, by: today)
                && acceptance.date(.validTo).map { today <= $0 } ?? true
        }.map { (acceptance: $0, pins: pins(of: $0, .riskAcceptanceApprovedGaps, names)) }
        let approval = acceptances.last { $0.pins.contains(values) }
        // A risk that was assessed anew is no more that of which an earlier approval was: its record is asked all the same.
        let own = view.facts(.riskAcceptance, where: .riskId, is: risk.id, .own)
        func isGiven(_ acceptance: ViewedFact) -> Bool {
            acceptance.deed(.approvedOn, by: today) != nil && acceptance.is(.planApproved) && acceptance.isFilled(.approvedByOwner)
                && acceptance.isFilled(.residualLevel)
        }
        let approvedBefore = own.filter(isGiven).flatMap { pins(of: $0, .riskAcceptanceApprovedGaps, names) }
        if !approvedBefore.isEmpty, !approvedBefore.contains(values) {
            (chain.isReopened, chain.earlier) = (true, approvedBefore.last)
        }
        if lacking.isEmpty, !assessed.isEmpty, !assessed.contains(values) {
            chain.isReopened = true
            chain.earlier = chain.earlier ?? assessed.last
        }

        guard lacking.isEmpty, assessed.contains(values) else {
            chain.lacking = lacking
            return chain
        }
        chain.stage = .assessed
        // What was given for what was before, or by somebody else, or is over, is history: another approval follows it.
        let begun = own.last { acceptance in
            let pins = pins(of: acceptance, .riskAcceptanceApprovedGaps, names)
            let isOver = acceptance.date(.validTo).map { $0 < today } ?? false
            return !isGiven(acceptance) && !isOver && (pins.isEmpty || pins.contains(values))
        }
        if approval == nil {
            chain.unfinishedApproval = begun?.id
            let strangers = own.last { acceptance in
                isGiven(acceptance) && acceptance.text(.approvedByOwner) != risk.text(.ownerName)
                    && pins(of: acceptance, .riskAcceptanceApprovedGaps, names).contains(values)
            }
            chain.strangersApproval = strangers?.id
        }
        let treatments = view.facts(.riskTreatment, where: .riskId, is: risk.id, .own)
        let planned = treatments.first { RiskRules.plan.allSatisfy($0.isFilled) }
        chain.treatment = (planned ?? treatments.first)?.id
        let isBelow = risk.int(.level).flatMap { level in risk.int(.acceptanceLevel).map { level <= $0 } } ?? false
        guard planned != nil || measures.closing != nil || isBelow || approval != nil else {
            chain.lacking = treatments.first.map { treatment in RiskRules.plan.filter { !treatment.isFilled($0) } } ?? []
            return chain
        }
        chain.stage = .treated
        guard let approval else {
            chain.lacking =
                begun.map { begun in
                    RiskRules.lacking(of: begun, for: risk, by: today) + (begun.isFilled(.residualLevel) ? [] : [.residualLevel])
                } ?? []
            return chain
        }
        (chain.stage, chain.approval) = (.approved, approval.acceptance.id)
        return chain
    }

    /// The values of the gap that a risk, an approval or a measure was made for, in the order in which they were written.
    private func pins(of fact: ViewedFact, _ kind: FactKind, _ names: Set<FactID>) -> [Gap.Values] {
        fact.children(kind).filter { $0.ref(.gapId).map(names.contains) ?? false }.map {
            Gap.Values(required: $0.text(.requiredValue) ?? "", offered: $0.text(.offeredValue) ?? "")
        }
    }
}
