import BuntanProtocol
import Foundation
import Replica
import Storage
import StorageSQLite
import Testing

@testable import ClientCLI
@testable import ServerApp

@Suite("A device that joins and is cut short")
struct JoinCutShortTests {
    /// The code by which an added device joins, through the proxy.
    private static func code(_ bench: CommandBench, through address: String) async throws -> String {
        let fingerprint = try #require(try await bench.expect("org --json", store: "customer").item["fingerprint"] as? String)
        let request = await bench.expect("device request laptop --org \(fingerprint) --json", store: "laptop")
        let added = await bench.expect(
            "device add \(try #require(try request.item["code"] as? String)) --caps read,write,admin --yes --json", store: "customer")
        let code = try #require(try added.item["code"] as? String)
        return try #require(code.split(separator: "@").first) + "@\(address)"
    }

    private static func home(_ bench: CommandBench) throws -> SpaceID {
        let store = try SQLiteStore.open(at: bench.path + "/customer/store.db", indexing: StateIndexing())
        let home = try store.read { try $0.identity().home }
        try store.close()
        return try #require(home)
    }

    @Test("Once it is in, what has come and what was written stays; the next sync goes on")
    func isIn() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            try await AlteringProxy.with(server) { proxy, address in
                let code = try await Self.code(bench, through: address)
                // Its own records come first, and those of the others not at all.
                let home = try Self.home(bench)
                proxy.leavePagesToPulls()
                proxy.altering { call, answer in
                    guard call.method == "heads", answer.status == 200 else { return answer }
                    let heads = try HeadsAnswer(decoding: answer.body)
                    let ordered = heads.heads.map { $0.sorted { ($0.space == home ? 1 : 0) < ($1.space == home ? 1 : 0) } }
                    return MethodAnswer(status: 200, body: HeadsAnswer(heads: ordered, pages: heads.pages).encoded())
                }
                proxy.losing { call in try call.method == "pull" && PullRequest(decoding: call.body).space != home }
                let cut = await bench.run("join", code, store: "laptop")
                #expect(cut.exit == .network && cut.errors.contains("buntan sync"), "\(cut.errors)")
                await bench.expect("service add Typed", store: "laptop")
                proxy.losing { _ in false }
                await bench.expect("sync", store: "laptop")
                await bench.expect("sync", store: "customer")
                #expect(await bench.expect("services", store: "customer").output.contains("Typed"))
                #expect(await bench.expect("show A-1 -e example-cloud/object-storage", store: "laptop").output.contains("A-1"))
            }
        }
    }

    @Test("Before that nothing stays, and it joins anew")
    func isNot() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            try await AlteringProxy.with(server) { proxy, address in
                let code = try await Self.code(bench, through: address)
                proxy.losing { ["heads", "pull"].contains($0.method) }
                let cut = await bench.run("join", code, store: "laptop")
                #expect(cut.exit == .network, "\(cut.errors)")
                #expect(!FileManager.default.fileExists(atPath: bench.path + "/laptop/store.db"))
                proxy.losing { _ in false }
                await bench.expect("join \(code)", store: "laptop")
                await bench.expect("status", store: "laptop")
            }
        }
    }
}
