import BuntanProtocol
import Records
import Testing
import Wording

@testable import Rules

@Suite("The rules and their examples")
struct RuleExampleTests {
    /// The groups whose rules have no code yet.
    static let toCome: Set<String> = []

    @Test("The table holds 170 rules in 17 groups, with the severities of the rules' document")
    func counts() throws {
        let table = try RuleTable.shipped()
        let expected: [(String, Int, Int, Int)] = [
            ("SCOPE", 24, 20, 4), ("SOA", 16, 14, 2), ("ROLE", 17, 12, 5), ("BKP", 21, 12, 9), ("JUR", 12, 4, 8), ("MON", 10, 5, 5),
            ("AST", 4, 1, 3), ("CAP", 14, 0, 14), ("SUP", 5, 1, 4), ("POL", 4, 0, 4), ("RISK", 15, 9, 6), ("AUD", 6, 5, 1), ("MR", 8, 5, 3),
            ("EMT", 5, 0, 5), ("ITS", 3, 0, 3), ("ED", 3, 2, 1), ("DATA", 3, 3, 0),
        ]
        #expect(table.entries.count == 170)
        #expect(table.groups == expected.map(\.0) && RuleGroup.all.map(\.id) == table.groups)
        for (group, count, must, should) in expected {
            let entries = table.entries.filter { $0.group == group }
            #expect(entries.map(\.id) == (1...count).map { "\(group)-\($0)" }, "\(group)")
            #expect(entries.count { $0.severity == .must } == must, "\(group)")
            #expect(entries.count { $0.severity == .should } == should, "\(group)")
        }
        #expect(table.entries.count { $0.outcome == .violation } == 109)
        #expect(table.entries.count { $0.outcome == .gap } == 28)
        #expect(table.entries.count { $0.outcome == .advice } == 33)
        for entry in table.entries {
            #expect(entry.statement.ja.unicodeScalars.contains { ("\u{3040}"..."\u{30ff}").contains($0) }, "\(entry.id)")
            #expect(entry.statement.en.unicodeScalars.allSatisfy { !("\u{3040}"..."\u{30ff}").contains($0) }, "\(entry.id)")
        }
    }

    @Test("A table that names a rule twice, or lacks a word, is refused where it does")
    func refusals() throws {
        let head = "id\tgroup\tseverity\toutcome\tclause\tinputs\tstatement_en\tstatement_ja\tmessage_en\tmessage_ja\tcheck\n"
        let row = "A-1\tA\tmust\tgap\tP\tsoa.position\ts\ts\tm {x}\tm {x}\tc\n"
        _ = try RuleTable(Array((head + row).utf8))
        let broken: [(String, CatalogueFault)] = [
            (row + row, CatalogueFault(line: 3, field: "id")),
            (row.replacing("A-1", with: "B-1"), CatalogueFault(line: 2, field: "id")),
            (row.replacing("\tP\t", with: "\t\t"), CatalogueFault(line: 2, field: "clause")),
            (row.replacing("\tP\t", with: "\t4.1; P\t"), CatalogueFault(line: 2, field: "clause")),
            (row.replacing("must", with: "may"), CatalogueFault(line: 2, field: "severity")),
            (row.replacing("soa.position", with: "soa.colour"), CatalogueFault(line: 2, field: "inputs")),
            (row.replacing("m {x}\tc", with: "m\tc"), CatalogueFault(line: 2, field: "message_ja")),
        ]
        for (text, fault) in broken {
            #expect(throws: fault) { try RuleTable(Array((head + text).utf8)) }
        }
    }

    @Test("Every rule of the table has code and an example, in the table's order; none has two")
    func completeness() throws {
        let written = try RuleTable.shipped().entries.filter { !Self.toCome.contains($0.group) }.map(\.id)
        #expect(RuleBook.rules.map(\.id) == written)
        #expect(RuleExamples.all.map(\.rule) == written)
    }

    @Test("The passing example passes, the failing one fails, and one correction makes it pass", arguments: RuleExamples.all)
    func examples(example: RuleExample) throws {
        let rule = try #require(RuleBook.rules.first { $0.id == example.rule })
        let passing = results(of: rule, example.passing, example)
        #expect(!passing.isEmpty && passing.allSatisfy { $0 == .passed }, "\(example.rule) passing: \(passing)")
        let failing = results(of: rule, example.failing, example)
        #expect(failing.contains { $0.isFailed } && !failing.contains(.unknown), "\(example.rule) failing: \(failing)")
        let corrected = results(of: rule, example.corrected, example)
        #expect(!corrected.isEmpty && corrected.allSatisfy { $0 == .passed }, "\(example.rule) corrected: \(corrected)")
    }

