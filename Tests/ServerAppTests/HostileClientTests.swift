import Logging
import NIOCore
import ServiceLifecycle
import Testing
import Wire

@testable import ServerApp

/// What a client does that means no good, and what it costs: its own connection.
@Suite("Hostile clients")
struct HostileClientTests {
    /// Each part of a request that never comes, and what had come before it.
    @Test(
        "A client that stops in the middle of a request loses its connection", .timeLimit(.minutes(20)),
        arguments: ["", "POST /v1/he", "POST /v1/heads HTTP/1.1\r\nhost: x\r\n", "POST /v1/heads HTTP/1.1\r\ncontent-length: 9\r\n\r\nab"])
    func stops(sent: String) async throws {
        var limits = ShellLimits()
        limits.idleSeconds = 1
        try await RunningServer.with(limits: limits) { server in
            try await RawClient.with(port: server.port) { connection in
                // On a busy machine the server may have lost patience before.
                do { try await connection.send(sent) } catch ChannelError.ioOnClosedChannel {}
                while let answer = try await connection.answer() { #expect(answer.status >= 400) }
            }
            #expect(await server.answers.calls.isEmpty)
        }
    }

    @Test("A client that sends its head byte by byte has no more time for it than any other", .timeLimit(.minutes(20)))
    func dripsHead() async throws {
        var limits = ShellLimits()
        limits.idleSeconds = 1
        try await RunningServer.with(limits: limits) { server in
            try await RawClient.bare(port: server.port, isRead: true) { channel in
                do {
                    try await channel.writeAndFlush(ByteBuffer(string: "POST /v1/heads HTTP/1.1\r\nx: "))
                } catch ChannelError.ioOnClosedChannel {}
                let drip = channel.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(50)) { _ in
                    channel.writeAndFlush(ByteBuffer(string: "x"), promise: nil)
                }
                try await channel.closeFuture.get()
                drip.cancel()
            }
            #expect(await server.answers.calls.isEmpty)
        }
    }

    @Test("A body that takes too long is refused, and its connection ends", .timeLimit(.minutes(20)))
    func slowBody() async throws {
        var limits = ShellLimits.patient
        limits.bodySeconds = 0
        try await RunningServer.with(limits: limits) { server in
            try await RawClient.with(port: server.port) { connection in
                try await connection.send(RawClient.head("POST", "/v1/heads", length: 100_000) + [0xa0])
                let answer = try #require(try await connection.answer())
                #expect(answer.status == 408)
                #expect(answer.header("connection") == "close")
                #expect(try await connection.answer() == nil)
            }
            #expect(await server.answers.calls.isEmpty)
            #expect(server.desk.bodies.inUse == 0)
        }
    }

    @Test("A chunked body without an end is refused at the limit, and its connection ends", .timeLimit(.minutes(20)))
    func endlessBody() async throws {
        var limits = ShellLimits.patient
        limits.body = BodyLimits(bytes: 10_000, ratio: 20)
        try await RunningServer.with(limits: limits) { server in
            try await RawClient.with(port: server.port) { connection in
                try await connection.send(RawClient.head("POST", "/v1/heads", headers: ["transfer-encoding: chunked"], length: nil))
                for _ in 0..<11 { try await connection.send("3e8\r\n" + String(repeating: "x", count: 1_000) + "\r\n") }
                #expect(try await connection.answer()?.status == 413)
                #expect(try await connection.answer() == nil)
            }
            #expect(await server.answers.calls.isEmpty)
            #expect(server.desk.bodies.inUse == 0)
        }
    }

    @Test(
        "A head beyond its limits ends the connection and reaches no method",
        arguments: [
            "x: " + String(repeating: "x", count: 9_000),
            (0..<70).map { "x\($0): y" }.joined(separator: "\r\n"),
            (0..<60).map { "x\($0): " + String(repeating: "y", count: 400) }.joined(separator: "\r\n"),
        ])
    func hugeHead(headers: String) async throws {
        try await RunningServer.with { server in
            try await RawClient.with(port: server.port) { connection in
                try await connection.send(RawClient.head("POST", "/v1/heads", headers: [headers], length: 0))
                #expect(try await connection.answer()?.status == 400)
                #expect(try await connection.answer() == nil)
            }
            #expect(try await RawClient.post("/v1/heads", body: [1], port: server.port).status == 200)
            #expect(await server.answers.calls.count == 1)
        }
    }

