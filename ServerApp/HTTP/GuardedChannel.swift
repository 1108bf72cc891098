import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOSSL

/// A connection: so many of one address and no more, and with TLS by the certificate that is current when it opens.
///
/// HummingbirdTLS makes its TLS context once, when the server is built; a renewed certificate would need a restart.
struct GuardedChannel: ServerChildChannel, HTTPChannelHandler {
    typealias Value = HTTP1Channel.Value

    let http: HTTP1Channel
    let identity: TLSIdentity?
    let addresses: SharedAllowance<String>

    var responder: HTTPChannelHandler.Responder { http.responder }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let isWelcome = count(channel)
        return channel.eventLoop.makeCompletedFuture {
            guard let identity else { return }
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: identity.context))
        }.flatMap {
            http.setup(channel: channel, logger: logger)
        }.map { value in
            // A set-up that failed would end the whole server; so this one is finished first, and then closed.
            if !isWelcome { channel.eventLoop.execute { channel.close(promise: nil) } }
            return value
        }
    }

    /// Counts the connection for as long as it is open; `false` if its address has enough of them.
    private func count(_ channel: any Channel) -> Bool {
        guard let address = channel.remoteAddress?.ipAddress.map(AddressBuckets.key(of:)) else { return true }
        guard addresses.take(for: address) else { return false }
        channel.closeFuture.whenComplete { _ in addresses.giveBack(for: address) }
        return true
    }

    func handle(value: Value, logger: Logger) async {
        await http.handle(value: value, logger: logger)
    }
}
