import Foundation
import StorageSQLite
import Testing

@testable import ClientCLI
@testable import ServerApp

@Suite("Words that lead back: restore, join, keys, groups of commands")
struct WayBackTests {
    @Test("A restore says first what a copy does not hold: keys and settings; with both in place it says nothing of them")
    func restore() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Kaisha")
        await bench.expect("config timeZone Asia/Tokyo")
        let copy = bench.path + "/copy.db"
        await bench.expect("store backup \(copy)")
        let bare = await bench.expect("store restore \(copy)", store: "new")
        #expect(bare.output.contains("keys") && bare.output.contains("key recover"), "\(bare.output)")
        #expect(bare.output.contains("time zone") && bare.output.contains(bench.path + "/new/config"), "\(bare.output)")
        try FileManager.default.createDirectory(atPath: bench.path + "/whole", withIntermediateDirectories: true)
        for part in ["keys", "config"] {
            try FileManager.default.copyItem(atPath: bench.path + "/store/\(part)", toPath: bench.path + "/whole/\(part)")
        }
        let whole = await bench.expect("store restore \(copy)", store: "whole")
        #expect(!whole.output.contains("key recover") && !whole.output.contains("time zone"), "\(whole.output)")
    }

    @Test("Where there is no store, what is offered for a code and what join says of an invitation agree")
    func joinFirst() async throws {
        let bench = try CommandBench()
        let here = await bench.expect("")
        #expect(here.output.contains("buntan join CODE") && here.output.contains("after init"), "\(here.output)")
        try await LoopbackServer.with(bench.path + "/server") { server async throws -> Void in
            await bench.expect("init --org Example --server \(server.address)", store: "provider")
            await bench.expect("service add Storage", store: "provider")
            await bench.expect("sync", store: "provider")
            let code = try #require(try await bench.expect("invite Kaisha --json", store: "provider").item["code"] as? String)
            let refused = await bench.expect("join \(code) --json", exit: .usage)
            #expect(try refused.code == "organisation-first" && refused.json["next"] as? String == "buntan init --org NAME")
            await bench.expect("init --org Kaisha")
            await bench.expect("join \(code)")
        }
    }

    @Test("Without a terminal each passphrase names the file that it can come from")
    func newPassphrase() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Kaisha")
        let asked = await bench.expect("key passphrase --json", exit: .usage)
        #expect(try asked.code == "answer-missing")
        #expect(asked.errors.contains("--new-passphrase-file"), "\(asked.errors)")
    }

    @Test("A group of commands shows its help, whatever flags stand around it", arguments: ["device", "key", "engagement", "agreement"])
    func group(name: String) async throws {
        let bench = try CommandBench()
        let plain = await bench.expect(name)
        for line in ["--store x \(name)", "\(name) --store x", "--lang en \(name)", "--json --utc \(name)"] {
            #expect(await bench.expect(line).output == plain.output, "\(line)")
        }
        let unknown = await bench.expect("--store x \(name) frobnicate --json", exit: .usage)
        #expect(try unknown.code == "unknown-command")
    }

    @Test(
        "A server restored from an old copy has back what it lost; one that has lost its marks, too, is told of once, with what waits",
        arguments: [false, true])
    func restoredServer(losesMarks: Bool) async throws {
        let bench = try CommandBench()
        let (folder, old) = (ServerFolder(path: bench.path + "/server"), bench.path + "/old.db")
        try await LoopbackServer.with(folder.path) { server async throws -> Void in
            try await bench.engagement(at: server)
            try server.store.backup(to: old)
            await bench.expect("comment A-1 seen", store: "customer")
            await bench.expect("sync", store: "customer")
        }
        for suffix in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: folder.storePath + suffix) {
            try FileManager.default.removeItem(atPath: folder.storePath + suffix)
        }
        try FileManager.default.copyItem(atPath: old, toPath: folder.storePath)
        if losesMarks { try FileManager.default.removeItem(atPath: folder.marksPath) }
        try await LoopbackServer.with(folder.path) { server async throws -> Void in
            await bench.expect("config server \(server.address)", store: "customer")
            await bench.expect("comment A-1 waiting", store: "customer")
            guard losesMarks else {
                let synced = await bench.expect("sync", store: "customer")
                #expect(synced.output.contains("The server had lost 1 entry"), "\(synced.output)")
                #expect(await bench.expect("outbox", store: "customer").output.contains("Nothing waits"))
                return
            }
            // Nothing shows that its logs are whole before its operator says so: the sync ends with 5, and doctor remembers.
            let synced = await bench.expect("sync", store: "customer", exit: .unverified)
            #expect(synced.output.contains("holds less"), "\(synced.output)")
            let behind = synced.output.split(separator: "\n").filter { $0.contains("holds less") }
            #expect(Set(behind).count == behind.count, "each log is named once: \(synced.output)")
            #expect(synced.output.contains("pending") && !synced.output.contains("Nothing new"), "\(synced.output)")
            let doctor = await bench.expect("doctor", store: "customer", exit: .found)
            #expect(doctor.output.contains("holds less"), "\(doctor.output)")
        }
    }
}
