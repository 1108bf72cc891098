@testable import Rules

/// The examples of JUR.
enum JurisdictionExamples {
    static func law(_ fields: FactFields = [:], id: String = "law", country: String = "JP", service: String = "service") -> Fact {
        fact(
            .jurisdiction, id,
            ([.serviceId: ref(service), .country: .text(country), .lawName: both("APPI", "個人情報保護法"), .authorSide: "provider"] as FactFields)
                .merging(fields) { $1 })
    }
    static func data(_ country: String, of law: String = "law", id: String = "data") -> Fact {
        fact(.jurisdictionDataLocations, id, [.parent: ref(law), .country: .text(country), .purpose: "primary"])
    }
    static func policy(_ fields: FactFields = [:]) -> Fact { fact(.jurisdictionPolicy, "policy", fields) }
    private static let service = BackupExamples.service()
    private static let engagement = fact(
        .engagement, "engagement",
        [.serviceIds: refs("service"), .providerPartyId: ref("provider"), .customerPartyId: ref("customer"), .governingLaw: "JP"])
    static let dependency = fact(
        .serviceDependency, "dependency",
        [
            .downstreamServiceId: ref("service"), .upstreamServiceId: ref("upstream"), .upstreamName: "Kumo IaaS",
            .customerDataFlows: true,
        ])

    static let all: [RuleExample] = [
        RuleExample("JUR-1", passing: [service, law()], breaking: .remove("law")),
        RuleExample(
            "JUR-2", passing: [law([.subdivision: "JP-13"]), data("JP")], breaking: .set("law", .country, "UK"),
            .set("law", .subdivision, "")),
        RuleExample(
            "JUR-3", passing: [law([.lawName: both("GDPR", "一般データ保護規則"), .lawEffectiveFrom: "2018-05-25"])],
            breaking: .set("law", .lawExpiredOn, "2015-06-01"), .set("law", .lawEffectiveFrom, "")),
        RuleExample(
            "JUR-4", passing: [law([.customerDecision: "pending"]), data("JP"), policy([.acceptedCountries: ["JP"]])],
            breaking: .set("data", .country, "US")),
        RuleExample(
            "JUR-5", today: "2026-06-15",
            passing: [
                law(),
                fact(
                    .informationRequest, "request",
                    [
                        .serviceId: ref("service"), .requestedKind: "evidence", .question: both("APPI report", "個人情報保護法の報告書"),
                        .dueOn: "2026-05-31", .outcome: "answered", .authorSide: "customer",
                    ]),
            ],
            breaking: .set("request", .outcome, "open")),
        RuleExample(
            "JUR-6",
            passing: [
                service, law(), data("JP"), law(id: "other", country: "SG"), BackupExamples.specification(),
                BackupExamples.location("SG", separate: true),
            ],
            breaking: .remove("other")),
        RuleExample(
            "JUR-7", passing: [law([.lastCheckedOn: "2026-02-01"])], breaking: .set("law", .lastCheckedOn, "2023-12-14")),
        RuleExample(
            "JUR-8",
            passing: [
                fact(
                    .cryptoCapability, "crypto",
                    [.serviceId: ref("service"), .atRest: true, .algorithms: ["AES-256-GCM"], .exportClassification: "5A002"]),
                law(), data("SG"),
            ],
            breaking: .set("crypto", .exportClassification, "")),
        RuleExample(
            "JUR-9",
            passing: [
                law([.category: "personal-data", .basis: "data-subject-location"], country: "DE"), data("JP"), policy(),
                fact(
                    .jurisdictionPolicyTransferBasis, "basis",
                    [.parent: ref("policy"), .fromCountry: "DE", .toCountry: "JP", .basis: "adequacy"]),
            ],
            breaking: .set("data", .country, "US")),
        RuleExample(
            "JUR-10",
            passing: [
                service, dependency, law([.basis: "data-location"], id: "theirs", country: "US", service: "upstream"),
                law([.basis: "upstream"], country: "US"),
            ],
            breaking: .remove("law")),
        RuleExample("JUR-11", passing: [engagement], breaking: .set("engagement", .governingLaw, "")),
        RuleExample(
            "JUR-12",
            passing: [
                engagement, fact(.party, "provider", [.operatingCountries: ["JP"]]), fact(.party, "customer", [.headOfficeCountry: "JP"]),
                fact(
                    .contactPoint, "contact",
                    [.purpose: "authority", .country: "JP", .name: both("Personal Information Protection Commission", "個人情報保護委員会")]),
            ],
            breaking: .remove("contact")),
    ]
}
