import Testing

@testable import ClientCLI

/// What is to be signed again where an agreement is about a part of the matrix, and what a publication does to what was signed.
@Suite("Parts of the matrix that are signed")
struct SignedPartTests {
    private typealias Bench = AgreementCommandTests

    private static func next(_ bench: CommandBench, _ store: String) async throws -> [String] {
        let todo = try await bench.expect("todo --json", store: store).list.compactMap { $0["next"] as? String }
        let status = try await bench.expect("status --json", store: store).item["next"] as? String
        return todo.filter { $0.hasPrefix("buntan agree") } + ["status: \(status ?? "-")"]
    }

    @Test("An agreement on one row that is stale is signed again while other rows are open, and the command names the row")
    func part() async throws {
        try await Bench.with { bench in
            try await Bench.signBoth(bench, "A-1")
            await bench.expect("propose A-2 --withdraw", store: "customer")
            await bench.expect("edit responsibility A-1 --set providerStatement/en=Other -s object-storage", store: "provider")
            await Bench.publish(bench, "2")
            // The customer reads the row before it is signed again.
            #expect(try await Self.next(bench, "provider") == ["status: buntan sync"])
            await bench.expect("accept A-1", store: "customer")
            await Bench.settle(bench)
            let next = try await Self.next(bench, "provider")
            #expect(next == ["buntan agree a-1", "status: buntan agree a-1"])
            let todo = try await bench.expect("todo --json", store: "provider").list
            #expect(todo.contains { $0["matter"] as? String == "sign-again" }, "\(todo)")
            try await Bench.signBoth(bench, "A-1", first: "provider")
            #expect(try await Self.next(bench, "provider") == ["status: buntan sync"])
            // What has been replaced is stale no longer.
            let listed = await bench.expect("agreements", store: "provider").output
            #expect(listed.contains("stale from 20") && !listed.contains("stale since"), "\(listed)")
        }
    }

    @Test("What one side signed alone and a change outgrew is signed again with the rows that it left open")
    func leftOpen() async throws {
        try await Bench.with { bench in
            await bench.expect("propose A-2 --withdraw", store: "customer")
            await Bench.settle(bench)
            _ = try await Bench.sign(bench, "customer", "--except A-2")
            await Bench.settle(bench)
            #expect(try await Self.next(bench, "provider").first == "buntan agree")
            // Publishing takes the ground from under the signature: it is told before, with the way to sign first.
            await bench.expect("edit responsibility A-1 --set providerStatement/en=Other -s object-storage", store: "provider")
            let published = await bench.expect("publish 2 -m changed -s object-storage", store: "provider")
            #expect(published.errors.contains("is signed by Kaisha"), "\(published.errors)")
            #expect(published.errors.contains("buntan agree -e kaisha"), "\(published.errors)")
            await Bench.settle(bench)
            await bench.expect("accept A-1", store: "customer")
            await Bench.settle(bench)
            let next = try await Self.next(bench, "customer")
            #expect(next.contains("buntan agree --except a-2"), "\(next)")
            _ = try await Bench.sign(bench, "customer", "--except A-2")
            #expect(try await Self.next(bench, "customer").filter { $0.hasPrefix("buntan agree") } == [])
        }
    }

    @Test("A publication says what both have signed and would no longer fit, and nothing of what it leaves as it is")
    func stale() async throws {
        try await Bench.withSigned(by: "customer") { bench, agreement in
            await bench.expect("edit responsibility A-1 --set providerStatement/en=Other -s object-storage", store: "provider")
            let published = await bench.expect("publish 2 -m changed -s object-storage", store: "provider")
            #expect(published.errors.contains("\(agreement) with Kaisha holds 1 of the record that change"), "\(published.errors)")
            let rest = "--set framework=f --set controlId=Z-9 --set itemKey=main --set allocation=provider"
            await bench.expect("edit responsibility \(rest) -s object-storage", store: "provider")
            await Bench.settle(bench)
            let again = await bench.expect("publish 3 -m more -s object-storage", store: "provider")
            #expect(!again.errors.contains(agreement), "\(again.errors)")
        }
    }
}

/// A provider's own position towards one customer, beside what it publishes for all.
@Suite("Positions beside what is published")
struct OverruledRowTests {
    @Test("An allocation that is published while an older position says otherwise is told wherever the row is")
    func overruled() async throws {
        let engaged = try await EngagedBench()
        let bench = engaged.bench
        await bench.expect("propose au-4 --allocation shared -m both", store: "provider")
        try engaged.syncBoth()
        await bench.expect("edit responsibility au-4 --set allocation=provider -s object-storage", store: "provider")
        let published = await bench.expect("publish 2 -m ours -s object-storage", store: "provider")
        #expect(published.errors.contains("your own position towards Kaisha"), "\(published.errors)")
        #expect(published.errors.contains("buntan propose au-4 --withdraw -e "), "\(published.errors)")
        try engaged.syncBoth()
        for store in ["provider", "customer"] {
            let shown = await bench.expect("show au-4", store: store).output
            #expect(shown.contains("own position; published: provider"), "\(shown)")
        }
        #expect(await bench.expect("show au-4 --lang ja", store: "customer").output.contains("公開版はプロバイダ"))
        await bench.expect("accept au-4", store: "customer")
        await bench.expect("propose au-4 --withdraw", store: "provider")
        try engaged.syncBoth()
        #expect(await !bench.expect("show au-4", store: "customer").output.contains("own position"))
        // What is published from now on counts, and nothing is said of it.
        await bench.expect("edit responsibility au-4 --set allocation=customer -s object-storage", store: "provider")
        #expect(await !bench.expect("publish 3 -m theirs -s object-storage", store: "provider").errors.contains("own position"))
    }

    @Test("Rows that name nobody are told when they are published, and to the provider as its own to allocate")
    func unallocated() async throws {
        let engaged = try await EngagedBench()
        let bench = engaged.bench
        await bench.expect("edit responsibility au-4 --set allocation=unallocated -s object-storage", store: "provider")
        let published = await bench.expect("publish 2 -m open -s object-storage", store: "provider")
        #expect(published.errors.contains("1 row names nobody: AU-4"), "\(published.errors)")
        try engaged.syncBoth()
        let status = await bench.expect("status", store: "provider").output
        #expect(status.contains("1 of them names nobody yet"), "\(status)")
        #expect(status.contains("buntan matrix --where allocation=unallocated"), "\(status)")
        #expect(await !bench.expect("status", store: "customer").output.contains("of them"))
        let rows = try await bench.expect("matrix --where allocation=unallocated --json", store: "provider").list
        #expect(rows.count == 1)
        // Whoever answers such a row names somebody.
        await bench.expect("propose au-4 --allocation customer", store: "customer")
        try engaged.syncBoth()
        let disputes = await bench.expect("disputes", store: "provider").output
        #expect(disputes.contains("buntan propose au-4 --allocation customer"), "\(disputes)")
    }
}
