import Foundation
import GRDBSQLite
import Storage

/// What a store asks of the file system itself, around the engine.
enum StoreFile {
    /// The first bytes of a file, read without touching it; `nil` if there is no such file.
    static func beginning(of path: String, count: Int) throws -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw fault()
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: count)
        let found = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        guard found >= 0 else { throw fault() }
        return Array(bytes.prefix(found))
    }

    static func size(of path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }

    /// Whether the engine has begun to change a store in place and has not ended it, as it does while one is made.
    static func hasJournal(_ path: String) -> Bool { size(of: path + "-journal") > 0 }

    /// Makes an empty file that its owner alone may read; false if something has the name already.
    static func create(_ path: String) throws -> Bool {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            if errno == EEXIST { return false }
            throw fault()
        }
        close(descriptor)
        return true
    }

    static func remove(_ path: String) throws {
        guard unlink(path) == 0 || errno == ENOENT else { throw fault() }
    }

    /// Gives a file another name, durably.
    static func rename(_ path: String, to name: String) throws {
        try synchronise(path)
        guard Foundation.rename(path, name) == 0 else { throw fault() }
        try synchronise(URL(fileURLWithPath: name).deletingLastPathComponent().path)
    }

    private static func synchronise(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw fault() }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw fault() }
    }

    private static func fault() -> StorageFault {
        StorageFault(code: SQLITE_CANTOPEN, message: String(cString: strerror(errno)), systemError: errno)
    }
}
