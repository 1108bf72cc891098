@testable import Rules

/// The examples of SUP and POL.
enum SupplyExamples {
    private static func dependency(_ fields: FactFields) -> Fact {
        fact(
            .serviceDependency, "dependency",
            ([.downstreamServiceId: ref("service"), .upstreamServiceId: ref("upstream")] as FactFields).merging(fields) { $1 })
    }
    private static let services = [
        fact(.cloudService, "service", [.name: both("Hoshi CRM", "星CRM")]),
        fact(.cloudService, "upstream", [.name: both("Kumo IaaS", "雲IaaS")]),
    ]
    private static func specification(_ id: String, service: String, rpo: FactValue) -> Fact {
        fact(.backupSpecification, id, [.serviceId: ref(service), .rpo: rpo])
    }
    private static func policy(_ kind: FactValue, _ fields: FactFields = [:], id: String = "policy") -> Fact {
        fact(.policy, id, ([.policyKind: kind, .approvedBy: "CISO", .approvedOn: "2026-02-10"] as FactFields).merging(fields) { $1 })
    }

    static let all: [RuleExample] = [
        RuleExample(
            "SUP-1",
            passing: services + [
                dependency([.riskManagementRequired: true]),
                fact(.serviceDependencySecurityObjectives, "objective", [.parent: ref("dependency"), .text: both("encrypt", "暗号化")]),
            ],
            breaking: .remove("objective")),
        RuleExample(
            "SUP-2",
            passing: services + [
                dependency([.dependencyType: "backup"]), specification("own", service: "service", rpo: "PT4H"),
                specification("theirs", service: "upstream", rpo: "PT1H"),
            ],
            breaking: .set("own", .rpo, "PT1H"), .set("theirs", .rpo, "P1D"),
            correcting: .set("own", .rpo, "P1D")),
        RuleExample(
            "SUP-3", passing: [fact(.engagement, "engagement"), policy("supplier", [.topicsCovered: ["provider-access"]])],
            breaking: .remove("policy")),
        RuleExample(
            "SUP-4",
            passing: [fact(.engagement, "engagement", [.serviceIds: refs("service")])]
                + SupplyRules.items.map {
                    fact(.responsibility, $0, [.serviceId: ref("service"), .controlId: "15.1.2", .itemKey: .text($0)])
                },
            breaking: .remove("15.1.2/audit")),
        RuleExample(
            "SUP-5",
            passing: services + [
                dependency([.customerDataFlows: true]),
                fact(
                    .responsibility, "row",
                    [
                        .serviceId: ref("service"), .controlId: "11.2.7", .allocation: "supplier", .dependencyId: ref("dependency"),
                        .status: "agreed",
                    ]),
            ],
            breaking: .remove("row")),
        RuleExample(
            "POL-1",
            passing: [
                fact(.soa, "soa", [.position: "both"]), policy("cloud-use"), policy("cloud-provision", id: "policy too"),
            ],
            breaking: .remove("policy")),
        RuleExample(
            "POL-2", passing: [policy("cloud-use", [.riskAcceptanceLevel: 4, .organisationAcceptanceLevel: 6])],
            breaking: .set("policy", .riskAcceptanceLevel, 9)),
        RuleExample(
            "POL-3", passing: [policy("cloud-use", [.changesExistingPolicy: true, .ismsConformityCheckedOn: "2026-03-05"])],
            breaking: .set("policy", .ismsConformityCheckedOn, "")),
        RuleExample("POL-4", passing: [policy("business")], breaking: .remove("policy")),
    ]
}
