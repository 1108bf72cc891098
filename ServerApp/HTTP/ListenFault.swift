import NIOCore

#if canImport(Glibc)
    import Glibc
#endif

/// Why the server cannot listen where it should.
package enum ListenFault: Error, Hashable, Sendable {
    case inUse(ListenAddress)
    /// Ports below 1024 are for root, unless the system says otherwise.
    case notAllowed(ListenAddress)
    case noSuchAddress(ListenAddress)
    case failed(ListenAddress, errno: Int32)

    init(_ error: IOError, address: ListenAddress) {
        switch error.errnoCode {
        case EADDRINUSE: self = .inUse(address)
        case EACCES, EPERM: self = .notAllowed(address)
        case EADDRNOTAVAIL, EAFNOSUPPORT: self = .noSuchAddress(address)
        default: self = .failed(address, errno: error.errnoCode)
        }
    }
}
