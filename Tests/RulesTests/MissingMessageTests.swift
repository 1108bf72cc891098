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

    @Test("An entry that decides nothing under ISO/IEC 27001 is told, and one that is missing otherwise")
    func undecided() throws {
        let catalogue = try Catalogue.iso27017()
        let statement = Fact(.soa, FactID("soa"), [.serviceId: .id(Self.service.id), .position: .text("provider")])
        let entries = catalogue.controls.filter { !$0.isExtended }.map { control in
            Fact(
                .soaEntry, FactID(control.id),
                [
                    .soaId: .id(FactID("soa")), .controlId: .text(control.id),
                    .adopted27001: .text(control.id == "12.3.1" ? "" : "adopted"),
                ])
        }
        let told = try messages("SOA-1", [Self.service, statement] + entries)
        #expect(told.map(\.en) == ["The SoA for Mail does not decide whether 12.3.1 is adopted under JIS Q 27001."], "\(told)")
        let without = try messages("SOA-1", [Self.service, statement] + entries.filter { $0.id != FactID("12.3.1") })
        #expect(without.map(\.en) == ["The SoA for Mail has no entry for 12.3.1."], "\(without)")
    }

    @Test("What keeps a risk from being approved or treated is named by its field, in the record that is there")
    func fields() throws {
        let risk = Fact(
            .risk, FactID("r"),
            [
                .ownerName: .text("CIO"), .assessedOn: .text("2026-04-01"), .level: .int(12), .acceptanceLevel: .int(6),
                .title: .text("Loss"),
            ])
        let begun = Fact(.riskTreatment, FactID("t"), [.riskId: .id(risk.id), .option: .text("modify"), .planText: .text("copies")])
        let asked = { (id: String) in try #require(RuleBook.rules.first { $0.id == id }) }
        let today = try #require(CalendarDate(year: 2026, month: 6, day: 1))
        func found(_ rule: String, _ acceptance: FactFields?) throws -> (record: FactID?, field: FactField?)? {
            let accepted = acceptance.map { [Fact(.riskAcceptance, FactID("a"), $0.merging([.riskId: .id(risk.id)]) { $1 })] } ?? []
            let run = RuleRun([try asked(rule)], over: Facts([risk, begun] + accepted), today: today, catalogue: try Catalogue.iso27017())
            return run.findings.first.map { ($0.record, $0.field) }
        }
        let treatment = try #require(try found("RISK-3", nil))
        #expect(treatment == (begun.id, .ownerName))
        let whole: FactFields = [.approvedByOwner: .text("CIO"), .approvedOn: .text("2026-05-01"), .planApproved: .bool(true)]
        #expect(try found("RISK-5", whole) == nil)
        for (field, value) in [
            (FactField.approvedByOwner, FactValue.text("COO")), (.planApproved, .bool(false)), (.approvedOn, .text("2026-03-01")),
            (.approvedOn, .text("")),
        ] {
            let lacking = try #require(try found("RISK-5", whole.merging([field: value]) { $1 }))
            #expect(lacking == (FactID("a"), field), "\(field)")
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
