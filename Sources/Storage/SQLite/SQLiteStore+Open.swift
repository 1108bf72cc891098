import Foundation
import GRDB
import GRDBSQLite
package import Storage

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
        _ = try StoreFile.create(path)
        let mark = WriterMark(besideStoreAt: path)
        let pool = try opening(path, mark) { try DatabasePool(path: path, configuration: configuration(options, schema: schema)) }
        let notice = try opening(path, mark) {
            try pool.writeWithoutTransaction { database in
                // Turning the write-ahead log on has reset this to NORMAL, which loses acknowledged commits with the power.
                try database.execute(sql: "PRAGMA synchronous = FULL")
                guard try Int.fetchOne(database, sql: "PRAGMA synchronous") == 2 else {
                    throw StorageFault.engine(code: SQLITE_MISUSE, "synchronous=FULL did not take")
                }
                return try bringUpToDate(database, path: path, schema: schema)
            }
        }
        return try SQLiteStore(path: path, notice: notice, pool: pool, indexing: indexing, options: options, mark: mark)
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
        guard let header = try StoreFile.beginning(of: path, count: 100), !header.isEmpty else { return }
        let magic = Array("SQLite format 3".utf8) + [0]
        guard header.starts(with: magic.prefix(header.count)) else { throw StorageFault.notAStore }
        guard header.count == 100 else { throw StorageFault.damaged("the file ends within its header") }
        let id = header[68..<72].reduce(Int32(0)) { $0 << 8 | Int32($1) }
        // Right after a store was made the number may still stand in the log alone.
        guard id == StoreSchema.applicationID || (id == 0 && StoreFile.size(of: path + "-wal") > 0) else { throw StorageFault.notAStore }
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
            try database.execute(
                sql: """
                    PRAGMA cache_size = -\(options.cacheKiB);
                    PRAGMA mmap_size = \(options.mappedBytes);
                    PRAGMA temp_store = MEMORY;
                    PRAGMA secure_delete = FAST;
                    """)
        }
        return configuration
    }

    private static func checkIdentity(_ database: Database, schema: StoreSchema) throws {
        let id = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        if id == 0, try isEmpty(database) { return }
        guard id == StoreSchema.applicationID else { throw StorageFault.notAStore }
        let version = try version(of: database)
        guard version <= schema.version else { throw StorageFault.newer(version: version, known: schema.version) }
    }

    private static func isEmpty(_ database: Database) throws -> Bool {
        try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master WHERE name <> 'grdb_issue_102'") == 0
    }

    private static func version(of database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    }

    /// Runs the migrations that a store lacks, all of them or none.
    private static func bringUpToDate(_ database: Database, path: String, schema: StoreSchema) throws -> OpeningNotice? {
        let found = try version(of: database)
        guard found < schema.version else { return nil }
        let backup = "\(path).v\(found).bak"
        if found > 0 { try copy(database, to: backup) }
        var started = found
        try database.inTransaction(.immediate) {
            // Another process may have been here first.
            started = try version(of: database)
            guard started < schema.version else { return .commit }
            if started == 0 { try database.execute(sql: "PRAGMA application_id = \(StoreSchema.applicationID)") }
            for migration in schema.migrations[started...] { try database.execute(sql: migration) }
            try database.execute(sql: "PRAGMA user_version = \(schema.version)")
            return .commit
        }
        return started > 0 && started < schema.version ? .migrated(from: started, to: schema.version, backup: backup) : nil
    }
}
