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
        #expect(
            listed.errors.contains("The draft has 1 record of this kind that is not published as it stands there: '\(command)'."),
            "\(listed.errors)")
        #expect(try await bench.expect("list backup-specification -s object-storage --json", store: "provider").list.count == 1)
        // What is published under another id than it has in the draft is not told of.
        for kind in ["responsibility", "cloud-service"] {
            let rows = await bench.expect("list \(kind)", store: "provider")
            #expect(!rows.errors.contains("draft"), "\(kind): \(rows.errors)")
        }
        // Another one is told of with the command that finds the first.
        let second = await bench.expect("edit backup-specification --set rpo=2h", store: "provider").output
        #expect(second.contains(command), "\(second)")

        // So it is by status and todo, with the command that names the service.
        let status = await bench.expect("status", store: "provider").output
        #expect(status.contains("draft") && status.contains("buntan publish LABEL -m WHY -s object-storage"), "\(status)")
        let todo = try #require(
            try await bench.expect("todo --json", store: "provider").list.first { $0["matter"] as? String == "publish" })
        #expect(todo["count"] as? Int == 2 && todo["next"] as? String == "buntan publish LABEL -m WHY -s object-storage", "\(todo)")
        let all = try await bench.expect("todo --all --json", store: "provider").list
        #expect(all.count { $0["matter"] as? String == "publish" } == 1, "\(all)")
        // A notice's command is complete: it names the store that was named.
        let named = await bench.expect("list backup-specification --store \(bench.path)/provider")
        let whole = "'buntan --store \(bench.path)/provider list backup-specification -s object-storage'"
        #expect(named.errors.contains(whole), "\(named.errors)")
        // Kinds of which nothing is published are told of all the same.
        let kinds = try await bench.expect("list --json", store: "provider").list.compactMap { $0["kind"] as? String }
        #expect(Set(kinds).isSuperset(of: ["backup-specification", "monitoring-capability", "jurisdiction"]), "\(kinds)")

        await bench.expect("publish 2 -m backups --yes", store: "provider")
        try engaged.syncBoth()
        let published = await bench.expect("list backup-specification", store: "provider")
        #expect(!published.errors.contains("draft"), "\(published.errors)")
        #expect(await bench.expect("list backup-specification", store: "customer").errors.isEmpty)
        // What is published otherwise in the draft by now is told of as well.
        let id = try #require(
            try await bench.expect("list backup-specification -s object-storage --json", store: "provider").list.first?["id"] as? String)
        await bench.expect("edit backup-specification \(id) -s object-storage --set rpo=3h", store: "provider")
        let changed = await bench.expect("list backup-specification", store: "provider")
        #expect(changed.errors.contains("The draft has 1 record of this kind"), "\(changed.errors)")
    }
}
