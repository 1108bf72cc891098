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

/// The records of a kind; without one, the kinds with how many there are, whose they are and who may see them.
struct ListCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "list", abstract: CommandPhrases.list.spoken)
    }

    @Argument(help: .spoken(.kind)) var kind: String?
    @OptionGroup var day: DayOption
    @OptionGroup var cut: CutOptions
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let invocation = try invocation.answering(for: day)
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        // What names no kind of the schema may name one that is here, which is told once the store is read.
        let named = kind.map { KindName.meant($0, among: SchemaRegistry.current.kinds.map(\.name)) } ?? []
        let meant = named.count == 1 ? SchemaRegistry.current.kind(named[0]) : nil
        let selection = try meant.map { try selector.eitherOrNone(for: $0) } ?? selector.eitherOrNone()
        return try open.store.read { reader in
            let scope = try selector.scope(selection, reader)
            let context = try selector.context(selection, reader)
            guard let kind else { return try kinds(scope, context, invocation, reader) }
            let name = try KindName.resolved(kind, unknown: Set(try scope.spaces.flatMap { try reader.kinds(in: $0).keys }))
            return try records(of: name, scope, context, selector, selection, open.reading, reader)
        }
    }

    private struct KindLine {
        let name: String
        let kind: Kind?
        let visibility: RecordScope.Visibility
        let count: Int
    }

    private func kinds(
        _ scope: RecordScope, _ context: ReportContext, _ invocation: Invocation, _ reader: any StoreReader
    ) throws -> CommandExit {
        var lines: [KindLine] = []
        let schema = SchemaRegistry.current
        var counts: [SpaceID: [String: Int]] = [:]
        for space in scope.spaces { counts[space] = try reader.kinds(in: space) }
        let unknown = Set(counts.values.flatMap(\.keys)).filter { schema.kind($0) == nil }.sorted()
        for name in schema.kinds.map(\.name) + unknown {
            let kind = schema.kind(name)
            let places = scope.spaces(for: kind, named: name)
            let written = kind.flatMap { scope.writingSpace(for: $0) }
            let main = places.first { $0 == written } ?? places.first
            for space in places {
                let count = counts[space]?[name] ?? 0
                // The items of lists are shown with what they are part of.
                if kind?.list != nil || (kind == nil && count == 0) { continue }
                // A kind of which there is nothing is told of once, where its records would be written if that is one of these places.
                if count == 0, space != main { continue }
                // Of what is drafted, others see as much as was published.
                let published = space == scope.draft ? min(count, scope.service.flatMap { counts[$0]?[name] } ?? 0) : 0
                if published > 0 { lines.append(KindLine(name: name, kind: kind, visibility: .public, count: published)) }
                guard published == 0 || count > published else { continue }
                lines.append(KindLine(name: name, kind: kind, visibility: scope.visibility(of: space), count: count - published))
            }
        }
        try invocation.print(
            .list(
                "kinds/1", context, fields: ["kind", "count", "owner", "visibility"],
                lines.map { line in
                    [
                        "kind": .text(line.name), "count": .number(line.count),
                        "owner": .text(line.kind.map { $0.sides.count == 1 ? $0.sides.first?.name ?? "" : "either" } ?? "either"),
                        "visibility": .text(line.visibility.rawValue),
                    ]
                }
            ) { page in
                page.say(RecordPhrases.kindsHeading)
                page.blank()
                func head(_ term: TermPhrases) -> String { term.text(in: page.language) }
                var table = Table(columns: [
                    Column(title: head(.headKind)), Column(title: head(.headCount), alignment: .right), Column(title: head(.headOwner)),
                    Column(title: head(.headVisibility)),
                ])
                for line in lines {
                    let owner: String =
                        if let sides = line.kind?.sides, sides.count == 1, let only = sides.first {
                            (only == .provider ? TermPhrases.provider : .customer).text(in: page.language)
                        } else {
                            RecordPhrases.ownerEither.text(in: page.language)
                        }
                    table.rows.append([
                        Span(line.name), Span(String(line.count)), Span(owner), Span(line.visibility.phrase.text(in: page.language)),
                    ])
                }
                page.table(table)
            })
        return .done
    }

    private func records(
        of name: String, _ scope: RecordScope, _ context: ReportContext, _ selector: Selector, _ selection: Selection?,
        _ workspace: Workspace, _ reader: any StoreReader
    ) throws -> CommandExit {
        var words = try RecordWords(selector, reader)
        if !selector.invocation.printsItems { words.gaps = try GapForms.names(inRecordsOf: [name], selector, workspace, reader) }
        var views: [RecordView] = []
        for space in scope.spaces(for: SchemaRegistry.current.kind(name), named: name) {
            for stored in try reader.records(of: name, in: space, after: nil, limit: .max) where stored.shown.standing != .deleted {
                views.append(try RecordView(stored, in: space, scope, words, withHistory: false, reader))
            }
        }
        if views.allSatisfy({ RowKey($0.state) != nil }) {
            views = RowKey.sorted(views) { RowKey($0.state) ?? RowKey(framework: "", controlId: "") }
        }
        let (shown, more) = try cut.part(of: views) { $0.id.uuid }
        try selector.invocation.print(
            .list(
                "records/1", context, fields: RecordView.fields.filter { !["lists", "history"].contains($0) }, of: shown, more: more,
                form: { $0.json(withHistory: false) }
            ) { page in
                guard !views.isEmpty else { return page.say(RowPhrases.listNone) }
                page.say(RecordPhrases.recordsHeading, ["n": .number(views.count), "kind": .text(name)])
                page.blank()
                func head(_ term: TermPhrases) -> String { term.text(in: page.language) }
                var table = Table(columns: [
                    Column(title: head(.headID)), Column(title: head(.headName)), Column(title: head(.headOwner)),
                    Column(title: head(.headVisibility)), Column(title: head(.headValue), fit: .cut, minimum: 10),
                ])
                for view in shown {
                    let key = SchemaRegistry.current.kind(name)?.key ?? []
                    let values = view.fieldLines(page.language).filter { !key.contains($0.name) && $0.text != view.title }
                        .map { "\($0.label) \(Self.glimpse($0.text))" }.joined(separator: "; ").replacing("\n", with: " ")
                    table.rows.append([
                        Span(view.short), Span(view.title == view.short ? "" : view.title),
                        Span(view.isOwn ? RecordPhrases.ownerYou.text(in: page.language) : words.name(view.state.creator)),
                        Span(view.visibilityText(page.language)), Span(values),
                    ])
                }
                page.table(table)
                if more != nil {
                    page.say(RecordPhrases.recordsCut, ["shown": .number(shown.count), "n": .number(views.count)])
                }
            })
        try sayDrafted(name, selection, selector, workspace, reader)
        return selector.invocation.status(ofListWith: views.count)
    }

    /// What a line has room for: a whole document may stand in a field.
    private static func glimpse(_ text: String) -> String { text.utf8.count <= 200 ? text : text.prefix(200) + "…" }

    /// An engagement shows what was published: a provider is told what the draft says otherwise, with the command that lists that.
    private func sayDrafted(
        _ name: String, _ selection: Selection?, _ selector: Selector, _ workspace: Workspace, _ reader: any StoreReader
    ) throws {
        guard case .engagement(let engagement)? = selection, engagement.side == .provider,
            let service = selector.directory.service(of: engagement), SchemaRegistry.current.kind(name)?.isDrafted == true,
            let drafted = try workspace.drafted(in: service, reader)?.count(of: name), drafted > 0
        else { return }
        selector.invocation.notice(
            RecordPhrases.moreDrafted,
            ["n": .number(drafted), "command": .text("buntan list \(name) -s \(service.handle)")])
    }
}

