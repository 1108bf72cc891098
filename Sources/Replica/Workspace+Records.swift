package import BuntanProtocol
import ChangeLog
import Syncing
package import Merging
package import Records
package import Storage

/// A record that a command is to change, as it stands now; `state` is `nil` for one that is about to begin.
package struct EditTarget: Sendable {
    package let space: SpaceID
    package let record: RecordID
    package let kind: Kind
    package let state: RecordState?
    /// The side that writes; `nil` in a private space.
    package let side: Side?

    package init(space: SpaceID, record: RecordID, kind: Kind, state: RecordState?, side: Side?) {
        self.space = space
        self.record = record
        self.kind = kind
        self.state = state
        self.side = side
    }

    package var editing: RecordEditing { RecordEditing(kind: kind, side: side, state: state) }
}

/// Why a record cannot be changed as asked.
package enum RecordFault: Error, Hashable, Sendable {
    /// Another organisation's.
    case notOwn(RecordID, kind: String, owner: OrganisationID)
    /// A value that its user had been shown was changed by another process meanwhile.
    case changedMeanwhile(RecordID, CellKey)
    case deleted(RecordID)
    case edit(RecordID?, kind: String, RecordEditFault)
    /// An item of a list, by its place among those given.
    case item(kind: String, index: Int, RecordEditFault)
    /// A list has no such item.
    case noItem(RecordID, kind: String, index: Int)
}

/// What an edit did.
package struct Edited: Sendable {
    package let committed: Committed
    /// The cells that hold another value now; `@life` and the key are not among them.
    package let cells: [CellKey]
    /// The lists of which items were written or removed, by their names.
    package let lists: [String]
    package let isNew: Bool
}

extension Workspace {
    /// The target of an edit: a record with what may be written to it.
    package func target(_ record: RecordID, kind: Kind, in space: SpaceID, _ reader: any StoreReader) throws -> EditTarget {
        let identity = try reader.identity()
        let standing = try reader.standing(of: space)
        let side = standing?.genesis.type == .private ? nil : standing?.genesis.party(identity.organisation)?.side
        let state = try reader.shown(record, in: space)
        if let state, state.creator != identity.organisation {
            throw RecordFault.notOwn(record, kind: state.kind, owner: state.creator)
        }
        return EditTarget(space: space, record: record, kind: kind, state: state, side: side)
    }

    /// The id of a record that is about to begin, for kinds without a natural key.
    package func newRecordID() -> RecordID {
        var random = draw
        return RecordID.timeOrdered(millis: clock.now(), random: random.nonce())
    }

    /// The key that a record of a kind has here by itself: fields that say whose it is.
    ///
    /// `nil` where a person has to name the record.
    package func ownKey(of kind: Kind, side: Side?, _ reader: any StoreReader) throws -> [(field: String, value: Value)]? {
        guard let fields = kind.key else { return nil }
        let identity = try reader.identity()
        var key: [(field: String, value: Value)] = []
        for field in fields {
            switch field {
            case "org": key.append((field, .id(identity.organisation)))
            case "side":
                guard let side else { return nil }
                key.append((field, .text(side.name)))
            default: return nil
            }
        }
        return key
    }

    /// What somebody typed to one of several records that are written together, as a draft; `nil` where nothing differs.
    ///
    /// - Parameters: as with `edit`. Whoever commits the drafts writes all of them or none.
    package func draft(
        _ target: EditTarget, _ assignments: [FieldAssignment], key: [(field: String, value: Value)], seen: RecordState?? = .none,
        _ transaction: any StoreWriter
    ) throws -> RecordDraft? {
        let now = try self.target(target.record, kind: target.kind, in: target.space, transaction)
        if case let shown?? = seen, shown.standing != .deleted, now.state?.standing == .deleted { throw RecordFault.deleted(now.record) }
        let keyFields = Set(key.map(\.field))
        let cells = try cells(of: now, assignments, key: key, seen: seen, transaction).filter { !keyFields.contains($0.key.field) }
        return cells.isEmpty ? nil : RecordDraft(record: now.record, kind: now.kind.name, cells: cells, key: key)
    }

    /// The cells of a record that differ from what was typed.
    private func cells(
        of now: EditTarget, _ assignments: [FieldAssignment], key: [(field: String, value: Value)], seen: RecordState??,
        _ transaction: any StoreWriter
    ) throws -> [CellKey: Value] {
        let cells: [CellKey: Value]
        do {
            let editing = if let seen { RecordEditing(kind: now.kind, side: now.side, state: seen) } else { now.editing }
            cells = try editing.cells(for: assignments).filter { editing.differs($0.value, in: $0.key) }
            var written = cells
            for (field, value) in key { written[CellKey(field)] = value }
            try now.editing.requireComplete(written)
            try now.editing.requireOrdered(written)
            if now.state == nil, let list = now.kind.list {
                try requireParent(written[CellKey(Kind.parentField)], list.parent, now, transaction)
            }
        } catch let fault as RecordEditFault {
            throw RecordFault.edit(now.state == nil ? nil : now.record, kind: now.kind.name, fault)
        }
        if let seen {
            for cell in cells.keys.sorted() where now.state?[cell]?.heads.map(\.op) != seen?[cell]?.heads.map(\.op) {
                throw RecordFault.changedMeanwhile(now.record, cell)
            }
        }
        return cells
    }

