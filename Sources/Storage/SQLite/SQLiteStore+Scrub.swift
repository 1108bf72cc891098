import GRDB
import GRDBSQLite
import Storage
import Synchronization

/// What was erased must not stand in the files either (sync.md section 13, P14).
///
/// The engine overwrites what it frees, but not what it moved: when rows change pages, copies stay in the room between
/// cells, and in the write-ahead log until that is begun anew. So the file is written anew, and the log emptied.
extension SQLiteStore {
    /// The name under which the store notes that it has to be done, in the transaction that erases.
    static let mustScrub = "must-scrub"

    /// Rewrites the files if something was erased since they were; `false` where others hold the store, and it is to be tried again.
    ///
    /// It takes as long as copying the store, and nobody writes meanwhile.
    @discardableResult
    package func scrubIfDue() throws -> Bool {
        guard mayNeedScrub.load(ordering: .relaxed) else { return true }
        guard try read({ try $0.value(Self.mustScrub) != nil }) else {
            mayNeedScrub.store(false, ordering: .relaxed)
            return true
        }
        return try StorageFault.mapping {
            try connections.writer().barrierWriteWithoutTransaction { database in
                // The copy is made beside the store and not in memory.
                try database.execute(sql: "PRAGMA temp_store = FILE")
                // A connection that keeps the setting sorts on disk from then on, and no worse.
                defer { try? database.execute(sql: "PRAGMA temp_store = MEMORY") }
                do { try database.execute(sql: "VACUUM") } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
                    return false
                }
                guard try emptyLog(database) else { return false }
                try removeFormerStates()
                try database.execute(sql: "DELETE FROM named_value WHERE name = '\(Self.mustScrub)'")
                mayNeedScrub.store(false, ordering: .relaxed)
                return true
            }
        }
    }

    /// Takes away what migrations have left beside the store: it holds what has been erased since, and going back to it would bring
    /// that back.
    private func removeFormerStates() throws {
        let path = try connections.writer().path
        for version in 1..<max(2, StoreSchema.current.version) { try StoreFile.remove(StoreSchema.formerState(of: path, version: version)) }
    }

    /// Copies the write-ahead log into the file and cuts it to nothing; `false` where somebody still reads from it.
    private func emptyLog(_ database: Database) throws -> Bool {
        let code = sqlite3_wal_checkpoint_v2(database.sqliteConnection, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
        switch code {
        case SQLITE_OK: return true
        case SQLITE_BUSY, SQLITE_LOCKED: return false
        default: throw DatabaseError(resultCode: ResultCode(rawValue: code))
        }
    }
}
