import BuntanProtocol
import ChangeLog
import Merging
import Storage
import Syncing

/// The log of one space in a store in memory, as a ledger reads it inside a transaction.
final class MemorySource: LogSource {
    private let transaction: MemoryTransaction
    private let space: SpaceID

    init(_ transaction: MemoryTransaction, space: SpaceID) {
        self.transaction = transaction
        self.space = space
    }

    func willRead(records: Set<RecordID>, changes: Set<ChangeID>) throws { _ = try transaction.reading() }
    func place(of change: ChangeID) throws -> ChangePlace? { try transaction.place(of: change, in: space) }

    func entry(at position: Int) throws -> [UInt8]? {
        guard position >= 0 else { throw transaction.violated("Entry \(position) was asked for.") }
        return try transaction.space(space)?.value.entries.dropFirst(position).first?.bytes
    }

    func payload(at position: Int) throws -> [UInt8]? { try transaction.space(space)?.value.entries.dropFirst(position).first?.payload }

    func edits(of change: ChangeID) throws -> [Edit]? {
        guard let place = try place(of: change), let bytes = try entry(at: place.position) else { return nil }
        return try Entry.edits(inEntry: bytes)
    }

    func record(_ id: RecordID) throws -> RecordState? {
        guard let held = try transaction.space(space)?.value, held.lead != nil else { return try transaction.record(id, in: space) }
        return held.logged[id]
    }
    func tile(_ id: TileID) throws -> [UInt8]? { try transaction.space(space)?.value.tiles[id] }
}
