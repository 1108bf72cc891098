import NIOCore

/// Tells when the client of a connection has gone, which a method that waits would not notice: nobody reads meanwhile.
///
/// Used on the connection's event loop only.
final class DisconnectWatch: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Any

    private var isGone = false
    private var onGone: (@Sendable () -> Void)?

    /// Calls `onGone` once the client goes; at once if it has gone already.
    func arm(_ onGone: @escaping @Sendable () -> Void) {
        if isGone { onGone() } else { self.onGone = onGone }
    }

    func disarm() { onGone = nil }

    private func noteGone() {
        isGone = true
        onGone?()
        onGone = nil
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // A client that closes its sending side is taken to have left: ours never do so while they wait.
        if let event = event as? ChannelEvent, event == .inputClosed { noteGone() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        noteGone()
        context.fireChannelInactive()
    }
}

extension Channel {
    /// Runs `work`, calling `onGone` if the client goes away before it ends.
    ///
    /// The connection stays usable afterwards, unlike with Hummingbird's own cancellation on inbound close.
    func watchingClient<T: Sendable>(onGone: @escaping @Sendable () -> Void, _ work: () async -> T) async -> T {
        eventLoop.execute {
            guard let watch = try? self.pipeline.syncOperations.handler(type: DisconnectWatch.self) else { return onGone() }
            watch.arm(onGone)
        }
        let value = await work()
        eventLoop.execute {
            let watch = try? self.pipeline.syncOperations.handler(type: DisconnectWatch.self)
            watch?.disarm()
        }
        return value
    }
}
