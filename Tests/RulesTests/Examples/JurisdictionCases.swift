@testable import Rules

/// Further questions about JUR.
enum JurisdictionCases {
    private typealias E = JurisdictionExamples

    static let all: [RuleCase] = [
        RuleCase("JUR-1", "another service's law", .set("law", .serviceId, ref("other")), expected: .missing(.jurisdiction)),
        RuleCase("JUR-2", "the European Union", .set("law", .country, "EU"), .set("law", .subdivision, ""), expected: .passed),
        RuleCase("JUR-2", "another country's subdivision", .set("law", .subdivision, "US-CA"), expected: .field(.subdivision)),
        RuleCase("JUR-2", "a subdivision of another form", .set("law", .subdivision, "JP-Tokyo"), expected: .field(.subdivision)),
        RuleCase("JUR-2", "a country alone for a subdivision", .set("law", .subdivision, "JP"), expected: .field(.subdivision)),
        RuleCase("JUR-2", "a data location", .set("data", .country, "jp"), expected: .field(.country)),
        RuleCase("JUR-2", "no country", .set("law", .country, ""), expected: .field(.country)),
        RuleCase("JUR-3", "on the first day", expected: .passed, today: "2018-05-25"),
        RuleCase("JUR-3", "a day before it applies", expected: .field(.lawEffectiveFrom), today: "2018-05-24"),
        RuleCase("JUR-3", "on its last day", .set("law", .lawExpiredOn, "2026-06-02"), expected: .passed),
        RuleCase("JUR-3", "the day after", .set("law", .lawExpiredOn, "2026-06-01"), expected: .field(.lawExpiredOn)),
        RuleCase(
            "JUR-3", "a successor does not keep it in force", .set("law", .lawExpiredOn, "2025-01-01"),
            .set("law", .successorId, ref("other")),
            expected: .field(.lawExpiredOn)),
        RuleCase(
            "JUR-4", "accepted all the same", .set("data", .country, "US"), .set("law", .customerDecision, "accepted"), expected: .passed),
        RuleCase("JUR-4", "rejected by decision", .set("law", .customerDecision, "rejected"), expected: .field(.customerDecision)),
        RuleCase(
            "JUR-4", "rejected by policy", .set("policy", .rejectedCountries, ["JP"]), .set("policy", .acceptedCountries, []),
            expected: .field(.customerDecision)),
        RuleCase("JUR-4", "nobody has a policy", .remove("policy"), .set("data", .country, "US"), expected: .passed),
        RuleCase(
            "JUR-4", "a policy about another service", .set("policy", .serviceId, ref("other")), .set("data", .country, "US"),
            expected: .passed),
        RuleCase("JUR-4", "the policy is not to be seen", .remove("policy"), expected: .unknown, unseen: [.jurisdictionPolicy]),
        RuleCase("JUR-4", "the decision is not to be seen", .set("law", .customerDecision, .unseen), expected: .unknown),
        RuleCase("JUR-5", "on the day", .set("request", .outcome, "open"), expected: .passed, today: "2026-05-31"),
        RuleCase("JUR-5", "refused, and that is recorded", .set("request", .outcome, "declined"), expected: .passed),
        RuleCase(
            "JUR-5", "of another kind", .set("request", .outcome, "open"), .set("request", .requestedKind, "jurisdiction"),
            expected: .passed),
        RuleCase(
            "JUR-6", "upstream", .add(E.dependency), .add(E.law(id: "theirs", service: "upstream")),
            .add(E.data("US", of: "theirs", id: "there")),
            expected: .missing(.jurisdiction)),
        RuleCase(
            "JUR-6", "upstream, but no data flow there", .add(E.dependency), .set("dependency", .customerDataFlows, false),
            .add(E.law(id: "theirs", service: "upstream")), .add(E.data("US", of: "theirs", id: "there")), expected: .passed),
        RuleCase("JUR-7", "a year ago", .set("law", .lastCheckedOn, "2025-06-01"), expected: .passed),
        RuleCase("JUR-7", "a year and a day ago", .set("law", .lastCheckedOn, "2025-05-31"), expected: .field(.lastCheckedOn)),
        RuleCase("JUR-7", "never", .set("law", .lastCheckedOn, ""), expected: .field(.lastCheckedOn)),
        RuleCase("JUR-8", "one country", .set("crypto", .exportClassification, ""), .set("data", .country, "JP"), expected: .passed),
        RuleCase(
            "JUR-8", "a law about exports", .set("crypto", .exportClassification, ""), .set("law", .category, "export-control"),
            expected: .passed),
        RuleCase(
            "JUR-8", "no cryptography", .set("crypto", .exportClassification, ""), .set("crypto", .atRest, false),
            .set("crypto", .algorithms, []), expected: .passed),
        RuleCase("JUR-9", "no policy", .remove("policy"), .remove("basis"), expected: .missing(.jurisdictionPolicyTransferBasis)),
        RuleCase(
            "JUR-9", "the other way round", .set("basis", .fromCountry, "JP"), .set("basis", .toCountry, "DE"),
            expected: .missing(.jurisdictionPolicyTransferBasis)),
        RuleCase("JUR-9", "data at home", .set("data", .country, "DE"), .remove("basis"), expected: .passed),
        RuleCase(
            "JUR-9", "a law of the provider's own place", .set("law", .basis, "provider-establishment"), .remove("basis"), expected: .passed
        ),
        RuleCase("JUR-10", "listed for another reason", .set("law", .basis, "contract"), expected: .missing(.jurisdiction)),
        RuleCase("JUR-10", "no data flow", .set("dependency", .customerDataFlows, false), .remove("law"), expected: .passed),
        RuleCase("JUR-10", "nobody knows upstream's countries", .remove("theirs"), .remove("law"), expected: .missing(.jurisdiction)),
        RuleCase("JUR-10", "one is listed for an unknown upstream", .remove("theirs"), expected: .passed),
        RuleCase("JUR-12", "a second country", .set("customer", .headOfficeCountry, "SG"), expected: .missing(.contactPoint)),
        RuleCase("JUR-12", "a contact for another purpose", .set("contact", .purpose, "legal"), expected: .missing(.contactPoint)),
    ]
}
