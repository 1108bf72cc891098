import BuntanProtocol
import Records
import Testing

@testable import Rules

@Suite("Which findings of rules stand against signing")
struct SigningRuleCoverageTests {
    private static func judged(_ facts: [Fact], covering covered: String..., unseen: [Facts.Unseen] = []) throws -> SigningRules {
        SigningRules(
            Facts(facts, unseen: unseen), covering: Set(covered.map { FactID($0) }), table: try RuleTable.shipped(), today: GapTests.today,
            catalogue: try Catalogue.iso27017())
    }

    private static func row(_ fields: FactFields) -> Fact {
        fact(
            .responsibility, "row",
            ([.controlId: "12.3.1", .itemKey: "main", .framework: "iso27017", .allocation: "customer"] as FactFields).merging(fields) { $1 }
        )
    }

    @Test("A violated must blocks where its record is covered, and nowhere else")
    func covered() throws {
        let facts = [BackupExamples.specification([.rpo: "PT1H"]), BackupExamples.schedule("P1D")]
        #expect(try Self.judged(facts, covering: "specification").blocking.map(\.rule) == ["BKP-13"])
        #expect(try Self.judged(facts, covering: "row").blocking.isEmpty)
        // An item of a list is covered with what it is an item of.
        let place = [JurisdictionExamples.law(), JurisdictionExamples.data("UK")]
        #expect(try Self.judged(place, covering: "law").blocking.map(\.rule) == ["JUR-2"])
    }

    @Test("What a row says against a rule blocks; what it does not say yet is told of")
    func unsaid() throws {
        let said = try Self.judged([Self.row([.customerCanFulfil: "no"])], covering: "row")
        #expect(said.blocking.map(\.rule) == ["ROLE-6"] && said.unsaid.map(\.rule) == ["ROLE-2", "ROLE-9"])
        let silent = try Self.judged([Self.row([:])], covering: "row")
        #expect(silent.blocking.isEmpty && silent.unsaid.map(\.rule) == ["ROLE-2", "ROLE-6", "ROLE-9"])
        let supplied = try Self.judged([Self.row([.allocation: "supplier"])], covering: "row")
        #expect(supplied.blocking.isEmpty && supplied.unsaid.map(\.rule).contains("ROLE-4"))
    }

    @Test("Gaps, advice, shoulds, what was signed before and one side's own records never block")
    func neverBlocking() throws {
        let gap = [BackupExamples.service(), BackupExamples.requirement([.maxRpo: "PT4H"]), BackupExamples.specification([.rpo: "P1D"])]
        #expect(try Self.judged(gap + [BackupExamples.schedule("P1D")], covering: "requirement", "specification").blocking.isEmpty)
        let changed = Self.row([
            .status: "agreed", .agreedByProviderHash: "a", .agreedByCustomerHash: "a", .contentHash: "b", .customerCanFulfil: "yes",
        ])
        #expect(try Self.judged([changed], covering: "row").blocking.isEmpty)
        #expect(try Self.judged([fact(.risk, "risk")], covering: "risk").blocking.isEmpty)
    }

    @Test("What cannot be told here does not block")
    func unknown() throws {
        let torn = [
            BackupExamples.specification([.rpo: "PT1H"]),
            fact(
                .backupSpecificationSchedule, "s", [.parent: ref("specification"), .backupType: "full", .interval: .unseen]),
        ]
        #expect(try Self.judged(torn, covering: "specification").blocking.isEmpty)
    }
}
