import Foundation
import Testing

@testable import ClientCLI

@Suite("delete: what was published")
struct DeletePublishedTests {
    private func count(_ engaged: EngagedBench, _ kind: String, _ store: String) async throws -> Int {
        try await engaged.bench.expect("list \(kind) --json", store: store).list.count
    }

    @Test(
        "A published record is deleted in the draft, whatever is chosen: its readers keep it until the next release takes it away",
        arguments: [
            ("backup-specification", "rpo=1h"), ("jurisdiction", "country=JP"), ("monitoring-capability", "hostBased=yes"),
        ])
    func record(kind: String, setting: String) async throws {
        let engaged = try await EngagedBench()
        let bench = engaged.bench
        let short = try #require(
            try await bench.expect("edit \(kind) --set \(setting) --json", store: "provider").item["id"] as? String)
        await bench.expect("publish 2 -m one --yes", store: "provider")
        try engaged.syncBoth()
        #expect(try await count(engaged, kind, "customer") == 1)

        await bench.expect("delete \(short) -m gone", store: "provider")
        try engaged.syncBoth()
        #expect(try await count(engaged, kind, "customer") == 1, "nothing leaves without a release")
        #expect(try await bench.run("list", kind, "-s", "object-storage", "--json", store: "provider").list.isEmpty)
        #expect(try await bench.expect("delete \(short) -m again --json", store: "provider", exit: .usage).code == "record-deleted")

        let released = try await bench.expect("publish 3 -m two --yes --json", store: "provider").item
        #expect(released["changed"] as? Int == 1)
        try engaged.syncBoth()
        #expect(try await count(engaged, kind, "customer") == 0)
        let differences = await bench.expect("diff 2..3", store: "customer").output
        #expect(differences.contains(kind), "\(differences)")
        #expect(await bench.run("publish", "4", "--yes", store: "provider").errors.contains("3"), "nothing comes back")
        #expect(try await count(engaged, kind, "customer") == 0)
    }

    @Test("A row is its provider's to delete, in the draft; what a release is made of is not deleted by hand")
    func row() async throws {
        let engaged = try await EngagedBench()
        let bench = engaged.bench
        await bench.expect("delete au-4 -m duplicate", store: "provider")
        try engaged.syncBoth()
        #expect(await bench.expect("show au-4", store: "customer").exit == .done)
        await bench.expect("publish 2 -m one --yes", store: "provider")
        try engaged.syncBoth()
        #expect(try await bench.run("show", "au-4", "--json", store: "customer").code == "unknown-row")
        let theirs = await bench.run("delete", "ca-8", "-m", "no", "--json", store: "customer")
        #expect(try theirs.code == "their-field")
        let release = await bench.run("delete", "2026.1", "-m", "no", "--json", store: "provider")
        #expect(try release.code == "kind-not-writable", "\(release.errors)")
    }
}
