import Foundation
import Testing

@testable import ClientCLI

@Suite("What rules find in the records of a store: the right facts, and the right command to type next")
struct CheckFactTests {
    /// What a group of rules finds, without what cannot be told here.
    private func found(_ bench: CommandBench, _ group: String, _ options: String..., store: String = "store") async throws -> [[String:
        Any]]
    {
        try await bench.run(["check", "--group", group, "--json"] + options, store: store).list.filter {
            $0["result"] as? String != "unknown"
        }
    }

    private func isUnknown(_ bench: CommandBench, _ rule: String, _ options: String..., store: String = "store") async throws -> Bool {
        try await bench.run(["check", "--group", rule, "--json"] + options, store: store).list.contains {
            $0["result"] as? String == "unknown"
        }
    }

    @Test("A missing record is begun by whoever is to write it; the other side is shown what it is missing beside, and ends with 0")
    func missing() async throws {
        let bench = try await CommandBench.drafting()
        let evidence = try #require(try await found(bench, "CAP-11").first)
        #expect(evidence["kind"] as? String == "evidence" && evidence["next"] as? String == "buntan edit evidence")
        #expect(evidence["id"] is NSNull && evidence["short"] is NSNull)
        await bench.expect("edit backup-specification --set rpo=1h")
        await bench.expect("edit cloud-service --set providesBackup=true")
        // What the record itself lacks is put right in it; so is a list of it.
        let lacking = try await found(bench, "BKP-1")
        for item in lacking {
            let short = try #require(item["short"] as? String)
            #expect(item["next"] as? String == "buntan edit backup-specification \(short)")
        }
        let command = try #require(lacking.first?["next"] as? String)
        await bench.expect("\(command.dropFirst("buntan ".count)) --set rto=2h")
        #expect(try await found(bench, "BKP-1").contains { $0["kind"] as? String == "backup-specification.scope" })

        let engaged = try await EngagedBench()
        let theirs = try #require(try await found(engaged.bench, "CAP-11", store: "customer").first)
        #expect((theirs["next"] as? String)?.hasPrefix("buntan show ") == true, "\(theirs)")
        let next = try #require(theirs["next"] as? String)
        await engaged.bench.expect(String(next.dropFirst("buntan ".count)), store: "customer")
        // What stands beside no record of its own is asked for.
        let contact = try #require(try await found(engaged.bench, "ROLE-7", store: "customer").first)
        #expect(contact["next"] as? String == "buntan edit information-request --set requestedKind=contact-point", "\(contact)")
        await engaged.bench.expect("edit information-request --set requestedKind=contact-point", store: "customer")
        // What the customer is to say of its rows is a violation in the eyes of both, and the customer's to mend.
        let own = await engaged.bench.run("check", "--group", "ROLE-2", store: "customer")
        #expect(own.exit == .found, "\(own.output)\(own.errors)")
        let waiting = await engaged.bench.run("check", "--group", "ROLE-2", "-e", "kaisha", store: "provider")
        #expect(waiting.exit == .found && waiting.output.contains("Violations"), "\(waiting.output)\(waiting.errors)")
    }

    @Test("An organisation is one party by whatever id: a certificate of its own record counts for its service")
    func party() async throws {
        let bench = try await CommandBench.drafting()
        let lacking = try #require(try await found(bench, "ITS-3").first)
        #expect(lacking["next"] as? String == "buntan edit business-activity", "\(lacking)")
        await bench.expect("edit party --set certifications+={scheme:_ISO_9001,_body:_JAB}")
        #expect(try await found(bench, "ITS-3").isEmpty)
    }

    @Test("What a side says of an engagement is a fact of it, and needs no id to be said")
    func engagement() async throws {
        let engaged = try await EngagedBench()
        let lacking = try #require(try await found(engaged.bench, "JUR-11", "-e", "kaisha", store: "provider").first)
        #expect(lacking["next"] as? String == "buntan edit engagement", "\(lacking)")
        await engaged.bench.expect("edit engagement --set governingLaw=JP -e kaisha", store: "provider")
        #expect(try await found(engaged.bench, "JUR-11", "-e", "kaisha", store: "provider").isEmpty)
    }

    @Test("A finding of an audit belongs to its audit: whoever audited the own department is found there")
    func auditFinding() async throws {
        let bench = try await CommandBench.drafting()
        let audit = await bench.expect(
            "edit internal-audit --set performedOn=2026-01-10 --set auditors+={name:_Sato,_department:_IT} --json")
        let id = try #require(try audit.item["id"] as? String)
        await bench.expect("edit audit-finding --set auditId=\(id) --set grade=minor-nonconformity --set department=IT")
        let own = try #require(try await found(bench, "AUD-3").first)
        let next = try #require(own["next"] as? String)
        #expect(next.hasPrefix("buntan edit internal-audit "), "\(own)")
        #expect(await bench.run("check", "--group", "AUD-3").exit == .found)
        await bench.expect("\(next.dropFirst("buntan ".count)) --set auditors=[{name:_Sato,_department:_Sales}]")
        #expect(try await found(bench, "AUD-3").isEmpty)
    }

