import Records
import Testing

@testable import Rules

/// What the examples leave open: the other ways to pass and to fail.
@Suite("Further cases of the rules")
struct RuleCaseTests {
    enum Expected: Sendable { case passes, fails, unknown }

    struct Case: Sendable, CustomTestStringConvertible {
        let rule: String
        let what: String
        let expected: Expected
        let facts: [Fact]

        init(_ rule: String, _ what: String, _ expected: Expected, _ facts: Fact...) {
            (self.rule, self.what, self.expected, self.facts) = (rule, what, expected, facts)
        }

        var testDescription: String { "\(rule) \(what)" }
    }

    @Test("A rule also answers so", arguments: scope + applicability + roles + risks + integrity)
    func answers(_ example: Case) throws {
        let rule = try #require(RuleBook.rules.first { $0.id == example.rule })
        let today = try #require(CalendarDate(year: 2026, month: 6, day: 1))
        let run = RuleRun([rule], over: Facts(example.facts), today: today, catalogue: try Catalogue.iso27017())
        let results = Array(run.results(of: rule.id).values)
        let hasFailed = results.contains { $0.isFailed }
        #expect(!results.isEmpty)
        switch example.expected {
        case .passes: #expect(Set(results) == [.passed], "\(example.testDescription)")
        case .fails: #expect(hasFailed, "\(example.testDescription)")
        case .unknown: #expect(results.contains(.unknown) && !hasFailed, "\(example.testDescription)")
        }
    }

    static let scope = [
        Case(
            "SCOPE-1", "a department outside the ISMS", .fails, fact(.scopeStatement, "s"),
            fact(.scopeStatementPersonnel, "g", [.parent: ref("s"), .department: "Sales"]),
            fact(.scopeStatementIsmsScopeDepartments, "d", [.parent: ref("s"), .text: "Operations"])),
        Case(
            "SCOPE-1", "a site that is out of scope", .passes, fact(.scopeStatement, "s"),
            fact(.scopeStatementSites, "t", [.parent: ref("s"), .name: "Osaka DC", .inScope: false])),
        Case("SCOPE-2", "no service at all", .fails, fact(.scopeStatement, "s")),
        Case(
            "SCOPE-10", "b with a provider", .fails, fact(.scopeStatement, "s", [.pattern: "b"]),
            fact(.scopeStatementServices, "e", [.parent: ref("s"), .position: "provider"])),
        Case(
            "SCOPE-10", "c with one of each", .passes, fact(.scopeStatement, "s", [.pattern: "c"]),
            fact(.scopeStatementServices, "e", [.parent: ref("s"), .position: "provider"]),
            fact(.scopeStatementServices, "f", [.parent: ref("s"), .position: "customer"])),
        Case(
            "SCOPE-14", "no statement of applicability", .fails,
            fact(.scopeStatementSites, "t", [.parent: ref("s"), .siteKind: "other-cloud", .supplierControlsApplied: true])),
        Case(
            "SCOPE-11", "a customer's scope needs no systems", .passes, fact(.scopeStatement, "s"), fact(.cloudService, "c"),
            fact(.scopeStatementServices, "e", [.parent: ref("s"), .serviceId: ref("c"), .position: "customer"]),
            fact(.cloudServiceRequiredSystems, "r", [.parent: ref("c"), .systemId: "S-1", .indispensable: true])),
        Case(
            "SCOPE-23", "approved and without a status, as private records are", .passes,
            fact(.scopeStatement, "s", [.boundaryText: "the CRM", .approvedBy: "CISO", .approvedOn: "2026-04-01"])),
        Case(
            "SCOPE-23", "approved and still a draft", .fails,
            fact(.scopeStatement, "s", [.boundaryText: "the CRM", .approvedBy: "CISO", .approvedOn: "2026-04-01", .status: "draft"])),
    ]

    static let applicability = [
        Case(
            "SOA-2", "decided and never evaluated", .fails, fact(.soa, "a", [.position: "provider"]),
            fact(.soaEntry, "e", [.soaId: ref("a"), .controlId: "12.3.1", .adoptedProvider: "adopted"])),
        Case(
            "SOA-2", "without guidance there is nothing to evaluate", .passes, fact(.soa, "a", [.position: "both"]),
            fact(.soaEntry, "e", [.soaId: ref("a"), .controlId: "5.1.2"])),
        Case(
            "SOA-5", "an extended control adopted without a reason", .fails,
            fact(
                .soaEntry, "e",
                [.controlId: "CLD.12.4.5", .adopted27001: "not-in-annex", .adoptedProvider: "adopted", .implementationStatus: "planned"])),
        Case(
            "SOA-9", "two statements for one service", .fails, fact(.scopeStatementServices, "e", [.serviceId: ref("s")]),
            fact(.soa, "a", [.serviceId: ref("s")]), fact(.soa, "b", [.serviceId: ref("s")])),
        Case(
            "SOA-14", "a treatment that nobody owns", .fails,
            fact(
                .soaEntry, "e",
                [.controlId: "12.4.1", .adopted27001: "adopted", .implementationStatus: "partial", .treatmentIds: refs("t")]),
            fact(.riskTreatment, "t", [.dueOn: "2026-12-31"])),
        Case(
            "POL-3", "checked before it was approved", .fails,
            fact(.policy, "p", [.changesExistingPolicy: true, .approvedOn: "2026-03-05", .ismsConformityCheckedOn: "2026-03-04"])),
        Case(
            "POL-1", "a policy that nobody approved", .fails, fact(.soa, "a", [.position: "customer"]),
            fact(.policy, "p", [.policyKind: "cloud-use"])),
    ]

