import Testing

@testable import ClientCLI

@Suite("list: what the draft holds beside what was published")
struct DraftedListTests {
    @Test("A provider that lists in an engagement is told of what is not published yet, with the command that lists it")
    func drafted() async throws {
        let engaged = try await EngagedBench()
        let bench = engaged.bench
        await bench.expect("use kaisha", store: "provider")
        await bench.expect("edit backup-specification --set rpo=1h", store: "provider")
        let listed = await bench.expect("list backup-specification", store: "provider")
        #expect(listed.output.contains("No records of this kind."), "\(listed.output)")
        let command = "buntan list backup-specification -s object-storage"
        #expect(listed.errors.contains("The draft holds 1 more, which is not published yet: '\(command)'."), "\(listed.errors)")
        #expect(try await bench.expect("list backup-specification -s object-storage --json", store: "provider").list.count == 1)
        // What is published under another id than it has in the draft is not told of.
        for kind in ["responsibility", "cloud-service"] {
            let rows = await bench.expect("list \(kind)", store: "provider")
            #expect(!rows.errors.contains("draft"), "\(kind): \(rows.errors)")
        }
        // Another one is told of with the command that finds the first.
        let second = await bench.expect("edit backup-specification --set rpo=2h", store: "provider").output
        #expect(second.contains(command), "\(second)")

        await bench.expect("publish 2 -m backups --yes", store: "provider")
        try engaged.syncBoth()
        let published = await bench.expect("list backup-specification", store: "provider")
        #expect(!published.errors.contains("draft"), "\(published.errors)")
        #expect(await bench.expect("list backup-specification", store: "customer").errors.isEmpty)
    }
}
