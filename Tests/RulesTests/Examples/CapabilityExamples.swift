@testable import Rules

/// The examples of CAP.
enum CapabilityExamples {
    private static let service = BackupExamples.service()
    static let engagement = fact(.engagement, "engagement", [.serviceIds: refs("service")])
    private static func capability(_ kind: FactKind, _ fields: FactFields) -> Fact {
        fact(kind, "capability", ([.serviceId: ref("service"), .authorSide: "provider"] as FactFields).merging(fields) { $1 })
    }
    private static func requirement(_ topic: String) -> Fact {
        fact(
            .securityRequirement, "requirement",
            [.serviceId: ref("service"), .topic: .text(topic), .requirement: both("as our policy says", "方針のとおり"), .authorSide: "customer"])
    }
    static func measurable(_ metric: String, _ value: String, id: String = "measurable") -> Fact {
        fact(.securityRequirementMeasurable, id, [.parent: ref("requirement"), .metric: .text(metric), .value: .text(value)])
    }
    private static func procedure(_ fields: FactFields) -> Fact { capability(.incidentProcedure, fields) }
    private static func request(_ fields: FactFields) -> Fact {
        fact(
            .informationRequest, "request",
            ([.serviceId: ref("service"), .question: both("the log's clock?", "ログの時刻源は？"), .authorSide: "customer"] as FactFields).merging(
                fields
            ) { $1 })
    }

    static let all: [RuleExample] = [
        RuleExample(
            "CAP-1",
            passing: [
                service, capability(.accessCapability, [.adminAuthentication: ["fido2", "password"]]), requirement("access"),
                measurable("adminAuthentication", "mfa"),
            ],
            breaking: .set("capability", .adminAuthentication, ["password"])),
        RuleExample(
            "CAP-2",
            passing: [
                service,
                capability(
                    .cryptoCapability,
                    [.atRest: true, .inTransitExternal: true, .inTransitInternal: true, .algorithms: ["AES-256-GCM"]]),
                requirement("cryptography"),
            ],
            breaking: .set("capability", .inTransitInternal, false)),
        RuleExample(
            "CAP-3",
            passing: [
                service, capability(.cryptoCapability, [.keyManagement: "customer-held"]), requirement("key-management"),
                measurable("keyManagement", "customer-held"),
            ],
            breaking: .set("capability", .keyManagement, "provider-managed")),
        RuleExample(
            "CAP-4",
            passing: [
                service,
                capability(
                    .loggingCapability, [.eventTypes: ["admin", "config", "login"], .retention: "P1Y", .privilegedOperations: true]),
                requirement("privileged-log"),
            ],
            breaking: .set("capability", .privilegedOperations, false)),
        RuleExample(
            "CAP-5",
            passing: [
                procedure([
                    .reportableScope: both("all", "全て"), .disclosureLevel: both("cause and response", "原因と対応"),
                    .targetNotificationTime: "PT24H",
                    .notificationProcedure: both("by mail", "メール"), .contactPointIds: refs("contact"), .remedies: both("credit", "減額"),
                    .customerReportChannel: both("portal", "ポータル"), .providerReportChannel: both("mail", "メール"),
                    .statusTracking: both("tickets", "チケット"),
                ])
            ],
            breaking: .set("capability", .targetNotificationTime, "")),
        RuleExample(
            "CAP-6", passing: [procedure([.targetNotificationTime: "PT24H", .customerMaxNotificationTime: "PT24H"])],
            breaking: .set("capability", .targetNotificationTime, "P5D")),
        RuleExample(
            "CAP-7", passing: [procedure([.evidenceRequestProcedure: both("on written request", "書面による"), .status: "agreed"])],
            breaking: .set("capability", .evidenceRequestProcedure, "")),
        RuleExample(
            "CAP-8",
            passing: [
                fact(
                    .changeNotice, "notice",
                    [
                        .changeCategory: "infrastructure", .plannedStart: "2026-05-20T00:00:00Z",
                        .technicalDescription: both("new storage", "新しいストレージ"), .startedAt: "2026-05-20T00:05:00Z",
                        .completedAt: "2026-05-20T03:00:00Z",
                    ])
            ],
            breaking: .set("notice", .completedAt, "")),
        RuleExample(
            "CAP-9",
            passing: [
                fact(
                    .changeNotice, "notice",
                    [
                        .technicalDescription: both("move to Osaka", "大阪への移転"), .reopensAgreement: true,
                        .customerImpact: both("location change, re-verify", "場所の変更、再検証"),
                    ])
            ],
            breaking: .set("notice", .customerImpact, "")),
        RuleExample(
            "CAP-10",
            passing: [
                fact(
                    .criticalOperation, "operation",
                    [.operation: "delete-virtual-device", .procedure: both("two people", "二名で行う"), .supervisorRoleId: ref("role")])
            ],
            breaking: .set("operation", .supervisorRoleId, "")),
        RuleExample(
            "CAP-11",
            passing: [
                service, fact(.evidence, "evidence", [.coveredServiceIds: refs("service"), .periodTo: "2027-03-31", .independent: true]),
            ],
            breaking: .set("evidence", .coveredServiceIds, refs("other"))),
        RuleExample(
            "CAP-12", today: "2026-06-30", passing: [request([.dueOn: "2026-05-31", .outcome: "answered"])],
            breaking: .set("request", .outcome, "open")),
        RuleExample(
            "CAP-13",
            passing: [
                service, engagement, fact(.asset, "asset", [.heldIn: ref("service"), .assetType: "information", .authorSide: "customer"]),
            ],
            breaking: .remove("asset")),
        RuleExample(
            "CAP-14",
            passing: [
                fact(
                    .trainingRecord, "training",
                    [
                        .authorSide: "customer", .heldOn: "2026-04-01", .audience: ["administrator", "user"],
                        .topics: ["cloud-risks", "cloud-rules", "environment-risks", "legal"],
                    ])
            ],
            breaking: .set("training", .topics, ["cloud-risks", "cloud-rules", "environment-risks"])),
    ]
}

