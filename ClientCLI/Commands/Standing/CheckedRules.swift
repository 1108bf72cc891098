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
    /// What management keeps and nobody here has begun, by the rule that asks for it: its rules have nothing to be asked about.
    let notBegun: [(rule: RuleTable.Entry, kind: FactKind)]

    /// The rule that asks for each kind of record to be there.
    private static let asking: [(kind: FactKind, rule: String)] = [
        (.scopeStatement, "SCOPE-23"), (.soa, "SOA-1"), (.internalAudit, "AUD-1"), (.managementReview, "MR-8"),
    ]

    /// - Parameters:
    ///   - meant: the ids of the rules that are asked; `nil` for all.
    ///   - selection: what is checked; `nil` for the organisation as a whole.
    init(
        _ meant: Set<String>?, of selection: Selection?, on day: CalendarDate, _ selector: Selector, _ workspace: Workspace,
        _ words: RecordWords, _ reader: any StoreReader
    ) throws {
        let table = try RuleTable.shipped()
        let scope = try selector.scope(selection, reader)
        let catalogue = try Catalogue.iso27017()
        let facts = try workspace.checkedFacts(of: scope, today: day, catalogue: catalogue, reader)
        let run = RuleRun(
            RuleBook.rules.filter { rule in
                (meant?.contains(rule.id) ?? true) && (selection != nil || table[rule.id]?.asksForRows == false)
            }, over: facts, today: day, catalogue: catalogue)
        let service = scope.service.map { FactID(KnownService.record(in: $0)) }
        var signed: [String] = []
        if let engagement = scope.engagement, run.findings.contains(where: FindingView.isSignedAnew) {
            signed = try workspace.agreements(of: engagement, day: { _ in day }, reader).provable?.kindsBesideRows ?? []
        }
        let forms = FindingForms(table, facts, words, Standpoint(scope, selector.directory), signed: signed)
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
        let told = Set(views.map(\.entry.id))
        // An auditor keeps no records of its own here.
        let mayBegin = scope.home != nil && (scope.engagement.map { $0.side != nil } ?? true)
        notBegun =
            !mayBegin
            ? []
            : Self.asking.compactMap { kind, rule in
                guard facts.all(kind).isEmpty, meant?.contains(rule) ?? true, !told.contains(rule) else { return nil }
                return table[rule].map { ($0, kind) }
            }
    }
}
