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

/// A field with several values of one's own devices.
struct ShownConflict: Sendable {
    let space: SpaceID
    let record: RecordID
    let kind: String
    let row: RowKey?
    let cell: Cell
    let authors: [Int: String]

    var seen: String { SeenMark.text(of: cell.heads) }
    var name: String { row?.shown ?? String(ShortID.letters(of: record).prefix(ShortID.leastLetters)) }

    /// Whether a word is the beginning of the record's short id.
    func isNamed(_ word: String) -> Bool {
        word.utf8.count >= ShortID.leastLetters && ShortID.letters(of: record).hasPrefix(word.lowercased())
    }

    /// The members of a conflict, in their order.
    static let fields = [
        "id", "short", "kind", "row.framework", "row.controlId", "row.itemKey", "field", "element", "before", "seen", "heads",
    ]

    /// Names the cell for good, for lists that go on.
    var key: String { "\(record.uuid)/\(cell.key.shown)" }

    func json(_ reader: any StoreReader) throws -> JSONValue {
        let forms = try HeadForms(space, reader)
        return .identified(
            record.uuid, by: record.bytes, ("kind", .text(kind)), ("row", row?.json), ("field", .text(cell.key.field)),
            ("element", .text(orNull: cell.key.elementText)), ("before", .value(try forms.before(cell, in: record))),
            ("seen", .text(seen)), ("heads", .list(try cell.heads.map { try forms.json($0, in: record) })))
    }

    static func shown(_ value: EncodedValue?) -> String {
        switch value?.value {
        case nil, .null?: "-"
        case .bool(let bool)?: bool ? "true" : "false"
        case .int(let int)?: String(int)
        case .text(let text)?: text
        case .bytes(let bytes)?: Hexadecimal.text(bytes)
        }
    }

    /// The conflicts of a space in which this organisation may write.
    static func all(in space: SpaceID, own: OrganisationID, _ reader: any StoreReader) throws -> [ShownConflict] {
        let chain = try reader.standing(of: space)?.rights
        var authors: [Int: String] = [:]
        for device in chain?.enrolledDevices ?? [] {
            guard let position = chain?.authorPosition(of: device) else { continue }
            authors[position] = chain?.organisation(of: device).flatMap { chain?.chain(of: $0) }?.devices[device]?.label
        }
        return try reader.conflicted(in: space).flatMap { brief -> [ShownConflict] in
            guard let state = try reader.shown(brief.id, in: space), state.creator == own else { return [] }
            return state.conflicts.map {
                ShownConflict(space: space, record: brief.id, kind: state.kind, row: RowKey(state), cell: $0, authors: authors)
            }
        }
    }
}

extension CellKey {
    var elementText: String? {
        switch element {
        case .code(let code)?: code
        case .id(let id)?: Hexadecimal.text(id)
        case nil: nil
        }
    }

    /// The field, with its language or element where there is one.
    var shown: String { elementText.map { "\(field)/\($0)" } ?? field }
}

extension Selector {
    /// The spaces in which the organisation writes when it works on this: its own records, notes among them, are part of it.
    func spaces(of selection: Selection, _ reader: any StoreReader) throws -> [SpaceID] {
        let spaces =
            switch selection {
            case .engagement(let engagement): [engagement.space]
            case .service(let service): [service.draft, service.service].compactMap { $0 }
            }
        return try spaces + (directory.home(reader).map { [$0] } ?? [])
    }

    /// All values of one's own devices that wait for a choice.
    func conflicts(of selection: Selection, _ reader: any StoreReader) throws -> [ShownConflict] {
        try spaces(of: selection, reader).flatMap { try ShownConflict.all(in: $0, own: directory.identity.organisation, reader) }
    }
}

