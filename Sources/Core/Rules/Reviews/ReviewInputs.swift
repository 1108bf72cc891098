import BuntanProtocol
package import Records

/// What a management review takes as its inputs a) to f) (1 9.3; G 4.3), compiled from the records as they are on a day.
///
/// It says what the records say and no more; where they say nothing about an input, that is said.
package struct ReviewInputs: Sendable {
    /// One of the nine inputs.
    package struct Section: Sendable {
        /// The field of the review's record: `inputA` … `inputF`.
        package let input: FactField
        /// At least one.
        package let lines: [Line]
        /// The records that it was drawn from: those of its lines, and those that were only counted.
        package let sources: [FactID]
    }

    /// One thing that is said in an input.
    package struct Line: Hashable, Sendable {
        package let matter: Matter
        /// What fills the placeholders of its words.
        package let words: [String: Word]
        /// The record that it is about.
        package let record: FactID?
        /// Whether somebody is late with it.
        package let isLate: Bool

        init(_ matter: Matter, _ words: [String: Word] = [:], of record: FactID? = nil, isLate: Bool = false) {
            (self.matter, self.words, self.record, self.isLate) = (matter, words, record, isLate)
        }
    }

    /// What a line says; its words are found by this name.
    package enum Matter: String, CaseIterable, Sendable {
        // a)
        case noEarlierReview, noActions, actionOpen, actionLate, actionDone
        // b)
        case engagementBegan, engagementEnded, noticedChange, lawInForce, lawExpired, editionSuperseded, themeInUse, policyApproved
        case scopeApproved, noChange
        // c)
        case findingOpen, findingLate, findingUnchecked, findingClosed, noNonconformity
        case checked, checkedNone, verified, notMet, restoreTest, noMeasurement
        case auditHeld, auditReported, auditUnreported, auditFound, noAudit
        case statementStands, measureInPlace, measureToCome, objectiveOfSupplier, noObjective
        // d)
        case customerStands, providerStands, agreementStands, agreementMissing, requestsOpen, noParty
        // e)
        case riskCounts, riskAbove, riskApproved, riskApprovedBefore, riskToReassess, treatmentPlanned, treatmentLate, treatmentDone,
            gapsStand, noRisk
        // f)
        case findingOfOpportunity, opportunityOfRisk, opportunityOfTheme, advised, noOpportunity
    }

    /// In the order of the standard: a, b, the four parts of c, d, e, f.
    package let sections: [Section]
    /// The latest review before the day, from whose day on changes are told.
    package let previous: (review: FactID, heldOn: CalendarDate)?
    /// The services of the scope, each once.
    package let services: [FactID]

    /// The records that any input was drawn from, each once.
    package var sources: [FactID] {
        var seen = Set<FactID>()
        return sections.flatMap(\.sources).filter { seen.insert($0).inserted }
    }

    /// Compiles the inputs.
    ///
    /// - Parameters:
    ///   - facts: The facts of the organisation as a whole.
    ///   - parties: Those it has engagements with.
    ///   - ownServices: The services that it provides itself.
    ///   - today: The day of the review; what is done later is not done yet.
    package init(
        _ facts: RecordFacts, _ parties: [InterestedParty], ownServices: Set<FactID>, today: CalendarDate, catalogue: Catalogue,
        table: RuleTable
    ) {
        let view = FactView(facts, today: today, catalogue: catalogue)
        previous = view.all(.managementReview, .own).compactMap { review in review.date(.heldOn).map { (review.id, $0) } }
            .filter { $0.1 < today }.max { ($0.1, $0.0) < ($1.1, $1.0) }
        let reading = ReviewReading(
            view: view, parties: parties, since: previous?.heldOn, previous: previous?.review, today: today,
            actions: ManagementAction.all(in: facts, on: today, catalogue: catalogue),
            findings: CheckedCounts(facts, ownServices, today: today, catalogue, table))
        var seen = Set<FactID>()
        services = view.all(.scopeStatementServices, .own).compactMap { $0.ref(.serviceId) }.filter { seen.insert($0).inserted }
        let inputs: [(FactField, [Line])] = [
            (.inputA, reading.earlierActions), (.inputB, reading.changes), (.inputC1, reading.nonconformities),
            (.inputC2, reading.measurements), (.inputC3, reading.audits), (.inputC4, reading.objectives), (.inputD, reading.feedback),
            (.inputE, reading.risks), (.inputF, reading.opportunities),
        ]
        sections = inputs.map { input, lines in
            let counted = input == .inputE ? view.all(.risk, .own).map(\.id) : []
            return Section(input: input, lines: lines, sources: counted + lines.compactMap(\.record))
        }
    }
}

/// How much the rules find in what this organisation is to put right.
struct CheckedCounts {
    private(set) var byOutcome: [RuleTable.Outcome: Int] = [:]

    /// Rules about the review itself are left out: it is being held. So are those about the rows there are, which stand elsewhere, and,
    /// since a review of a day that has passed hears the records of now, days that were still to come then.
    init(
        _ facts: RecordFacts, _ ownServices: Set<FactID>, today: CalendarDate, _ catalogue: Catalogue, _ table: RuleTable
    ) {
        let rules = RuleBook.rules.filter { rule in
            table[rule.id].map { $0.group != "MR" && !$0.asksForRows } ?? false
        }
        let engagements = Set(facts.all(.engagement).map(\.id))
        for finding in RuleRun(rules, over: facts, today: today, catalogue: catalogue).findings {
            // What is asked about an engagement is told in its own scope.
            guard finding.subject.map({ !engagements.contains($0) }) ?? true else { continue }
            if finding.rule == "DATA-1", finding.field.map(IntegrityRules.deeds.contains) ?? false { continue }
            let side = finding.service.map { ownServices.contains($0) ? Side.provider : .customer } ?? .provider
            guard finding.side == nil || finding.side == side, let outcome = table[finding.rule]?.outcome else { continue }
            byOutcome[outcome, default: 0] += 1
        }
    }

    subscript(outcome: RuleTable.Outcome) -> Int { byOutcome[outcome] ?? 0 }
}
