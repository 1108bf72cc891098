import Foundation
import NIOCore
import NIOPosix
import ServerApp
import TestPeers
import Testing
import Wire

@testable import ClientTransport

@Suite("The way to the server")
struct TransportTests {
    static let message: [UInt8] = {
        var state: UInt64 = 1
        return (0..<40_000).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 60) + 0x41
        }
    }()

    @Test("A call goes there and back, compressed both ways, with its token")
    func roundTrip() async throws {
        try await EchoServer.with { server in
            try await withTransport("http://127.0.0.1:\(server.port)") { transport in
                let answer = try await transport.call("heads", body: Self.message, token: [1, 2, 255], timeout: patience)
                #expect(answer.status == 200)
                #expect(answer.body == Self.message)
            }
            let call = try #require(await server.echo.calls.first)
            #expect(call.token == [1, 2, 255])
            #expect(call.body == Self.message)
        }
    }

    @Test("An error's status and body come back as they are")
    func errorAnswer() async throws {
        try await EchoServer.with { server in
            try await withTransport("http://127.0.0.1:\(server.port)") { transport in
                let answer = try await transport.call("nothing", body: [0xa0], timeout: patience)
                #expect(answer.status == 404)
                #expect(answer.body == [0xa0])
            }
        }
    }

    @Test("One connection carries many calls")
    func reuse() async throws {
        try await EchoServer.with { server in
            try await withTransport("http://127.0.0.1:\(server.port)") { transport in
                for _ in 0..<5 { _ = try await transport.call("heads", body: [0xa0], timeout: patience) }
            }
            #expect(Set(await server.echo.calls.map(\.method)) == ["heads"])
        }
        // Counted by a server that notes each connection it takes.
        let scripted = try await ScriptedPeer.start { _ in ScriptedPeer.cbor }
        try await withTransport("http://127.0.0.1:\(scripted.port)") { transport in
            for _ in 0..<5 { _ = try await transport.call("heads", body: [0xa0], timeout: patience) }
        }
        #expect(scripted.connections == 1)
        try await scripted.stop()
    }

    @Test("Nobody listens: refused")
    func refused() async throws {
        let port = ScriptedPeer.nobodysPort
        await expect(.refused(host: "127.0.0.1", port: port), from: "http://127.0.0.1:\(port)")
    }

    @Test("A name that does not exist: cannot resolve")
    func unresolved() async throws {
        await expect(.cannotResolve(host: "nowhere.invalid"), from: "http://nowhere.invalid:8620")
    }

    @Test("A server that takes the request and says nothing: timed out")
    func silent() async throws {
        let peer = try await ScriptedPeer.start { _ in [] }
        await expect(.timedOut(.answering), from: "http://127.0.0.1:\(peer.port)", timeout: .milliseconds(200))
        try await peer.stop()
    }

    @Test("A server that hangs up: connection lost")
    func hangsUp() async throws {
        let peer = try await ScriptedPeer.start { _ in nil }
        await expect(.connectionLost, from: "http://127.0.0.1:\(peer.port)")
        try await peer.stop()
    }

    @Test("An answer that is cut off is told apart from one that never began")
    func cut() async throws {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/cbor\r\ncontent-length: 100\r\n\r\n"
        let peer = try await ScriptedPeer.start(then: .hangsUp) { _ in Array(head.utf8) + [0xa0, 0xa0] }
        await expect(.answerCut, from: "http://127.0.0.1:\(peer.port)")
        try await peer.stop()
    }

    @Test("An answer without an end is given up at the limit")
    func endlessAnswer() async throws {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/cbor\r\ntransfer-encoding: chunked\r\n\r\n"
        let piece = Array("400\r\n".utf8) + [UInt8](repeating: 0xa0, count: 1_024) + Array("\r\n".utf8)
        let peer = try await ScriptedPeer.start(then: .goesOn(piece)) { _ in Array(head.utf8) }
        await expect(
            .answerTooLarge(limit: 1_000_000), from: "http://127.0.0.1:\(peer.port)", limits: BodyLimits(bytes: 1_000_000, ratio: 20))
        try await peer.stop()
    }

    @Test(
        "Something else answers there: not a server of ours",
        arguments: [
            ("200 OK", "text/html; charset=utf-8", 200), ("302 Found", "text/html", 302), ("200 OK", "application/json", 200),
            ("502 Bad Gateway", nil, 502),
        ])
    func otherServer(status: String, type: String?, code: Int) async throws {
        let peer = try await ScriptedPeer.start { _ in
            Array(
                "HTTP/1.1 \(status)\r\n\(type.map { "content-type: \($0)\r\n" } ?? "")location: http://127.0.0.1:1/\r\ncontent-length: 6\r\n\r\n<html>"
                    .utf8)
        }
        await expect(.notThisServer(status: code, contentType: type), from: "http://127.0.0.1:\(peer.port)")
        try await peer.stop()
    }

    @Test("An answer is taken at the limit and refused one past it, announced or not", arguments: [true, false])
    func answerLimit(isAnnounced: Bool) async throws {
        for count in [1_000, 1_001] {
            let body = [UInt8](repeating: 0x41, count: count)
            let peer = try await ScriptedPeer.start { _ in
                let head = "HTTP/1.1 200 OK\r\ncontent-type: application/cbor\r\n"
                return isAnnounced
                    ? Array((head + "content-length: \(count)\r\n\r\n").utf8) + body
                    : Array((head + "transfer-encoding: chunked\r\n\r\n\(String(count, radix: 16))\r\n").utf8) + body
                        + Array("\r\n0\r\n\r\n".utf8)
            }
            let url = "http://127.0.0.1:\(peer.port)"
            let limits = BodyLimits(bytes: 1_000, ratio: 20)
            if count == 1_000 {
                try await withTransport(url, limits: limits) { transport in
                    let answer = try await transport.call("heads", body: [0xa0], timeout: patience)
                    #expect(answer.body == body)
                }
            } else {
                await expect(.answerTooLarge(limit: 1_000), from: url, limits: limits)
            }
            try await peer.stop()
        }
    }

    @Test("An answer that unfolds beyond the ratio, and one that does not unfold, are broken")
    func brokenAnswer() async throws {
        let dense = WireBody(packing: [UInt8](repeating: 0, count: 1 << 20), as: .zstd, limits: BodyLimits(bytes: 1 << 24, ratio: 100_000))
        for (bytes, fault) in [(dense.bytes, BodyFault.tooDense(ratio: 20)), ([1, 2, 3, 4, 5, 6, 7, 8, 9], .corrupt(.zstd))] {
            let peer = try await ScriptedPeer.start { _ in
                Array(
                    "HTTP/1.1 200 OK\r\ncontent-type: application/cbor\r\ncontent-encoding: zstd\r\ncontent-length: \(bytes.count)\r\n\r\n"
                        .utf8)
                    + bytes
            }
            await expect(.answerBroken(fault), from: "http://127.0.0.1:\(peer.port)")
            try await peer.stop()
        }
    }

    @Test("A task that is cancelled ends its call")
    func cancelled() async throws {
        try await EchoServer.with { server in
            try await withTransport("http://127.0.0.1:\(server.port)") { transport in
                let call = Task { () -> TransportFault? in
                    do throws(TransportFault) {
                        _ = try await transport.call("wait", body: [0xa0], timeout: patience)
                        return nil
                    } catch { return error }
                }
                await server.echo.untilWaiting(1)
                call.cancel()
                #expect(await call.value == .cancelled)
                await server.echo.untilWaiting(0)
            }
        }
    }

    @Test(
        "Only what never leaves this machine may be spoken to in the open",
        arguments: [
            ("http://localhost:1", true), ("http://127.0.0.1", true), ("http://127.9.9.9:8", true), ("http://[::1]:1", true),
            ("http://127.0.0.1.example", false), ("http://127.example", false), ("http://localhost.example", false),
            ("http://[::ffff:10.0.0.1]", false), ("http://10.0.0.1", false), ("http://[2001:db8::1]", false),
        ])
    func loopback(text: String, isLoopback: Bool) throws {
        #expect(try #require(ServerURL(text)).isLoopback == isLoopback)
    }

    @Test(
        "An address reads as a person writes it",
        arguments: [
            ("https://buntan.example", "https://buntan.example"), ("buntan.example:8620", "https://buntan.example:8620"),
            ("http://127.0.0.1:8620/", "http://127.0.0.1:8620"), ("https://[::1]:1", "https://[::1]:1"), ("https://a:443", "https://a"),
            ("ftp://a", nil), ("https://a/b", nil), ("https://u@a", nil), ("https://a:0", nil), ("https://a:65536", nil), ("https://", nil),
            ("https://a?b", nil), ("https://[a]", nil), ("https://a b", nil), ("https://a:+1", nil),
        ])
    func addresses(text: String, normal: String?) {
        #expect(ServerURL(text)?.description == normal)
    }
}

/// Runs `body` with a transport and closes it, whatever happens.
func withTransport(
    _ url: String, trust: TransportSettings.Trust = .system, proxy: ProxyAddress? = nil, limits: BodyLimits = .protocolBody,
    _ body: (HTTPTransport) async throws -> Void
) async throws {
    let server = try #require(ServerURL(url))
    let transport = try HTTPTransport(TransportSettings(server: server, trust: trust, proxy: proxy, limits: limits))
    do { try await body(transport) } catch {
        try await transport.close()
        throw error
    }
    try await transport.close()
}

/// Expects one call to end with a fault.
func expect(
    _ fault: TransportFault, from url: String, trust: TransportSettings.Trust = .system, proxy: ProxyAddress? = nil,
    limits: BodyLimits = .protocolBody, timeout: Duration = patience, sourceLocation: SourceLocation = #_sourceLocation
) async {
    await #expect(throws: fault, sourceLocation: sourceLocation) {
        try await withTransport(url, trust: trust, proxy: proxy, limits: limits) { transport in
            _ = try await transport.call("heads", body: [0xa0], timeout: timeout)
        }
    }
}
