import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOSSL
import Synchronization

/// A connection: so many of one address and no more, and with TLS by the certificate that is current when it opens.
///
/// HummingbirdTLS makes its TLS context once, when the server is built; a renewed certificate would need a restart.
struct GuardedChannel: ServerChildChannel, HTTPChannelHandler {
    let http: HTTP1Channel
    let identity: TLSIdentity?
    let addresses: SharedAllowance<String>

    var responder: HTTPChannelHandler.Responder { http.responder }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<AcceptedConnection> {
        let isWelcome = count(channel)
        return channel.eventLoop.makeCompletedFuture {
            guard let identity else { return }
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: identity.context))
        }.flatMap {
            http.setup(channel: channel, logger: logger)
        }.map { value in
            // A set-up that failed would end the whole server; so this one is finished first, and then closed.
            if !isWelcome { channel.eventLoop.execute { channel.close(promise: nil) } }
            return AcceptedConnection(value, logger: logger)
        }
    }

    /// Counts the connection for as long as it is open; `false` if its address has enough of them.
    private func count(_ channel: any Channel) -> Bool {
        guard let address = channel.remoteAddress?.ipAddress.map(AddressBuckets.key(of:)) else { return true }
        guard addresses.take(for: address) else { return false }
        channel.closeFuture.whenComplete { _ in addresses.giveBack(for: address) }
        return true
    }

    func handle(value: AcceptedConnection, logger: Logger) async {
        await http.handle(value: value.served(), logger: logger)
    }
}

/// A connection that was accepted, whether or not anybody comes to serve it.
///
/// A server that stops lets go of what it accepted just then. A channel that nobody has run ends the whole program as it goes
/// (`NIOAsyncWriter`), with every call that is being answered: so it is closed here first.
final class AcceptedConnection: ServerChildChannelValue {
    private let connection: HTTP1Channel.Value
    private let logger: Logger
    private let isServed = Atomic(false)

    init(_ connection: HTTP1Channel.Value, logger: Logger) { (self.connection, self.logger) = (connection, logger) }

    var channel: any Channel { connection.channel }

    /// The connection for whoever serves it now, and closes it.
    func served() -> HTTP1Channel.Value {
        isServed.store(true, ordering: .relaxed)
        return connection
    }

    deinit {
        guard !isServed.load(ordering: .relaxed) else { return }
        Task { [connection, logger] in
            do { try await connection.executeThenClose { _, _ in } } catch {
                logger.debug("An accepted connection was gone before it was served.")
            }
        }
    }
}
