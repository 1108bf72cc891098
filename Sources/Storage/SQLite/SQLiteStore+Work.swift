import GRDB
import GRDBSQLite
import Storage

/// What the engine has done for a store, as it counts that itself (sync.md section 13, P13).
package struct EngineWork: Hashable, Sendable {
    /// Operations of its virtual machine: each row that a statement looks at costs some.
    package var steps = 0
    /// Rows passed in scans of whole tables or indexes, which no key narrows.
    package var scanned = 0
    /// Pages of the file that it asked for, in its cache or not; those that a connection maps are not among them.
    package var pages = 0

    package init() {}

    package static func - (after: EngineWork, before: EngineWork) -> EngineWork {
        var work = after
        work.steps -= before.steps
        work.scanned -= before.scanned
        work.pages -= before.pages
        return work
    }
}

extension SQLiteStore {
    /// What reading and writing have cost since the store was opened; copies, checks and scrubs are not among it.
    ///
    /// It is told of connections that nobody uses: whoever asks sees to it that nothing else is under way.
    package func work() throws -> EngineWork {
        try StorageFault.mapping {
            var work = EngineWork()
            try connections.each { work.add($0) }
            return work
        }
    }
}

extension EngineWork {
    /// Adds up what stands beside a connection's statements, each of which is compiled once and kept.
    fileprivate mutating func add(_ database: Database) {
        let connection = database.sqliteConnection
        var statement = sqlite3_next_stmt(connection, nil)
        while let counted = statement {
            steps += Int(sqlite3_stmt_status(counted, SQLITE_STMTSTATUS_VM_STEP, 0))
            scanned += Int(sqlite3_stmt_status(counted, SQLITE_STMTSTATUS_FULLSCAN_STEP, 0))
            statement = sqlite3_next_stmt(connection, counted)
        }
        for counter in [SQLITE_DBSTATUS_CACHE_HIT, SQLITE_DBSTATUS_CACHE_MISS] {
            var (current, highest): (Int32, Int32) = (0, 0)
            // Only a counter that the engine does not know is refused.
            _ = sqlite3_db_status(connection, counter, &current, &highest, 0)
            pages += Int(current)
        }
    }
}
