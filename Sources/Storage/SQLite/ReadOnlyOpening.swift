import Foundation
import GRDB
import GRDBSQLite
import Storage

/// Opens a store for reading alone.
struct ReadOnlyOpening {
    let path: String
    var configuration: Configuration

    init(path: String, configuration: Configuration) {
        self.path = path
        self.configuration = configuration
        self.configuration.readonly = true
    }

    /// A connection that writes nothing into the store's file; `nil` where the store is not ready to be read, being new, or
    /// as another version of this program left it.
    func connection(_ isReady: (Database) throws -> Bool) throws -> DatabaseQueue? {
        guard let page = try StoreFile.beginning(of: path, count: 1), !page.isEmpty else { return nil }
        // Its making was cut short: whoever may only read can neither end that nor take it back.
        if StoreFile.hasJournal(path) { return nil }
        let queue: DatabaseQueue
        do {
            queue = try opened()
        } catch let fault as DatabaseError where Self.isOfTheMedium(fault) && hasNoLog {
            // Even reading keeps a file beside the store, in which readers tell writers of themselves. Where it cannot be
            // made nobody can write either, and the file holds everything.
            guard let whole = inMemory() else { throw fault }
            queue = whole
        }
        guard try queue.read(isReady) else {
            try queue.close()
            return nil
        }
        return queue
    }

    private func opened() throws -> DatabaseQueue {
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        // Opening alone does not look at the file.
        _ = try queue.read { try $0.number("SELECT count(*) FROM sqlite_master") }
        return queue
    }

    private static func isOfTheMedium(_ fault: DatabaseError) -> Bool {
        switch fault.resultCode {
        case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_FULL: true
        default:
            [ResultCode.SQLITE_IOERR_SHMOPEN, .SQLITE_IOERR_SHMSIZE, .SQLITE_IOERR_SHMLOCK, .SQLITE_IOERR_SHMMAP].contains(
                fault.extendedResultCode)
        }
    }

    private var hasNoLog: Bool {
        // What cannot be told is taken for a log: then the store is not read without it.
        do { return try (StoreFile.beginning(of: path + "-wal", count: 1) ?? []).isEmpty } catch { return false }
    }

    /// The store as the file has it; `nil` if that cannot be read either.
    private func inMemory() -> DatabaseQueue? {
        do {
            var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            guard bytes.count >= 20 else { return nil }
            // Both say that there is a write-ahead log: in memory there is none.
            bytes.replaceSubrange(18..<20, with: [1, 1])
            let queue = try DatabaseQueue(configuration: configuration)
            try queue.inDatabase { database in
                guard let buffer = sqlite3_malloc64(UInt64(bytes.count)) else { throw DatabaseError(resultCode: .SQLITE_NOMEM) }
                bytes.copyBytes(to: UnsafeMutableRawBufferPointer(start: buffer, count: bytes.count))
                let code = sqlite3_deserialize(
                    database.sqliteConnection, "main", buffer.assumingMemoryBound(to: UInt8.self), Int64(bytes.count),
                    Int64(bytes.count), UInt32(SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_READONLY))
                guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
            }
            return queue
        } catch {
            return nil
        }
    }
}
