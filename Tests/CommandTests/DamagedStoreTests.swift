import Foundation
import GRDB
import Testing

@testable import ClientCLI

@Suite("A store whose disk has lost something")
struct DamagedStoreTests {
    @Test("One bit of a payload: what reads it names the place and ends with 5, and check and sync bring the log back")
    func payload() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server async throws -> Void in
            try await bench.engagement(at: server)
            await bench.expect("propose A-1 --allocation customer -m ours", store: "customer")
            await bench.expect("sync", store: "customer")
            await bench.expect("comment A-1 unsent", store: "customer")
            let good = await bench.expect("export json", store: "customer").output
            try bench.damage("UPDATE payload SET bytes = zeroblob(length(bytes))", store: "customer")

            let shown = await bench.expect("log --json", store: "customer", exit: .unverified)
            #expect(try shown.code == "store-damaged", "\(shown.errors)")
            #expect(shown.errors.contains("store check") && shown.errors.contains("/"), "\(shown.errors)")
            let doctor = await bench.expect("doctor", store: "customer", exit: .found)
            #expect(doctor.output.contains("store check") && doctor.output.contains(server.address), "\(doctor.output)")
            #expect(!doctor.output.contains("none yet") && !doctor.output.contains("DecodingFault"), "\(doctor.output)")

            let checked = await bench.expect("store check", store: "customer", exit: .unverified)
            #expect(checked.output.contains("fetches its log again") && checked.output.contains("Next: buntan sync"), "\(checked.output)")
            #expect(!checked.output.contains("store restore"), "\(checked.output)")
            let synced = await bench.expect("sync", store: "customer")
            // What had been here is fetched again, and is no news.
            #expect(synced.output.contains("fetched again") && !synced.output.contains("Nothing new"), "\(synced.output)")
            #expect(!synced.output.contains("release") && !synced.output.contains("new entr"), "\(synced.output)")
            await bench.expect("store check", store: "customer")
            #expect(await bench.expect("export json", store: "customer").output == good)
            // What had not been sent was kept, and has gone out.
            await bench.expect("sync", store: "provider")
            #expect(await bench.expect("show A-1", store: "provider").output.contains("unsent"))
            #expect(await bench.expect("doctor --json", store: "customer").output.contains("store-ok"))
        }
    }

    @Test("Records shown ahead of their log that cannot be read are told of, and the log is shown again")
    func lead() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server async throws -> Void in
            try await bench.engagement(at: server)
            let good = await bench.expect("export json", store: "customer").output
            try bench.damage("INSERT INTO lead (space_id, bytes) SELECT space_id, x'80' FROM space", store: "customer")
            try bench.damage("INSERT INTO logged_record SELECT space_id, record, x'80' FROM record", store: "customer")
            #expect(try await bench.expect("status --json", store: "customer", exit: .unverified).code == "store-damaged")
            #expect(await bench.expect("doctor", store: "customer", exit: .found).output.contains("store check"))
            await bench.expect("store check --dry-run", store: "customer", exit: .unverified)
            let checked = await bench.expect("store check --json", store: "customer")
            #expect(checked.output.contains("\"lead\"") && !checked.output.contains("\"isRepaired\": false"), "\(checked.output)")
            #expect(await bench.expect("export json", store: "customer").output == good)
            await bench.expect("sync", store: "customer")
            #expect(await bench.expect("doctor --json", store: "customer").output.contains("store-ok"))
        }
    }

    @Test("A log that comes back another than it was verified to be is refused, and the space is frozen")
    func otherLog() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server async throws -> Void in
            // The place that the log had reached is known by the server's signature, whatever the rows say; here it is another.
            try await Self.damaged(bench, server, awaiting: "substr(bytes, 1, length(bytes) - 32) || zeroblob(32)")
            let synced = await bench.expect("sync", store: "customer", exit: .unverified)
            #expect(synced.output.contains("buntan doctor"), "\(synced.output)")
        }
    }

    @Test("A server that has less than was verified brings nothing, and the damaged log stays")
    func shorterLog() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server async throws -> Void in
            // [size, root]: as if more had been verified.
            try await Self.damaged(bench, server, awaiting: "x'821903e8' || substr(bytes, -34)")
            let before = await bench.expect("store --json", store: "customer").output
            await bench.expect("sync", store: "customer", exit: .unverified)
            #expect(try await bench.expect("store --json", store: "customer").item["entries"] as? Int == Self.entries(before))
        }
    }

    /// An engagement of which the customer's logs do not hold, with another place in the stead of that which they had reached.
    private static func damaged(_ bench: CommandBench, _ server: LoopbackServer, awaiting place: String) async throws {
        try await bench.engagement(at: server)
        try bench.damage("UPDATE payload SET bytes = zeroblob(length(bytes))", store: "customer")
        await bench.expect("store check", store: "customer", exit: .unverified)
        try bench.damage("UPDATE named_value SET bytes = CAST(\(place) AS BLOB) WHERE name LIKE 'refetch/%'", store: "customer")
    }

    private static func entries(_ output: String) throws -> Int? {
        let json = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]
        return (json?["item"] as? [String: Any])?["entries"] as? Int
    }

    @Test("What no server keeps is not promised back: check says how to bring a backup")
    func withoutServer() async throws {
        let bench = try CommandBench()
        let table = try bench.file("rows.csv", "Framework,Control ID,Allocation\nf,A-1,shared\n")
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        await bench.expect("import \(table)")
        try bench.damage("UPDATE payload SET bytes = zeroblob(length(bytes))")
        let checked = await bench.expect("store check", exit: .unverified)
        #expect(checked.output.contains("buntan store restore FILE") && !checked.output.contains("Next: buntan sync"), "\(checked.output)")
    }

    @Test("A database that is cut short: check says how to go on, and does not point to itself")
    func truncated() async throws {
        let bench = try CommandBench()
        let table = try bench.file("rows.csv", "Framework,Control ID,Allocation\nf,A-1,shared\n")
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        await bench.expect("import \(table)")
        let path = bench.path + "/cut/store.db"
        await bench.expect("store backup \(bench.path)/copy.db")
        await bench.expect("store restore \(bench.path)/copy.db", store: "cut")
        for suffix in ["-wal", "-shm"] where FileManager.default.fileExists(atPath: path + suffix) {
            try FileManager.default.removeItem(atPath: path + suffix)
        }
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: path))
        let checked = await bench.run("store", "check", store: "cut")
        #expect(checked.exit == .unverified, "\(checked.errors)")
        let words = checked.errors + checked.output
        #expect(words.contains("buntan store restore FILE") && !words.contains("'buntan store check'"), "\(words)")
        let doctor = await bench.expect("doctor", store: "cut", exit: .found)
        #expect(!doctor.output.contains("none yet"), "\(doctor.output)")
    }
}
