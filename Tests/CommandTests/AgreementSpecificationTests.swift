import Testing

@testable import ClientCLI

@Suite("Agreements that cover what a provider offers beside the rows")
struct AgreementSpecificationTests {
    @Test("--with backup signs the specification with the items of its lists; an item that changes makes the agreement stale")
    func backup() async throws {
        try await AgreementCommandTests.with { bench in
            let made = await bench.expect("edit backup-specification --set rpo=1h --set schedule+={interval:_1h} --json", store: "provider")
            let id = try #require(try made.item["id"] as? String)
            await bench.expect("publish 2 -m backups --yes", store: "provider")
            await AgreementCommandTests.settle(bench)
            let printed = await bench.expect("agree --with backup --print", store: "provider").output
            #expect(printed.contains("backup-specification.schedule") && printed.contains("PT1H"), "\(printed)")
            // A person reads no ids of 32 digits.
            let read = await bench.expect("agree --with backup --read", store: "provider").output
            #expect(read.contains("backup-specification.schedule") && !read.contains(id) && read.contains("1h"), "\(read)")
            try await AgreementCommandTests.signBoth(bench, "--with backup")
            #expect(try await AgreementCommandTests.statuses(bench, "customer") == ["in-force"])
            await bench.expect("edit backup-specification \(id) --set schedule=[{interval:_30min}]", store: "provider")
            await bench.expect("publish 3 -m less --yes", store: "provider")
            await AgreementCommandTests.settle(bench)
            #expect(try await AgreementCommandTests.statuses(bench, "customer") == ["stale"])
            let stale = await bench.expect("status", store: "customer").output
            #expect(stale.contains("; stale, 2 records"), "\(stale)")
            #expect(stale.contains("Next: buntan agree --with backup-specification\n"), "\(stale)")
            let listed = await bench.expect("agreements", store: "customer").output
            #expect(listed.contains("2 records") && !listed.contains("0 rows"), "\(listed)")
            // Signing without it anew is nothing that happens unnoticed.
            let less = await bench.run("agree", store: "customer", answers: ["no"], isTerminal: true).output
            #expect(less.contains("signed with") && less.contains("buntan agree --with backup-specification"), "\(less)")
            let same = await bench.run("agree", "--with", "backup", store: "customer", answers: ["no"], isTerminal: true).output
            #expect(!same.contains("signed with") && same.contains("agree --with backup --read"), "\(same)")
            #expect(same.contains("2 records since") && !same.contains("0 rows since"), "\(same)")
        }
    }

    @Test("What is not there is not attached, a validity that is over is refused, and a release that was withdrawn is told of")
    func refused() async throws {
        try await AgreementCommandTests.with { bench in
            let nothing = try await bench.run("agree", "--with", "asset-removal", "--print", "--json", store: "provider").code
            let over = try await bench.run("agree", "--valid", "2020-01-01..2020-12-31", "--print", "--json", store: "provider").code
            #expect(nothing == "nothing-to-attach" && over == "date-in-past")
            await bench.expect("edit backup-specification --set rpo=1h", store: "provider")
            await bench.expect("publish 2 -m again --yes", store: "provider")
            await bench.expect("withdraw 2 -m mistake --yes", store: "provider")
            let undone = try await bench.run("undo", "--json", store: "provider").code
            #expect(undone == "undo-withdrawn")
            await AgreementCommandTests.settle(bench)
            let page = await bench.run("agree", store: "customer", answers: ["no"], isTerminal: true).output
            #expect(page.contains("release 2 was withdrawn: mistake") && !page.contains("nothing in particular"), "\(page)")
            let status = await bench.expect("status", store: "customer").output
            #expect(!status.contains("Next: buntan agree"), "\(status)")
            // What comes after it is the provider's to publish, for the service, whichever engagement is told of.
            await bench.expect("sync", store: "provider")
            let theirs = await bench.expect("status -e kaisha", store: "provider").output
            #expect(theirs.contains("Next: buntan publish LABEL -m WHY -s object-storage"), "\(theirs)")
        }
    }

    @Test("An older agreement that covers more and goes stale stands in status and todo beside a newer one, with the command to sign it")
    func beside() async throws {
        try await AgreementCommandTests.with { bench in
            let made = await bench.expect("edit backup-specification --set rpo=1h --set schedule+={interval:_1h} --json", store: "provider")
            let id = try #require(try made.item["id"] as? String)
            await bench.expect("publish 2 -m backups --yes", store: "provider")
            await AgreementCommandTests.settle(bench)
            try await AgreementCommandTests.signBoth(bench, "--with backup")
            let older = try #require(try await bench.expect("agreements --json", store: "customer").list.first?["short"] as? String)
            await bench.expect("edit responsibility A-1 --set allocation=provider", store: "provider")
            await bench.expect("publish 3 -m rows --yes", store: "provider")
            await AgreementCommandTests.settle(bench)
            await bench.expect("accept A-1", store: "customer")
            await AgreementCommandTests.settle(bench)
            // A row alone is signed again with the records that were signed beside it.
            let again = try await bench.expect("todo --json", store: "customer").list.filter { $0["matter"] as? String == "sign-again" }
            #expect(again.map { $0["next"] as? String } == ["buntan agree --with backup-specification"], "\(again)")
            try await AgreementCommandTests.signBoth(bench)
            await bench.expect("edit backup-specification \(id) --set rpo=1d", store: "provider")
            await bench.expect("publish 4 -m worse --yes", store: "provider")
            await AgreementCommandTests.settle(bench)
            #expect(try await Set(AgreementCommandTests.statuses(bench, "customer")) == ["stale", "in-force"])
            for store in ["customer", "provider"] {
                let status = try await bench.expect("status --json", store: store).item
                let told = try #require(status["agreements"] as? [[String: Any]])
                #expect(
                    told.map { $0["status"] as? String } == ["in-force", "stale"] && told.last?["short"] as? String == older, "\(told)")
                #expect((status["agreement"] as? [String: Any])?["status"] as? String == "in-force")
                let page = await bench.expect("status", store: store).output
                #expect(page.contains("buntan diff \(older)") && page.contains("1 row and 1 record"), "\(page)")
                let todo = try await bench.expect("todo --json", store: store).list.filter { $0["matter"] as? String == "sign-again" }
                #expect(todo.map { $0["next"] as? String } == ["buntan agree --with backup-specification"], "\(todo)")
                #expect(todo.first?["count"] as? Int == 2 && todo.first?["since"] as? String != nil, "\(todo)")
            }
            #expect(await bench.expect("todo --lang ja", store: "customer").output.contains("署名し直す（2件の記録が変わった）"))
            try await AgreementCommandTests.signBoth(bench, "--with backup")
            #expect(try await bench.expect("todo --json", store: "customer").list.allSatisfy { $0["matter"] as? String != "sign-again" })
        }
    }
}
