import Agreements
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

/// One edit of one record, from what was typed to the line that tells what changed.
struct EditSession {
    let open: OpenStore
    let subject: EditSubject
    let words: RecordWords
    let selection: Selection?
    let selector: Selector

    var invocation: Invocation { open.invocation }

    private func resolved(
        _ lists: [TypedRecord.List], _ found: Addresses, _ reader: any StoreReader
    ) throws -> [ListAssignment] {
        try lists.map { list in
            func item(_ index: Int, _ item: RecordForm.Item) throws -> ListAssignment.Item {
                let id = try item.id.map(record)
                let state = try id.flatMap { try reader.shown($0, in: subject.target.space) }
                do {
                    return ListAssignment.Item(
                        record: id,
                        try TypedReferences(open, selector).resolved(item.assignments, of: list.kind, on: state, found, reader))
                } catch let fault as TypedReferences.Fault {
                    throw TypedReferences.Fault(field: fault.field, item: (list.kind.name, index), failure: fault.failure)
                }
            }
            func record(_ text: String) throws -> RecordID {
                let held = try reader.items(of: subject.target.record, kind: list.kind, in: subject.target.space).map(\.id)
                let typed = text.lowercased()
                let meant = held.filter { $0.uuid == typed || (typed.count >= 4 && ShortID.letters(of: $0.bytes).hasPrefix(typed)) }
                guard let id = meant.first, meant.count == 1 else {
                    throw CommandFailure(
                        .unknownItem,
                        ["id": .text(text), "field": .text(list.kind.list?.name ?? ""), "record": .text(subject.title)],
                        next: "buntan show \(subject.address)",
                        candidates: held.map { CommandFailure.Candidate(name: words.index.short($0)) })
                }
                return id
            }
            switch list.content {
            case .exactly(let items):
                return ListAssignment(kind: list.kind, .exactly(try items.enumerated().map { try item($0.offset, $0.element) }))
            case .adding(let items):
                return ListAssignment(kind: list.kind, .adding(try items.enumerated().map { try item($0.offset, $0.element) }))
            case .removing(let ids): return ListAssignment(kind: list.kind, .removing(try ids.map(record)))
            }
        }
    }

    func write(_ typed: TypedRecord, seen: RecordState??, seenItems: [RecordID: RecordState]? = nil) throws -> CommandExit {
        let (assignments, lists) = try open.store.read { reader in
            let found = try Addresses(selection, selector, open.reading, reader)
            let assignments = try TypedReferences(open, selector).resolved(
                typed.assignments + subject.presets(beside: typed.assignments), of: subject.target.kind, on: subject.target.state, found,
                reader)
            return (assignments, try judging(assignments, try resolved(typed.lists, found, reader), reader))
        }
        let workspace = try open.writing()
        let edited = try open.store.write {
            try workspace.edit(
                subject.target, assignments, lists: lists, key: subject.key, seen: seen, seenItems: seenItems,
                engagement: subject.engagement, $0)
        }
        return try tell(edited)
    }

    /// The kinds of which an organisation keeps one for a service, as a rule.
    private static let usuallyOne: Set = [
        "backup-specification", "backup-requirement", "jurisdiction-policy", "monitoring-requirement", "scope-statement", "asset-removal",
        "incident-procedure", "soa",
    ]

    /// What follows on a record: of an audit its findings, of what gives somebody to do what waits; of any other that it is looked at.
    private static func following(_ kind: String, _ address: String, isNew: Bool) -> String {
        switch kind {
        case "internal-audit" where isNew: "buntan edit audit-finding --set auditId=\(address)"
        case "audit-finding", "management-review": "buntan todo"
        default: "buntan show \(address)"
        }
    }

    /// The texts in another language that stand beside those that were written, as they were: they may say something else now.
    private func standing(beside cells: [CellKey]) -> [CellKey] {
        guard let state = subject.target.state else { return [] }
        return subject.target.kind.fields.filter { $0.merge == .languages }.flatMap { field -> [CellKey] in
            let written = cells.filter { $0.field == field.name }
            guard !written.isEmpty else { return [] }
            return state.texts(field.name).keys.sorted().map { CellKey(field.name, $0) }.filter { !written.contains($0) }
        }
    }

