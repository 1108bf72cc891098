@testable import Rules

/// The examples of ED and DATA.
enum EditionExamples {
    private static func row(_ id: String, _ edition: FactValue) -> Fact {
        fact(.responsibility, id, [.controlId: "12.3.1", .edition: edition])
    }
    private static func signed(_ row: String) -> Fact {
        fact(.allocationAgreementRowHashes, "signed \(row)", [.parent: ref("agreement"), .recordId: ref(row)])
    }

    /// An edition whose end is known, as the catalogue tells of it.
    static let ended = fact(
        .editionTable, "ended", [.editionId: "jisq27001-2014", .supersededOn: "2025-10-31", .supersededBy: "jisq27001-2023"])

    static let all: [RuleExample] = [
        RuleExample(
            "ED-1",
            passing: [
                fact(.allocationAgreement, "agreement"), signed("a"), signed("b"), row("a", "iso27017-2015"), row("b", "iso27017-2015"),
            ],
            breaking: .set("b", .edition, "iso27017-2026")),
        RuleExample(
            "ED-2", passing: [ended, fact(.soa, "soa", [.edition27001: "jisq27001-2023"])],
            breaking: .set("soa", .edition27001, "jisq27001-2014")),
        RuleExample(
            "ED-3",
            passing: [
                fact(.party, "party"),
                fact(
                    .partyCertifications, "certificate",
                    [.parent: ref("party"), .scheme: "ISMS cloud security certification (JIP-ISMS517)"]),
            ],
            breaking: .set("certificate", .scheme, "")),
        RuleExample(
            "DATA-1",
            passing: [
                fact(
                    .backupRequirement, "need",
                    [.minRetention: "P30D", .maxRetention: "P90D", .effectiveFrom: "2026-04-01", .effectiveTo: "2027-03-31"])
            ],
            breaking: .set("need", .effectiveTo, "2026-03-31")),
        RuleExample(
            "DATA-2",
            passing: [
                fact(.party, "provider", [.legalName: both("Kumo K.K.", "雲株式会社")]),
                fact(
                    .risk, "risk",
                    [
                        .title: both("R-4", "リスク4"), .visibility: "private", .authorPartyId: ref("customer"),
                        .recipientPartyId: ref("customer"),
                    ]),
            ],
            breaking: .set("risk", .recipientPartyId, ref("provider"))),
        RuleExample(
            "DATA-3",
            passing: [
                fact(.risk, "risk", [.title: both("R-4", "リスク4"), .revision: 4, .supersedes: "hash 3", .currentHash: "hash 3"])
            ],
            breaking: .set("risk", .supersedes, "hash 2")),
    ]
}
