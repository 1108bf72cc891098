import ArgumentParser
import BuntanProtocol
import ChangeLog
import Foundation
import Merging
import Records
import Replica
import Storage
import StorageSQLite
import Syncing
import Wording

/// What `buntan` alone prints, in ten lines: where one stands, or how to begin, and the commands used most.
struct HereCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "here", abstract: CommandPhrases.root.spoken, shouldDisplay: false)
    }

    @OptionGroup var global: GlobalOptions

    static let lines = 10
    static let fields = ["path", "hasStore", "current", "rows", "release", "pending", "next", "standings"]

    func run(in invocation: Invocation) async throws -> CommandExit {
        let layout = StoreLayout(folder: invocation.storePath)
        guard layout.exists else {
            let item: JSONValue = ["path": .text(layout.folder), "hasStore": false]
            try invocation.print(
                .single("here/1", nil, fields: Self.fields, item) { page in
                    guard !layout.waitsForEnrolment else {
                        page.say(StatusPhrases.deviceWaits, ["path": .text(layout.folder)])
                        return page.next(layout.beginning)
                    }
                    page.say(StatusPhrases.noStore, ["path": .text(layout.folder)])
                    for (command, phrase) in Self.beginnings { Self.line(command, phrase.text(in: page.language), &page) }
                    Self.often(&page)
                })
            return .done
        }
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        // Several and none chosen is no error here: all are told of.
        let selection = selector.directory.services.isEmpty && selector.directory.engagements.isEmpty ? nil : try? selector.either()
        let (view, several, ended) = try open.store.read { reader in
            let names = selection == nil ? ShortNames(reader) : nil
            func standing(_ selection: Selection) throws -> StandingView {
                try StandingView(selection, selector, open.reading, naming: names, reader)
            }
            return (
                try selection.map(standing), try selection == nil ? selector.everything.map(standing) : [],
                try EndedDevice(open.reading, times: invocation.times, reader)
            )
        }
        let overview = StandingOverview(several, now: invocation.console.now(), times: invocation.times)
        let item: JSONValue = [
            "path": .text(layout.folder), "hasStore": true, "current": .text(orNull: selection?.handle),
            "rows": view.map { .number($0.rows) } ?? .null, "release": .text(orNull: view?.standing.release),
            "pending": view.map { .number($0.pending) } ?? .null, "next": .text(orNull: view?.next ?? overview.next),
            "standings": overview.json,
        ]
        try invocation.print(
            .single("here/1", view?.context, fields: Self.fields, item) { page in
                if let view {
                    view.heading(&page, times: invocation.times)
                    page.line(Span(view.summary(page.language, now: invocation.console.now(), times: invocation.times)))
                    let counts = (view.stateLines + view.listLines).map { "\($0.label.text(in: page.language)) \($0.count)" }
                    if !counts.isEmpty { page.line(Span(counts.joined(separator: ", "))) }
                    if let next = view.next {
                        page.next(next)
                    } else if view.ended == nil {
                        page.say(StatusPhrases.nothingToDo)
                    }
                } else {
                    if let ended { page.say(ended.phrase, ended.facts, .bad) }
                    Self.unchosen(selector, overview, &page)
                }
                Self.often(&page, isChosen: several.isEmpty)
            })
        return .done
    }

    private static func unchosen(_ selector: Selector, _ overview: StandingOverview, _ page: inout Page) {
        let directory = selector.directory
        page.say(
            StatusPhrases.organisation, ["own": .text(directory.ownName.spoken(page.language.rawValue) ?? "-")], .strong)
        guard !overview.views.isEmpty else {
            page.say(StatusPhrases.nothingToDo)
            line("buntan service add NAME", CommandPhrases.serviceAdd.text(in: page.language), &page)
            return line("buntan join CODE", StatusPhrases.beginJoin.text(in: page.language), &page)
        }
        overview.show(&page)
    }

    static let beginnings: [(String, StatusPhrases)] = [
        ("buntan init --org NAME", .beginInit), ("buntan join CODE", .beginJoinAfter), ("buntan store restore FILE", .beginRestore),
    ]

    private static let commands: [(String, CommandPhrases)] = [
        ("buntan status", .status), ("buntan matrix", .matrix), ("buntan sync", .sync), ("buntan todo", .todo), ("buntan show ROW", .show),
        ("buntan log", .log), ("buntan help", .help),
    ]

    /// As many of the commands used most as leave ten lines in all; where nothing is chosen, that which chooses first.
    private static func often(_ page: inout Page, isChosen: Bool = true) {
        page.blank()
        page.say(StatusPhrases.oftenUsed)
        let known = isChosen ? commands : [("buntan use NAME", .use), ("buntan status --all", .status)] + commands.dropFirst(2)
        for (command, phrase) in known.prefix(max(0, lines - page.lines.count)) {
            line(command, phrase.text(in: page.language), &page)
        }
    }

    private static func line(_ command: String, _ words: String, _ page: inout Page) {
        page.place(.at(2, Span(page.style.command(command), .strong)), .at(30, Span(words)))
    }
}
