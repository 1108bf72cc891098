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

/// The rows, notes, comments and records that hold a text.
struct FindCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "find", abstract: CommandPhrases.find.spoken)
    }

    @Argument(help: .spoken(.text)) var text: String
    @OptionGroup var day: DayOption
    @OptionGroup var cut: CutOptions
    @OptionGroup var global: GlobalOptions

    static let fields = ["id", "short", "kind", "row", "about", "field", "element", "text"]

    func run(in invocation: Invocation) async throws -> CommandExit {
        let invocation = try invocation.answering(for: day)
        guard !text.allSatisfy(\.isWhitespace) else { throw CommandFailure(.missingArgument, ["argument": "TEXT"]) }
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let selection = try selector.eitherOrNone()
        let workspace = open.reading
        return try open.store.read { reader in
            let scope = try selector.scope(selection, reader)
            let words = try RecordWords(selector, reader)
            let schema = workspace.schema
            let places = scope.spaces.map { space in
                (space: space, kinds: { (kind: String) in scope.spaces(for: schema.kind(kind), named: kind).contains(space) })
            }
            let all = try workspace.find(SearchText(text), in: places, reader)
            let about = try Self.rowsByID(scope, reader)
            let (found, more) = try cut.part(of: all) { "\($0.record.uuid)/\($0.cell.shown)" }
            try invocation.print(
                .list(
                    "find/1", try selector.context(selection, reader), fields: Self.fields, of: found, more: more,
                    form: { place in
                        [
                            "id": .text(place.record.uuid), "short": .text(words.index.short(place.record)),
                            "kind": .text(place.state.kind),
                            "row": RowKey(place.state)?.json ?? .null, "about": about(place)?.json ?? .null,
                            "field": .text(place.cell.field), "element": .text(orNull: place.cell.elementText), "text": .text(place.text),
                        ]
                    }
                ) { page in
                    guard !all.isEmpty else { return page.say(RowPhrases.findNone, ["text": .text(text)]) }
                    page.say(RowPhrases.findHeading, ["n": .number(all.count), "text": .text(text)])
                    page.blank()
                    var table = Table(
                        columns: [Column(title: ""), Column(title: ""), Column(title: "", fit: .cut, minimum: 20)], hasHeads: false)
                    for place in found {
                        let name = RowKey(place.state)?.shown ?? words.index.short(place.record)
                        let row = about(place).map { " \($0.shown)" } ?? ""
                        table.rows.append([
                            Span(name), Span("\(place.state.kind)\(row) \(CodeLabels.field(place.cell, page.language))"),
                            Span(Self.excerpt(place.text, around: text)),
                        ])
                    }
                    page.table(table)
                })
            return invocation.status(ofListWith: all.count)
        }
    }

    /// The row that a comment or note is about.
    private static func rowsByID(_ scope: RecordScope, _ reader: any StoreReader) throws -> (FoundText) -> RowKey? {
        var rows: [RecordID: RowKey] = [:]
        for space in [scope.draft, scope.service].compactMap({ $0 }) {
            for stored in try reader.records(of: "responsibility", in: space, after: nil, limit: .max) {
                rows[stored.id] = RowKey(stored.shown)
            }
        }
        return { place in place.state.value("row")?.bytes.flatMap { RecordID($0) }.flatMap { rows[$0] } }
    }

    /// The part of a text where it holds what was looked for, on one line.
    static func excerpt(_ text: String, around wanted: String) -> String {
        let line = text.replacing("\n", with: " ")
        guard let range = line.range(of: wanted, options: [.caseInsensitive, .widthInsensitive]) else { return line }
        let start = line.index(range.lowerBound, offsetBy: -30, limitedBy: line.startIndex) ?? line.startIndex
        return (start > line.startIndex ? "…" : "") + line[start...]
    }
}
