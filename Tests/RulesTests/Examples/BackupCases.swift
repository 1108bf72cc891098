@testable import Rules

/// Further questions about BKP.
enum BackupCases {
    private typealias E = BackupExamples

    static let all: [RuleCase] = [
        RuleCase("BKP-1", "no specification at all", .remove("specification"), expected: .missing(.backupSpecification)),
        RuleCase(
            "BKP-1", "a service without backup needs none", .remove("specification"), .set("service", .providesBackup, false),
            expected: .passed),
        RuleCase(
            "BKP-1", "another service's specification", .set("specification", .serviceId, ref("other")),
            expected: .missing(.backupSpecification)),
        RuleCase("BKP-1", "no schedule", .remove("schedule"), expected: .missing(.backupSpecificationSchedule)),
        RuleCase(
            "BKP-1", "an algorithm is only asked of what is encrypted", .set("specification", .encryptionAlgorithm, ""),
            expected: .field(.encryptionAlgorithm)),
        RuleCase(
            "BKP-1", "unencrypted backups have no algorithm", .set("specification", .encryptionAlgorithm, ""),
            .set("specification", .encryptionAtRest, "none"), expected: .passed),
        RuleCase("BKP-2", "no row at all", .remove("row"), expected: .missing(.responsibility)),
        RuleCase("BKP-2", "nobody's", .set("row", .allocation, "unallocated"), expected: .field(.allocation)),
        RuleCase("BKP-2", "shared with whoever has no backup", .set("row", .allocation, "shared"), expected: .field(.allocation)),
        RuleCase("BKP-2", "the customer's supplier", .set("row", .allocation, "supplier"), expected: .passed),
        RuleCase(
            "BKP-2", "the provider's supplier", .set("row", .allocation, "supplier"), .set("row", .dependencyId, ref("dependency")),
            expected: .field(.allocation)),
        RuleCase(
            "BKP-2", "a backup is provided", .set("service", .providesBackup, true), .set("row", .allocation, "provider"), expected: .passed
        ),
        RuleCase("BKP-2", "the row as a template makes it", .set("row", .framework, "iso27017-2015"), expected: .passed),
        RuleCase("BKP-2", "another framework's row of this number", .set("row", .framework, "own"), expected: .missing(.responsibility)),
        RuleCase("BKP-4", "a requirement without a policy", .set("requirement", .policyId, ""), expected: .field(.policyId)),
        RuleCase("BKP-4", "nothing held", .remove("asset"), .remove("requirement"), expected: .passed),
        RuleCase(
            "BKP-4", "the customer's requirements are not to be seen", .remove("requirement"), expected: .unknown,
            unseen: [.backupRequirement]),
        RuleCase("BKP-5", "no specification", .remove("specification"), expected: .missing(.backupSpecification)),
        RuleCase(
            "BKP-5", "another service's specification", .set("specification", .serviceId, ref("other")),
            expected: .missing(.backupSpecification)),
        RuleCase("BKP-5", "no RPO offered", .set("specification", .rpo, ""), expected: .field(.maxRpo)),
        RuleCase("BKP-5", "what is offered is not to be seen", .set("specification", .rpo, .unseen), expected: .unknown),
        RuleCase(
            "BKP-5", "the specifications are not to be seen", .remove("specification"), expected: .unknown, unseen: [.backupSpecification]),
        RuleCase("BKP-5", "nothing required", .set("requirement", .maxRpo, ""), .set("specification", .rpo, "P9D"), expected: .passed),
        RuleCase("BKP-5", "the same length in other units", .set("specification", .rpo, "PT240M"), expected: .passed),
        RuleCase("BKP-5", "a minute longer", .set("specification", .rpo, "PT241M"), expected: .field(.maxRpo)),
        RuleCase(
            "BKP-5", "a second specification that is worse",
            .add(fact(.backupSpecification, "z", [.serviceId: ref("service"), .rpo: "P1D"])),
            expected: .field(.maxRpo)),
        RuleCase(
            "BKP-6", "a timescale longer than the committed RTO", .set("specification", .restoreTimescale, "PT481M"),
            expected: .field(.maxRto)),
        RuleCase("BKP-6", "neither offered", .set("specification", .rto, ""), expected: .field(.maxRto)),
        RuleCase("BKP-7", "a month for thirty days", .set("specification", .retention, "P1M"), expected: .passed),
        RuleCase("BKP-7", "longer than allowed", .set("requirement", .maxRetention, "P60D"), expected: .field(.minRetention)),
        RuleCase("BKP-7", "as long as allowed", .set("requirement", .maxRetention, "P90D"), expected: .passed),
        RuleCase(
            "BKP-8", "a weaker key than required", .set("requirement", .encryptionRequired, "customer-held-key"),
            expected: .field(.encryptionRequired)),
        RuleCase("BKP-8", "open on its way", .set("specification", .encryptionInTransit, false), expected: .field(.encryptionRequired)),
        RuleCase(
            "BKP-8", "none required", .set("requirement", .encryptionRequired, "none"), .set("specification", .encryptionAtRest, "none"),
            .set("specification", .encryptionInTransit, false), expected: .passed),
        RuleCase(
            "BKP-9", "any country where none is named", .set("requirement", .allowedCountries, []), .set("location", .country, "US"),
            expected: .passed),
        RuleCase("BKP-9", "no separate site", .set("location", .separateFromPrimary, false), expected: .field(.allowedCountries)),
        RuleCase(
            "BKP-9", "a second copy abroad", .add(E.location("US", separate: false, id: "abroad")), expected: .field(.allowedCountries)),
        RuleCase("BKP-9", "nobody says where", .remove("location"), expected: .field(.allowedCountries)),
        RuleCase("BKP-10", "tested on the last day", expected: .passed, today: "2026-10-19"),
        RuleCase("BKP-10", "a day too late", expected: .field(.maxRestoreTestInterval), today: "2026-10-20"),
        RuleCase("BKP-10", "a test that is still to come", expected: .field(.maxRestoreTestInterval), today: "2026-04-21"),
        RuleCase("BKP-10", "too seldom", .set("specification", .restoreTestInterval, "P1Y"), expected: .field(.maxRestoreTestInterval)),
        RuleCase(
            "BKP-11", "too seldom", .set("specification", .integrityCheckInterval, "P31D"), expected: .field(.maxIntegrityCheckInterval)),
        RuleCase(
            "BKP-11", "no interval required", .set("requirement", .maxIntegrityCheckInterval, ""),
            .set("specification", .integrityCheckInterval, ""), expected: .passed),
        RuleCase("BKP-12", "no specification", .remove("specification"), expected: .missing(.backupSpecification)),
        RuleCase("BKP-12", "not named at all", .remove("scope-configuration"), expected: .field(.requiredScope)),
        RuleCase("BKP-13", "no schedule", .remove("schedule"), expected: .field(.rpo)),
        RuleCase(
            "BKP-13", "continuous", .set("schedule", .interval, ""), .set("schedule", .backupType, "continuous"), expected: .passed),
        RuleCase(
            "BKP-14", "slower than the limit", .set("test-2026-05-10", .measuredRto, "PT9H"),
            expected: .missing(.backupRequirementOwnRestoreTests)),
        RuleCase(
            "BKP-14", "no continuity plan", .set("requirement", .continuityPlanRef, ""),
            expected: .missing(.backupRequirementOwnRestoreTests)),
        RuleCase("BKP-14", "no test", .remove("test-2026-05-10"), expected: .missing(.backupRequirementOwnRestoreTests)),
        RuleCase(
            "BKP-14", "an earlier failure",
            .add(E.tested("2026-01-10", [.result: "failed"], of: .backupRequirementOwnRestoreTests, at: "requirement")), expected: .passed),
        RuleCase(
            "BKP-14", "a later failure",
            .add(E.tested("2026-05-20", [.result: "failed"], of: .backupRequirementOwnRestoreTests, at: "requirement")),
            expected: .missing(.backupRequirementOwnRestoreTests)),
        RuleCase("BKP-15", "no law named", .set("requirement", .lawRef, ""), expected: .field(.lawRef)),
        RuleCase("BKP-15", "a measure for another gap", .set("gap", .field, "rpo"), expected: .field(.permanentByLaw)),
        RuleCase("BKP-15", "a measure still to come", .set("measure", .inPlaceFrom, "2026-06-02"), expected: .field(.permanentByLaw)),
        RuleCase(
            "BKP-16", "of low importance", .set("specification", .method, "replication-only"), .set("requirement", .importance, "low"),
            expected: .passed),
        RuleCase(
            "BKP-16", "nobody's requirement", .set("specification", .method, "replication-only"), .remove("requirement"),
            expected: .field(.method)),
        RuleCase(
            "BKP-17", "open before any agreement", .set("gap", .riskId, ""), .set("gap", .status, "open"), .remove("agreement"),
            expected: .passed),
        RuleCase(
            "BKP-17", "open, and a measure in place", .set("gap", .riskId, ""), .set("gap", .status, "open"), .add(E.measure()),
            expected: .passed),
        RuleCase(
            "BKP-17", "accepted without a risk", .set("gap", .riskId, ""), .set("gap", .status, "accepted"), expected: .field(.riskId)),
        RuleCase(
            "BKP-17", "another kind's gap", .set("gap", .riskId, ""), .set("gap", .requirementId, ref("monitoring")), expected: .passed),
        RuleCase("BKP-18", "never verified", .remove("verification"), .set("specification", .revision, 5), expected: .passed),
        RuleCase(
            "BKP-18", "another requirement's verification does not count",
            .add(
                fact(
                    .verification, "z",
                    [
                        .requirementId: ref("second"), .capabilityId: ref("specification"), .capabilityRevision: 3,
                        .verifiedOn: "2026-05-02",
                    ])), expected: .missing(.verification)),
        RuleCase("BKP-19", "a month for thirty days", .set("specification", .deletionAfterExit, "P1M"), expected: .passed),
        RuleCase("BKP-19", "no word of backups", .set("removal", .copiesCovered, ["primary"]), expected: .field(.copiesCovered)),
        RuleCase("BKP-19", "nobody says when", .set("specification", .deletionAfterExit, ""), expected: .field(.deletionAfterExit)),
        RuleCase(
            "BKP-20", "left out and explained", .set("scope-software", .included, false),
            .set("scope-software", .note, both("rebuilt from images", "イメージから再構築")), expected: .passed),
        RuleCase("BKP-20", "not named", .remove("scope-software"), expected: .missing(.backupSpecificationScope)),
        RuleCase("BKP-21", "one of two is separate", .add(E.location("JP", separate: false, id: "near")), expected: .passed),
        RuleCase("BKP-21", "no location", .remove("location"), expected: .missing(.backupSpecificationStorageLocations)),
    ]
}
