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
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        if from != nil, !settings.isEmpty { throw CommandFailure(.optionsExclude, ["first": "--set", "second": "--from"]) }
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let selection = try id.map { id in try open.store.read { try selector.eitherOrNone(holding: [id], $0) } } ?? selector.eitherOrNone()
        let name = try KindName.resolved(kind)
        guard let kind = SchemaRegistry.current.kind(name) else { throw CommandFailure(.unknownKind, ["kind": .text(name)]) }
        let file = try from.map { try Self.read($0, invocation) }
        let typed = try settings.map { text in
            guard let assignment = FieldAssignment(typed: text) else {
                throw CommandFailure(.invalidSet, ["value": .text(text)])
            }
            return assignment
        }
        let given = (file?.assignments ?? typed).map { $0.named { CodeLabels.fieldName($0, of: kind) } }
        let reading = open.reading
        let (subject, words) = try open.store.read { reader in
            let found = try Addresses(selection, selector, reading, reader)
            return (try EditSubject.edited(kind, id, given: given, found, selector, reading, reader), found.words)
        }
        let session = EditSession(open: open, subject: subject, words: words, selection: selection, selector: selector)
        if settings.isEmpty, from == nil { return try session.inEditor() }
        let assignments = try open.store.read { reader in
            try session.resolved(given, try Addresses(selection, selector, reading, reader))
        }
        do {
            return try session.write(assignments, seen: .none)
        } catch let fault as RecordFault {
            guard let from, let file, case .edit(_, let kind, let edit) = fault else { throw subject.failure(fault, words) }
            throw Self.inputFailure(
                from, line: file.lines[edit.field.split(separator: "/").first.map(String.init) ?? ""] ?? 1, edit.reason(kind: kind))
        }
    }

    private static let fileLimit = 1 << 20

    private static func read(_ path: String, _ invocation: Invocation) throws -> RecordForm.Reading {
        let bytes: [UInt8]
        if path == "-" {
            guard let input = try invocation.console.input.everything(limit: fileLimit) else {
                throw CommandFailure(.fileTooLarge, ["file": "-", "size": "-", "limit": .number(fileLimit)])
            }
            bytes = input
        } else {
            bytes = try InputFile.bytes(path, limit: fileLimit)
        }
        let text = try InputFile.text(bytes, of: path)
        do { return try RecordForm.read(text) } catch { throw inputFailure(path, line: error.line, error.reason) }
    }

    /// A file that cannot be taken: exit status 6, with the line.
    private static func inputFailure(_ path: String, line: Int, _ reason: Fact) -> CommandFailure {
        CommandFailure(
            .fileCell, ["place": .word(HelpPhrases.linePlace, ["file": .text(path), "row": .number(line)]), "reason": reason],
            place: CommandFailure.Place(file: path, row: line))
    }
}

/// One edit of one record, from what was typed to the line that tells what changed.
struct EditSession {
    let open: OpenStore
    let subject: EditSubject
    let words: RecordWords
    let selection: Selection?
    let selector: Selector

    private var invocation: Invocation { open.invocation }

    /// Rows and short ids where a field refers to a record, as full ids.
    func resolved(_ assignments: [FieldAssignment], _ found: Addresses) throws -> [FieldAssignment] {
        try assignments.map { assignment in
            guard let field = subject.target.kind.field(assignment.field) else { return assignment }
            if case .enumeration = field.type { return assignment.mapped { CodeLabels.typed($0, as: field.type) } }
            guard field.type == .record else { return assignment }
            func id(_ text: String) throws -> String {
                if text.isEmpty || RecordID(uuid: text) != nil { return text }
                switch try found.record(text) {
                case .row(let row): return row.rowID.uuid
                case .record(_, let record): return record.uuid
                // Whoever holds the service finds it again by the record that says what it is.
                case .service(let service) where field.name == "upstreamServiceId": return KnownService.record(in: service.service).uuid
                case .engagement(let engagement) where field.name == "upstreamServiceId":
                    return KnownService.record(in: engagement.service).uuid
                case .change, .device, .service, .engagement, .invitation: return text
                }
            }
            return try assignment.mapped(id)
        }
    }

    func write(_ assignments: [FieldAssignment], seen: RecordState??) throws -> CommandExit {
        let workspace = try open.writing()
        let edited = try open.store.write {
            try workspace.edit(
                subject.target, assignments, key: subject.key, seen: seen, engagement: subject.engagement, $0)
        }
        return try tell(edited)
    }

