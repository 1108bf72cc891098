import BuntanProtocol
import Records

/// Internal audit (AUD-1 to AUD-6).
enum InternalAuditRules {
    static let all = [held, coverage, independence, nonconformities, reported, sampled]

    /// AUD-1 (1 9.2; J 4.3; G 4.3)
    ///
    /// Several audits within the interval of the latest one together have to use both criteria. Audits are asked of whoever has a scope.
    static let held = Rule("AUD-1") { view in
        let audits = view.all(.internalAudit, .own)
        func failure(_ audit: ViewedFact?, _ field: FactField?, _ criteria: [String], _ interval: Word) -> [Failure] {
            let words = ["criteria": Word.codes(.criteria, criteria), "interval": interval]
            return [audit.map { Failure(at: $0, field, words) } ?? Failure(at: nil, missing: .internalAudit, words)]
        }
        let today = view.today
        let dated = audits.compactMap { audit in audit.date(.performedOn).map { (audit: audit, day: $0) } }.filter { $0.day <= today }
        guard let latest = dated.max(by: { $0.day < $1.day }) else {
            return audits.isEmpty && view.all(.scopeStatement, .own).isEmpty ? [] : failure(nil, nil, criteria, .field(.plannedInterval))
        }
        guard let interval = latest.audit.duration(.plannedInterval) else {
            return failure(latest.audit, .plannedInterval, criteria, .field(.plannedInterval))
        }
        let used = dated.filter { ViewedFact.isWithin(interval, of: $0.day, on: today) }.flatMap { $0.audit.codes(.criteria) }
        let missing = criteria.filter { !used.contains($0) }
        guard !missing.isEmpty else { return [] }
        return failure(latest.audit, used.isEmpty ? .performedOn : .criteria, missing, .duration(interval))
    }

    private static let criteria = ["jisq27001", "jip-isms517"]

    /// AUD-2 (J 4.3; G 4.3)
    ///
    /// The cycle holds the audits that are no longer ago than their own interval.
    static let coverage = Rule("AUD-2", for: .scopeStatementServices) { entry, view in
        guard let service = entry.ref(.serviceId) else { return [] }
        let audits = view.facts(.internalAudit, where: .coveredServiceIds, is: service, .own).filter { audit in
            guard let day = audit.date(.performedOn), let interval = audit.duration(.plannedInterval) else { return false }
            return ViewedFact.isWithin(interval, of: day, on: view.today)
        }
        let covered = audits.flatMap { $0.codes(.coveredPositions) }
        return Position.sides(entry.text(.position)).filter { !covered.contains($0.name) }.map { side in
            Failure(at: entry, missing: .internalAudit, ["service": .name(of: entry), "position": .side(side)], side: side)
        }
    }

    /// AUD-3 (1 9.2 e))
    static let independence = Rule("AUD-3", for: .auditFinding) { finding, _ in
        guard let department = finding.value(.department), let audit = finding.parent(.internalAudit) else { return [] }
        return audit.children(.internalAuditAuditors).filter { $0.value(.department)?.names(department) ?? false }.map {
            Failure(at: $0, .department, ["auditor": .name(of: $0)])
        }
    }

    /// AUD-4 (1 9.2, 10.1)
    static let nonconformities = Rule("AUD-4", for: .auditFinding) { finding, _ in
        let fields: [FactField] = finding.isNonconformity ? [.clause, .evidenceIds, .cause, .correctiveAction, .dueOn] : []
        let closing: [FactField] = finding.isFilled(.closedOn) ? [.effectivenessCheckedOn] : []
        return finding.lacking(fields + closing, ["finding": .name(of: finding)])
    }

    /// AUD-5 (1 9.2 f), 9.3 c)3); G 4.3)
    ///
    /// The next review is the first on or after the day of the audit; before it is held, the report alone is asked for.
    static let reported = Rule("AUD-5", for: .internalAudit) { audit, view in
        let words = ["audit": Word.name(of: audit)]
        if !audit.isFilled(.reportedToManagementOn) { return [Failure(at: audit, .reportedToManagementOn, words)] }
        guard let performed = audit.date(.performedOn) else { return [] }
        let reviews = view.all(.managementReview, .own).compactMap { review in review.date(.heldOn).map { (review: review, day: $0) } }
        guard let next = reviews.filter({ $0.day >= performed }).min(by: { $0.day < $1.day }) else { return [] }
        return next.review.isFilled(.inputC3) ? [] : [Failure(at: next.review, .inputC3, words)]
    }

    /// AUD-6 (G 4.3; 1 A.15.2.1; P)
    static let sampled = Rule("AUD-6", for: .internalAudit) { audit, view in
        let services = audit.refs(.coveredServiceIds)
        guard !services.isEmpty else { return [] }
        let sampled = Set(audit.refs(.sampledRowIds).compactMap { view.fact(.responsibility, $0)?.serviceID })
        return services.filter { !sampled.contains($0) }.map {
            Failure(at: audit, .sampledRowIds, ["service": .service($0)], service: $0)
        }
    }
}
