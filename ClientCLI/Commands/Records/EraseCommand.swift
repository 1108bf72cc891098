import ArgumentParser
import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Storage
import StorageSQLite
import Syncing
import Wording

/// Removes a field's values for good, in every place where they are this organisation's; nothing brings them back.
struct EraseCommand: NetworkCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "erase", abstract: CommandPhrases.erase.spoken)
    }

    @Argument(help: .spoken(.id)) var id: String
    @Argument(help: .spoken(.field)) var field: String
    @Option(help: .spoken(.eraseReason)) var reason: String
    @OptionGroup var global: GlobalOptions
    @OptionGroup var network: NetworkOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        guard !reason.allSatisfy(\.isWhitespace) else {
            throw CommandFailure(.missingOptionValue, ["option": .text("--reason")])
        }
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let selection = try open.store.read { try selector.erasing(id, $0) }
        let reading = open.reading
        let (subject, about, home) = try open.store.read { reader in
            let found = try Addresses(selection, selector, reading, reader)
            let subject = try EditSubject.erased(id, field: field, found, selector, reading, reader)
            // What is said about a row stands by the row, whichever record of it is meant.
            let row = subject.target.state.flatMap { RowKey($0) }.flatMap { key in found.scope.service.map { key.responsibility(in: $0) } }
            return (subject, row ?? subject.target.record, found.scope.home)
        }
        let cell = try named(field, of: subject)
        let look = { (reader: any StoreReader) in
            try reading.erasurePlan(
                of: cell.field, element: cell.element, of: subject.target.record, in: subject.target.space, reader)
        }
        let workspace = try open.writing()
        let sync = SyncRun(open, invocation.settings.applying(network))
        // What another device has written meanwhile goes too, and one chain of statements has one next word.
        let hasServer = try open.store.read { try $0.knownServer() } != nil
        if hasServer {
            do { _ = try await sync.run(workspace) } catch {
                invocation.notice(RecordPhrases.eraseNeedsServer)
                throw error
            }
        }
        let plan: ErasurePlan
        do { plan = try open.store.read(look) } catch let fault as ErasureFault { throw failure(fault, subject, cell) }
        try show(plan, subject, cell, open)
        guard
            try invocation.prompt.confirms(
                plan.documents.isEmpty ? RecordPhrases.eraseQuestion : .eraseQuestionWithDocuments,
                ["n": .number(plan.places.reduce(0) { $0 + $1.values }), "agreements": .number(plan.documents.count)])
        else {
            throw CommandFailure(.declined)
        }
        do {
            try open.store.write { transaction in
                try workspace.erase(plan, transaction)
                if let home {
                    // Beside each agreement that loses its document as well: there it is looked for.
                    let subjects = [about] + plan.documents.map(\.record).filter { $0 != about }
                    _ = try workspace.commit(
                        subjects.map { workspace.note(on: $0, text: reason, label: Workspace.erasureLabel) }, in: home, transaction)
                }
            }
        } catch let fault as ErasureFault { throw failure(fault, subject, cell) }
        if hasServer {
            do { _ = try await sync.run(workspace) } catch {
                invocation.notice(RecordPhrases.eraseUnsent)
                throw error
            }
        }
        // Where a log did not take the word, the values are there still.
        do {
            _ = try open.store.read(look)
            throw CommandFailure(.eraseNotTaken, ["field": .text(cell.shown), "record": .text(subject.title)], next: "buntan sync")
        } catch ErasureFault.nothing {}
        let wasScrubbed = try open.file.scrubIfDue()
        let context = try open.store.read { try selector.context(selection, $0) }
        let item: JSONValue = [
            "id": .text(subject.target.record.uuid), "kind": .text(subject.target.kind.name), "field": .text(cell.shown),
            "values": .number(plan.values), "places": .number(plan.places.count), "agreements": .number(plan.documents.count),
            "left": .list(
                plan.theirDocuments.map { ["id": .text($0.uuid), "kind": "agreement", "field": "document"] }
                    + plan.theirValues.map {
                        ["id": .text($0.record.uuid), "kind": .text($0.kind), "field": .text($0.cell.shown)]
                    }),
        ]
        try invocation.print(
            .change("erase/1", context, fields: ["id", "kind", "field", "values", "places", "agreements", "left"], item) { page in
                page.say(
                    RecordPhrases.erased, ["n": .number(plan.values), "field": .text(cell.shown), "record": .text(subject.title)])
                if !plan.theirDocuments.isEmpty || !plan.theirValues.isEmpty {
                    page.say(
                        RecordPhrases.eraseLeft, ["n": .number(plan.theirDocuments.count + plan.theirValues.count)], .warning)
                }
                if !wasScrubbed { page.say(RecordPhrases.eraseTraces) }
                page.next("buntan log \(subject.address)")
            })
        return .done
    }

    /// The field that was typed, by its name in either language; one language of it alone behind a point or a stroke.
    private func named(_ typed: String, of subject: EditSubject) throws -> CellKey {
        let kind = subject.target.kind
        if let cell = Self.cell(typed, of: kind) { return cell }
        throw CommandFailure(
            .unknownFieldOfKind, ["kind": .text(kind.name), "field": .text(typed)],
            candidates: Nearest.words(to: typed, among: kind.fields.map(\.name)).map { CommandFailure.Candidate(name: $0) })
    }

    /// `nil` where the kind has no such field.
    static func cell(_ typed: String, of kind: Kind) -> CellKey? {
        for whole in [typed, typed.replacing(".", with: "/")] {
            let parts = whole.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard let name = parts.first,
                let found = kind.fields.first(where: { [$0.name, CodeLabels.field($0.name, in: kind.name, .ja)].contains(name) })
            else { continue }
            guard parts.count == 2 else { return CellKey(found.name) }
            return found.merge == .languages ? CellKey(found.name, .code(parts[1])) : nil
        }
        return nil
    }

    /// Prints what will go, from where, and what stays with others.
    private func show(_ plan: ErasurePlan, _ subject: EditSubject, _ cell: CellKey, _ open: OpenStore) throws {
        let invocation = open.invocation
        let names = try open.store.read { try PlaceNames($0) }
        let standings = plan.documents.isEmpty ? [:] : try standings(open)
        let short = { (record: RecordID) in try open.store.read { try $0.shortID(of: .record(record)) } }
        var page = Page(invocation.pageStyle)
        page.say(RecordPhrases.eraseHeading, ["field": .text(cell.shown), "record": .text(subject.title)])
        for place in plan.places {
            page.say(RecordPhrases.erasePlace, ["n": .number(place.values), "place": names.of(place.space)], indent: 2)
        }
        for place in plan.documents {
            let id = Fact.text(try short(place.record))
            let status = standings[place.record] ?? .word(AgreementPhrases.statusProposed)
            page.say(RecordPhrases.eraseDocument, ["id": id, "status": status], indent: 2)
            page.say(RecordPhrases.eraseKeepsEvidence, ["id": id], indent: 4)
        }
        if plan.all.contains(where: \.isSealed) { page.say(RecordPhrases.eraseSealed) }
        for record in plan.theirDocuments {
            page.say(RecordPhrases.eraseTheirs, ["id": .text(try short(record))])
        }
        for copy in plan.theirValues {
            page.say(RecordPhrases.eraseTheirValue, ["record": .text(try name(of: copy, open)), "field": .text(copy.cell.shown)])
        }
        if !plan.theirDocuments.isEmpty || !plan.theirValues.isEmpty { page.say(RecordPhrases.eraseTheyAreTold) }
        page.say(RecordPhrases.eraseForGood)
        if invocation.mode == .human { try invocation.console.write(page.text) } else { invocation.console.complain(page.text) }
    }

    /// The row that another's copy is about, else its short id.
    private func name(of copy: ErasurePlan.Copy, _ open: OpenStore) throws -> String {
        try open.store.read { reader in
            try reader.shown(copy.record, in: copy.space).flatMap { RowKey($0) }?.shown ?? reader.shortID(of: .record(copy.record))
        }
    }

    /// What each agreement of this store is worth today.
    private func standings(_ open: OpenStore) throws -> [RecordID: Fact] {
        let invocation = open.invocation
        let selector = try Selector(open)
        return try open.store.read { reader in
            var found: [RecordID: Fact] = [:]
            for engagement in selector.directory.engagements {
                let forms = try AgreementForms(engagement, selector.directory, open.reading, invocation, reader)
                for known in forms.known { found[known.id] = AgreementForms.word(known.status) }
            }
            return found
        }
    }

    private func failure(_ fault: ErasureFault, _ subject: EditSubject, _ cell: CellKey) -> CommandFailure {
        let facts: Facts = ["field": .text(cell.shown), "record": .text(subject.title)]
        let place = CommandFailure.Place(record: subject.title, field: cell.shown)
        return switch fault {
        case .notOwn: CommandFailure(.theirRecord, ["record": .text(subject.title), "owner": .text("-")], place: place)
        case .keyField: CommandFailure(.eraseKeyField, facts, place: place)
        case .nothing: CommandFailure(.eraseNothing, facts, next: "buntan show \(subject.address)", place: place)
        case .lacksAdmin: CommandFailure(.noRight, ["right": .text(Capabilities.admin.shown(Language.spoken))], next: "buntan devices")
        case .waiting(let count):
            CommandFailure(.eraseWaiting, facts.merging(["n": .number(count)]) { $1 }, next: "buntan outbox", place: place)
        }
    }
}

/// What the spaces of a store are called to people.
private struct PlaceNames {
    private let directory: StoreDirectory

    init(_ reader: any StoreReader) throws { directory = try StoreDirectory(reader) }

    func of(_ space: SpaceID) -> Fact {
        if let service = directory.services.first(where: { $0.draft == space }) {
            return .word(RecordPhrases.placeDraft, ["name": .text(service.handle)])
        }
        if let service = directory.services.first(where: { $0.service == space }) {
            return .word(RecordPhrases.placeService, ["name": .text(service.handle)])
        }
        if let engagement = directory.engagements.first(where: { $0.space == space }) {
            return .word(RecordPhrases.placeEngagement, ["name": .text(engagement.handle)])
        }
        return .word(RecordPhrases.placeOwn)
    }
}
