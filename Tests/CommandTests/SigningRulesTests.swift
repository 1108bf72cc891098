import Testing

@testable import ClientCLI

@Suite("What the rules say against signing")
struct SigningRulesTests {
    @Test("A violated must in a row blocks both sides, says whose it is and what to type; left open, or put right, it does not")
    func rows() async throws {
        try await AgreementCommandTests.with { bench in
            await bench.expect("edit responsibility-position A-1 --set canFulfil=no", store: "customer")
            await AgreementCommandTests.settle(bench)
            let own = await bench.expect("agree --print", store: "customer", exit: .refused)
            for part in ["ROLE-6", "A-1", "customerCanFulfil", "it is for you to put right", "buntan edit responsibility-position a-1"] {
                #expect(own.errors.contains(part), "\(part) in \(own.errors)")
            }
            let json = try await bench.expect("agree --print --json", store: "customer", exit: .refused).json
            #expect(json["code"] as? String == "rules-violated" && json["exit"] as? Int == 4 && json["record"] as? String == "A-1")
            #expect(json["field"] as? String == "customerCanFulfil", "\(json)")
            let japanese = await bench.expect("agree --print --lang ja", store: "customer", exit: .refused)
            #expect(japanese.errors.contains("何も署名していません。署名の対象が規則ROLE-6に反しています"), "\(japanese.errors)")
            // The other side's part blocks as well, and is the other side's to put right.
            let theirs = await bench.expect("agree --print", store: "provider", exit: .refused)
            #expect(theirs.errors.contains("it is for Kaisha to put right"), "\(theirs.errors)")
            await bench.expect("agree --print --except A-1", store: "provider")
            await bench.expect("agree A-2 A-3 --print", store: "provider")
            await bench.expect("edit responsibility-position A-1 --set canFulfil=yes", store: "customer")
            await AgreementCommandTests.settle(bench)
            try await AgreementCommandTests.signBoth(bench)
            #expect(try await AgreementCommandTests.statuses(bench, "customer") == ["in-force"])
        }
    }

    @Test("Rows that do not say all that must be said are signed by whoever asks for that, and by nobody else")
    func incomplete() async throws {
        try await AgreementCommandTests.with { bench in
            let digest = try await AgreementCommandTests.digest(bench, "customer")
            let blocked = await bench.expect(
                "agree --confirm Example_Cloud --document \(digest) --json", store: "customer", exit: .refused)
            #expect(try blocked.code == "rows-incomplete")
            #expect(try blocked.json["next"] as? String == "buntan agree --incomplete")
            let shown = await bench.expect(
                "agree --lang ja", store: "customer", answers: ["Example Cloud"], isTerminal: true, exit: .refused)
            #expect(shown.errors.contains("求める記載がそろっていない行が3行"), "\(shown.errors)")
            #expect(try await AgreementCommandTests.statuses(bench, "customer").isEmpty)
            _ = try await AgreementCommandTests.sign(bench, "customer")
            #expect(try await AgreementCommandTests.statuses(bench, "customer") == ["half-signed"])
        }
    }

    @Test("A specification blocks where it is covered, and only there; --with takes each kind in one word or several")
    func specifications() async throws {
        try await AgreementCommandTests.with { bench in
            await bench.expect("edit backup-specification --set rpo=1h --set schedule+={interval:_1d}", store: "provider")
            await bench.expect(
                "edit jurisdiction --set country=JP --set lawName/en=Old_Act --set lawExpiredOn=2020-01-01", store: "provider")
            await bench.expect("edit monitoring-capability --set ownInstancesOnly=no", store: "provider")
            await bench.expect("publish 2 -m offers --yes", store: "provider")
            await AgreementCommandTests.settle(bench)
            await bench.expect("agree --print", store: "customer")
            for (words, rule) in [
                ("backup", "BKP-13"), ("backups", "BKP-13"), ("backup-specification", "BKP-13"), ("jurisdiction", "JUR-3"),
                ("jurisdictions", "JUR-3"), ("monitoring", "MON-6"), ("monitoring-capabilities", "MON-6"),
            ] {
                let refused = await bench.expect("agree --print --with \(words)", store: "customer", exit: .refused)
                #expect(
                    refused.errors.contains(rule) && refused.errors.contains("it is for Example Cloud to put right"), "\(refused.errors)")
            }
            let all = await bench.expect("agree --print --with backup,jurisdictions,monitoring", store: "provider", exit: .refused)
            #expect(all.errors.contains("2 other rules too") && all.errors.contains("it is for you to put right"), "\(all.errors)")
            #expect(all.errors.contains("buntan edit backup-specification "), "\(all.errors)")
        }
    }

    @Test("All three kinds are covered by their words once nothing stands against them; rows that say less are told of")
    func covered() async throws {
        try await AgreementCommandTests.with { bench in
            await bench.expect("edit backup-specification --set rpo=1d --set schedule+={interval:_1d}", store: "provider")
            await bench.expect("edit jurisdiction --set country=JP --set lawName/en=Act", store: "provider")
            await bench.expect("edit monitoring-capability --set ownInstancesOnly=yes --set accessControl/en=SSO", store: "provider")
            await bench.expect("publish 2 -m offers --yes", store: "provider")
            await AgreementCommandTests.settle(bench)
            let printed = await bench.expect("agree --print --with backup,jurisdictions,monitoring", store: "customer").output
            for kind in ["backup-specification", "jurisdiction", "monitoring-capability"] {
                #expect(printed.contains("\"\(kind)\""), "\(printed)")
            }
            let page = await bench.expect(
                "agree --incomplete --with backups,jurisdiction,monitoring", store: "customer", answers: ["no"], isTerminal: true,
                exit: .usage)
            #expect(page.output.contains("unsaid") && page.output.contains("ROLE-9"), "\(page.output)\(page.errors)")
        }
    }
}
