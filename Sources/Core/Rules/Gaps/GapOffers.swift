import BuntanProtocol
import Records

/// What is there to compare, and what no rule compares: the laws that a policy asks for, and rows without an answer.
struct GapOffers {
    private let view: FactView
    private let scope: GapAnalysis.Scope
    private let needs: [ViewedFact]
    private let specifications: [ViewedFact]
    private let laws: [ViewedFact]
    private let policies: [ViewedFact]
    /// Whether the provider has no function for backups, and describes none.
    let hasNoBackup: Bool

    init(_ view: FactView, _ scope: GapAnalysis.Scope) {
        (self.view, self.scope) = (view, scope)
        needs = view.records(.backupRequirement, of: scope.service)
        specifications = view.records(.backupSpecification, of: scope.service)
        laws = view.records(.jurisdiction, of: scope.service)
        policies = view.all(.jurisdictionPolicy).filter { $0.serviceID == nil || $0.serviceID == scope.service }
        hasNoBackup = view.fact(.cloudService, scope.service)?.bool(.providesBackup) == false && specifications.isEmpty
    }

    // MARK: laws

    struct LawPart {
        let part: Gap.Part
        let point: GapPoint
        let title: Word
    }

    /// The laws that a policy names have to be among the provider's, in force on the day; and those of a category with evidence.
    var lawParts: [LawPart] { policies.flatMap { lacking(in: $0) + withoutEvidence($0) } }

    private func lacking(in policy: ViewedFact) -> [LawPart] {
        let today = view.today
        return policy.children(.jurisdictionPolicyRequiredLaws).compactMap { required in
            guard let name = required.value(.text), let text = required.text(.text) else { return nil }
            let named = laws.filter { law in law.value(.lawName).map { $0.names(name) } ?? false }
            // One that is not in force is told of as such, by the rule that asks for it.
            guard named.isEmpty else { return nil }
            let word = required.word(.text)
            let part = Gap.Part(
                rule: nil, required: word, offered: .lacking(.kind(.jurisdiction)),
                difference: GapDifference(required: word, offered: .lacking(.kind(.jurisdiction)), on: today))
            return LawPart(part: part, point: GapPoint(policy.id, .lawName, text), title: word)
        }
    }

    private func withoutEvidence(_ policy: ViewedFact) -> [LawPart] {
        let categories = policy.codes(.evidenceRequiredFor)
        return laws.filter { law in
            law.text(.category).map(categories.contains) ?? false && !law.isFilled(.complianceEvidenceIds)
        }.map { law in
            let missing = Word.lacking(.field(.complianceEvidenceIds))
            let part = Gap.Part(
                rule: nil, required: .field(.complianceEvidenceIds), offered: missing, offer: law.id,
                difference: GapDifference(required: .field(.complianceEvidenceIds), offered: missing, on: view.today))
            return LawPart(part: part, point: GapPoint(law.id, .complianceEvidenceIds, offer: law.id), title: .name(of: law))
        }
    }

    // MARK: answers

    struct Unanswered {
        let part: Gap.Part
        let point: GapPoint
        let title: Word
        let side: Side?
    }

    /// The rows of an engagement to which a side has not said who carries them.
    var unanswered: [Unanswered] {
        guard let engagement = scope.engagement else { return [] }
        return view.facts(.responsibility, where: .engagementId, is: engagement).compactMap { row in
            let open = Side.allCases.filter { side in
                let field = side == .provider ? FactField.providerAllocation : .customerAllocation
                switch row.value(field) {
                case .unseen: return false
                case .text(let code): return code == "unallocated"
                default: return true
                }
            }
            guard !open.isEmpty else { return nil }
            let required = Word.field(.allocation)
            let offered = Word.lacking(.fields(open.map { $0 == .provider ? FactField.providerAllocation : .customerAllocation }))
            let part = Gap.Part(rule: "ROLE-1", required: required, offered: offered, difference: .missing)
            return Unanswered(
                part: part, point: GapPoint(row.id, .allocation), title: .name(of: row), side: open.count == 1 ? open[0] : scope.seat)
        }
    }

    // MARK: what cannot be compared

    var uncompared: [Uncompared] { backup + jurisdictions + monitoring + unsettled }

    private func isUnseen(_ kind: FactKind) -> Bool {
        guard let unseen = view.facts.unseenScopes(of: kind) else { return false }
        return unseen.contains(nil) || unseen.contains(scope.service) || scope.engagement.map { unseen.contains($0) } ?? false
    }

    /// What is said where the customer's side of a comparison is not to be seen or not there.
    private func requirement(_ area: GapArea, _ kind: FactKind, isThere: Bool) -> [Uncompared] {
        // What one side shares may not be all that it requires.
        if isUnseen(kind) { return [Uncompared(area, .requirementUnknown, kind, side: .customer)] }
        return isThere ? [] : [Uncompared(area, .requirementMissing, kind, side: .customer)]
    }

    private var backup: [Uncompared] {
        if hasNoBackup {
            return needs.isEmpty
                ? [Uncompared(.backup, .customersDuty, .backupRequirement, record: scope.service, rule: "BKP-2", side: .customer)] : []
        }
        let offer =
            specifications.isEmpty && needs.isEmpty ? [Uncompared(.backup, .offerMissing, .backupSpecification, side: .provider)] : []
        return requirement(.backup, .backupRequirement, isThere: !needs.isEmpty) + offer
    }

    private var jurisdictions: [Uncompared] {
        let says = policies.contains { policy in
            policy.isFilled(.acceptedCountries) || policy.isFilled(.rejectedCountries)
                || !policy.children(.jurisdictionPolicyRequiredLaws).isEmpty
        }
        let offer = laws.isEmpty ? [Uncompared(.jurisdictions, .offerMissing, .jurisdiction, side: .provider)] : []
        return requirement(.jurisdictions, .jurisdictionPolicy, isThere: says) + offer
    }

    private var monitoring: [Uncompared] {
        let requirements = view.records(.monitoringRequirement, of: scope.service)
        let says = requirements.contains { !$0.children(.monitoringRequirementRequiredItems).isEmpty }
        let capabilities = view.records(.monitoringCapability, of: scope.service)
        let offer =
            capabilities.isEmpty && !says ? [Uncompared(.monitoring, .offerMissing, .monitoringCapability, side: .provider)] : []
        return requirement(.monitoring, .monitoringRequirement, isThere: says) + offer
    }

    /// Rows of which several values stand side by side on one side.
    private var unsettled: [Uncompared] {
        guard let engagement = scope.engagement else { return [] }
        return view.facts(.responsibility, where: .engagementId, is: engagement).flatMap { row in
            Side.allCases.filter { row.value($0 == .provider ? .providerAllocation : .customerAllocation) == .unseen }.map {
                Uncompared(.responsibilities, .valueUnknown, .responsibility, record: row.id, rule: "ROLE-1", side: $0)
            }
        }
    }
}
