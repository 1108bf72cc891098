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

/// Changes a record, or begins one: by `--set`, from a file, or in the editor.
struct EditCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "edit", abstract: CommandPhrases.edit.spoken)
    }

    @Argument(help: .spoken(.kind)) var kind: String
    @Argument(help: .spoken(.id)) var id: String?
    @Option(name: .customLong("set"), help: .spoken(.setField)) var settings: [String] = []
    @Option(name: .long, help: .spoken(.from)) var from: String?
    @Option(name: .long, help: .spoken(.gap)) var gap: String?
    @Flag(name: .long, help: .spoken(.sharedRecord)) var shared = false
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        if from != nil, !settings.isEmpty { throw CommandFailure(.optionsExclude, ["first": "--set", "second": "--from"]) }
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let name = try KindName.resolved(kind)
        guard let kind = SchemaRegistry.current.kind(name) else { throw CommandFailure(.unknownKind, ["kind": .text(name)]) }
        let selection =
            try id.map { id in try open.store.read { try selector.eitherOrNone(holding: [id], $0) } } ?? selector.eitherOrNone(for: kind)
        let (settings, held) = try settings(of: name, open, selector)
        let id = id ?? held
        let given =
            if let from { try TypedRecord(file: from, Self.text(of: from, invocation), kind) } else { try TypedRecord(settings, kind) }
        let reading = open.reading
        let (subject, words) = try open.store.read { reader in
            let found = try Addresses(selection, selector, reading, reader)
            return (
                try EditSubject.edited(kind, id, given: given.assignments, isShared: shared, found, selector, reading, reader), found.words
            )
        }
        let session = EditSession(open: open, subject: subject, words: words, selection: selection, selector: selector)
        if settings.isEmpty, from == nil { return try session.inEditor() }
        do {
            return try session.write(given, seen: .none)
        } catch let fault as RecordFault {
            guard let from, let mistake = given.place(of: fault) else { throw subject.failure(fault, words) }
            throw CommandFailure.inFile(from, line: mistake.line, field: mistake.field, mistake.reason)
        } catch let fault as TypedReferences.Fault {
            guard let from else { throw fault.failure }
            let mistake = given.place(of: fault)
            throw CommandFailure.inFile(from, line: mistake.line, field: mistake.field, mistake.reason)
        }
    }

    /// What was typed, and before it what a record of the kind says of the gap that was named: a field that was typed stands before that.
    /// With it the record that is there for the gap, where none was named.
    private func settings(of kind: String, _ open: OpenStore, _ selector: Selector) throws -> (settings: [String], held: String?) {
        guard let gap else { return (settings, nil) }
        if from != nil { throw CommandFailure(.optionsExclude, ["first": "--gap", "second": "--from"]) }
        let engagement = try selector.ownEngagement()
        func field(_ setting: String) -> String { String(setting.prefix { !"+-=".contains($0) }) }
        let typed = Set(settings.map(field))
        let (known, held) = try open.store.read { reader in
            try ReadGaps(engagement, on: open.invocation.today, selector, open.reading, reader)
                .settings(gap, of: kind, id: id, beside: typed)
        }
        // A text that was typed in one language leaves the other as it is told here.
        func isTyped(_ field: String) -> Bool { typed.contains(field) || typed.contains(String(field.prefix { $0 != "/" })) }
        return (known.filter { !isTyped(field($0)) } + settings, held)
    }

    private static let fileLimit = 1 << 20

    /// What a file holds, or standard input for `-`.
    static func text(of path: String, _ invocation: Invocation) throws -> String {
        guard path == "-" else { return try InputFile.text(try InputFile.bytes(path, limit: fileLimit), of: path) }
        guard let input = try invocation.console.input.everything(limit: fileLimit) else {
            throw CommandFailure(.fileTooLarge, ["file": "-", "size": "-", "limit": .number(fileLimit)])
        }
        return try InputFile.text(input, of: path)
    }
}
