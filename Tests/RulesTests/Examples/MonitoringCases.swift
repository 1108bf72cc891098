@testable import Rules

/// Further questions about MON.
enum MonitoringCases {
    private typealias E = MonitoringExamples

    static let all: [RuleCase] = [
        RuleCase("MON-1", "no requirement at all", .remove("item"), .remove("requirement"), expected: .missing(.monitoringRequirement)),
        RuleCase("MON-1", "an item without a method", .set("item", .method, ""), expected: .missing(.monitoringRequirementRequiredItems)),
        RuleCase(
            "MON-1", "another service's requirement", .set("requirement", .serviceId, ref("other")),
            expected: .missing(.monitoringRequirement)),
        RuleCase(
            "MON-1", "the requirements are not to be seen", .remove("item"), .remove("requirement"), expected: .unknown,
            unseen: [.monitoringRequirement]),
        RuleCase("MON-2", "no items", .remove("offer"), expected: .missing(.monitoringCapabilityItems)),
        RuleCase("MON-2", "no documentation", .set("capability", .documentation, ""), expected: .field(.documentation)),
        RuleCase("MON-3", "offered", .set("offer", .itemKey, "data-leakage"), .remove("measure"), expected: .passed),
        RuleCase(
            "MON-3", "nothing offered at all", .remove("capability"), .remove("measure"), expected: .missing(.monitoringCapabilityItems)),
        RuleCase("MON-3", "a measure for another item", .set("gap", .field, "login"), expected: .missing(.monitoringCapabilityItems)),
        RuleCase(
            "MON-3", "a measure still to come", .set("measure", .inPlaceFrom, "2026-06-02"), expected: .missing(.monitoringCapabilityItems)),
        RuleCase("MON-4", "as often, in other units", .set("offer", .interval, "PT300S"), expected: .passed),
        RuleCase("MON-4", "alerts are missing", .set("item", .alertingRequired, true), expected: .field(.maxInterval)),
        RuleCase(
            "MON-4", "another method", .set("item", .method, "api"), .set("offer", .method, "console"), expected: .field(.maxInterval)),
        RuleCase(
            "MON-4", "a second offer that is strong enough", .set("offer", .interval, "PT1H"),
            .add(E.offer("availability", [.interval: "PT5M"], id: "second")), expected: .passed),
        RuleCase("MON-4", "not offered is told of once, by the rule before", .remove("offer"), expected: .passed),
        RuleCase("MON-4", "nobody says how often", .set("offer", .interval, ""), expected: .field(.maxInterval)),
        RuleCase("MON-5", "as long, in other units", .set("offer", .retention, "P6M"), expected: .passed),
        RuleCase("MON-5", "nobody says how long", .set("offer", .retention, ""), expected: .field(.minRetention)),
        RuleCase("MON-5", "nothing required", .set("item", .minRetention, ""), .set("offer", .retention, ""), expected: .passed),
        RuleCase("MON-6", "nobody says who may", .set("capability", .accessControl, ""), expected: .field(.accessControl)),
        RuleCase(
            "MON-8", "over the network", .set("capability", .hostBased, false), .set("capability", .performanceImpact, ""),
            expected: .passed),
        RuleCase("MON-9", "no procedure", .set("requirement", .userActivityProcedure, ""), expected: .field(.userActivityProcedure)),
        RuleCase("MON-10", "before any agreement", .remove("measure"), .remove("agreement"), expected: .passed),
        RuleCase("MON-10", "a risk is named", .remove("measure"), .set("gap", .riskId, ref("R-1")), expected: .passed),
    ]
}
