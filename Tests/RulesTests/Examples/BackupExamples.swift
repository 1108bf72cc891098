@testable import Rules

/// The examples of BKP.
enum BackupExamples {
    static func service(_ fields: FactFields = [:]) -> Fact {
        fact(.cloudService, "service", ([.name: both("Kumo DB", "雲DB"), .providesBackup: true] as FactFields).merging(fields) { $1 })
    }
    static func specification(_ fields: FactFields = [:]) -> Fact {
        fact(
            .backupSpecification, "specification",
            ([.serviceId: ref("service"), .authorSide: "provider"] as FactFields).merging(fields) { $1 })
    }
    static func requirement(_ fields: FactFields) -> Fact {
        fact(
            .backupRequirement, "requirement",
            ([.serviceId: ref("service"), .authorSide: "customer", .dataSetName: both("orders", "受注")] as FactFields).merging(fields) { $1 }
        )
    }
    static func location(_ country: String, separate: FactValue, id: String = "location") -> Fact {
        fact(
            .backupSpecificationStorageLocations, id,
            [.parent: ref("specification"), .country: .text(country), .separateFromPrimary: separate])
    }
    static func dataSet(_ name: String, included: FactValue = true) -> Fact {
        fact(
            .backupSpecificationScope, "scope-\(name)",
            [.parent: ref("specification"), .dataSet: .text(name), .included: included])
    }
    static func schedule(_ interval: String) -> Fact {
        fact(
            .backupSpecificationSchedule, "schedule", [.parent: ref("specification"), .backupType: "full", .interval: .text(interval)])
    }
    static func tested(_ day: String, _ fields: FactFields = [:], of kind: FactKind, at parent: String) -> Fact {
        fact(kind, "test-\(day)", ([.parent: ref(parent), .testedOn: .text(day), .result: "passed"] as FactFields).merging(fields) { $1 })
    }
    /// Two sides that have agreed about the service.
    static let agreement = fact(.allocationAgreement, "agreement", [.serviceId: ref("service"), .effectiveFrom: "2026-01-01"])
    static func measure(from day: String = "2026-02-01") -> Fact {
        fact(.supplementaryMeasure, "measure", [.gapIds: refs("gap"), .measure: both("yearly export", "年次の書出し"), .inPlaceFrom: .text(day)])
    }

