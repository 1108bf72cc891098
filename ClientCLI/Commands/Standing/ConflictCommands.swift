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

/// A field with several values of one's own devices, or a record that one of them deleted while another edited it.
struct ShownConflict: Sendable {
    let space: SpaceID
    let record: RecordID
    let kind: String
    let row: RowKey?
    let short: String
    /// The field; of a record whose life is in question `@life`.
    let cell: Cell
    /// What stands beside a deletion; empty for a field.
    let edits: [Cell]

    var isLife: Bool { cell.key == .life }
    /// Every head that a choice takes away or leaves.
    var heads: [Head] { cell.heads + edits.flatMap(\.heads) }
    var seen: String { SeenMark.text(of: heads) }
    var name: String { row?.shown ?? short }

    /// Whether a word is the beginning of the record's short id, or its whole id.
    func isNamed(_ word: String) -> Bool {
        let isShort = word.utf8.count >= ShortID.leastLetters && ShortID.letters(of: record).hasPrefix(word.lowercased())
        return isShort || RecordID(uuid: word) == record
    }

    /// The members of a conflict, in their order.
    static let fields = [
        "id", "short", "kind", "row.framework", "row.controlId", "row.itemKey", "field", "element", "before", "seen", "heads", "edits",
    ]

    /// Names the cell for good, for lists that go on.
    var key: String { "\(record.uuid)/\(cell.key.shown)" }

