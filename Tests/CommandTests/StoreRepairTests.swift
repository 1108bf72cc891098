import Foundation
import GRDB
import Testing

@testable import ClientCLI

@Suite("What the store shows is held against its logs, and mended where they give it")
struct StoreRepairTests {
    /// A service of two rows, and what it exports while nothing is wrong.
    private static func storage() async throws -> (CommandBench, good: String) {
        let bench = try CommandBench()
        let table = try bench.file("rows.csv", "Framework,Control ID,Allocation\nf,A-1,shared\nf,A-2,provider\n")
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        await bench.expect("import \(table)")
        return (bench, await bench.expect("export json").output)
    }

    @Test("A record that no log gives, and a view that no change gives, are found and mended")
    func strayRecords() async throws {
        let (bench, good) = try await Self.storage()
        let damages = [
            // A live record that nobody has written.
            """
            INSERT INTO record (space_id, record, kind, flags, brief, state)
                SELECT space_id, x'00000000000080008000000000000001', kind, flags, brief, state FROM record
                WHERE kind = 'responsibility' LIMIT 1
            """,
            // The same as a view alone.
            """
            INSERT INTO record (space_id, record, kind, flags, brief, shown)
                SELECT space_id, x'00000000000080008000000000000002', kind, flags, brief, state FROM record
                WHERE kind = 'responsibility' LIMIT 1
            """,
            // Another row's state in front of the log's.
            """
            UPDATE record SET shown = (SELECT other.state FROM record other WHERE other.kind = 'responsibility'
                AND other.record <> record.record LIMIT 1) WHERE kind = 'responsibility'
            """,
            // What lists and counts read.
            "UPDATE record SET flags = flags | 2 WHERE kind = 'responsibility'",
            "UPDATE record SET brief = x'' WHERE kind = 'responsibility'",
        ]
        for damage in damages {
            try bench.damage(damage)
            #expect(await bench.expect("doctor --json", exit: .found).output.contains("store-damaged"), "\(damage)")
            let looked = await bench.expect("store check -n --json", exit: .unverified)
            #expect((try looked.json["items"] as? [[String: Any]])?.contains { $0["what"] as? String == "record" } == true, "\(damage)")
            let repaired = await bench.expect("store check --json")
            #expect(repaired.output.contains("\"isRepaired\": true"), "\(damage)")
            #expect(await bench.expect("export json").output == good, "\(damage)")
            let again = await bench.expect("store check --json")
            #expect((try again.json["items"] as? [Any])?.isEmpty == true, "\(damage): \(again.output)")
        }
    }

    @Test("What waits in the outbox is in front of the log, and is no damage")
    func pendingViews() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            await bench.expect("propose A-1 --allocation customer -m ours", store: "customer")
            await bench.expect("comment A-1 hello", store: "customer")
            await bench.expect("note A-2 ask", store: "customer")
            let looked = await bench.expect("store check --json", store: "customer")
            #expect((try looked.json["items"] as? [Any])?.isEmpty == true, "\(looked.output)")
            try bench.damage("UPDATE record SET shown = NULL WHERE shown IS NOT NULL", store: "customer")
            await bench.expect("store check -n", store: "customer", exit: .unverified)
            await bench.expect("store check", store: "customer")
            #expect(await bench.expect("show A-1", store: "customer").output.contains("hello"))
        }
    }

    @Test("A record that is not what its log gives is found and built again; what the log cannot prove stays a finding")
    func repair() async throws {
        let (bench, good) = try await Self.storage()
        try bench.damage(
            "UPDATE record SET state = (SELECT state FROM record WHERE kind = 'responsibility' LIMIT 1) WHERE kind = 'responsibility'")
        let looked = await bench.expect("store check -n --json", exit: .unverified)
        #expect((try looked.json["items"] as? [[String: Any]])?.allSatisfy { $0["isRepaired"] as? Bool == false } == true)
        #expect(await bench.expect("export json").output != good)
        let repaired = await bench.expect("store check --json")
        #expect((try repaired.json["items"] as? [[String: Any]])?.contains { $0["isRepaired"] as? Bool == true } == true)
        #expect(await bench.expect("export json").output == good)
        await bench.expect("store check")

        try bench.damage("UPDATE record SET state = x'00' WHERE kind = 'responsibility'")
        await bench.expect("store check")
        #expect(await bench.expect("export json").output == good)
        try bench.damage("UPDATE entry SET bytes = x'00' WHERE pos = 3")
        let broken = await bench.expect("store check --json", exit: .unverified)
        #expect(broken.output.contains("\"isRepaired\": false"))
    }
}

extension CommandBench {
    /// Changes the store behind everybody's back.
    func damage(_ sql: String, store: String = "store") throws {
        let queue = try DatabaseQueue(path: path + "/\(store)/store.db")
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }
}