    /// Says what was written; nothing for a record of which nothing was.
    private func tell(_ edited: Edited?) throws -> CommandExit {
        let change = edited?.committed.changes.last
        let target = subject.target
        let (context, short, publishing, sending) = try open.store.read { reader in
            (
                try selector.context(selection, reader), try change.map { try StoreIndex(reader).short($0) },
                try selector.directory.publishing(target.space, reader), try open.sending(reader)
            )
        }
        try invocation.print(
            .change(
                "edit/1", context, fields: ["change", "short", "id", "kind", "isNew", "fields"],
                .members(
                    ("change", .text(orNull: change?.hex)), ("short", .text(orNull: short)),
                    ("id", .text(target.record.uuid)), ("kind", .text(target.kind.name)), ("isNew", .bool(edited?.isNew ?? false)),
                    ("fields", .list((edited?.cells ?? []).map { .text($0.shown) })))
            ) { page in
                guard let short, let edited else { return page.say(RowPhrases.nothingChanged) }
                let facts: Facts = [
                    "id": .text(short), "row": .text(subject.title), "kind": .text(target.kind.name),
                    "field": .text(edited.cells.first?.shown ?? "-"), "fields": .number(edited.cells.count), "rows": .number(1),
                ]
                // What is new and has no name of its own is its kind alone.
                let isNamed = subject.title != target.kind.name
                page.say(
                    edited.isNew ? (isNamed ? RowPhrases.createdNamed : .created) : edited.cells.count == 1 ? .changed : .changedMany, facts
                )
                page.next(publishing ?? sending ?? "buntan show \(subject.address)")
            })
        return .done
    }

    // MARK: the editor

    /// Lets the person fill in the form, again and again until it can be taken or is given up.
    func inEditor() throws -> CommandExit {
        let form = RecordForm(target: subject.target, title: subject.title, language: invocation.language)
        var text = form.text
        let fileName = "\(subject.target.kind.name).yaml"
        while true {
            text = try invocation.editor.edit(text, fileName: fileName)
            // A form that came back as it was says nothing, not even that a new record is wanted.
            if text == form.text { return try tell(nil) }
            let problem: CommandFailure
            do {
                let reading = try RecordForm.read(text)
                do {
                    let assignments = try open.store.read { reader in
                        try resolved(reading.assignments, try Addresses(selection, selector, open.reading, reader))
                    }
                    return try write(assignments, seen: .some(subject.target.state))
                } catch RecordFault.edit(_, let kind, let fault) {
                    problem = mistake(
                        reading.lines[fault.field.split(separator: "/").first.map(String.init) ?? ""] ?? 1, fault.reason(kind: kind))
                } catch let fault as RecordFault {
                    // What stands there now has not been shown: the form is kept, and begun anew by whoever wants to.
                    throw try kept(text, subject.failure(fault, words))
                }
            } catch let error as RecordForm.Mistake {
                problem = mistake(error.line, error.reason)
            }
            guard invocation.prompt.canAskAgain else { throw try kept(text, problem) }
            invocation.console.complain(problem.text(in: invocation.language))
            let answer = try invocation.prompt.choice(PromptPhrases.pressReturn, flag: "--set")
            if answer.lowercased().hasPrefix("q") { throw try kept(text, CommandFailure(.declined)) }
        }
    }

    private func mistake(_ line: Int, _ reason: Fact) -> CommandFailure {
        CommandFailure(.formMistake, ["line": .number(line), "reason": reason])
    }

    /// Keeps what somebody typed where `--from` finds it, and says so beside the reason.
    private func kept(_ text: String, _ failure: CommandFailure) throws -> CommandFailure {
        let directory = invocation.directories.state + "/forms"
        let path = directory + "/\(subject.target.kind.name)-\(words.index.short(subject.target.record)).yaml"
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch { throw CommandFailure(.cannotWrite, ["path": .text(path), "reason": .text(SystemReason.of(error))]) }
        invocation.console.complain(CommandFailure(.formKept, ["path": .text(path)]).text(in: invocation.language))
        return failure
    }
}

extension Prompt {
    /// Whether a person is there who can be asked for another try.
    var canAskAgain: Bool { mayAsk && console.inputIsTerminal }
}

extension FieldAssignment {
    /// The same about the field that something makes of its name.
    fileprivate func named(_ transform: (String) -> String) -> FieldAssignment {
        FieldAssignment(field: transform(field), element: element, content: content)
    }

    /// The same with every value, or every member of a list, as something makes of it.
    fileprivate func mapped(_ transform: (String) throws -> String) rethrows -> FieldAssignment {
        let content: Content =
            switch content {
            case .value(let text): .value(try Self.list(text).map(transform).joined(separator: ","))
            case .members(let texts): .members(try texts.map(transform))
            case .adding(let texts): .adding(try texts.map(transform))
            case .removing(let texts): .removing(try texts.map(transform))
            }
        return FieldAssignment(field: field, element: element, content: content)
    }
}
