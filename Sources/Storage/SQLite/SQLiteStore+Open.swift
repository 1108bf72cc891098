import Foundation
import GRDB
import GRDBSQLite
package import Storage
import Synchronization

extension SQLiteStore {
    /// The version of stores that this program writes.
    package static var schemaVersion: Int { StoreSchema.current.version }

    /// Opens a store, making it if there is none yet.
    ///
    /// A store of an older program is copied aside and brought up to date; one of a newer program, and any file that is no
    /// store, is refused and left as it is.
    package static func open(
        at path: String, indexing: any RecordIndexing, options: SQLiteStoreOptions = .client
    ) throws -> SQLiteStore {
        try open(at: path, indexing: indexing, options: options, schema: .current)
    }

    static func open(at path: String, indexing: any RecordIndexing, options: SQLiteStoreOptions, schema: StoreSchema) throws -> SQLiteStore
    {
        // An absolute path cannot be taken for one of SQLite's URIs.
        let path = URL(fileURLWithPath: path).standardizedFileURL.path
        try refuseForeign(path)
        // Readable for its owner alone; the engine's own files take after it.
        if try StoreFile.beginning(of: path, count: 1) == nil { _ = try StoreFile.create(path) }
        let mark = WriterMark(besideStoreAt: path)
        let configuration = configuration(options, schema: schema)
        let writeAheadLog = WriteAheadLog(threshold: options.checkpointPages)
        let notice = Mutex<OpeningNotice?>(nil)
        let connections = try Connections(
            reading: options.writesLate
                ? StorageFault.mapping {
                    try ReadOnlyOpening(path: path, configuration: configuration).connection { database in
                        try version(of: database) == schema.version && SQLiteTransaction.isFiled(database, by: indexing)
                    }
                } : nil,
            readers: ReadingConnections(most: options.readers) {
                var reading = configuration
                reading.readonly = true
                return try DatabaseQueue(path: path, configuration: reading)
            }
        ) {
            try opening(path, mark) {
                let pool = try DatabasePool(path: path, configuration: configuration)
                try pool.writeWithoutTransaction { database in
                    // Turning the write-ahead log on has reset this to NORMAL, which loses acknowledged commits with the power.
                    try database.execute(sql: "PRAGMA synchronous = FULL")
                    guard try database.number("PRAGMA synchronous") == 2 else {
                        throw StorageFault.engine(code: SQLITE_MISUSE, "synchronous=FULL did not take")
                    }
                    let found = try bringUpToDate(database, of: pool, schema: schema)
                    notice.withLock { $0 = found }
                    try SQLiteTransaction.fileAnew(database, by: indexing)
                    try writeAheadLog.watch(database)
                }
                return pool
            }
        }
        return SQLiteStore(
            path: path, notice: notice.withLock { $0 }, connections: connections, writeAheadLog: writeAheadLog, indexing: indexing,
            options: options, mark: mark)
    }

    private static func opening<Result>(_ path: String, _ mark: WriterMark, _ body: () throws -> Result) throws -> Result {
        do {
            return try StorageFault.mapping { try body() }
        } catch StorageFault.busy {
            throw StorageFault.busy(holder: mark.holder)
        }
    }

    /// Looks at the first page without touching the file: opening with the engine would already change some.
    private static func refuseForeign(_ path: String) throws {
        // A file without bytes was made by a program that ended before it wrote any.
        guard let page = try StoreFile.beginning(of: path, count: 112), !page.isEmpty else { return }
        // The power went while the first page was on its way to the disk: the engine takes it back by what stands beside it.
        if page.allSatisfy({ $0 == 0 }), StoreFile.hasJournal(path) { return }
        let magic = Array("SQLite format 3".utf8) + [0]
        guard page.starts(with: magic.prefix(page.count)) else { throw StorageFault.notAStore }
        guard page.count == 112 else { throw StorageFault.damaged("the file ends within its first page") }
        let id = page[68..<72].reduce(Int32(0)) { $0 << 8 | Int32($1) }
        // A store whose making was cut short has no number yet, and no table either: its schema's page is a leaf of no cells.
        let isUnmade = id == 0 && page[100] == 0x0d && page[103] == 0 && page[104] == 0
        guard id == StoreSchema.applicationID || isUnmade else { throw StorageFault.notAStore }
    }

    private static func configuration(_ options: SQLiteStoreOptions, schema: StoreSchema) -> Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(options.wait)
        configuration.maximumReaderCount = options.readers
        configuration.label = "store"
        configuration.prepareDatabase { database in
            // Before anything else, the write-ahead log included, touches the file.
            try checkIdentity(database, schema: schema)
            // For a new store alone. Twice the engine's own choice: a record takes about a kilobyte, and a batch of thousands
            // was measured a quarter faster.
            try database.execute(sql: "PRAGMA page_size = 8192")
            try database.execute(
                sql: """
                    PRAGMA cache_size = -\(database.configuration.readonly ? options.readerCacheKiB : options.cacheKiB);
                    PRAGMA mmap_size = \(options.mappedBytes);
                    PRAGMA temp_store = MEMORY;
                    PRAGMA secure_delete = FAST;
                    """)
        }
        return configuration
    }

    private static func checkIdentity(_ database: Database, schema: StoreSchema) throws {
        let id = Int32(truncatingIfNeeded: try database.number("PRAGMA application_id"))
        if id == 0, try isEmpty(database) { return }
        guard id == StoreSchema.applicationID else { throw StorageFault.notAStore }
        let version = try version(of: database)
        guard version <= schema.version else { throw StorageFault.newer(version: version, known: schema.version) }
    }

    private static func isEmpty(_ database: Database) throws -> Bool {
        try database.number("SELECT count(*) FROM sqlite_master WHERE name <> 'grdb_issue_102'") == 0
    }

    private static func version(of database: Database) throws -> Int {
        try database.number("PRAGMA user_version")
    }

    /// Runs the migrations that a store lacks, all of them or none.
    private static func bringUpToDate(_ database: Database, of pool: DatabasePool, schema: StoreSchema) throws -> OpeningNotice? {
        guard try version(of: database) < schema.version else { return nil }
        var notice: OpeningNotice?
        try database.inTransaction(.immediate) {
            // Another process may have been here first.
            let found = try version(of: database)
            guard found < schema.version else { return .commit }
            if found > 0 {
                // Nobody else writes now, and another connection still sees the store as it was.
                let backup = StoreSchema.formerState(of: pool.path, version: found)
                try pool.read { try copy($0, to: backup) }
                notice = .migrated(from: found, to: schema.version, backup: backup)
            } else {
                try database.execute(sql: "PRAGMA application_id = \(StoreSchema.applicationID)")
            }
            for migration in schema.migrations[found...] { try database.execute(sql: migration) }
            try database.execute(sql: "PRAGMA user_version = \(schema.version)")
            return .commit
        }
        return notice
    }
}