    static let all: [RuleExample] = [
        RuleExample(
            "BKP-1",
            passing: [
                service(),
                specification([
                    .method: "snapshot", .dataFormat: "qcow2", .encryptionAtRest: "provider-managed-key",
                    .encryptionAlgorithm: "AES-256-GCM",
                    .encryptionInTransit: true, .retention: "P90D", .integrityCheckProcedure: both("checksums", "チェックサム"),
                    .restoreProcedure: both("on request", "要求による"), .restoreTimescale: "PT4H",
                    .testProcedure: both("restored to a sandbox", "検証環境に復元"),
                ]), dataSet("customer-data"), schedule("P1D"), location("JP", separate: true),
            ],
            breaking: .set("specification", .testProcedure, "")),
        RuleExample(
            "BKP-2",
            passing: [
                service([.providesBackup: false]),
                fact(
                    .responsibility, "row",
                    [.serviceId: ref("service"), .framework: "iso27017", .controlId: "12.3.1", .itemKey: "main", .allocation: "customer"]),
            ],
            breaking: .set("row", .allocation, "provider")),
        RuleExample(
            "BKP-3", passing: [service(), fact(.engagement, "engagement", [.serviceIds: refs("service")]), specification()],
            breaking: .remove("specification"),
            correcting: .add(fact(.informationRequest, "request", [.serviceId: ref("service"), .requestedKind: "backup-specification"]))),
        RuleExample(
            "BKP-4",
            passing: [
                service(), fact(.asset, "asset", [.assetName: both("orders", "受注"), .heldIn: ref("service"), .authorSide: "customer"]),
                requirement([.policyId: ref("BP-1")]),
            ],
            breaking: .remove("requirement")),
        RuleExample(
            "BKP-5", passing: [specification([.rpo: "PT1H"]), requirement([.maxRpo: "PT4H"])],
            breaking: .set("specification", .rpo, "P1D")),
        RuleExample(
            "BKP-6", passing: [specification([.rto: "PT4H"]), requirement([.maxRto: "PT8H"])],
            breaking: .set("specification", .restoreTimescale, "P2D")),
        RuleExample(
            "BKP-7", passing: [specification([.retention: "P90D"]), requirement([.minRetention: "P30D"])],
            breaking: .set("specification", .retention, "P7D")),
        RuleExample(
            "BKP-8",
            passing: [
                specification([.encryptionAtRest: "customer-managed-key", .encryptionInTransit: true]),
                requirement([.encryptionRequired: "any"]),
            ],
            breaking: .set("specification", .encryptionAtRest, "none")),
        RuleExample(
            "BKP-9",
            passing: [
                specification(), location("JP", separate: true), requirement([.allowedCountries: ["JP"], .separateSiteRequired: true]),
            ],
            breaking: .set("location", .country, "US")),
        RuleExample(
            "BKP-10",
            passing: [
                specification([.restoreTestInterval: "P90D"]),
                tested("2026-04-22", of: .backupSpecificationLastRestoreTest, at: "specification"),
                requirement([.maxRestoreTestInterval: "P180D"]),
            ],
            breaking: .remove("test-2026-04-22")),
        RuleExample(
            "BKP-11",
            passing: [
                specification([.integrityCheckProcedure: both("checksum compare", "チェックサムの比較"), .integrityCheckInterval: "P7D"]),
                requirement([.maxIntegrityCheckInterval: "P30D"]),
            ],
            breaking: .set("specification", .integrityCheckProcedure, "")),
        RuleExample(
            "BKP-12",
            passing: [
                specification(), dataSet("customer-data"), dataSet("configuration"),
                requirement([.requiredScope: ["configuration", "customer-data"]]),
            ],
            breaking: .set("scope-configuration", .included, false)),
        RuleExample(
            "BKP-13", passing: [specification([.rpo: "PT1H"]), schedule("PT1H")], breaking: .set("schedule", .interval, "P1D")),
        RuleExample(
            "BKP-14",
            passing: [
                requirement([.maxRestoreTestInterval: "P180D", .maxRto: "PT8H", .continuityPlanRef: "BCP 4.2"]),
                tested("2026-05-10", [.measuredRto: "PT3H"], of: .backupRequirementOwnRestoreTests, at: "requirement"),
            ],
            breaking: .set("test-2026-05-10", .result, "failed")),
        RuleExample(
            "BKP-15",
            passing: [
                specification([.retention: "P90D"]), requirement([.permanentByLaw: true, .lawRef: ref("law")]),
                fact(.gap, "gap", [.requirementId: ref("requirement"), .field: "retention"]), measure(),
            ],
            breaking: .remove("measure")),
        RuleExample(
            "BKP-16", passing: [specification([.method: "snapshot"]), requirement([.importance: "high"])],
            breaking: .set("specification", .method, "replication-only")),
        RuleExample(
            "BKP-17",
            passing: [
                requirement([:]), agreement,
                fact(
                    .gap, "gap",
                    [.requirementId: ref("requirement"), .field: "rpo", .status: "risk-assessed", .riskId: ref("R-12")]),
            ],
            breaking: .set("gap", .riskId, ""), .set("gap", .status, "open")),
        RuleExample(
            "BKP-18",
            passing: [
                specification([.revision: 4]),
                fact(
                    .verification, "verification",
                    [
                        .requirementId: ref("requirement"), .capabilityId: ref("specification"), .capabilityRevision: 4,
                        .verifiedOn: "2026-05-01",
                    ]),
            ],
            breaking: .set("specification", .revision, 5)),
        RuleExample(
            "BKP-19",
            passing: [
                specification([.deletionAfterExit: "P30D"]),
                fact(
                    .assetRemoval, "removal",
                    [.serviceId: ref("service"), .removalDeadline: "P30D", .copiesCovered: ["backup", "primary"]]),
            ],
            breaking: .set("specification", .deletionAfterExit, "P365D")),
        RuleExample(
            "BKP-20", passing: [specification(), dataSet("system-information"), dataSet("software"), dataSet("customer-data")],
            breaking: .set("scope-software", .included, false)),
        RuleExample(
            "BKP-21", passing: [specification(), location("JP", separate: true)],
            breaking: .set("location", .separateFromPrimary, false)),
    ]
}
