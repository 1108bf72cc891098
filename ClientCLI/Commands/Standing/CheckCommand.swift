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
/// It ends with 1 where a rule that must be met is violated, whoever is to put it right.
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
            let isOneOfSeveral = selector.directory.engagements.count > 1 || selector.directory.services.count > 1
            let place = isOneOfSeveral ? selection.map { " " + $0.option } ?? "" : ""
            let found = cut.isAsked ? FindingView.numbered(checked.found) : checked.found
            let all = found.map(Line.found) + checked.unknown.map(Line.unknown) + checked.notBegun.map { .notBegun($0.rule, $0.kind) }
            let (part, more) = try cut.part(of: all) { $0.key }
            let items = !invocation.printsItems ? [] : part.map(\.json)
            try sayDraft(selection, selector, open.reading, invocation, reader)
            try invocation.print(
                .list("check/1", try selector.context(selection, reader), fields: FindingView.fields, items, more: more) { page in
                    show(
                        part.compactMap { if case .found(let view) = $0 { view } else { nil } }, found,
                        part.compactMap { if case .unknown(let entry) = $0 { entry } else { nil } }, of: checked.unknown.count, day,
                        foldedFor: meant.count > 1 ? place : nil, &page)
                    show(part.compactMap { if case .notBegun(_, let kind) = $0 { kind } else { nil } }, &page)
                    if more != nil {
                        page.say(RulePhrases.findingsCut, ["shown": .number(part.count), "n": .number(all.count)])
                    }
                })
            return found.contains(where: \.isViolatedMust) ? .found : .done
        }
    }

    /// One thing that is listed: a finding, a rule that nobody here can answer, or what nobody has begun.
    private enum Line {
        case found(FindingView)
        case unknown(RuleTable.Entry)
        case notBegun(RuleTable.Entry, FactKind)

        var key: String {
            switch self {
            case .found(let view): view.key
            case .unknown(let entry): "unknown/\(entry.id)"
            case .notBegun(_, let kind): "not-begun/\(kind.rawValue)"
            }
        }

        var json: JSONValue {
            switch self {
            case .found(let view): view.json
            case .unknown(let entry): FindingView.unknown(entry)
            case .notBegun(let rule, let kind): FindingView.notBegun(rule, kind)
            }
        }
    }

    /// In an engagement the published service is checked: a provider whose draft differs is told so, with the command that checks that.
    private func sayDraft(
        _ selection: Selection?, _ selector: Selector, _ workspace: Workspace, _ invocation: Invocation, _ reader: any StoreReader
    ) throws {
        guard case .engagement(let engagement)? = selection, engagement.side == .provider,
            let service = selector.directory.service(of: engagement),
            let drafted = try workspace.drafted(in: service, reader), drafted.count > 0
        else { return }
        let groups = groups.isEmpty ? "" : " --group " + groups.joined(separator: ",")
        invocation.notice(
            RulePhrases.checkedPublished,
            [
                "label": .text(try workspace.releases(of: service.service, reader).last?.label ?? "-"), "n": .number(drafted.count),
                "command": .text("buntan check -s \(service.handle)\(groups)"),
            ])
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
        _ shown: [FindingView], _ found: [FindingView], _ unknown: [RuleTable.Entry], of unknowns: Int, _ day: CalendarDate,
        foldedFor place: String?, _ page: inout Page
    ) {
        func count(_ outcome: RuleTable.Outcome) -> Fact { .number(found.count { $0.entry.outcome == outcome }) }
        let date = Fact.text(day.text)
        guard !found.isEmpty || unknowns > 0 else { return page.say(RulePhrases.checkedNone, ["date": date]) }
        page.say(
            RulePhrases.checked,
            [
                "date": date, "violations": count(.violation), "gaps": count(.gap), "advice": count(.advice),
                "unknown": .number(unknowns),
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
                let some = place != nil && views.count > Self.mostAlike ? views.prefix(Self.shownAlike) : views[...]
                for view in some { view.show(&page) }
                guard some.count < views.count, let place else { continue }
                page.say(RulePhrases.moreAlike, ["n": .number(views.count - some.count)], indent: 11)
                page.place(.command(11, "buntan check --group \(rule)\(place)"))
            }
        }
        ClauseLegend(shown.lazy.map(\.entry)).show(&page)
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
