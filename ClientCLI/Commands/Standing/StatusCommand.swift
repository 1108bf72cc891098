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

/// Where an engagement or a service stands, and what to do next.
struct Status: ConsoleCommand {
    static var configuration: CommandConfiguration { CommandConfiguration(commandName: "status", abstract: CommandPhrases.status.spoken) }

    @Flag(name: .long, help: .spoken(.all)) var all = false
    @OptionGroup var day: DayOption
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let invocation = try invocation.answering(for: day)
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let chosen = all ? selector.everything : [try selector.either()]
        let workspace = open.reading
        let (views, context) = try open.store.read { reader in
            let names = all ? ShortNames(reader) : nil
            return (
                try chosen.map { try StandingView($0, selector, workspace, naming: names, reader) },
                all ? try selector.context(nil, reader) : nil
            )
        }
        let (now, times) = (invocation.console.now(), invocation.times)
        if all {
            try invocation.print(
                .list("standings/1", context, fields: StandingView.fields, views.map(\.json)) { page in
                    for (index, view) in views.enumerated() {
                        if index > 0 { page.blank() }
                        view.show(&page, now: now, times: times)
                    }
                    if views.isEmpty { page.say(StatusPhrases.nothingToDo) }
                })
        } else if let view = views.first {
            try invocation.print(
                .single("status/1", view.context, fields: StandingView.fields, view.json) { page in
                    view.show(&page, now: now, times: times)
                })
        }
        return .done
    }
}

extension Selector {
    /// Every engagement, and the services that stand alone: own ones, and those without an engagement here.
    var everything: [Selection] {
        let engaged = Set(directory.engagements.map(\.service))
        return directory.services.filter { $0.isOwn || !engaged.contains($0.service) }.map { .service($0) }
            + directory.engagements.map { .engagement($0) }
    }
}