    static let roles = [
        Case("ROLE-1", "no allocation at all", .fails, fact(.responsibility, "r")),
        Case("ROLE-3", "one side has signed", .passes, fact(.responsibility, "r", [.agreedByProviderHash: "h", .contentHash: "h"])),
        Case(
            "ROLE-3", "both have signed, and the row has changed since", .passes,
            fact(.responsibility, "r", [.contentHash: "other", .status: "open"])),
        Case(
            "ROLE-3", "one side has signed and it counts as agreed", .fails,
            fact(.responsibility, "r", [.agreedByProviderHash: "h", .contentHash: "h", .status: "agreed"])),
        Case(
            "ROLE-4", "a supplier that is a cloud service, without the dependency", .fails,
            fact(.responsibility, "r", [.allocation: "supplier", .supplierPartyId: ref("p")]),
            fact(.serviceDependency, "d", [.upstreamPartyId: ref("p")])),
        Case(
            "ROLE-5", "the customer sees it otherwise", .fails,
            fact(
                .responsibility, "r",
                [
                    .allocation: "not-applicable", .notApplicableReason: "none", .providerAllocation: "not-applicable",
                    .customerAllocation: "customer",
                ])),
        Case("ROLE-9", "a row that does not apply needs nobody", .passes, fact(.responsibility, "r", [.allocation: "not-applicable"])),
        Case(
            "ROLE-12", "a row that is gone", .fails,
            fact(.allocationAgreementRowHashes, "h", [.recordId: ref("r"), .contentHash: "h"])),
        Case(
            "ROLE-13", "never reviewed in the year since it took effect", .fails,
            fact(.allocationAgreement, "a", [.effectiveFrom: "2025-05-31"]),
            fact(.allocationAgreementRowHashes, "h", [.parent: ref("a"), .recordId: ref("r")]), fact(.responsibility, "r")),
        Case(
            "ROLE-13", "a year since it took effect, to the day", .passes,
            fact(.allocationAgreement, "a", [.effectiveFrom: "2025-06-01"]),
            fact(.allocationAgreementRowHashes, "h", [.parent: ref("a"), .recordId: ref("r")]), fact(.responsibility, "r")),
        Case(
            "ROLE-14", "an upstream service that is not on Buntan", .unknown,
            fact(.responsibility, "r", [.controlId: "12.3.1", .allocation: "supplier", .dependencyId: ref("d")]),
            fact(.serviceDependency, "d", [.upstreamName: "Kumo IaaS"])),
        Case(
            "ROLE-14", "an agreement above that is not here", .unknown,
            fact(.responsibility, "r", [.controlId: "12.3.1", .allocation: "supplier", .dependencyId: ref("d")]),
            fact(.cloudService, "u", [.name: "Kumo IaaS"]),
            fact(.serviceDependency, "d", [.upstreamServiceId: ref("u"), .upstreamMatrixRevision: .unseen])),
        Case(
            "ROLE-15", "another item of the same control", .passes, fact(.responsibility, "r", [.controlId: "12.4.1", .itemKey: "main"]),
            fact(.responsibility, "q", [.controlId: "12.4.1", .itemKey: "12.4.1/retention"])),
        Case(
            "ROLE-15", "a row that was withdrawn", .passes, fact(.responsibility, "r", [.controlId: "12.4.1", .itemKey: "main"]),
            fact(.responsibility, "q", [.controlId: "12.4.1", .itemKey: "main", .status: "withdrawn"])),
        Case(
            "ROLE-16", "one party on both sides", .fails, fact(.partySignatories, "s", [.parent: ref("p"), .personName: "S. Mori"]),
            fact(
                .allocationAgreementSignatures, "a",
                [.parent: ref("g"), .side: "provider", .partyId: ref("p"), .personName: "S. Mori", .signedAt: "2026-04-01T09:00:00Z"]),
            fact(
                .allocationAgreementSignatures, "b",
                [.parent: ref("g"), .side: "customer", .partyId: ref("p"), .personName: "S. Mori", .signedAt: "2026-04-01T09:00:00Z"])),
    ]

