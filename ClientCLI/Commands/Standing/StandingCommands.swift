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
        ListCommand.self, Soa.self, Review.self, EditCommand.self, DeleteCommand.self, UndoCommand.self, EraseCommand.self, LogCommand.self,
        FindCommand.self,
    ]
}

extension Buntan {
    static let standing: [any ParsableCommand.Type] = [
        Status.self, TodoCommand.self, Engagements.self, Conflicts.self, Resolve.self, Disputes.self, CheckCommand.self, GapsCommand.self,
        RulesCommand.self, TraceCommand.self, HereCommand.self,
    ]
}

struct Engagements: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "engagements", abstract: CommandPhrases.engagements.spoken)
    }
    @OptionGroup var day: DayOption
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let invocation = try invocation.answering(for: day)
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let (context, cards, items) = try open.store.read { reader in
            let names = ShortNames(reader)
            let cards = try selector.directory.engagements.map { try EngagementCard($0, selector, open.reading, naming: names, reader) }
            return (try selector.context(nil, reader), cards, try !invocation.printsItems ? [] : cards.map { try $0.json(names) })
        }
        try invocation.print(
            .list("engagements/1", context, fields: EngagementCard.fields, items) { page in
                guard !cards.isEmpty else { return page.say(EngagementPhrases.engagementsNone) }
                page.table(EngagementCard.table(cards, invocation, page.language))
                for card in cards { card.engagement.end?.handover?.say(&page, of: card.engagement) }
            })
        return invocation.status(ofListWith: cards.count)
    }
}
