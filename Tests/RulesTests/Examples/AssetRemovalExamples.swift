@testable import Rules

/// The examples of AST.
enum AssetRemovalExamples {
    private static func removal(_ fields: FactFields) -> Fact {
        fact(.assetRemoval, "removal", ([.serviceId: ref("service"), .authorSide: "provider"] as FactFields).merging(fields) { $1 })
    }
    private static func asset(_ type: String) -> Fact {
        fact(.assetRemovalAssets, "asset", [.parent: ref("removal"), .assetName: both("orders", "受注"), .assetType: .text(type)])
    }

    static let all: [RuleExample] = [
        RuleExample(
            "AST-1",
            passing: [
                removal([.returnWindow: "P30D", .removalDeadline: "P60D", .copiesCovered: ["backup", "primary"]]), asset("customer-data"),
            ],
            breaking: .set("removal", .copiesCovered, [])),
        RuleExample(
            "AST-2",
            passing: [
                removal([.inAgreement: true, .contentHash: "h-1"]), BackupExamples.agreement,
                fact(
                    .allocationAgreementAttachedHashes, "attached",
                    [.parent: ref("agreement"), .recordId: ref("removal"), .contentHash: "h-1"]),
            ],
            breaking: .set("removal", .inAgreement, false)),
        RuleExample(
            "AST-3",
            passing: [
                removal([
                    .contractEndedOn: "2026-03-31", .removalDeadline: "P30D", .removedOn: "2026-04-20", .removalEvidenceId: ref("evidence"),
                ])
            ],
            breaking: .set("removal", .removedOn, "")),
        RuleExample(
            "AST-4",
            passing: [
                removal([.copiesCovered: ["backup", "primary", "upstream"]]), asset("derived-data"), JurisdictionExamples.dependency,
            ],
            breaking: .set("removal", .copiesCovered, ["backup", "primary"])),
    ]
}

/// Further questions about AST.
enum AssetRemovalCases {
    static let all: [RuleCase] = [
        RuleCase("AST-1", "no assets", .remove("asset"), expected: .missing(.assetRemovalAssets)),
        RuleCase(
            "AST-1", "an engagement without any", .add(fact(.engagement, "engagement", [.serviceIds: refs("other")])),
            expected: .missing(.assetRemoval)),
        RuleCase(
            "AST-1", "an engagement with its own", .add(fact(.engagement, "engagement", [.serviceIds: refs("other")])),
            .set("removal", .engagementId, ref("engagement")), expected: .passed),
        RuleCase(
            "AST-2", "another revision is attached", .set("removal", .contentHash, "h-2"),
            expected: .missing(.allocationAgreementAttachedHashes)),
        RuleCase("AST-2", "before any agreement", .remove("agreement"), .remove("attached"), expected: .passed),
        RuleCase("AST-3", "on the last day", .set("removal", .removedOn, ""), expected: .passed, today: "2026-04-30"),
        RuleCase("AST-3", "the day after", .set("removal", .removedOn, ""), expected: .field(.removedOn), today: "2026-05-01"),
        RuleCase("AST-3", "removed too late", .set("removal", .removedOn, "2026-05-01"), expected: .field(.removedOn)),
        RuleCase("AST-3", "unproved", .set("removal", .removalEvidenceId, ""), expected: .field(.removalEvidenceId)),
        RuleCase("AST-3", "the contract runs", .set("removal", .contractEndedOn, ""), .set("removal", .removedOn, ""), expected: .passed),
        RuleCase("AST-4", "no derived data", .set("asset", .assetType, "customer-data"), expected: .missing(.assetRemovalAssets)),
        RuleCase(
            "AST-4", "no data flows upstream", .set("dependency", .customerDataFlows, false), .set("removal", .copiesCovered, ["backup"]),
            expected: .passed),
    ]
}
