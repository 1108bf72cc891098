@testable import Rules

/// The examples of EMT.
enum EmergingThemeExamples {
    private static func theme(_ name: String, _ fields: FactFields, id: String = "theme") -> Fact {
        fact(.emergingTheme, id, ([.theme: .text(name)] as FactFields).merging(fields) { $1 })
    }
    private static func answered(_ name: String) -> Fact { theme(name, [.inUse: "no", .reviewedOn: "2026-04-20"], id: name) }

    static let all: [RuleExample] = [
        RuleExample("EMT-1", passing: [theme("telework", [.inUse: "yes", .riskIds: refs("R-21")])], breaking: .set("theme", .riskIds, "")),
        RuleExample(
            "EMT-2", passing: [answered("telework"), answered("byod"), answered("iot"), answered("ai")],
            breaking: .set("ai", .inUse, "unknown")),
        RuleExample(
            "EMT-3", passing: [theme("iot", [.closedSystemConnected: true, .affectedControlIds: ["12.6.1", "13.1.3"]])],
            breaking: .set("theme", .affectedControlIds, [])),
        RuleExample(
            "EMT-4",
            passing: [
                theme("ai", [.affectedControlIds: ["12.4.3", "9.2.2"]]),
                fact(
                    .emergingThemeAutomatedOperations, "operation",
                    [.parent: ref("theme"), .text: both("account provisioning", "アカウントの発行")]),
            ],
            breaking: .set("theme", .affectedControlIds, [])),
        RuleExample(
            "EMT-5",
            passing: [
                theme("iot", [.inUse: "yes"]), ManagementReviewExamples.review([.sourceRecordIds: refs("theme")]),
                ManagementReviewExamples.improvement,
            ],
            breaking: .set("review", .sourceRecordIds, "")),
    ]
}

/// Further questions about EMT.
enum EmergingThemeCases {
    static let all: [RuleCase] = [
        RuleCase("EMT-1", "planned", .set("theme", .inUse, "planned"), .set("theme", .riskIds, ""), expected: .field(.riskIds)),
        RuleCase("EMT-1", "not in use", .set("theme", .inUse, "no"), .set("theme", .riskIds, ""), expected: .passed),
        RuleCase("EMT-2", "three themes", .remove("byod"), expected: .missing(.emergingTheme)),
        RuleCase("EMT-2", "reviewed too long ago", .set("iot", .reviewedOn, "2025-05-31"), expected: .field(.reviewedOn)),
        RuleCase(
            "EMT-2", "the interval of the latest management review",
            .add(ManagementReviewExamples.review([.plannedInterval: "P30D"])), expected: .field(.reviewedOn)),
        RuleCase(
            "EMT-3", "personal devices", .set("theme", .closedSystemConnected, false), .set("theme", .personalDevices, true),
            .set("theme", .affectedControlIds, []), expected: .field(.affectedControlIds)),
        RuleCase(
            "EMT-3", "neither", .set("theme", .closedSystemConnected, false), .set("theme", .affectedControlIds, []), expected: .passed),
        RuleCase("EMT-4", "nothing automated", .remove("operation"), .set("theme", .affectedControlIds, []), expected: .passed),
        RuleCase("EMT-5", "planned alone", .set("theme", .inUse, "planned"), .remove("review"), expected: .passed),
        RuleCase("EMT-5", "discussed, and nothing decided", .remove("improvement"), expected: .missing(.managementReview)),
    ]
}
