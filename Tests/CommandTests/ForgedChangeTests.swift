import BuntanProtocol
import Foundation
import Records
import Replica
import Storage
import StorageSQLite
import Testing

@testable import ClientCLI

@Suite("Changes that are not what they say, met by the command")
struct ForgedChangeTests {
    @Test("A change whose signature does not fit is refused and kept; the outbox says why, and what else waits arrives")
    func signature() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            await bench.expect("comment A-1 forged", store: "customer")
            await bench.expect("comment A-2 honest", store: "customer")
            // The first is sent under the second's signature.
            try bench.damage(
                "UPDATE outbox SET signature = (SELECT signature FROM outbox ORDER BY number DESC LIMIT 1)", store: "customer")
            let synced = await bench.expect("sync", store: "customer")
            #expect(synced.output.contains("refused") && synced.output.contains("buntan outbox"), "\(synced.output)")
            let listed = await bench.expect("outbox --json", store: "customer")
            #expect(listed.output.contains("bad_signature"), "\(listed.output)")
            #expect(await bench.expect("outbox", store: "customer").output.contains("signature"))
            #expect(await bench.expect("outbox --lang ja", store: "customer").output.contains("署名"))
            await bench.expect("sync", store: "provider")
            let arrived = await bench.expect("show A-2", store: "provider").output
            #expect(arrived.contains("honest"))
            #expect(!(await bench.expect("show A-1", store: "provider").output).contains("forged"))
        }
    }
}