    func json(_ reader: any StoreReader) throws -> JSONValue {
        let forms = try HeadForms(space, reader)
        let edited = try edits.flatMap { cell in
            try cell.heads.map { head -> JSONValue in
                try forms.json(head, in: record).adding(
                    ("field", .text(cell.key.field)), ("element", .text(orNull: cell.key.elementText)))
            }
        }
        return .identified(
            record.uuid, short: short, ("kind", .text(kind)), ("row", row?.json), ("field", .text(cell.key.field)),
            ("element", .text(orNull: cell.key.elementText)), ("before", try forms.beforeJSON(cell, in: record)),
            ("seen", .text(seen)), ("heads", .list(try cell.heads.map { try forms.json($0, in: record) })),
            ("edits", isLife ? .list(edited) : nil))
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
        let shorts = ShortNames(reader)
        return try reader.conflicted(in: space).flatMap { brief -> [ShownConflict] in
            guard let state = try reader.shown(brief.id, in: space), state.creator == own else { return [] }
            var row = RowKey(state)
            // A deletion takes the key with it.
            if row == nil, state.isLifeOpen { row = RowKey(try reader.heldBefore(state, in: space)) }
            let short = try shorts.of(brief.id)
            func shown(_ cell: Cell, _ edits: [Cell] = []) -> ShownConflict {
                ShownConflict(space: space, record: brief.id, kind: state.kind, row: row, short: short, cell: cell, edits: edits)
            }
            let life = state.isLifeOpen ? state[.life].map { shown($0, state.cells.filter { $0.key != .life }) } : nil
            return [life].compactMap { $0 } + state.conflicts.filter { $0.key != .life }.map { shown($0) }
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

    /// All values of one's own devices that wait for a choice: those of rows in the rows' order, the others behind them.
    func conflicts(of selection: Selection, _ reader: any StoreReader) throws -> [ShownConflict] {
        let all = try spaces(of: selection, reader).flatMap {
            try ShownConflict.all(in: $0, own: directory.identity.organisation, reader)
        }
        let rows = all.compactMap { conflict in conflict.row.map { (row: $0, conflict: conflict) } }
        return RowKey.sorted(rows, by: \.row).map(\.conflict) + all.filter { $0.row == nil }
    }
}

struct Conflicts: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "conflicts", abstract: CommandPhrases.conflicts.spoken)
    }
    @Argument(help: .spoken(.rows)) var addresses: [String] = []
    @Flag(name: .long, help: .spoken(.all)) var all = false
    @OptionGroup var day: DayOption
    @OptionGroup var cut: CutOptions
    @OptionGroup var global: GlobalOptions

    /// A conflict, and what one works on where it is chosen about.
    private struct Found {
        let conflict: ShownConflict
        let selection: Selection
    }

    /// A row that an erasure left unsettled, and the command that settles it, where it is one's own.
    private struct Erased {
        let field: ErasedField
        let short: String
        let command: String?
        let who: String
    }

    func run(in invocation: Invocation) async throws -> CommandExit {
        let invocation = try invocation.answering(for: day)
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let chosen = all ? selector.everything : [try selector.either()]
        return try open.store.read { reader in
            let context = try selector.context(all ? nil : chosen.first, reader)
            let found = try among(chosen, selector, open.reading, reader)
            let (part, more) = try cut.part(of: found) { $0.conflict.key }
            let conflicts = part.map(\.conflict)
            // They come behind the last of what is chosen about.
            let erased = more == nil ? try erased(chosen, selector, open.reading, reader) : []
            let views = try chosen.map { selection in
                (
                    selection,
                    try ConflictView.all(
                        part.filter { $0.selection.option == selection.option }.map(\.conflict), of: selection, open.reading, reader)
                )
            }
            try invocation.print(
                .list(
                    "conflicts/1", context, fields: ShownConflict.fields + ["erased", "side", "next"],
                    try conflicts.map { try $0.json(reader) } + erased.map { $0.field.json($0.short, $0.command) }, more: more
                ) { page in
                    guard !conflicts.isEmpty || !erased.isEmpty else { return page.say(ConflictPhrases.none) }
                    defer { show(erased, &page, isFirst: conflicts.isEmpty) }
                    guard !conflicts.isEmpty else { return }
                    page.say(
                        ConflictPhrases.heading,
                        ["fields": .number(conflicts.count), "rows": .number(Set(conflicts.map(\.record)).count)])
                    for (selection, views) in views {
                        for view in views { view.show(&page, invocation.times, at: chosen.count > 1 ? selection : nil) }
                    }
                })
            return invocation.status(ofListWith: conflicts.count + erased.count)
        }
    }

    private func erased(
        _ chosen: [Selection], _ selector: Selector, _ workspace: Workspace, _ reader: any StoreReader
    ) throws -> [Erased] {
        let ways = ErasureWays(selector.directory)
        let shorts = ShortNames(reader)
        let words = try selector.invocation.addresses(addresses)
        return try chosen.flatMap { selection -> [Erased] in
            guard case .engagement(let engagement) = selection else { return [] }
            let all = try workspace.erasedFields(of: engagement, reader)
            guard !all.isEmpty else { return [] }
            // Words may name records that are no rows; those were looked for among the conflicts.
            let rows = words.isEmpty ? nil : RowSelection(all.map(\.row)).known(words)
            return try all.filter { rows?.contains($0.row) ?? true }.map { field in
                let own = field.side == engagement.seat ? engagement.partyName : engagement.counterpartName
                return Erased(
                    field: field, short: try shorts.of(field.record),
                    command: ways.command(field, in: engagement, place: chosen.count > 1 ? " " + selection.option : ""),
                    who: own.spoken(selector.invocation.language.rawValue) ?? engagement.handle)
            }
        }
    }

    private func show(_ erased: [Erased], _ page: inout Page, isFirst: Bool) {
        guard !erased.isEmpty else { return }
        if !isFirst { page.blank() }
        page.say(ConflictPhrases.erasedHeading, ["rows": .number(Set(erased.map(\.field.row)).count)])
        for item in erased {
            page.blank()
            page.place(.at(0, Span("\(item.field.row.shown)  \(item.field.shown)", .strong)))
            if let command = item.command {
                page.place(.command(5, command))
            } else {
                page.say(ConflictPhrases.erasedWaits, ["organisation": .text(item.who)], indent: 5)
            }
        }
    }

    /// The conflicts in the rows and records that the words name; all of them for no word. What is the organisation's own
    /// counts once, however much is looked at.
    private func among(
        _ chosen: [Selection], _ selector: Selector, _ workspace: Workspace, _ reader: any StoreReader
    ) throws -> [Found] {
        var seen = Set<String>()
        let all = try chosen.flatMap { selection in
            try selector.conflicts(of: selection, reader).map { Found(conflict: $0, selection: selection) }
        }.filter { seen.insert("\($0.conflict.space.hex)/\($0.conflict.key)").inserted }
        let words = try selector.invocation.addresses(addresses)
        guard !words.isEmpty else { return all }
        let others = words.filter { word in !all.contains { $0.conflict.row == nil && $0.conflict.isNamed(word) } }
        // Rows that are settled are rows, and hold no conflict.
        let known = others.isEmpty ? [] : try chosen.flatMap { try Matrix.keys($0, workspace, reader) }
        let rows = others.isEmpty ? [] : Set(try RowSelection(known + all.compactMap(\.conflict.row)).rows(others))
        return all.filter { found in
            found.conflict.row.map { rows.contains($0) } ?? words.contains(where: found.conflict.isNamed)
        }
    }
}
