import BuntanProtocol
import ChangeLog
import Merging
import Replica
import Storage
import TestKit

/// A promise of sync.md section 13 that a run has broken.
package enum Property: String, CaseIterable, Sendable {
    case convergence = "P1 convergence"
    case noLostUpdate = "P2 no lost update"
    case intention = "P3 intention"
    case durability = "P4 durability"
    case idempotency = "P5 idempotency"
    case monotonicView = "P6 monotonic view"
    case isolation = "P7 isolation"
    case authority = "P8 authority"
    case agreement = "P9 agreement"
    case tamperEvidence = "P10 tamper evidence"
    case order = "P11 order"
    case liveness = "P12 liveness"
    case cost = "P13 cost"
    case erasure = "P14 erasure"
    case negotiation = "where a row stands follows from the logs"
    case rebuilding = "what is kept follows from the log"
    /// Something was thrown or reported that none of the faults accounts for.
    case unforeseen = "unforeseen"
}

package struct Finding: Hashable, Sendable, CustomStringConvertible {
    package let property: Property
    package let sentence: String
    package var description: String { "\(property.rawValue): \(sentence)" }
}

/// A change as the test saw it made.
struct WrittenChange {
    let id: ChangeID
    let space: SpaceID
    let device: DeviceID
    let signed: SignedChange
    let edits: [Edit]
    let values: [EncodedValue]
    /// The heads that left its author's view when it was made, by record.
    let removed: [RecordID: Set<OpID>]
    /// Which write it belongs to, and its place in it.
    let write: Int
    let index: Int

    var ops: [(id: OpID, record: RecordID, op: Op, value: EncodedValue)] {
        var found: [(OpID, RecordID, Op, EncodedValue)] = []
        for edit in edits { for op in edit.ops { found.append((OpID(id, found.count), edit.record, op, values[found.count])) } }
        return found
    }
}

extension WrittenChange {
    /// Whether these bytes are what its author signed, or signed anew to seal the same with another key before it left.
    func isSigned(as bytes: [UInt8]) throws -> Bool {
        if signed.bytes == bytes { return true }
        let (first, again) = (try Change(decoding: signed.bytes), try Change(decoding: bytes))
        guard let old = first.sealed, let new = again.sealed, old.keyEpoch != new.keyEpoch else { return false }
        // Its values are compared for themselves; the root over them is another each time they are signed.
        return again.id == first.id && again.space == first.space && again.device == first.device && again.base == first.base
            && again.time == first.time && again.schema == first.schema
    }
}

/// The test's own book of what was written and what the server said of it; no replica has a say in it.
struct Chronicle {
    private(set) var written: [ChangeID: WrittenChange] = [:]
    private(set) var order: [ChangeID] = []
    /// Where the server said a change stands, in an answer that left it.
    private(set) var acknowledged: [ChangeID: (space: SpaceID, position: Int)] = [:]
    /// The replicas whose outbox holds a change that the log may not have.
    private(set) var holders: [ChangeID: Set<ObjectIdentifier>] = [:]
    /// The changes that name an op.
    private(set) var namedBy: [OpID: [ChangeID]] = [:]
    /// What was lost with the server's disk and stood nowhere else, and what was made on top of it.
    private(set) var doomed: Set<ChangeID> = []
    private(set) var findings: [Finding] = []
    /// What was refused and later sent again: it stands after what was made after it.
    private(set) var retried: Set<ChangeID> = []
    /// What somebody handed on that had taken it down, without the rest of its write.
    private(set) var handedOn: Set<ChangeID> = []
    private var writes = 0
    /// The changes of each write.
    private var sizes: [Int: Int] = [:]

    mutating func find(_ property: Property, _ sentence: String) { findings.append(Finding(property: property, sentence: sentence)) }

