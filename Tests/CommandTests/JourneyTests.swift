import Foundation
import Testing

@testable import ClientCLI

/// What docs/guide.md tells of, and no other suite plays whole.
@Suite("Journeys of the guide")
struct JourneyTests {
    private typealias Agreement = AgreementCommandTests

    @Test("A member leaves: the device sends nothing more, its work goes on elsewhere, and what it signed in doubt is contested")
    func memberLeaves() async throws {
        try await Agreement.with { bench in
            try await bench.furtherDevice("laptop", of: "customer")
            await bench.expect("device set laptop --caps read,write,sign", store: "customer")
            await bench.expect("sync", store: "laptop")
            await bench.expect("config signatory.name Taro_Suzuki", store: "laptop")
            await bench.expect("config signatory.title Engineer", store: "laptop")
            await bench.expect("config timeZone Asia/Tokyo", store: "laptop")
            let digest = try await Agreement.digest(bench, "laptop")
            await bench.expect("agree --incomplete --confirm Example_Cloud --document \(digest)", store: "laptop")
            await bench.expect("sync", store: "laptop")
            await Agreement.settle(bench)
            _ = try await Agreement.sign(bench, "provider")
            await Agreement.settle(bench)
            #expect(try await Agreement.statuses(bench, "provider") == ["in-force"])
            await bench.expect("note A-1 unsent_work", store: "laptop")

            await bench.expect("device revoke laptop --compromised-after 2020-01-01 --yes", store: "customer")
            await bench.expect("sync", store: "laptop", exit: .refused)
            await bench.expect("outbox export \(bench.path)/left.outbox", store: "laptop")
            await bench.expect("outbox import \(bench.path)/left.outbox", store: "customer")
            await Agreement.settle(bench)
            #expect(await bench.expect("show A-1", store: "customer").output.contains("unsent work"))
            for store in ["customer", "provider"] { #expect(try await Agreement.statuses(bench, store) == ["contested"], "\(store)") }
        }
    }

    @Test("The last admin leaves: whoever is left recovers the root, gives itself its rights, and ends the other's")
    func lastAdminLeaves() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            try await bench.furtherDevice("second", of: "customer")
            #expect(try await bench.expect("device revoke device-1 --yes --json", store: "customer", exit: .refused).code == "last-admin")
            try FileManager.default.removeItem(atPath: bench.path + "/customer")
            let refused = await bench.expect("device set second --caps read,write,admin --json", store: "second", exit: .refused)
            #expect(try refused.json["next"] as? String == "buntan key recover")
            await bench.expect("key recover --code-file \(bench.path)/customer.code", store: "second")
            await bench.expect("device set second --caps read,write,sign,admin", store: "second")
            await bench.expect("device revoke device-1 --yes", store: "second")
            // And the counterpart goes on with it as before.
            await bench.expect("accept A-1", store: "second")
            await bench.expect("sync", store: "second")
            await bench.expect("sync", store: "provider")
            #expect(await bench.expect("matrix A-1 --json", store: "provider").output.contains("\"agreed\""))
        }
    }

    @Test("An old laptop comes back after months, with a new root, name and release behind its back: it syncs, and nothing is lost")
    func oldLaptop() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            try await bench.furtherDevice("laptop", of: "customer")
            await bench.expect("propose A-1 --allocation customer -m on_the_road", store: "laptop")
            await bench.expect("note A-2 kept_for_months", store: "laptop")

            server.pass(days: 200)
            await bench.expect("accept A-1", store: "customer")
            await bench.expect("key rotate --code-file \(bench.path)/customer.code", store: "customer")
            await bench.expect("org rename Kaisha_Holdings", store: "customer")
            await bench.expect("sync", store: "customer")
            await bench.expect("sync", store: "provider")
            let table = try bench.file("more.csv", "Framework,Control ID,Allocation\nf,A-1,shared\nf,A-4,provider\n")
            await bench.expect("import \(table) -s object-storage", store: "provider")
            await bench.expect("publish 2 -m second -s object-storage", store: "provider")
            await bench.expect("sync", store: "provider")

            let back = await bench.expect("sync", store: "laptop")
            #expect(back.output.contains("published 2"), "\(back.output)")
            let conflicts = try await bench.expect("conflicts --json", store: "laptop").list
            #expect(!conflicts.isEmpty && conflicts.allSatisfy { ($0["heads"] as? [Any])?.count == 2 }, "\(conflicts)")
            #expect(try await bench.expect("org --json", store: "laptop").item["name"] as? [String: String] == ["en": "Kaisha Holdings"])
            await bench.expect("sync", store: "customer")
            #expect(await bench.expect("show A-2", store: "customer").output.contains("kept for months"))
            #expect(try await bench.expect("conflicts --json", store: "customer").list.count == conflicts.count)
            #expect(try await bench.expect("outbox --json", store: "laptop").list.isEmpty)
        }
    }
}
