@testable import Rules

/// The examples of MR.
enum ManagementReviewExamples {
    static func review(_ fields: FactFields = [:], id: String = "review") -> Fact {
        fact(.managementReview, id, ([.heldOn: "2026-04-20", .plannedInterval: "P365D"] as FactFields).merging(fields) { $1 })
    }
    static let improvement = fact(
        .managementReviewOutputImprovements, "improvement",
        [.parent: ref("review"), .decision: both("test restores", "復元を試験する"), .ownerName: "CISO", .dueOn: "2026-09-30"])
    static let change = fact(
        .managementReviewOutputChanges, "change", [.parent: ref("review"), .ismsChange: both("none needed", "不要"), .needed: false])
    private static let inputs: [FactField] = [.inputA, .inputB, .inputC1, .inputC2, .inputC3, .inputC4, .inputD, .inputE, .inputF]
    private static func entry(_ position: String = "provider") -> Fact {
        fact(.scopeStatementServices, "entry", [.serviceId: ref("service"), .serviceName: "Hoshi Mail", .position: .text(position)])
    }

    static let all: [RuleExample] = [
        RuleExample(
            "MR-1", passing: [review(FactFields(inputs.map { ($0, both("discussed", "審議済み")) }))],
            breaking: .set("review", .inputD, "")),
        RuleExample("MR-2", passing: [review(), improvement, change], breaking: .remove("change")),
        RuleExample("MR-3", passing: [review([.retainedEvidenceId: ref("minutes")])], breaking: .set("review", .retainedEvidenceId, "")),
        RuleExample(
            "MR-4", passing: [entry(), review([.cloudCoverage: refs("crm", "service")])],
            breaking: .set("review", .cloudCoverage, refs("crm"))),
        RuleExample(
            "MR-5",
            passing: [review([.sourceRecordIds: refs("R-1", "engagement")]), fact(.risk, "R-1"), fact(.engagement, "engagement")],
            breaking: .set("review", .sourceRecordIds, "")),
        RuleExample("MR-6", passing: [review(), improvement], breaking: .set("improvement", .ownerName, "")),
        RuleExample(
            "MR-7",
            passing: [
                entry(),
                review([.outputServiceQuality: both("availability target raised", "可用性の目標を引上げ"), .disclosureDecision: "disclose"]),
            ],
            breaking: .set("review", .disclosureDecision, "")),
        RuleExample("MR-8", passing: [review()], breaking: .set("review", .heldOn, "2024-10-01")),
    ]
}

/// Further questions about MR.
enum ManagementReviewCases {
    private typealias E = ManagementReviewExamples

    static let all: [RuleCase] = [
        RuleCase("MR-2", "no improvement", .remove("improvement"), expected: .missing(.managementReviewOutputImprovements)),
        RuleCase("MR-4", "longer ago than planned", expected: .missing(.managementReview), today: "2027-04-21"),
        RuleCase("MR-4", "no day for the next", .set("review", .plannedInterval, ""), expected: .field(.plannedInterval)),
        RuleCase(
            "MR-4", "another review covers it", .set("review", .cloudCoverage, refs("crm")),
            .add(E.review([.cloudCoverage: refs("service")], id: "second")), expected: .passed),
        RuleCase("MR-5", "risks without a party", .set("review", .sourceRecordIds, refs("R-1")), expected: .field(.sourceRecordIds)),
        RuleCase("MR-5", "a party without risks", .set("review", .sourceRecordIds, refs("engagement")), expected: .field(.sourceRecordIds)),
        RuleCase("MR-6", "no date", .set("improvement", .dueOn, ""), expected: .field(.dueOn)),
        RuleCase("MR-6", "a change that is not needed", .add(E.change), expected: .passed),
        RuleCase("MR-6", "a change that is needed", .add(E.change), .set("change", .needed, true), expected: .field(.ownerName)),
        RuleCase(
            "MR-7", "neither", .set("review", .disclosureDecision, ""), .set("review", .outputServiceQuality, ""),
            expected: .field(.outputServiceQuality)),
        RuleCase(
            "MR-7", "a customer alone", .set("review", .disclosureDecision, ""), .set("entry", .position, "customer"), expected: .passed),
        RuleCase("MR-8", "on the last day", expected: .passed, today: "2027-04-20"),
        RuleCase("MR-8", "a day too late", expected: .field(.heldOn), today: "2027-04-21"),
        RuleCase(
            "MR-8", "none held for a scope", .remove("review"), .add(fact(.scopeStatement, "scope")), expected: .missing(.managementReview)),
        RuleCase("MR-8", "none planned", .set("review", .plannedInterval, ""), expected: .field(.plannedInterval)),
    ]
}
