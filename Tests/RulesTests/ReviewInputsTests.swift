import BuntanProtocol
import Records
import Testing
import Wording

@testable import Rules

@Suite("The inputs of a management review, compiled from the records")
struct ReviewInputsTests {
    static func day(_ text: String) -> CalendarDate { CalendarDate(canonical: text) ?? .distant }

    private static func inputs(
        _ facts: [Fact], _ parties: [InterestedParty] = [], on text: String = "2026-06-01"
    ) throws -> ReviewInputs {
        ReviewInputs(
            Facts(facts), parties, ownServices: [FactID("service")], today: day(text), catalogue: try Catalogue.iso27017(),
            table: try RuleTable.shipped())
    }

    private static func matters(_ inputs: ReviewInputs, _ field: FactField) -> [ReviewInputs.Matter] {
        inputs.sections.first { $0.input == field }?.lines.map(\.matter) ?? []
    }

    private static func party(
        _ side: Side, isAgreed: Bool = true, requests: Int = 0, gaps: Int = 0, reopened: Set<FactID> = []
    ) -> InterestedParty {
        InterestedParty(
            engagement: FactID("engagement of \(side)"), service: FactID("service"), name: BilingualText(en: "Kaisha", ja: "会社"),
            side: side, published: 4, agreed: 2, disputed: 1, open: 1, isAgreed: isAgreed, requests: requests, gaps: gaps, openGaps: gaps,
            reopenedRisks: reopened)
    }

    static let service = fact(.cloudService, "service", [.name: both("Hoshi Mail", "星メール"), .authorSide: "provider"])
    static let audit = fact(
        .internalAudit, "audit",
        [.performedOn: "2026-05-01", .criteria: ["jisq27001"], .coveredServiceIds: refs("service"), .coveredPositions: ["provider"]])

    static func finding(_ id: String, _ grade: String, _ fields: FactFields = [:]) -> Fact {
        fact(
            .auditFinding, id,
            ([.parent: ref("audit"), .grade: .text(grade), .clause: "12.3.1", .department: "Operations", .statement: both(id, id)]
                as FactFields)
                .merging(fields) { $1 })
    }

    static func review(_ id: String, _ heldOn: String) -> Fact { fact(.managementReview, id, [.heldOn: .text(heldOn)]) }

    static func decision(_ id: String, of review: String, _ fields: FactFields = [:]) -> Fact {
        fact(
            .managementReviewOutputImprovements, id,
            ([.parent: ref(review), .decision: both(id, id), .ownerName: "CISO"] as FactFields).merging(fields) { $1 })
    }

