import ArgumentParser
import BuntanProtocol
import Foundation
import Records
import Replica
import Rules
import Storage
import StorageSQLite
import Wording

/// What is required and not offered in an engagement, by how much, and how far each gap was followed through.
///
/// With `--exit-code` it ends with 1 where a gap waits for its next step or something could not be compared.
struct GapsCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "gaps", abstract: CommandPhrases.gaps.spoken)
    }

    @Argument(help: .spoken(.gapAreas)) var areas: [String] = []
    @OptionGroup var day: DayOption
    @OptionGroup var cut: CutOptions
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let invocation = try invocation.answering(for: day)
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let engagement = try selector.engagement()
        let selection = Selection.engagement(engagement)
        let today = invocation.today
        return try open.store.read { reader in
            let gaps = try ReadGaps(engagement, on: today, selector, open.reading, reader)
            let (analysis, forms) = (gaps.analysis, gaps.forms)
            let meant = try Self.areas(areas)
            let views = analysis.gaps.filter { meant.contains($0.area) }.map { GapView($0, forms) }
            let others = analysis.uncompared.filter { meant.contains($0.area) }.map { UncomparedView($0, forms) }
            let all = views.map(GapLine.gap) + others.map(GapLine.uncompared)
            let (shown, more) = try cut.part(of: all) { $0.key }
            let open = views.count { !$0.isFollowedThrough }
            try invocation.print(
                .list(
                    "gaps/1", try selector.context(selection, reader), fields: GapView.fields, shown.map(\.json), more: more
                ) { page in
                    let facts: Facts = [
                        "date": .text(today.text), "n": .number(views.count), "open": .number(open),
                        "reopened": .number(views.count(where: \.isReopened)), "uncompared": .number(others.count),
                    ]
                    let heading: GapPhrases = !views.isEmpty ? .heading : others.isEmpty ? .none : .noneCompared
                    page.say(heading, facts)
                    let awaited = analysis.awaited.count { meant.contains($0.area) }
                    if awaited > 0 {
                        let counterpart = engagement.counterpartName.spoken(page.language.rawValue) ?? engagement.handle
                        page.say(GapPhrases.awaited, ["n": .number(awaited), "counterpart": .text(counterpart)])
                    }
                    for area in GapArea.allCases { Self.show(shown.filter { $0.area == area }, of: area, &page) }
                    if more != nil { page.say(GapPhrases.gapsCut, ["shown": .number(shown.count), "n": .number(all.count)]) }
                })
            return invocation.status(ofListWith: open + others.count)
        }
    }

    /// The areas that were typed, by an unambiguous beginning; all for none.
    private static func areas(_ typed: [String]) throws -> Set<GapArea> {
        guard !typed.isEmpty else { return Set(GapArea.allCases) }
        return Set(
            try typed.map { word in
                let meant = GapArea.allCases.filter { $0.rawValue.hasPrefix(word.lowercased()) }
                guard let only = meant.first, meant.count == 1 else {
                    throw CommandFailure(
                        .invalidValueOf,
                        [
                            "value": .text(word), "option": .text("AREA"),
                            "known": .text(GapArea.allCases.map(\.rawValue).joined(separator: ", ")),
                        ])
                }
                return only
            })
    }

    /// Of the rows without an answer so many are shown for people: a template of hundreds may have none.
    private static let mostRows = 5

    private static func show(_ lines: [GapLine], of area: GapArea, _ page: inout Page) {
        guard !lines.isEmpty else { return }
        page.blank()
        page.say(area.phrase, [:], .strong)
        let part = area == .responsibilities ? lines.prefix(mostRows) : lines[...]
        for line in part { line.show(&page) }
        if part.count < lines.count { page.say(GapPhrases.moreInArea, ["n": .number(lines.count - part.count)], indent: 2) }
    }
}

/// A gap, or what could not be compared.
private enum GapLine {
    case gap(GapView), uncompared(UncomparedView)

    var area: GapArea {
        switch self {
        case .gap(let view): view.gap.area
        case .uncompared(let view): view.uncompared.area
        }
    }

    var key: String {
        switch self {
        case .gap(let view): view.key
        case .uncompared(let view): view.key
        }
    }

    var json: JSONValue {
        switch self {
        case .gap(let view): view.json
        case .uncompared(let view): view.json
        }
    }

    func show(_ page: inout Page) {
        switch self {
        case .gap(let view): view.show(&page)
        case .uncompared(let view): view.show(&page)
        }
    }
}

extension GapArea {
    fileprivate var phrase: GapPhrases {
        switch self {
        case .backup: .backup
        case .jurisdictions: .jurisdictions
        case .monitoring: .monitoring
        case .responsibilities: .responsibilities
        }
    }
}
