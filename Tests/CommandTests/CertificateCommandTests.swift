import ArgumentParser
import BuntanProtocol
import ChangeLog
import Foundation
import Synchronization
import TestPeers
import Testing

@testable import ClientCLI
@testable import ServerApp

@Suite("Certificates and proxies, as their user meets them", .serialized)
struct CertificateCommandTests {
    /// A server whose certificate is made for `host`, and an authority's file; a store that wants to sync with it.
    private func scene(
        host: String = "localhost", validFromDays: Int = -1, toDays: Int = 30,
        _ body: @escaping @Sendable (CommandBench, _ port: Int, _ authority: String) async throws -> Void
    ) async throws {
        try await TestCertificates.with { made in
            let pair = try made.certificate("server", host: host, signedBy: "ca", validFromDays: validFromDays, toDays: toDays)
            let bench = try CommandBench()
            let identity = try TLSIdentity(certificateFile: pair.certificate, keyFile: pair.key)
            let authority = made.path("ca.pem")
            try await LoopbackServer.with(bench.path + "/server", tls: identity) { server in
                try await body(bench, server.port, authority)
            }
        }
    }

    /// Founds an organisation with something to send.
    private func founded(_ bench: CommandBench, at address: String) async {
        await bench.expect("init --org Kaisha --server \(address)")
        await bench.expect("service add Object_Storage")
    }

    private func state(_ bench: CommandBench) async -> String {
        let outbox = await bench.expect("outbox --plain").output
        return outbox + (await bench.expect("services --plain").output)
    }

    struct Wrong: Sendable, CustomTestStringConvertible {
        let code: String
        var host = "localhost"
        var from = -1
        var to = 30
        var isTrusted = true
        /// What the message must say.
        let named: String
        var testDescription: String { code + " " + host }
    }

    static let wrong = [
        Wrong(code: "certificate-unknown-issuer", isTrusted: false, named: "--ca-file"),
        Wrong(code: "certificate-expired", from: -20, to: -10, named: "localhost"),
        Wrong(code: "certificate-not-yet", from: 10, to: 20, named: "localhost"),
        Wrong(code: "certificate-other-name", host: "other.example", named: "other.example"),
        // The connection goes to this address, but the user named a host.
        Wrong(code: "certificate-other-name", host: "127.0.0.1", named: "127.0.0.1"),
    ]

    @Test("A certificate that does not verify ends with 3 and says why; nothing is changed or lost", arguments: wrong)
    func certificate(_ wrong: Wrong) async throws {
        try await scene(host: wrong.host, validFromDays: wrong.from, toDays: wrong.to) { bench, port, authority in
            await founded(bench, at: "https://localhost:\(port)")
            let before = await state(bench)
            let trust = wrong.isTrusted ? " --ca-file \(authority)" : ""
            for language in ["en", "ja"] {
                let outcome = await bench.expect("sync --json --lang \(language)\(trust)", exit: .network)
                let code = try outcome.code
                #expect(code == wrong.code, "\(outcome.errors)")
                #expect(outcome.errors.contains("localhost") && outcome.errors.contains(wrong.named), "\(outcome.errors)")
            }
            #expect(await state(bench) == before)
            let doctor = await bench.expect("doctor", exit: .found)
            #expect(doctor.output.contains("localhost"), "\(doctor.output)")
        }
    }

