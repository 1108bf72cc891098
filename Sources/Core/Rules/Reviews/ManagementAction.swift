package import Records

/// Something that somebody is to do because a management review has decided it, an audit has found it or a risk asks for it
/// (1 8.2, 8.3, 9.3, 10.1).
package struct ManagementAction: Hashable, Sendable {
    package enum Matter: String, CaseIterable, Sendable {
        /// An improvement or a change of the ISMS that a review has decided.
        case decision
        /// A finding that waits for its corrective action.
        case correction
        /// A finding whose correction is done, and nobody has said yet that it works.
        case effectiveness
        /// The next management review, or internal audit, whose day comes near.
        case review, audit
        /// What a treatment of a risk plans, and is not done yet.
        case treatment
        /// A risk whose day to be assessed again comes near.
        case reassessment
    }

    package let matter: Matter
    /// The decision in the list of its review, the finding, what was held last, the treatment or the risk.
    package let record: FactID
    package let name: Word
    /// The review or the audit that it came from; `nil` where it names none that is here.
    package let origin: FactID?
    /// Who does it: the owner of a decision, a treatment or a risk, the unit in which something was found.
    package let owner: String?
    package let due: CalendarDate?
    /// The day on which it was done, on or before the one asked about; for an effect to be checked, that of the correction.
    package let done: CalendarDate?

    /// Whether it still waits. An effect waits to be checked as long as it is told of at all.
    package var isOpen: Bool { done == nil || matter == .effectiveness }
    package func isLate(on day: CalendarDate) -> Bool { isOpen && due.map { $0 < day } ?? false }

    /// All that reviews and audits have given to do, done or not: in the order of the records, decisions first.
    ///
    /// - Parameter day: The day that is asked about: what is done later is not done yet.
    package static func all(in facts: RecordFacts, on day: CalendarDate, catalogue: Catalogue) -> [ManagementAction] {
        let view = FactView(facts, today: day, catalogue: catalogue)
        let decisions = [FactKind.managementReviewOutputImprovements, .managementReviewOutputChanges].flatMap { view.all($0, .own) }
        return decisions.compactMap { decision($0, by: day) } + view.all(.auditFinding, .own).compactMap { action(on: $0, by: day) }
    }

    /// The next review and the next audit, from 30 days before the day on which their interval ends.
    package static func planned(in facts: RecordFacts, on day: CalendarDate, catalogue: Catalogue) -> [ManagementAction] {
        let view = FactView(facts, today: day, catalogue: catalogue)
        let plans: [(Matter, FactKind, FactField)] = [
            (.review, .managementReview, .heldOn), (.audit, .internalAudit, .performedOn),
        ]
        return plans.compactMap { matter, kind, field in
            let held = view.all(kind, .own).compactMap { fact in fact.done(field, by: day).map { (fact: fact, day: $0) } }
            guard let last = held.max(by: { ($0.day, $0.fact.id) < ($1.day, $1.fact.id) }),
                let interval = last.fact.duration(.plannedInterval), let due = last.day.adding(days: interval.seconds / 86_400),
                due.days(since: day) <= notice
            else { return nil }
            return ManagementAction(
                matter: matter, record: last.fact.id, name: .kind(kind), origin: nil, owner: nil, due: due, done: nil)
        }
    }

    /// What is planned against risks and not done, and the risks to be assessed again from 30 days before their day.
    ///
    /// The rules judge a risk without a day; here it gives nobody anything to do.
    package static func risks(in facts: RecordFacts, on day: CalendarDate, catalogue: Catalogue) -> [ManagementAction] {
        let view = FactView(facts, today: day, catalogue: catalogue)
        // What a risk asked for that is gone, nobody has to do.
        let treatments = view.all(.riskTreatment, .own).filter { treatment in
            treatment.text(.progress) != "done" && treatment.ref(.riskId).map { view.fact(.risk, $0, .own) != nil } ?? true
        }.map { treatment in
            ManagementAction(
                matter: .treatment, record: treatment.id, name: .name(of: treatment), origin: treatment.ref(.riskId),
                owner: treatment.text(.ownerName), due: treatment.date(.dueOn), done: nil)
        }
        return treatments
            + view.all(.risk, .own).compactMap { risk in
                guard let due = risk.date(.reassessDue), due.days(since: day) <= notice else { return nil }
                return ManagementAction(
                    matter: .reassessment, record: risk.id, name: .name(of: risk), origin: nil, owner: risk.text(.ownerName), due: due,
                    done: nil)
            }
    }

    private static let notice = 30

    private static func decision(_ output: ViewedFact, by day: CalendarDate) -> ManagementAction? {
        // That no change is needed gives nobody anything to do.
        if output.kind == .managementReviewOutputChanges, output.bool(.needed) == false { return nil }
        return ManagementAction(
            matter: .decision, record: output.id, name: .name(of: output), origin: output.ref(.parent), owner: output.text(.ownerName),
            due: output.date(.dueOn), done: output.done(.doneOn, by: day))
    }

    private static func action(on finding: ViewedFact, by day: CalendarDate) -> ManagementAction? {
        let grade = finding.text(.grade)
        guard finding.isNonconformity || (grade != "good-practice" && finding.isFilled(.dueOn)) else { return nil }
        let closed = finding.done(.closedOn, by: day)
        let isUnchecked = closed != nil && finding.isNonconformity && finding.done(.effectivenessCheckedOn, by: day) == nil
        return ManagementAction(
            matter: isUnchecked ? .effectiveness : .correction, record: finding.id, name: .name(of: finding),
            origin: finding.ref(.parent), owner: finding.text(.department), due: isUnchecked ? nil : finding.date(.dueOn), done: closed)
    }
}

extension ViewedFact {
    var isNonconformity: Bool { text(.grade) == "major-nonconformity" || text(.grade) == "minor-nonconformity" }

    /// The day on which something is said to have been done, unless that is still to come. Where another device is, the next day may
    /// have begun.
    func deed(_ field: FactField, by day: CalendarDate) -> CalendarDate? { done(field, by: day.adding(days: 1) ?? day) }

    /// The day of a field, unless it is still to come.
    func done(_ field: FactField, by day: CalendarDate) -> CalendarDate? { date(field).flatMap { $0 <= day ? $0 : nil } }
}
