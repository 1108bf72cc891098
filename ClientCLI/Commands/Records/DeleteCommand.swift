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
        let message = try CommandFailure.reason(message)
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let selection = try open.store.read { try selector.eitherOrNone(holding: [id], $0) }
        let reading = open.reading
        let (subject, words, home) = try open.store.read { reader in
            let found = try Addresses(selection, selector, reading, reader)
            return (try EditSubject.named(id, found, selector, reading, reader), found.words, found.scope.home)
        }
        let workspace = try open.writing()
        let (committed, reason): (Committed, Committed?)
        do {
            (committed, reason) = try open.store.write { transaction in
                let reason = try Self.remark(message, on: subject, home, workspace, transaction)
                return (try workspace.delete(subject.target, transaction), reason)
            }
        } catch let fault as RecordFault { throw subject.failure(fault, words) }
        let (context, change) = try open.written(committed.changes.last, selector, selection)
        let why = try open.store.read { reader in try reason?.records.last.map { try reader.shortID(of: .record($0)) } }
        let naming = try open.store.read { reader -> [(kind: String, id: RecordID, short: String)] in
            let target = subject.target
            let spaces = Set([target.space, home].compactMap(\.self)).sorted()
            let found = try reading.records(naming: target.record, of: target.kind.name, in: spaces, reader)
            let shorts = try reader.shortIDs(of: Set(found.map { .record($0.id) }))
            return found.map { ($0.kind, $0.id, shorts[.record($0.id)] ?? $0.id.uuid) }
        }
        try invocation.print(
            .change(
                "delete/1", context, fields: ["change", "short", "id", "kind", "namedBy"],
                .written(
                    change, ("id", .text(subject.target.record.uuid)), ("kind", .text(subject.target.kind.name)),
                    (
                        "namedBy",
                        .list(
                            naming.map {
                                .members(("kind", .text($0.kind)), ("id", .text($0.id.uuid)), ("short", .text($0.short)))
                            })
                    ))
            ) { page in
                page.say(RowPhrases.deleted, ["id": change.shown, "record": .text(subject.title)])
                if let why {
                    let engagement = subject.engagement.flatMap { reason?.space == $0.space ? $0 : nil }
                    let counterpart = engagement.map { $0.counterpartName.spoken(invocation.language.rawValue) ?? $0.handle }
                    page.say(
                        counterpart == nil ? RowPhrases.deletedNoted : .deletedSaid,
                        ["reason": .text(why), "counterpart": .text(counterpart ?? "")])
                }
                if !naming.isEmpty {
                    page.say(RowPhrases.deletedNamed, ["n": .number(naming.count)], .warning)
                    for one in naming.prefix(Self.mostShown) {
                        let kind = Labels.kind(one.kind, page.language) ?? one.kind
                        page.place(.at(2, Span(kind)), .command(34, "buntan show \(one.short)"))
                    }
                }
                page.next(change.short.map { "buntan undo \($0)" } ?? "buntan log")
            })
        return .done
    }

    /// Of more records that name what is deleted, no more are shown.
    private static let mostShown = 10

    /// The reason stays beside the record: where both sides can read it if they share the record, else as a note.
    ///
    /// It goes first, so that the deletion is the newest change and `undo` alone brings the record back.
    private static func remark(
        _ message: String, on subject: EditSubject, _ home: SpaceID?, _ workspace: Workspace, _ transaction: any StoreWriter
    ) throws -> Committed? {
        if let engagement = subject.engagement, engagement.space == subject.target.space {
            return try workspace.commit([workspace.comment(on: subject.target.record, text: message)], in: engagement.space, transaction)
        } else if let home {
            return try workspace.commit([workspace.note(on: subject.target.record, text: message)], in: home, transaction)
        }
        return nil
    }
}
