import BuntanProtocol
import Merging
import Records
import Replica
import Storage
import Syncing
import TestKit

/// What a person typed, before any replica made something of it.
enum TypedWrite {
    case drafts([RecordDraft], SpaceID)
    /// A choice among the values of one cell.
    case resolution(Edit, Value, SpaceID)
    case publication(label: String)

    var name: String {
        switch self {
        case .drafts(let drafts, _):
            drafts.first?.cells[.life].map { $0 == .bool(false) ? "delete" : "restore" } ?? drafts.first?.kind ?? "-"
        case .resolution: "resolve"
        case .publication: "publish"
        }
    }
}

/// Makes up what people do, so that they meet: few records, few fields, few values.
struct Typist {
    /// Who takes part, as far as this is known.
    var world: FoundedWorld
    private var releases = 1

    init(_ world: FoundedWorld) { self.world = world }

    private enum Deed: CaseIterable {
        case draft, publish, accept, acceptAll, position, comment, note, editNote, settle, live, again, twice

        static func weights(_ firm: Firm) -> [(Deed, Int)] {
            firm.isCustomer
                ? [
                    (.accept, 12), (.position, 34), (.comment, 9), (.note, 9), (.editNote, 14), (.settle, 26), (.live, 16), (.again, 5),
                    (.twice, 3),
                ]
                : [
                    (.draft, 24), (.publish, 12), (.accept, 5), (.position, 16), (.comment, 9), (.note, 9), (.editNote, 8), (.settle, 26),
                    (.live, 16), (.again, 5), (.twice, 3),
                ]
        }
    }

    /// Returns what brings two sides to an agreement, and away from it again: a release of other words, or a row accepted.
    mutating func haste(for author: Participant, _ draw: inout SeededRandom) throws -> TypedWrite? {
        try next(author.firm.isCustomer ? .acceptAll : Bool.random(using: &draw) ? .draft : .publish, for: author, &draw)
    }

    /// Returns what the owner of a replica does next, on what it sees; `nil` if there is nothing to do of the kind drawn.
    mutating func next(for author: Participant, _ draw: inout SeededRandom) throws -> TypedWrite? {
        let weights = Deed.weights(author.firm)
        var left = Int.random(in: 0..<weights.reduce(0) { $0 + $1.1 }, using: &draw)
        let deed =
            weights.first {
                left -= $0.1; return left < 0
            }?.0 ?? .note
        return try next(deed, for: author, &draw)
    }

    private mutating func next(_ deed: Deed, for author: Participant, _ draw: inout SeededRandom) throws -> TypedWrite? {
        if case .publish = deed {
            // Who begins anew has nothing to publish yet.
            let service = world.service
            let isHere = try author.store.read { reader in
                try reader.standing(of: service.service) != nil && reader.spaceKeys(of: [service.draft]).newest(of: service.draft) != nil
            }
            guard isHere else { return nil }
            releases += 1
            return .publication(label: "r\(releases)")
        }
        let engagement =
            author.firm.isCustomer
            ? world.engagements[author.firm]
            : world.engagements.sorted { $0.key.rawValue < $1.key.rawValue }.randomElement(using: &draw)?.value
        guard let theirs = engagement, let home = world.homes[author.firm] else { return nil }
        return try author.store.read { reader in
            guard try reader.standing(of: home) != nil else { return nil }
            let known = author.firm.isCustomer ? theirs : world.providerEngagements[theirs.space]
            guard let engagement = known, try reader.standing(of: engagement.space) != nil else { return nil }
            let scene = Scene(world: world, author: author, engagement: engagement, home: home, reader: reader)
            return switch deed {
            case .draft: .drafts([scene.draftRow(scene.row(&draw), &draw)], world.service.draft)
            case .accept:
                try scene.acceptance(scene.row(&draw)).map { .drafts([$0], engagement.space) }
            case .acceptAll: try scene.acceptances().map { .drafts($0, engagement.space) }
            case .position: .drafts([try scene.position(scene.row(&draw), &draw)], engagement.space)
            case .comment:
                .drafts(
                    [author.workspace.comment(on: scene.rowID, text: author.firm.mark + " comment " + scene.chance(&draw))],
                    engagement.space)
            case .note: .drafts([author.workspace.note(on: scene.rowID, text: author.firm.mark + " note " + scene.chance(&draw))], home)
            case .editNote: try scene.noteEdit(&draw).map { .drafts([$0], home) }
            case .settle: try scene.settlement(&draw)
            case .live: try scene.life(&draw)
            case .again: try scene.again(scene.row(&draw)).map { .drafts([$0], engagement.space) }
            case .twice:
                .drafts([try scene.position(scene.row(&draw), &draw), try scene.position(scene.row(&draw), &draw)], engagement.space)
            case .publish: nil
            }
        }
    }
}

