package import BuntanProtocol
import Agreements
import ChangeLog
package import Merging
package import Storage
import Syncing

/// A record as it stood after one of the changes that touched it.
package struct PastState: Sendable {
    package let position: Int
    /// The log keeper's clock.
    package let received: Int64
    package let device: DeviceID
    package let state: RecordState
}

/// Reads what records were, from the changes that made them; changes that touch many records are read once.
///
/// For spaces that are not sealed.
package struct RecordHistory {
    /// A change with what of its entry is needed here.
    struct ReadChange {
        let place: EntryPlace
        let change: Change
        let payload: Payload
    }

    package let space: SpaceID
    private let reader: any StoreReader
    private let standing: SpaceStanding?
    private var read: [Int: ReadChange] = [:]

    package init(of space: SpaceID, _ reader: any StoreReader) throws {
        self.space = space
        self.reader = reader
        standing = try reader.logStanding(of: space)
    }

    /// The change at a position; `nil` for an entry that is none.
    mutating func change(at position: Int) throws -> ReadChange? {
        if let known = read[position] { return known }
        guard let stored = try reader.entries(of: space, from: position, maxBytes: 1).first, stored.position == position else { return nil }
        let (place, change): (EntryPlace, Change)
        do {
            let outer = try Entry(decoding: stored.bytes)
            let entry = try outer.unwrapped()
            guard entry.kind == .change else { return nil }
            change = try Change(decoding: entry.content)
            let proof = try outer.kind == .salvaged ? SalvageProof(decoding: outer.proof ?? []) : nil
            place = EntryPlace(
                position: position, received: outer.received, accepted: proof.flatMap { standing?.rights.acceptance(of: $0) })
        } catch {
            // What cannot be read tells nothing of a record; `store check` names it.
            return nil
        }
        guard let payload = try stored.payload.map({ try Payload(decoding: $0) }) else { return nil }
        let found = ReadChange(place: place, change: change, payload: payload)
        read[position] = found
        return found
    }

    /// The records that a change brought to life, with the place of its entry.
    mutating func made(at position: Int) throws -> (place: EntryPlace, device: DeviceID, records: [MadeRecord])? {
        guard let found = try change(at: position), let edits = found.change.edits else { return nil }
        return (found.place, found.change.device, MadeRecord.all(edits: edits, payload: found.payload))
    }

    /// The states of a record after each of its changes, oldest first, up to a size of the log.
    package mutating func states(of record: RecordID, below size: Int = .max) throws -> [PastState] {
        guard let standing else { return [] }
        var states: [PastState] = []
        var state: RecordState?
        for position in try reader.history(of: record, in: space) where position < size {
            guard let found = try change(at: position) else { continue }
            var first = 0
            for edit in found.change.edits ?? [] {
                if edit.record == record {
                    var next =
                        state
                        ?? RecordState(
                            kind: edit.kind,
                            creator: standing.rights.organisation(of: found.change.device) ?? standing.genesis.parties[0].organisation)
                    next.apply(
                        edit, firstOp: first, values: { found.payload[$0] },
                        context: OpContext(
                            change: found.change.id, position: position,
                            author: standing.rights.authorPosition(of: found.change.device) ?? 0, baseSize: found.change.base.size))
                    state = next
                }
                first += edit.ops.count
            }
            if let state {
                states.append(PastState(position: position, received: found.place.received, device: found.change.device, state: state))
            }
        }
        return states
    }

    /// The record as it stood when the log had this many entries; `nil` if it had not been named.
    package mutating func state(of record: RecordID, at size: Int) throws -> RecordState? {
        try states(of: record, below: size).last?.state
    }
}