    private static func supplemented(from day: FactValue, _ expected: Expected) -> Case {
        Case(
            "SUP-2", "what is missing is filled from \(day)", expected,
            fact(
                .serviceDependency, "d", [.dependencyType: "backup", .downstreamServiceId: ref("s"), .upstreamServiceId: ref("u")]),
            fact(.backupSpecification, "own", [.serviceId: ref("s"), .rpo: "PT1H"]),
            fact(.backupSpecification, "theirs", [.serviceId: ref("u"), .rpo: "P1D"]),
            fact(.gap, "g", [.capabilityId: ref("theirs"), .field: "rpo"]),
            fact(.supplementaryMeasure, "m", [.gapIds: refs("g"), .inPlaceFrom: day]))
    }
    private static func notified(_ day: FactValue, _ expected: Expected) -> Case {
        Case(
            "RISK-14", "a change on \(day) of what it came from", expected,
            fact(.risk, "r", [.assessedOn: "2026-03-01", .reassessDue: "2027-03-01", .gapIds: refs("g")]),
            fact(.gap, "g", [.capabilityId: ref("c")]),
            fact(.changeNotice, "n", [.affectedRecordIds: refs("c"), .plannedStart: day]))
    }

    static let risks = [
        supplemented(from: "2026-06-01", .passes), supplemented(from: "2026-06-02", .fails),
        notified("2026-03-01T00:00:00Z", .passes), notified("2026-03-02T00:00:00Z", .fails), notified("2026-06-02T00:00:00Z", .passes),
        Case("RISK-14", "due today", .passes, fact(.risk, "r", [.assessedOn: "2026-03-01", .reassessDue: "2026-06-01"])),
        Case("RISK-14", "no day to reassess it", .fails, fact(.risk, "r", [.assessedOn: "2026-03-01"])),
        Case("RISK-1", "closed", .passes, fact(.gap, "g", [.status: "closed"])),
        Case("RISK-1", "accepted without a risk", .fails, fact(.gap, "g", [.status: "accepted"])),
        Case(
            "RISK-1", "a measure in place", .passes, fact(.gap, "g", [.status: "open"]),
            fact(.supplementaryMeasure, "m", [.gapIds: refs("g"), .inPlaceFrom: "2026-01-01"])),
        Case("RISK-3", "at the acceptance level", .passes, fact(.risk, "r", [.level: 6, .acceptanceLevel: 6])),
        Case(
            "RISK-5", "accepted before it was assessed", .fails, fact(.risk, "r", [.ownerName: "CIO", .assessedOn: "2026-04-01"]),
            fact(.riskTreatment, "t", [.riskId: ref("r")]),
            fact(
                .riskAcceptance, "a",
                [.riskId: ref("r"), .approvedByOwner: "CIO", .approvedOn: "2026-03-31", .planApproved: true])),
        Case(
            "RISK-5", "to be accepted", .fails, fact(.risk, "r", [.ownerName: "CIO", .assessedOn: "2026-04-01"]),
            fact(.riskTreatment, "t", [.riskId: ref("r")]),
            fact(
                .riskAcceptance, "a",
                [.riskId: ref("r"), .approvedByOwner: "CIO", .approvedOn: "2026-06-03", .planApproved: true])),
        Case(
            "RISK-10", "no risk of either position", .fails, fact(.cloudService, "s"),
            fact(.soa, "a", [.serviceId: ref("s"), .position: "both"])),
    ]

    /// A contract of an engagement that began on 2026-04-01.
    private static func ended(on day: FactValue, _ place: FactFields, _ expected: Expected) -> Case {
        Case(
            "DATA-1", "a contract that ended on \(day), found by \(place.keys.map(\.rawValue))", expected,
            fact(.engagement, "e", [.startDate: "2026-04-01", .serviceIds: refs("s")]),
            fact(.assetRemoval, "a", place.merging([.contractEndedOn: day]) { $1 }))
    }