/// What one person has in front of it.
private struct Scene {
    let world: FoundedWorld
    let author: Participant
    let engagement: KnownEngagement
    let home: SpaceID
    let reader: any StoreReader

    private static let allocations = ["provider", "customer", "shared"]
    private static let roles = [RecordID(high: 0x0190_0000_0000_7000, low: 1), RecordID(high: 0x0190_0000_0000_7000, low: 2)]

    func row(_ draw: inout SeededRandom) -> RowKey {
        let index = Int.random(in: 0..<10, using: &draw)
        return RowKey(framework: "iso27017-2015", controlId: FoundedWorld.controls[index < 7 ? 0 : index < 9 ? 1 : 2])
    }

    var rowID: RecordID { RowKey(framework: "iso27017-2015", controlId: FoundedWorld.controls[0]).responsibility(in: engagement.service) }

    /// Letters that nobody else types, so that they can be looked for.
    func chance(_ draw: inout SeededRandom) -> String { String(UInt64.random(in: .min ... .max, using: &draw), radix: 36) }

    private func text(_ draw: inout SeededRandom) -> Value {
        switch Int.random(in: 0..<10, using: &draw) {
        case 0..<2: .null
        case 2..<9: .text("\(author.firm.mark) \(["a", "b", "c"][Int.random(in: 0..<3, using: &draw)])")
        default: .text("\(author.firm.mark) 分担")
        }
    }

    private func allocation(_ draw: inout SeededRandom, clears: Bool) -> Value {
        if clears, Int.random(in: 0..<6, using: &draw) == 0 { return .null }
        return .text(Self.allocations[Int.random(in: 0..<3, using: &draw)])
    }

    private func member(_ draw: inout SeededRandom) -> (CellKey, Value) {
        (CellKey("responsible", .record(Self.roles[Int.random(in: 0..<2, using: &draw)])), .bool(Bool.random(using: &draw)))
    }

    func draftRow(_ row: RowKey, _ draw: inout SeededRandom) -> RecordDraft {
        var cells: [CellKey: Value] = [:]
        for _ in 0..<Int.random(in: 1...2, using: &draw) {
            switch Int.random(in: 0..<6, using: &draw) {
            case 0..<2: cells[CellKey("allocation")] = allocation(&draw, clears: false)
            case 2..<4: cells[CellKey("customerAction", "en")] = text(&draw)
            case 4: cells[CellKey("providerStatement", "ja")] = text(&draw)
            default:
                cells[CellKey("foundStatuses", ["planned", "n-a"][Int.random(in: 0..<2, using: &draw)])] = .bool(Bool.random(using: &draw))
            }
        }
        return RecordDraft(space: world.service.draft, kind: "responsibility", key: row.fields, cells: cells)
    }

    func acceptance(_ row: RowKey) throws -> RecordDraft? {
        do { return try author.workspace.acceptance(of: row, in: engagement, reader) } catch is RowFault { return nil }
    }

    /// Acceptances of all rows that can be accepted.
    func acceptances() throws -> [RecordDraft]? {
        let drafts = try FoundedWorld.controls.compactMap { try acceptance(RowKey(framework: "iso27017-2015", controlId: $0)) }
        return drafts.isEmpty ? nil : drafts
    }

    func position(_ row: RowKey, _ draw: inout SeededRandom) throws -> RecordDraft {
        var cells: [CellKey: Value] = [:]
        for _ in 0..<Int.random(in: 1...3, using: &draw) {
            switch Int.random(in: 0..<8, using: &draw) {
            case 0..<3: cells[CellKey("allocation")] = allocation(&draw, clears: true)
            case 3..<5: cells[CellKey(author.firm.isCustomer ? "customerStatement" : "customerAction", "en")] = text(&draw)
            case 5: cells[CellKey("boundaryNote", "ja")] = text(&draw)
            default:
                let (cell, value) = member(&draw)
                cells[cell] = value
            }
        }
        return author.workspace.position(row, in: engagement, row: try author.workspace.row(row, of: engagement, reader), cells: cells)
    }

