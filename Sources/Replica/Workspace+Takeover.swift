package import BuntanProtocol
import ChangeLog
import Records
package import Storage
import Syncing

/// What became of a change of another device.
package enum Takeover: Hashable, Sendable {
    /// Made anew in this device's name.
    case taken(ChangeID)
    /// The log has it, or it was taken over before.
    case known
    case refused(Refusal)
}

/// Changes of another device of the organisation, made anew here one by one (sync.md section 5).
///
/// Each names the values it replaces as its author saw them, so that what was written meanwhile becomes a conflict and is
/// not lost; ops of changes taken over before are named by their new ids.
package struct TakeoverSession {
    private let workspace: Workspace
    private var renamed: [ChangeID: ChangeID] = [:]

    package init(_ workspace: Workspace) { self.workspace = workspace }

    /// Takes one change, in a transaction of its own; a later one may follow it.
    package mutating func take(_ signed: SignedChange) throws -> Takeover {
        do {
            let change = try Change(decoding: signed.bytes)
            let (outcome, id) = try workspace.store.write { try workspace.takeOver(signed, change, renamed: renamed, $0) }
            if let id { renamed[change.id] = id }
            return outcome
        } catch is DecodingFault {
            return .refused(Refusal(.malformed, "change"))
        } catch WorkspaceFault.refused(let refusal, _) {
            return .refused(refusal)
        } catch WorkspaceFault.notEnrolled {
            return .refused(Refusal(.noRight))
        }
    }
}

extension Workspace {
    /// The changes of the outbox as they were signed, for a file.
    package func outboxPackage(_ items: [OutboxItem], _ reader: any StoreReader) throws -> OutboxPackage {
        OutboxPackage(organisation: try reader.identity().organisation, changes: items.map(\.item.signed))
    }

    fileprivate func takeOver(
        _ signed: SignedChange, _ change: Change, renamed: [ChangeID: ChangeID], _ transaction: any StoreWriter
    ) throws -> (Takeover, ChangeID?) {
        let space = change.space
        let chain = try ownOrganisationChain(transaction)
        // Whoever the file is from: only what a device of this organisation has signed is made its own.
        guard let author = chain.devices[change.device] else { return (.refused(Refusal(.notOwner, "device")), nil) }
        guard try transaction.standing(of: space) != nil else { return (.refused(Refusal(.notFound)), nil) }
        if let bytes = try transaction.value(StoredName.takenOver(change.id)) { return (.known, ChangeID(bytes)) }
        let outbox = try transaction.outbox(of: space)
        if try transaction.place(of: change.id, in: space) != nil || outbox.contains(where: { $0.item.change == change.id }) {
            return (.known, nil)
        }
        let received: ReceivedChange
        do {
            received = try ReceivedChange(checking: signed, keys: try transaction.spaceKeys(of: [space]))
        } catch let refusal as Refusal { return (.refused(refusal), nil) }
        if let unsound = received.unsound { return (.refused(unsound), nil) }
        guard let opened = received.opened else { return (.refused(Refusal(.noRight, "space_key")), nil) }

        let here = Set(outbox.map(\.item.change))
        var edits: [(edit: Edit, values: [Value])] = []
        var next = 0
        for edit in opened.edits {
            var ops: [Op] = []
            var values: [Value] = []
            for op in edit.ops {
                var predecessors: [OpID] = []
                for named in op.predecessors {
                    if let new = renamed[named.change] {
                        predecessors.append(OpID(new, named.index))
                    } else if try here.contains(named.change) || transaction.place(of: named.change, in: space) != nil {
                        predecessors.append(named)
                    } else {
                        return (.refused(Refusal(.unknownPredecessor, op.cell.field)), nil)
                    }
                }
                ops.append(Op(cell: op.cell, predecessors: predecessors.sorted()))
                guard let value = opened.payload[next]?.value else { return (.refused(Refusal(.malformed, "payload")), nil) }
                values.append(value)
                next += 1
            }
            edits.append((Edit(record: edit.record, kind: edit.kind, ops: ops), values))
        }
        let committed = try commit(edits, in: space, transaction)
        guard committed.changes.count == 1, let id = committed.changes.first else { return (.refused(Refusal(.tooLarge, "change")), nil) }
        try transaction.setValue(id.bytes, for: StoredName.takenOver(change.id))
        try recordSigner(of: change, author, record: opened.edits[0].record, transaction)
        return (.taken(id), id)
    }

    /// Keeps, among the organisation's own records, who signed first what another device has made its own.
    private func recordSigner(
        of change: Change, _ author: EnrolledDevice, record: RecordID, _ transaction: any StoreWriter
    ) throws {
        guard let home = try transaction.identity().home else { return }
        var random = draw
        let words = [author.label, change.device.hex, change.id.hex, String(change.time)]
        let draft = RecordDraft(
            record: RecordID.timeOrdered(millis: clock.now(), random: random.nonce()), kind: "annotation",
            cells: [
                CellKey("row"): .id(record), CellKey("label"): .text(Self.takeoverLabel),
                CellKey("text"): .text(words.joined(separator: " ")),
            ])
        _ = try commit([draft], in: home, transaction)
    }

    /// What remarks on changes that were taken over are filed under.
    package static let takeoverLabel = "outbox-import"
}

extension StoredName {
    /// What a change of another device is called since it was taken over.
    static func takenOver(_ change: ChangeID) -> String { "taken-over/\(change.hex)" }
}
