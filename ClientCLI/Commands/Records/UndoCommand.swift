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

/// Brings back the values before an own change: the one that is named, else the newest of the whole store.
struct UndoCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "undo", abstract: CommandPhrases.undo.spoken)
    }

    @Argument(help: .spoken(.change)) var change: String?
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let reading = open.reading
        let (found, words) = try open.store.read { try find(selector, reading, $0) }
        guard let found else {
            try invocation.print(.change("undo/1", nil, fields: ["change"], ["change": nil]) { $0.say(RowPhrases.undoNothing) })
            return .done
        }
        let short = words.index.short(found.id)
        try refuse(found, short, selector)
        // What cannot be done is said before a passphrase is asked for.
        do {
            let preview = try open.store.read { try reading.undoPreview(of: found, $0) }
            try invocation.prompt.confirmsMany(preview.records.count)
        } catch let fault as UndoFault { throw Self.failure(fault, short) }
        let workspace = try open.writing()
        let undone: Undone
        do { undone = try open.store.write { try workspace.undo(found, $0) } } catch let fault as UndoFault {
            throw Self.failure(fault, short)
        }
        try report(undone, of: short, selector, open)
        return .done
    }

    /// The change that is meant. An engagement or service that was typed narrows the search, one that was chosen before does not:
    /// an edit of a draft may have been made while working on an engagement.
    private func find(_ selector: Selector, _ workspace: Workspace, _ reader: any StoreReader) throws -> (RecordedChange?, RecordWords) {
        let words = try RecordWords(selector, reader)
        if let change {
            guard case .one(.change(let id)) = words.index.find(change), let space = words.index.changes[id] else {
                // Anything else that it may be is said as everywhere.
                _ = try Addresses(try selector.eitherOrNone(), selector, workspace, reader).find(change)
                throw CommandFailure(.unknownID, ["id": .text(change)], next: "buntan log")
            }
            return (try SpaceHistory(space, reader)?.change(id), words)
        }
        let options = selector.invocation.options
        let isNarrowed = options.engagement != nil || options.service != nil
        let spaces = isNarrowed ? try selector.scope(try selector.either(), reader).spaces : try workspace.spacesToUndo(reader)
        return (try workspace.newestOwnChange(in: spaces, reader), words)
    }

    /// What was published or signed stands: it has ways of its own to end. Why something was erased stays as well: nothing
    /// brings that back.
    private func refuse(_ change: RecordedChange, _ short: String, _ selector: Selector) throws {
        if selector.directory.services.contains(where: { $0.service == change.space }) {
            if change.steps.contains(where: { $0.kind == "release-withdrawal" }) {
                throw CommandFailure(.undoWithdrawn, ["change": .text(short)], next: "buntan releases")
            }
            throw CommandFailure(.undoPublished, ["change": .text(short)], next: "buntan withdraw LABEL -m WHY")
        }
        if change.steps.contains(where: { $0.kind.hasPrefix("agreement") }) {
            throw CommandFailure(.undoSigned, ["change": .text(short)], next: "buntan agreements")
        }
        // It stands in every engagement of the service, and would be taken back in one alone.
        let places = selector.directory.engagements.filter { $0.space == change.space }
        let passing = selector.directory.services.first { service in
            let isRetired = service.draft == change.space && change.steps.contains { $0.op.cell == CellKey("retiredOn") }
            let engagements = selector.directory.engagements.filter { $0.service == service.service && $0.end?.handover != nil }
            let isSaid = change.steps.contains { $0.kind == Handover.kind } && places.contains { $0.service == service.service }
            return service.isOwn && (isSaid || isRetired && !engagements.isEmpty)
        }
        if let passing {
            throw CommandFailure(
                .undoHandover, ["change": .text(short)], next: "buntan service handover \(passing.handle) --withdraw")
        }
        if change.steps.contains(where: {
            $0.kind == "annotation" && $0.op.cell == CellKey("label") && $0.value?.value.text == Workspace.erasureLabel
        }) {
            throw CommandFailure(.undoErased, ["change": .text(short)], next: "buntan log")
        }
    }

    private func report(_ undone: Undone, of short: String, _ selector: Selector, _ open: OpenStore) throws {
        let made = undone.made
        let space = undone.change.space
        let (context, words, views, left, sending) = try open.store.read { reader in
            let words = try RecordWords(selector, reader)
            let changes = try made.compactMap { id in
                try words.index.changes[id].flatMap { try SpaceHistory($0, reader) }?.change(id)
            }
            return (
                try selector.context(selector.selection(of: space), reader), words,
                try changes.map { try ChangeView($0, besides: undone.write, words, reader) },
                try undone.left.map { space, left in
                    (left: left, title: words.title(try reader.shown(left.record, in: space)) ?? words.index.short(left.record))
                }, try open.sending(reader)
            )
        }
        let id = made.last.map { words.index.short($0) } ?? "-"
        let obstacles: [JSONValue] = left.map { item in
            [
                "id": .text(item.left.record.uuid), "short": .text(words.index.short(item.left.record)),
                "field": .text(item.left.cell.field), "element": .text(orNull: item.left.cell.elementText),
                "reason": .text(item.left.obstacle.rawValue.kebabCase),
            ]
        }
        try open.invocation.print(
            .change(
                "undo/1", context, fields: ["change", "short", "undone", "restored", "removed", "records", "left"],
                .members(
                    ("change", .text(orNull: made.last?.hex)), ("short", .text(id)), ("undone", .text(undone.change.id.hex)),
                    ("restored", .number(undone.restored)), ("removed", .number(undone.removed)),
                    ("records", .list(views.flatMap(\.editsJSON))), ("left", .list(obstacles)))
            ) { page in
                // What goes is told first: it is most, and cannot be looked at any more.
                let shown = views.flatMap { view in view.shownLines.filter { $0.kind != ImportRun.kind }.map { (view, $0) } }
                let lines = (shown.filter { $0.1.cell == .life } + shown.filter { $0.1.cell != .life }).map { $0.said($1, page.language) }
                let fields = lines.count - undone.removed
                page.say(
                    undone.removed == 0 ? RowPhrases.undone : fields == 0 ? .undoneRows : .undoneBoth,
                    ["id": .text(id), "change": .text(short), "fields": .number(fields), "rows": .number(undone.removed)])
                for line in lines.prefix(Self.most) { page.paragraph(line, indent: 2) }
                if lines.count > Self.most { page.say(RecordPhrases.moreFields, ["n": .number(lines.count - Self.most)], indent: 2) }
                if !left.isEmpty {
                    page.say(RowPhrases.undoBlocked, ["fields": .number(left.count)], .warning)
                    for item in left.prefix(Self.most) {
                        page.say(
                            RecordPhrases.undoLeft,
                            ["record": .text(item.title), "field": .text(CodeLabels.field(item.left.cell, page.language))], indent: 2)
                    }
                    if left.count > Self.most { page.say(RecordPhrases.moreFields, ["n": .number(left.count - Self.most)], indent: 2) }
                }
                page.say(RowPhrases.redoHint, ["command": .text(page.style.command("buntan undo \(id)"))])
                page.next(sending ?? "buntan log")
            })
    }

    /// Fields that are named at most, of those that came back and of those that did not.
    private static let most = 5

    private static func failure(_ fault: UndoFault, _ short: String) -> CommandFailure {
        switch fault {
        case .unknown: CommandFailure(.unknownID, ["id": .text(short)], next: "buntan log")
        case .notOwn: CommandFailure(.undoNotOwn, ["change": .text(short)])
        case .blocked(_, let cells):
            CommandFailure(.undoBlocked, ["change": .text(short), "n": .number(cells)], next: "buntan show \(short)")
        case .wasChoice: CommandFailure(.undoChoice, ["change": .text(short)], next: "buntan show \(short)")
        case .nothing: CommandFailure(.undoNotOwn, ["change": .text(short)])
        }
    }
}
