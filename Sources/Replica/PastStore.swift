import BuntanProtocol
package import Storage
import Synchronization
import Syncing

/// A store as it was at the end of a moment: its logs up to the last entry that their keepers had received by then, and the records
/// that those give.
///
/// The time is that of the entries, by the clock of whoever keeps the log, and not the one that a change claims: both sides of a log
/// find the same there. What this device had not sent by then stood in no log, and is not shown. Names that this store gives, keys and
/// settings are those of now. Nothing can be written.
package final class PastStore: SpaceStore {
    private let store: any SpaceStore
    /// Milliseconds since 1970.
    package let moment: Int64
    private let known = Mutex<[SpaceID: PastSpace]>([:])

    package init(_ store: any SpaceStore, at moment: Int64) {
        self.store = store
        self.moment = moment
    }

    /// - Throws: `WorkspaceFault.catchingUp` while a space is shown ahead of its log, which tells of no day before.
    package func read<Result>(_ body: (any StoreReader) throws -> Result) throws -> Result {
        try store.read { reader in
            for space in try reader.leadSpaces() {
                if let lead = try reader.lead(of: space), let held = try reader.logStanding(of: space) {
                    throw WorkspaceFault.catchingUp(CatchingUp(space: space, verified: held.size, size: lead.standing.size))
                }
            }
            var past: [SpaceID: PastSpace] = [:]
            for space in try reader.spaces() {
                guard let standing = try reader.logStanding(of: space) else { continue }
                if let held = known.withLock({ $0[space] }), held.isOf(standing) {
                    past[space] = held
                } else {
                    past[space] = try PastSpace(of: space, standing, at: moment, reader)
                }
            }
            known.withLock { $0 = past }
            return try body(PastReader(reader, past))
        }
    }

    package func write<Result>(_ body: (any StoreWriter) throws -> Result) throws -> Result { throw StorageFault.readOnly }
}