struct Conflicts: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(abstract: CommandPhrases.conflicts.spoken)
    }
    @Argument(help: .spoken(.rows)) var addresses: [String] = []
    @OptionGroup var cut: CutOptions
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let selection = try selector.either()
        return try open.store.read { reader in
            let context = try selector.context(selection, reader)
            let all = try selector.conflicts(of: selection, reader)
            let (conflicts, more) = try cut.part(of: try Self.among(all, try invocation.addresses(addresses))) { $0.key }
            let views = try ConflictView.all(conflicts, of: selection, open.reading, reader)
            try invocation.print(
                .list("conflicts/1", context, fields: ShownConflict.fields, of: conflicts, more: more, form: { try $0.json(reader) }) {
                    page in
                    guard !conflicts.isEmpty else { return page.say(ConflictPhrases.none) }
                    page.say(
                        ConflictPhrases.heading,
                        ["fields": .number(conflicts.count), "rows": .number(Set(conflicts.map(\.record)).count)])
                    for view in views { view.show(&page, invocation.times) }
                })
            return invocation.status(ofListWith: conflicts.count)
        }
    }

    /// The conflicts in the rows and records that the words name; all of them for no word.
    private static func among(_ conflicts: [ShownConflict], _ words: [String]) throws -> [ShownConflict] {
        guard !words.isEmpty else { return conflicts }
        let others = words.filter { word in !conflicts.contains { $0.row == nil && $0.isNamed(word) } }
        let rows = others.isEmpty ? [] : Set(try RowSelection(conflicts.compactMap(\.row)).rows(others))
        return conflicts.filter { conflict in
            conflict.row.map { rows.contains($0) } ?? words.contains(where: conflict.isNamed)
        }
    }
}