    @Test("Each command of the network ends so, with 3 and the certificate's code: none goes around the check, and none waits for ever")
    func everyCommand() async throws {
        let bench = try CommandBench()
        // All that there can be between the two, from when the server could still be trusted.
        let codes = Mutex<[String: String]>([:])
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            let fingerprint = try #require(try await bench.expect("org --json", store: "provider").item["fingerprint"] as? String)
            func code(_ line: String, store: String) async throws -> String {
                try #require(try await bench.expect(line + " --json --yes", store: store).item["code"] as? String, "\(line)")
            }
            let invitation = try await code("invite Other", store: "provider")
            let request = try await code("device request laptop --org \(fingerprint)", store: "laptop")
            let entrance = try await code("device add \(request)", store: "provider")
            let further = try await code("device request tablet --org \(fingerprint)", store: "tablet")
            await bench.expect("init --org Late --server \(server.address)", store: "late")
            let auditor = try #require(try await bench.expect("org --json", store: "late").item["fingerprint"] as? String)
            await bench.expect("auditor add \(auditor) --yes", store: "provider")
            let remark = try #require(try await bench.expect("comment A-1 gone --json", store: "provider").item["short"] as? String)
            await bench.expect("sync", store: "provider")
            codes.withLock {
                $0 = [
                    "invitation": invitation, "entrance": entrance, "request": further, "server": "127.0.0.1:\(server.port)",
                    "auditor": auditor, "remark": remark,
                ]
            }
        }
        let known = codes.withLock { $0 }
        let invitation = try #require(known["invitation"])
        let entrance = try #require(known["entrance"])
        let request = try #require(known["request"])
        let old = try #require(known["server"])
        let (auditor, remark) = (try #require(known["auditor"]), try #require(known["remark"]))
        var random = SystemRandom()
        let admission = HandedCode.admission(random.nonce()).text
        try await TestCertificates.with { made in
            let pair = try made.certificate("server", host: "localhost", signedBy: "ca")
            let identity = try TLSIdentity(certificateFile: pair.certificate, keyFile: pair.key)
            let authority = made.path("ca.pem")
            try await LoopbackServer.with(bench.path + "/server", tls: identity) { server in
                let address = "https://localhost:\(server.port)"
                for store in ["provider", "customer", "late"] { await bench.expect("config server \(address)", store: store) }
                func moved(_ code: String) -> String { code.replacing("http://" + old, with: "localhost:\(server.port)") }
                await bench.expect("init --org Newcomer", store: "newcomer")
                let lines: [(String, String)] = [
                    ("sync", "provider"), ("sync -n", "provider"), ("watch", "provider"), ("invite More", "provider"),
                    ("invite --list", "provider"), ("invite --revoke 7k3q", "provider"), ("device add \(request)", "provider"),
                    ("device set laptop --caps read", "provider"), ("device revoke laptop", "provider"),
                    ("engagement end kaisha -m over", "provider"), ("engagement end example-cloud -m over", "customer"),
                    ("join \(moved(invitation))", "newcomer"), ("join \(moved(entrance))", "laptop"), ("join \(admission)", "late"),
                    ("auditor add \(auditor)", "provider"), ("auditor end \(auditor)", "provider"),
                    ("erase \(remark) text --reason asked", "provider"), ("key rotate --keep-code", "provider"),
                ]
                for (line, store) in lines {
                    let outcome = await bench.expect(line + " --json --yes", store: store, exit: .network)
                    #expect(try outcome.code == "certificate-unknown-issuer", "\(line): \(outcome.errors)")
                    #expect(outcome.errors.contains("localhost") && outcome.errors.contains("--ca-file"), "\(line): \(outcome.errors)")
                }
                // What was written is said to be, by each who wrote it and by nobody else.
                for (name, store) in [("kaisha", "provider"), ("example-cloud", "customer")] {
                    let again = await bench.expect("engagement end \(name) -m over --on 2090-01-01 --yes", store: store, exit: .network)
                    #expect(again.errors.contains("this is written here") && again.errors.contains("buntan sync"), "\(again.errors)")
                }
                #expect(!(await bench.expect("invite More", store: "provider", exit: .network).errors.contains("written here")))
                #expect(try Set(lines.map { try Self.type(of: $0.0) }) == Self.networkCommands.subtracting(["DoctorCommand"]))
                // The server has heard of none of it, and with the authority all of it goes on.
                #expect(!FileManager.default.fileExists(atPath: bench.path + "/laptop/store.db"))
                await bench.expect("sync --ca-file \(authority)", store: "provider")
                let devices = try await bench.expect("devices --json", store: "provider").list
                #expect(devices.count == 2 && devices.allSatisfy { $0["revoked"] is NSNull })
                await bench.expect("join \(moved(entrance)) --ca-file \(authority)", store: "laptop")
                await bench.expect("join \(moved(invitation)) --ca-file \(authority)", store: "newcomer")
            }
        }
    }

    /// The commands of the program that take options of the network, by the names of their types.
    private static var networkCommands: Set<String> {
        func below(_ type: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
            [type] + type.configuration.subcommands.flatMap(below)
        }
        return Set(below(Buntan.self).filter { $0 is any NetworkCommand.Type }.map { "\($0)" })
    }

    private static func type(of line: String) throws -> String {
        "\(Swift.type(of: try Buntan.parseAsRoot(line.split(separator: " ").map(String.init))))"
    }

