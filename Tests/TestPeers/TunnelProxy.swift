import NIOCore
import NIOPosix

/// A proxy that passes connections on after CONNECT, if the head has what it asks for.
package final class TunnelProxy: Sendable {
    package let port: Int
    private let channel: any Channel
    private let tunnels: ScriptedPeer.Counter

    private init(channel: any Channel, tunnels: ScriptedPeer.Counter) {
        self.channel = channel
        self.tunnels = tunnels
        port = channel.localAddress?.port ?? 0
    }

    package var count: Int { tunnels.count }

    package static func start(asking header: String? = nil) async throws -> TunnelProxy {
        let tunnels = ScriptedPeer.Counter()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Entry(header, tunnels)) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return TunnelProxy(channel: channel, tunnels: tunnels)
    }

    package func stop() async throws { try await channel.close() }

    private final class Entry: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let header: String?
        private let tunnels: ScriptedPeer.Counter
        private var head = ""
        private var other: (any Channel)?

        init(_ header: String?, _ tunnels: ScriptedPeer.Counter) {
            self.header = header
            self.tunnels = tunnels
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = unwrapInboundIn(data)
            if let other {
                other.writeAndFlush(bytes, promise: nil)
                return
            }
            head += String(buffer: bytes)
            guard head.contains("\r\n\r\n") else { return }
            if let header, !head.lowercased().contains(header.lowercased()) {
                return say("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n", context)
            }
            let target = head.split(separator: " ").dropFirst().first?.split(separator: ":") ?? []
            guard head.hasPrefix("CONNECT"), target.count == 2, let port = Int(target[1]) else {
                return say("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n", context)
            }
            let near = context.channel
            let loopBound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            ClientBootstrap(group: context.eventLoop)
                .channelInitializer { far in
                    far.eventLoop.makeCompletedFuture { try far.pipeline.syncOperations.addHandler(Exit(near)) }
                }
                .connect(host: String(target[0]), port: port)
                .whenSuccess { far in
                    let (entry, context) = loopBound.value
                    entry.tunnels.add()
                    entry.other = far
                    entry.say("HTTP/1.1 200 OK\r\n\r\n", context)
                }
        }

        func channelInactive(context: ChannelHandlerContext) { other?.close(promise: nil) }

        private func say(_ text: String, _ context: ChannelHandlerContext) {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
        }
    }

    private final class Exit: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let near: any Channel

        init(_ near: any Channel) { self.near = near }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { near.writeAndFlush(unwrapInboundIn(data), promise: nil) }
        func channelInactive(context: ChannelHandlerContext) { near.close(promise: nil) }
    }
}
