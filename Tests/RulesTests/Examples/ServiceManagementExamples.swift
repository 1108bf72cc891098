@testable import Rules

/// The examples of ITS.
enum ServiceManagementExamples {
    private static func activity(_ code: String, _ fields: FactFields) -> Fact {
        fact(.businessActivity, "activity", ([.partyId: ref("provider"), .activity: .text(code)] as FactFields).merging(fields) { $1 })
    }
    private static let service = BackupExamples.service([.providerPartyId: ref("provider")])

    static let all: [RuleExample] = [
        RuleExample(
            "ITS-1", passing: [activity("operates-for-customer", [.itsmConsidered: "adopted"])],
            breaking: .set("activity", .itsmConsidered, "no")),
        RuleExample(
            "ITS-2",
            passing: [
                service, activity("managed-service-using-cloud", [.usesServiceIds: refs("service")]),
                fact(.scopeStatementServices, "entry", [.serviceId: ref("service"), .position: "customer"]),
            ],
            breaking: .remove("entry")),
        RuleExample(
            "ITS-3", passing: [service, activity("resells", [.itsmConsidered: "considered"])],
            breaking: .set("activity", .itsmConsidered, "")),
    ]
}

/// Further questions about ITS.
enum ServiceManagementCases {
    static let all: [RuleCase] = [
        RuleCase("ITS-1", "nobody says", .set("activity", .itsmConsidered, ""), expected: .field(.itsmConsidered)),
        RuleCase("ITS-1", "a reseller", .set("activity", .activity, "resells"), .set("activity", .itsmConsidered, "no"), expected: .passed),
        RuleCase(
            "ITS-2", "scoped in the other position", .set("entry", .position, "provider"), expected: .missing(.scopeStatementServices)),
        RuleCase(
            "ITS-2", "no service named", .set("activity", .usesServiceIds, ""), .set("entry", .activity, "managed-service-using-cloud"),
            expected: .passed),
        RuleCase(
            "ITS-3", "a certificate", .remove("activity"),
            .add(fact(.partyCertifications, "certificate", [.parent: ref("provider"), .scheme: "JIS Q 20000-1"])), expected: .passed),
        RuleCase(
            "ITS-3", "another certificate", .remove("activity"),
            .add(fact(.partyCertifications, "certificate", [.parent: ref("provider"), .scheme: "JIS Q 27001"])),
            expected: .missing(.businessActivity)),
        RuleCase("ITS-3", "another party's activity", .set("activity", .partyId, ref("other")), expected: .missing(.businessActivity)),
    ]
}
