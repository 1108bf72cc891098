import BuntanProtocol
import ChangeLog
import Foundation
import GRDB
import Merging
import Records
import Replica
import Storage
import StorageSQLite
import TestPeers
import Testing

@testable import ClientCLI
@testable import ServerApp

@Suite("doctor: its lines under the circumstances they are for", .serialized)
struct DoctorCircumstanceTests {
    /// Each line that a run printed, with its level.
    private static func lines(_ outcome: Outcome) throws -> [String: String] {
        let items = try outcome.json["items"] as? [[String: String]] ?? []
        return Dictionary(items.compactMap { item in item["check"].flatMap { check in item["level"].map { (check, $0) } } }) { first, _ in
            first
        }
    }

    private static func doctor(_ bench: CommandBench, _ more: String = "", store: String = "store") async throws -> [String: String] {
        let outcome = await bench.run(list: ["doctor", "--json"] + more.split(separator: " ").map(String.init), store: store)
        let found = try lines(outcome)
        #expect((outcome.exit == .done) == found.values.allSatisfy { $0 != "fail" }, "\(outcome.output)")
        return found
    }

    @Test("A server that answers, over a connection without encryption, and the clocks of both")
    func server() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            await bench.expect("init --org Kaisha --server \(server.address)")
            server.pass(days: 400)
            let found = try await Self.doctor(bench)
            #expect(found["server-ok"] == "ok" && found["certificate-plain"] == "ok" && found["clock-off"] == "warn", "\(found)")
            try await AlteringProxy.with(server) { proxy, address in
                await bench.expect("config server \(address)")
                let bounds: [(Int, Int, String, String)] = [
                    (1, 1, "server-ok", "ok"), (0, 0, "server-older", "fail"), (2, 3, "server-newer", "fail"),
                ]
                for (lowest, highest, line, level) in bounds {
                    proxy.altering { call, answer in
                        guard call.method == "hello", answer.status == 200 else { return answer }
                        let hello = try HelloRequest.Answer(decoding: answer.body)
                        let other = HelloRequest.Answer(
                            lowest: lowest, highest: highest, schema: hello.schema, limits: hello.limits, serverName: hello.serverName,
                            time: 1_795_428_311_000, logKey: hello.logKey)
                        return MethodAnswer(status: 200, body: other.encoded())
                    }
                    let found = try await Self.doctor(bench)
                    #expect(found[line] == level && found["clock-ok"] == "ok", "\(found)")
                }
            }
        }
    }

    @Test("Records are compared with the server's by their digests; one that shows others than its log gives is told of")
    func states() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            let found = try await Self.doctor(bench, store: "customer")
            #expect(found["states-ok"] == "ok" && found["states-differ"] == nil, "\(found)")
            try await AlteringProxy.with(server) { proxy, address in
                await bench.expect("config server \(address)", store: "customer")
                proxy.altering { call, answer in
                    guard call.method == "digest", answer.status == 200 else { return answer }
                    let digest = try DigestRequest.Answer(decoding: answer.body)
                    let other = [SHA.digest(digest.buckets[0].bytes)] + digest.buckets.dropFirst()
                    return MethodAnswer(
                        status: 200, body: DigestRequest.Answer(epoch: digest.epoch, size: digest.size, buckets: other).encoded())
                }
                let found = try await Self.doctor(bench, store: "customer")
                #expect(found["states-differ"] == "fail" && found["states-ok"] == nil, "\(found)")
                // Of another log nothing is compared.
                proxy.altering { call, answer in
                    guard call.method == "digest", answer.status == 200 else { return answer }
                    let digest = try DigestRequest.Answer(decoding: answer.body)
                    return MethodAnswer(
                        status: 200,
                        body: DigestRequest.Answer(epoch: digest.epoch, size: digest.size + 1, buckets: digest.buckets).encoded())
                }
                let apart = try await Self.doctor(bench, store: "customer")
                #expect(apart["states-differ"] == nil && apart["states-ok"] == nil && apart["server-ok"] == "ok", "\(apart)")
            }
        }
    }

    @Test("Something else in the server's place, and nothing there")
    func strangers() async throws {
        let bench = try CommandBench()
        let page = Array("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 2\r\n\r\nhi".utf8)
        let peer = try await ScriptedPeer.start { _ in page }
        await bench.expect("init --org Kaisha --server http://127.0.0.1:\(peer.port)")
        #expect(try await Self.doctor(bench)["server-not-buntan"] == "fail")
        try await peer.stop()
        await bench.expect("config server http://127.0.0.1:\(ScriptedPeer.nobodysPort)")
        #expect(try await Self.doctor(bench)["server-unreachable"] == "fail")
        #expect(try await Self.doctor(bench, store: "nothing")["server-none"] == "ok")
    }

    @Test(
        "A certificate that ends soon, one that does not verify, and the proxy on the way to it",
        arguments: [(30, "certificate-ok"), (10, "certificate-soon")])
    func certificates(days: Int, line: String) async throws {
        try await TestCertificates.with { made in
            let pair = try made.certificate("server", host: "localhost", signedBy: "ca", validFromDays: -1, toDays: days)
            let bench = try CommandBench()
            let identity = try TLSIdentity(certificateFile: pair.certificate, keyFile: pair.key)
            let authority = made.path("ca.pem")
            try await LoopbackServer.with(bench.path + "/server", tls: identity) { server in
                await bench.expect("init --org Kaisha --server https://localhost:\(server.port)")
                let strange = try await Self.doctor(bench)
                #expect(strange["certificate-bad"] == "fail" && strange["server-unreachable"] == "fail", "\(strange)")
                #expect(try await Self.doctor(bench, "--ca-file \(authority)")[line] != nil)
                let tunnel = try await TunnelProxy.start(asking: "proxy-authorization: Basic \(Data("u:p".utf8).base64EncodedString())")
                let proxied = try await Self.doctor(bench, "--ca-file \(authority) --proxy http://u:p@127.0.0.1:\(tunnel.port)")
                #expect(proxied["proxy-used"] == "ok" && proxied["server-ok"] == "ok" && proxied[line] != nil, "\(proxied)")
                let nameless = await bench.run(
                    list: ["doctor", "--ca-file", authority, "--proxy", "http://127.0.0.1:\(tunnel.port)"])
                #expect(nameless.output.contains("wants a name and a password"), "\(nameless.output)")
                let wrong = await bench.run(
                    list: ["doctor", "--ca-file", authority, "--proxy", "http://u:no@127.0.0.1:\(tunnel.port)"])
                #expect(wrong.output.contains("does not take this name and password"), "\(wrong.output)")
                try await tunnel.stop()
                let gone = await bench.run(
                    list: ["doctor", "--ca-file", authority, "--proxy", "http://127.0.0.1:\(ScriptedPeer.nobodysPort)"])
                #expect(gone.output.contains("refused"), "\(gone.output)")
            }
        }
    }

    @Test("Changes that the server has refused, and changes that wait for long")
    func outbox() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            try await bench.furtherDevice("laptop", of: "customer")
            await bench.expect("propose A-1 --allocation customer -m ours", store: "laptop")
            await bench.expect("device set laptop --caps read", store: "customer")
            _ = await bench.run("sync", store: "laptop")
            #expect(try await Self.doctor(bench, store: "laptop")["outbox-refused"] == "warn")
        }
        let engaged = try await EngagedBench()
        engaged.clock.millis -= 8 * 86_400_000
        let engagement = try engaged.engagement("customer")
        let workspace = try engaged.open("customer")
        let row = RecordID.timeOrdered(millis: 1, random: Nonce(high: 1, low: 1))
        _ = try workspace.commit([workspace.comment(on: row, text: "old")], in: engagement.space)
        #expect(try await Self.doctor(engaged.bench, store: "customer")["outbox-old"] == "warn")
    }

    @Test("A device whose keys of sealed spaces have not come yet is catching up, and has caught up when they have")
    func catchingUp() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            await bench.expect("note A-1 private", store: "customer")
            await bench.expect("sync", store: "customer")
            let fingerprint = try #require(try await bench.expect("org --json", store: "customer").item["fingerprint"] as? String)
            let request = try #require(
                try await bench.expect("device request laptop --org \(fingerprint) --json", store: "laptop").item["code"] as? String)
            try await AlteringProxy.with(server) { proxy, address in
                await bench.expect("config server \(address)", store: "customer")
                // The server takes the enrolment, and what comes after it is lost on the way.
                proxy.losing { call in
                    guard call.method == "statement" else { return false }
                    return try StatementRequest(decoding: call.body).statements.contains { try Statement(decoding: $0.bytes).space != nil }
                }
                _ = await bench.run(list: ["device", "add", request, "--yes"], store: "customer")
                await bench.expect("join \(fingerprint)@\(server.address)", store: "laptop")
                let found = try await Self.doctor(bench, store: "laptop")
                #expect(found["catching-up"] == "warn" && found["store-damaged"] == nil, "\(found)")
            }
            await bench.expect("config server \(server.address)", store: "customer")
            await bench.expect("sync", store: "customer")
            await bench.expect("sync", store: "laptop")
            #expect(try await Self.doctor(bench, store: "laptop")["history-ok"] == "ok")
        }
    }

    @Test("A store that another program keeps to itself is in use; it is sound once that has let go")
    func locked() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Kaisha")
        do {
            var configuration = Configuration()
            configuration.allowsUnsafeTransactions = true
            let other = try DatabaseQueue(path: bench.path + "/store/store.db", configuration: configuration)
            try await other.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
                try database.execute(sql: "BEGIN IMMEDIATE")
            }
            #expect(try await Self.doctor(bench)["store-locked"] == "fail")
            try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
            try other.close()
        }
        #expect(try await Self.doctor(bench)["store-ok"] == "ok")
    }
}
