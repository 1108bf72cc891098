package import BuntanProtocol
import ChangeLog
package import Storage
import Syncing

/// A change as it stands in a log or waits in the outbox, opened as far as this replica can.
package struct RecordedChange: Sendable {
    package let id: ChangeID
    package let space: SpaceID
    /// `nil` while it waits in the outbox.
    package let position: Int?
    /// The list of the outbox it waits in.
    package let waits: OutboxItem.List?
    package let device: DeviceID
    let nonce: Nonce
    /// What its organisation calls the device.
    package let label: String?
    package let organisation: OrganisationID?
    /// Milliseconds since 1970 by the author's clock, and by the clock of whoever keeps the log.
    package let time: Int64
    package let received: Int64?
    /// The log view it was made on.
    package let base: Base
    /// `nil` for a sealed change without its key.
    package let edits: [Edit]?
    package let payload: Payload?

    /// One op with the record it belongs to and its value; `nil` where it was erased.
    package struct Step: Sendable {
        package let record: RecordID
        package let kind: String
        package let op: Op
        package let id: OpID
        package let value: EncodedValue?
    }

    /// The ops in their order.
    package var steps: [Step] {
        guard let edits else { return [] }
        var steps: [Step] = []
        for edit in edits {
            for op in edit.ops {
                let index = steps.count
                let value = payload.flatMap { index < $0.count ? $0[index] : nil }
                steps.append(Step(record: edit.record, kind: edit.kind, op: op, id: OpID(id, index), value: value))
            }
        }
        return steps
    }
}

