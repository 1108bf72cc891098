import GRDB
import GRDBSQLite
import Storage

/// How a transaction begins and ends; each of these statements is compiled once a connection, where GRDB's own methods
/// compile theirs every time: a sync of one change has some thirty transactions.
enum TransactionFrame {
    /// Sees one moment and writes nothing.
    case reading
    /// Takes the store for writing at once.
    case writing
    /// A part of a transaction that can be undone alone.
    case part

    fileprivate var begin: String {
        switch self {
        case .reading: "BEGIN DEFERRED TRANSACTION"
        case .writing: "BEGIN IMMEDIATE TRANSACTION"
        case .part: "SAVEPOINT part"
        }
    }

    fileprivate var commit: String { isPart ? "RELEASE SAVEPOINT part" : "COMMIT TRANSACTION" }
    fileprivate var undo: [String] {
        isPart ? ["ROLLBACK TRANSACTION TO SAVEPOINT part", "RELEASE SAVEPOINT part"] : ["ROLLBACK TRANSACTION"]
    }
    private var isPart: Bool { if case .part = self { true } else { false } }
}

extension Database {
    /// Commits what `body` did once it has returned, or none of it.
    func transaction<Result>(_ frame: TransactionFrame, _ body: () throws -> Result) throws -> Result {
        try Statement(frame.begin, on: self).execute()
        do {
            let result = try body()
            // Some faults undo the whole transaction behind our back: then there is nothing to commit.
            guard sqlite3_get_autocommit(sqliteConnection) == 0 else {
                throw StorageFault.engine(code: SQLITE_ABORT, "the transaction has been undone")
            }
            try Statement(frame.commit, on: self).execute()
            return result
        } catch {
            // The first fault is the one to tell. A connection that cannot even undo is closed with its process.
            if sqlite3_get_autocommit(sqliteConnection) == 0 { for sql in frame.undo { try? Statement(sql, on: self).execute() } }
            throw error
        }
    }
}
