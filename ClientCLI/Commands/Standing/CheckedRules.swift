import BuntanProtocol
import Records
import Replica
import Rules
import Storage
import Wording

/// What the rules find in a scope on a day: the findings in the order in which they are told, and the rules that rest on what only the
/// other side can see.
struct CheckedRules {
    let found: [FindingView]
    let unknown: [RuleTable.Entry]

    /// - Parameters:
    ///   - meant: the ids of the rules that are asked; `nil` for all.
    ///   - selection: what is checked; `nil` for the organisation as a whole.
    init(
        _ meant: Set<String>?, of selection: Selection?, on day: CalendarDate, _ selector: Selector, _ workspace: Workspace,
        _ words: RecordWords, _ reader: any StoreReader
    ) throws {
        let table = try RuleTable.shipped()
        let scope = try selector.scope(selection, reader)
        let facts = try workspace.facts(of: scope, today: day, reader)
        let run = RuleRun(
            RuleBook.rules.filter { meant?.contains($0.id) ?? true }, over: facts, today: day, catalogue: try Catalogue.iso27017())
        let service = scope.service.map { FactID(KnownService.record(in: $0)) }
        let forms = FindingForms(table, facts, words, Standpoint(scope, selector.directory))
        // Of other engagements only their names are read here: what is asked about them is told in their own scope.
        let others = Set(facts.all(.engagement).map(\.id)).subtracting([scope.engagement.map { FactID($0.space) }].compactMap { $0 })
        func isElsewhere(_ subject: FactID?) -> Bool { subject.map { others.contains($0) } ?? false }
        let views = run.findings.filter { finding in
            !isElsewhere(finding.subject) && (service == nil || finding.service == nil || finding.service == service)
        }.compactMap { finding in
            table[finding.rule].map { FindingView(finding, $0, forms) }
        }
        found = FindingView.ordered(views)
        let elsewhere = Dictionary(grouping: run.unknowns.filter { isElsewhere($0.subject) }) { $0.rule }.mapValues(\.count)
        unknown = run.standings(over: facts).filter { $0.standing.unknown > elsewhere[$0.rule.id, default: 0] }
            .compactMap { table[$0.rule.id] }
    }
}
