import Logging
import ServiceLifecycle
import Testing
import Wire

@testable import ServerApp

@Suite("The HTTP shell")
struct MethodServerTests {
    /// Sixteen letters without a pattern: what compresses to about half.
    static let message: [UInt8] = {
        var state: UInt64 = 1
        return (0..<40_000).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 60) + 0x41
        }
    }()

    @Test("A body arrives and returns whole, in every coding", arguments: ContentCoding.allCases)
    func codings(coding: ContentCoding) async throws {
        try await RunningServer.with { server in
            let packed = WireBody(packing: Self.message, as: coding)
            var headers = ["accept-encoding: \(coding.rawValue)", "authorization: Bearer AQID"]
            if coding != .identity { headers.append("content-encoding: \(coding.rawValue)") }
            let answer = try await RawClient.post("/v1/heads", headers: headers, body: packed.bytes, port: server.port)
            #expect(answer.status == 200)
            #expect(answer.header("content-type") == "application/cbor")
            #expect(answer.header("content-encoding") == (coding == .identity ? nil : coding.rawValue))
            let used = try #require(ContentCoding(header: answer.header("content-encoding")))
            #expect(try WireBody(bytes: answer.body, coding: used).message() == Self.message)
            if coding != .identity { #expect(answer.body.count < Self.message.count) }

            let call = try #require(await server.answers.calls.first)
            #expect(call.method == "heads")
            #expect(call.body == Self.message)
            #expect(call.token == [1, 2, 3])
            #expect(call.remoteAddress == "127.0.0.1")
            #expect(call.receivedMillis == 1_800_000_000_000)
        }
    }

    @Test("An unknown path, method or verb and a forbidden space look alike, byte for byte")
    func uniformNotFound() async throws {
        try await RunningServer.with { server in
            // `pull` answers like a registrar that hides a space.
            let hidden = try await RawClient.post("/v1/pull", body: [0xa0], port: server.port)
            #expect(hidden.status == 404)
            #expect(hidden.body == notFoundBody)
            for path in ["/v1/nothing", "/v2/pull", "/", "/v1/pull?x=1", "/v1/PULL", "/health/live"] {
                let answer = try await RawClient.post(path, body: [0xa0], port: server.port)
                #expect(answer.timelessHead == hidden.timelessHead, "\(path)")
                #expect(answer.body == hidden.body, "\(path)")
            }
            let get = try await RawClient.with(port: server.port) { connection in
                try await connection.send(RawClient.head("GET", "/v1/pull", length: nil))
                return try await connection.answer()
            }
            #expect(get?.timelessHead == hidden.timelessHead)
            #expect(get?.body == hidden.body)
        }
    }

    @Test(
        "What cannot be read is refused before any method sees it",
        arguments: [
            (["content-type: text/html"], [UInt8]([0xa0]), 415), (["content-encoding: br"], [0xa0], 415),
            (["content-encoding: zstd"], [0xa0], 400), (["content-encoding: gzip"], [0xa0], 400),
        ])
    func unreadable(headers: [String], body: [UInt8], status: Int) async throws {
        try await RunningServer.with { server in
            let answer = try await RawClient.post("/v1/heads", headers: headers, body: body, port: server.port)
            #expect(answer.status == status)
            #expect(answer.header("content-type") == "application/cbor")
            #expect(await server.answers.calls.isEmpty)
        }
    }

    @Test("A compressed body that unfolds beyond its limit is refused", arguments: [ContentCoding.zstd, .gzip])
    func bomb(coding: ContentCoding) async throws {
        // What a sender with no ratio to keep makes of a megabyte of zeros.
        let packed = WireBody(
            packing: [UInt8](repeating: 0, count: 1 << 20), as: coding, limits: BodyLimits(bytes: 1 << 24, ratio: 100_000))
        #expect(packed.coding == coding)
        try await RunningServer.with { server in
            let answer = try await RawClient.post(
                "/v1/heads", headers: ["content-encoding: \(coding.rawValue)"], body: packed.bytes, port: server.port)
            #expect(answer.status == 413)
            #expect(await server.answers.calls.isEmpty)
        }
    }

    @Test("A body is taken at the limit and refused one past it, announced or not", arguments: [true, false])
    func bodyLimit(isAnnounced: Bool) async throws {
        var limits = ShellLimits.patient
        limits.body = BodyLimits(bytes: 10_000, ratio: 20)
        try await RunningServer.with(limits: limits) { server in
            for (count, status) in [(10_000, 200), (10_001, 413)] {
                let body = [UInt8](repeating: 0x41, count: count)
                let answer = try await RawClient.with(port: server.port) { connection in
                    if isAnnounced {
                        try await connection.post("/v1/heads", body: body)
                    } else {
                        let chunk = Array("\(String(count, radix: 16))\r\n".utf8) + body + Array("\r\n0\r\n\r\n".utf8)
                        try await connection.send(
                            RawClient.head("POST", "/v1/heads", headers: ["transfer-encoding: chunked"], length: nil) + chunk)
                    }
                    return try await connection.answer()
                }
                #expect(answer?.status == status)
            }
            #expect(await server.answers.calls.count == 1)
            #expect(server.desk.bodies.inUse == 0)
        }
    }

    @Test("A body announced too large is refused before it is sent, and its connection ends")
    func refusedEarly() async throws {
        try await RunningServer.with { server in
            try await RawClient.with(port: server.port) { connection in
                try await connection.send(RawClient.head("POST", "/v1/push", length: 1 << 40))
                let answer = try #require(try await connection.answer())
                #expect(answer.status == 413)
                #expect(answer.header("connection") == "close")
                #expect(try await connection.answer() == nil)
            }
        }
    }

    @Test("Half a body is no body")
    func brokenOff() async throws {
        try await RunningServer.with { server in
            try await RawClient.with(port: server.port) { connection in
                try await connection.send(RawClient.head("POST", "/v1/heads", length: 100) + [0xa0])
            }
            // A later request proves that the server has gone past the broken one.
            _ = try await RawClient.post("/v1/digest", body: [0xa0], port: server.port)
            #expect(await server.answers.calls.map(\.method) == ["digest"])
        }
    }

    @Test("A connection is used again")
    func keepsConnections() async throws {
        try await RunningServer.with { server in
            try await RawClient.with(port: server.port) { connection in
                for body in [[UInt8]([1]), [2, 2], [3, 3, 3]] {
                    try await connection.post("/v1/heads", body: body)
                    #expect(try await connection.answer()?.body == body)
                }
                try await connection.post("/v1/wait", body: [0xa0])
                await server.answers.until { $0.waiting == 1 }
                await server.answers.wakeAll()
                #expect(try await connection.answer()?.status == 200)
                try await connection.post("/v1/heads", body: [4])
                #expect(try await connection.answer()?.body == [4])
            }
        }
    }

    @Test("Beyond the number of answers at once the server says that it is busy, and waiting calls do not count")
    func busy() async throws {
        var limits = ShellLimits.patient
        limits.answers = 1
        try await RunningServer.with(limits: limits) { server in
            async let waiting = RawClient.post("/v1/wait", body: [0xa0], port: server.port)
            await server.answers.until { $0.waiting == 1 }
            async let first = RawClient.post("/v1/push", body: [0xa0], port: server.port)
            await server.answers.until { $0.calls.contains { $0.method == "push" } }
            let second = try await RawClient.post("/v1/heads", body: [0xa0], port: server.port)
            #expect(second.status == 503)
            #expect(second.body == refusalBody(.busy))
            await server.answers.release()
            #expect(try await first.status == 200)
            #expect(try await RawClient.post("/v1/heads", body: [0xa0], port: server.port).status == 200)
            await server.answers.wakeAll()
            #expect(try await waiting.status == 200)
        }
    }

    @Test("A tenant that has as much answered as it may is told that it is too much, and so is a device; others are served")
    func busyForOne() async throws {
        var limits = ShellLimits.patient
        (limits.answers, limits.tenantAnswers, limits.deviceAnswers) = (4, 3, 2)
        try await RunningServer.with(limits: limits) { server in
            @Sendable func call(_ method: String, _ token: [UInt8]) async throws -> RawClient.Answer {
                try await RawClient.post(
                    "/v1/\(method)", headers: ["authorization: Bearer " + Base64URL.text(token)], body: [0xa0], port: server.port)
            }
            @Sendable func hold(_ token: [UInt8], others: Int) async -> Task<Int, any Error> {
                let held = Task { try await call("push", token).status }
                await server.answers.until { $0.calls.count { $0.method == "push" } == others + 1 }
                return held
            }
            @Sendable func expect(_ token: [UInt8], isServed: Bool) async throws {
                let answer = try await call("heads", token)
                #expect(answer.status == (isServed ? 200 : 503))
                if !isServed { #expect(answer.body == refusalBody(.busy)) }
            }
            var held = [await hold([1, 1], others: 0), await hold([1, 1], others: 1)]
            // The device has its number, its organisation one left.
            try await expect([1, 1], isServed: false)
            try await expect([1, 2], isServed: true)
            held.append(await hold([1, 2], others: 2))
            try await expect([1, 3], isServed: false)
            // Another tenant finds what is left.
            try await expect([2, 1], isServed: true)
            held.append(await hold([2, 1], others: 3))
            try await expect([3, 1], isServed: false)
            await server.answers.release()
            for push in held {
                let status = try await push.value
                #expect(status == 200)
            }
            for token: [UInt8] in [[1, 1], [1, 2], [2, 1], [3, 1]] { try await expect(token, isServed: true) }
        }
    }

    @Test("Bodies of all requests together stay within the server's memory")
    func bodyAllowance() async throws {
        var limits = ShellLimits.patient
        limits.bodyBytes = 5_000
        try await RunningServer.with(limits: limits) { server in
            async let held = RawClient.post("/v1/push", body: [UInt8](repeating: 1, count: 4_000), port: server.port)
            await server.answers.until { $0.calls.contains { $0.method == "push" } }
            let fits = try await RawClient.post("/v1/heads", body: [UInt8](repeating: 1, count: 1_000), port: server.port)
            #expect(fits.status == 200)
            let tooMuch = try await RawClient.post("/v1/heads", body: [UInt8](repeating: 1, count: 1_001), port: server.port)
            #expect(tooMuch.status == 503)
            await server.answers.release()
            #expect(try await held.status == 200)
            #expect(server.desk.bodies.inUse == 0)
        }
    }

    @Test("An address that is taken is told from one that is not here")
    func listenFaults() async throws {
        try await RunningServer.with { server in
            let logger = Logger.server(format: .text, level: .critical, sink: { _ in })
            func fault(host: String, port: Int) async -> ListenFault? {
                let second = MethodServer(desk: server.desk, host: host, port: port, identity: nil, logger: logger)
                do { try await ServerRun(server: second, identity: nil, logger: logger).group(trappingSignals: false).run() } catch {
                    return error as? ListenFault
                }
                return nil
            }
            let taken = await fault(host: "127.0.0.1", port: server.port)
            #expect(taken == .inUse(ListenAddress(host: "127.0.0.1", port: server.port)))
            let elsewhere = await fault(host: "192.0.2.1", port: 0)
            #expect(elsewhere == .noSuchAddress(ListenAddress(host: "192.0.2.1", port: 0)))
        }
    }

    @Test("Methods without a session are limited by address, those with one are not")
    func rateLimited() async throws {
        var limits = ShellLimits.patient
        limits.addressRate = AddressRate(burst: 2, perMinute: 60, addresses: 10)
        try await RunningServer.with(limits: limits) { server in
            for status in [200, 200, 429] {
                let answer = try await RawClient.post("/v1/hello", body: [0xa0], port: server.port)
                #expect(answer.status == status)
            }
            let admitted = try await RawClient.post("/v1/heads", body: [0xa0], port: server.port)
            #expect(admitted.status == 200)
        }
    }

    @Test("Health tells whether the server lives and whether it is ready")
    func health() async throws {
        let isReady = ReadyFlag()
        try await RunningServer.with(isReady: { await isReady.value }) { server in
            func get(_ path: String) async throws -> RawClient.Answer? {
                try await RawClient.with(port: server.port) { connection in
                    try await connection.send(RawClient.head("GET", path, length: nil))
                    return try await connection.answer()
                }
            }
            let live = try await get("/health/live")
            #expect(live?.status == 200)
            let before = try await get("/health/ready")
            #expect(before?.status == 503)
            await isReady.set()
            let after = try await get("/health/ready")
            #expect(after?.status == 200)
            #expect(after?.body == Array("ready\n".utf8))
        }
    }

    @Test("A token that is not base64 for URLs is no token", arguments: ["Basic AQID", "Bearer A+/=", "Bearer ", "AQID"])
    func badToken(header: String) {
        #expect(MethodResponder.token(header) == nil)
    }

    @Test("Nothing of a request's contents reaches the log, even at the finest level")
    func quietLog() async throws {
        let secret = "himitsu-5f1c"
        try await RunningServer.with(logLevel: .trace) { server in
            let body = Array(secret.utf8)
            let token = "authorization: Bearer " + Base64URL.text(Array(secret.utf8))
            _ = try await RawClient.post("/v1/heads", headers: [token], body: body, port: server.port)
            _ = try await RawClient.post("/v1/\(secret)", headers: [token], body: body, port: server.port)
            _ = try await RawClient.post("/v1/heads", headers: [token, "content-encoding: zstd"], body: body, port: server.port)
            _ = try await RawClient.post("/v1/heads", headers: [token, "content-type: \(secret)"], body: body, port: server.port)
            let log = server.log.text
            #expect(log.contains("request refused"))
            #expect(!log.contains(secret))
            #expect(!log.contains(Base64URL.text(Array(secret.utf8))))
        }
    }
}

actor ReadyFlag {
    private(set) var value = false
    func set() { value = true }
}
