import Foundation
import ServerApp
import TestPeers
import Testing

@testable import ClientTransport

@Suite("Certificates and proxies", .serialized)
struct CertificateTests {
    @Test("A company's own authority verifies from its file, beside the system's or alone")
    func companyAuthority() async throws {
        try await withServer(host: "localhost") { made, port in
            for trust in [TransportSettings.Trust.systemAnd(file: made.path("ca.pem")), .only(file: made.path("ca.pem"))] {
                try await withTransport("https://localhost:\(port)", trust: trust) { transport in
                    let answer = try await transport.call("heads", body: [7], timeout: patience)
                    #expect(answer.body == [7])
                }
            }
        }
    }

    @Test("A certificate that nobody vouches for does not verify, and nothing is sent")
    func untrusted() async throws {
        try await withServer(host: "localhost") { made, port in
            await expect(.certificate(.untrusted, host: "localhost"), from: "https://localhost:\(port)")
            _ = try made.certificate("other", host: "localhost", signedBy: "ca2")
            await expect(
                .certificate(.untrusted, host: "localhost"), from: "https://localhost:\(port)", trust: .only(file: made.path("ca2.pem")))
        }
    }

    @Test("A certificate for another host does not verify")
    func otherHost() async throws {
        try await withServer(host: "other.example") { made, port in
            let trust = TransportSettings.Trust.only(file: made.path("ca.pem"))
            await expect(
                .certificate(.otherHost(names: ["other.example"]), host: "localhost"), from: "https://localhost:\(port)", trust: trust)
        }
    }

    @Test("A certificate for an address verifies at that address")
    func addressCertificate() async throws {
        try await withServer(host: "127.0.0.1") { made, port in
            let trust = TransportSettings.Trust.only(file: made.path("ca.pem"))
            try await withTransport("https://127.0.0.1:\(port)", trust: trust) { transport in
                let answer = try await transport.call("heads", body: [7], timeout: patience)
                #expect(answer.body == [7])
            }
        }
    }

    @Test("A certificate for the address alone is not for the name that leads there")
    func addressForName() async throws {
        try await withServer(host: "127.0.0.1") { made, port in
            await expect(
                .certificate(.otherHost(names: ["127.0.0.1"]), host: "localhost"), from: "https://localhost:\(port)",
                trust: .only(file: made.path("ca.pem")))
        }
    }

    @Test("Behind a proxy a certificate for the proxy's own address is not for the server")
    func proxysAddress() async throws {
        try await withServer(host: "127.0.0.1") { made, port in
            let proxy = try await TunnelProxy.start()
            let address = try #require(ProxyAddress("127.0.0.1:\(proxy.port)"))
            await expect(
                .certificate(.otherHost(names: ["127.0.0.1"]), host: "localhost"), from: "https://localhost:\(port)",
                trust: .only(file: made.path("ca.pem")), proxy: address)
            try await proxy.stop()
        }
    }

    @Test("Behind a proxy too an expired certificate says so")
    func expiredBehindProxy() async throws {
        try await withServer(host: "localhost", validFromDays: -20, toDays: -10) { made, port in
            let proxy = try await TunnelProxy.start()
            let server = try #require(ServerURL("https://localhost:\(port)"))
            let transport = try HTTPTransport(
                TransportSettings(server: server, trust: .only(file: made.path("ca.pem")), proxy: ProxyAddress("127.0.0.1:\(proxy.port)")))
            var met: TransportFault?
            do throws(TransportFault) { _ = try await transport.call("heads", body: [7], timeout: patience) } catch { met = error }
            try await transport.close()
            try await proxy.stop()
            guard case .certificate(.expired, host: "localhost") = met else {
                Issue.record("\(String(describing: met))")
                return
            }
        }
    }

    @Test("An expired certificate and one not yet valid say so, with the day", arguments: [(-20, -10), (10, 20)])
    func validity(from: Int, to: Int) async throws {
        try await withServer(host: "localhost", validFromDays: from, toDays: to) { made, port in
            let server = try #require(ServerURL("https://localhost:\(port)"))
            let transport = try HTTPTransport(TransportSettings(server: server, trust: .only(file: made.path("ca.pem"))))
            var met: TransportFault?
            do throws(TransportFault) { _ = try await transport.call("heads", body: [7], timeout: patience) } catch { met = error }
            try await transport.close()
            let nowMillis = Date().timeIntervalSince1970 * 1_000
            let day = 86_400_000.0
            switch met {
            case .certificate(.expired(let since), host: "localhost") where to < 0:
                #expect(abs(Double(since) - nowMillis - Double(to) * day) < day / 2)
            case .certificate(.notYetValid(let until), host: "localhost") where from > 0:
                #expect(abs(Double(until) - nowMillis - Double(from) * day) < day / 2)
            default: Issue.record("\(String(describing: met))")
            }
        }
    }

