import Records
import Testing

@testable import Rules

/// A rule whose record is missing altogether says that, and not what it says of one that is there.
@Suite("What is said of a record that is missing")
struct MissingMessageTests {
    private static let service = Fact(.cloudService, FactID("mail"), [.name: .bilingual(en: "Mail", ja: "メール")])
    private static let scoped = [
        service, Fact(.scopeStatement, FactID("scope"), [:]),
        Fact(
            .scopeStatementServices, FactID("entry"),
            [.parent: .id(FactID("scope")), .serviceId: .id(service.id), .position: .text("provider")]),
    ]

    private static func soa(_ id: String) -> Fact { Fact(.soa, FactID(id), [.serviceId: .id(service.id), .position: .text("provider")]) }

    private func messages(_ rule: String, _ facts: [Fact]) throws -> [BilingualText] {
        let asked = try #require(RuleBook.rules.first { $0.id == rule })
        let today = try #require(CalendarDate(year: 2026, month: 6, day: 1))
        let (facts, table) = (Facts(facts), try RuleTable.shipped())
        let run = RuleRun([asked], over: facts, today: today, catalogue: try Catalogue.iso27017())
        return try run.findings.map { try #require(table.message(of: $0, with: WordPrinter(facts))) }
    }

    @Test("No review, no procedure, no evidence and no statement are told as such; a service of the scope goes by its name")
    func missing() throws {
        let engaged = [Self.service, Fact(.engagement, FactID("e"), [.serviceIds: .ids([Self.service.id])])]
        for (rule, facts, en) in [
            ("MR-8", Self.scoped, "No management review has been held."), ("CAP-5", engaged, "Mail has no incident procedure."),
            ("CAP-11", [Self.service], "There is no evidence for Mail."), ("SOA-9", Self.scoped, "Mail has no SoA of its own."),
        ] {
            let told = try messages(rule, facts)
            #expect(told.map(\.en) == [en], "\(rule): \(told)")
            #expect(told.allSatisfy { !$0.ja.contains("{") && (rule == "MR-8" || $0.ja.contains("メール")) }, "\(rule): \(told)")
        }
    }

    @Test("Of one that is there it says what is wrong with it")
    func there() throws {
        let twice = try messages("SOA-9", Self.scoped + [Self.soa("a"), Self.soa("b")])
        #expect(twice.map(\.en) == ["Mail has more than one SoA."])
        #expect(try messages("SOA-9", Self.scoped + [Self.soa("a")]).isEmpty)
        let review = Fact(.managementReview, FactID("r"), [.heldOn: .text("2024-01-31"), .plannedInterval: .text("P1Y")])
        #expect(try messages("MR-8", [review]).map(\.en) == ["The last management review was on 2024-01-31."])
    }
}