    /// What a rule says of an example, with labels that begin small.
    private func told(_ id: String, _ edits: RuleExample.Edit...) throws -> [BilingualText] {
        let example = try #require(RuleExamples.all.first { $0.rule == id })
        let facts = Facts(edits.reduce(example.failing) { $1.applied(to: $0) })
        let rule = try #require(RuleBook.rules.first { $0.id == id })
        let table = try RuleTable.shipped()
        let printer = WordPrinter(facts) { label in
            switch label {
            case .code(_, let code): BilingualText(en: code, ja: "符号")
            case .field(let field): BilingualText(en: field.rawValue, ja: "項目")
            case .kind(let kind): BilingualText(en: kind.rawValue, ja: "種類")
            case .side(let side): BilingualText(en: side.name, ja: "側")
            }
        }
        return RuleRun([rule], over: facts, today: example.day, catalogue: try Catalogue.iso27017()).findings
            .compactMap { table.message(of: $0, with: printer) }
    }

    @Test("A finding about what is missing is a sentence, in either language")
    func sentences() throws {
        #expect(
            try told("JUR-7", .set("law", .lastCheckedOn, "")).map(\.en).allSatisfy { $0.hasSuffix(" again: no check is recorded.") })
        #expect(try told("JUR-7").first?.en.hasSuffix(" again: last checked on 2023-12-14.") == true)
        #expect(try told("JUR-7", .set("law", .lastCheckedOn, "")).first?.ja.contains("確認日の記録なし") == true)
        let named = try told("BKP-1", .set("service", .name, .bilingual(en: "Kumo IaaS K.K.", ja: "Kumo IaaS K.K.")))
        #expect(!named.isEmpty && named.allSatisfy { $0.ja.contains("「Kumo IaaS K.K.」") }, "\(named)")
        #expect(try told("BKP-13").map(\.en).allSatisfy { $0.contains(" but backs up only every ") })
        let unstated = try #require(try told("BKP-13", .remove("schedule")).first)
        #expect(unstated.en.hasSuffix(" but states no backup interval.") && unstated.ja.hasSuffix("バックアップ間隔の記載がありません。"), "\(unstated)")
        let unordered = [fact(.backupRequirement, "b", [.minRetention: "P3Y", .maxRetention: "P1Y"])]
        let rule = try #require(RuleBook.rules.first { $0.id == "DATA-1" })
        let found = RuleRun([rule], over: Facts(unordered), today: RuleExamples.all[0].day, catalogue: try Catalogue.iso27017()).findings
        let first = try #require(found.first)
        let table = try RuleTable.shipped()
        let message = try #require(table.message(of: first, with: WordPrinter(Facts(unordered))))
        #expect(message.en.hasSuffix("axRetention is not valid: 1 y against minRetention of 3 y."), "\(message)")
        #expect(message.ja.contains("1年") && message.ja.contains("3年") && message.ja.contains("minRetention"), "\(message)")
        #expect(try told("RISK-14", .set("risk", .reassessDue, "")).first?.en.hasSuffix(": no day is set for it.") == true)
        #expect(try told("RISK-14").first?.en.hasSuffix(": it was due on 2026-01-31.") == true)
        #expect(try told("RISK-14").first?.ja.contains("期限は2026-01-31でした") == true)
        #expect(try told("RISK-10").map(\.en).allSatisfy { $0.hasSuffix("is assessed as customer.") })
        #expect(try told("RISK-10", .remove("network provider")).first?.en.hasSuffix("is assessed as provider, customer.") == true)
        #expect(try told("EMT-1").map(\.en) == ["Telework is in use but its risks are not assessed."])
        #expect(try told("RISK-7").first?.en.hasPrefix("The risk source \"monitoring-deficient\" has") == true)
        let treatment = try told("RISK-15", .set("treatment", .planText, .bilingual(en: "Keep a copy of our own.", ja: "自社で複写する。")))
        #expect(treatment.allSatisfy { !$0.en.contains("..") && !$0.ja.contains("。」") }, "\(treatment)")
        for entry in try RuleTable.shipped().entries {
            for finding in try told(entry.id) { #expect(!finding.en.contains(".."), "\(entry.id): \(finding.en)") }
        }
    }