/// Reads the changes of one space, in the log and in the outbox; this as it was when it was first asked for.
package struct SpaceHistory {
    package let space: SpaceID
    let reader: any StoreReader
    private let standing: SpaceStanding
    private let keys: SpaceKeys
    private let outbox = Outbox()

    /// The outbox is read once, however many changes are looked up in it.
    private final class Outbox {
        private var read: (items: [OutboxItem], places: [ChangeID: Int])?

        func items(_ body: () throws -> [OutboxItem]) throws -> (items: [OutboxItem], places: [ChangeID: Int]) {
            if let read { return read }
            let items = try body()
            let places = Dictionary(items.enumerated().map { ($1.item.change, $0) }) { first, _ in first }
            read = (items, places)
            return (items, places)
        }
    }

    private func waiting() throws -> (items: [OutboxItem], places: [ChangeID: Int]) {
        try outbox.items { try reader.outbox(of: space) }
    }

    /// `nil` for a space that is not here.
    package init?(_ space: SpaceID, _ reader: any StoreReader) throws {
        guard let standing = try reader.logStanding(of: space) else { return nil }
        self.space = space
        self.reader = reader
        self.standing = standing
        keys = standing.genesis.policy.isSealed ? try reader.spaceKeys(of: [space]) : .none
    }

    package var size: Int { standing.size }

    /// The change at a position; `nil` for any other entry.
    package func change(at position: Int) throws -> RecordedChange? {
        guard (0..<standing.size).contains(position) else { return nil }
        return try reader.entries(of: space, from: position, maxBytes: 0).first.flatMap { try change(in: $0) }
    }

    /// When whoever keeps the log received the entry at a position.
    package func received(at position: Int) throws -> Int64? {
        guard (0..<standing.size).contains(position) else { return nil }
        return try reader.entries(of: space, from: position, maxBytes: 0).first.map { try Entry(decoding: $0.bytes).received }
    }

    package func change(_ id: ChangeID) throws -> RecordedChange? {
        if let place = try reader.place(of: id, in: space) { return try change(at: place.position) }
        let waiting = try waiting()
        return try waiting.places[id].map { try change(in: waiting.items[$0]) }
    }

    /// The changes that touched a record, oldest first; those that wait to be sent last.
    package func changes(of record: RecordID) throws -> [RecordedChange] {
        try reader.history(of: record, in: space).compactMap { try change(at: $0) }
            + reader.outbox(touching: record, in: space).map(change(in:))
    }

    /// The last change that touched a record and was not refused; one that waits to be sent is later than any in the log.
    ///
    /// - Parameter read: changes of the log that were read already, by their positions.
    func lastChange(of record: RecordID, among read: inout [Int: RecordedChange]) throws -> RecordedChange? {
        if let waiting = try reader.outbox(touching: record, in: space).last(where: { $0.list != .rejected }) {
            return try change(in: waiting)
        }
        guard let position = try reader.history(of: record, in: space).last else { return nil }
        return try change(at: position, among: &read)
    }

    /// The change at a position, which is opened once however many records it touches.
    func change(at position: Int, among read: inout [Int: RecordedChange]) throws -> RecordedChange? {
        if let known = read[position] { return known }
        let found = try change(at: position)
        read[position] = found
        return found
    }

    /// Hands over every change, oldest first; those that wait to be sent, or were refused, last.
    package func eachChange(_ body: (RecordedChange) throws -> Void) throws {
        let kept = try waiting().places
        var position = 0
        while position < standing.size {
            let page = try reader.entries(of: space, from: position, maxBytes: Limits.pageBytes)
            for stored in page { if let change = try change(in: stored), kept[change.id] == nil { try body(change) } }
            guard let last = page.last else { return }
            position = last.position + 1
        }
        for item in try waiting().items { try body(change(in: item)) }
    }

    /// The newest change of a device that is meant; one that waits to be sent is newer than any in the log. Refused ones are
    /// passed over, and those of a sealed space that stand in its log and change nothing.
    package func newest(of device: DeviceID, where isMeant: (RecordedChange) throws -> Bool = { _ in true }) throws
        -> RecordedChange?
    {
        for item in try waiting().items.reversed() where item.list != .rejected {
            let change = try change(in: item)
            if try isMeant(change) { return change }
        }
        for position in stride(from: standing.size - 1, through: 0, by: -1) {
            if let change = try change(at: position), change.device == device, try hasEffect(change), try isMeant(change) { return change }
        }
        return nil
    }

    /// Whether a change of the log is in the history of any record that it names: what all pass over is in none.
    private func hasEffect(_ change: RecordedChange) throws -> Bool {
        guard standing.genesis.policy.isSealed, let position = change.position, !change.steps.isEmpty else { return true }
        return try Set(change.steps.map(\.record)).contains { try reader.history(of: $0, in: space).contains(position) }
    }

    /// Changes of one device that are looked at for the one before another.
    private static let mostBetween = 4_096

    /// The newest change of a device in this space that a change goes on from which stands elsewhere.
    func change(before later: RecordedChange) throws -> RecordedChange? {
        func leads(_ change: RecordedChange) -> Bool {
            change.device == later.device && Change.nonce(after: change.nonce) == later.nonce
        }
        for item in try waiting().items.reversed() {
            if case let change = try change(in: item), leads(change) { return change }
        }
        for position in stride(from: standing.size - 1, through: max(0, standing.size - Self.mostBetween), by: -1) {
            if let change = try change(at: position), leads(change) { return change }
        }
        return nil
    }

    /// All changes of the write that a change is part of, in their order: what was too large for one stands in several.
    package func write(of change: RecordedChange) throws -> [RecordedChange] {
        var write = [change]
        while let first = write.first, let earlier = try before(first), Change.nonce(after: earlier.nonce) == first.nonce {
            write.insert(earlier, at: 0)
        }
        while let last = write.last,
            let next = try self.change(Change.id(device: last.device, nonce: Change.nonce(after: last.nonce)))
        {
            write.append(next)
        }
        return write
    }

    /// The change that a device made before another one of its own.
    private func before(_ change: RecordedChange) throws -> RecordedChange? {
        var end = change.position ?? standing.size
        let waiting = try waiting()
        if let place = waiting.places[change.id], place > 0 { return try self.change(in: waiting.items[place - 1]) }
        let least = max(0, end - Self.mostBetween)
        while end > least {
            end -= 1
            if let found = try self.change(at: end), found.device == change.device { return found }
        }
        return nil
    }

    // MARK: opening

    func change(in stored: StoredEntry) throws -> RecordedChange? {
        do { return try read(stored) } catch is DecodingFault { throw StorageFault.damaged("\(space.hex)/\(stored.position)") }
    }

    private func read(_ stored: StoredEntry) throws -> RecordedChange? {
        let outer = try Entry(decoding: stored.bytes)
        let entry = try outer.unwrapped()
        guard entry.kind == .change else { return nil }
        let change = try Change(decoding: entry.content)
        var edits = change.edits
        var payload: Payload?
        if edits != nil {
            payload = try stored.payload.map { bytes in try Payload(decoding: bytes) }
        } else if let key = keys.key(of: change),
            let opened = try? SealedSpace.open(change, payload: stored.payload ?? [], key: key, form: .afterErasure)
        {
            (edits, payload) = opened
        }
        return recorded(change, position: stored.position, waits: nil, received: outer.received, edits: edits, payload: payload)
    }

    func change(in item: OutboxItem) throws -> RecordedChange {
        recorded(
            try Change(decoding: item.item.signed.bytes), position: nil, waits: item.list, received: nil, edits: item.item.edits,
            payload: item.item.payload)
    }

    /// A change of this space that came by file, and that no log here holds; sealed ones as they are.
    package func change(in relayed: RelayedChange) throws -> RecordedChange {
        let change = try Change(decoding: relayed.signed.bytes)
        let payload = change.edits == nil ? nil : try Payload(decoding: relayed.signed.payload)
        return recorded(change, position: nil, waits: nil, received: nil, edits: change.edits, payload: payload)
    }

    private func recorded(
        _ change: Change, position: Int?, waits: OutboxItem.List?, received: Int64?, edits: [Edit]?, payload: Payload?
    ) -> RecordedChange {
        let organisation = standing.rights.organisation(of: change.device)
        return RecordedChange(
            id: change.id, space: space, position: position, waits: waits, device: change.device, nonce: change.nonce,
            label: organisation.flatMap { standing.rights.chain(of: $0)?.devices[change.device]?.label }, organisation: organisation,
            time: change.time, received: received, base: change.base, edits: edits, payload: payload)
    }
}
