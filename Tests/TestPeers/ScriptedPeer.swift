import NIOCore
import NIOPosix
import Synchronization

/// A peer that answers each request with fixed bytes, and goes on as it is told.
package final class ScriptedPeer: Sendable {
    /// What to answer to a request, its head and body as text; no bytes is silence, `nil` hangs up.
    package typealias Script = @Sendable (_ request: String) -> [UInt8]?

    /// What comes after an answer's bytes.
    package enum Ending: Sendable {
        case waits
        case hangsUp
        /// The same bytes again and again, until nobody takes them any more.
        case goesOn([UInt8])
    }

    package static let cbor = Array("HTTP/1.1 200 OK\r\ncontent-type: application/cbor\r\ncontent-length: 1\r\n\r\n".utf8) + [0xa0]

    /// Where nobody listens. A port that a peer has just left may be another test's by the time it is asked; the system gives
    /// this one to nobody who asks for any.
    package static let nobodysPort = 1

    package let port: Int
    private let channel: any Channel
    private let taken: Counter

    private init(channel: any Channel, taken: Counter) {
        self.channel = channel
        self.taken = taken
        port = channel.localAddress?.port ?? 0
    }

    package var connections: Int { taken.count }

    package static func start(then ending: Ending = .waits, _ script: @escaping Script) async throws -> ScriptedPeer {
        let taken = Counter()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                taken.add()
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(script, ending))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return ScriptedPeer(channel: channel, taken: taken)
    }

    package func stop() async throws { try await channel.close() }

    final class Counter: Sendable {
        private let value = Mutex(0)
        func add() { value.withLock { $0 += 1 } }
        var count: Int { value.withLock { $0 } }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let script: Script
        private let ending: Ending
        private var pending: [UInt8] = []

        init(_ script: @escaping Script, _ ending: Ending) {
            self.script = script
            self.ending = ending
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            pending += Array(unwrapInboundIn(data).readableBytesView)
            guard isWhole else { return }
            let text = String(decoding: pending, as: UTF8.self)
            pending = []
            guard let answer = script(text) else { return context.close(promise: nil) }
            let channel = context.channel
            let written = channel.writeAndFlush(ByteBuffer(bytes: answer))
            switch ending {
            case .waits: break
            case .hangsUp: written.whenComplete { _ in channel.close(promise: nil) }
            case .goesOn(let bytes): written.whenSuccess { Self.goOn(bytes, channel) }
            }
        }

        private static func goOn(_ bytes: [UInt8], _ channel: any Channel) {
            // A write may be done at once: the next one begins from the loop, not from within it, or the stack comes to its end.
            channel.writeAndFlush(ByteBuffer(bytes: bytes)).whenSuccess { channel.eventLoop.execute { goOn(bytes, channel) } }
        }

        /// Whether head and body of a request are here.
        private var isWhole: Bool {
            let text = String(decoding: pending, as: UTF8.self)
            guard let end = text.firstRange(of: "\r\n\r\n") else { return false }
            let head = text[..<end.lowerBound].lowercased()
            let length = head.split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
                .flatMap { Int($0.dropFirst("content-length:".count).filter { $0 != " " }) }
            return pending.count >= text[..<end.upperBound].utf8.count + (length ?? 0)
        }
    }
}
