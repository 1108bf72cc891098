import BuntanProtocol
import Records
import Testing

@testable import Rules

@Suite("Gaps, computed from what is required and what is offered")
struct GapTests {
    static let today = CalendarDate(year: 2026, month: 6, day: 1).unsafelyUnwrapped

    /// The gaps of a customer's engagement over these facts, whose records are named after the requirement and the field.
    static func analysis(_ facts: [Fact], seat: Side? = .customer, unseen: [Facts.Unseen] = []) throws -> GapAnalysis {
        GapAnalysis(
            Facts(facts, unseen: unseen),
            GapAnalysis.Scope(service: FactID("service"), engagement: FactID("engagement"), seat: seat), today: today,
            catalogue: try Catalogue.iso27017(), naming: { FactID("gap:\($0.text)/\($1)") })
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let what: String
        let area: GapArea
        /// The field and the values of the gap that is expected, and by how much it differs; `nil` for none.
        let expected: (field: String, required: String, offered: String, difference: GapDifference)?
        let facts: [Fact]

        init(
            _ area: GapArea, _ what: String, _ expected: (field: String, required: String, offered: String, difference: GapDifference)?,
            _ facts: Fact...
        ) { (self.area, self.what, self.expected, self.facts) = (area, what, expected, facts) }

        var testDescription: String { "\(area): \(what)" }
    }

