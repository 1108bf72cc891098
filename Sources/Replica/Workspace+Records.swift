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
}

/// What an edit did.
package struct Edited: Sendable {
    package let committed: Committed
    /// The cells that hold another value now; `@life` and the key are not among them.
    package let cells: [CellKey]
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

    /// Writes what somebody typed to a record, all of it or nothing.
    ///
    /// - Parameters:
    ///   - key: the natural key, written where the record is new.
    ///   - seen: what its user was shown of the record, where a form was open meanwhile: what is as it was shown is left
    ///     alone, and a cell that is about to be written and has changed since is not overwritten.
    package func edit(
        _ target: EditTarget, _ assignments: [FieldAssignment], key: [(field: String, value: Value)] = [],
        seen: RecordState?? = .none, engagement: KnownEngagement? = nil, _ transaction: any StoreWriter
    ) throws -> Edited {
        let now = try self.target(target.record, kind: target.kind, in: target.space, transaction)
        let keyFields = Set(key.map(\.field))
        var cells: [CellKey: Value]
        do {
            let editing = if let seen { RecordEditing(kind: now.kind, side: now.side, state: seen) } else { now.editing }
            cells = try editing.cells(for: assignments).filter { editing.differs($0.value, in: $0.key) }
            var written = cells
            for (field, value) in key { written[CellKey(field)] = value }
            try now.editing.requireComplete(written)
        } catch { throw RecordFault.edit(now.state == nil ? nil : now.record, kind: now.kind.name, error) }
        if let seen {
            for cell in cells.keys.sorted() where now.state?[cell]?.heads.map(\.op) != seen?[cell]?.heads.map(\.op) {
                throw RecordFault.changedMeanwhile(target.record, cell)
            }
        }
        let changed = cells.keys.filter { !keyFields.contains($0.field) }.sorted()
        if !changed.isEmpty, let accepts = try readWords(of: now, key, engagement, transaction) { cells[CellKey("accepts")] = accepts }
        let draft = RecordDraft(
            record: now.record, kind: now.kind.name, cells: cells.filter { !keyFields.contains($0.key.field) }, key: key)
        let isNew = now.state == nil || now.state?.standing == .deleted
        let committed = try commit([draft], in: now.space, transaction)
        return Edited(committed: committed, cells: changed, isNew: isNew)
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
        let edit = Edit(record: now.record, kind: state.kind, ops: [Op(cell: .life, predecessors: state.allHeads)])
        return try commit([(edit, [Value.bool(false)])], in: now.space, transaction)
    }
}
