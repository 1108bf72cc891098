import BuntanProtocol
import ChangeLog
import Foundation
import Merging
import Records
import Replica
import Storage
import Syncing
import Wording

/// Any record as people see it: its fields as `--set` takes them, whose it is, and who may see it.
struct RecordView {
    let id: RecordID
    let space: SpaceID
    let state: RecordState
    let history: [ChangeView]
    /// What was said about it; `show` alone asks for that.
    private(set) var comments: [Remarks.Remark] = []
    private(set) var notes: [Remarks.Remark] = []
    /// The items of its lists, in the order of the registry; `show` alone asks for them.
    private(set) var lists: [(name: String, items: [RecordView])] = []
    private let words: RecordWords
    /// What stands for values that are ids or documents, by cell.
    private let spoken: [CellKey: String]
    private let visibility: RecordScope.Visibility
    var visibilityPhrase: TermPhrases { visibility.phrase }
    /// Whether nobody but its own organisation may read it.
    var isPrivate: Bool { visibility == .private }

    /// A record with its history and what was said about it; `nil` where it is not here.
    init?(_ id: RecordID, in space: SpaceID, _ scope: RecordScope, _ remarks: Remarks, _ words: RecordWords, _ reader: any StoreReader)
        throws
    {
        guard let state = try reader.shown(id, in: space) else { return nil }
        try self.init(StoredRecord(id: id, shown: state), in: space, scope, words, withHistory: true, reader)
        comments = remarks.comments[id] ?? []
        notes = remarks.notes[id] ?? []
        for kind in words.schema.lists(of: state.kind) {
            let items = try reader.items(of: id, kind: kind, in: space)
            guard let name = kind.list?.name, !items.isEmpty else { continue }
            lists.append((name, try items.map { try RecordView($0, in: space, scope, words, withHistory: false, reader) }))
        }
    }

    init(
        _ stored: StoredRecord, in space: SpaceID, _ scope: RecordScope, _ words: RecordWords, withHistory: Bool, _ reader: any StoreReader
    ) throws {
        (id, self.space, state, self.words) = (stored.id, space, stored.shown, words)
        let kind = words.schema.kind(stored.shown.kind)
        var spoken: [CellKey: String] = [:]
        for cell in stored.shown.cells {
            let field = kind?.field(cell.key.field)
            if case .id(let bytes)? = cell.key.element {
                spoken[cell.key] = try words.spoken(Value.bytes(bytes).encoded, field, reader)
            } else if !cell.isConflicted, cell.key.element == nil {
                spoken[cell.key] = try words.spoken(cell.heads.first?.value, field, reader)
            }
        }
        self.spoken = spoken
        let type = try reader.standing(of: space)?.genesis.type ?? scope.type(of: space)
        let isPublished: Bool =
            if let kind, space == scope.draft, let service = scope.service {
                try reader.shown(stored.publishedID(kind, in: service), in: service)?.isAlive ?? false
            } else { false }
        visibility = isPublished ? .public : type == .private ? .private : type == .engagement ? .counterpart : .public
        history = withHistory ? try ChangeView.history(of: stored.id, in: space, words, reader) : []
    }

    var kind: Kind? { words.schema.kind(state.kind) }
    var isOwn: Bool { state.creator == words.directory.identity.organisation }
    var short: String { words.index.short(id) }
    var title: String { words.title(state) ?? short }

    // MARK: words

    /// - Parameter standing: what it is worth, of an agreement.
    func show(_ page: inout Page, _ times: TimeDisplay, standing worth: Fact? = nil) {
        var heading = [Span(title, .strong), Span("  \(state.kind)")]
        if title != short { heading.append(Span("  \(short)")) }
        heading.append(Span("  " + standing(page.language)))
        page.line(spans: heading)
        for line in fieldLines(page.language) {
            page.place(.at(2, Span(line.label)), .at(28, Span(line.text)))
        }
        for list in lists {
            page.place(.at(2, Span(CodeLabels.field(list.name, in: state.kind, page.language))))
            for item in list.items {
                let fields = item.fieldLines(page.language).filter { $0.name != Kind.parentField }
                page.place(.at(4, Span(item.short, .faint)), .at(28, Span(fields.map { "\($0.label) \($0.text)" }.joined(separator: "; "))))
            }
        }
        if let worth {
            page.place(
                .at(2, Span(RecordPhrases.agreementState.text(in: page.language))),
                .at(28, Span(AgreementPhrases.statusLine.text(in: page.language, ["status": worth]))))
        }
        page.show(comments, under: .sectionComments, times)
        page.show(notes, under: .sectionNotes, times)
        if !history.isEmpty {
            page.say(RowPhrases.sectionHistory, [:], .strong)
            for change in history { change.show(&page, times, most: 3, isIndented: true) }
        }
        page.blank()
    }

