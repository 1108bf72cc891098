import NIOCore

/// Ends a connection whose client does not take what it asked for: its answer would stay in memory for ever.
///
/// Used on the connection's event loop only.
final class AnswerDeadline: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = Any

    private let limit: TimeAmount
    private var unwritten = 0
    private var end: Scheduled<Void>?

    /// - Parameter limit: how long there may be something that the client has not taken.
    init(_ limit: TimeAmount) { self.limit = limit }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let written = promise ?? context.eventLoop.makePromise()
        unwritten += 1
        if end == nil {
            let channel = context.channel
            end = context.eventLoop.scheduleTask(in: limit) { channel.close(promise: nil) }
        }
        written.futureResult.assumeIsolated().whenComplete { _ in
            self.unwritten -= 1
            guard self.unwritten == 0 else { return }
            self.end?.cancel()
            self.end = nil
        }
        context.write(data, promise: written)
    }
}
