import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle

/// The HTTP server: one address, plain or with TLS.
///
/// It stops gracefully: no new connection, waiting calls end, calls in progress are answered, then connections close.
package struct MethodServer: Service {
    private let desk: MethodDesk
    private let host: String
    private let port: Int
    private let identity: TLSIdentity?
    private let logger: Logger
    private let onBound: @Sendable (Int) async -> Void

    /// - Parameter onBound: told the port once connections are taken, the one the system chose if `port` is 0.
    package init(
        desk: MethodDesk, host: String, port: Int, identity: TLSIdentity?, logger: Logger,
        onBound: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.desk = desk
        self.host = host
        self.port = port
        self.identity = identity
        self.logger = logger
        self.onBound = onBound
    }

    package func run() async throws {
        let limits = desk.limits
        var http = HTTP1Channel.Configuration(
            additionalChannelHandlers: [DisconnectWatch(), AnswerDeadline(.seconds(Int64(limits.answerSeconds)))],
            idleTimeout: .seconds(Int64(limits.idleSeconds)))
        http.httpDecoder = .init(maxHeaderFieldSize: 8 * 1024, maxHeaderListSize: 16 * 1024, maxHeaderFieldCount: 64)
        let addresses = SharedAllowance<String>(limits.addressConnections)
        let server = HTTPServerBuilder { [http, identity] responder in
            GuardedChannel(http: HTTP1Channel(responder: responder, configuration: http), identity: identity, addresses: addresses)
        }
        var quiet = logger
        // Hummingbird says at info what we say ourselves, with values inside its sentences.
        quiet.logLevel = max(logger.logLevel, .warning)
        let application = Application(
            responder: MethodResponder(desk: desk), server: server,
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port), backlog: 1_024,
                availableConnectionsDelegate: .maximum(limits.connections, logger: quiet)),
            onServerRunning: { [onBound] channel in await onBound(channel.localAddress?.port ?? 0) },
            logger: quiet)
        do { try await application.run() } catch let error as IOError {
            throw ListenFault(error, address: ListenAddress(host: host, port: port))
        } catch is SocketAddressError {
            throw ListenFault.noSuchAddress(ListenAddress(host: host, port: port))
        }
    }
}