    @Test("A gap is told with what is required, what is offered and the difference in its unit", arguments: backup + places + watching)
    func measured(_ example: Case) throws {
        let gaps = try Self.analysis([BackupExamples.service()] + example.facts).gaps.filter { $0.area == example.area }
        guard let expected = example.expected else { return #expect(gaps.isEmpty, "\(gaps)") }
        let gap = try #require(gaps.first { $0.field == expected.field }, "\(gaps.map(\.field))")
        #expect(gap.values == Gap.Values(required: expected.required, offered: expected.offered))
        #expect(gap.parts.map(\.difference).contains(expected.difference), "\(gap.parts)")
    }

    private static func need(_ fields: FactFields) -> Fact { BackupExamples.requirement(fields) }
    private static func offer(_ fields: FactFields) -> Fact { BackupExamples.specification(fields) }

    /// Without what the rules ask of every requirement and specification, which the examples are not about.
    static let backup = [
        Case(
            .backup, "RPO missed by 20 hours", ("rpo", "PT4H", "P1D", .tooLong(seconds: 72_000)), need([.maxRpo: "PT4H"]),
            offer([.rpo: "P1D"])),
        Case(
            .backup, "RPO missed by a minute", ("rpo", "PT4H", "PT4H1M", .tooLong(seconds: 60)), need([.maxRpo: "PT4H"]),
            offer([.rpo: "PT4H1M"])),
        Case(
            .backup, "the longer of RTO and timescale", ("rto", "PT8H", "P2D", .tooLong(seconds: 144_000)), need([.maxRto: "PT8H"]),
            offer([.rto: "PT4H", .restoreTimescale: "P2D"])),
        Case(
            .backup, "retention a day too short", ("retention", "P30D", "P29D", .tooShort(seconds: 86_400)), need([.minRetention: "P30D"]),
            offer([.retention: "P29D"])),
        Case(
            .backup, "retention a year too long", ("retention", "P30D", "P395D", .tooLong(seconds: 365 * 86_400)),
            need([.minRetention: "P7D", .maxRetention: "P30D"]), offer([.retention: "P395D"])),
        Case(
            .backup, "encryption two steps weaker", ("encryptionAtRest", "customer-held-key", "provider-managed-key", .weaker(steps: 2)),
            need([.encryptionRequired: "customer-held-key"]), offer([.encryptionAtRest: "provider-managed-key"])),
        Case(
            .backup, "a country that is not allowed", ("location/US", "JP", "US", .notAccepted), need([.allowedCountries: ["JP"]]),
            offer([:]),
            BackupExamples.location("US", separate: true)),
        Case(
            .backup, "no other site", ("location/separateFromPrimary", "separateSiteRequired", "none", .missing),
            need([.separateSiteRequired: true]), offer([:]), BackupExamples.location("JP", separate: false)),
        Case(
            .backup, "a test 11 days overdue", ("restoreTestInterval", "P30D", "2026-04-21", .overdue(days: 11)),
            need([.maxRestoreTestInterval: "P30D"]), offer([.restoreTestInterval: "P30D"]),
            BackupExamples.tested("2026-04-21", of: .backupSpecificationLastRestoreTest, at: "specification")),
        Case(
            .backup, "data that is not backed up", ("dataSet/logs", "logs", "none", .missing), need([.requiredScope: ["logs"]]), offer([:]),
            BackupExamples.dataSet("logs", included: false)),
        Case(.backup, "no specification", ("rpo", "PT4H", "none", .missing), need([.maxRpo: "PT4H"])),
        Case(.backup, "a specification that says nothing of it", ("rpo", "PT4H", "none", .missing), need([.maxRpo: "PT4H"]), offer([:])),
    ]

    static let places = [
        Case(
            .jurisdictions, "a country that is not accepted", ("country/US", "JP", "US", .notAccepted),
            JurisdictionExamples.law(country: "US"), JurisdictionExamples.policy([.acceptedCountries: ["JP"]])),
        Case(
            .jurisdictions, "accepted", nil, JurisdictionExamples.law(country: "JP"),
            JurisdictionExamples.policy([.acceptedCountries: ["JP"]])),
        Case(
            .jurisdictions, "accepted by decision", nil, JurisdictionExamples.law([.customerDecision: "accepted"], country: "US"),
            JurisdictionExamples.law(id: "other"), JurisdictionExamples.policy([.acceptedCountries: ["JP"]])),
        Case(
            .jurisdictions, "a law that expired the day before", ("lawExpiredOn", "in-force", "2026-05-31", .expired(days: 1)),
            JurisdictionExamples.law([.lawExpiredOn: "2026-05-31"])),
        Case(
            .jurisdictions, "a law that applies from tomorrow", ("lawEffectiveFrom", "in-force", "2026-06-02", .notYetInForce(days: 1)),
            JurisdictionExamples.law([.lawEffectiveFrom: "2026-06-02"])),
        Case(
            .jurisdictions, "a law on its first day", nil, JurisdictionExamples.law([.lawEffectiveFrom: "2026-06-01"])),
        Case(
            .jurisdictions, "a law that is asked for and not listed", ("lawName/GDPR", "GDPR", "none", .missing),
            JurisdictionExamples.law(),
            JurisdictionExamples.policy(),
            fact(.jurisdictionPolicyRequiredLaws, "l", [.parent: ref("policy"), .text: both("GDPR", "GDPR")])),
        Case(
            .jurisdictions, "a law that is asked for and listed", nil, JurisdictionExamples.law(), JurisdictionExamples.policy(),
            fact(.jurisdictionPolicyRequiredLaws, "l", [.parent: ref("policy"), .text: both("APPI", "個人情報保護法")])),
        Case(
            .jurisdictions, "no evidence where it is asked for", ("complianceEvidenceIds", "complianceEvidenceIds", "none", .missing),
            JurisdictionExamples.law([.category: "personal-data"]), JurisdictionExamples.policy([.evidenceRequiredFor: ["personal-data"]])),
    ]

    private static func watched(_ key: String, _ fields: FactFields = [:]) -> [Fact] {
        [
            fact(.monitoringRequirement, "watch", [.serviceId: ref("service"), .authorSide: "customer"]),
            fact(
                .monitoringRequirementRequiredItems, "item",
                ([.parent: ref("watch"), .itemKey: .text(key)] as FactFields).merging(fields) { $1 }),
            fact(.monitoringCapability, "capability", [.serviceId: ref("service"), .authorSide: "provider"]),
        ]
    }

    static let watching = [
        Case(
            .monitoring, "an item a minute too slow", ("login", "PT5M", "PT6M", .tooLong(seconds: 60)),
            watched("login", [.maxInterval: "PT5M"])[0], watched("login", [.maxInterval: "PT5M"])[1], watched("login")[2],
            MonitoringExamples.offer("login", [.interval: "PT6M"])),
        Case(
            .monitoring, "an item that is not offered", ("data-leakage", "data-leakage", "none", .missing), watched("data-leakage")[0],
            watched("data-leakage")[1], watched("data-leakage")[2]),
        Case(
            .monitoring, "kept 150 days less", ("login", "P180D", "P30D", .tooShort(seconds: 150 * 86_400)),
            watched("login")[0], watched("login", [.minRetention: "P180D"])[1], watched("login")[2],
            MonitoringExamples.offer("login", [.retention: "P30D"])),
        Case(
            .monitoring, "met", nil, watched("login")[0], watched("login", [.maxInterval: "PT5M"])[1], watched("login")[2],
            MonitoringExamples.offer("login", [.interval: "PT5M"])),
    ]

    @Test("What meets the requirement by the second is no gap")
    func met() throws {
        let facts = [BackupExamples.service(), Self.need([.maxRpo: "PT4H"]), Self.offer([.rpo: "PT4H"])]
        #expect(try Self.analysis(facts).gaps.filter { $0.field == "rpo" }.isEmpty)
    }

    @Test("An item's gap is one, with every difference of it, and a measure does not hide it")
    func oneItem() throws {
        let facts =
            [BackupExamples.service()] + Self.watched("login", [.maxInterval: "PT5M", .minRetention: "P180D"]) + [
                MonitoringExamples.offer("login", [.interval: "PT1H", .retention: "P30D"])
            ]
        let gap = try #require(try Self.analysis(facts).gaps.first { $0.area == .monitoring })
        #expect(gap.parts.map(\.rule) == ["MON-4", "MON-5"] && gap.values == Gap.Values(required: "P180D;PT5M", offered: "P30D;PT1H"))
        let measure = fact(.supplementaryMeasure, "m", [.gapIds: .ids([FactID("gap:watch/login")]), .inPlaceFrom: "2026-01-01"])
        let closed = fact(
            .supplementaryMeasureClosedGaps, "closed",
            [.parent: ref("m"), .gapId: ref("gap:watch/login"), .requiredValue: "P180D;PT5M", .offeredValue: "P30D;PT1H"])
        let again = try #require(try Self.analysis(facts + [measure, closed]).gaps.first { $0.area == .monitoring })
        #expect(again.values == gap.values && again.chain?.stage == .treated && again.chain?.measure == FactID("m"))
    }

    @Test("What is private or absent is unknown or missing, and never no gap")
    func uncompared() throws {
        func reasons(_ facts: [Fact], _ seat: Side, _ unseen: [Facts.Unseen] = []) throws -> Set<String> {
            Set(try Self.analysis(facts, seat: seat, unseen: unseen).uncompared.map { "\($0.area) \($0.reason.rawValue)" })
        }
        #expect(
            try reasons([BackupExamples.service()], .customer) == [
                "backup requirement-missing", "backup offer-missing", "jurisdictions requirement-missing", "jurisdictions offer-missing",
                "monitoring requirement-missing", "monitoring offer-missing",
            ])
        let unseen = [FactKind.backupRequirement, .jurisdictionPolicy, .monitoringRequirement].map {
            Facts.Unseen($0, of: FactID("service"))
        }
        let offered = [BackupExamples.service(), Self.offer([.rpo: "P1D"]), JurisdictionExamples.law(), Self.watched("login")[2]]
        #expect(
            try reasons(offered, .provider, unseen) == [
                "backup requirement-unknown", "jurisdictions requirement-unknown", "monitoring requirement-unknown",
            ])
        // A value of which several stand side by side is not known.
        let torn = [BackupExamples.service(), Self.need([.maxRpo: "PT4H"]), Self.offer([.rpo: .unseen])]
        let analysis = try Self.analysis(torn)
        #expect(analysis.uncompared.contains { $0.reason == .valueUnknown && $0.rule == "BKP-5" })
        #expect(!analysis.gaps.contains { $0.field == "rpo" })
    }

    @Test("Without a provider's backup function backup is the customer's responsibility, as one gap for all that is required")
    func customersDuty() throws {
        let none = BackupExamples.service([.providesBackup: false])
        let gaps = try Self.analysis([none, Self.need([.maxRpo: "PT4H", .maxRto: "PT8H", .minRetention: "P30D"])]).gaps
        let backup = gaps.filter { $0.area == .backup }
        #expect(backup.count == 1 && backup[0].isCustomersDuty && backup[0].side == .customer && backup[0].field == "backup")
        #expect(backup[0].parts.compactMap(\.rule).contains("BKP-5"))
        let unasked = try Self.analysis([none])
        #expect(unasked.gaps.isEmpty && unasked.uncompared.contains { $0.reason == .customersDuty && $0.side == .customer })
        // A service that says nothing of backups leaves the gaps as they are.
        let silent = try Self.analysis([fact(.cloudService, "service"), Self.need([.maxRpo: "PT4H"])]).gaps
        #expect(silent.contains { $0.field == "rpo" && !$0.isCustomersDuty })
    }

    @Test(
        "A row to which a side has not said who carries it is unanswered, and whose answer it waits for is told",
        arguments: [
            (FactValue.text("provider"), FactValue?.none, Side?.some(.customer)), (nil, .text("provider"), .provider),
            (.text("shared"), .text("unallocated"), .customer), (.text("shared"), .text("customer"), nil),
        ] as [(FactValue?, FactValue?, Side?)])
    func unanswered(_ provider: FactValue?, _ customer: FactValue?, _ side: Side?) throws {
        var fields: FactFields = [.engagementId: ref("engagement"), .serviceId: ref("service"), .controlId: "12.3.1"]
        fields[.providerAllocation] = provider
        fields[.customerAllocation] = customer
        let analysis = try Self.analysis([BackupExamples.service(), fact(.responsibility, "row", fields)])
        let gaps = analysis.gaps.filter { $0.area == .responsibilities }
        #expect(gaps.map(\.side) == (side.map { [$0] } ?? []))
        // A provider has no gap where its customer has only to answer.
        let providers = try Self.analysis([BackupExamples.service(), fact(.responsibility, "row", fields)], seat: .provider)
        #expect(providers.gaps.filter { $0.area == .responsibilities }.map(\.side) == (side == .provider ? [.provider] : []))
        #expect(providers.awaited.map(\.side) == (side == .customer ? [.customer] : []))
        fields[.customerAllocation] = .unseen
        let torn = try Self.analysis([BackupExamples.service(), fact(.responsibility, "row", fields)])
        #expect(torn.uncompared.contains { $0.area == .responsibilities && $0.side == .customer })
    }

    @Test("Two specifications are two parts of one gap; the order in which they come does not change what is pinned")
    func twoOffers() throws {
        let second = fact(.backupSpecification, "second", [.serviceId: ref("service"), .authorSide: "provider", .rpo: "P2D"])
        let facts = [BackupExamples.service(), Self.need([.maxRpo: "PT4H"])]
        let one = try #require(try Self.analysis(facts + [Self.offer([.rpo: "P1D"]), second]).gaps.first { $0.field == "rpo" })
        let other = try #require(try Self.analysis(facts + [second, Self.offer([.rpo: "P1D"])]).gaps.first { $0.field == "rpo" })
        #expect(one.parts.count == 2 && Set(one.parts.compactMap(\.offer)) == [FactID("specification"), FactID("second")])
        #expect(one.values == other.values && one.values.offered == "P1D;P2D")
    }

    @Test("Every rule of the three groups whose outcome is a gap is among the comparisons")
    func complete() throws {
        let table = try RuleTable.shipped()
        let gaps = table.entries.filter { $0.outcome == .gap && ["BKP", "JUR", "MON"].contains($0.group) }.map(\.id)
        #expect(Set(gaps).union(["JUR-3"]) == Set(GapArea.rules.keys))
    }
}