    private func standing(_ language: Language) -> String {
        if state.standing == .deleted { return RecordPhrases.recordDeleted.text(in: language) }
        return RecordPhrases.recordLine.text(
            in: language,
            ["visibility": .word(visibility.phrase), "owner": isOwn ? .word(RecordPhrases.ownerYou) : .text(words.name(state.creator))])
    }

    /// The fields that hold something, by name and by what they are called: `--set` takes either.
    func fieldLines(_ language: Language) -> [(name: String, label: String, text: String)] {
        let known = kind?.fields.map(\.name) ?? []
        let unknown = state.cells.map(\.key.field).filter { !known.contains($0) && $0 != CellKey.life.field }
        var seen = Set<String>()
        return (known + unknown).filter { seen.insert($0).inserted }.flatMap { name -> [(String, String, String)] in
            let field = kind?.field(name)
            let cells = state.cells(of: name)
            if field?.merge == .set {
                let members = cells.compactMap { cell -> String? in
                    guard let element = cell.key.element, let field else { return nil }
                    let shown =
                        spoken[cell.key] ?? CodeLabels.shown(FieldValue.print(element, of: field), of: name, in: state.kind, language)
                    return cell.isConflicted ? shown + "?" : cell.state.filled?.isTrue == true ? shown : nil
                }
                return members.isEmpty ? [] : [(name, CodeLabels.field(name, in: state.kind, language), members.joined(separator: ", "))]
            }
            return cells.compactMap { cell in
                text(cell, field, language).map { (cell.key.shown, CodeLabels.field(cell.key, in: state.kind, language), $0) }
            }
        }
    }

    private func text(_ cell: Cell, _ field: Field?, _ language: Language) -> String? {
        if cell.isConflicted { return words.several(of: state.creator, in: language) }
        if cell.isErased { return RowPhrases.erasedValue.text(in: language) }
        if let spoken = spoken[cell.key] { return spoken }
        return words.value(cell.heads[0].value, field, in: state.kind, quoted: false)
    }

    // MARK: JSON

    static let fields = ["id", "short", "kind", "row", "title", "visibility", "owner", "isOwn", "isDeleted", "fields", "lists", "history"]

    func json(withHistory: Bool) -> JSONValue {
        .members(
            ("id", .text(id.uuid)), ("short", .text(short)), ("kind", .text(state.kind)), ("row", RowKey(state)?.json ?? .null),
            ("comments", withHistory ? .list(comments.map { $0.json(words) }) : nil),
            ("notes", withHistory ? .list(notes.map { $0.json(words) }) : nil),
            ("title", .text(orNull: words.title(state))), ("visibility", .text(visibility.rawValue)),
            ("owner", .text(state.creator.fingerprint)), ("isOwn", .bool(isOwn)), ("isDeleted", .bool(state.standing == .deleted)),
            ("fields", RecordFields(schema: words.schema).json(state)),
            (
                "lists",
                withHistory
                    ? .object(
                        lists.map { list in
                            JSONValue.Member(
                                list.name,
                                .list(
                                    list.items.map { item in
                                        let fields = RecordFields(omitting: [Kind.parentField], schema: words.schema)
                                        return .members(
                                            ("id", .text(item.id.uuid)), ("short", .text(item.short)), ("fields", fields.json(item.state)))
                                    }))
                        }) : nil
            ),
            ("history", withHistory ? .list(history.map(\.json)) : nil))
    }
}

extension RecordScope.Visibility {
    var phrase: TermPhrases {
        switch self {
        case .private: .visibilityPrivate
        case .counterpart: .visibilityCounterpart
        case .public: .visibilityPublic
        }
    }
}

extension ChangeView {
    /// The changes of a record, oldest first, each with the values that came back.
    static func history(
        of record: RecordID, in space: SpaceID, _ words: RecordWords, _ reader: any StoreReader
    ) throws -> [ChangeView] {
        guard let history = try SpaceHistory(space, reader) else { return [] }
        var trail = ValueTrail()
        return try history.changes(of: record).map { change in
            var returned = Set<OpID>()
            for step in change.steps where step.record == record {
                if let value = step.value, trail.returns(to: value, in: step.op.cell, of: record) { returned.insert(step.id) }
            }
            return try ChangeView(change, of: record, returned: returned, words, reader)
        }
    }
}
