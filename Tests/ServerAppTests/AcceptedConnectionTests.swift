import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import Testing

@testable import ServerApp

@Suite("Connections that nobody comes to serve")
struct AcceptedConnectionTests {
    @Test("A connection that is accepted and let go of is closed, and the program goes on")
    func letGo() async throws {
        let logger = Logger(label: "test")
        let guarded = GuardedChannel(
            http: HTTP1Channel(responder: { _, _, _ in Issue.record("Nobody serves this.") }), identity: nil,
            addresses: SharedAllowance<String>(8))
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in guarded.setup(channel: channel, logger: logger).map { _ in } }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(server.localAddress?.port)
        for _ in 1...8 {
            try await RawClient.bare(port: port, isRead: true) { channel in
                // Ends only where the other side closes.
                try await channel.closeFuture.get()
            }
        }
        try await server.close()
    }
}