extension RecordView {
    func visibilityText(_ language: Language) -> String { visibilityPhrase.text(in: language) }
}

/// Kinds by their names, which may be cut to an unambiguous beginning.
enum KindName {
    /// The kinds that a name, or the beginning of one, stands for.
    static func meant(_ typed: String, among names: [String]) -> [String] {
        if names.contains(typed) { return [typed] }
        // The items of a list are meant by nobody who has not come to its point.
        return names.filter { $0.lowercased().hasPrefix(typed.lowercased()) && (typed.contains(".") || !$0.contains(".")) }
    }

    static func resolved(_ typed: String, unknown: Set<String> = [], schema: SchemaRegistry = .current) throws -> String {
        let names = schema.kinds.map(\.name) + unknown.filter { schema.kind($0) == nil }.sorted()
        let found = meant(typed, among: names)
        if found.count == 1 { return found[0] }
        guard found.isEmpty else {
            throw CommandFailure(.ambiguousKind, ["kind": .text(typed)], candidates: found.map { CommandFailure.Candidate(name: $0) })
        }
        let near = Nearest.words(to: typed, among: names)
        throw CommandFailure(
            .unknownKind, ["kind": .text(typed)], next: "buntan list", candidates: near.map { CommandFailure.Candidate(name: $0) })
    }
}
