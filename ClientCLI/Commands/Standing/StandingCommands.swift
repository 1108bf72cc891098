import ArgumentParser
import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Storage
import StorageSQLite
import Syncing
import Wording

extension Buntan {
    static let records: [any ParsableCommand.Type] = [
        ListCommand.self, EditCommand.self, DeleteCommand.self, UndoCommand.self, LogCommand.self, FindCommand.self,
    ]
}

extension Buntan {
    static let standing: [any ParsableCommand.Type] = [
        Status.self, TodoCommand.self, Engagements.self, Conflicts.self, Resolve.self, Disputes.self, HereCommand.self,
    ]
}

struct Engagements: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "engagements", abstract: CommandPhrases.engagements.spoken)
    }
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let engagements = selector.directory.engagements
        let (context, items) = try open.store.read { reader in
            let shorts = ShortNames(reader)
            let items = try invocation.mode == .human ? [] : engagements.map { try $0.json(shorts) }
            return (try selector.context(nil, reader), items)
        }
        let today = invocation.today
        try invocation.print(
            .list("engagements/1", context, fields: KnownEngagement.fields, items) { page in
                guard !engagements.isEmpty else { return page.say(EngagementPhrases.engagementsNone) }
                var table = Table(columns: [Column(title: ""), Column(title: ""), Column(title: ""), Column(title: "", fit: .wrapped)])
                table.hasHeads = false
                for engagement in engagements {
                    let confirmed = engagement.isConfirmed ? EngagementPhrases.isConfirmed : .notConfirmed
                    table.rows.append([
                        Span(engagement.handle), Span(confirmed.text(in: page.language)), Span(engagement.counterpart.fingerprint),
                        Span(engagement.end?.text(on: today, in: page.language) ?? ""),
                    ])
                }
                page.table(table)
            })
        return .done
    }
}
