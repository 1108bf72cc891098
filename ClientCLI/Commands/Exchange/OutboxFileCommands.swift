import ArgumentParser
import BuntanProtocol
import Foundation
import Records
import Replica
import Storage
import StorageSQLite
import Wording

/// Writes changes that no server has taken to a file, for another device of the organisation.
struct OutboxExportCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "export", abstract: CommandPhrases.outboxExport.spoken)
    }

    @OptionGroup var global: GlobalOptions
    @Argument(help: .spoken(.file)) var file: String

    func run(in invocation: Invocation) async throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        let (package, count) = try open.store.read { reader in
            let items = try reader.outbox(of: nil)
            return (try open.reading.outboxPackage(items, reader), items.count)
        }
        guard count > 0 else {
            invocation.notice(SyncPhrases.outboxEmpty)
            return .done
        }
        let output = OutputFile(file, invocation)
        try output.write(package.encoded())
        guard output.path != nil else { return .done }
        let item: JSONValue = ["path": .text(file), "changes": .number(count)]
        try invocation.print(
            .change("outbox-export/1", nil, fields: ["path", "changes"], item) { page in
                page.say(SyncPhrases.outboxExported, ["n": .number(count), "path": .text(file)])
                page.say(SyncPhrases.outboxImportElsewhere)
                page.place(.elsewhere(2, "buntan outbox import \(file)"))
            })
        return .done
    }
}

/// Takes over changes of another device of the organisation: they are made anew here, signed by this device.
struct OutboxImportCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "import", abstract: CommandPhrases.outboxImport.spoken)
    }

    @OptionGroup var global: GlobalOptions
    @Argument(help: .spoken(.file)) var file: String

    func run(in invocation: Invocation) async throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        let package = try read()
        guard package.organisation == (try open.store.read { try $0.identity().organisation }) else {
            throw CommandFailure(.outboxOtherOrganisation, ["file": .text(file)], place: CommandFailure.Place(file: file))
        }
        var session = TakeoverSession(try open.writing())
        let outcomes = try package.changes.map { try session.take($0) }
        let taken = outcomes.count { if case .taken = $0 { true } else { false } }
        let known = outcomes.count { $0 == .known }
        let refusals = outcomes.compactMap { outcome -> Refusal? in if case .refused(let refusal) = outcome { refusal } else { nil } }
        let selector = try Selector(open)
        let context = try open.store.read { try selector.context(nil, $0) }
        let item: JSONValue = [
            "taken": .number(taken), "known": .number(known),
            "refused": .list(
                refusals.map { .members(("code", .text($0.code.rawValue)), ("detail", .text(orNull: $0.detail))) }),
        ]
        try invocation.print(
            .change("outbox-import/1", context, fields: ["taken", "known", "refused"], item) { page in
                page.say(SyncPhrases.outboxImported, ["n": .number(taken)])
                if known > 0 { page.say(SyncPhrases.outboxKnown, ["n": .number(known)]) }
                for refusal in refusals {
                    let reason = RefusalPhrases(rawValue: refusal.code.rawValue).map { Fact.word($0) } ?? .text(refusal.code.rawValue)
                    page.say(SyncPhrases.outboxNotTaken, ["reason": reason, "detail": .text(refusal.detail ?? "-")], .warning)
                }
                if taken > 0 { page.next("buntan sync") }
            })
        return refusals.isEmpty ? .done : .refused
    }

    private func read() throws -> OutboxPackage {
        let place = CommandFailure.Place(file: file)
        let bytes = try InputFile.bytes(file, limit: OutboxPackage.mostBytes)
        guard OutboxPackage.begins(bytes) else { throw CommandFailure(.fileNoOutbox, ["file": .text(file)], place: place) }
        do throws(DecodingFault) { return try OutboxPackage(decoding: bytes) } catch {
            throw CommandFailure(
                .fileDamaged, ["file": .text(file), "reason": .word(HelpPhrases.bytePlace, ["n": .number(error.offset)])], place: place)
        }
    }
}
