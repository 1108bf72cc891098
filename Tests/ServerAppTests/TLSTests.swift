import Logging
import TestPeers
import Testing

@testable import ServerApp

@Suite("TLS")
struct TLSTests {
    @Test("A renewed certificate serves new connections, while open ones go on")
    func reload() async throws {
        try await TestCertificates.with { made in
            let first = try made.certificate("first", host: "localhost", signedBy: "ca")
            let second = try made.certificate("second", host: "localhost", signedBy: "ca2")
            try made.place(first)
            let identity = try TLSIdentity(certificateFile: made.path("live.pem"), keyFile: made.path("live.key"))
            try await RunningServer.with(identity: identity) { server in
                let trustsFirst = try made.clientContext(trusting: "ca")
                let trustsSecond = try made.clientContext(trusting: "ca2")
                try await RawClient.with(port: server.port, tls: trustsFirst) { old in
                    try await old.post("/v1/heads", body: [1])
                    #expect(try await old.answer()?.body == [1])

                    try made.place(second)
                    try identity.reload()
                    #expect(try await RawClient.post("/v1/heads", body: [2], port: server.port, tls: trustsSecond).body == [2])
                    await #expect(throws: (any Error).self) {
                        try await RawClient.post("/v1/heads", body: [3], port: server.port, tls: trustsFirst)
                    }
                    try await old.post("/v1/heads", body: [4])
                    #expect(try await old.answer()?.body == [4])
                }
            }
        }
    }

    @Test("A reload that fails keeps the pair in use and says why in the log")
    func failedReload() async throws {
        try await TestCertificates.with { made in
            let first = try made.certificate("first", host: "localhost", signedBy: "ca")
            let second = try made.certificate("second", host: "localhost", signedBy: "ca")
            try made.place(first)
            let identity = try TLSIdentity(certificateFile: made.path("live.pem"), keyFile: made.path("live.key"))
            let log = LogSink()
            let logger = Logger.server(format: .text, level: .info, sink: log.sink)
            try await RunningServer.with(identity: identity) { server in
                let run = ServerRun(
                    server: MethodServer(desk: server.desk, host: "127.0.0.1", port: 0, identity: identity, logger: logger),
                    identity: identity, logger: logger)
                // A certificate beside the key of another.
                try made.place((certificate: second.certificate, key: first.key))
                run.reload()
                #expect(log.text.contains("certificate not reloaded"))
                #expect(log.text.contains("pair_refused"))
                try made.write("live.pem", "no certificate")
                run.reload()
                #expect(log.text.contains("certificate_unreadable") || log.text.contains("certificate_missing"))

                let tls = try made.clientContext(trusting: "ca")
                #expect(try await RawClient.post("/v1/heads", body: [5], port: server.port, tls: tls).body == [5])

                try made.place(second)
                run.reload()
                #expect(log.text.contains("certificate reloaded"))
            }
        }
    }

    @Test("Files that cannot serve are told apart")
    func faults() async throws {
        try await TestCertificates.with { made in
            let one = try made.certificate("one", host: "localhost", signedBy: "ca")
            let two = try made.certificate("two", host: "localhost", signedBy: "ca")
            let missing = made.path("missing.pem")
            #expect(throws: TLSIdentityFault.certificateUnreadable(path: missing)) {
                try TLSIdentity(certificateFile: missing, keyFile: one.key)
            }
            #expect(throws: TLSIdentityFault.keyUnreadable(path: missing)) {
                try TLSIdentity(certificateFile: one.certificate, keyFile: missing)
            }
            #expect(throws: TLSIdentityFault.pairRefused(certificate: one.certificate, key: two.key)) {
                try TLSIdentity(certificateFile: one.certificate, keyFile: two.key)
            }
        }
    }

    @Test("A client without TLS gets no answer")
    func plainClient() async throws {
        try await TestCertificates.with { made in
            let pair = try made.certificate("first", host: "localhost", signedBy: "ca")
            let identity = try TLSIdentity(certificateFile: pair.certificate, keyFile: pair.key)
            try await RunningServer.with(identity: identity) { server in
                let answer = try await RawClient.with(port: server.port) { connection in
                    try await connection.post("/v1/heads", body: [1])
                    return try await connection.answer()
                }
                #expect(answer == nil)
                #expect(await server.answers.calls.isEmpty)
            }
        }
    }
}
