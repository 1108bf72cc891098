import Foundation
import TestPeers
import Testing

@testable import ClientCLI

@Suite("Something else answers where the server should")
struct StrangeServerTests {
    struct Answer: Sendable, CustomTestStringConvertible {
        let what: String
        let bytes: [UInt8]
        let then: ScriptedPeer.Ending
        let code: String
        /// What the message must say.
        let named: String
        var testDescription: String { what }

        init(_ what: String, _ head: String, body: [UInt8] = [], then: ScriptedPeer.Ending = .waits, _ code: String, _ named: String = "") {
            self.what = what
            bytes = Array((head.replacing("\n", with: "\r\n") + "\r\n\r\n").utf8) + body
            self.then = then
            self.code = code
            self.named = named
        }
    }

    private static let cbor = "HTTP/1.1 200 OK\ncontent-type: application/cbor\n"
    private static let page = Array("<html><body>Sign in to the hotel's network</body></html>".utf8)
    private static let piece = Array("10000\r\n".utf8) + [UInt8](repeating: 0x80, count: 65_536) + Array("\r\n".utf8)

    static let answers: [Answer] = [
        Answer(
            "a page to sign in to", "HTTP/1.1 200 OK\ncontent-type: text/html\ncontent-length: \(page.count)", body: page,
            "server-not-buntan", "200"),
        Answer(
            "a gateway's 502", "HTTP/1.1 502 Bad Gateway\ncontent-type: text/plain\ncontent-length: 11", body: Array("Bad Gateway".utf8),
            "server-not-buntan", "502"),
        Answer("a 502 without a body", "HTTP/1.1 502 Bad Gateway\ncontent-length: 0", "server-not-buntan", "502"),
        Answer("a redirect", "HTTP/1.1 302 Found\nlocation: http://127.0.0.1:1/login\ncontent-length: 0", "server-not-buntan", "302"),
        Answer(
            "another type", "HTTP/1.1 200 OK\ncontent-type: application/json\ncontent-length: 2", body: Array("{}".utf8),
            "server-not-buntan", "200"),
        Answer("an answer that is cut", cbor + "content-length: 500", body: [0xa5, 0x01], then: .hangsUp, "connection-lost"),
        Answer("an answer without an end", cbor + "transfer-encoding: chunked", then: .goesOn(piece), "server-answer-too-large"),
        Answer("an answer announced too large", cbor + "content-length: 99999999999", "server-answer-too-large"),
        Answer("no CBOR", cbor + "content-length: 3", body: Array("huh".utf8), "server-answer-invalid", "hello"),
        Answer(
            "CBOR that is nested without an end", cbor + "content-length: 3000", body: [UInt8](repeating: 0x81, count: 3_000),
            "server-answer-invalid", "hello"),
        Answer(
            "CBOR that promises more than there is", cbor + "content-length: 9", body: [0x9b] + [UInt8](repeating: 0xff, count: 8),
            "server-answer-invalid", "hello"),
        Answer("a coding nobody asked for", cbor + "content-encoding: br\ncontent-length: 3", body: [1, 2, 3], "server-not-buntan", "200"),
        Answer("zstd that is none", cbor + "content-encoding: zstd\ncontent-length: 3", body: [1, 2, 3], "server-answer-broken"),
        Answer("no HTTP", "SSH-2.0-OpenSSH_9.2", then: .hangsUp, "server-speaks-tls", "https://"),
        Answer(
            "an error without a body of ours", "HTTP/1.1 500 Oops\ncontent-type: application/cbor\ncontent-length: 0",
            "server-answer-invalid", "hello"),
    ]

    @Test("It ends with 3 and says what answered; nothing is changed, and what waits goes on waiting", arguments: answers)
    func strange(answer: Answer) async throws {
        let bench = try CommandBench()
        let peer = try await ScriptedPeer.start(then: answer.then) { _ in answer.bytes }
        let address = "http://127.0.0.1:\(peer.port)"
        await bench.expect("init --org Kaisha --server \(address)")
        await bench.expect("service add Object_Storage")
        let before = try await state(bench)
        for line in ["sync --json", "sync --json --lang ja"] {
            let outcome = await bench.expect(line, exit: .network)
            #expect(try outcome.code == answer.code, "\(outcome.errors)")
            #expect(
                outcome.errors.contains("127.0.0.1:\(peer.port)") && (answer.named.isEmpty || outcome.errors.contains(answer.named)),
                "\(outcome.errors)")
            #expect(!outcome.errors.contains("{"), "\(outcome.errors)")
        }
        #expect(try await state(bench) == before)
        try await peer.stop()
    }

    @Test("Nobody there, and a name that nobody has, are told apart; nothing is changed")
    func nobody() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Kaisha")
        await bench.expect("service add Object_Storage")
        let before = try await state(bench)
        for (address, code) in [
            ("http://127.0.0.1:\(ScriptedPeer.nobodysPort)", "server-unreachable"), ("https://nowhere.invalid", "server-name"),
        ] {
            await bench.expect("config server \(address)")
            let outcome = await bench.expect("sync --json", exit: .network)
            #expect(try outcome.code == code, "\(outcome.errors)")
            #expect(try await state(bench) == before)
        }
    }

    @Test(
        "Plain HTTP leaves this machine to no address that only looks like it", arguments: ["http://127.0.0.1.example", "http://10.0.0.1"])
    func plain(address: String) async throws {
        let bench = try CommandBench()
        #expect(try await bench.expect("init --org Kaisha --server \(address) --json", exit: .usage).code == "plain-refused")
        await bench.expect("init --org Kaisha")
        #expect(try await bench.expect("config server \(address) --json", exit: .usage).code == "invalid-setting")
        let outcome = await bench.run(["sync", "--json"], environment: ["BUNTAN_SERVER": address])
        #expect(try outcome.exit == .usage && outcome.code == "plain-refused")
    }

    private func state(_ bench: CommandBench) async throws -> String {
        let outbox = await bench.expect("outbox --plain").output
        return outbox + (await bench.expect("services --plain").output)
    }
}