    @Test("A client that asks and never reads loses its connection, and the room its answers took", .timeLimit(.minutes(20)))
    func neverReads() async throws {
        var limits = ShellLimits.patient
        limits.answerSeconds = 1
        try await RunningServer.with(limits: limits) { server in
            // More than the system keeps for a connection on both sides.
            let body = [UInt8](repeating: 7, count: 8_000_000)
            try await RawClient.bare(port: server.port, isRead: false) { channel in
                try await channel.writeAndFlush(ByteBuffer(bytes: RawClient.head("POST", "/v1/heads", length: body.count) + body))
                await server.answers.until { $0.calls.count == 1 }
                while server.desk.bodies.inUse > 0 { await Task.yield() }
            }
        }
    }

    @Test("An address has so many connections and no more; when one ends, another is let in", .timeLimit(.minutes(20)))
    func manyConnections() async throws {
        var limits = ShellLimits.patient
        limits.addressConnections = 2
        try await RunningServer.with(limits: limits) { server in
            try await RawClient.with(port: server.port) { first in
                try await first.post("/v1/heads", body: [1])
                #expect(try await first.answer()?.status == 200)
                try await RawClient.with(port: server.port) { second in
                    try await second.post("/v1/heads", body: [2])
                    #expect(try await second.answer()?.status == 200)
                    try await RawClient.with(port: server.port) { third in
                        let answer = try await third.answer()
                        #expect(answer == nil)
                    }
                    try await second.post("/v1/heads", body: [3])
                    #expect(try await second.answer()?.status == 200)
                }
                // The second has gone; the server notices at its own pace.
                var answer: RawClient.Answer?
                while answer == nil {
                    do {
                        answer = try await RawClient.with(port: server.port) { next in
                            try await next.post("/v1/heads", body: [4])
                            return try await next.answer()
                        }
                    } catch {}
                }
                #expect(answer?.status == 200)
            }
        }
    }

    @Test("Bodies of one address take a share of the room and leave the rest to others")
    func addressShare() {
        let room = BodyRoom(bytes: 100, perAddress: 60)
        let (greedy, other) = (room.lease(for: "192.0.2.1"), room.lease(for: "192.0.2.2"))
        #expect(greedy.take(60))
        #expect(!room.lease(for: "192.0.2.1").take(1))
        #expect(other.take(40) && !other.take(1))
        greedy.release()
        greedy.release()
        #expect(room.inUse == 40)
        #expect(room.lease(for: "192.0.2.1").take(60) && room.inUse == 40, "a lease that is gone has given everything back")
    }

    @Test("Whoever shows no session is refused before the body is read")
    func strangers() async throws {
        try await RunningServer.with { server in
            let token = "authorization: Bearer " + Base64URL.text(ScriptedAnswers.expired)
            try await RawClient.with(port: server.port) { connection in
                // Announced and never sent: whoever waited for it would not answer.
                try await connection.send(RawClient.head("POST", "/v1/push", headers: [token], length: 8_000_000))
                let answer = try #require(try await connection.answer())
                #expect(answer.status == 401)
                #expect(answer.body == refusalBody(.noSession))
                #expect(try await connection.answer() == nil)
            }
            #expect(await server.answers.calls.isEmpty)
        }
    }

    @Test("A method without a session takes a small body, and one past its limit is refused")
    func openBodies() async throws {
        var limits = ShellLimits.patient
        limits.openBody = BodyLimits(bytes: 1_000, ratio: 20)
        try await RunningServer.with(limits: limits) { server in
            for (method, count, status) in [("hello", 1_000, 200), ("hello", 1_001, 413), ("heads", 1_001, 200)] {
                let body = [UInt8](repeating: 1, count: count)
                let answer = try await RawClient.post("/v1/" + method, body: body, port: server.port)
                #expect(answer.status == status, "\(method) \(count)")
            }
        }
    }
}
