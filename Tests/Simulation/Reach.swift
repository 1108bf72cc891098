import BuntanProtocol
import MergeReference
import Merging
import Records
import Replica
import Storage
import TestKit

/// The rows of the tables of sync.md section 4, as a run can meet them.
package enum TableRow: String, CaseIterable, Codable, CodingKeyRepresentable, Sendable {
    // The steps of one text field.
    case written, writtenConcurrently, settled, writtenOverSuperseded
    /// A value that was erased, its head standing.
    case erased
    // The cases.
    case equalHeads, equalHeadsNamed, clearedAndRewritten, contestedElement, deleted, restored
    case deletedHereEditedThere, thatRestored, thatDeletedAgain, contestedLife, seam, seamCleared
    // The negotiation.
    case unpublished, open, agreed, disputed, disputedAgain, unsettled, reworded
    /// A row of a publish under way.
    case unreleased
    // What agreements are worth that both have signed (section 6).
    case inForce, stale, ended, superseded
    // What a device that is new is shown ahead of its log, goes on with, writes on, and has verified (section 8).
    case shownAhead, resumedAhead, writtenAhead, verified
    // A word that a server kept from somebody, checkpoints and records that somebody forged, evidence that was checked and damaged.
    case withheld, forged, forgedRecords, proved, unfrozen
}

/// How often each row of the tables was met, read from logs op by op.
struct Reach: Sendable {
    private(set) var rows: [TableRow: Int] = [:]
    private(set) var refusals: [String: Int] = [:]
    private var standings: [String: ReferenceNegotiation] = [:]

    mutating func add(_ other: Reach) {
        rows.merge(other.rows, uniquingKeysWith: +)
        refusals.merge(other.refusals, uniquingKeysWith: +)
    }

    mutating func note(_ row: TableRow) { met(row) }

    private mutating func met(_ row: TableRow) { rows[row, default: 0] += 1 }

    mutating func note(refusal code: Code?, _ detail: String?) { refusals["\(code?.rawValue ?? "-") \(detail ?? "")", default: 0] += 1 }

    // MARK: merging

    mutating func note(_ logs: some Collection<ReferenceLog>) { for log in logs { note(log) } }

    private mutating func note(_ log: ReferenceLog) {
        var model = ReferenceModel()
        var seams: [RecordID: Int] = [:]
        // How each record stands: what one change leaves is what the next one meets.
        var pictures: [RecordID: Picture] = [:]
        for change in log.changes {
            let ops = change.ops
            let records = Set(ops.map(\.record))
            model.add(ops)
            for record in records {
                let before = pictures[record] ?? Picture()
                let after = Picture(model, record)
                pictures[record] = after
                let own = ops.filter { $0.record == record }
                if own.contains(where: { $0.value == nil }) { met(.erased) }
                for op in own where op.cell != .life { note(op, before.heads[op.cell] ?? [], after.heads[op.cell] ?? []) }
                note(lifeFrom: before.standing, to: after.standing)
                let cells = Set(own.map(\.cell))
                let leavesUnseen =
                    !before.heads.isEmpty
                    && after.heads.contains { cell, heads in
                        !cells.contains(cell) && heads.contains { $0.position >= change.baseSize && $0.author != change.author }
                    }
                if leavesUnseen {
                    met(.seam)
                    seams[record] = change.position
                } else if let seam = seams[record], seam < change.baseSize {
                    met(.seamCleared)
                    seams[record] = nil
                }
            }
        }
    }

    private mutating func note(_ op: LoggedOp, _ before: [LoggedOp], _ after: [LoggedOp]) {
        let values = Set(after.map(\.value))
        let named = Set(before.map(\.id)).isSubset(of: op.predecessors)
        if after.count == 1, before.count < 2 { met(.written) }
        if after.count == 1, named, Set(before.map(\.value)).count > 1 { met(.settled) }
        if before.count > 1, named, Set(before.map(\.value)).count == 1 { met(.equalHeadsNamed) }
        if after.count > 1, values.count > 1, Set(after.map(\.predecessors)).count == 1 { met(.writtenConcurrently) }
        if after.count > 1, !op.predecessors.isEmpty, op.predecessors.isDisjoint(with: before.map(\.id)),
            before.contains(where: { $0.predecessors.count > 1 })
        {
            met(.writtenOverSuperseded)
        }
        if after.count > 1, values.count == 1 { met(.equalHeads) }
        if values.count > 1, values.contains(.null) { met(.clearedAndRewritten) }
        if op.cell.element != nil, values.contains(.true), values.contains(.false) { met(.contestedElement) }
    }

    private mutating func note(lifeFrom before: RecordStanding, to after: RecordStanding) {
        switch (before, after) {
        case (.alive, .deleted): met(.deleted)
        case (.deleted, .alive): met(.restored)
        case (.deletedHereEditedThere, .alive): met(.thatRestored)
        case (.deletedHereEditedThere, .deleted): met(.thatDeletedAgain)
        case (let before, .deletedHereEditedThere) where before != after: met(.deletedHereEditedThere)
        case (let before, .contested) where before != after: met(.contestedLife)
        default: break
        }
    }

    /// A record as its ops leave it, by the words of the table.
    private struct Picture {
        let heads: [CellKey: [LoggedOp]]

        /// Before anything is written.
        init() { heads = [:] }

        init(_ model: ReferenceModel, _ record: RecordID) {
            let ops = model.ops(of: record)
            heads = model.heads(of: record).mapValues { $0.compactMap { ops[$0] } }
        }

        var standing: RecordStanding {
            guard let life = heads[.life] else { return .absent }
            let values = Set(life.map(\.value))
            if values.count > 1 { return .contested }
            if values.contains(.true) { return .alive }
            return heads.count > 1 ? .deletedHereEditedThere : .deleted
        }
    }

    // MARK: agreements

    /// Notes what an agreement is worth by the logs.
    mutating func note(status: String) {
        switch status {
        case "in-force": met(.inForce)
        case "stale": met(.stale)
        case "ended": met(.ended)
        case "superseded": met(.superseded)
        default: break
        }
    }

    // MARK: negotiation

    mutating func note(unreleased count: Int) { if count > 0 { rows[.unreleased, default: 0] += count } }

    /// Notes where a row stands by the logs; `name` says for whom, so that one that was agreed and is disputed since is seen.
    mutating func note(_ negotiation: ReferenceNegotiation, of name: String) {
        let row: TableRow =
            switch negotiation.state {
            case .unpublished: .unpublished
            case .open: .open
            case .agreed: .agreed
            case .disputed: .disputed
            case .unsettled: .unsettled
            case .reworded: .reworded
            }
        met(row)
        if let before = standings[name], before.state == .agreed, negotiation.state == .disputed, before.customer == negotiation.customer {
            met(.disputedAgain)
        }
        standings[name] = negotiation
    }
}