    @Test("What an agreement covers beside the rows is held against what stands now; what it does not cover is not attached")
    func attached() async throws {
        try await AgreementCommandTests.with { bench in
            let made = await bench.expect("edit backup-specification --set rpo=1h --set schedule+={interval:_1h} --json", store: "provider")
            let id = try #require(try made.item["id"] as? String)
            await bench.expect("edit asset-removal --set returnWindow=30d --set inAgreement=true", store: "provider")
            await bench.expect("publish 2 -m backups --yes", store: "provider")
            await AgreementCommandTests.settle(bench)
            #expect(try await found(bench, "AST-2", "-e", "kaisha", store: "provider").isEmpty, "nothing is agreed yet")
            try await AgreementCommandTests.signBoth(bench, "--with backup")
            #expect(try await found(bench, "ROLE-12", "-e", "kaisha", store: "provider").isEmpty)
            let unattached = try await found(bench, "AST-2", "-e", "kaisha", store: "provider")
            #expect(unattached.map { $0["next"] as? String } == ["buntan agree --with asset-removal,backup-specification"], "\(unattached)")
            // Who may sign for the other side is not known here; for the own side, the party's record says it.
            let unnamed = try await found(bench, "ROLE-16", "-e", "kaisha", store: "provider")
            #expect(unnamed.count == 1 && unnamed.first?["side"] as? String == "provider", "\(unnamed)")
            #expect(try await isUnknown(bench, "ROLE-16", "-e", "kaisha", store: "provider"))
            await bench.expect("edit party --set signatories+={personName:_Ichiro_Sato}", store: "provider")
            #expect(try await found(bench, "ROLE-16", "-e", "kaisha", store: "provider").isEmpty)

            await bench.expect("edit backup-specification \(id) --set schedule=[{interval:_2d}]", store: "provider")
            // What is only drafted is not what both sides read.
            #expect(try await found(bench, "ROLE-12", "-e", "kaisha", store: "provider").isEmpty)
            await bench.expect("publish 3 -m less --yes", store: "provider")
            await AgreementCommandTests.settle(bench)
            let changed = try await found(bench, "ROLE-12", "-e", "kaisha", store: "provider")
            #expect(changed.map { $0["next"] as? String } == ["buntan agree --with backup-specification"], "\(changed)")
        }
    }

    @Test("A removal of assets that both have signed is attached")
    func removal() async throws {
        try await AgreementCommandTests.with { bench in
            await bench.expect("edit asset-removal --set returnWindow=30d --set inAgreement=true", store: "provider")
            await bench.expect("publish 2 -m exit --yes", store: "provider")
            await AgreementCommandTests.settle(bench)
            try await AgreementCommandTests.signBoth(bench, "--with asset-removal")
            #expect(try await found(bench, "AST-2", "-e", "kaisha", store: "provider").isEmpty)
            #expect(try await found(bench, "ROLE-12", "-e", "kaisha", store: "provider").isEmpty)
        }
    }

    @Test("What a side keeps to itself is unknown to the other, whatever it keeps itself; its own is found and put right")
    func concealed() async throws {
        let engaged = try await EngagedBench()
        let bench = engaged.bench
        await bench.expect("edit policy --set policyKind=supplier", store: "provider")
        #expect(try await isUnknown(bench, "SUP-3", "-e", "kaisha", store: "provider"))
        #expect(try await found(bench, "SUP-3", "-e", "kaisha", store: "provider").isEmpty)
        #expect(try await !isUnknown(bench, "ITS-3", store: "provider"))
        let own = try #require(try await found(bench, "SUP-3", store: "customer").first)
        #expect(own["next"] as? String == "buntan edit policy", "\(own)")
        await bench.expect("edit policy --set policyKind=supplier --set topicsCovered=provider-access", store: "customer")
        #expect(try await found(bench, "SUP-3", store: "customer").isEmpty)
        // How a provider considers its services, it keeps to itself.
        #expect(try await isUnknown(bench, "ITS-3", store: "customer"))
        #expect(try await found(bench, "ITS-3", store: "customer").isEmpty)
    }

    @Test("A list that is cut says how many there are; every finding has a place of its own from which the list goes on")
    func cut() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage --template iso27017")
        let page = await bench.run("check", "--group", "ROLE-1", "--limit", "2")
        #expect(page.output.contains("2 of 44 lines shown (--limit)."), "\(page.output)")
        let rules = await bench.run("rules", "--limit", "3")
        #expect(rules.output.contains("170 rules") && rules.output.contains("3 of 170 rules shown (--limit)."), "\(rules.output)")
        var after: [String] = []
        var messages = 0
        for _ in 0..<5 {
            let part = try await bench.run(["check", "--group", "ROLE-1", "--limit", "10", "--json"] + after).json
            messages += (part["items"] as? [[String: Any]])?.count ?? 0
            guard let more = part["more"] as? String else { break }
            after = ["--after", more]
        }
        #expect(messages == 44)
    }
}
