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

/// Marks a record deleted; `undo` brings it back.
struct DeleteCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "delete", abstract: CommandPhrases.delete.spoken)
    }

    @Argument(help: .spoken(.id)) var id: String
    @Option(name: [.customShort("m"), .long], help: .spoken(.message)) var message: String?
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        guard let message, !message.allSatisfy(\.isWhitespace) else { throw CommandFailure(.reasonMissing) }
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let selection = try selector.eitherOrNone()
        let reading = open.reading
        let (subject, words, home) = try open.store.read { reader in
            let found = try Addresses(selection, selector, reading, reader)
            return (try EditSubject.named(id, found, selector, reading, reader), found.words, found.scope.home)
        }
        let workspace = try open.writing()
        let committed: Committed
        do {
            committed = try open.store.write { transaction in
                try Self.remark(message, on: subject, home, workspace, transaction)
                return try workspace.delete(subject.target, transaction)
            }
        } catch let fault as RecordFault { throw subject.failure(fault, words) }
        let (context, short) = try open.store.read { reader in
            (try selector.context(selection, reader), try committed.changes.last.map { try StoreIndex(reader).short($0) })
        }
        try invocation.print(
            .change(
                "delete/1", context, fields: ["change", "short", "id", "kind"],
                .members(
                    ("change", .text(orNull: committed.changes.last?.hex)), ("short", .text(orNull: short)),
                    ("id", .text(subject.target.record.uuid)), ("kind", .text(subject.target.kind.name)))
            ) { page in
                page.say(RowPhrases.deleted, ["id": .text(short ?? "-"), "record": .text(subject.title)])
                page.next(short.map { "buntan undo \($0)" } ?? "buntan log")
            })
        return .done
    }

    /// The reason stays beside the record: where both sides can read it if they share the record, else as a note.
    ///
    /// It goes first, so that the deletion is the newest change and `undo` alone brings the record back.
    private static func remark(
        _ message: String, on subject: EditSubject, _ home: SpaceID?, _ workspace: Workspace, _ transaction: any StoreWriter
    ) throws {
        if let engagement = subject.engagement, engagement.space == subject.target.space {
            _ = try workspace.commit([workspace.comment(on: subject.target.record, text: message)], in: engagement.space, transaction)
        } else if let home {
            _ = try workspace.commit([workspace.note(on: subject.target.record, text: message)], in: home, transaction)
        }
    }
}

/// Brings back the values before an own change.
struct UndoCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "undo", abstract: CommandPhrases.undo.spoken)
    }

    @Argument(help: .spoken(.change)) var change: String?
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let selection = try selector.eitherOrNone()
        let reading = open.reading
        let (found, words) = try open.store.read { reader -> (RecordedChange?, RecordWords) in
            let addresses = try Addresses(selection, selector, reading, reader)
            guard let change else { return (try reading.newestOwnChange(in: addresses.scope.spaces, reader), addresses.words) }
            guard case .change(let space, let id) = try addresses.record(change) else {
                throw CommandFailure(.unknownID, ["id": .text(change)], next: "buntan log")
            }
            return (try SpaceHistory(space, reader)?.change(id), addresses.words)
        }
        guard let found else {
            try invocation.print(.change("undo/1", nil, fields: ["change"], ["change": nil]) { $0.say(RowPhrases.undoNothing) })
            return .done
        }
        let short = words.index.short(found.id)
        // What cannot be done is said before a passphrase is asked for.
        do {
            let plan = try open.store.read { try reading.undoPlan(for: found, $0) }
            if plan.restored > 20 { try invocation.prompt.confirmsMany(Set(plan.edits.map(\.edit.record)).count) }
        } catch let fault as UndoFault { throw Self.failure(fault, short) }
        let workspace = try open.writing()
        let undone: Undone
        do { undone = try open.store.write { try workspace.undo(found, $0) } } catch let fault as UndoFault {
            throw Self.failure(fault, short)
        }
        try report(undone, of: short, words, selector, selection, open)
        return .done
    }

    private func report(
        _ undone: Undone, of short: String, _ words: RecordWords, _ selector: Selector, _ selection: Selection?, _ open: OpenStore
    ) throws {
        let made = undone.committed?.changes.last
        let (context, id, left, hasServer) = try open.store.read { reader in
            (
                try selector.context(selection, reader), try made.map { try StoreIndex(reader).short($0) } ?? "-",
                try undone.plan.left.map { left in
                    (
                        left: left,
                        title: words.title(try reader.shown(left.record, in: undone.change.space)) ?? words.index.short(left.record)
                    )
                }, try reader.knownServer() != nil
            )
        }
        try open.invocation.print(
            .change(
                "undo/1", context, fields: ["change", "short", "undone", "restored", "left"],
                .members(
                    ("change", .text(orNull: made?.hex)), ("short", .text(id)), ("undone", .text(undone.change.id.hex)),
                    ("restored", .number(undone.plan.restored)),
                    (
                        "left",
                        .list(
                            left.map { item in
                                [
                                    "id": .text(item.left.record.uuid), "short": .text(words.index.short(item.left.record)),
                                    "field": .text(item.left.cell.field), "element": .text(orNull: item.left.cell.elementText),
                                    "reason": .text(item.left.obstacle.rawValue.kebabCase),
                                ]
                            })
                    ))
            ) { page in
                page.say(RowPhrases.undone, ["id": .text(id), "change": .text(short), "fields": .number(undone.plan.restored)])
                if !left.isEmpty {
                    page.say(RowPhrases.undoBlocked, ["fields": .number(left.count)], .warning)
                    for item in left.prefix(5) {
                        page.say(
                            RecordPhrases.undoLeft, ["record": .text(item.title), "field": .text(item.left.cell.shown)], indent: 2)
                    }
                    if left.count > 5 { page.say(RecordPhrases.moreFields, ["n": .number(left.count - 5)], indent: 2) }
                }
                page.next(hasServer ? "buntan sync" : "buntan log")
            })
    }

    private static func failure(_ fault: UndoFault, _ short: String) -> CommandFailure {
        switch fault {
        case .unknown: CommandFailure(.unknownID, ["id": .text(short)], next: "buntan log")
        case .notOwn: CommandFailure(.undoNotOwn, ["change": .text(short)])
        case .blocked(_, let cells):
            CommandFailure(.undoBlocked, ["change": .text(short), "n": .number(cells)], next: "buntan show \(short)")
        case .nothing: CommandFailure(.undoNotOwn, ["change": .text(short)])
        }
    }
}