    @Test("TLS towards a server that has none, and the other way round, are told apart from a refusal")
    func noTLS() async throws {
        try await EchoServer.with { server in
            await expect(.noTLS(host: "127.0.0.1", port: server.port), from: "https://127.0.0.1:\(server.port)")
        }
        try await withServer(host: "localhost") { _, port in
            await expect(.connectionLost, from: "http://localhost:\(port)")
        }
    }

    @Test("A file of authorities that cannot be read is named")
    func trustFile() async throws {
        await expect(
            .trustFileUnreadable(path: "/nowhere/ca.pem", errno: 2), from: "https://localhost:1", trust: .systemAnd(file: "/nowhere/ca.pem")
        )
    }

    @Test("Through a proxy the server's own certificate is still checked")
    func throughProxy() async throws {
        try await withServer(host: "localhost") { made, port in
            let proxy = try await TunnelProxy.start()
            let address = try #require(ProxyAddress("http://127.0.0.1:\(proxy.port)"))
            let url = "https://localhost:\(port)"
            try await withTransport(url, trust: .only(file: made.path("ca.pem")), proxy: address) { transport in
                let answer = try await transport.call("heads", body: [7], timeout: patience)
                #expect(answer.body == [7])
            }
            #expect(proxy.count == 1)
            await expect(.certificate(.untrusted, host: "localhost"), from: url, proxy: address)
            try await proxy.stop()
        }
    }

    @Test("A proxy that asks for a name gets it, and says so if it does not")
    func proxyAuthentication() async throws {
        try await withServer(host: "localhost") { made, port in
            let credentials = Data("u s:p@w".utf8).base64EncodedString()
            let proxy = try await TunnelProxy.start(asking: "proxy-authorization: Basic \(credentials)")
            let url = "https://localhost:\(port)"
            let trust = TransportSettings.Trust.only(file: made.path("ca.pem"))
            let named = try #require(ProxyAddress("http://u%20s:p%40w@127.0.0.1:\(proxy.port)/"))
            try await withTransport(url, trust: trust, proxy: named) { transport in
                let answer = try await transport.call("heads", body: [7], timeout: patience)
                #expect(answer.body == [7])
            }
            let nameless = try #require(ProxyAddress("127.0.0.1:\(proxy.port)"))
            await expect(.proxyRefused(.authentication, host: "127.0.0.1", port: proxy.port), from: url, trust: trust, proxy: nameless)
            try await proxy.stop()
        }
    }

    @Test("A proxy that forbids and a proxy that is not there are told apart")
    func proxyFailures() async throws {
        let forbidding = try await ScriptedPeer.start { _ in Array("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n".utf8) }
        let address = try #require(ProxyAddress("127.0.0.1:\(forbidding.port)"))
        let fault = TransportFault.proxyRefused(.connection, host: "127.0.0.1", port: forbidding.port)
        await expect(fault, from: "https://localhost:1", proxy: address)
        try await forbidding.stop()
        let gone = try #require(ProxyAddress("127.0.0.1:\(ScriptedPeer.nobodysPort)"))
        await expect(
            .proxyUnreachable(host: "127.0.0.1", port: ScriptedPeer.nobodysPort, .refused), from: "https://localhost:1", proxy: gone)
    }

    private func withServer(
        host: String, validFromDays: Int = -1, toDays: Int = 30, _ body: @escaping @Sendable (TestCertificates, Int) async throws -> Void
    ) async throws {
        try await TestCertificates.with { made in
            let pair = try made.certificate("server", host: host, signedBy: "ca", validFromDays: validFromDays, toDays: toDays)
            let identity = try TLSIdentity(certificateFile: pair.certificate, keyFile: pair.key)
            try await EchoServer.with(identity: identity) { server in try await body(made, server.port) }
        }
    }
}
