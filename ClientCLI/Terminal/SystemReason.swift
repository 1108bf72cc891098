import Foundation
import Glibc

/// What the system says about a failure, in its own few words.
enum SystemReason {
    static func of(errno: Int32) -> String { String(cString: strerror(errno)) }

    static func of(_ error: any Error) -> String {
        if let number = number(of: error) { return of(errno: number) }
        return String(describing: type(of: error))
    }

    /// Returns the system's error number beneath an error, if there is one.
    static func number(of error: any Error) -> Int32? {
        if let error = error as? POSIXError { return error.code.rawValue }
        if case .failed(let number)? = error as? SinkFault { return number }
        if let error = error as? ProgramFault { return error.errno }
        let error = error as NSError
        if error.domain == NSPOSIXErrorDomain { return Int32(truncatingIfNeeded: error.code) }
        if let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError, cause.domain == NSPOSIXErrorDomain {
            return Int32(truncatingIfNeeded: cause.code)
        }
        guard let cocoa = error as? CocoaError else { return nil }
        switch cocoa.code {
        case .fileNoSuchFile, .fileReadNoSuchFile: return ENOENT
        case .fileReadNoPermission, .fileWriteNoPermission: return EACCES
        case .fileWriteOutOfSpace: return ENOSPC
        case .fileWriteVolumeReadOnly: return EROFS
        case .fileWriteFileExists: return EEXIST
        default: return nil
        }
    }
}
