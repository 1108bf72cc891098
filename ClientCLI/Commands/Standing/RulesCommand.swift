import ArgumentParser
import BuntanProtocol
import Rules
import Wording

/// The rules that records are checked by: all of them as a table, one that is meant alone with all that it says.
struct RulesCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "rules", abstract: CommandPhrases.rules.spoken)
    }

    @Argument(help: .spoken(.rules)) var words: [String] = []
    @OptionGroup var cut: CutOptions
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let table = try RuleTable.shipped()
        let meant = try Self.entries(meantBy: words, in: table)
        let (shown, more) = try cut.part(of: meant) { $0.id }
        try invocation.print(
            .list("rules/1", nil, fields: Self.fields, of: shown, more: more, form: Self.json) { page in
                if meant.count == 1 {
                    Self.show(meant[0], &page)
                } else {
                    Self.show(shown, of: meant, &page)
                    if more != nil { page.say(RulePhrases.rulesCut, ["shown": .number(shown.count), "n": .number(meant.count)]) }
                }
            })
        return invocation.status(ofListWith: meant.count)
    }

    /// The rules that any of the words means, by id or by group, in the order of the table; all for none.
    static func entries(meantBy words: [String], in table: RuleTable) throws -> [RuleTable.Entry] {
        guard !words.isEmpty else { return table.entries }
        var meant = Set<String>()
        for word in words {
            let typed = word.uppercased()
            let found = table.entries.filter { $0.id == typed || $0.group == typed }
            guard !found.isEmpty else {
                let near = Nearest.words(to: typed, among: table.groups + table.entries.map(\.id))
                throw CommandFailure(
                    .unknownRule, ["rule": .text(word)], next: "buntan rules",
                    candidates: near.map { CommandFailure.Candidate(name: $0) })
            }
            meant.formUnion(found.map(\.id))
        }
        return table.entries.filter { meant.contains($0.id) }
    }

    static let fields = ["rule", "group", "severity", "outcome", "clause", "statement", "message", "check", "inputs"]

    private static func json(_ entry: RuleTable.Entry) -> JSONValue {
        .members(
            ("rule", .text(entry.id)), ("group", .text(entry.group)), ("severity", .text(entry.severity.rawValue)),
            ("outcome", .text(entry.outcome.rawValue)), ("clause", .text(entry.clause.en)), ("statement", entry.statement.json),
            ("message", entry.message.json), ("check", .text(entry.check)), ("inputs", .list(entry.inputs.map { .text($0.text) })))
    }

    private static func show(_ entries: [RuleTable.Entry], of meant: [RuleTable.Entry], _ page: inout Page) {
        page.say(RulePhrases.rulesHeading, ["n": .number(meant.count), "musts": .number(meant.count { $0.severity == .must })])
        page.blank()
        func head(_ phrase: RulePhrases) -> String { phrase.text(in: page.language) }
        var table = Table(columns: [
            Column(title: head(.headRule)), Column(title: head(.headSeverity)), Column(title: head(.headOutcome)),
            Column(title: head(.headClause), fit: .cut, minimum: 8), Column(title: head(.headStatement), fit: .cut, minimum: 20),
        ])
        for entry in entries {
            table.rows.append([
                Span(entry.id), Span(entry.severity.phrase.text(in: page.language)), Span(entry.outcome.phrase.text(in: page.language)),
                Span(entry.clause.text(in: page.language)), Span(entry.statement.text(in: page.language)),
            ])
        }
        page.table(table)
        ClauseLegend(entries).show(&page)
    }

    private static func show(_ entry: RuleTable.Entry, _ page: inout Page) {
        let language = page.language
        page.line(
            Span(entry.id, .strong), Span("  \(entry.severity.phrase.text(in: language))  \(entry.outcome.phrase.text(in: language))"),
            Span("  \(entry.clause.text(in: language))"))
        page.paragraph(entry.statement.text(in: language), indent: 2)
        page.say(RulePhrases.told, ["message": .text(entry.message.text(in: language))], indent: 2)
        page.say(RulePhrases.predicate, ["check": .text(entry.check)], indent: 2)
        let inputs = entry.inputs.map { shown($0, language) }.joined(separator: language == .ja ? "、" : ", ")
        page.say(RulePhrases.reads, ["inputs": .text(inputs)], indent: 2)
        if let sources = ClauseLegend([entry]).text(in: language) { page.paragraph(sources, indent: 2) }
        page.next("buntan check --group \(entry.group)")
    }
}

extension RulesCommand {
    /// What a rule reads: in English as it is typed, in Japanese by what people call it.
    private static func shown(_ input: RuleTable.Input, _ language: Language) -> String {
        guard language == .ja else { return input.text }
        switch input {
        case .kind(let kind): return CodeLabels.field(nil, of: kind.rawValue, language)
        case .field(let kind, let field): return CodeLabels.field(field.rawValue, of: kind.rawValue, language)
        case .envelope(let field):
            return RulePhrases.inputEveryRecord.text(in: language) + "・" + CodeLabels.field(field.rawValue, in: nil, language)
        case .catalogue: return RulePhrases.inputCatalogue.text(in: language)
        }
    }
}

extension RuleTable.Severity {
    var phrase: RulePhrases {
        switch self {
        case .must: .must
        case .should: .should
        }
    }
}

extension RuleTable.Outcome {
    var phrase: RulePhrases {
        switch self {
        case .violation: .violation
        case .gap: .gap
        case .advice: .advice
        }
    }
}