    /// Writes what somebody typed to a record, all of it or nothing.
    ///
    /// - Parameters:
    ///   - lists: what its lists are to hold.
    ///   - key: the natural key, written where the record is new.
    ///   - seen: what its user was shown of the record, where a form was open meanwhile: what is as it was shown is left
    ///     alone, and a cell that is about to be written and has changed since is not overwritten.
    ///   - seenItems: the same of the items of its lists.
    package func edit(
        _ target: EditTarget, _ assignments: [FieldAssignment], lists: [ListAssignment] = [], key: [(field: String, value: Value)] = [],
        seen: RecordState?? = .none, seenItems: [RecordID: RecordState]? = nil, engagement: KnownEngagement? = nil,
        _ transaction: any StoreWriter
    ) throws -> Edited {
        let now = try self.target(target.record, kind: target.kind, in: target.space, transaction)
        if case let shown?? = seen, shown.standing != .deleted, now.state?.standing == .deleted { throw RecordFault.deleted(now.record) }
        let keyFields = Set(key.map(\.field))
        var cells = try self.cells(of: now, assignments, key: key, seen: seen, transaction)
        let changed = cells.keys.filter { !keyFields.contains($0.field) }.sorted()
        // Whoever writes another allocation for an item answers it for itself.
        if changed.contains(CellKey("allocation")), now.state?.saysItFollows == true {
            cells[CellKey("followsControl"), default: .null] = .null
        }
        if !changed.isEmpty, let accepts = try readWords(of: now, key, engagement, transaction) { cells[CellKey("accepts")] = accepts }
        let draft = RecordDraft(
            record: now.record, kind: now.kind.name, cells: cells.filter { !keyFields.contains($0.key.field) }, key: key)
        let isNew = now.state == nil || now.state?.standing == .deleted
        let items = try drafts(of: lists, in: now, seen: seenItems, transaction)
        let committed = try commit([draft] + items, in: now.space, transaction)
        let written = lists.compactMap { list in items.contains { $0.kind == list.kind.name } ? list.kind.list?.name : nil }
        return Edited(committed: committed, cells: changed, lists: written, isNew: isNew)
    }

    /// An item is part of a record of its own organisation in the same space, or nobody would see it.
    private func requireParent(_ value: Value?, _ kind: String, _ target: EditTarget, _ reader: any StoreReader) throws {
        let id = value?.bytes.flatMap { RecordID($0) }
        let parent = try id.flatMap { try reader.shown($0, in: target.space) }
        guard let parent, parent.kind == kind, parent.isAlive, parent.creator == (try reader.identity()).organisation else {
            let typed = id?.uuid ?? ""
            throw RecordEditFault.badValue(field: Kind.parentField, typed: typed, .notAnID(typed))
        }
    }

    /// What a customer has read when it writes its own position on a row.
    private func readWords(
        of target: EditTarget, _ key: [(field: String, value: Value)], _ engagement: KnownEngagement?, _ reader: any StoreReader
    ) throws -> Value? {
        guard target.kind.name == "responsibility-position", let engagement, engagement.side == .customer else { return nil }
        func part(_ field: String) -> String? { key.first { $0.field == field }?.value.text ?? target.state?.text(field) }
        guard let framework = part("framework"), let control = part("controlId"), let item = part("itemKey") else { return nil }
        let key = RowKey(framework: framework, controlId: control, itemKey: item)
        return try row(key, of: engagement, reader).negotiation.accepts.map { .fixed($0) }
    }

    /// Marks a record deleted: the op names every head it takes away, so an edit made elsewhere meanwhile survives.
    package func delete(_ target: EditTarget, _ transaction: any StoreWriter) throws -> Committed {
        let now = try self.target(target.record, kind: target.kind, in: target.space, transaction)
        guard let state = now.state, state.standing != .deleted else { throw RecordFault.deleted(target.record) }
        if state.isConflicted {
            let cell = state.standing == .alive ? state.conflicts[0].key : .life
            throw RecordFault.edit(target.record, kind: state.kind, .conflicting(cell))
        }
        // What is part of it goes with it, and comes back with it: one act.
        let parts = try items(of: now.record, kind: state.kind, in: now.space, transaction)
        if let part = parts.first(where: { $0.shown.isConflicted }) {
            throw RecordFault.edit(part.id, kind: part.shown.kind, .conflicting(part.shown.conflicts[0].key))
        }
        let edits = ([(now.record, state)] + parts.map { ($0.id, $0.shown) }).map { id, state in
            (Edit(record: id, kind: state.kind, ops: [Op(cell: .life, predecessors: state.allHeads)]), [Value.bool(false)])
        }
        return try commit(edits, in: now.space, transaction)
    }
}
