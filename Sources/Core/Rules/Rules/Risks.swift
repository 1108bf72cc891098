import BuntanProtocol
import Records

/// Risk assessment and treatment: what a risk has and what is done about it (RISK-1 to RISK-6).
enum RiskRules {
    static let all = [gapsAssessed, complete, treated, compared, accepted, fedBack] + RiskCoverageRules.all

    /// RISK-1 (G 2.4, 4.2.2①b; 1 6.1.2)
    static let gapsAssessed = Rule("RISK-1", for: .gap) { gap, view in
        guard gap.text(.status) != "closed", gap.ref(.riskId) == nil, view.measures(closing: gap.id).isEmpty else { return [] }
        return [Failure(at: gap, .riskId, ["gap": .name(of: gap)], side: .customer)]
    }

    /// What an assessment says of a risk.
    static let assessment: [FactField] = [.ownerName, .consequence, .likelihood, .level, .acceptanceLevel]

    /// RISK-2 (1 6.1.2 c), d), e))
    static let complete = Rule("RISK-2", for: .risk) { risk, _ in
        return assessment.filter { !risk.isFilled($0) }.map { Failure(at: risk, $0, ["risk": .name(of: risk), "item": .field($0)]) }
    }

    /// What makes a treatment a plan.
    static let plan: [FactField] = [.option, .planText, .ownerName, .dueOn]

    /// RISK-3 (1 6.1.3 a), e))
    static let treated = Rule("RISK-3", for: .risk) { risk, view in
        guard let level = risk.int(.level), let acceptance = risk.int(.acceptanceLevel), level > acceptance else { return [] }
        let treatments = view.facts(.riskTreatment, where: .riskId, is: risk.id, .own)
        guard !treatments.contains(where: { plan.allSatisfy($0.isFilled) }) else { return [] }
        let words = ["risk": Word.name(of: risk)]
        // A treatment that is begun is gone on with.
        guard let begun = treatments.last, let lacking = plan.first(where: { !begun.isFilled($0) }) else {
            return [Failure(at: risk, missing: .riskTreatment, words)]
        }
        return [Failure(at: begun, lacking, words)]
    }

    /// RISK-4 (1 6.1.3 c); G 4.2.2③)
    static let compared = Rule("RISK-4", for: .riskTreatment) { treatment, _ in
        let standards: [(FactField, Word)] = [
            (.comparedWithAnnexA, .bilingual(BilingualText(en: "JIS Q 27001 Annex A", ja: "JIS Q 27001 附属書A"))),
            (.comparedWith27017, .text("JIS Q 27017")),
        ]
        return standards.filter { !treatment.is($0.0) }.map { field, standard in
            Failure(at: treatment, field, ["treatment": .name(of: treatment), "standard": standard])
        }
    }

    /// RISK-5 (1 6.1.3 f))
    static let accepted = Rule("RISK-5", for: .risk) { risk, view in
        guard !view.facts(.riskTreatment, where: .riskId, is: risk.id, .own).isEmpty else { return [] }
        let acceptances = view.facts(.riskAcceptance, where: .riskId, is: risk.id, .own)
        if acceptances.contains(where: { isApproval($0, of: risk, by: view.today) }) { return [] }
        let words = ["risk": Word.name(of: risk)]
        return [
            acceptances.last.map { Failure(at: $0, lacking(of: $0, for: risk, by: view.today).first ?? .approvedOn, words) }
                ?? Failure(at: risk, missing: .riskAcceptance, words)
        ]
    }

    /// The fields that keep an acceptance from being an approval of a risk as it was last assessed; a day still to come is none.
    static func lacking(of acceptance: ViewedFact, for risk: ViewedFact, by day: CalendarDate) -> [FactField] {
        let isOwners = risk.text(.ownerName).map { acceptance.text(.approvedByOwner) == $0 } ?? false
        let isApproved = acceptance.deed(.approvedOn, by: day).map { approved in risk.date(.assessedOn).map { $0 <= approved } ?? true }
        return (isOwners ? [] : [.approvedByOwner]) + (acceptance.is(.planApproved) ? [] : [.planApproved])
            + (isApproved ?? false ? [] : [.approvedOn])
    }

    /// Whether the owner of a risk has approved its plan and what is left of it, as it was last assessed.
    static func isApproval(_ acceptance: ViewedFact, of risk: ViewedFact, by day: CalendarDate) -> Bool {
        lacking(of: acceptance, for: risk, by: day).isEmpty
    }

    /// RISK-6 (G 4.2.2①a, ②)
    static let fedBack = Rule("RISK-6", for: .risk) { risk, _ in
        let fields: [FactField] = [.ismsRegisterRef, .fedBackOn]
        return fields.first { !risk.isFilled($0) }.map { [Failure(at: risk, $0, ["risk": .name(of: risk)])] } ?? []
    }
}
