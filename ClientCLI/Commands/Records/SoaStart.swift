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

/// Begins the statement of a service with an entry for every control, or adds the entries that it lacks.
struct SoaStart: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "start", abstract: CommandPhrases.soaStart.spoken)
    }

    @Option(help: .spoken(.position)) var position: String?
    @Option(help: .spoken(.edition)) var edition: [String] = []
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let place = try SoaPlace(invocation)
        let typed = try typed()
        let before = try place.open.store.read { reader in
            let before = try ApplicabilityStatement(of: place.service, in: place.home, reader)
            if let before { try require(typed, in: before, place, reader) }
            return before
        }
        let catalogue = try Catalogue.iso27017()
        let missing = before?.lines.count { $0.entry == nil } ?? catalogue.controls.count
        if missing > 0 {
            try invocation.prompt.confirmsMany(missing, ApplicabilityPhrases.startQuestion, ["n": .number(missing)])
        }
        let workspace = try place.open.writing()
        let (committed, made) = try place.open.store.write { transaction in
            let now = try ApplicabilityStatement(of: place.service, in: place.home, transaction)
            let record = now?.record ?? workspace.newRecordID()
            if let now { try require(typed, in: now, place, transaction) }
            var cells: [CellKey: Value] = [:]
            if now == nil {
                cells = [
                    CellKey("serviceId"): .id(KnownService.record(in: place.service.service)),
                    CellKey("position"): .text(place.service.isOwn ? "provider" : "customer"),
                ]
                for (field, editions) in Self.editions {
                    guard let oldest = editions.first else { continue }
                    cells[CellKey(field)] = .text(catalogue.current(oldest, on: invocation.today))
                }
                for (language, name) in place.service.name { cells[CellKey("serviceName", language)] = .text(name) }
            }
            for (field, code) in typed where now?.state.text(field) == nil { cells[CellKey(field)] = .text(code) }
            let lacking = now.map { $0.lines.filter { $0.entry == nil }.map(\.control) } ?? catalogue.controls
            let entries = lacking.map { control in
                RecordDraft(
                    space: place.home, kind: "soa-entry", key: ApplicabilityStatement.key(record, control.id), cells: control.undecided)
            }
            let statement = RecordDraft(record: record, kind: "soa", cells: cells)
            return (
                try workspace.commit((cells.isEmpty ? [] : [statement]) + entries, in: place.home, transaction), entries.count
            )
        }
        let (context, change) = try place.open.written(committed.changes.last, place.selector, place.selection)
        let item = JSONValue.written(change, ("added", .number(made)), ("kept", .number(catalogue.controls.count - made)))
        try invocation.print(
            .change("soa-start/1", context, fields: ["change", "short", "added", "kept"], item) { page in
                page.say(
                    committed.isEmpty ? ApplicabilityPhrases.startedAlready : .started,
                    ["id": change.shown, "service": .text(place.name), "n": .number(made)])
                page.next("buntan soa")
            })
        return .done
    }

    /// The editions of each standard that a statement may rest on, by the field that names one; which of them stands is looked up by
    /// the day.
    private static var editions: [(field: String, codes: [String])] {
        ["edition27001", "edition27017"].map { field in
            guard case .enumeration(let codes)? = SchemaRegistry.current.kind("soa")?.field(field)?.type else { return (field, []) }
            return (field, codes)
        }
    }

    /// What the options say, by the fields of the statement.
    private func typed() throws -> [String: String] {
        var typed: [String: String] = [:]
        if let position {
            guard let code = CodeLabels.code(position, among: Vocabulary.heldPosition, of: "position", in: "soa") else {
                throw Self.invalid(position, "--position", Vocabulary.heldPosition)
            }
            typed["position"] = code
        }
        let editions = Self.editions
        for text in edition {
            let meant = editions.lazy.compactMap { field, codes in
                CodeLabels.code(text, among: codes, of: field, in: "soa").map { (field: field, code: $0) }
            }.first
            guard let meant else { throw Self.invalid(text, "--edition", editions.flatMap(\.codes)) }
            typed[meant.field] = meant.code
        }
        return typed
    }

    private static func invalid(_ typed: String, _ option: String, _ known: [String]) -> CommandFailure {
        CommandFailure(
            .invalidValueOf,
            ["value": .text(typed), "option": .text(option), "known": .text(known.joined(separator: ", "))])
    }

    /// Refuses to say something else of a statement that stands: what was decided, and who approved it, rests on what it says.
    private func require(
        _ typed: [String: String], in statement: ApplicabilityStatement, _ place: SoaPlace, _ reader: any StoreReader
    ) throws {
        let language = place.open.invocation.language
        for (field, code) in typed.sorted(by: { $0.key < $1.key }) {
            guard let held = statement.state.text(field), held != code else { continue }
            let short = try ShortNames(reader).of(statement.record)
            var facts: Facts = [
                "service": .text(place.name), "field": .text(CodeLabels.field(field, in: "soa", language)),
                "value": .text(CodeLabels.shown(held, of: field, in: "soa", language)),
            ]
            let (person, day) = (statement.state.text("approvedBy"), statement.state.text("approvedOn"))
            if person != nil || day != nil { (facts["person"], facts["date"]) = (.text(person ?? "-"), .text(day ?? "-")) }
            throw CommandFailure(
                person == nil && day == nil ? .statementStands : .statementApproved, facts,
                next: "buntan edit soa \(short) --set \(field)=\(code)", place: CommandFailure.Place(record: short, field: field))
        }
    }
}
