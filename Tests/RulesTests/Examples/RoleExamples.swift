@testable import Rules

/// The examples of ROLE.
enum RoleExamples {
    private static func row(_ control: String, _ fields: FactFields, id: String = "row") -> Fact {
        fact(
            .responsibility, id,
            ([
                .serviceId: ref("service"), .engagementId: ref("engagement"), .framework: "iso27017", .controlId: .text(control),
                .itemKey: "main",
            ] as FactFields).merging(fields) { $1 })
    }
    private static func agreement(_ fields: FactFields = [:]) -> Fact {
        fact(
            .allocationAgreement, "agreement",
            ([.serviceId: ref("service"), .engagementId: ref("engagement")] as FactFields).merging(fields) { $1 })
    }
    private static func signed(_ hash: String) -> Fact {
        fact(
            .allocationAgreementRowHashes, "signed",
            [.parent: ref("agreement"), .recordId: ref("row"), .contentHash: .text(hash)])
    }
    private static func role(_ side: FactValue, _ fields: FactFields) -> Fact {
        fact(
            .sharedRole, "role",
            ([.engagementId: ref("engagement"), .holderSide: side, .roleName: both("tenant administrator", "テナント管理者")] as FactFields)
                .merging(fields) { $1 })
    }
    private static let service = fact(.cloudService, "service", [.name: both("Hoshi CRM", "星CRM")])
    private static let filled = both("written", "記載あり")

    static let all: [RuleExample] = [
        RuleExample(
            "ROLE-1", passing: [row("12.3.1", [.itemKey: "12.3.1/retention", .allocation: "provider"])],
            breaking: .set("row", .allocation, "unallocated")),
        RuleExample(
            "ROLE-2", passing: [row("12.4.1", [.allocation: "shared", .providerStatement: filled, .customerStatement: filled])],
            breaking: .set("row", .customerStatement, "")),
        RuleExample(
            "ROLE-3",
            passing: [
                row(
                    "12.4.1",
                    [
                        .status: "agreed", .agreedByProviderHash: "hash 3", .agreedByCustomerHash: "hash 3", .contentHash: "hash 3",
                    ])
            ],
            breaking: .set("row", .agreedByCustomerHash, "hash 2")),
        RuleExample(
            "ROLE-4", passing: [row("11.2.7", [.allocation: "supplier", .supplierPartyId: ref("Kumo IaaS K.K.")])],
            breaking: .set("row", .supplierPartyId, "")),
        RuleExample(
            "ROLE-5",
            passing: [
                row(
                    "CLD.9.5.2",
                    [
                        .allocation: "not-applicable", .providerAllocation: "not-applicable", .customerAllocation: "not-applicable",
                        .notApplicableReason: both("the customer configures no virtual machines", "カスタマは仮想マシンを構成しない"),
                    ])
            ],
            breaking: .set("row", .notApplicableReason, "")),
        RuleExample(
            "ROLE-6", passing: [row("12.4.1", [.allocation: "customer", .customerCanFulfil: "yes"])],
            breaking: .set("row", .customerCanFulfil, "not-confirmed")),
        RuleExample(
            "ROLE-7",
            passing: [
                fact(.engagement, "engagement", [.serviceIds: refs("service")]),
                fact(
                    .contactPoint, "desk",
                    [.serviceId: ref("service"), .purpose: "support", .channel: "phone", .serviceHours: both("24 h", "24時間")]),
            ],
            breaking: .remove("desk")),
        RuleExample(
            "ROLE-8",
            passing: [
                fact(.soa, "soa", [.serviceId: ref("service")]),
                fact(.soaEntry, "entry", [.soaId: ref("soa"), .controlId: "12.6.1", .adopted27001: "adopted"]), row("12.6.1", [:]),
            ],
            breaking: .remove("row")),
        RuleExample(
            "ROLE-9", passing: [row("9.2.1", [.accountable: refs("tenant administrator"), .responsible: refs("operations")])],
            breaking: .set("row", .accountable, refs("tenant administrator", "operations"))),
        RuleExample(
            "ROLE-10",
            passing: [agreement([.effectiveFrom: "2026-04-01"]), role("provider", [.communicatedOn: "2026-03-01"])],
            breaking: .set("role", .communicatedOn, "2026-05-01")),
        RuleExample(
            "ROLE-11",
            passing: [
                role("customer", [.awarenessRecordIds: refs("briefing")]),
                fact(.trainingRecord, "briefing", [.topics: ["roles"], .heldOn: "2026-04-10"]),
            ],
            breaking: .set("role", .awarenessRecordIds, "")),
        RuleExample(
            "ROLE-12", passing: [agreement(), signed("with P30D"), row("12.3.1", [.contentHash: "with P30D"])],
            breaking: .set("row", .contentHash, "with P14D")),
        RuleExample(
            "ROLE-13",
            passing: [
                service, agreement([.reviewInterval: "P365D", .effectiveFrom: "2025-01-01"]), signed("hash"),
                row("12.3.1", [.lastReviewedOn: "2025-11-13"]),
            ],
            breaking: .set("row", .lastReviewedOn, "2025-01-17")),
        RuleExample(
            "ROLE-14",
            passing: [
                row("11.2.7", [.allocation: "supplier", .dependencyId: ref("dependency")]),
                fact(.serviceDependency, "dependency", [.downstreamServiceId: ref("service"), .upstreamServiceId: ref("upstream")]),
                fact(.cloudService, "upstream", [.name: "Kumo IaaS"]),
                row("11.2.7", [.serviceId: ref("upstream"), .allocation: "provider", .status: "agreed"], id: "row upstream"),
            ],
            breaking: .set("row upstream", .allocation, "customer")),
        RuleExample(
            "ROLE-15", passing: [row("12.4.1", [.allocation: "provider"])],
            breaking: .add(row("12.4.1", [.allocation: "customer"], id: "row too"))),
        RuleExample(
            "ROLE-16",
            passing: [
                agreement(), fact(.party, "party", [.legalName: both("Hoshi K.K.", "星株式会社")]),
                fact(
                    .partySignatories, "director",
                    [.parent: ref("party"), .personName: "S. Mori", .validFrom: "2025-04-01", .validTo: "2027-03-31"]),
                fact(
                    .allocationAgreementSignatures, "signature",
                    [
                        .parent: ref("agreement"), .side: "provider", .partyId: ref("party"), .personName: "S. Mori",
                        .signedAt: "2026-04-01T09:00:00Z",
                    ]),
            ],
            breaking: .set("director", .validTo, "2025-12-31")),
        RuleExample(
            "ROLE-17",
            passing: [
                row(
                    "12.6.1",
                    [
                        .allocation: "shared",
                        .boundaryNote: both("provider patches hosts, customer patches guests", "ホストはプロバイダ、ゲストはカスタマが修正する"),
                    ])
            ],
            breaking: .set("row", .boundaryNote, "")),
    ]
}
