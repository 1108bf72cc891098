@testable import Rules

/// The examples of MON.
enum MonitoringExamples {
    private static let service = BackupExamples.service()
    private static func capability(_ fields: FactFields = [:]) -> Fact {
        fact(
            .monitoringCapability, "capability",
            ([.serviceId: ref("service"), .authorSide: "provider"] as FactFields).merging(fields) { $1 })
    }
    static func offer(_ key: String, _ fields: FactFields = [:], id: String = "offer") -> Fact {
        fact(.monitoringCapabilityItems, id, ([.parent: ref("capability"), .itemKey: .text(key)] as FactFields).merging(fields) { $1 })
    }
    private static func requirement(_ fields: FactFields = [:]) -> Fact {
        fact(
            .monitoringRequirement, "requirement",
            ([.serviceId: ref("service"), .authorSide: "customer"] as FactFields).merging(fields) { $1 })
    }
    private static func item(_ key: String, _ fields: FactFields = [:]) -> Fact {
        fact(
            .monitoringRequirementRequiredItems, "item",
            ([.parent: ref("requirement"), .itemKey: .text(key)] as FactFields).merging(fields) { $1 })
    }
    static func gap(_ fields: FactFields = [:]) -> Fact {
        fact(.gap, "gap", ([.requirementId: ref("requirement"), .field: "data-leakage"] as FactFields).merging(fields) { $1 })
    }

    static let all: [RuleExample] = [
        RuleExample(
            "MON-1",
            passing: [
                service, fact(.engagement, "engagement", [.serviceIds: refs("service")]), requirement(),
                item("availability", [.method: "api", .maxInterval: "PT5M"]),
            ],
            breaking: .remove("item")),
        RuleExample(
            "MON-2", passing: [service, capability([.documentation: "https://example.com/monitoring"]), offer("availability")],
            breaking: .remove("capability")),
        RuleExample(
            "MON-3",
            passing: [service, capability(), offer("availability"), requirement(), item("data-leakage"), gap(), BackupExamples.measure()],
            breaking: .remove("measure")),
        RuleExample(
            "MON-4",
            passing: [
                service, capability(), offer("availability", [.interval: "PT1M"]), requirement(),
                item("availability", [.maxInterval: "PT5M"]),
            ],
            breaking: .set("offer", .interval, "PT1H")),
        RuleExample(
            "MON-5",
            passing: [service, capability(), offer("login", [.retention: "P1Y"]), requirement(), item("login", [.minRetention: "P180D"])],
            breaking: .set("offer", .retention, "P30D")),
        RuleExample(
            "MON-6", passing: [capability([.ownInstancesOnly: true, .accessControl: both("SSO", "SSO")])],
            breaking: .set("capability", .ownInstancesOnly, false)),
        RuleExample(
            "MON-7",
            passing: [
                capability([
                    .eventLogConsistency: both("same event ids as the audit log", "監査ログと同じイベントID"),
                    .slaLink: both("availability", "可用性"),
                ])
            ],
            breaking: .set("capability", .slaLink, "")),
        RuleExample(
            "MON-8", passing: [capability([.hostBased: true, .performanceImpact: both("about 2 % CPU", "CPU約2%")])],
            breaking: .set("capability", .performanceImpact, "")),
        RuleExample(
            "MON-9",
            passing: [
                requirement([
                    .userActivityProcedure: both("UP-2", "UP-2"), .recordTypesConfirmed: true, .recordDisplayConfirmed: true,
                    .recordRetentionConfirmed: true,
                ])
            ],
            breaking: .set("requirement", .recordRetentionConfirmed, false)),
        RuleExample(
            "MON-10", passing: [BackupExamples.agreement, requirement(), gap([.status: "open"]), BackupExamples.measure()],
            breaking: .remove("measure")),
    ]
}