struct Resolve: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(abstract: CommandPhrases.resolve.spoken)
    }
    @Argument(help: .spoken(.id)) var address: String
    @Argument(help: .spoken(.field)) var field: String
    @Option(help: .spoken(.take)) var take: Int?
    @Option(help: .spoken(.takeValue)) var value: String?
    @Flag(name: .customLong("edit"), help: .spoken(.editValue)) var opensEditor = false
    @Option(help: .spoken(.seen)) var seen: String?
    @OptionGroup var global: GlobalOptions

    /// What to write in place of the values.
    private enum Choice {
        case take(Int)
        case typed(String)
        case edited
    }

    func run(in invocation: Invocation) async throws -> CommandExit {
        let given = [take.map(Choice.take), value.map(Choice.typed), opensEditor ? .edited : nil].compactMap { $0 }
        let canAsk = invocation.console.inputIsTerminal && !invocation.options.noInput
        guard given.count == 1 || (given.isEmpty && canAsk) else {
            throw CommandFailure(.missingOptionValue, ["option": .text("--take")])
        }
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let selection = try selector.either()
        let conflict = try open.store.read { try find(selector.conflicts(of: selection, $0)) }
        if case .take(let number)? = given.first { try requireValue(number, of: conflict) }
        let wasShown = try showsUnseen(conflict, of: selection, open, invocation)
        let choice = try given.first ?? ask(conflict, invocation)
        // What was shown first is what one begins to write from.
        let written: String? =
            switch choice {
            case .take: nil
            case .typed(let text): text
            case .edited: try invocation.editor.edit(Self.draft(conflict.cell), fileName: "value.txt")
            }
        let chosen = try chosen(choice, written, of: conflict)
        if wasShown, !given.isEmpty, !opensEditor {
            let facts: Facts = ["value": .text(ShownConflict.shown(chosen.encoded))]
            guard try invocation.prompt.confirms(ConflictPhrases.askTake, facts) else { throw CommandFailure(.declined) }
        }
        let workspace = try open.writing()
        let committed = try open.store.write { transaction -> Committed in
            // Between looking and writing, another process may have synced: what was shown is what is replaced.
            guard let cell = try transaction.shown(conflict.record, in: conflict.space)?[conflict.cell.key],
                cell.heads.map(\.op) == conflict.cell.heads.map(\.op)
            else {
                throw CommandFailure(
                    .seenChanged, ["field": .text(field), "row": .text(address), "seen": .text(conflict.seen)], next: "buntan conflicts")
            }
            let edit = Edit(
                record: conflict.record, kind: conflict.kind,
                ops: [Op(cell: cell.key, predecessors: cell.heads.map(\.op))])
            return try workspace.commit([(edit, [chosen])], in: conflict.space, transaction)
        }
        let context = try open.store.read { try selector.context(selection, $0) }
        let left = try open.store.read { try selector.conflicts(of: selection, $0).count }
        let value = ShownConflict.shown(chosen.encoded)
        try invocation.print(
            .change(
                "resolve/1", context, fields: ["change", "short", "left"],
                .written(committed.changes.last, ("left", .number(left)))
            ) { page in
                page.say(
                    ConflictPhrases.resolved,
                    [
                        "id": .text(shortID(committed.changes.last)), "field": .text(field), "row": .text(conflict.name),
                        "value": .text(value),
                    ])
                page.say(left > 0 ? ConflictPhrases.remaining : .allResolved, ["n": .number(left)])
                page.next(left > 0 ? "buntan conflicts" : "buntan sync")
            })
        return .done
    }

    private func find(_ all: [ShownConflict]) throws -> ShownConflict {
        let rows = Set((try? RowSelection(all.compactMap(\.row)).rows([address])) ?? [])
        let found = all.filter { conflict in
            (conflict.row.map { rows.contains($0) } ?? false || conflict.isNamed(address))
                && [field, field.replacing(".", with: "/")].contains(where: {
                    $0 == conflict.cell.key.shown || $0 == conflict.cell.key.field
                })
        }
        guard found.count == 1 else {
            throw CommandFailure(
                .notConflicting, ["row": .text(address), "field": .text(field)], next: "buntan conflicts",
                candidates: found.map { CommandFailure.Candidate(name: $0.cell.key.shown) })
        }
        return found[0]
    }

    private func requireValue(_ number: Int, of conflict: ShownConflict) throws {
        guard (1...conflict.cell.heads.count).contains(number) else {
            throw CommandFailure(
                .noSuchValue,
                ["row": .text(address), "field": .text(field), "number": .number(number), "count": .number(conflict.cell.heads.count)])
        }
    }

    /// Nothing is replaced that its user has not been shown: with `--seen` they have been, otherwise they are now.
    private func showsUnseen(
        _ conflict: ShownConflict, of selection: Selection, _ open: OpenStore, _ invocation: Invocation
    ) throws -> Bool {
        if let seen {
            guard SeenMark.matches(seen, conflict.cell.heads) else {
                throw CommandFailure(
                    .seenChanged, ["field": .text(field), "row": .text(address), "seen": .text(seen)], next: "buntan conflicts")
            }
            return false
        }
        guard invocation.console.inputIsTerminal, !invocation.options.noInput else { throw CommandFailure(.seenMissing) }
        var page = Page(invocation.pageStyle)
        try open.store.read { try ConflictView.all([conflict], of: selection, open.reading, $0).first }?.show(&page, invocation.times)
        // Standard output is the answer's alone where a program reads it.
        if invocation.mode == .human { try invocation.console.write(page.text) } else { invocation.console.complain(page.text) }
        return true
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

    /// The value taken or typed; what is typed is read as the field's type, as with `edit --set`.
    private func chosen(_ choice: Choice, _ written: String?, of conflict: ShownConflict) throws -> Value {
        let cell = conflict.cell
        if case .take(let number) = choice { return cell.heads[number - 1].value?.value ?? .null }
        guard var value = written else { return .null }
        // An editor ends its last line.
        if case .edited = choice, value.hasSuffix("\n") { value.removeLast() }
        let known = SchemaRegistry.current.kind(conflict.kind)?.field(cell.key.field)
        let isMark = cell.key == .life || known?.merge == .set
        do { return try FieldValue.parse(value, as: isMark ? .bool : known?.type ?? .string) } catch {
            throw RecordEditFault.badValue(field: field, typed: value, error).failure(
                record: address, kind: conflict.kind, address: address)
        }
    }
}
