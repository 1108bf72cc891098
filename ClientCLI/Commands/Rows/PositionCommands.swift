import ArgumentParser
import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Storage
import StorageSQLite
import Wording

struct Accept: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(abstract: CommandPhrases.accept.spoken)
    }
    @Argument(help: .spoken(.rows)) var addresses: [String] = []
    @Option(name: .customLong("where"), help: .spoken(.whereCondition)) var conditions: [String] = []
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        guard !addresses.isEmpty || !conditions.isEmpty else {
            throw CommandFailure(.missingArgument, ["argument": .text("ROW")])
        }
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let engagement = try selector.engagement()
        let conditions = try RowConditions(conditions)
        let reading = open.reading
        let rows = try open.store.read { try reading.rows(of: engagement, $0) }
        let wanted = Set(try RowSelection(rows.map(\.key)).rows(try invocation.addresses(addresses)))
        let chosen = rows.filter { wanted.contains($0.key) && conditions.hold(for: $0) }
        if chosen.count > 20 { try invocation.prompt.confirmsMany(chosen.count) }
        let workspace = try open.writing()
        let committed = try open.store.write { transaction in
            let drafts = try workspace.acceptances(of: chosen.map(\.key), in: engagement, transaction)
            return try workspace.commit(drafts, in: engagement.space, transaction)
        }
        let context = try open.store.read { try selector.context(.engagement(engagement), $0) }
        try invocation.print(
            .change(
                "accept/1", context, fields: ["change", "short", "rows"],
                .written(committed.changes.last, ("rows", .number(committed.records.count)))
            ) { page in
                guard !committed.isEmpty else { return page.say(EngagementPhrases.acceptNothing) }
                page.say(
                    EngagementPhrases.acceptedOther,
                    ["id": .text(shortID(committed.changes.last)), "rows": .number(committed.records.count)])
                page.next("buntan sync")
            })
        return .done
    }
}

struct Propose: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(abstract: CommandPhrases.propose.spoken)
    }
    @Argument(help: .spoken(.rows)) var addresses: [String]
    @Option(help: .spoken(.allocation)) var allocation: String?
    @Option(name: [.customShort("m"), .long], help: .spoken(.message)) var message: String?
    @Flag(help: .spoken(.withdraw)) var withdraw = false
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        guard withdraw != (allocation != nil) else { throw CommandFailure(.missingOptionValue, ["option": .text("--allocation")]) }
        if let allocation, !Vocabulary.allocation.contains(allocation) {
            throw CommandFailure(
                .invalidValueOf,
                [
                    "value": .text(allocation), "option": .text("--allocation"),
                    "known": .text(Vocabulary.allocation.joined(separator: ", ")),
                ])
        }
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let engagement = try selector.engagement()
        let reading = open.reading
        let rows = try open.store.read { try reading.rows(of: engagement, $0) }
        let wanted = Set(try RowSelection(rows.map(\.key)).rows(try invocation.addresses(addresses)))
        let chosen = rows.filter { wanted.contains($0.key) }
        if chosen.count > 20 { try invocation.prompt.confirmsMany(chosen.count) }
        let workspace = try open.writing()
        let committed = try open.store.write { transaction in
            var drafts: [RecordDraft] = []
            for row in chosen {
                let value: Value = allocation.map { .text($0) } ?? .null
                drafts.append(workspace.position(row.key, in: engagement, row: row, cells: [CellKey("allocation"): value]))
                if let message { drafts.append(workspace.comment(on: row.rowID, text: message)) }
            }
            return try workspace.commit(drafts, in: engagement.space, transaction)
        }
        let context = try open.store.read { try selector.context(.engagement(engagement), $0) }
        try invocation.print(
            .change(
                "propose/1", context, fields: ["change", "short", "rows"],
                .written(committed.changes.last, ("rows", .number(chosen.count)))
            ) { page in
                let facts: Facts = [
                    "id": .text(shortID(committed.changes.last)), "row": .text(chosen.first?.key.shown ?? ""),
                    "rows": .number(chosen.count),
                    "allocation": .text(allocation ?? ""),
                ]
                if withdraw {
                    page.say(engagement.side == .provider ? EngagementPhrases.proposalAsPublished : .proposalWithdrawn, facts)
                } else {
                    page.say(chosen.count == 1 ? EngagementPhrases.proposed : .proposedMany, facts)
                }
                page.next("buntan sync")
            })
        return .done
    }
}

struct Comment: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(abstract: CommandPhrases.comment.spoken)
    }
    @Argument(help: .spoken(.row)) var address: String
    @Argument(help: .spoken(.text)) var text: String?
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let engagement = try selector.engagement()
        let reading = open.reading
        let rows = try open.store.read { try reading.rows(of: engagement, $0) }
        let keys = try RowSelection(rows.map(\.key)).rows([address])
        let workspace = try open.writing()
        let text = try invocation.text(text, fileName: "comment.txt")
        let drafts = keys.map { workspace.comment(on: $0.responsibility(in: engagement.service), text: text) }
        let committed = try workspace.commit(drafts, in: engagement.space)
        let context = try open.store.read { try selector.context(.engagement(engagement), $0) }
        let language = invocation.language.rawValue
        try invocation.print(
            .change(
                "comment/1", context, fields: ["change", "short", "rows"],
                .written(committed.changes.last, ("rows", .list(keys.map(\.json))))
            ) { page in
                page.say(
                    EngagementPhrases.commented,
                    [
                        "id": .text(shortID(committed.changes.last)), "row": .text(keys.first?.shown ?? address),
                        "counterpart": .text(engagement.counterpartName.spoken(language) ?? engagement.handle),
                    ])
            })
        return .done
    }
}

struct Note: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(abstract: CommandPhrases.note.spoken)
    }
    @Argument(help: .spoken(.row)) var address: String
    @Argument(help: .spoken(.text)) var text: String?
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let selection = try selector.either()
        let reading = open.reading
        let rows = try open.store.read { try Matrix.rows(selection, reading, $0) }
        let keys = try RowSelection(rows.map(\.key)).rows([address])
        let service: SpaceID =
            switch selection {
            case .engagement(let engagement): engagement.service
            case .service(let service): service.service
            }
        let workspace = try open.writing()
        guard let home = try open.store.read({ try selector.directory.home($0) }) else { throw CommandFailure(.notEnrolled) }
        let text = try invocation.text(text, fileName: "note.txt")
        let committed = try workspace.commit(
            keys.map { workspace.note(on: $0.responsibility(in: service), text: text) }, in: home)
        let context = try open.store.read { try selector.context(selection, $0) }
        try invocation.print(
            .change(
                "note/1", context, fields: ["change", "short", "rows"],
                .written(committed.changes.last, ("rows", .list(keys.map(\.json))))
            ) { page in
                page.say(
                    EngagementPhrases.noted, ["id": .text(shortID(committed.changes.last)), "row": .text(keys.first?.shown ?? address)])
            })
        return .done
    }
}
