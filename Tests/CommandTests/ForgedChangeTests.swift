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

    @Test("Ids of another tenant are ids of nobody: each command that takes one says so with 2, and nothing is asked of the server")
    func foreignIds() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            await bench.expect("comment A-1 mine", store: "customer")
            await bench.expect("sync", store: "customer")
            // A third organisation at the same server.
            await bench.expect("init --org Third --server \(server.address)", store: "third")
            await bench.expect("service add Own", store: "third")
            await bench.expect("sync", store: "third")
            let store = try SQLiteStore.open(at: bench.path + "/customer/store.db", indexing: StateIndexing())
            let (space, record) = try store.read { reader in
                let engagement = try #require(try StoreDirectory(reader).engagements.first)
                let comment = try #require(try reader.records(of: "comment", in: engagement.space, after: nil, limit: 1).first)
                return (engagement.space, comment.id)
            }
            try store.close()
            for line in ["show \(record.uuid)", "log \(record.uuid)", "delete \(record.uuid) -m x"] {
                let refused = await bench.expect(line + " --json", store: "third", exit: .usage)
                #expect(try refused.code == "unknown-id", "\(line): \(refused.errors)")
            }
            for line in ["status -e \(space.hex)", "matrix -s object-storage"] {
                let refused = await bench.expect(line + " --json", store: "third", exit: .usage)
                #expect(try refused.code == "unknown-name", "\(line): \(refused.errors)")
            }
            let before = try bench.everything("third")
            await bench.expect("sync", store: "third")
            let after = try bench.everything("third")
            for bytes in [before, after] { #expect(bytes.firstRange(of: space.bytes) == nil && bytes.firstRange(of: record.bytes) == nil) }
        }
    }
}

extension CommandBench {
    /// Every byte that a store keeps.
    fileprivate func everything(_ store: String) throws -> [UInt8] {
        try ["store.db", "store.db-wal"].flatMap { name -> [UInt8] in
            let path = path + "/\(store)/" + name
            return FileManager.default.fileExists(atPath: path) ? Array(try Data(contentsOf: URL(fileURLWithPath: path))) : []
        }
    }
}
