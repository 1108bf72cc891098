import BuntanProtocol
import ChangeLog
import Merging
import Storage
import Syncing

/// The log of one space as a ledger reads it inside a transaction.
///
/// Single rows are found in microseconds, so nothing is read ahead; edits are kept once decoded, because many ops name
/// predecessors in one change.
final class SQLiteSource: LogSource {
    private let transaction: SQLiteTransaction
    private let space: SpaceID
    /// Whether what is shown of the space is ahead of this log.
    private let isLed: Bool
    private var editsRead: [ChangeID: [Edit]?] = [:]

    init(_ transaction: SQLiteTransaction, space: SpaceID) throws {
        self.transaction = transaction
        self.space = space
        isLed = try transaction.hasLead(space)
    }

    func willRead(records: Set<RecordID>, changes: Set<ChangeID>) throws {}

    func place(of change: ChangeID) throws -> ChangePlace? { try transaction.place(of: change, in: space) }

    func entry(at position: Int) throws -> [UInt8]? { try transaction.entry(at: position, in: space) }

    func payload(at position: Int) throws -> [UInt8]? { try transaction.payload(at: position, in: space) }

    func edits(of change: ChangeID) throws -> [Edit]? {
        if let known = editsRead[change] { return known }
        guard let place = try place(of: change) else { return nil }
        guard let bytes = try entry(at: place.position) else { throw StorageFault.damaged("no entry \(place.position) in \(space)") }
        let edits = try transaction.decoded("entry \(place.position) in \(space)") { () throws(DecodingFault) in
            try Entry.edits(inEntry: bytes)
        }
        editsRead[change] = .some(edits)
        return edits
    }

    func record(_ id: RecordID) throws -> RecordState? {
        try isLed ? transaction.logged(id, in: space) : transaction.record(id, in: space)
    }

    func tile(_ id: TileID) throws -> [UInt8]? { try transaction.tile(id, in: space) }
}