    func noteEdit(_ draw: inout SeededRandom) throws -> RecordDraft? {
        guard let note = try reader.records(of: "annotation", in: home, after: nil, limit: 2).randomElement(using: &draw) else {
            return nil
        }
        return RecordDraft(
            record: note.id, kind: "annotation",
            cells: [
                CellKey(Bool.random(using: &draw) ? "text" : "label"): .text(
                    "\(author.firm.mark) \(["x", "y"][Int.random(in: 0..<2, using: &draw)])")
            ])
    }

    /// The values that stand, typed once more.
    func again(_ row: RowKey) throws -> RecordDraft? {
        let id = row.position(of: engagement.seat, in: engagement.space)
        guard let state = try reader.shown(id, in: engagement.space), state.isAlive else { return nil }
        var cells: [CellKey: Value] = [:]
        for cell in state.cells where cell.key != .life && !["framework", "controlId", "itemKey", "side"].contains(cell.key.field) {
            if case .settled(let value?, _) = cell.state { cells[cell.key] = value.value }
        }
        return RecordDraft(record: id, kind: state.kind, cells: cells)
    }

    private var ownSpaces: [SpaceID] { author.firm.isCustomer ? [engagement.space, home] : [world.service.draft, engagement.space, home] }

    /// Settles one conflict of its own, by a value that stands or by another.
    func settlement(_ draw: inout SeededRandom) throws -> TypedWrite? {
        for space in ownSpaces.shuffled(using: &draw) {
            guard let brief = try reader.conflicted(in: space).randomElement(using: &draw),
                let state = try reader.shown(brief.id, in: space),
                state.creator == world.organisations[author.firm]
            else { continue }
            if state.standing != .alive { return bringBackOrDelete(brief.id, state, in: space, &draw) }
            guard let cell = state.conflicts.randomElement(using: &draw), let head = cell.heads.randomElement(using: &draw) else {
                continue
            }
            let edit = Edit(record: brief.id, kind: state.kind, ops: [Op(cell: cell.key, predecessors: cell.heads.map(\.op))])
            return .resolution(edit, head.value?.value ?? .null, space)
        }
        return nil
    }

    /// Deletes something of its own, or brings it back.
    func life(_ draw: inout SeededRandom) throws -> TypedWrite? {
        let space = ownSpaces.randomElement(using: &draw) ?? home
        let id: RecordID
        if space == home {
            guard let note = try reader.records(of: "annotation", in: home, after: nil, limit: 2).randomElement(using: &draw) else {
                return nil
            }
            id = note.id
        } else if space == world.service.draft {
            id = row(&draw).responsibility(in: space)
        } else {
            id = row(&draw).position(of: engagement.seat, in: space)
        }
        guard let state = try reader.shown(id, in: space) else { return nil }
        return bringBackOrDelete(id, state, in: space, &draw)
    }

    private func bringBackOrDelete(_ id: RecordID, _ state: RecordState, in space: SpaceID, _ draw: inout SeededRandom) -> TypedWrite? {
        let deletes = state.standing == .alive || state.standing != .deleted && Bool.random(using: &draw)
        if deletes { return .drafts([RecordDraft(record: id, kind: state.kind, cells: [.life: .bool(false)])], space) }
        var cells: [CellKey: Value] = [.life: .bool(true)]
        var key: [(field: String, value: Value)] = []
        switch state.kind {
        case "annotation":
            cells[CellKey("row")] = .id(rowID)
            cells[CellKey("text")] = text(&draw)
        case "responsibility", "responsibility-position":
            cells[CellKey("allocation")] = allocation(&draw, clears: false)
            for control in FoundedWorld.controls {
                let row = RowKey(framework: "iso27017-2015", controlId: control)
                if id == row.responsibility(in: space) { key = row.fields }
                if id == row.position(of: engagement.seat, in: space) { key = row.fields + [("side", .text(engagement.seat.name))] }
            }
        default: return nil
        }
        return .drafts([RecordDraft(record: id, kind: state.kind, cells: cells, key: key)], space)
    }
}