    /// Says what was written; nothing for a record of which nothing was.
    private func tell(_ edited: Edited?) throws -> CommandExit {
        let change = edited?.committed.changes.last
        let target = subject.target
        let isAlone = edited?.isNew == true && Self.usuallyOne.contains(target.kind.name)
        let (context, short, publishing, sending, title, address, others) = try open.store.read { reader in
            // A second one is a slip more often than it is meant: whoever left the id out began a new record.
            let others =
                try !isAlone
                ? 0
                : reader.records(of: target.kind.name, in: target.space, after: nil, limit: .max).count {
                    $0.id != target.record && $0.shown.isAlive
                }
            let index = try StoreIndex(reader)
            // A new record is told of by the name that it was just given, else by its id.
            let isNamed = subject.title != target.kind.name
            let title = isNamed ? subject.title : words.title(try reader.shown(target.record, in: target.space))
            return (
                try selector.context(selection, reader), change.map { index.short($0) },
                try selector.directory.publishing(target.space, on: open.invocation.today, reader), try open.sending(reader),
                title ?? index.short(target.record), isNamed ? subject.address : index.short(target.record), others
            )
        }
        try invocation.print(
            .change(
                "edit/1", context, fields: ["change", "short", "id", "kind", "isNew", "fields"],
                .members(
                    ("change", .text(orNull: change?.hex)), ("short", .text(orNull: short)),
                    ("id", .text(target.record.uuid)), ("kind", .text(target.kind.name)), ("isNew", .bool(edited?.isNew ?? false)),
                    ("fields", .list(((edited?.cells ?? []).map(\.shown) + (edited?.lists ?? [])).map { .text($0) })))
            ) { page in
                guard let short, let edited else { return page.say(RowPhrases.nothingChanged) }
                let fields = edited.cells.map(\.shown) + edited.lists
                let facts: Facts = [
                    "id": .text(short), "row": .text(title), "kind": .text(target.kind.name),
                    "field": .text(fields.first ?? "-"), "fields": .number(fields.count), "rows": .number(1),
                ]
                page.say(edited.isNew ? RowPhrases.createdNamed : fields.count == 1 ? .changed : .changedMany, facts)
                for cell in standing(beside: edited.cells) {
                    page.say(RowPhrases.otherLanguageStands, ["field": .text(cell.shown)], .warning)
                }
                if others > 0 {
                    // An engagement lists what was published: what is drafted is the service's.
                    let drafting = selector.directory.services.first { $0.draft == target.space }.map { " -s \($0.handle)" } ?? ""
                    let list = page.style.command("buntan list \(target.kind.name)\(drafting)")
                    page.say(
                        RowPhrases.othersOfKind, ["n": .number(others), "kind": .text(target.kind.name), "command": .text(list)], .warning)
                }
                page.next(publishing ?? sending ?? Self.following(target.kind.name, address, isNew: edited.isNew))
            })
        return .done
    }

    // MARK: the editor

    /// Lets the person fill in the form, again and again until it can be taken or is given up.
    func inEditor() throws -> CommandExit {
        let (form, seen) = try open.store.read { reader in
            let lists = try open.reading.schema.lists(of: subject.target.kind.name).map { kind in
                (kind: kind, items: try reader.items(of: subject.target.record, kind: kind, in: subject.target.space))
            }
            let form = RecordForm(
                target: subject.target, title: subject.title, language: invocation.language, lists: lists,
                presets: subject.presets(beside: []),
                short: { [words] in words.index.short($0) })
            return (form, Dictionary(lists.flatMap(\.items).map { ($0.id, $0.shown) }) { first, _ in first })
        }
        let written = FormWriting(
            invocation: invocation, fileName: "\(subject.target.kind.name).yaml",
            keptName: "\(subject.target.kind.name)-\(words.index.short(subject.target.record))")
        return try written.run(from: form.text) { text in
            // A form that came back as it was says nothing, not even that a new record is wanted.
            guard let text else { return try tell(nil) }
            let typed = try TypedRecord(try RecordForm.read(text), subject.target.kind)
            do {
                return try write(typed, seen: .some(subject.target.state), seenItems: seen)
            } catch let fault as RecordFault {
                // What stands there now has not been shown: the form is kept, and begun anew by whoever wants to.
                guard let mistake = typed.place(of: fault) else { throw subject.failure(fault, words) }
                throw mistake
            } catch let fault as TypedReferences.Fault {
                throw typed.place(of: fault)
            }
        }
    }
}
