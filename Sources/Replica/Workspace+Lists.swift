package import BuntanProtocol
import Merging
package import Records
package import Storage

/// What somebody wants a list of a record to hold: its items are records of their own (design section 2).
package struct ListAssignment: Sendable {
    package struct Item: Sendable {
        /// The item that is meant; `nil` for a new one, or one that is known by what it holds.
        package let record: RecordID?
        package let assignments: [FieldAssignment]

        package init(record: RecordID? = nil, _ assignments: [FieldAssignment]) {
            self.record = record
            self.assignments = assignments
        }
    }

    package enum Content: Sendable {
        /// These items and no others.
        case exactly([Item])
        case adding([Item])
        case removing([RecordID])

        var items: [Item] {
            switch self {
            case .exactly(let items), .adding(let items): items
            case .removing: []
            }
        }
    }

    /// The kind of the items.
    package let kind: Kind
    package let content: Content

    package init(kind: Kind, _ content: Content) {
        self.kind = kind
        self.content = content
    }
}

extension StoreReader {
    /// The items of a list that a record has, in order of creation.
    ///
    /// Only those of its own organisation: whoever writes in the same space could name any record as parent.
    package func items(of record: RecordID, kind: Kind, in space: SpaceID) throws -> [StoredRecord] {
        guard let creator = try shown(record, in: space)?.creator else { return [] }
        return try records(of: kind.name, in: space, after: nil, limit: .max).filter { stored in
            stored.shown.standing != .deleted && stored.parent == record && stored.shown.creator == creator
        }.sorted { $0.id < $1.id }
    }
}

extension Workspace {
    /// The items of all lists that a record has.
    package func items(of record: RecordID, kind: String, in space: SpaceID, _ reader: any StoreReader) throws -> [StoredRecord] {
        try schema.lists(of: kind).flatMap { try reader.items(of: record, kind: $0, in: space) }
    }

    /// What is to be written to the lists of a record.
    ///
    /// - Parameter seen: the items that somebody was shown; others are left alone, and one that was changed since is not written.
    func drafts(
        of lists: [ListAssignment], in target: EditTarget, seen: [RecordID: RecordState]?, _ reader: any StoreReader
    ) throws -> [RecordDraft] {
        try lists.flatMap { try ListEdit(list: $0, target: target, seen: seen, workspace: self, reader).drafts }
    }
}

/// One list of a record, being written.
private struct ListEdit {
    private let list: ListAssignment
    private let target: EditTarget
    private let seen: [RecordID: RecordState]?
    private let workspace: Workspace
    private var held: [StoredRecord]
    private(set) var drafts: [RecordDraft] = []
    /// Ids for new items, in the order in which they were typed: those of one moment would have none.
    private var ids: ArraySlice<RecordID> = []

    init(
        list: ListAssignment, target: EditTarget, seen: [RecordID: RecordState]?, workspace: Workspace, _ reader: any StoreReader
    ) throws {
        (self.list, self.target, self.seen, self.workspace) = (list, target, seen, workspace)
        held = try reader.items(of: target.record, kind: list.kind, in: target.space)
        let new = list.content.items.count { $0.record == nil }
        ids = (0..<new).map { _ in workspace.newRecordID() }.sorted()[...]
        switch list.content {
        case .adding(let items): for (index, item) in items.enumerated() { try write(item, index) }
        case .removing(let ids): for id in ids { try remove(taken(id, index: 0)) }
        case .exactly(let items):
            let named = Set(items.compactMap(\.record))
            for (index, item) in items.enumerated() {
                if item.record == nil, takeEqual(try cells(of: item, on: nil, index), except: named) { continue }
                try write(item, index)
            }
            for rest in held where seen.map({ $0[rest.id] != nil }) ?? true { try remove(rest) }
        }
    }

    private mutating func taken(_ id: RecordID, index: Int) throws -> StoredRecord {
        guard let place = held.firstIndex(where: { $0.id == id }) else { throw RecordFault.noItem(id, kind: list.kind.name, index: index) }
        return held.remove(at: place)
    }

    /// Takes an item that holds just this for the one that is meant: a file that is read twice says nothing new.
    private mutating func takeEqual(_ cells: [CellKey: Value], except named: Set<RecordID>) -> Bool {
        let wanted = cells.filter { $0.value != .null && !($0.key.element != nil && $0.value == .bool(false)) }
        let place = held.firstIndex { stored in
            guard !named.contains(stored.id), !stored.shown.isConflicted else { return false }
            var filled: [CellKey: Value] = [:]
            for cell in stored.shown.cells where cell.key != .life && cell.key.field != Kind.parentField {
                if let value = cell.state.filled?.value, !(cell.key.element != nil && value == .bool(false)) { filled[cell.key] = value }
            }
            return filled == wanted
        }
        guard let place else { return false }
        held.remove(at: place)
        return true
    }

    private func cells(of item: ListAssignment.Item, on state: RecordState?, _ index: Int) throws -> [CellKey: Value] {
        let editing = RecordEditing(kind: list.kind, side: target.side, state: state)
        do {
            let cells = try editing.cells(for: item.assignments)
            var written = cells
            written[CellKey(Kind.parentField)] = .id(target.record)
            try editing.requireComplete(written)
            try editing.requireOrdered(written)
            return cells
        } catch { throw RecordFault.item(kind: list.kind.name, index: index, error) }
    }

    private mutating func write(_ item: ListAssignment.Item, _ index: Int) throws {
        guard let id = item.record else {
            var cells = try cells(of: item, on: nil, index).filter { $0.value != .null }
            cells[CellKey(Kind.parentField)] = .id(target.record)
            drafts.append(RecordDraft(record: ids.popFirst() ?? workspace.newRecordID(), kind: list.kind.name, cells: cells))
            return
        }
        let stored = try taken(id, index: index)
        let shown = seen?[id] ?? stored.shown
        let editing = RecordEditing(kind: list.kind, side: target.side, state: shown)
        let cells = try cells(of: item, on: shown, index).filter { editing.differs($0.value, in: $0.key) }
        try requireUnchanged(stored, cells.keys.sorted())
        if !cells.isEmpty { drafts.append(RecordDraft(record: id, kind: list.kind.name, cells: cells)) }
    }

    private mutating func remove(_ stored: StoredRecord) throws {
        if let cell = stored.shown.conflicts.first {
            throw RecordFault.item(kind: list.kind.name, index: 0, .conflicting(cell.key))
        }
        if stored.shown.isLifeOpen { throw RecordFault.item(kind: list.kind.name, index: 0, .conflicting(.life)) }
        try requireUnchanged(stored, stored.shown.cells.map(\.key))
        drafts.append(RecordDraft(record: stored.id, kind: list.kind.name, cells: [.life: .bool(false)]))
    }

    private func requireUnchanged(_ stored: StoredRecord, _ cells: [CellKey]) throws {
        guard let before = seen?[stored.id] else { return }
        for cell in cells where stored.shown[cell]?.heads.map(\.op) != before[cell]?.heads.map(\.op) {
            throw RecordFault.changedMeanwhile(stored.id, cell)
        }
    }
}
