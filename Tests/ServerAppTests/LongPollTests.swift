import NIOCore
import NIOPosix
import Testing

@testable import ServerApp

@Suite("Long polls and the end of a server")
struct LongPollTests {
    @Test("A thousand waiting calls are freed when their clients go")
    func clientsLeave() async throws {
        try await RunningServer.with { server in
            let group = MultiThreadedEventLoopGroup.singleton
            var channels: [any Channel] = []
            for _ in 0..<1_000 {
                let channel = try await ClientBootstrap(group: group).connect(host: "127.0.0.1", port: server.port).get()
                try await channel.writeAndFlush(ByteBuffer(bytes: RawClient.head("POST", "/v1/wait", length: 1) + [0xa0]))
                channels.append(channel)
            }
            await server.answers.until { $0.waiting == 1_000 }
            #expect(server.desk.answers.inUse == 0)
            #expect(server.desk.bodies.inUse == 0)
            for channel in channels { try await channel.close() }
            await server.answers.until { $0.waiting == 0 }
            #expect(await server.answers.waitsCancelled == 1_000)
        }
    }

    @Test("A thousand waiting calls are all told of a change")
    func allTold() async throws {
        try await RunningServer.with { server in
            try await withThrowingTaskGroup(of: Int?.self) { tasks in
                for _ in 0..<1_000 {
                    tasks.addTask {
                        try await RawClient.with(port: server.port) { connection in
                            try await connection.post("/v1/wait", body: [0xa0])
                            return try await connection.answer()?.status
                        }
                    }
                }
                await server.answers.until { $0.waiting == 1_000 }
                await server.answers.wakeAll()
                for try await status in tasks { #expect(status == 200) }
            }
        }
    }

    @Test("A stop ends waiting calls, finishes calls in progress, and takes no new ones")
    func gracefulStop() async throws {
        try await RunningServer.with { server in
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask {
                    let waiting = try await RawClient.post("/v1/wait", body: [0xa0], port: server.port)
                    #expect(waiting.status == 503)
                }
                tasks.addTask {
                    let push = try await RawClient.post("/v1/push", body: [0xa0], port: server.port)
                    #expect(push.status == 200)
                    #expect(push.body == [0xa1, 0x01, 0xf5])
                }
                await server.answers.until { $0.waiting == 1 && $0.calls.contains { $0.method == "push" } }
                await server.stop()
                // The waiting call ends while the push is still being answered.
                await server.answers.until { $0.waitsCancelled == 1 }
                #expect(await server.answers.pushesDone == 0)
                await server.answers.release()
                try await tasks.waitForAll()
            }
            #expect(await server.answers.pushesDone == 1)
        }
    }

    @Test("A push is answered to its end even if its client goes away")
    func pushSurvivesClient() async throws {
        try await RunningServer.with { server in
            try await RawClient.with(port: server.port) { connection in
                try await connection.post("/v1/push", body: [0xa0])
                await server.answers.until { $0.calls.contains { $0.method == "push" } }
            }
            await server.answers.release()
            await server.answers.until { $0.pushesDone == 1 }
        }
    }

    @Test("A client that sends half a request and stays does not hold up a stop for ever")
    func stubbornClient() async throws {
        try await RunningServer.with(graceSeconds: 1) { server in
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: server.port).get()
            try await channel.writeAndFlush(ByteBuffer(bytes: RawClient.head("POST", "/v1/push", length: 100) + [0xa0]))
            // The server has read the first half: a second connection is answered.
            _ = try await RawClient.post("/v1/heads", body: [0xa0], port: server.port)
            await server.stop()
        }
    }

    @Test("A silent connection is closed at once on a stop")
    func idleConnection() async throws {
        try await RunningServer.with { server in
            try await RawClient.with(port: server.port) { connection in
                try await connection.post("/v1/heads", body: [0xa0])
                #expect(try await connection.answer()?.status == 200)
                await server.stop()
                #expect(try await connection.answer() == nil)
            }
        }
    }
}
