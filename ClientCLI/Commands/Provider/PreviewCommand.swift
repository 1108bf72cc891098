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

    @OptionGroup var global: GlobalOptions
    @Option(name: .customLong("as"), help: .spoken(.audience)) var audience: String

    func run(in invocation: Invocation) async throws -> CommandExit {
        let audience = try Audience(reading: audience, option: "--as", among: [.counterpart, .everybody])
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let scope = try DisclosedScope(try selector.either(), selector)
        let workspace = open.reading
        let (context, view) = try open.store.read { reader in
            (try selector.context(scope.selection, reader), try scope.view(to: audience, .nextRelease, workspace, reader))
        }
        let document = ExportDocument(scope: scope, audience: audience, view: view, states: [])
        let whole = document.json(selector.directory)
        let item: JSONValue = [
            "audience": .text(audience.rawValue), "rows": whole["rows"] ?? .null, "records": whole["records"] ?? .null,
            "heldBack": view.heldBackJSON,
        ]
        let language = invocation.language.rawValue
        try invocation.print(
            .single("preview/1", context, fields: ["audience", "rows", "records", "heldBack"], item) { page in
                page.say(
                    ProviderPhrases.previewHeading, ["audience": .word(audience.phrase), "rows": .number(view.rows.count)])
                page.blank()
                var table = Table(
                    columns: [Column(title: ""), Column(title: ""), Column(title: "", fit: .cut, minimum: 10)], hasHeads: false)
                for (key, record) in view.rows {
                    let words =
                        record.state.texts("customerAction").spoken(language) ?? record.state.texts("providerStatement").spoken(language)
                    table.rows.append([
                        Span(key.shown), Span(record.state.text("allocation") ?? "?"), Span((words ?? "").replacing("\n", with: " ")),
                    ])
                }
                page.table(table)
                for record in view.records where record.kind != "responsibility" && record.kind != "release" {
                    page.line(Span(record.kind), Span("  "), Span(Self.fields(record)))
                }
                guard !view.heldBack.isEmpty else { return }
                page.blank()
                view.sayHeldBack(&page)
            })
        return .done
    }

    /// The names of the fields that are shown.
    private static func fields(_ record: DisclosedRecord) -> String {
        var names: [String] = []
        for cell in record.state.cells where cell.key != .life && cell.state.filled != nil && !names.contains(cell.key.field) {
            names.append(cell.key.field)
        }
        return names.joined(separator: ", ")
    }
}
