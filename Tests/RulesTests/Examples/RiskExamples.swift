@testable import Rules

/// The examples of RISK.
enum RiskExamples {
    private static func risk(_ fields: FactFields, id: String = "risk") -> Fact {
        fact(
            .risk, id,
            ([.serviceId: ref("service"), .title: both("Backups cannot be verified", "バックアップを検証できない")] as FactFields).merging(fields) { $1 }
        )
    }
    private static func treatment(_ fields: FactFields) -> Fact {
        fact(.riskTreatment, "treatment", ([.riskId: ref("risk"), .planText: both("T-3", "対応3")] as FactFields).merging(fields) { $1 })
    }
    private static func sources(_ sources: [String], _ position: String) -> [Fact] {
        sources.map { risk([.riskSource: .text($0), .position: .text(position)], id: "\($0) \(position)") }
    }
    private static let service = fact(.cloudService, "service", [.name: both("Hoshi CRM", "星CRM")])
    private static let assessed: FactFields = [
        .ownerName: "CIO", .consequence: 4, .likelihood: 3, .level: 12, .acceptanceLevel: 6,
    ]
    private static func soa(_ position: FactValue) -> Fact {
        fact(.soa, "soa", [.serviceId: ref("service"), .position: position])
    }

    static let all: [RuleExample] = [
        RuleExample("RISK-1", passing: [fact(.gap, "gap", [.field: "rto", .riskId: ref("R-9")])], breaking: .set("gap", .riskId, "")),
        RuleExample("RISK-2", passing: [risk(assessed)], breaking: .set("risk", .ownerName, "")),
        RuleExample(
            "RISK-3",
            passing: [risk(assessed), treatment([.option: "modify", .dueOn: "2026-12-31", .ownerName: "CIO"])],
            breaking: .remove("treatment")),
        RuleExample(
            "RISK-4", passing: [treatment([.comparedWithAnnexA: true, .comparedWith27017: true])],
            breaking: .set("treatment", .comparedWith27017, false)),
        RuleExample(
            "RISK-5",
            passing: [
                risk([.ownerName: "CIO", .assessedOn: "2026-04-01"]), treatment([:]),
                fact(
                    .riskAcceptance, "acceptance",
                    [.riskId: ref("risk"), .approvedByOwner: "CIO", .approvedOn: "2026-05-01", .planApproved: true]),
            ],
            breaking: .set("acceptance", .approvedByOwner, "project manager")),
        RuleExample(
            "RISK-6", passing: [risk([.assessedOn: "2026-01-10", .ismsRegisterRef: "R-2026-31", .fedBackOn: "2026-04-15"])],
            breaking: .set("risk", .fedBackOn, "")),
        RuleExample(
            "RISK-7",
            passing: [service, soa("provider")]
                + sources(
                    [
                        "business-policy", "applicable-law", "policy-missing", "roles-missing", "backup-deficient", "monitoring-deficient",
                    ], "provider"),
            breaking: .remove("monitoring-deficient provider")),
        RuleExample(
            "RISK-8",
            passing: [service, soa("provider")]
                + sources(
                    [
                        "network", "scalability-elasticity", "resource-sharing", "self-service-provisioning", "on-demand-administration",
                        "cross-jurisdiction", "limited-visibility",
                    ], "provider"),
            breaking: .remove("limited-visibility provider")),
        RuleExample(
            "RISK-9",
            passing: [
                fact(.scopeStatement, "scope"), fact(.scopeStatementServices, "entry", [.parent: ref("scope"), .position: "provider"]),
                risk([.riskSource: "backup-deficient", .position: "provider"]),
            ],
            breaking: .set("risk", .riskSource, "policy-missing")),
        RuleExample(
            "RISK-10", passing: [service, soa("both")] + sources(["network"], "provider") + sources(["network"], "customer"),
            breaking: .remove("network customer")),
        RuleExample(
            "RISK-11",
            passing: [risk([.position: "customer", .gapIds: refs("gap")]), treatment([.option: "share", .controlIds: ["15.1.2"]])],
            breaking: .set("treatment", .controlIds, ["9.2.3"])),
        RuleExample(
            "RISK-12", passing: [risk([.position: "provider"]), treatment([.disclosedToCustomers: "yes"])],
            breaking: .set("treatment", .disclosedToCustomers, "")),
        RuleExample(
            "RISK-13", passing: [service, risk([.properties: ["confidentiality", "integrity", "availability"]])],
            breaking: .set("risk", .properties, ["confidentiality"])),
        RuleExample(
            "RISK-14", passing: [risk([.assessedOn: "2026-01-31", .reassessDue: "2027-01-31"])],
            breaking: .set("risk", .reassessDue, "2026-01-31")),
        RuleExample(
            "RISK-15", passing: [treatment([.strengthens27001Controls: ["9.4.1"]])],
            breaking: .set("treatment", .strengthens27001Controls, "")),
    ]
}