/// Further questions about CAP.
enum CapabilityCases {
    private typealias E = CapabilityExamples

    static let all: [RuleCase] = [
        RuleCase("CAP-1", "nothing recorded", .remove("capability"), expected: .missing(.accessCapability)),
        RuleCase(
            "CAP-1", "another service's capability", .set("capability", .serviceId, ref("other")), expected: .missing(.accessCapability)),
        RuleCase("CAP-1", "a method by its name", .set("measurable", .value, "certificate"), expected: .field(.requirement)),
        RuleCase("CAP-1", "another topic", .set("requirement", .topic, "capacity"), .remove("capability"), expected: .passed),
        RuleCase("CAP-1", "a text for people", .remove("measurable"), .set("capability", .adminAuthentication, []), expected: .passed),
        RuleCase("CAP-2", "nothing recorded", .remove("capability"), expected: .missing(.cryptoCapability)),
        RuleCase(
            "CAP-2", "an algorithm that is not accepted", .add(E.measurable("algorithms", "ChaCha20-Poly1305")),
            expected: .field(.requirement)),
        RuleCase("CAP-2", "one of two that are accepted", .add(E.measurable("algorithms", "AES-128-GCM, AES-256-GCM")), expected: .passed),
        RuleCase(
            "CAP-2", "one flag is asked for", .add(E.measurable("atRest", "true")), .set("capability", .inTransitInternal, false),
            expected: .passed),
        RuleCase("CAP-3", "nobody says who holds them", .set("capability", .keyManagement, ""), expected: .field(.requirement)),
        RuleCase(
            "CAP-3", "the provider may hold them", .set("measurable", .value, "provider-managed"),
            .set("capability", .keyManagement, "provider-managed"), expected: .passed),
        RuleCase("CAP-3", "nothing is asked for", .set("measurable", .value, "provider-managed"), .remove("capability"), expected: .passed),
        RuleCase("CAP-4", "nothing recorded", .remove("capability"), expected: .missing(.loggingCapability)),
        RuleCase(
            "CAP-4", "the customer's own log", .set("capability", .privilegedOperations, false),
            .add(fact(.gap, "gap", [.requirementId: ref("requirement"), .field: "privilegedOperations"])), .add(BackupExamples.measure()),
            expected: .passed),
        RuleCase(
            "CAP-4", "an event type", .set("requirement", .topic, "logging"), .add(E.measurable("eventTypes", "login,logout")),
            expected: .field(.requirement)),
        RuleCase(
            "CAP-4", "kept as long, in other units", .set("requirement", .topic, "logging"), .add(E.measurable("retention", "365d")),
            expected: .passed),
        RuleCase(
            "CAP-4", "kept too short", .set("requirement", .topic, "logging"), .add(E.measurable("retention", "P2Y")),
            expected: .field(.requirement)),
        RuleCase("CAP-5", "an engagement without any", .remove("capability"), .add(E.engagement), expected: .missing(.incidentProcedure)),
        RuleCase("CAP-6", "as long, in other units", .set("capability", .targetNotificationTime, "P1D"), expected: .passed),
        RuleCase(
            "CAP-6", "a minute longer", .set("capability", .targetNotificationTime, "PT1441M"), expected: .field(.targetNotificationTime)),
        RuleCase("CAP-6", "none stated", .set("capability", .targetNotificationTime, ""), expected: .field(.targetNotificationTime)),
        RuleCase(
            "CAP-6", "nothing required", .set("capability", .customerMaxNotificationTime, ""),
            .set("capability", .targetNotificationTime, ""),
            expected: .passed),
        RuleCase("CAP-7", "written but not agreed", .set("capability", .status, "proposed"), expected: .field(.status)),
        RuleCase("CAP-8", "within a week", .set("notice", .completedAt, ""), expected: .passed, today: "2026-05-26"),
        RuleCase("CAP-8", "a week later", .set("notice", .completedAt, ""), expected: .field(.completedAt), today: "2026-05-27"),
        RuleCase(
            "CAP-8", "still to come", .set("notice", .startedAt, ""), .set("notice", .completedAt, ""), expected: .passed,
            today: "2026-05-01"),
        RuleCase("CAP-8", "completed, and never started", .set("notice", .startedAt, ""), expected: .field(.startedAt)),
        RuleCase("CAP-8", "upstream is not named", .set("notice", .changeCategory, "supplier"), expected: .field(.causedByUpstream)),
        RuleCase(
            "CAP-9", "nothing agreed is touched", .set("notice", .customerImpact, ""), .set("notice", .reopensAgreement, false),
            expected: .passed),
        RuleCase(
            "CAP-10", "the provider's own record", .set("operation", .supervisorRoleId, ""), .set("operation", .authorSide, "provider"),
            expected: .passed),
        RuleCase("CAP-11", "no evidence", .remove("evidence"), expected: .missing(.evidence)),
        RuleCase("CAP-11", "on its last day", .set("evidence", .periodTo, "2026-06-01"), expected: .passed),
        RuleCase("CAP-11", "the day after", .set("evidence", .periodTo, "2026-05-31"), expected: .field(.periodTo)),
        RuleCase(
            "CAP-11", "an audit is refused and the evidence is the provider's own", .set("evidence", .independent, false),
            .add(fact(.informationRequest, "request", [.serviceId: ref("service"), .controlId: "18.2.1", .outcome: "declined"])),
            expected: .field(.independent)),
        RuleCase("CAP-11", "not independent, and no audit is refused", .set("evidence", .independent, false), expected: .passed),
        RuleCase("CAP-12", "on the day", .set("request", .outcome, "open"), expected: .passed, today: "2026-05-31"),
        RuleCase("CAP-12", "declined without a reason", .set("request", .outcome, "declined"), expected: .field(.declineReason)),
        RuleCase(
            "CAP-12", "declined with a reason", .set("request", .outcome, "declined"),
            .set("request", .declineReason, both("secret", "秘密")),
            expected: .passed),
        RuleCase(
            "CAP-13", "the provider's asset is not the customer's", .set("asset", .authorSide, "provider"), expected: .missing(.asset)),
        RuleCase(
            "CAP-13", "a provider without derived data",
            .add(fact(.asset, "theirs", [.assetType: "customer-data", .authorSide: "provider"])), expected: .missing(.asset)),
        RuleCase("CAP-13", "the inventory is not to be seen", .remove("asset"), expected: .unknown, unseen: [.asset]),
        RuleCase("CAP-14", "a year ago", .set("training", .heldOn, "2025-06-01"), expected: .passed),
        RuleCase("CAP-14", "longer ago", .set("training", .heldOn, "2025-05-31"), expected: .missing(.trainingRecord)),
        RuleCase("CAP-14", "no audience", .set("training", .audience, []), expected: .missing(.trainingRecord)),
        RuleCase(
            "CAP-14", "a provider's topic", .add(fact(.scopeStatementServices, "entry", [.position: "provider"])),
            expected: .missing(.trainingRecord)),
    ]
}
