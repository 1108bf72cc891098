import ArgumentParser
import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Rules
import Storage
import StorageSQLite
import Wording

/// What the rules find in the records: violations, gaps, advice, and what only the other side can tell.
///
/// It ends with 1 where a rule that must be met is violated and this organisation is to act, or nobody in particular: what waits for
/// the other side alone ends with 0.
struct CheckCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "check", abstract: CommandPhrases.check.spoken)
    }

    @Option(name: .customLong("group"), help: .spoken(.ruleGroup)) var groups: [String] = []
    @OptionGroup var asked: DayOption
    @OptionGroup var cut: CutOptions
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let invocation = try invocation.answering(for: asked)
        let table = try RuleTable.shipped()
        let meant = Set(
            try RulesCommand.entries(meantBy: groups.flatMap { $0.split(separator: ",").map(String.init) }, in: table).map(\.id))
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let selection = try selector.eitherOrNone()
        let day = invocation.today
        return try open.store.read { reader in
            let words = try RecordWords(selector, reader)
            let checked = try CheckedRules(meant, of: selection, on: day, selector, open.reading, words, reader)
            let unknown = checked.unknown
            let found = cut.isAsked ? FindingView.numbered(checked.found) : checked.found
            let (shown, more) = try cut.part(of: found) { $0.key }
            let rest = more == nil ? unknown.map(FindingView.unknown) + checked.notBegun.map { FindingView.notBegun($0.rule, $0.kind) } : []
            let items = !invocation.printsItems ? [] : shown.map(\.json) + rest
            try invocation.print(
                .list("check/1", try selector.context(selection, reader), fields: FindingView.fields, items, more: more) { page in
                    show(shown, found, unknown, day, isFolded: meant.count > 1, &page)
                    show(checked.notBegun.map(\.kind), &page)
                    if more != nil {
                        page.say(RulePhrases.findingsCut, ["shown": .number(shown.count), "n": .number(found.count)])
                    }
                })
            return found.contains(where: \.isOurViolatedMust) ? .found : .done
        }
    }

    /// What nobody has begun, with the command that begins it.
    private func show(_ notBegun: [FactKind], _ page: inout Page) {
        guard !notBegun.isEmpty else { return }
        page.blank()
        page.say(RulePhrases.sectionNotBegun, [:], .strong)
        for kind in notBegun {
            page.place(
                .at(2, Span(Labels.kind(kind.rawValue, page.language) ?? kind.rawValue)), .command(34, FindingView.beginning(kind)))
        }
    }

    /// So many findings of one rule are shown whole, and so many of more.
    private static let (mostAlike, shownAlike) = (5, 3)

    private static func byRule(_ views: [FindingView]) -> [(rule: String, views: [FindingView])] {
        views.reduce(into: []) { groups, view in
            if groups.last?.rule == view.entry.id {
                groups[groups.count - 1].views.append(view)
            } else {
                groups.append((view.entry.id, [view]))
            }
        }
    }

    private func show(
        _ shown: [FindingView], _ found: [FindingView], _ unknown: [RuleTable.Entry], _ day: CalendarDate, isFolded: Bool,
        _ page: inout Page
    ) {
        func count(_ outcome: RuleTable.Outcome) -> Fact { .number(found.count { $0.entry.outcome == outcome }) }
        let date = Fact.text(day.text)
        guard !found.isEmpty || !unknown.isEmpty else { return page.say(RulePhrases.checkedNone, ["date": date]) }
        page.say(
            RulePhrases.checked,
            [
                "date": date, "violations": count(.violation), "gaps": count(.gap), "advice": count(.advice),
                "unknown": .number(unknown.count),
            ])
        for (outcome, section) in [
            (RuleTable.Outcome.violation, RulePhrases.sectionViolations), (.gap, .sectionGaps), (.advice, .sectionAdvice),
        ] {
            let part = shown.filter { $0.entry.outcome == outcome }
            guard !part.isEmpty else { continue }
            page.blank()
            page.say(section, [:], .strong)
            for (rule, views) in Self.byRule(part) {
                // What is said forty times is read once.
                let some = isFolded && views.count > Self.mostAlike ? views.prefix(Self.shownAlike) : views[...]
                for view in some { view.show(&page) }
                guard some.count < views.count else { continue }
                page.say(RulePhrases.moreAlike, ["n": .number(views.count - some.count), "rule": .text(rule)], indent: 11)
            }
        }
        guard !unknown.isEmpty else { return }
        page.blank()
        page.say(RulePhrases.sectionUnknown, [:], .strong)
        for entry in unknown {
            page.place(
                .at(2, Span(entry.id)),
                .at(
                    11, Span(RulePhrases.unknownLine.text(in: page.language, ["statement": .text(entry.statement.text(in: page.language))]))
                ))
        }
    }
}