    @Test(
        "A company's authority makes it verify, from flag, environment and settings, and what waited arrives",
        arguments: ["flag", "environment", "config"])
    func authority(way: String) async throws {
        try await scene { bench, port, authority in
            await founded(bench, at: "https://localhost:\(port)")
            switch way {
            case "flag": await bench.expect("sync --ca-file \(authority)")
            case "environment": #expect(await bench.run(["sync"], environment: ["BUNTAN_CA_FILE": authority]).exit == .done)
            default:
                await bench.expect("config caFile \(authority)")
                await bench.expect("sync")
            }
            #expect(await bench.expect("outbox --json").output.contains("\"items\": []"))
            let doctor = await bench.run(["doctor"], environment: ["BUNTAN_CA_FILE": authority])
            #expect(doctor.output.contains("valid until"), "\(doctor.output)")
        }
    }

    @Test("TLS to a port without it, and the reverse, end with 3 and say so")
    func mixedUp() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            await founded(bench, at: "https://127.0.0.1:\(server.port)")
            let before = await state(bench)
            let outcome = await bench.expect("sync --json", exit: .network)
            let code = try outcome.code
            #expect(code == "plain-server-here", "\(outcome.errors)")
            #expect(outcome.errors.contains("127.0.0.1:\(server.port)"))
            #expect(await state(bench) == before)
            await bench.expect("config server http://127.0.0.1:\(server.port)")
            await bench.expect("sync")
        }
        try await scene { bench, port, _ in
            await founded(bench, at: "http://127.0.0.1:\(port)")
            let outcome = await bench.expect("sync --json", exit: .network)
            let code = try outcome.code
            #expect(code == "server-speaks-tls", "\(outcome.errors)")
            #expect(outcome.errors.contains("https://"))
        }
    }

    @Test("A proxy that refuses, asks for a name, or is not there ends with 3 and is named; nothing is changed or lost")
    func proxies() async throws {
        try await scene { bench, port, authority in
            await founded(bench, at: "https://localhost:\(port)")
            let before = await state(bench)
            let forbidding = try await ScriptedPeer.start { _ in Array("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n".utf8) }
            let asking = try await TunnelProxy.start(asking: "proxy-authorization: Basic \(Data("u:p".utf8).base64EncodedString())")
            let answers = [
                (forbidding.port, "proxy-forbids"), (asking.port, "proxy-asks"), (ScriptedPeer.nobodysPort, "proxy-failed"),
            ]
            for (proxy, expected) in answers {
                for language in ["en", "ja"] {
                    let outcome = await bench.expect(
                        "sync --json --lang \(language) --ca-file \(authority) --proxy http://127.0.0.1:\(proxy)", exit: .network)
                    let code = try outcome.code
                    #expect(code == expected, "\(outcome.errors)")
                    #expect(outcome.errors.contains("127.0.0.1:\(proxy)"), "\(outcome.errors)")
                }
                #expect(await state(bench) == before)
            }
            // A wrong password is refused like none, and stands in no message.
            let wrong = await bench.expect(
                "sync --json --ca-file \(authority) --proxy http://u:secret@127.0.0.1:\(asking.port)", exit: .network)
            #expect(
                try wrong.code == "proxy-denies" && !wrong.errors.contains("secret") && !wrong.output.contains("secret"), "\(wrong.errors)")
            try await forbidding.stop()
            try await asking.stop()
        }
    }

    @Test(
        "A proxy carries the connection, from flag, environment and settings, and the server's own certificate still counts",
        arguments: ["flag", "environment", "standard", "config"])
    func proxied(way: String) async throws {
        try await scene { bench, port, authority in
            let proxy = try await TunnelProxy.start(asking: "proxy-authorization: Basic \(Data("u:p".utf8).base64EncodedString())")
            let address = "http://u:p@127.0.0.1:\(proxy.port)"
            await founded(bench, at: "https://localhost:\(port)")
            // Whoever is between, nobody vouches for this server yet.
            let untrusted = await bench.expect("sync --json --proxy \(address)", exit: .network)
            let code = try untrusted.code
            #expect(code == "certificate-unknown-issuer", "\(untrusted.errors)")
            let before = proxy.count
            switch way {
            case "flag": await bench.expect("sync --ca-file \(authority) --proxy \(address)")
            case "environment":
                #expect(await bench.run(["sync"], environment: ["BUNTAN_CA_FILE": authority, "BUNTAN_PROXY": address]).exit == .done)
            case "standard":
                #expect(await bench.run(["sync"], environment: ["BUNTAN_CA_FILE": authority, "HTTPS_PROXY": address]).exit == .done)
            default:
                await bench.expect("config caFile \(authority)")
                await bench.expect("config proxy \(address)")
                await bench.expect("sync")
            }
            #expect(proxy.count > before)
            #expect(await bench.expect("outbox --json").output.contains("\"items\": []"))
            try await proxy.stop()
        }
    }
}
