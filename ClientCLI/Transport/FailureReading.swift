import AsyncHTTPClient
import NIOCore
import NIOPosix
import NIOSSL

#if canImport(Glibc)
    import Glibc
#endif

/// What an error of the libraries says about the way to the server.
enum FailureReading {
    case known(TransportFault)
    /// The certificate did not verify; why is not in the error.
    case certificateRefused
    /// The certificate is good, and for other names.
    case otherHost

    init(_ error: any Error, settings: TransportSettings) {
        let server = settings.server
        switch error {
        case is CancellationError:
            self = .known(.cancelled)
        case let error as HTTPClientError:
            self = .known(Self.fault(for: error, settings: settings))
        case let error as NIOConnectionError:
            self = .known(Self.fault(for: error, settings: settings))
        case let error as CertificateOfOthers:
            self = .known(.certificate(.otherHost(names: error.names.texts), host: server.host))
        case is SocketAddressError:
            self = .known(
                settings.proxy.map { .proxyUnreachable(host: $0.host, port: $0.port, .name) } ?? .cannotResolve(host: server.host))
        case let error as NIOSSLExtraError where error == .failedToValidateHostname || error == .serverHostnameImpossibleToMatch:
            self = .otherHost
        case NIOSSLError.unableToValidateCertificate, NIOSSLError.noCertificateToValidate:
            self = .certificateRefused
        case NIOSSLError.handshakeFailed(let reason):
            let isCertificate = "\(reason)".contains("CERTIFICATE_VERIFY_FAILED")
            self = isCertificate ? .certificateRefused : .known(.noTLS(host: server.host, port: server.port))
        case let error as IOError:
            self = .known(Self.fault(for: error, host: server.host, port: server.port))
        case ChannelError.connectTimeout:
            self = .known(.timedOut(.connecting))
        default:
            self = .known(.connectionLost)
        }
    }

    private static func fault(for error: HTTPClientError, settings: TransportSettings) -> TransportFault {
        let proxy = (host: settings.proxy?.host ?? "", port: settings.proxy?.port ?? 0)
        switch error {
        case .cancelled, .requestStreamCancelled: return .cancelled
        case .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout: return .timedOut(.connecting)
        case .deadlineExceeded, .readTimeout, .writeTimeout: return .timedOut(.answering)
        case .proxyAuthenticationRequired:
            // Whoever has given a name knows that one is wanted.
            return .proxyRefused(settings.proxy?.user == nil ? .authentication : .credentials, host: proxy.host, port: proxy.port)
        case .invalidProxyResponse: return .proxyRefused(.connection, host: proxy.host, port: proxy.port)
        case .httpProxyHandshakeTimeout: return .proxyUnreachable(host: proxy.host, port: proxy.port, .tooSlow)
        default: return .connectionLost
        }
    }

    private static func fault(for error: NIOConnectionError, settings: TransportSettings) -> TransportFault {
        let obstacle = obstacle(in: error)
        if let proxy = settings.proxy { return .proxyUnreachable(host: proxy.host, port: proxy.port, obstacle) }
        let host = settings.server.host
        let port = settings.server.port
        switch obstacle {
        case .name: return .cannotResolve(host: host)
        case .refused: return .refused(host: host, port: port)
        case .tooSlow: return .timedOut(.connecting)
        case .noWay: return .unreachable(host: host, port: port)
        }
    }

    /// A name with several addresses fails on each in its own way; what a person can act on goes first.
    private static func obstacle(in error: NIOConnectionError) -> TransportFault.Obstacle {
        let causes = error.connectionErrors.map(\.error)
        if causes.isEmpty { return .name }
        if causes.contains(where: { ($0 as? IOError)?.errnoCode == ECONNREFUSED }) { return .refused }
        if causes.contains(where: { if case ChannelError.connectTimeout = $0 { true } else { false } }) { return .tooSlow }
        return .noWay
    }

    private static func fault(for error: IOError, host: String, port: Int) -> TransportFault {
        switch error.errnoCode {
        case ECONNREFUSED: .refused(host: host, port: port)
        case ETIMEDOUT: .timedOut(.connecting)
        case ENETUNREACH, EHOSTUNREACH, ENETDOWN, EHOSTDOWN: .unreachable(host: host, port: port)
        default: .connectionLost
        }
    }
}
