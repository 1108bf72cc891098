import BuntanProtocol
import ChangeLog
import Foundation
import Merging
import Records
import Replica
import Storage
import Syncing
import Wording

/// What somebody typed to name one of anything, found (commands.md section 3).
enum Addressed {
    case row(MatrixRow)
    case record(SpaceID, RecordID)
    case change(SpaceID, ChangeID)
    case device(DeviceID)
    case service(KnownService)
    case engagement(KnownEngagement)
    case invitation(InvitationID)
}

/// Finds rows by their addresses, releases by their labels, services and engagements by their handles too, and everything else
/// by short or full ids.
///
/// The rows are looked through when the first word asks for one, and read only where they are meant.
final class Addresses {
    let words: RecordWords
    let scope: RecordScope
    private let selection: Selection?
    private let workspace: Workspace
    private let reader: any StoreReader
    private let times: TimeDisplay
    private var known: RowSelection?

    init(_ selection: Selection?, _ selector: Selector, _ workspace: Workspace, _ reader: any StoreReader) throws {
        words = try RecordWords(selector, reader, schema: workspace.schema)
        scope = try selector.scope(selection, reader)
        times = selector.invocation.times
        self.selection = selection
        self.workspace = workspace
        self.reader = reader
    }

    private func rows() throws -> RowSelection {
        if let known { return known }
        let made = RowSelection(try selection.map { try Matrix.keys($0, workspace, reader) } ?? [])
        known = made
        return made
    }

    func find(_ typed: String) throws -> [Addressed] {
        if let release = try release(typed) { return [release] }
        switch words.index.find(typed) {
        case .one(let thing): return [try addressed(thing)]
        case .several(let things):
            throw CommandFailure(.ambiguousID, ["id": .text(typed)], candidates: try things.sorted(by: precedes).map(candidate))
        case .none(let nearest):
            // An id of letters alone may be a family as well; where it is none, what it is no id of is said below.
            let known = try rows()
            if let keys = try? known.rows([typed]) { return try found(keys) }
            if let place = place(typed) { return [place] }
            throw CommandFailure(.unknownID, ["id": .text(typed)], candidates: try nearest.sorted(by: precedes).map(candidate))
        case .notAShortID:
            let keys: [RowKey]
            do { keys = try rows().rows([typed]) } catch let error as CommandFailure {
                if let place = place(typed) { return [place] }
                // A full id that nothing here has, as of another tenant, is no row that somebody has mistyped.
                if RecordID(uuid: typed.lowercased()) != nil { throw CommandFailure(.unknownID, ["id": .text(typed)]) }
                throw error
            }
            return try found(keys)
        }
    }

    private func place(_ handle: String) -> Addressed? {
        words.directory.services.first { $0.handle == handle }.map { .service($0) }
            ?? words.directory.engagements.first { $0.handle == handle }.map { .engagement($0) }
    }

    /// The one thing that a word names; one that stands for several rows says how each is named.
    func record(_ typed: String) throws -> Addressed {
        let found = try find(typed)
        guard let only = found.first, found.count == 1 else {
            throw try rows().several(
                typed, found.compactMap { if case .row(let row) = $0 { row.key } else { nil } })
        }
        return only
    }

    /// The one thing that a word names; a change that wrote one record, as a remark's does, stands for it.
    func written(_ typed: String) throws -> Addressed {
        let found = try record(typed)
        guard case .change(let space, let id) = found, let edits = try SpaceHistory(space, reader)?.change(id)?.edits,
            let only = edits.first, edits.count == 1
        else { return found }
        return try addressed(.record(only.record))
    }

    /// The row whose published record or draft this is.
    func row(_ record: RecordID) throws -> MatrixRow? {
        guard let selection else { return nil }
        for space in [scope.service, scope.draft].compactMap({ $0 }) {
            guard let state = try reader.shown(record, in: space), state.kind == "responsibility",
                let key = try workspace.heldKey(of: state, in: space, reader)?.key
            else { continue }
            return try Matrix.row(key, of: selection, workspace, reader)
        }
        return nil
    }

    private func found(_ keys: [RowKey]) throws -> [Addressed] {
        guard let selection else { return [] }
        return try keys.map { .row(try Matrix.row($0, of: selection, workspace, reader)) }
    }

    private func release(_ typed: String) throws -> Addressed? {
        guard let service = scope.service else { return nil }
        let found = try reader.briefs(of: "release", in: service).first { stored in
            if case .release(let label, _)? = RecordBrief(decoding: stored.brief) { label == typed } else { false }
        }
        return found.map { .record(service, $0.id) }
    }

    private func addressed(_ thing: NamedThing) throws -> Addressed {
        switch thing {
        case .change(let id):
            guard let space = words.index.changes[id] else { throw CommandFailure(.unknownID, ["id": .text(id.hex)]) }
            return .change(space, id)
        case .device(let id): return .device(id)
        case .invitation(let id): return .invitation(id)
        case .space(let id):
            if let service = words.directory.services.first(where: { $0.service == id }) { return .service(service) }
            guard let engagement = words.directory.engagements.first(where: { $0.space == id }) else {
                throw CommandFailure(.unknownID, ["id": .text(id.hex)])
            }
            return .engagement(engagement)
        case .record(let id):
            let places = words.index.records[id] ?? []
            // A copy that was published has the id of its draft: what is worked on comes first.
            let place = scope.spaces.lazy.compactMap { space in places.first { $0.space == space } }.first ?? places.first
            guard let place else { throw CommandFailure(.unknownID, ["id": .text(id.uuid)]) }
            if place.kind == "responsibility", let row = try row(id), row.rowID == id { return .row(row) }
            return .record(place.space, id)
        }
    }

    // MARK: candidates

    private func precedes(_ a: NamedThing, _ b: NamedThing) -> Bool { words.index.short(a) < words.index.short(b) }

    /// A thing with its kind, author and date.
    private func candidate(_ thing: NamedThing) throws -> CommandFailure.Candidate {
        CommandFailure.Candidate(name: words.index.short(thing), detail: try detail(thing).joined(separator: ", "))
    }

    private func detail(_ thing: NamedThing) throws -> [String] {
        switch thing {
        case .device: return [TermPhrases.device.text(in: times.language)]
        case .invitation: return [TermPhrases.invitation.text(in: times.language)]
        case .space(let id):
            if let service = words.directory.services.first(where: { $0.service == id }) {
                return [TermPhrases.service.text(in: times.language), service.handle]
            }
            let handle = words.directory.engagements.first { $0.space == id }?.handle
            return [TermPhrases.engagement.text(in: times.language)] + [handle].compactMap { $0 }
        case .change(let id):
            let change = try words.index.changes[id].flatMap { try SpaceHistory($0, reader)?.change(id) }
            return [TermPhrases.headChange.text(in: times.language).lowercased()] + author(of: change)
        case .record(let id):
            guard let place = words.index.records[id]?.first else { return [] }
            let title = words.title(try reader.shown(id, in: place.space))
            return [place.kind] + (title.map { [$0] } ?? [])
                + author(of: try SpaceHistory(place.space, reader)?.changes(of: id).first)
        }
    }

    private func author(of change: RecordedChange?) -> [String] {
        guard let change else { return [] }
        return [change.label ?? words.name(change.organisation), times.day(Date(milliseconds: change.time)).text]
    }
}
