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

/// Chooses among the values of a field, or over the life of a record that was deleted on one device and edited on another.
struct Resolve: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "resolve", abstract: CommandPhrases.resolve.spoken)
    }
    @Argument(help: .spoken(.id)) var address: String
    @Argument(help: .spoken(.field)) var field: String?
    @Option(help: .spoken(.take)) var take: Int?
    @Option(help: .spoken(.takeValue)) var value: String?
    @Flag(name: .customLong("edit"), help: .spoken(.editValue)) var opensEditor = false
    @Flag(help: .spoken(.deleteRecord)) var delete = false
    @Flag(help: .spoken(.restoreRecord)) var restore = false
    @Option(help: .spoken(.seen)) var seen: String?
    @OptionGroup var global: GlobalOptions

    /// What to write in place of the values.
    private enum Choice {
        case take(Int)
        case typed(String)
        case edited
        /// Whether the record lives on.
        case life(Bool)
    }

    private var isOnLife: Bool { delete || restore }

    /// What is chosen about: the field, or the record's life.
    private var subject: String { isOnLife ? CellKey.life.field : field ?? "" }

    func run(in invocation: Invocation) async throws -> CommandExit {
        let options: [(name: String, choice: Choice?)] = [
            ("--take", take.map(Choice.take)), ("--value", value.map(Choice.typed)), ("--edit", opensEditor ? .edited : nil),
            ("--delete", delete ? .life(false) : nil), ("--restore", restore ? .life(true) : nil),
        ]
        let asked = options.filter { $0.choice != nil }
        guard asked.count <= 1 else {
            throw CommandFailure(.optionsExclude, ["first": .text(asked[0].name), "second": .text(asked[1].name)])
        }
        let given = asked.compactMap(\.choice)
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let selection = try open.store.read { try selector.eitherOrNone(holding: [address], $0) } ?? selector.either()
        let conflict = try open.store.read { reader in
            let all = try selector.conflicts(of: selection, reader)
            do { return try find(all) } catch {
                // A name of nothing is told from one of something that is settled.
                if named(all).isEmpty { _ = try Addresses(selection, selector, open.reading, reader).find(address) }
                throw error
            }
        }
        guard !given.isEmpty || invocation.prompt.canAsk else { throw CommandFailure(.missingOptionValue, ["option": .text("--take")]) }
        if case .take(let number)? = given.first { try requireValue(number, of: conflict) }
        let wasShown = try showsUnseen(conflict, of: selection, open, invocation)
        let choice = try given.first ?? ask(conflict, invocation)
        // What was shown first is what one begins to write from.
        let written: String? =
            switch choice {
            case .take, .life: nil
            case .typed(let text): text
            case .edited: try invocation.editor.edit(Self.draft(conflict.cell), fileName: "value.txt")
            }
        let chosen = try chosen(choice, written, of: conflict, in: selection, selector, open)
        let field = SchemaRegistry.current.kind(conflict.kind)?.field(conflict.cell.key.field)
        let plain = ShownConflict.shown(chosen.encoded)
        let said =
            if case .enumeration? = field?.type {
                CodeLabels.shown(plain, of: field?.name, in: conflict.kind, invocation.language)
            } else { plain }
        if wasShown, !given.isEmpty, !opensEditor {
            let question: ConflictPhrases = delete ? .askDelete : restore ? .askRestore : .askTake
            guard try invocation.prompt.confirms(question, ["value": .text(said)]) else { throw CommandFailure(.declined) }
        }
        let workspace = try open.writing()
        // Between looking and writing, another process may have synced: what was shown is what is replaced.
        guard let committed = try open.store.write({ try replace(conflict, with: choice, chosen, workspace, $0) }) else {
            let now = try open.store.read { try selector.conflicts(of: selection, $0) }
            // Where nothing is in conflict there any more, there is nothing else to show than that it has changed.
            if let other = try? find(now) { try sayChanged(other, of: selection, open) }
            throw changed(conflict.seen)
        }
        let (context, change) = try open.written(committed.changes.last, selector, selection)
        let left = try open.store.read { try selector.conflicts(of: selection, $0).count }
        try invocation.print(
            .change("resolve/1", context, fields: ["change", "short", "left"], .written(change, ("left", .number(left)))) { page in
                page.say(
                    delete ? ConflictPhrases.resolvedDeleted : restore ? .resolvedRestored : .resolved,
                    ["id": change.shown, "field": .text(subject), "row": .text(conflict.name), "value": .text(said)])
                page.say(left > 0 ? ConflictPhrases.remaining : .allResolved, ["n": .number(left)])
                page.next(left > 0 ? "buntan conflicts" : change.sending ?? "buntan status")
            })
        return .done
    }

    private func changed(_ seen: String) -> CommandFailure {
        CommandFailure(
            .seenChanged, ["field": .text(subject), "row": .text(address), "seen": .text(seen)], next: "buntan conflicts")
    }

    /// Writes the choice; `nil` where other values stand now than were shown.
    private func replace(
        _ conflict: ShownConflict, with choice: Choice, _ value: Value, _ workspace: Workspace, _ transaction: any StoreWriter
    ) throws -> Committed? {
        if case .life(let lives) = choice {
            return try workspace.settleLife(
                of: conflict.record, in: conflict.space, restoring: lives, seen: conflict.heads.map(\.op).sorted(), transaction)
        }
        return try workspace.choose(value, among: conflict.cell, of: conflict.record, in: conflict.space, transaction)
    }

    /// The conflicts of what the address names.
    private func named(_ all: [ShownConflict]) -> [ShownConflict] {
        // A word that is no row may be the short id of a record.
        let rows = RowSelection(all.compactMap(\.row)).known([address])
        return all.filter { conflict in conflict.row.map { rows.contains($0) } ?? false || conflict.isNamed(address) }
    }

    private func find(_ all: [ShownConflict]) throws -> ShownConflict {
        let named = named(all)
        if !isOnLife, let life = named.first(where: \.isLife) {
            throw CommandFailure(.deletedAndEdited, ["record": .text(life.name)], next: "buntan conflicts \(address)")
        }
        if !isOnLife, field == nil {
            throw CommandFailure(
                .missingArgument, ["argument": "<field>"], next: "buntan conflicts \(address)",
                candidates: named.map { CommandFailure.Candidate(name: $0.cell.key.shown) })
        }
        if isOnLife, !named.contains(where: \.isLife) {
            throw CommandFailure(.lifeSettled, ["record": .text(named.first?.name ?? address)], next: "buntan conflicts")
        }
        let fields = [subject, subject.replacing(".", with: "/")]
        let found = named.filter { conflict in
            let key = conflict.cell.key
            return [
                key.shown, key.field, CodeLabels.field(key, in: conflict.kind, .ja), CodeLabels.field(key.field, in: conflict.kind, .ja),
            ]
            .contains { fields.contains($0) }
        }
        guard found.count == 1 else {
            if let kind = named.first.flatMap({ SchemaRegistry.current.kind($0.kind) }),
                !fields.contains(where: { kind.field($0.split(separator: "/").first.map(String.init) ?? $0) != nil })
            {
                throw CommandFailure(
                    .unknownFieldOfKind, ["kind": .text(kind.name), "field": .text(subject)], next: "buntan conflicts \(address)",
                    candidates: named.map { CommandFailure.Candidate(name: $0.cell.key.shown) })
            }
            throw CommandFailure(
                .notConflicting, ["row": .text(address), "field": .text(subject)], next: "buntan conflicts",
                candidates: found.map { CommandFailure.Candidate(name: $0.cell.key.shown) })
        }
        return found[0]
    }

    private func requireValue(_ number: Int, of conflict: ShownConflict) throws {
        guard (1...conflict.cell.heads.count).contains(number) else {
            throw CommandFailure(
                .noSuchValue,
                ["row": .text(address), "field": .text(subject), "number": .number(number), "count": .number(conflict.cell.heads.count)])
        }
    }

    /// Nothing is replaced that its user has not been shown: with `--seen` they have been, otherwise they are now.
    private func showsUnseen(
        _ conflict: ShownConflict, of selection: Selection, _ open: OpenStore, _ invocation: Invocation
    ) throws -> Bool {
        if let seen {
            guard !SeenMark.matches(seen, conflict.heads) else { return false }
            try sayChanged(conflict, of: selection, open)
            throw changed(seen)
        }
        guard invocation.prompt.canAsk else { throw CommandFailure(.seenMissing) }
        var page = Page(invocation.pageStyle)
        try show(conflict, of: selection, open, &page)
        // Standard output is the answer's alone where a program reads it.
        if invocation.mode == .human { try invocation.console.write(page.text) } else { invocation.console.complain(page.text) }
        return true
    }

    /// Shows what stands there now, with the command that takes it.
    private func sayChanged(_ conflict: ShownConflict, of selection: Selection, _ open: OpenStore) throws {
        var page = Page(open.invocation.pageStyle)
        page.say(ConflictPhrases.setChanged)
        try show(conflict, of: selection, open, &page)
        open.invocation.console.complain(page.text)
    }

    private func show(_ conflict: ShownConflict, of selection: Selection, _ open: OpenStore, _ page: inout Page) throws {
        try open.store.read { try ConflictView.all([conflict], of: selection, open.reading, $0).first }?.show(&page, open.invocation.times)
    }

    /// Which of the values, or another; an empty answer leaves them.
    private func ask(_ conflict: ShownConflict, _ invocation: Invocation) throws -> Choice {
        while true {
            let answer = try invocation.prompt.choice(ConflictPhrases.askWhich, flag: "--take")
            if answer.isEmpty { throw CommandFailure(.declined) }
            if ["e", "ｅ"].contains(answer.lowercased()) { return .edited }
            if let number = Int(answer), (1...conflict.cell.heads.count).contains(number) { return .take(number) }
        }
    }

    private static func draft(_ cell: Cell) -> String { cell.heads[0].value?.value.text ?? ShownConflict.shown(cell.heads[0].value) }

    /// The value taken or typed; what is typed is read by the field's type and vocabulary, as with `edit --set`.
    private func chosen(
        _ choice: Choice, _ written: String?, of conflict: ShownConflict, in selection: Selection, _ selector: Selector, _ open: OpenStore
    ) throws -> Value {
        let cell = conflict.cell
        if case .life(let lives) = choice { return .bool(lives) }
        if case .take(let number) = choice { return cell.heads[number - 1].value?.value ?? .null }
        guard var value = written else { return .null }
        // An editor ends its last line.
        if case .edited = choice, value.hasSuffix("\n") { value.removeLast() }
        return try open.store.read { reader in
            let found = try Addresses(selection, selector, open.reading, reader)
            do {
                let kind = SchemaRegistry.current.kind(conflict.kind)
                let known = kind?.field(cell.key.field)
                var meant = value
                // Whether a set holds a member is said in words of its own.
                if let kind, let known, known.merge != .set {
                    meant = try TypedReferences(open, selector).resolved(value, for: known, of: kind, found, reader)
                }
                return try RecordEditing.value(meant, of: known ?? Field(cell.key.field, .string))
            } catch let fault as RecordEditFault {
                let title = found.words.title(try reader.shown(conflict.record, in: conflict.space)) ?? conflict.name
                throw fault.failure(record: title, kind: conflict.kind, address: address)
            }
        }
    }
}
