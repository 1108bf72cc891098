package import Wire

/// Why the shell itself turns a request away, before any method sees it.
package enum ShellRefusal: Hashable, Sendable {
    /// No such path, method or verb: one answer for all of them.
    case notFound
    /// The Content-Type is not the one bodies have, or the Content-Encoding is one nobody here speaks.
    case unsupported
    case malformed(BodyFault)
    /// The body broke off, or took too long to arrive.
    case incomplete
    case tooLarge
    case rateLimited(afterMillis: Int)
    /// No token, or one that this server did not give or no longer takes.
    case noSession
    /// More is being answered than the server takes on.
    case busy

    package var status: Int {
        switch self {
        case .notFound: 404
        case .unsupported: 415
        case .malformed: 400
        case .incomplete: 408
        case .tooLarge: 413
        case .rateLimited: 429
        case .noSession: 401
        case .busy: 503
        }
    }

    init(_ fault: BodyFault) {
        switch fault {
        case .tooLarge, .tooDense: self = .tooLarge
        case .corrupt, .truncated, .trailing: self = .malformed(fault)
        case .noMemory: self = .busy
        }
    }
}
