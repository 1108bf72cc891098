import Foundation
import Testing

@testable import ClientCLI

@Suite("The rules, and what they find, by command")
struct CheckCommandTests {
    private func findings(_ bench: CommandBench, _ options: String...) async throws -> [[String: Any]] {
        try #require(try await bench.run(["check", "--json"] + options).json["items"] as? [[String: Any]])
    }

    @Test("rules needs no store, lists all, a group or one with all that it says, in either language")
    func rules() async throws {
        let bench = try CommandBench()
        let all = await bench.run("rules")
        #expect(all.exit == .done, "\(all.errors)")
        #expect(all.output.contains("170 rules"))
        let group = try #require(try await bench.run("rules", "bkp", "--json").json["items"] as? [[String: Any]])
        #expect(group.count == 21 && group.allSatisfy { $0["group"] as? String == "BKP" })
        let one = await bench.run("rules", "BKP-5")
        for part in ["BKP-5", "must", "gap", "17 12.3.1", "rpo ≤ maxRpo", "backup-specification.rpo"] {
            #expect(one.output.contains(part), "\(one.output)")
        }
        let japanese = await bench.run("rules", "BKP-5", "--lang", "ja")
        #expect(japanese.output.contains("必須") && japanese.output.contains("RPO"), "\(japanese.output)")
        // What the signs before clauses stand for is said, of those that are there.
        #expect(
            one.output.contains("Clauses: 1 = JIS Q 27001:2014 (ISO/IEC 27001:2013), 17 = JIS Q 27017:2016 (ISO/IEC 27017:2015)\n"))
        #expect(
            japanese.output.contains("箇条: 1 = JIS Q 27001:2014 (ISO/IEC 27001:2013)、17 = JIS Q 27017:2016 (ISO/IEC 27017:2015)\n"),
            "\(japanese.output)")
        #expect(all.output.contains("Clauses: 1 = ") && all.output.contains("G = the ISMS user guide's"), "\(all.output.suffix(400))")
        #expect(await bench.run("rules", "SOA-2", "--lang", "ja").output.contains("J 4.2.2 注記3; G"))
        // What a rule reads has Japanese names, of records that no registry holds too.
        for rule in ["BKP-5", "BKP-13", "DATA-1", "DATA-2", "ED-1", "SOA-1"] {
            let told = await bench.run("rules", rule, "--lang", "ja").output
            let reads = try #require(told.split(separator: "読む項目:").last)
            let inputs = reads.prefix { $0 != "\n" }
            #expect(inputs.firstMatch(of: /[a-z]{3,}/) == nil, "\(rule): \(inputs)")
        }
        #expect(try await bench.run("rules", "BKP-99", "--json").code == "unknown-rule")
    }

    @Test("check tells what is wrong with record, field and next command, ends with 1 for a violated must, and 0 once it is put right")
    func scope() async throws {
        let bench = try await CommandBench.drafting()
        let made = await bench.run(
            "edit", "scope-statement", "--set", "pattern=a", "--set",
            "sites+={siteId: osaka, name: {en: Osaka DC, ja: 大阪DC}, siteKind: own, inScope: yes}", "--set",
            "ismsScopeSites+={en: Tokyo DC}",
            "--json")
        let id = try #require(try made.item["id"] as? String)
        let first = await bench.run("check", "--group", "SCOPE")
        #expect(first.exit == .found, "\(first.errors)")
        #expect(first.output.contains("Osaka DC is in the cloud security scope but not in the ISMS scope"), "\(first.output)")
        let found = try #require(try await findings(bench, "--group", "SCOPE-1").first)
        #expect(found["rule"] as? String == "SCOPE-1" && found["severity"] as? String == "must")
        #expect(found["kind"] as? String == "scope-statement.sites" && found["field"] as? String == "name")
        #expect((found["message"] as? [String: String])?["ja"]?.contains("大阪DC") == true)
        #expect(found["next"] as? String != nil)
        #expect(await bench.run("check", "--group", "SCOPE-1", "--lang", "ja").output.contains("違反1件"))
        await bench.expect("edit scope-statement \(id) --set ismsScopeSites+={en:_Osaka_DC}")
        #expect(try await findings(bench, "--group", "SCOPE-1").isEmpty)
        let again = await bench.run("check", "--group", "SCOPE-1")
        #expect(again.exit == .done && again.output.contains("Nothing found on "), "\(again.output)")
    }

    @Test("A group that there is not is refused with what may have been meant; a store without records has nothing to find")
    func edges() async throws {
        let bench = try await CommandBench.drafting()
        #expect(try await bench.run("check", "--group", "BACKUP", "--json").code == "unknown-rule")
        #expect(await bench.run("check", "--group", "MR").exit == .done)
        #expect(await bench.run("check", "--at", "2026-13-01", "--json").exit == .usage)
    }

    @Test("What one rule finds many times is told a few times and counted; asked for alone, it is told whole")
    func folded() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage --template iso27017")
        let all = await bench.run("check")
        #expect(all.output.contains("41 more of these, all shown by:"), "\(all.output)")
        #expect(all.output.contains("           buntan check --group ROLE-1\n"), "\(all.output)")
        #expect(all.output.contains("Clauses: "), "\(all.output)")
        #expect(all.output.components(separatedBy: "is not allocated to anyone").count == 4)
        #expect(all.output.contains("Unknown here") && all.output.contains("BKP-5"))
        let one = await bench.run("check", "--group", "role-1")
        #expect(one.output.components(separatedBy: "is not allocated to anyone").count == 45)
        let items = try #require(try await bench.run("check", "--json").json["items"] as? [[String: Any]])
        #expect(items.count { $0["rule"] as? String == "ROLE-1" } == 44)
        #expect(items.contains { $0["result"] as? String == "unknown" && $0["rule"] as? String == "BKP-5" })
        let first = try await bench.run("check", "--limit", "2", "--json").json
        #expect((first["items"] as? [Any])?.count == 2 && first["more"] as? String != nil)
    }

    @Test("A customer sees where an offer falls short of what it needs, in units, and that the gap is put right")
    func gap() async throws {
        let engaged = try await EngagedBench()
        let bench = engaged.bench
        await bench.expect("edit backup-specification --set rpo=1d --set schedule+={interval:_1d}", store: "provider")
        await bench.expect("publish 2 -m backups --yes", store: "provider")
        try engaged.syncBoth()
        let made = await bench.expect("edit backup-requirement --set maxRpo=4h --json", store: "customer")
        let id = try #require(try made.item["id"] as? String)
        let found = await bench.run("check", "--group", "BKP-5", store: "customer")
        #expect(found.output.contains("RPO gap on Object Storage: offered 1 d, required 4 h."), "\(found.output)\(found.errors)")
        let japanese = await bench.run("check", "--group", "BKP-5", "--lang", "ja", store: "customer")
        #expect(japanese.output.contains("提供 1日、要求 4時間"), "\(japanese.output)")
        await bench.expect("edit backup-requirement \(id) --set maxRpo=1d", store: "customer")
        #expect(await bench.run("check", "--group", "BKP-5", store: "customer").output.contains("Nothing found"))
        // The requirement is the customer's own: its provider cannot tell.
        #expect(await bench.run("check", "--group", "BKP-5", "-e", "kaisha", store: "provider").output.contains("Unknown here"))
    }

    @Test("check says what management has not begun, with the command that begins it, and nothing once it is there")
    func notBegun() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        func missing(_ options: String = "") async throws -> [String: String] {
            let list = try await bench.run(("check \(options) --json").split(separator: " ").map(String.init)).list
            return Dictionary(
                uniqueKeysWithValues: list.filter { $0["result"] as? String == "not-begun" }.map {
                    ($0["kind"] as? String ?? "-", $0["next"] as? String ?? "-")
                })
        }
        #expect(
            try await missing() == [
                "scope-statement": "buntan edit scope-statement", "soa": "buntan soa start",
                "internal-audit": "buntan edit internal-audit", "management-review": "buntan review start",
            ])
        #expect(try await missing("--group AUD").keys.sorted() == ["internal-audit"])
        #expect(try await missing("--group SCOPE-1").isEmpty)
        let told = await bench.run("check", "--group", "SCOPE,AUD").output
        #expect(told.contains("Not begun") && told.contains("buntan edit scope-statement"), "\(told)")
        #expect(await bench.run("check", "--group", "SCOPE", "--lang", "ja").output.contains("まだ始めていないもの"))
        // What nobody has begun is advice: it breaks no rule.
        #expect(await bench.run("check", "--group", "SCOPE,AUD,MR,SOA").exit == .done)
        // Whoever has a scope is asked for the rest by the rules themselves.
        await bench.expect("edit scope-statement --set pattern=a --set services+={serviceId:_storage,_position:_provider}")
        #expect(try await missing() == ["soa": "buntan soa start"])
        await bench.expect("check --group AUD-1", exit: .found)
        await bench.expect("soa start --yes")
        #expect(try await missing().isEmpty)
    }
}