    @Test("Without a record each of the nine inputs says so, in the order of the standard")
    func empty() throws {
        let inputs = try Self.inputs([])
        #expect(
            inputs.sections.map(\.input) == [.inputA, .inputB, .inputC1, .inputC2, .inputC3, .inputC4, .inputD, .inputE, .inputF])
        let told = inputs.sections.map { $0.lines.map(\.matter) }
        #expect(
            told == [
                [.noEarlierReview], [.noChange], [.noNonconformity], [.checked, .noMeasurement], [.noAudit], [.noObjective], [.noParty],
                [.noRisk], [.advised],
            ])
        #expect(inputs.sources.isEmpty && inputs.services.isEmpty && inputs.previous == nil)
    }

    @Test("a) tells of what earlier reviews decided: open, late, done since; not of what was told already, nor of this review's own")
    func earlierActions() throws {
        let facts = [
            Self.review("first", "2024-06-01"), Self.review("second", "2025-06-01"), Self.review("now", "2026-06-01"),
            Self.decision("told", of: "first", [.doneOn: "2024-12-01"]), Self.decision("late", of: "first", [.dueOn: "2025-01-31"]),
            Self.decision("open", of: "second", [.dueOn: "2026-06-01"]), Self.decision("done", of: "second", [.doneOn: "2025-09-01"]),
            Self.decision("to come", of: "second", [.doneOn: "2026-06-02"]), Self.decision("own", of: "now"),
            fact(
                .managementReviewOutputChanges, "none", [.parent: ref("second"), .ismsChange: both("none", "なし"), .needed: false]),
        ]
        let inputs = try Self.inputs(facts)
        let section = try #require(inputs.sections.first)
        let told = Dictionary(uniqueKeysWithValues: section.lines.map { ($0.record?.text ?? "-", $0.matter) })
        #expect(told == ["late": .actionLate, "open": .actionOpen, "done": .actionDone, "to come": .actionOpen])
        #expect(section.lines.filter(\.isLate).map(\.record) == [FactID("late")])
        #expect(inputs.previous?.review == FactID("second"))
        // A day later what was due is late, and the review of the day before is an earlier one.
        let later = try Self.inputs(facts, on: "2026-06-02")
        #expect(later.previous?.review == FactID("now"))
        #expect(Set(later.sections[0].lines.filter(\.isLate).map(\.record)) == [FactID("late"), FactID("open")])
        #expect(later.sections[0].lines.contains { $0.record == FactID("to come") && $0.matter == .actionDone })
    }

    @Test("Findings wait for their correction, then for the check of its effect, then are closed; each stage on its day")
    func findings() throws {
        let closed: FactFields = [.dueOn: "2026-05-20", .closedOn: "2026-05-25", .effectivenessCheckedOn: "2026-05-30"]
        let finding = Self.finding("restores untested", "minor-nonconformity", closed)
        for (day, matter) in [
            ("2026-05-20", ReviewInputs.Matter.findingOpen), ("2026-05-21", .findingLate), ("2026-05-25", .findingUnchecked),
            ("2026-05-30", .findingClosed),
        ] {
            let inputs = try Self.inputs([Self.audit, finding], on: day)
            #expect(Self.matters(inputs, .inputC1) == [matter], "\(day)")
        }
        let open = ManagementAction.all(in: Facts([Self.audit, finding]), on: Self.day("2026-05-27"), catalogue: try Catalogue.iso27017())
        #expect(open.map(\.matter) == [.effectiveness] && open.allSatisfy { $0.isOpen && $0.due == nil && !$0.isLate(on: .distant) })
        let over = ManagementAction.all(in: Facts([Self.audit, finding]), on: Self.day("2026-05-30"), catalogue: try Catalogue.iso27017())
        #expect(over.allSatisfy { !$0.isOpen })
    }

    @Test("An opportunity is something to do once it has a day; good practice never is, and neither is a nonconformity")
    func grades() throws {
        let facts = [
            Self.finding("chance", "opportunity"), Self.finding("dated", "opportunity", [.dueOn: "2026-07-01"]),
            Self.finding("good", "good-practice", [.dueOn: "2026-07-01"]), Self.finding("major", "major-nonconformity"),
        ]
        let actions = ManagementAction.all(in: Facts(facts), on: Self.day("2026-06-01"), catalogue: try Catalogue.iso27017())
        #expect(Set(actions.map(\.record.text)) == ["dated", "major"])
        let inputs = try Self.inputs([Self.audit] + facts)
        #expect(Self.matters(inputs, .inputC1) == [.findingOpen])
        #expect(Self.matters(inputs, .inputF).filter { $0 == .findingOfOpportunity }.count == 2)
    }

    @Test("What was told in the review before is not told again")
    func since() throws {
        let facts = [
            Self.audit, Self.service, Self.review("before", "2026-05-10"),
            fact(.policy, "old", [.policyKind: "cloud-use", .approvedOn: "2026-05-09"]),
            fact(.policy, "new", [.policyKind: "backup", .approvedOn: "2026-05-10"]),
        ]
        let inputs = try Self.inputs(facts)
        #expect(Self.matters(inputs, .inputC3) == [.noAudit])
        #expect(inputs.sections[1].lines.map(\.record) == [FactID("new")])
        #expect(Self.matters(try Self.inputs(facts.filter { $0.id.text != "before" }), .inputC3) == [.auditHeld, .auditUnreported])
    }

    @Test("What is left of a risk is told as approved from the day on which its owner has approved it, and by nobody else")
    func approvals() throws {
        func told(_ fields: FactFields, on day: String = "2026-06-01") throws -> Bool {
            let risk = fact(.risk, "risk", [.title: both("loss", "消失"), .ownerName: "CIO", .level: 6, .acceptanceLevel: 4])
            let approval: FactFields = [
                .riskId: ref("risk"), .residualLevel: 3, .approvedByOwner: "CIO", .approvedOn: "2026-05-10", .planApproved: true,
            ]
            let facts = [risk, fact(.riskAcceptance, "approval", approval.merging(fields) { $1 })]
            return Self.matters(try Self.inputs(facts, on: day), .inputE).contains(.riskApproved)
        }
        #expect(try told([:]) && told([:], on: "2026-05-10"))
        #expect(try !told([:], on: "2026-05-09") && !told([.approvedByOwner: "Somebody"]) && !told([.planApproved: false]))
    }

    @Test("What is found in the records of a review is counted, but not what rules say about rows, which are not read with it")
    func counted() throws {
        let facts = Facts([
            Self.service, fact(.soa, "soa", [.serviceId: ref("service"), .position: "provider"]),
            fact(.soaEntry, "entry", [.soaId: ref("soa"), .controlId: "12.3.1", .adopted27001: "adopted", .adoptedProvider: "adopted"]),
        ])
        let (catalogue, table, today) = (try Catalogue.iso27017(), try RuleTable.shipped(), Self.day("2026-06-01"))
        let counts = CheckedCounts(facts, [FactID("service")], today: today, catalogue, table)
        let rules = RuleBook.rules.filter { table[$0.id].map { $0.group != "MR" } ?? false }
        let found = RuleRun(rules, over: facts, today: today, catalogue: catalogue).findings
        #expect(found.contains { $0.rule == "ROLE-8" })
        let meant = found.filter { finding in
            table[finding.rule].map { $0.outcome == .violation && !$0.asksForRows } ?? false && finding.side != .customer
        }
        #expect(counts[.violation] == meant.count && meant.count > 0)
    }

    @Test("Each risk is a source, told of by name or not, and so is each engagement")
    func sources() throws {
        let facts = [
            Self.service,
            fact(.risk, "low", [.title: both("low", "低"), .level: 2, .acceptanceLevel: 4]),
            fact(.risk, "high", [.title: both("high", "高"), .level: 6, .acceptanceLevel: 4]),
            fact(.scopeStatementServices, "entry", [.serviceId: ref("service"), .position: "provider"]),
        ]
        let inputs = try Self.inputs(facts, [Self.party(.customer)])
        #expect(Set(inputs.sources.map(\.text)) == ["low", "high", "engagement of customer"])
        #expect(inputs.services == [FactID("service")])
        let above = inputs.sections[7].lines.filter { $0.matter == .riskAbove }
        #expect(above.map(\.record) == [FactID("high")] && Self.matters(inputs, .inputD) == [.customerStands, .agreementStands])
    }

    @Test("Whatever a line says has its words in both languages, and every word of them is filled")
    func words() throws {
        var met = Set<ReviewInputs.Matter>()
        for inputs in try [Self.inputs([]), Self.inputs(Self.everything, Self.parties), Self.inputs(Self.nothingFound)] {
            for line in inputs.sections.flatMap(\.lines) {
                met.insert(line.matter)
                let phrase = try #require(ReviewLinePhrases(rawValue: line.matter.rawValue), "\(line.matter)")
                for language in Language.allCases {
                    let text = phrase.text(in: language, line.words.mapValues { _ in .number(2) })
                    #expect(!text.contains("{"), "\(line.matter): \(text)")
                }
            }
        }
        let unmet = Set(ReviewInputs.Matter.allCases).subtracting(met).map(\.rawValue).sorted()
        // Some advice there is for every organisation: to look at its policies.
        #expect(unmet == ["checkedNone", "noOpportunity"], "no example says these")
        #expect(ReviewLinePhrases.allCases.count == ReviewInputs.Matter.allCases.count)
    }

    private static let parties = [
        party(.customer, requests: 2, gaps: 1, reopened: [FactID("changed")]), party(.provider, isAgreed: false),
    ]

    /// A review that was held and decided nothing, and nothing else of which anything could be found.
    private static let nothingFound = [review("before", "2026-05-10"), fact(.risk, "r", [.opportunity: both("a", "b")])]

    /// Records that make every line be said.
    private static let everything: [Fact] =
        [
            EditionExamples.ended, service, audit, review("before", "2025-06-01"),
            fact(
                .internalAudit, "reported",
                [.performedOn: "2026-05-02", .coveredServiceIds: refs("service"), .reportedToManagementOn: "2026-05-20"]),
            decision("late", of: "before", [.dueOn: "2025-12-31"]), decision("open", of: "before"),
            decision("done", of: "before", [.doneOn: "2026-01-31"]),
            finding("f open", "minor-nonconformity", [.dueOn: "2026-07-01"]),
            finding("f late", "major-nonconformity", [.dueOn: "2026-05-20"]),
            finding("f unchecked", "minor-nonconformity", [.closedOn: "2026-05-20"]),
            finding("f closed", "minor-nonconformity", [.closedOn: "2026-05-20", .effectivenessCheckedOn: "2026-05-21"]),
            finding("chance", "opportunity"),
            fact(
                .engagement, "engagement of customer",
                [.serviceIds: refs("service"), .startDate: "2025-07-01", .endDate: "2026-05-31"]),
            fact(
                .changeNotice, "notice",
                [.serviceId: ref("service"), .plannedStart: "2026-07-01T00:00:00Z", .technicalDescription: both("Move", "移設")]),
            fact(
                .jurisdiction, "law",
                [.serviceId: ref("service"), .lawName: both("Act", "法"), .lawEffectiveFrom: "2026-04-01", .lawExpiredOn: "2026-05-01"]),
            fact(.soa, "soa", [.serviceId: ref("service"), .serviceName: both("Hoshi Mail", "星メール"), .edition27001: "jisq27001-2014"]),
            fact(
                .soaEntry, "entry", [.soaId: ref("soa"), .controlId: "12.3.1", .adopted27001: "adopted", .implementationStatus: "planned"]),
            fact(.scopeStatement, "scope", [.approvedOn: "2026-05-01"]),
            fact(.policy, "policy", [.policyKind: "cloud-use", .approvedOn: "2026-05-01"]),
            fact(.emergingTheme, "theme", [.theme: "ai", .inUse: "planned", .opportunityText: both("faster", "迅速")]),
            fact(.verification, "v", [.verifiedOn: "2026-05-01", .result: "gap"]),
            fact(.backupSpecification, "backup", [.serviceId: ref("service")]),
            fact(.backupSpecificationLastRestoreTest, "test", [.parent: ref("backup"), .testedOn: "2026-05-01", .result: "passed"]),
            fact(
                .supplementaryMeasure, "measure", [.serviceId: ref("service"), .measure: both("copy", "複製"), .inPlaceFrom: "2026-05-01"]),
            fact(.supplementaryMeasure, "plan", [.serviceId: ref("service"), .measure: both("copy", "複製"), .inPlaceFrom: "2026-07-01"]),
            fact(.serviceDependency, "upstream", [.downstreamServiceId: ref("service"), .upstreamName: "Kumo"]),
            fact(.serviceDependencySecurityObjectives, "objective", [.parent: ref("upstream"), .text: both("encrypt", "暗号化")]),
            fact(
                .risk, "risk",
                [
                    .title: both("loss", "消失"), .ownerName: "CIO", .level: 6, .acceptanceLevel: 4, .reassessDue: "2026-05-01",
                    .opportunity: both("gain", "利得"),
                ]),
            fact(
                .riskAcceptance, "approval",
                [.riskId: ref("risk"), .residualLevel: 3, .approvedByOwner: "CIO", .approvedOn: "2026-05-10", .planApproved: true]),
            fact(.risk, "changed", [.title: both("delay", "遅延"), .ownerName: "CIO", .level: 6, .acceptanceLevel: 4]),
            fact(
                .riskAcceptance, "approved before",
                [.riskId: ref("changed"), .residualLevel: 3, .approvedByOwner: "CIO", .approvedOn: "2026-05-10", .planApproved: true]),
            fact(.riskTreatment, "t late", [.riskId: ref("risk"), .planText: both("copy", "複製"), .dueOn: "2026-05-01"]),
            fact(.riskTreatment, "t plan", [.riskId: ref("risk"), .planText: both("copy", "複製"), .dueOn: "2026-07-01"]),
            fact(.riskTreatment, "t done", [.riskId: ref("risk"), .planText: both("copy", "複製"), .progress: "done"]),
        ]
}
