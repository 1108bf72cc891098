@testable import Rules

/// The examples of AUD.
enum InternalAuditExamples {
    static func audit(_ fields: FactFields = [:], id: String = "audit") -> Fact {
        fact(.internalAudit, id, ([.performedOn: "2026-03-10", .plannedInterval: "P365D"] as FactFields).merging(fields) { $1 })
    }
    private static func finding(_ fields: FactFields) -> Fact {
        fact(
            .auditFinding, "finding",
            ([.parent: ref("audit"), .statement: both("no restore test", "復元試験なし")] as FactFields).merging(fields) { $1 })
    }
    private static func auditor(_ department: String) -> Fact {
        fact(.internalAuditAuditors, "auditor", [.parent: ref("audit"), .name: "Sato", .department: .text(department)])
    }
    static let entry = fact(
        .scopeStatementServices, "entry", [.serviceId: ref("service"), .serviceName: "Hoshi CRM", .position: "both"])

    static let all: [RuleExample] = [
        RuleExample(
            "AUD-1", passing: [audit([.criteria: ["jip-isms517", "jisq27001"]])], breaking: .set("audit", .criteria, ["jisq27001"])),
        RuleExample(
            "AUD-2",
            passing: [entry, audit([.coveredServiceIds: refs("service"), .coveredPositions: ["customer", "provider"]])],
            breaking: .set("audit", .coveredPositions, ["provider"])),
        RuleExample(
            "AUD-3", passing: [audit(), auditor("audit office"), finding([.department: "operations"])],
            breaking: .set("auditor", .department, "operations")),
        RuleExample(
            "AUD-4",
            passing: [
                finding([
                    .grade: "minor-nonconformity", .clause: "12.3.1", .evidenceIds: refs("evidence"), .cause: both("no plan", "計画なし"),
                    .correctiveAction: both("a plan", "計画"), .dueOn: "2026-04-30", .closedOn: "2026-04-20",
                    .effectivenessCheckedOn: "2026-05-20",
                ])
            ],
            breaking: .set("finding", .effectivenessCheckedOn, "")),
        RuleExample(
            "AUD-5",
            passing: [
                audit([.reportedToManagementOn: "2026-03-20"]),
                fact(.managementReview, "review", [.heldOn: "2026-04-20", .inputC3: both("the audit of March", "3月の監査")]),
            ],
            breaking: .set("audit", .reportedToManagementOn, "")),
        RuleExample(
            "AUD-6",
            passing: [
                audit([.coveredServiceIds: refs("service"), .sampledRowIds: refs("row")]),
                fact(.responsibility, "row", [.serviceId: ref("service"), .controlId: "12.3.1"]),
            ],
            breaking: .set("audit", .sampledRowIds, "")),
    ]
}

/// Further questions about AUD.
enum InternalAuditCases {
    private typealias E = InternalAuditExamples

    static let all: [RuleCase] = [
        RuleCase("AUD-1", "on the last day", expected: .passed, today: "2027-03-10"),
        RuleCase("AUD-1", "a day too late", expected: .field(.performedOn), today: "2027-03-11"),
        RuleCase("AUD-1", "no audit, no scope", .remove("audit"), expected: .passed),
        RuleCase(
            "AUD-1", "no audit of a scope", .remove("audit"), .add(fact(.scopeStatement, "scope")), expected: .missing(.internalAudit)),
        RuleCase("AUD-1", "no interval", .set("audit", .plannedInterval, ""), expected: .field(.plannedInterval)),
        RuleCase(
            "AUD-1", "two audits, each with one criterion", .set("audit", .criteria, ["jisq27001"]),
            .add(E.audit([.performedOn: "2026-02-01", .criteria: ["jip-isms517"]], id: "second")), expected: .passed),
        RuleCase("AUD-2", "longer ago than the cycle", expected: .missing(.internalAudit), today: "2027-03-11"),
        RuleCase("AUD-2", "another service", .set("audit", .coveredServiceIds, refs("other")), expected: .missing(.internalAudit)),
        RuleCase(
            "AUD-2", "the positions in two audits", .set("audit", .coveredPositions, ["provider"]),
            .add(E.audit([.coveredServiceIds: refs("service"), .coveredPositions: ["customer"]], id: "second")), expected: .passed),
        RuleCase("AUD-4", "open", .set("finding", .closedOn, ""), .set("finding", .effectivenessCheckedOn, ""), expected: .passed),
        RuleCase("AUD-4", "no cause", .set("finding", .cause, ""), expected: .field(.cause)),
        RuleCase(
            "AUD-4", "an opportunity has no cause", .set("finding", .cause, ""), .set("finding", .grade, "opportunity"), expected: .passed),
        RuleCase("AUD-5", "left out of the next review", .set("review", .inputC3, ""), expected: .field(.inputC3)),
        RuleCase("AUD-5", "an earlier review", .set("review", .inputC3, ""), .set("review", .heldOn, "2026-03-09"), expected: .passed),
        RuleCase("AUD-6", "a row of another service", .set("row", .serviceId, ref("other")), expected: .field(.sampledRowIds)),
    ]
}
