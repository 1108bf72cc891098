import Foundation
import GRDB
import Storage
import Synchronization
import Testing

@testable import StorageSQLite

@Suite("Connections that only read")
struct ReadingConnectionsTests {
    private struct Refused: Error {}

    @Test("As many are opened as read at once; they are used again, write nothing, and see what was committed before")
    func reuse() throws {
        let folder = try TemporaryFolder()
        let store = try folder.open(.server)
        try store.write { try $0.setValue([1], for: "name") }
        let opened = Mutex(0)
        let path = folder.path
        let readers = ReadingConnections(most: 2) {
            opened.withLock { $0 += 1 }
            var configuration = Configuration()
            configuration.readonly = true
            return try DatabaseQueue(path: path, configuration: configuration)
        }
        func held() throws -> [UInt8]? {
            try readers.read { try $0.first("SELECT bytes FROM named_value WHERE name = ?", "name") { $0.bytes(0) } }
        }
        for value in 1...3 as ClosedRange<UInt8> {
            try store.write { try $0.setValue([value], for: "name") }
            #expect(try held() == [value])
        }
        #expect(opened.withLock { $0 } == 1)
        #expect(try readers.read { _ in try held() } == [3])
        #expect(opened.withLock { $0 } == 2)
        #expect(throws: DatabaseError.self) { try readers.read { try $0.execute(sql: "DELETE FROM named_value") } }
        try readers.close()
        try store.close()
    }

    @Test("Once closed, nothing is read any more")
    func closed() throws {
        let readers = ReadingConnections(most: 2) { try DatabaseQueue() }
        #expect(try readers.read { try $0.number("SELECT 7") } == 7)
        try readers.close()
        #expect(throws: DatabaseError.self) { try readers.read { try $0.number("SELECT 7") } }
    }

    @Test("A store that is let go without being closed leaves one file", arguments: [SQLiteStoreOptions.server, .client])
    func letGo(options: SQLiteStoreOptions) throws {
        let folder = try TemporaryFolder()
        do {
            let store = try folder.open(options)
            try store.write { try $0.setValue([1], for: "name") }
            #expect(try store.read { try $0.value("name") } == [1])
        }
        #expect(!FileManager.default.fileExists(atPath: folder.path + "-wal"))
    }

    @Test("A connection that cannot be opened leaves its place to the next")
    func failing() throws {
        let fails = Mutex(true)
        let readers = ReadingConnections(most: 1) {
            if fails.withLock({ $0 }) { throw Refused() }
            return try DatabaseQueue()
        }
        for _ in 0..<3 { #expect(throws: Refused.self) { try readers.read { _ in } } }
        fails.withLock { $0 = false }
        #expect(throws: Refused.self) { try readers.read { _ in throw Refused() } }
        #expect(try readers.read { try $0.number("SELECT 7") } == 7)
        try readers.close()
    }
}
