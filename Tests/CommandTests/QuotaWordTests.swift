import BuntanProtocol
import Exchange
import Foundation
import StorageSQLite
import Testing

@testable import ClientCLI

@Suite("A server without room")
struct QuotaWordTests {
    @Test("What waits for room is told as that, and goes out once there is some")
    func roomless() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            let fingerprint = try #require(try await bench.expect("org --json", store: "customer").item["fingerprint"] as? String)
            let id = try CodeReading.organisation(fingerprint)
            #expect(try server.store.write { try Operating.setQuota(1, of: id, $0) })
            await bench.expect("comment A-1 why", store: "customer")
            let full = await bench.expect("sync", store: "customer").output
            #expect(full.contains("no room left") && !full.contains("has not arrived"), "\(full)")
            #expect(await bench.expect("sync --lang ja", store: "customer").output.contains("容量が足りません"))
            #expect(try server.store.write { try Operating.setQuota(nil, of: id, $0) })
            #expect(await bench.expect("sync", store: "customer").output.contains("Sent 1 change."))
        }
    }
}
