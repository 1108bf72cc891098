import ArgumentParser
import BuntanProtocol
import Merging
import Records
import Replica
import Storage
import StorageSQLite
import Wording

/// Shows exactly what others would see, and what is held back and why.
struct PreviewCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "preview", abstract: CommandPhrases.preview.spoken)
    }

    @OptionGroup var day: DayOption
    @OptionGroup var global: GlobalOptions
    @Option(name: .customLong("as"), help: .spoken(.previewAudience)) var audience: String

    func run(in invocation: Invocation) async throws -> CommandExit {
        let invocation = try invocation.answering(for: day)
        let audience = try Audience(reading: audience, option: "--as", among: [.counterpart, .everybody])
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let scope = try DisclosedScope(try selector.either(), selector)
        let workspace = open.reading
        let (context, view, shown) = try open.store.read { reader in
            let view = try scope.view(to: audience, .nextRelease, workspace, reader)
            let shown = invocation.mode == .human ? try Self.shown(view, scope, selector, reader) : []
            return (try selector.context(scope.selection, reader), view, shown)
        }
        let document = ExportDocument(scope: scope, audience: audience, view: view, states: [])
        let whole = document.json(selector.directory)
        let item: JSONValue = [
            "audience": .text(audience.rawValue), "rows": whole["rows"] ?? .null, "records": whole["records"] ?? .null,
            "heldBack": view.heldBackJSON,
        ]
        try invocation.print(
            .single("preview/1", context, fields: ["audience", "rows", "records", "heldBack"], item) { page in
                page.say(
                    ProviderPhrases.previewHeading, ["audience": .word(audience.phrase), "rows": .number(view.rows.count)])
                for record in shown {
                    page.blank()
                    record.show(&page)
                }
                guard !view.heldBack.isEmpty else { return }
                page.blank()
                view.sayHeldBack(&page)
            })
        return .done
    }

    /// What others would see of one record: what it is, and every field with its value.
    private struct Shown {
        let view: RecordView
        let row: RowKey?

        func show(_ page: inout Page) {
            if let row {
                page.line(Span(row.shown, .strong))
            } else {
                page.line(Span(view.title, .strong), Span("  \(view.state.kind)"))
            }
            for line in view.fieldLines(page.language) where row == nil || !Self.keys.contains(line.name) {
                page.place(.at(2, Span(line.label)), .at(28, Span(line.text)))
            }
        }

        /// The fields of a row that its heading tells.
        private static let keys: Set<String> = ["framework", "controlId", "itemKey"]
    }

    /// The rows, then the other records; a release is told by what it holds.
    private static func shown(
        _ view: DisclosedView, _ scope: DisclosedScope, _ selector: Selector, _ reader: any StoreReader
    ) throws -> [Shown] {
        let words = try RecordWords(selector, reader)
        let place = try selector.scope(scope.selection, reader)
        func shown(_ record: DisclosedRecord, _ row: RowKey?) throws -> Shown {
            let stored = StoredRecord(id: record.id, shown: record.state)
            return Shown(view: try RecordView(stored, in: record.space, place, words, withHistory: false, reader), row: row)
        }
        return try view.rows.map { try shown($0.record, $0.key) }
            + view.records.filter { $0.kind != "responsibility" && $0.kind != "release" }.map { try shown($0, nil) }
    }
}
