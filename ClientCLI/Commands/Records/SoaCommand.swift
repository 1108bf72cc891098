import ArgumentParser
import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Rules
import Storage
import StorageSQLite
import Wording

/// The statement of applicability of a service: shown, begun and decided control by control.
struct Soa: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "soa", abstract: CommandPhrases.soa.spoken, subcommands: [SoaList.self, SoaStart.self, SoaSet.self],
            defaultSubcommand: SoaList.self)
    }
}

/// What the commands about a statement work on.
struct SoaPlace {
    let open: OpenStore
    let selector: Selector
    let service: KnownService
    let home: SpaceID

    init(_ invocation: Invocation) throws {
        open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        self.selector = selector
        service = try selector.service()
        guard let home = try open.store.read({ try selector.directory.home($0) }) else { throw CommandFailure(.notEnrolled) }
        self.home = home
    }

    var name: String { service.name.spoken(open.invocation.language.rawValue) ?? service.handle }
    var selection: Selection { .service(service) }

    /// The statement there is; an error that says how to begin one where there is none.
    func statement(_ reader: any StoreReader) throws -> ApplicabilityStatement {
        guard let found = try ApplicabilityStatement(of: service, in: home, reader) else {
            throw CommandFailure(.noStatement, ["service": .text(service.handle)], next: "buntan soa start")
        }
        return found
    }

    /// The controls that any of the words means, by their ids; all for none.
    func controls(_ words: [String], _ catalogue: Catalogue) throws -> Set<String> {
        Set(try ControlsCommand.controls(meantBy: words, in: catalogue, spoken: open.invocation.language).map(\.id))
    }
}

struct SoaList: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "list", abstract: CommandPhrases.soaList.spoken)
    }

    @Argument(help: .spoken(.controls)) var words: [String] = []
    @Option(name: .customLong("where"), help: .spoken(.whereEntry)) var conditions: [String] = []
    @Flag(name: .customLong("form"), help: .spoken(.soaForm)) var inEditor = false
    @Option(name: .long, help: .spoken(.soaFrom)) var from: String?
    @OptionGroup var day: DayOption
    @OptionGroup var cut: CutOptions
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let invocation = try invocation.answering(for: day)
        let place = try SoaPlace(invocation)
        let conditions = try conditions.map { try SoaCondition($0) }
        let words = try invocation.addresses(words)
        if inEditor || from != nil {
            guard day.at == nil else {
                throw CommandFailure(.optionsExclude, ["first": "--at", "second": .text(inEditor ? "--form" : "--from")])
            }
            return try write(conditions, words, place)
        }
        return try place.open.store.read { reader in
            var statement = try place.statement(reader)
            try statement.judge(place.selector, place.selection, place.open.reading, reader)
            let wanted = try place.controls(words, statement.catalogue)
            let sides = statement.sides
            let meant = statement.lines.filter { line in
                wanted.contains(line.control.id) && conditions.allSatisfy { $0.holds(for: line, sides) }
            }
            let (shown, more) = try cut.part(of: meant) { $0.control.id }
            let shorts = ShortNames(reader)
            let approval = try StatementApproval(
                of: statement.state, deciding: statement.lines.compactMap(\.entry), today: invocation.today, reader)
            let page = ApplicabilityPage(
                statement: statement, lines: shown, service: place.name, approval: approval, short: try shorts.of(statement.record))
            try invocation.print(
                .list(
                    "soa/1", try place.selector.context(place.selection, reader), fields: ApplicabilityPage.fields, of: shown, more: more,
                    form: { try ApplicabilityPage.json($0, shorts) }
                ) { page.show(&$0, total: meant.count) })
            return invocation.status(ofListWith: meant.count)
        }
    }

    /// Takes the statement as a form: that of the controls meant in the editor, or a whole one from a file.
    private func write(_ conditions: [SoaCondition], _ words: [String], _ place: SoaPlace) throws -> CommandExit {
        let isPart = !words.isEmpty || !conditions.isEmpty
        if let from {
            if inEditor || isPart {
                throw CommandFailure(
                    .optionsExclude, ["first": .text(inEditor ? "--form" : conditions.isEmpty ? "CONTROL" : "--where"), "second": "--from"])
            }
            let statement = try place.open.store.read { try place.statement($0) }
            return try SoaForm(place: place, statement: statement, lines: [], holdsStatement: true).from(from)
        }
        let form = try place.open.store.read { reader in
            var statement = try place.statement(reader)
            try statement.judge(place.selector, place.selection, place.open.reading, reader)
            let wanted = try place.controls(words, statement.catalogue)
            let meant = statement.lines.filter { line in
                wanted.contains(line.control.id) && conditions.allSatisfy { $0.holds(for: line, statement.sides) }
            }
            let (shown, _) = try cut.part(of: meant) { $0.control.id }
            return SoaForm(place: place, statement: statement, lines: shown, holdsStatement: !isPart)
        }
        return try form.inEditor()
    }
}

/// A condition on an entry: a field's value, the rule that finds something in it, or what is decided of the control as a whole.
private struct SoaCondition {
    private let field: String
    private let value: String

    private static let verdicts = ["yes": "adopted", "no": "excluded", "undecided": "undecided"]

    init(_ text: String) throws {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[0].isEmpty else { throw CommandFailure(.invalidWhere, ["value": .text(text)]) }
        let kind = SchemaRegistry.current.kind("soa-entry")
        let name = CodeLabels.fieldName(parts[0], of: kind)
        switch name {
        case "applicable":
            guard let verdict = Self.verdicts[parts[1].lowercased()] else {
                throw CommandFailure(
                    .invalidValueOf, ["value": .text(parts[1]), "option": "applicable", "known": "yes, no, undecided"])
            }
            (field, value) = (name, verdict)
        case "rule": (field, value) = (name, parts[1].uppercased())
        default:
            guard let described = kind?.field(name) else {
                let known = ["applicable", "rule"] + (kind?.fields.map(\.name) ?? [])
                throw CommandFailure(.unknownField, ["field": .text(parts[0]), "known": .text(known.joined(separator: ", "))])
            }
            (field, value) = (name, CodeLabels.typed(parts[1], for: described, in: "soa-entry"))
        }
    }

    func holds(for line: ApplicabilityStatement.Line, _ sides: [Side]) -> Bool {
        switch field {
        case "applicable": return ApplicabilityPage.verdict(line, sides) == value
        case "rule": return line.findings.contains { $0.entry.id == value || $0.entry.id.hasPrefix(value + "-") }
        default:
            let filled = (line.entry?.cells(of: field) ?? []).compactMap(\.state.filled)
            if value.isEmpty { return filled.isEmpty }
            return filled.contains { ShownConflict.shown($0) == value }
        }
    }
}
