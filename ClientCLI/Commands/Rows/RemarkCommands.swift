import ArgumentParser
import BuntanProtocol
import Merging
import Records
import Replica
import Storage
import StorageSQLite
import Wording

/// A remark that both sides see.
struct Comment: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "comment", abstract: CommandPhrases.comment.spoken)
    }
    @Argument(help: .spoken(.id)) var address: String
    @Argument(help: .spoken(.text)) var text: String?
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let engagement = try open.store.read { try selector.requireParty(of: selector.engagement(holding: address, $0)) }
        let subject = try RemarkSubject(address, .engagement(engagement), selector, open)
        guard subject.space == nil || [engagement.space, engagement.service].contains(subject.space) else {
            throw CommandFailure(.notShared, ["record": .text(subject.name)], next: "buntan note \(address)")
        }
        let workspace = try open.writing()
        let text = try invocation.text(text, fileName: "comment.txt")
        let committed = try workspace.commit([workspace.comment(on: subject.record, text: text)], in: engagement.space)
        let (context, change) = try open.written(committed.changes.last, selector, .engagement(engagement))
        let remark = try WrittenRemark(committed, open)
        let counterpart = engagement.counterpartName.spoken(invocation.language.rawValue) ?? engagement.handle
        try invocation.print(
            .change("comment/1", context, fields: RemarkSubject.fields, subject.json(change, remark)) { page in
                page.say(
                    EngagementPhrases.commented,
                    ["id": .text(remark.short), "row": .text(subject.name), "counterpart": .text(counterpart)])
                page.next(change.sending ?? "buntan status")
            })
        return .done
    }
}

/// A remark that stays in the organisation.
struct Note: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "note", abstract: CommandPhrases.note.spoken)
    }
    @Argument(help: .spoken(.id)) var address: String
    @Argument(help: .spoken(.text)) var text: String?
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let selection = try open.store.read { try selector.eitherOrNone(holding: [address], $0) }
        let subject = try RemarkSubject(address, selection, selector, open)
        let workspace = try open.writing()
        guard let home = try open.store.read({ try selector.directory.home($0) }) else { throw CommandFailure(.notEnrolled) }
        let text = try invocation.text(text, fileName: "note.txt")
        let committed = try workspace.commit([workspace.note(on: subject.record, text: text)], in: home)
        let (context, change) = try open.written(committed.changes.last, selector, selection)
        let remark = try WrittenRemark(committed, open)
        try invocation.print(
            .change("note/1", context, fields: RemarkSubject.fields, subject.json(change, remark)) { page in
                page.say(EngagementPhrases.noted, ["id": .text(remark.short), "row": .text(subject.name)])
                page.next("buntan show \(subject.address)")
            })
        return .done
    }
}

/// The remark itself, by the id under which it is shown, edited, deleted and erased from then on.
private struct WrittenRemark {
    let record: RecordID?
    let short: String

    init(_ committed: Committed, _ open: OpenStore) throws {
        record = committed.records.first
        short = try committed.records.first.map { id in try open.store.read { try $0.shortID(of: .record(id)) } } ?? "-"
    }
}

/// The one thing that a remark is about: a row, or any other record.
private struct RemarkSubject {
    let record: RecordID
    /// Where the record is; `nil` for a row, which both sides have.
    let space: SpaceID?
    let row: RowKey?
    let name: String
    /// What to type for it.
    let address: String

    init(_ typed: String, _ selection: Selection?, _ selector: Selector, _ open: OpenStore) throws {
        let reading = open.reading
        self = try open.store.read { reader in
            let found = try Addresses(selection, selector, reading, reader)
            switch try found.written(typed) {
            case .row(let row): return try Self(row.key, found)
            case .record(let space, let id):
                let state = try reader.shown(id, in: space)
                if let state, state.kind == "responsibility-position", let key = RowKey(state) { return try Self(key, found) }
                // Whoever remarks on a remark speaks of what it is about.
                if let state, ["comment", "annotation"].contains(state.kind),
                    let about = state.value("row")?.bytes.flatMap({ RecordID($0) })
                {
                    if let row = try found.row(about) { return try Self(row.key, found) }
                    let place = found.words.index.records[about]?.first?.space
                    return Self(about, in: place ?? space, try place.flatMap { try reader.shown(about, in: $0) }, found.words)
                }
                return Self(id, in: space, state, found.words)
            case .change, .device, .service, .engagement, .invitation:
                throw CommandFailure(.unknownID, ["id": .text(typed)], next: "buntan find \(typed)")
            }
        }
    }

    private init(_ row: RowKey, _ found: Addresses) throws {
        guard let service = found.scope.service else { throw CommandFailure(.noService) }
        (record, space, self.row) = (row.responsibility(in: service), nil, row)
        (name, address) = (row.shown, row.pasteable)
    }

    private init(_ record: RecordID, in space: SpaceID, _ state: RecordState?, _ words: RecordWords) {
        (self.record, self.space, row) = (record, space, nil)
        (name, address) = (words.title(state) ?? words.index.short(record), words.index.short(record))
    }

    static let fields = ["change", "short", "about", "rows", "record", "recordShort"]

    func json(_ change: WrittenChange, _ remark: WrittenRemark) -> JSONValue {
        .written(
            change, ("about", .text(record.uuid)), ("rows", .list(row.map { [$0.json] } ?? [])),
            ("record", .text(orNull: remark.record?.uuid)), ("recordShort", .text(remark.short)))
    }
}