    /// Files the changes of one write, as they stand in the outbox of whoever made them.
    mutating func file(_ items: [OutboxItem], by author: Participant, removed: [RecordID: Set<OpID>]) {
        writes += 1
        sizes[writes] = items.count
        for (index, item) in items.enumerated() {
            let count = item.item.edits.reduce(0) { $0 + $1.ops.count }
            let values = (0..<count).compactMap { item.item.payload[$0] }
            if values.count != count { find(.intention, "\(author.name) made a change without all its values") }
            let change = WrittenChange(
                id: item.item.change, space: item.item.space, device: author.keys.device, signed: item.item.signed, edits: item.item.edits,
                values: values, removed: removed, write: writes, index: index)
            written[change.id] = change
            order.append(change.id)
            author.made.insert(change.id)
            holders[change.id, default: []].insert(ObjectIdentifier(author))
            for (_, _, op, _) in change.ops { for named in op.predecessors { namedBy[named, default: []].append(change.id) } }
        }
    }

    /// Files that a copy of a replica holds what the replica held.
    mutating func copy(_ original: Participant, to copy: Participant, outbox: [OutboxItem]) {
        copy.made = original.made
        for item in outbox { holders[item.item.change, default: []].insert(ObjectIdentifier(copy)) }
    }

    /// Files that a replica has lost what it made since its backup.
    mutating func forget(_ changes: Set<ChangeID>, by participant: Participant) {
        for change in changes { holders[change]?.remove(ObjectIdentifier(participant)) }
    }

    /// Files a verdict that left the server.
    mutating func hear(_ verdict: Verdict, of change: ChangeID, in space: SpaceID) {
        guard case .accepted(let position) = verdict else {
            if case .duplicate(let position) = verdict { hear(.accepted(position: position), of: change, in: space) }
            return
        }
        if let known = acknowledged[change], known.position != position || known.space != space {
            find(.idempotency, "\(change) was acknowledged at \(known.position) and later at \(position)")
        }
        acknowledged[change] = (space, position)
    }
}

extension Chronicle {
    func isDoomed(_ change: ChangeID) -> Bool { doomed.contains(change) }

    /// Files what a log lost when another epoch began: where it stood means nothing any more, and what nobody holds is gone.
    mutating func lose(_ changes: Set<ChangeID>, held: Set<ChangeID>) {
        for change in changes { acknowledged[change] = nil }
        doomed.formUnion(changes.subtracting(held))
    }

    /// Files what its own device alone holds, refused or shut out: nobody waits for it in a log.
    mutating func doom(_ changes: Set<ChangeID>) { doomed.formUnion(changes) }

    mutating func handOn(_ change: ChangeID) { handedOn.insert(change) }

    mutating func retry(_ changes: [ChangeID]) { retried.formUnion(changes) }

    /// Adds what names or touches anything that is gone; to be asked for when all has been made.
    mutating func spreadDoom() {
        guard !doomed.isEmpty else { return }
        var makers: [RecordID: ChangeID] = [:]
        for id in order { for edit in written[id]?.edits ?? [] where makers[edit.record] == nil { makers[edit.record] = id } }
        var hasGrown = true
        while hasGrown {
            let before = doomed.count
            for id in order where !doomed.contains(id) {
                let edits = written[id]?.edits ?? []
                let needed = edits.flatMap { $0.ops.flatMap { $0.predecessors.map(\.change) } } + edits.compactMap { makers[$0.record] }
                if needed.contains(where: { $0 != id && doomed.contains($0) }) { doomed.insert(id) }
            }
            hasGrown = doomed.count > before
        }
    }

    /// Whether a change is the only one of its write, so that what left the view is what it names.
    func isAlone(_ change: WrittenChange) -> Bool { change.index == 0 && sizes[change.write] == 1 }

    /// Files that a change ended among those refused: it has a reason, which must be one that an honest replica can meet.
    mutating func refused(_ item: OutboxItem, by participant: Participant) {
        find(.unforeseen, "\(participant.name) has \(item.item.change) refused: \(item.code?.rawValue ?? "-") \(item.detail ?? "")")
    }
}
