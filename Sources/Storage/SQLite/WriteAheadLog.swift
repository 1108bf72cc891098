import GRDB
import GRDBSQLite
import Synchronization

/// Watches how long the write-ahead log has grown, so that copying it into the file can happen when nobody waits.
final class WriteAheadLog: Sendable {
    private let threshold: Int
    private let pages = Atomic<Int>(0)

    init(threshold: Int) { self.threshold = threshold }

    /// Puts the copying into our hands: it stops happening inside commits of this connection.
    func watch(_ database: Database) throws {
        try database.execute(sql: "PRAGMA wal_autocheckpoint = 0")
        // The store keeps this object for as long as the connection is open.
        _ = sqlite3_wal_hook(
            database.sqliteConnection,
            { context, _, _, pages in
                guard let context else { return SQLITE_OK }
                Unmanaged<WriteAheadLog>.fromOpaque(context).takeUnretainedValue().pages.store(Int(pages), ordering: .relaxed)
                return SQLITE_OK
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    func checkpointIfDue(_ database: Database) {
        guard pages.load(ordering: .relaxed) >= threshold else { return }
        // What could not be copied yet, for a reader's sake or a full disk's, stays in the log and is tried again.
        _ = sqlite3_wal_checkpoint_v2(database.sqliteConnection, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
        pages.store(0, ordering: .relaxed)
    }
}
