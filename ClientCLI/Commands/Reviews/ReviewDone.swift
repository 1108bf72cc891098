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

/// Says that something which a review has decided is done.
struct ReviewDone: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "done", abstract: CommandPhrases.reviewDone.spoken)
    }

    @Argument(help: .spoken(.decision)) var id: String
    @Option(name: .long, help: .spoken(.doneOn)) var on: String?
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let today = invocation.today
        let day = try on.map { try ZonedDays.day(reading: $0) } ?? today
        guard day <= today else { throw CommandFailure(.dateOrder, ["from": .text(day.text), "to": .text(today.text)]) }
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        guard let home = try open.store.read({ try selector.directory.home($0) }) else { throw CommandFailure(.notEnrolled) }
        let workspace = try open.writing()
        let (action, name, committed) = try open.store.write { transaction -> (ManagementAction, BilingualText, Committed) in
            let (action, name) = try Self.action(id, on: today, open.reading, transaction)
            // What is done stays done on the day that was said; `undo` and `edit` say otherwise.
            var drafts: [RecordDraft] = []
            if action.done == nil, let record = action.record.record, let kind = try transaction.shown(record, in: home)?.kind {
                drafts = [RecordDraft(record: record, kind: kind, cells: [CellKey("doneOn"): .text(day.text)])]
            }
            return (action, name, try workspace.commit(drafts, in: home, transaction))
        }
        let doneOn = action.done ?? day
        let (context, change) = try open.written(committed.changes.last, selector, nil)
        let short = try open.store.read { reader in try action.record.record.map { try reader.shortID(of: .record($0)) } }
        let item = JSONValue.written(
            change, ("decision", .identified(action.record.text, short: short ?? "")), ("name", name.json),
            ("doneOn", .text(doneOn.text)))
        try invocation.print(
            .change("review-done/1", context, fields: ["change", "short", "decision", "name", "doneOn"], item) { page in
                page.say(
                    committed.isEmpty ? ReviewPhrases.doneAlready : .done,
                    ["id": change.shown, "date": .text(doneOn.text), "action": .text(name.text(in: page.language))])
                page.next("buntan todo")
            })
        return .done
    }

    /// The decision that was typed by the beginning of its id, and what it is called.
    private static func action(
        _ typed: String, on day: CalendarDate, _ workspace: Workspace, _ reader: any StoreReader
    ) throws -> (ManagementAction, BilingualText) {
        let (all, facts) = try workspace.managementActions(on: day, catalogue: try Catalogue.iso27017(), reader)
        let decisions = all.filter { $0.matter == .decision }
        let names = ShortIDs(decisions.compactMap { $0.record.record })
        func named(_ ids: [RecordID]) -> [CommandFailure.Candidate] {
            ids.compactMap { names.shortest($0) }.sorted().map { CommandFailure.Candidate(name: $0) }
        }
        switch names.find(typed) {
        case .one(let record):
            guard let action = decisions.first(where: { $0.record.record == record }) else { break }
            return (action, WordPrinter(facts, label: FindingView.label).text(action.name))
        case .several(let ids): throw CommandFailure(.ambiguousID, ["id": .text(typed)], candidates: named(ids))
        case .none(let nearest): throw CommandFailure(.unknownID, ["id": .text(typed)], next: "buntan todo", candidates: named(nearest))
        case .notAShortID: break
        }
        throw CommandFailure(.unknownID, ["id": .text(typed)], next: "buntan todo")
    }
}
