import Logging
import NIOCore
import NIOPosix
import ServerApp
import ServiceLifecycle
import Synchronization
import Testing

/// Answers every method with the message it got; `wait` waits until its call is cancelled.
actor Echo: MethodAnswering {
    private(set) var calls: [MethodCall] = []
    private var waiting = 0
    private var watchers: [(count: Int, resume: CheckedContinuation<Void, Never>)] = []

    nonisolated func mayCall(_ token: [UInt8]?, atMillis now: Int64) -> Bool { true }

    func answer(_ call: MethodCall) async -> MethodAnswer {
        calls.append(call)
        if call.method == "wait" {
            change(by: 1)
            let (never, source) = AsyncStream<Void>.makeStream()
            for await _ in never {}
            source.finish()
            change(by: -1)
        }
        return MethodAnswer(status: 200, body: call.body)
    }

    func untilWaiting(_ count: Int) async {
        guard waiting != count else { return }
        await withCheckedContinuation { watchers.append((count, $0)) }
    }

    private func change(by step: Int) {
        waiting += step
        for watcher in watchers where watcher.count == waiting { watcher.resume.resume() }
        watchers.removeAll { $0.count == waiting }
    }
}

/// A real server on loopback that echoes.
struct EchoServer: Sendable {
    let port: Int
    let echo: Echo

    static func with(identity: TLSIdentity? = nil, _ body: @escaping @Sendable (EchoServer) async throws -> Void) async throws {
        let echo = Echo()
        let logger = Logger.server(format: .text, level: .critical, sink: { _ in })
        let desk = MethodDesk(answering: echo, refusalBody: { _ in [0xa0] }, nowMillis: { 0 }, logger: logger)
        let (ports, portSource) = AsyncStream<Int>.makeStream()
        let server = MethodServer(desk: desk, host: "127.0.0.1", port: 0, identity: identity, logger: logger) { portSource.yield($0) }
        let group = ServerRun(server: server, identity: identity, logger: logger).group(trappingSignals: false)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { portSource.finish() }
                try await group.run()
            }
            tasks.addTask {
                var iterator = ports.makeAsyncIterator()
                let port = try #require(await iterator.next())
                do { try await body(EchoServer(port: port, echo: echo)) } catch {
                    await group.triggerGracefulShutdown()
                    throw error
                }
                await group.triggerGracefulShutdown()
            }
            try await tasks.waitForAll()
        }
    }
}

/// A peer that answers each request's head with fixed bytes; no bytes is silence, `nil` hangs up.
final class ScriptedPeer: Sendable {
    typealias Script = @Sendable (_ head: String) -> [UInt8]?

    static let cbor = Array("HTTP/1.1 200 OK\r\ncontent-type: application/cbor\r\ncontent-length: 1\r\n\r\n".utf8) + [0xa0]

    let port: Int
    private let channel: any Channel
    private let taken: Counter

    private init(channel: any Channel, taken: Counter) {
        self.channel = channel
        self.taken = taken
        port = channel.localAddress?.port ?? 0
    }

    var connections: Int { taken.count }

    static func start(_ script: @escaping Script) async throws -> ScriptedPeer {
        let taken = Counter()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                taken.add()
                return channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Handler(script)) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return ScriptedPeer(channel: channel, taken: taken)
    }

    func stop() async throws { try await channel.close() }

    final class Counter: Sendable {
        private let value = Mutex(0)
        func add() { value.withLock { $0 += 1 } }
        var count: Int { value.withLock { $0 } }
    }

    /// Reads heads; the bodies of these tests are one byte, `0xa0`.
    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let script: Script
        private var pending: [UInt8] = []

        init(_ script: @escaping Script) { self.script = script }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            pending += Array(unwrapInboundIn(data).readableBytesView)
            let text = String(decoding: pending, as: UTF8.self)
            guard text.contains("\r\n\r\n"), pending.last == 0xa0 || text.hasPrefix("CONNECT") else { return }
            pending = []
            guard let answer = script(text) else { return context.close(promise: nil) }
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: answer)), promise: nil)
        }
    }
}

/// A proxy that passes connections on after CONNECT, if the head has what it asks for.
final class TunnelProxy: Sendable {
    let port: Int
    private let channel: any Channel
    private let tunnels: ScriptedPeer.Counter

    private init(channel: any Channel, tunnels: ScriptedPeer.Counter) {
        self.channel = channel
        self.tunnels = tunnels
        port = channel.localAddress?.port ?? 0
    }

    var count: Int { tunnels.count }

    static func start(asking header: String? = nil) async throws -> TunnelProxy {
        let tunnels = ScriptedPeer.Counter()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Entry(header, tunnels)) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return TunnelProxy(channel: channel, tunnels: tunnels)
    }

    func stop() async throws { try await channel.close() }

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
