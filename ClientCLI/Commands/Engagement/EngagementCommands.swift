import ArgumentParser
import BuntanProtocol
import Foundation
import Records
import Replica
import Storage
import StorageSQLite
import Wording

extension Buntan {
    static let engagement: [any ParsableCommand.Type] = [EngagementCommand.self, AuditorsCommand.self, AuditorCommand.self]
}

/// Renames or ends an engagement.
struct EngagementCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "engagement", abstract: CommandPhrases.engagement.spoken,
            subcommands: [EngagementRename.self, EngagementEndCommand.self])
    }
}

/// Changes the handle of an engagement in this store; nobody else sees it.
struct EngagementRename: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "rename", abstract: CommandPhrases.engagementRename.spoken)
    }

    @OptionGroup var global: GlobalOptions
    @Argument(help: .spoken(.name)) var name: String
    @Argument(help: .spoken(.newName)) var new: String

    func run(in invocation: Invocation) async throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let engagement = try selector.engagement(named: name)
        guard let handle = StoreDirectory.handle(typed: new) else {
            throw CommandFailure(.invalidValue, ["value": .text(new), "option": "NEW"])
        }
        if handle != engagement.handle, selector.holds(handle) {
            throw CommandFailure(.nameTaken, ["name": .text(handle)])
        }
        try open.store.write { transaction in
            try transaction.setValue(Array(handle.utf8), for: StoredName.handle(engagement.space))
            // What was chosen stays chosen.
            for name in [Selector.storedName, Selector.storedBefore]
            where try transaction.value(name).map({ String(decoding: $0, as: UTF8.self) }) == engagement.handle {
                try transaction.setValue(Array(handle.utf8), for: name)
            }
        }
        let renamed = try Selector(open)
        let (context, short) = try open.store.read { reader in
            (
                try renamed.context(.engagement(try renamed.engagement(named: handle)), reader),
                try reader.shortID(of: .space(engagement.space))
            )
        }
        let item: JSONValue = .identified(
            engagement.space.hex, short: short, ("handle", .text(handle)),
            ("before", .text(engagement.handle)))
        try invocation.print(
            .change("engagement-rename/1", context, fields: ["id", "short", "handle", "before"], item) { page in
                page.say(
                    EngagementPhrases.renamed, ["id": .text(short), "old": .text(engagement.handle), "new": .text(handle)])
                page.next("buntan status -e \(handle)")
            })
        return .done
    }
}

/// Ends an engagement on a day: it stays here to be read and exported.
struct EngagementEndCommand: NetworkCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "end", abstract: CommandPhrases.engagementEnd.spoken)
    }

    @OptionGroup var global: GlobalOptions
    @OptionGroup var network: NetworkOptions
    @Argument(help: .spoken(.name)) var name: String
    @Option(help: .spoken(.on)) var on: String?
    @Option(name: [.customShort("m"), .long], help: .spoken(.message)) var message: String?

    func run(in invocation: Invocation) async throws -> CommandExit {
        let message = try CommandFailure.reason(message)
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let engagement = try selector.requireParty(of: selector.engagement(named: name))
        try Selector.requireWhole(name, of: engagement.handle, or: engagement.counterpartName) { "buntan engagement end \($0) -m WHY" }
        let (today, day) = (invocation.today, try invocation.dayToCome(on))
        if let end = engagement.end, end.isClosed { throw CommandFailure(.engagementEnded, ["date": .text(end.day ?? today.text)]) }
        let counterpart = engagement.counterpartName.spoken(invocation.language.rawValue) ?? engagement.handle
        guard
            try invocation.prompt.confirms(
                EngagementPhrases.endQuestion, ["counterpart": .text(counterpart), "date": .text(day.text)])
        else { throw CommandFailure(.declined) }

        let workspace = try open.writing()
        let committed = try workspace.end(engagement, on: day.text, reason: message)
        // The provider's word closes the service: it is signed now if the day has come, else by the first sync on that day.
        do { _ = try await SyncRun(open, invocation.settings.applying(network)).run(workspace) } catch {
            try sayKept(committed, engagement, day.text, counterpart, selector, open)
            throw error
        }
        let after = try Selector(open)
        let ended = after.directory.engagements.first { $0.space == engagement.space }
        let isClosed = ended?.end?.isClosed ?? false
        // The earliest day that a side has named is the one that holds.
        let last = ended?.end?.day ?? day.text
        let (context, change) = try open.written(committed.changes.last, after, ended.map { .engagement($0) })
        let item: JSONValue = .written(
            change, ("id", .text(engagement.space.hex)), ("handle", .text(engagement.handle)), ("endsOn", .text(day.text)),
            ("message", .text(message)), ("isClosed", .bool(isClosed)))
        try invocation.print(
            .change(
                "engagement-end/1", context, fields: ["change", "short", "id", "handle", "endsOn", "message", "isClosed"], item
            ) { page in
                page.say(
                    EngagementPhrases.ended,
                    ["id": change.shown, "name": .text(engagement.handle), "date": .text(last)])
                if last != day.text {
                    page.say(EngagementPhrases.endsEarlier, ["counterpart": .text(counterpart), "said": .text(day.text)])
                }
                if engagement.side == .customer {
                    page.say(EngagementPhrases.endedByCustomer, ["counterpart": .text(counterpart)])
                } else if !isClosed, day > today {
                    page.say(EngagementPhrases.closesLater, ["date": .text(day.text)])
                }
                page.next("buntan export json -e \(engagement.handle) -o FILE")
            })
        return .done
    }

    /// Says that the end is written though it could not be sent, so that nobody says it a second time.
    private func sayKept(
        _ committed: Committed, _ engagement: KnownEngagement, _ day: String, _ counterpart: String, _ selector: Selector, _ open: OpenStore
    ) throws {
        let (_, change) = try open.written(committed.changes.last, selector, nil)
        guard change.sending != nil else { return }
        open.invocation.notice(
            EngagementPhrases.endKept,
            ["id": change.shown, "name": .text(engagement.handle), "date": .text(day), "counterpart": .text(counterpart)])
    }
}