    @Test("Every kind and field that a rule reads has its words in both languages")
    func labels() throws {
        for input in try RuleTable.shipped().entries.flatMap(\.inputs) {
            for language in Language.allCases {
                switch input {
                case .kind(let kind): #expect(Labels.kind(kind.rawValue, language) != nil, "\(kind)")
                case .field(let kind, let field):
                    #expect(Labels.kind(kind.rawValue, language) != nil, "\(kind)")
                    #expect(Labels.field(field.rawValue, of: kind.rawValue, language) != nil, "\(kind).\(field)")
                case .envelope(let field): #expect(Labels.field(field.rawValue, of: nil, language) != nil, "\(field)")
                case .catalogue: continue
                }
            }
        }
    }

    @Test("A failing example is told of in both languages, with every placeholder filled", arguments: RuleExamples.all)
    func messages(example: RuleExample) throws {
        let table = try RuleTable.shipped()
        let entry = try #require(table[example.rule])
        let facts = Facts(example.failing)
        let rule = try #require(RuleBook.rules.first { $0.id == example.rule })
        let findings = RuleRun([rule], over: facts, today: example.day, catalogue: try Catalogue.iso27017()).findings
        #expect(!findings.isEmpty)
        for finding in findings {
            let printer = WordPrinter(facts)
            for name in RuleTable.Entry.placeholders(of: entry.message.en) {
                let word = try #require(finding.words[name], "\(example.rule) lacks {\(name)}")
                #expect(!printer.text(word).en.isEmpty && !printer.text(word).ja.isEmpty, "\(example.rule) {\(name)}")
            }
            let message = try #require(table.message(of: finding, with: printer))
            #expect(!message.en.contains("{") && !message.ja.contains("{"), "\(message)")
            #expect(message.en != message.ja)
            if entry.outcome == .gap {
                #expect(finding.required != nil && finding.offered != nil, "\(example.rule) is a gap")
            }
        }
    }

    @Test("A rule reads what the table says it does, and nothing else", arguments: RuleExamples.all)
    func inputs(example: RuleExample) throws {
        let entry = try #require(try RuleTable.shipped()[example.rule])
        let rule = try #require(RuleBook.rules.first { $0.id == example.rule })
        for records in [example.passing, example.failing, example.corrected] {
            let facts = Facts(records)
            let run = RuleRun([rule], over: facts, today: example.day, catalogue: try Catalogue.iso27017(), keepsReads: true)
            #expect(!run.reads(of: example.rule).isEmpty, "\(example.rule)")
            #expect(entry.unstated(in: run, over: facts) == [], "\(example.rule)")
        }
    }

    @Test("Each field that names a record which must be here is one that the table states for DATA-1")
    func references() throws {
        let stated = Set(try #require(try RuleTable.shipped()["DATA-1"]).inputs)
        let asked = IntegrityRules.references.flatMap { kind, fields in
            fields.flatMap { [RuleTable.Input.field(kind, $0.field), .kind($0.target)] }
        }
        #expect(asked.count >= 10, "\(asked)")
        #expect(Set(asked).subtracting(stated).map { "\($0)" }.sorted() == [])
    }

    private func results(of rule: Rule, _ facts: [Fact], _ example: RuleExample) -> [RuleResult] {
        // Its own tests tell why a catalogue is unreadable; without it no example has the result that is expected.
        guard let catalogue = try? Catalogue.iso27017() else { return [] }
        let run = RuleRun([rule], over: Facts(facts), today: example.day, catalogue: catalogue)
        return Array(run.results(of: rule.id).values)
    }
}

extension RuleTable.Entry {
    /// What its rule read and the table does not say, by name.
    func unstated(in run: RuleRun, over facts: Facts) -> [String] {
        let kinds = Set(
            inputs.compactMap { input in
                switch input {
                case .kind(let kind), .field(let kind, _): kind
                case .envelope, .catalogue: nil
                }
            })
        var unstated = Set<String>()
        for read in run.reads(of: id) {
            if let kind = read.kindSought, !kinds.contains(kind) { unstated.insert(kind.rawValue) }
            guard let (field, slot) = read.fieldRead, !FactField.placement.contains(field), let slot, let kind = facts.slots[slot]?.kind
            else {
                continue
            }
            if !inputs.contains(.field(kind, field)), !inputs.contains(.envelope(field)) {
                unstated.insert("\(kind.rawValue).\(field.rawValue)")
            }
        }
        return unstated.sorted()
    }
}

extension RuleResult {
    var isFailed: Bool { if case .failed = self { true } else { false } }
}

extension RuleExample: CustomTestStringConvertible {
    var testDescription: String { rule }
}