    static let integrity = [
        Case("DATA-1", "a duration that is none", .fails, fact(.backupSpecification, "b", [.rpo: "4 hours or so"])),
        Case("DATA-1", "a day that no calendar has", .fails, fact(.risk, "r", [.assessedOn: "2026-02-30"])),
        Case("DATA-1", "assessed on a day still to come", .fails, fact(.risk, "r", [.assessedOn: "2026-06-03"])),
        Case("DATA-1", "assessed where the next day has begun", .passes, fact(.risk, "r", [.assessedOn: "2026-06-02"])),
        Case("DATA-1", "what others say of a day to come", .passes, fact(.assetRemoval, "a", [.removedOn: "2027-01-01"])),
        Case(
            "DATA-1", "a treatment of a risk that is gone", .fails, fact(.riskTreatment, "t", [.riskId: ref("r")]),
            fact(.risk, "other")),
        Case("DATA-1", "a treatment of a risk that is here", .passes, fact(.riskTreatment, "t", [.riskId: ref("r")]), fact(.risk, "r")),
        Case("DATA-1", "an entry whose statement is gone goes unseen with it", .passes, fact(.soaEntry, "e", [.soaId: ref("s")])),
        Case("DATA-1", "a review that is planned", .passes, fact(.managementReview, "m", [.heldOn: "2027-01-01"])),
        Case("DATA-1", "one day from first to last", .passes, fact(.evidence, "e", [.periodFrom: "2026-04-01", .periodTo: "2026-04-01"])),
        Case(
            "DATA-1", "asked after it was due", .fails,
            fact(.informationRequest, "q", [.requestedOn: "2026-04-02", .dueOn: "2026-04-01"])),
        Case(
            "DATA-1", "confirmed before anything was removed", .fails,
            fact(.assetRemoval, "a", [.removedOn: "2026-04-02", .customerConfirmedOn: "2026-04-01"])),
        Case(
            "DATA-1", "confirmed on the day on which it was removed", .passes,
            fact(.assetRemoval, "a", [.removedOn: "2026-04-02", .customerConfirmedOn: "2026-04-02"])),
        Case(
            "DATA-1", "a correction that worked before it was made", .fails,
            fact(.auditFinding, "f", [.closedOn: "2026-04-02", .effectivenessCheckedOn: "2026-04-01"])),
        Case(
            "DATA-1", "reported before it was held", .fails,
            fact(.internalAudit, "a", [.performedOn: "2026-04-02", .reportedToManagementOn: "2026-04-01"])),
        Case(
            "DATA-1", "a change that was over before it began", .fails,
            fact(.changeNotice, "c", [.startedAt: "2026-04-02T00:00:00Z", .completedAt: "2026-04-01T00:00:00Z"])),
        Case(
            "DATA-1", "removed before the contract ended", .fails,
            fact(.assetRemoval, "a", [.contractEndedOn: "2026-04-02", .removedOn: "2026-04-01"])),
        Case(
            "DATA-1", "removed on the day on which it ended", .passes,
            fact(.assetRemoval, "a", [.contractEndedOn: "2026-04-02", .removedOn: "2026-04-02"])),
        ended(on: "2026-03-31", [.serviceId: ref("s")], .fails), ended(on: "2026-04-01", [.serviceId: ref("s")], .passes),
        ended(on: "2026-03-31", [.engagementId: ref("e")], .fails), ended(on: "2026-04-01", [.engagementId: ref("e")], .passes),
        ended(on: "2026-03-31", [.serviceId: ref("t")], .passes),
        Case(
            "DATA-1", "to be assessed again before it was assessed", .fails,
            fact(.risk, "r", [.assessedOn: "2026-04-02", .reassessDue: "2026-04-01"])),
        Case(
            "DATA-1", "approved until a day before it was approved", .fails,
            fact(.riskAcceptance, "a", [.approvedOn: "2026-04-02", .validTo: "2026-04-01"])),
        Case(
            "DATA-1", "superseded before it was published", .fails,
            fact(.editionTable, "t", [.publishedOn: "2026-04-02", .supersededOn: "2026-04-01"])),
        Case("DATA-1", "a month and thirty days", .passes, fact(.backupRequirement, "b", [.minRetention: "P1M", .maxRetention: "P30D"])),
        Case(
            "DATA-2", "the other party of its engagement", .passes,
            fact(.engagement, "e", [.providerPartyId: ref("p"), .customerPartyId: ref("c")]),
            fact(.evidence, "r", [.visibility: "counterpart", .engagementId: ref("e"), .recipientPartyId: ref("c")])),
        Case(
            "DATA-2", "a party of another engagement", .fails,
            fact(.engagement, "e", [.providerPartyId: ref("p"), .customerPartyId: ref("c")]),
            fact(.evidence, "r", [.visibility: "counterpart", .engagementId: ref("e"), .recipientPartyId: ref("d")])),
        Case("DATA-3", "a first revision replaces nothing", .passes, fact(.risk, "r", [.revision: 1])),
        Case(
            "ED-2", "on the last day of the older edition's certificates", .passes,
            fact(.editionTable, "t", [.editionId: "jisq27001-2014", .supersededOn: "2026-06-01"]),
            fact(.soa, "a", [.edition27001: "jisq27001-2014"])),
        Case("ED-3", "a scope without a criterion", .fails, fact(.scopeStatement, "s")),
    ]
}
