import Foundation
import GRDB
import GRDBSQLite
import Storage

extension StorageFault {
    /// Reads the engine's code; `systemError` is the errno it met, where it met one.
    init(code: Int32, message: String, systemError: Int32) {
        switch code & 0xff {
        case SQLITE_BUSY, SQLITE_LOCKED: self = .busy(holder: nil)
        case SQLITE_FULL: self = .diskFull
        case SQLITE_READONLY: self = .readOnly
        case SQLITE_PERM, SQLITE_AUTH: self = .noPermission
        case SQLITE_CORRUPT, SQLITE_NOTADB: self = .damaged(message)
        case SQLITE_CANTOPEN, SQLITE_IOERR:
            switch systemError {
            case ENOSPC, EDQUOT: self = .diskFull
            case EROFS: self = .readOnly
            case EACCES, EPERM: self = .noPermission
            case EISDIR: self = .notAStore
            default: self = .engine(code: code, message)
            }
        default: self = .engine(code: code, message)
        }
    }

    /// The fault that a connection has just met.
    init(of connection: OpaquePointer?) {
        self.init(
            code: sqlite3_extended_errcode(connection), message: String(cString: sqlite3_errmsg(connection)),
            systemError: sqlite3_system_errno(connection))
    }

    /// Runs `body` and turns the engine's errors into faults; others pass.
    static func mapping<Result>(_ connection: OpaquePointer? = nil, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as DatabaseError {
            let code = error.extendedResultCode.rawValue
            // A copy's steps tell their code alone: the connection, asked for its words, says that nothing is wrong.
            let words = error.message.flatMap { $0 == String(cString: sqlite3_errstr(SQLITE_OK)) ? nil : $0 }
            throw StorageFault(
                code: code, message: words ?? String(cString: sqlite3_errstr(code)),
                systemError: connection.map { sqlite3_system_errno($0) } ?? errno)
        }
    }
}
