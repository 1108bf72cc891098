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
    /// The spaces whose conflicts concern what the command works on.
    func spaces(of selection: Selection) -> [SpaceID] {
        switch selection {
        case .engagement(let engagement): [engagement.space]
        case .service(let service): [service.draft, service.service].compactMap { $0 }
        }
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
            let own = selector.directory.identity.organisation
            let all = try selector.spaces(of: selection).flatMap { try ShownConflict.all(in: $0, own: own, reader) }
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

    /// The conflicts in the rows that the words name; all of them for no word.
    private static func among(_ conflicts: [ShownConflict], _ words: [String]) throws -> [ShownConflict] {
        guard !words.isEmpty else { return conflicts }
        let rows = Set(try RowSelection(conflicts.compactMap(\.row)).rows(words))
        return conflicts.filter { conflict in conflict.row.map { rows.contains($0) } ?? false }
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

    func run(in invocation: Invocation) async throws -> CommandExit {
        guard [take != nil, value != nil, opensEditor].count(where: { $0 }) == 1 else {
            throw CommandFailure(.missingOptionValue, ["option": .text("--take")])
        }
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let selection = try selector.either()
        let own = selector.directory.identity.organisation
        let conflict = try open.store.read { try find(selector, selection, own, $0) }
        let view = try open.store.read { try ConflictView.all([conflict], of: selection, open.reading, $0).first }
        try agreed(conflict, view, invocation)
        // What was shown first is what one begins to write from.
        let written = opensEditor ? try invocation.editor.edit(Self.draft(conflict.cell), fileName: "value.txt") : value
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
            return try workspace.commit([(edit, [try chosen(cell, written, of: conflict.kind)])], in: conflict.space, transaction)
        }
        let context = try open.store.read { try selector.context(selection, $0) }
        let left = try open.store.read { reader in
            try selector.spaces(of: selection).reduce(0) { try $0 + ShownConflict.all(in: $1, own: own, reader).count }
        }
        let value = ShownConflict.shown(try chosen(conflict.cell, written, of: conflict.kind).encoded)
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

    private func find(_ selector: Selector, _ selection: Selection, _ own: OrganisationID, _ reader: any StoreReader) throws
        -> ShownConflict
    {
        let all = try selector.spaces(of: selection).flatMap { try ShownConflict.all(in: $0, own: own, reader) }
        let keys = all.compactMap(\.row)
        let rows = Set((try? RowSelection(keys).rows([address])) ?? [])
        let found = all.filter { conflict in
            (conflict.row.map { rows.contains($0) } ?? false || ShortID.letters(of: conflict.record).hasPrefix(address.lowercased()))
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

    /// Nothing is replaced that its user has not been shown.
    private func agreed(_ conflict: ShownConflict, _ view: ConflictView?, _ invocation: Invocation) throws {
        if let take, !(1...conflict.cell.heads.count).contains(take) {
            throw CommandFailure(
                .noSuchValue,
                ["row": .text(address), "field": .text(field), "number": .number(take), "count": .number(conflict.cell.heads.count)])
        }
        if let seen {
            guard SeenMark.matches(seen, conflict.cell.heads) else {
                throw CommandFailure(
                    .seenChanged, ["field": .text(field), "row": .text(address), "seen": .text(seen)], next: "buntan conflicts")
            }
            return
        }
        guard invocation.console.inputIsTerminal, !invocation.options.noInput else { throw CommandFailure(.seenMissing) }
        var page = Page(invocation.pageStyle)
        view?.show(&page, invocation.times)
        try invocation.console.write(page.lines.map { $0.map(\.text).joined() }.joined(separator: "\n") + "\n")
        guard try invocation.prompt.confirms(ConflictPhrases.askWhich) else { throw CommandFailure(.declined) }
    }

    /// The value taken or typed; what is typed is read as the field's type, as with `edit --set`.
    private static func draft(_ cell: Cell) -> String { cell.heads[0].value?.value.text ?? ShownConflict.shown(cell.heads[0].value) }

    private func chosen(_ cell: Cell, _ written: String?, of kind: String) throws -> Value {
        if let take { return cell.heads[take - 1].value?.value ?? .null }
        guard var value = written else { return .null }
        // An editor ends its last line.
        if opensEditor, value.hasSuffix("\n") { value.removeLast() }
        let known = SchemaRegistry.current.kind(kind)?.field(cell.key.field)
        let isMark = cell.key == .life || known?.merge == .set
        do { return try FieldValue.parse(value, as: isMark ? .bool : known?.type ?? .string) } catch {
            throw RecordEditFault.badValue(field: field, typed: value, error).failure(record: address, kind: kind, address: address)
        }
    }
}
