import BuntanProtocol
import Records
import Rules
import Wording

/// What the rules find in what a report is about: in one scope, or in the organisation's own records and in each of its places.
struct ToldFindings {
    /// In the order in which they are told, each with the place in which it was found first; `nil` for the organisation's own records.
    let found: [(view: FindingView, place: ReportPlace?)]
    /// Rules that rest on what only the other side can see, somewhere.
    let unknown: [RuleTable.Entry]
    let notBegun: [(rule: RuleTable.Entry, kind: FactKind)]
    /// Whether it is of several places.
    let isSpread: Bool

    /// - Parameters:
    ///   - own: what is found in what the report is about, in that of an organisation in its own records alone.
    ///   - places: the places of an organisation, none for any other report.
    init(_ own: CheckedRules, _ places: [ReportPlace]) {
        // What is found in several scopes is one thing to put right.
        var seen = Set(own.found.map(\.finding))
        var found = own.found.map { (view: $0, place: ReportPlace?.none) }
        for place in places {
            for view in place.checked.found where seen.insert(view.finding).inserted { found.append((view, place)) }
        }
        self.found = found.enumerated().map { (rank: $0.element.view.rank, offset: $0.offset, told: $0.element) }
            .sorted { ($0.rank, $0.offset) < ($1.rank, $1.offset) }.map(\.told)
        var rules = Set<String>()
        unknown = (own.unknown + places.flatMap(\.checked.unknown)).filter { rules.insert($0.id).inserted }
        notBegun = own.notBegun
        isSpread = !places.isEmpty
    }

    var violatedMusts: Int { found.count(where: \.view.isViolatedMust) }
    var gaps: Int { found.count { $0.view.entry.outcome == .gap } }
}

// What the rules find, rule by rule.

extension ReportBuilder {
    /// Findings of one rule that are told; how many more there are is said.
    private static let mostAlike = 10

    func findings(_ findings: ToldFindings, in places: [ReportPlace] = []) -> ReportDocument.Section {
        let columns = [column(.headRule, .key), column(.headSeverity, .mark), column(.headFinding, .text)]
        var left = 0
        var leftOf: [Int: Int] = [:]
        func table(_ caption: RulePhrases, _ outcome: RuleTable.Outcome) -> ReportDocument.Table {
            // What is required and not offered in an engagement stands in a section of its own.
            let found = findings.found.filter {
                $0.view.entry.outcome == outcome && !(outcome == .gap && ($0.place?.isEngagement ?? false))
            }
            let counts = found.reduce(into: [String: Int]()) { $0[$1.view.entry.id, default: 0] += 1 }
            var alike: [String: Int] = [:]
            var rows: [ReportDocument.Row] = []
            for (view, place) in found {
                alike[view.entry.id, default: 0] += 1
                guard alike[view.entry.id, default: 0] <= Self.mostAlike else {
                    left += 1
                    if let place { leftOf[place.number, default: 0] += 1 }
                    continue
                }
                var name = rule(view.entry)
                if let count = counts[view.entry.id], count > Self.mostAlike {
                    name += [.next, .faint(say(.inAll, ["n": .number(count)]))]
                }
                let row = ReportDocument.Row(cells: [name, [severity(view.entry)], finding(view)], value: view.json)
                let own: [ReportDocument.Run] = [.faint(say(.ownRecords))]
                rows.append(findings.isSpread ? row.told(place?.name ?? own, of: place?.number) : row)
            }
            return ReportDocument.Table(
                name: "findings", caption: caption.text(in: language), detail: say(.counted, ["n": .number(found.count)]), form: .stacked,
                columns: findings.isSpread ? told(columns) : columns, rows: rows, isFolded: true)
        }
        let unknown = ReportDocument.Table(
            name: "findings", caption: RulePhrases.sectionUnknown.text(in: language),
            detail: say(.counted, ["n": .number(findings.unknown.count)]), form: .stacked, columns: columns,
            rows: findings.unknown.map { entry in
                ReportDocument.Row(
                    cells: [rule(entry), [severity(entry)], [.words(entry.statement.text(in: language))]],
                    value: FindingView.unknown(entry))
            }, isFolded: true)
        // It breaks no rule and has no record to be found in: the rule that asks for it says what is missing.
        let notBegun = ReportDocument.Table(
            name: "findings", caption: RulePhrases.sectionNotBegun.text(in: language),
            detail: say(.counted, ["n": .number(findings.notBegun.count)]), form: .stacked, columns: columns,
            rows: findings.notBegun.map { entry, kind in
                ReportDocument.Row(
                    cells: [
                        rule(entry), [severity(entry)],
                        [.words(heading(kind: kind.rawValue)), .next, .faint(entry.statement.text(in: language))],
                    ], value: FindingView.notBegun(entry, kind))
            }, isFolded: true)
        let gaps = engagement == nil ? [table(.sectionGaps, .gap)] : []
        let numbers = findings.isSpread ? [counts(findings, in: places)] : []
        let tables = numbers + [table(.sectionViolations, .violation)] + gaps + [table(.sectionAdvice, .advice), unknown, notBegun]
        let legend = ClauseLegend(findings.found.map(\.view.entry) + findings.unknown + findings.notBegun.map(\.rule)).text(in: language)
        let lead =
            [say(.findingsLead, ["date": .text(day.text)])] + (findings.isSpread ? [say(.countsLead)] : [])
            + [legend].compactMap(\.self)
        return ReportDocument.Section(
            name: .findings, title: say(.sectionFindings), lead: lead, tables: tables,
            none: say(.noFindings), left: left, leftOf: leftOf,
            cut: say(.findingsCut, ["n": .number(left), "command": .text(command("check"))]), isPrivate: true)
    }

    private func rule(_ entry: RuleTable.Entry) -> [ReportDocument.Run] {
        [.words(entry.id), .next, .faint(entry.clause.text(in: language))]
    }

    private func severity(_ entry: RuleTable.Entry) -> ReportDocument.Run {
        let isMust = entry.severity == .must
        return .mark(entry.severity.phrase.text(in: language), isMust && entry.outcome == .violation ? .bad : isMust ? .warning : .plain)
    }

    private func finding(_ view: FindingView) -> [ReportDocument.Run] {
        var runs: [ReportDocument.Run] = [.typed(view.message.text(in: language))]
        if let place = view.place({ heading(kind: $0) }, { heading(field: $0, of: $1) }) { runs += [.next, .faint(place)] }
        return runs
    }
}
