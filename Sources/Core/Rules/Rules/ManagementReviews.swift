import BuntanProtocol
import Records

/// Management review (MR-1 to MR-8).
enum ManagementReviewRules {
    static let all = [inputs, outputs, retained, coverage, sources, instructions, quality, held]

    /// MR-1 (1 9.3; G 4.3)
    static let inputs = Rule("MR-1", for: .managementReview) { review, _ in
        review.lacking([.inputA, .inputB, .inputC1, .inputC2, .inputC3, .inputC4, .inputD, .inputE, .inputF], as: "input")
    }

    /// MR-2 (1 9.3; G 4.3)
    ///
    /// That no change is needed is a decision too, and is recorded as one.
    static let outputs = Rule("MR-2", for: .managementReview) { review, _ in
        [FactKind.managementReviewOutputImprovements, .managementReviewOutputChanges].filter { review.children($0).isEmpty }.map {
            Failure(at: review, missing: $0, ["item": .kind($0)])
        }
    }

    /// MR-3 (1 9.3)
    static let retained = Rule("MR-3", for: .managementReview) { review, _ in
        review.isFilled(.retainedEvidenceId) ? [] : [Failure(at: review, .retainedEvidenceId)]
    }

    /// MR-4 (1 9.3; G 4.3)
    ///
    /// The reviews count that are no longer ago than their own interval.
    static let coverage = Rule("MR-4", for: .scopeStatementServices) { entry, view in
        guard let service = entry.ref(.serviceId) else { return [] }
        let reviews = view.facts(.managementReview, where: .cloudCoverage, is: service, .own)
        let isCovered = reviews.contains { review in
            guard let day = review.date(.heldOn), let interval = review.duration(.plannedInterval) else { return false }
            return ViewedFact.isWithin(interval, of: day, on: view.today)
        }
        guard !isCovered else { return [] }
        let words = ["service": Word.name(of: entry)]
        // Of a review that does not say when the next one is, nobody can tell for how long it covers anything.
        if let endless = reviews.last(where: { $0.isFilled(.heldOn) && !$0.isFilled(.plannedInterval) }) {
            return [Failure(at: endless, .plannedInterval, words)]
        }
        return [Failure(at: entry, missing: .managementReview, words)]
    }

    /// MR-5 (G 4.3)
    static let sources = Rule("MR-5", for: .managementReview) { review, view in
        let sources = review.refs(.sourceRecordIds)
        let hasRisks = sources.contains { (view.fact(.risk, $0, .own) ?? view.fact(.riskTreatment, $0, .own)) != nil }
        let hasParties = sources.contains { view.fact(.engagement, $0) != nil }
        return hasRisks && hasParties ? [] : [Failure(at: review, .sourceRecordIds)]
    }

    /// MR-6 (G 4.3; 1 9.3)
    ///
    /// A change that is not needed has nobody to make it.
    static let instructions = Rule(
        "MR-6", forEach: [.managementReviewOutputImprovements, .managementReviewOutputChanges]
    ) { output, _ in
        let isChange = output.kind == .managementReviewOutputChanges
        if isChange, output.bool(.needed) == false { return [] }
        guard let missing = [FactField.ownerName, .dueOn].first(where: { !output.isFilled($0) }) else { return [] }
        return [Failure(at: output, missing, ["decision": .name(of: output)])]
    }

    /// MR-7 (G 4.3)
    ///
    /// A provider is whoever has the position in its scope.
    static let quality = Rule("MR-7", for: .managementReview) { review, view in
        guard view.all(.scopeStatementServices, .own).contains(where: { Position.isProvider($0.text(.position)) }) else { return [] }
        return [FactField.outputServiceQuality, .disclosureDecision].filter { !review.isFilled($0) }.map { Failure(at: review, $0) }
    }

    /// MR-8 (1 9.3)
    ///
    /// Reviews are asked of whoever has a scope.
    static let held = Rule("MR-8") { view in
        let reviews = view.all(.managementReview, .own)
        let today = view.today
        let dated = reviews.compactMap { review in review.date(.heldOn).map { (review: review, day: $0) } }.filter { $0.day <= today }
        guard let latest = dated.max(by: { $0.day < $1.day }) else {
            if reviews.isEmpty, view.all(.scopeStatement, .own).isEmpty { return [] }
            return [Failure(at: nil, missing: .managementReview, [:])]
        }
        guard let interval = latest.review.duration(.plannedInterval) else {
            return [Failure(at: latest.review, .plannedInterval, ["date": .date(latest.day)])]
        }
        return ViewedFact.isWithin(interval, of: latest.day, on: today)
            ? [] : [Failure(at: latest.review, .heldOn, ["date": .date(latest.day)])]
    }
}
