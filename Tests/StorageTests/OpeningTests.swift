import BuntanProtocol
import Foundation
import GRDBSQLite
import Storage
@testable import StorageSQLite
import TestKit
import Testing

@Suite("Opening a store")
struct OpeningTests {
    private func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }

    @Test("A store is synchronised fully on every commit, read back from the engine", arguments: [SQLiteStoreOptions.client, .server])
    func durability(_ options: SQLiteStoreOptions) throws {
        let folder = try TemporaryFolder()
        let store = try folder.open(options)
        #expect(try store.durability() == .full)
        try store.write { try $0.setValue([1], for: "name") }
        #expect(try store.durability() == Durability(journal: "wal", synchronous: 2))
        try store.close()
        #expect(try folder.open(options).durability() == .full)
    }

    @Test("A store that is closed leaves its write-ahead log empty, whoever has read in it: nobody who opens it reads it anew")
    func closing() throws {
        let folder = try TemporaryFolder()
        let store = try folder.open(.server)
        try store.write { try $0.setValue([1], for: "name") }
        // A pool keeps the connection that this opens.
        #expect(try store.read { try $0.value("name") } == [1])
        func isEmpty(_ path: String) -> Bool {
            (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int ?? 0 == 0
        }
        #expect(!isEmpty(folder.path + "-wal"))
        try store.close()
        #expect(isEmpty(folder.path + "-wal"))
        #expect(try folder.open().read { try $0.value("name") } == [1])
    }

    @Test("Whoever only reads leaves the file as it was, and waits for nobody who writes")
    func reading() throws {
        let folder = try TemporaryFolder()
        let made = try folder.open()
        try made.write { try $0.setValue([1], for: "name") }
        try made.close()
        let before = try bytes(folder.path)
        for _ in 0..<3 {
            let store = try folder.open()
            #expect(try store.read { try $0.value("name") } == [1])
            #expect(try store.check().isEmpty)
            try store.close()
            #expect(try bytes(folder.path) == before)
        }
        let writer = try ForeignConnection(folder.path)
        try writer.execute("BEGIN IMMEDIATE")
        let store = try folder.open()
        #expect(try store.read { try $0.value("name") } == [1])
        try writer.execute("COMMIT")
        // What writes begins with the first write, and is read at once.
        try store.write { try $0.setValue([2], for: "name") }
        #expect(try store.read { try $0.value("name") } == [2])
        #expect(try folder.open().read { try $0.value("name") } == [2])
    }

    @Test("A store on a medium that takes no writes can be read, and says so when it is written to")
    func readOnlyMedium() throws {
        let folder = try TemporaryFolder()
        let made = try folder.open()
        try made.write { try $0.setValue([1], for: "name") }
        try made.close()
        // What stands in the way of every file beside the store, for root as well.
        try FileManager.default.createDirectory(atPath: folder.path("store.db-shm"), withIntermediateDirectories: false)
        let store = try folder.open()
        #expect(try store.read { try $0.value("name") } == [1])
        #expect(throws: StorageFault.self) { try store.write { try $0.setValue([2], for: "name") } }
        #expect(try store.read { try $0.value("name") } == [1])
    }

    @Test("A store and what belongs to it can be read by its owner alone")
    func privacy() throws {
        let folder = try TemporaryFolder()
        let store = try folder.open()
        try store.write { try $0.setValue([1], for: "name") }
        try store.backup(to: folder.path("copy"))
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.url.path) {
            let mode = try FileManager.default.attributesOfItem(atPath: folder.path(name))[.posixPermissions] as? Int
            #expect(mode == 0o600, "\(name)")
        }
    }

    @Test(
        "A file that is no store is refused and left as it is",
        arguments: ["text", "short text", "another SQLite file", "the same with a log"])
    func alien(_ kind: String) throws {
        let folder = try TemporaryFolder()
        var connection: ForeignConnection?
        switch kind {
        case "text": try Data(repeating: 0x61, count: 5_000).write(to: URL(fileURLWithPath: folder.path))
        case "short text": try Data("hello".utf8).write(to: URL(fileURLWithPath: folder.path))
        default:
            connection = try ForeignConnection(folder.path)
            if kind == "the same with a log" { _ = try connection?.text("PRAGMA journal_mode = WAL") }
            try connection?.execute("CREATE TABLE t (x); INSERT INTO t VALUES (1)")
        }
        let before = try bytes(folder.path)
        #expect(throws: StorageFault.notAStore) { try folder.open() }
        #expect(try bytes(folder.path) == before)
        if let connection { #expect(try connection.text("SELECT x FROM t") == "1") }
    }

    @Test("An empty file becomes a store")
    func empty() throws {
        let folder = try TemporaryFolder()
        try Data().write(to: URL(fileURLWithPath: folder.path))
        let store = try folder.open()
        try store.write { try $0.setValue([1], for: "name") }
        #expect(store.notice == nil)
    }

    @Test("A store of a newer program is refused with both versions and left as it is")
    func newer() throws {
        let folder = try TemporaryFolder()
        try folder.open().close()
        let foreign = try ForeignConnection(folder.path)
        try foreign.execute("PRAGMA user_version = 99")
        _ = try foreign.text("PRAGMA wal_checkpoint(TRUNCATE)")
        let before = try bytes(folder.path)
        #expect(throws: StorageFault.newer(version: 99, known: StoreSchema.current.version)) { try folder.open() }
        #expect(try bytes(folder.path) == before)
    }

    @Test("A store that was cut short is told as damaged, never as empty", arguments: [1, 50, 100, 111, 112, 4_095, 4_096, 20_000])
    func truncated(_ count: Int) throws {
        let folder = try TemporaryFolder()
        let store = try folder.open()
        var log = try SampleLog()
        let updates = try [log.beginning] + (0..<20).map { try log.writing([.sample($0): String(repeating: "x", count: 900)]) }
        for update in updates { try store.write { try $0.apply(update) } }
        try store.close()
        let whole = try bytes(folder.path)
        try #require(whole.count > count)
        try Data(whole.prefix(count)).write(to: URL(fileURLWithPath: folder.path))
        do {
            let store = try folder.open()
            // If the engine opens it at all, the check must say so.
            #expect(try store.check() != [])
        } catch StorageFault.damaged {
        }
    }

    @Test("Bytes changed on the disk are found by the check, at the entry or record they belong to")
    func bitFlips() throws {
        let folder = try TemporaryFolder()
        var log = try SampleLog()
        let store = try folder.open()
        let updates = try [log.beginning] + (0..<5).map { try log.writing([.sample($0): "text \($0)"]) }
        for update in updates { try store.write { try $0.apply(update) } }
        #expect(try store.check() == [])
        let foreign = try ForeignConnection(folder.path)
        let space = "x'\(log.space)'"
        let table: [(sql: String, finding: StoreFinding)] = [
            ("UPDATE entry SET bytes = CAST(bytes || x'00' AS BLOB) WHERE pos = 3", .leaf(log.space, position: 3)),
            ("UPDATE entry SET leaf = zeroblob(32) WHERE pos = 4", .leaf(log.space, position: 4)),
            ("UPDATE node SET hashes = CAST(zeroblob(64) || substr(hashes, 65) AS BLOB)", .tile(log.space, position: 1)),
            ("DELETE FROM entry WHERE pos = 5", .gap(log.space, position: 5)),
            ("DELETE FROM entry WHERE pos = 6", .gap(log.space, position: 6)),
            ("UPDATE space SET frontier = x'820080'", .gap(log.space, position: 0)),
            ("UPDATE space SET frontier = CAST(substr(frontier, 1, length(frontier) - 1) || x'00' AS BLOB)", .root(log.space, size: 7)),
            ("UPDATE space SET frontier = x'00'", .standing(log.space)),
            ("DELETE FROM rights", .standing(log.space)),
            ("UPDATE space SET genesis = CAST(genesis || x'00' AS BLOB)", .standing(log.space)),
            ("UPDATE record SET state = x'80' WHERE record = x'\(RecordID.sample(2))'", .record(log.space, .sample(2))),
            ("UPDATE record SET kind = 'other' WHERE record = x'\(RecordID.sample(3))'", .record(log.space, .sample(3))),
            ("DELETE FROM word WHERE pos = 0", .listing(log.space, position: 0)),
            ("INSERT INTO word (space_id, pos) VALUES (\(space), 3)", .listing(log.space, position: 3)),
            ("INSERT INTO word (space_id, pos) VALUES (\(space), 9)", .listing(log.space, position: 9)),
            ("INSERT INTO lead (space_id, bytes) VALUES (\(space), x'80')", .lead(log.space)),
            ("INSERT INTO logged_record (space_id, record, state) VALUES (\(space), x'\(RecordID.sample(2))', x'80')", .lead(log.space)),
            ("DELETE FROM payload WHERE pos = 2", .usedBytes(log.space, counted: 0, found: 0)),
        ]
        for (sql, finding) in table {
            let backup = folder.path("before")
            try store.backup(to: backup)
            try foreign.execute(sql)
            let found = try store.check()
            if case .usedBytes = finding {
                #expect(found.contains { if case .usedBytes(log.space, _, _) = $0 { true } else { false } }, "\(sql)")
            } else {
                #expect(found.contains(finding), "\(sql): \(found)")
            }
            try foreign.execute("ATTACH '\(backup)' AS old")
            for name in ["space", "rights", "entry", "payload", "node", "record", "word", "lead", "logged_record"] {
                try foreign.execute(
                    "DELETE FROM main.\(name) WHERE space_id = \(space); INSERT INTO main.\(name) SELECT * FROM old.\(name)")
            }
            try foreign.execute("DETACH old")
            #expect(try store.check() == [], "put back after \(sql)")
        }
    }

    @Test("A folder that is not there or may not be written is said as such")
    func folders() throws {
        let folder = try TemporaryFolder()
        #expect(throws: StorageFault.self) { try SQLiteStore.open(at: folder.path("none/store.db"), indexing: PlainIndexing()) }
        #expect(throws: StorageFault.self) { try SQLiteStore.open(at: folder.url.path, indexing: PlainIndexing()) }
    }

    @Test("Lists of briefs and conflicts are answered from indexes alone, without reading states")
    func plans() throws {
        let folder = try TemporaryFolder()
        try folder.open().close()
        let foreign = try ForeignConnection(folder.path)
        for query in [SQLiteTransaction.briefsQuery, SQLiteTransaction.conflictedQuery, SQLiteTransaction.kindsQuery] {
            let statement = try foreign.texts("EXPLAIN QUERY PLAN " + query, column: 3)
            #expect(statement.count == 1 && statement[0].contains("USING COVERING INDEX"), "\(statement)")
        }
    }
}
