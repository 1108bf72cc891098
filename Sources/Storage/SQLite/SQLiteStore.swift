import Foundation
import GRDB
import GRDBSQLite
package import Storage
import Synchronization

/// Keeps spaces in one SQLite file: write-ahead log, full synchronisation, one writer, many readers.
package final class SQLiteStore: SpaceStore {
    package let path: String
    /// What opening did beyond opening, for the app to say.
    package let notice: OpeningNotice?
    let connections: Connections
    let indexing: any RecordIndexing
    let options: SQLiteStoreOptions
    let cache = StandingCache()
    /// Whether something may have been erased and its traces be in the files yet; at first nobody has looked.
    let mayNeedScrub = Atomic<Bool>(true)
    private let mark: WriterMark
    private let writeAheadLog: WriteAheadLog

    init(
        path: String, notice: OpeningNotice?, connections: Connections, writeAheadLog: WriteAheadLog, indexing: any RecordIndexing,
        options: SQLiteStoreOptions, mark: WriterMark
    ) {
        self.path = path
        self.notice = notice
        self.connections = connections
        self.writeAheadLog = writeAheadLog
        self.indexing = indexing
        self.options = options
        self.mark = mark
    }

    package func read<Result>(_ body: (any StoreReader) throws -> Result) throws -> Result {
        try StorageFault.mapping {
            try connections.read { database in
                try database.transaction(.reading) {
                    let transaction = SQLiteTransaction(database, indexing: indexing, cache: cache, isReading: true)
                    defer { transaction.end() }
                    return try body(transaction)
                }
            }
        }
    }

    package func write<Result>(_ body: (any StoreWriter) throws -> Result) throws -> Result {
        try connections.writer().writeWithoutTransaction { database in
            let result = try inWriteTransaction(database) {
                let transaction = SQLiteTransaction(database, indexing: indexing, cache: cache, isReading: false)
                defer { transaction.end() }
                let result = try body(transaction)
                if transaction.hasErased { mayNeedScrub.store(true, ordering: .relaxed) }
                return result
            }
            writeAheadLog.checkpointIfDue(database)
            return result
        }
    }

    /// Takes the store for writing, names this process while it holds it, and commits what `body` did or none of it.
    func inWriteTransaction<Result>(_ database: Database, _ body: () throws -> Result) throws -> Result {
        var isTaken = false
        defer { if isTaken { mark.release() } }
        do {
            return try StorageFault.mapping(database.sqliteConnection) {
                try database.transaction(.writing) {
                    isTaken = true
                    mark.take()
                    return try body()
                }
            }
        } catch StorageFault.busy where !isTaken {
            throw StorageFault.busy(holder: mark.holder)
        }
    }

    /// Copies committed pages from the write-ahead log into the file if there are many; never waits for readers.
    func checkpointIfDue() {
        connections.openWriter?.writeWithoutTransaction { writeAheadLog.checkpointIfDue($0) }
    }

    /// How the engine keeps its promise, read back from the writing connection.
    package func durability() throws -> Durability {
        try StorageFault.mapping {
            try connections.writer().writeWithoutTransaction { database in
                Durability(
                    journal: try String.fetchOne(database, sql: "PRAGMA journal_mode") ?? "",
                    synchronous: try Int.fetchOne(database, sql: "PRAGMA synchronous") ?? 0)
            }
        }
    }

    /// Closes all connections; the store must not be used afterwards.
    package func close() throws {
        try StorageFault.mapping { try connections.close() }
    }
}

/// What stands between a commit's answer and a loss of power.
package struct Durability: Hashable, Sendable {
    package let journal: String
    /// 2 is FULL: the log is on the disk before a commit returns.
    package let synchronous: Int

    package static let full = Durability(journal: "wal", synchronous: 2)
}

/// Something that opening a store did and its owner should hear of.
package enum OpeningNotice: Hashable, Sendable {
    /// An older store was copied to `backup` and brought up to date.
    case migrated(from: Int, to: Int, backup: String)
}
