import BuntanProtocol
import Records
import Testing

@testable import Rules

/// A passing example, changed as a careful reader of its rule would ask about.
struct RuleCase: Sendable {
    let rule: String
    let name: String
    let edits: [RuleExample.Edit]
    let expected: Answer
    var today: String?
    var unseen: [FactKind] = []

    enum Answer: Sendable, Equatable {
        case passed, unknown
        /// What is told of: a field to put right, or the kind that is missing.
        case field(FactField)
        case missing(FactKind)
    }

    init(
        _ rule: String, _ name: String, _ edits: RuleExample.Edit..., expected: Answer, today: String? = nil, unseen: [FactKind] = []
    ) {
        (self.rule, self.name, self.edits, self.expected, self.today, self.unseen) = (rule, name, edits, expected, today, unseen)
    }

    static let all: [RuleCase] = [
        BackupCases.all,
        JurisdictionCases.all,
        MonitoringCases.all,
        AssetRemovalCases.all,
        CapabilityCases.all,
        InternalAuditCases.all,
        ManagementReviewCases.all,
        EmergingThemeCases.all,
        ServiceManagementCases.all,
    ].flatMap { $0 }
}

extension RuleCase: CustomTestStringConvertible {
    var testDescription: String { "\(rule): \(name)" }
}

@Suite("What a careful reader asks of the rules")
struct ChangedExampleTests {
    @Test("A changed example has the answer that the rule's words give", arguments: RuleCase.all)
    func cases(item: RuleCase) throws {
        let example = try #require(RuleExamples.all.first { $0.rule == item.rule })
        let rule = try #require(RuleBook.rules.first { $0.id == item.rule })
        let records = item.edits.reduce(example.passing) { $1.applied(to: $0) }
        let today = item.today.flatMap { CalendarDate(canonical: $0) } ?? example.day
        let facts = Facts(records, unseen: item.unseen.map { Facts.Unseen($0) })
        let run = RuleRun([rule], over: facts, today: today, catalogue: try Catalogue.iso27017())
        let results = Array(run.results(of: rule.id).values)
        switch item.expected {
        case .passed: #expect(!results.isEmpty && results.allSatisfy { $0 == .passed }, "\(results)")
        case .unknown: #expect(results.contains(.unknown) && run.findings.isEmpty, "\(results)")
        case .field(let field): #expect(run.findings.contains { $0.field == field }, "\(results)")
        case .missing(let kind):
            #expect(run.findings.contains { $0.kind == kind && $0.record.flatMap { facts[$0] }?.kind != kind }, "\(results)")
        }
        let table = try RuleTable.shipped()
        let entry = try #require(table[rule.id])
        #expect(entry.unstated(in: run, over: facts) == [])
        for finding in run.findings {
            let message = try #require(table.message(of: finding, with: WordPrinter(facts)))
            #expect(!message.en.contains("{") && !message.ja.contains("{"), "\(message)")
            if entry.outcome == .gap { #expect(finding.required != nil && finding.offered != nil) }
        }
    }

    @Test("What is missing is told of by its name, in each language")
    func lacking() throws {
        let example = try #require(RuleExamples.all.first { $0.rule == "BKP-5" })
        let facts = Facts(example.passing.filter { $0.kind != .backupSpecification } + [BackupExamples.service()])
        let run = RuleRun([BackupGapRules.rpo], over: facts, today: example.day, catalogue: try Catalogue.iso27017())
        let finding = try #require(run.findings.first)
        let printer = WordPrinter(facts) { label in
            label == .kind(.backupSpecification) ? BilingualText(en: "backup specification", ja: "バックアップ仕様") : nil
        }
        let message = try #require(try RuleTable.shipped().message(of: finding, with: printer))
        #expect(message.en == "RPO gap on Kumo DB: offered no backup specification, required 4 h.")
        #expect(message.ja == "「雲DB」のRPOにギャップがあります（提供 バックアップ仕様なし、要求 4時間）。")
    }
}
