import Foundation
import Testing

@testable import ClientCLI

@Suite("soa: the statement of applicability")
struct SoaCommandTests {
    private func bench(_ position: String = "provider") async throws -> CommandBench {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        await bench.expect("soa start --position \(position) --yes")
        return bench
    }

    private func entry(_ bench: CommandBench, _ control: String) async throws -> (fields: [String: Any], rules: [String]) {
        let line = try #require(try await bench.expect("soa \(control) --json").list.first)
        let findings = line["findings"] as? [[String: Any]] ?? []
        return (try #require(line["fields"] as? [String: Any]), findings.compactMap { $0["rule"] as? String })
    }

    @Test("It says by which editions it is made, and who has approved it when, on its page and in the report")
    func approval() async throws {
        let bench = try await bench("customer")
        let editions = "JIS Q 27001:2023 (ISO/IEC 27001:2022)"
        let draft = await bench.expect("soa").output
        #expect(draft.contains("by \(editions), ") && draft.contains("; not approved"), "\(draft)")
        let short = try #require(try await bench.expect("list soa --json").list.first?["short"] as? String)
        await bench.expect("edit soa \(short) --set approvedBy=CEO --set approvedOn=2026-11-01")
        #expect(await bench.expect("soa").output.contains("; approved by CEO on 2026-11-01"))
        #expect(await bench.expect("soa --lang ja").output.contains("2026-11-01にCEOが承認"))
        let report = await bench.expect("report --format md").output
        #expect(report.contains("121; by \(editions), ") && report.contains("; approved by CEO on 2026-11-01"), "\(report.prefix(2_000))")
        // What is decided after that, nobody has approved.
        await bench.expect("soa set 12.4.1 --applicable yes --implemented partial")
        let since = await bench.expect("soa").output
        #expect(since.contains("approved by CEO on 2026-11-01, before 1 decision of it was written as it stands"), "\(since)")
        #expect(await bench.expect("soa --lang ja").output.contains("2026-11-01にCEOが承認、その後1件の決定に変更あり"))
        #expect(await bench.expect("report --format md").output.contains("before 1 decision of it was written as it stands"))
        await bench.expect("edit soa \(short) --set position=both")
        #expect(await bench.expect("soa").output.contains("before 2 decisions of it were written as they stand"))
        await bench.expect("edit soa \(short) --set approvedOn=2026-11-19")
        #expect(await bench.expect("soa").output.contains("; approved by CEO on 2026-11-19\n"))
        // A day to come is a plan.
        await bench.expect("edit soa \(short) --set approvedOn=2030-01-01")
        #expect(await bench.expect("soa").output.contains("; CEO is to approve it on 2030-01-01\n"))
        #expect(await bench.expect("soa --at 2030-02-01").output.contains("; approved by CEO on 2030-01-01\n"))
    }

    @Test("Once everything is decided the command is told that approves it, and no longer when it is approved")
    func approving() async throws {
        let bench = try await bench("customer")
        #expect(await !bench.expect("soa").output.contains("approvedBy"))
        await bench.expect("soa set --applicable yes --implemented implemented --reason Needed. --yes " + Self.clauses)
        let page = await bench.expect("soa").output
        // Of two controls the standard gives customers no guidance, and nothing to choose.
        #expect(page.contains("adopted 119, excluded 0, undecided 0, nothing to decide 2"), "\(page.prefix(400))")
        let next = try #require(page.split(separator: "\n").first { $0.contains("approvedBy") }, "\(page.suffix(600))")
        #expect(next.contains("buntan edit soa ") && next.contains("--set approvedBy=NAME --set approvedOn="))
        await bench.expect(String(next.drop { $0 != " " }.dropFirst().dropFirst("buntan ".count)))
        #expect(await bench.expect("soa").output.contains("; approved by NAME on "))
        #expect(await !bench.expect("soa").output.contains("approvedBy"))
        // Without a server nothing is sent: what is decided now stands behind the approval all the same.
        await bench.expect("soa set 12.4.1 --implemented partial")
        #expect(await bench.expect("soa").output.contains("before 1 decision of it was written as it stands"))
    }

    private static let clauses = (5...18).map { String($0) }.joined(separator: " ") + " CLD"

    @Test("It begins with an entry for each of the 114 and 7 controls, and with what the standard leaves no choice about")
    func starts() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        let none = await bench.expect("soa --json", exit: .usage)
        #expect(try none.code == "no-statement" && none.json["next"] as? String == "buntan soa start")
        #expect(try await bench.expect("soa start --json", exit: .usage).code == "too-many")
        let item = try await bench.expect("soa start --position both --yes --json").item
        #expect(item["added"] as? Int == 121 && item["kept"] as? Int == 0)
        let lines = try await bench.expect("soa --json").list
        #expect(lines.count == 121 && lines.count { $0["extended"] as? Bool == true } == 7)
        for line in lines {
            let fields = try #require(line["fields"] as? [String: Any])
            let guidance = try #require(line["guidance"] as? [String])
            #expect((fields["adopted27001"] as? String == "not-in-annex") == (line["extended"] as? Bool == true))
            #expect((fields["adoptedProvider"] as? String == "no-guidance") == !guidance.contains("provider"))
            #expect((fields["adoptedCustomer"] as? String == "no-guidance") == !guidance.contains("customer"))
        }
        // Begun twice it is one statement, as it was; what was deleted comes back.
        let again = try await bench.expect("soa start --json").item
        #expect(again["added"] as? Int == 0 && again["kept"] as? Int == 121 && again["change"] is NSNull)
        let short = try #require(lines.first?["short"] as? String)
        await bench.expect("delete \(short) -m slip")
        #expect(try await bench.expect("soa start --json").item["added"] as? Int == 1)
        #expect(try await bench.expect("list soa --json").list.count == 1)
        let refused = await bench.expect("soa start --position owner --json", exit: .usage)
        #expect(try refused.code == "invalid-value-of")
    }

    @Test("Controls are decided by clause or one by one, with reasons; what the rules find stands beside the entry")
    func decides() async throws {
        let bench = try await bench()
        let open = try await entry(bench, "12.3.1")
        #expect(open.rules == ["SOA-1", "SOA-2"], "\(open.rules)")
        let item = try await bench.expect("soa set 12.3.1 --applicable yes --json").item
        #expect(item["entries"] as? Int == 1)
        #expect(Set((item["findings"] as? [[String: Any]] ?? []).compactMap { $0["rule"] as? String }) == ["SOA-5"])
        var now = try await entry(bench, "12.3.1")
        #expect(now.fields["adopted27001"] as? String == "adopted" && now.fields["adoptedProvider"] as? String == "adopted")
        #expect(now.fields["adoptedCustomer"] == nil && now.fields["evaluatedOn"] as? String == "2026-11-23")
        await bench.expect("soa set 12.3.1 --reason Backups. --implemented implemented")
        now = try await entry(bench, "12.3.1")
        #expect(now.rules == [] && (now.fields["reason27001"] as? [String: String])?["en"] == "Backups.", "\(now)")

        // Not under 27017 what is not under 27001, and no exclusion without a reason.
        await bench.expect("soa set 12.3.1 --applicable no --for 27001")
        now = try await entry(bench, "12.3.1")
        #expect(now.rules == ["SOA-6"], "\(now.rules)")
        let told = await bench.expect("soa set 14.2 --applicable no --for 27001").output
        #expect(told.contains("SOA-4") && told.contains("entries written."), "\(told)")
        #expect(try await bench.expect("soa --where rule=SOA-4 --json").list.count == 9)

        let whole = await bench.expect("soa").output
        #expect(whole.contains("121 controls") && whole.contains("SOA-4") && whole.contains("The statement as a whole"), "\(whole)")
        let one = await bench.expect("soa 12.3.1 --lang ja").output
        #expect(one.contains("管理策1件") && one.contains("12.3.1") && one.contains("除外"), "\(one)")
        // Beside each number its number in the later edition.
        #expect(whole.contains("27002:2022") && one.contains("JIS Q 27002:2024では8.13"), "\(one)")
        let line = try #require(try await bench.expect("soa 12.3.1 --json").list.first)
        #expect((line["numbers"] as? [String: [String]]) == ["iso27002-2022": ["8.13"]])
    }

    @Test("Entries are found by field, by verdict and by rule; what cannot be meant is refused")
    func finds() async throws {
        let bench = try await bench()
        await bench.expect("soa set 9.2 --applicable yes --reason Access. --implemented partial --yes")
        let count = try await bench.expect("soa 9.2 --json").list.count
        #expect(count > 3)
        #expect(try await bench.expect("soa --where implementationStatus=partial --json").list.count == count)
        #expect(try await bench.expect("soa --where applicable=yes --json").list.count == count)
        #expect(try await bench.expect("soa --where applicable=undecided --json").list.count == 121 - count)
        let part = await bench.expect("soa --limit 5 --json")
        #expect(try part.list.count == 5 && part.json["more"] as? String != nil)
        for (line, code) in [
            ("soa --where colour=red", "unknown-field"), ("soa --where applicable=perhaps", "invalid-value-of"),
            ("soa 99.9", "unknown-control"),
            ("soa set 9.2", "missing-option-value"), ("soa set 9.2 --implemented soon", "invalid-value-of"),
            ("soa set 9 12 --applicable yes", "too-many"), ("soa --where applicable", "invalid-where"),
        ] {
            #expect(try await bench.expect(line + " --json", exit: .usage).code == code, "\(line)")
        }
    }

    @Test("It is the organisation's own: nothing of it is in what counterparts are given, and undo takes a decision back")
    func isPrivate() async throws {
        let bench = try await bench("both")
        await bench.expect("soa set 12.3.1 --applicable no --reason secretreason --confirmed-by Somebody")
        let seen = await bench.expect("preview --as counterpart --json").output
        #expect(!seen.contains("secretreason") && !seen.contains("soa-entry"))
        await bench.expect("undo")
        let back = try await entry(bench, "12.3.1").fields["adopted27001"]
        #expect(back == nil || back is NSNull)
    }

    @Test("Begun again with another position or edition it is refused, and says what stands and who approved it; nothing is lost")
    func standsAsItWas() async throws {
        let bench = try await bench("both")
        await bench.expect("soa set 12.3.1 --applicable yes --reason Backups.")
        func statement() async throws -> [String: Any] {
            let item = try #require(try await bench.expect("list soa --json").list.first)
            return try #require(item["fields"] as? [String: Any])
        }
        let short = try #require(try await bench.expect("list soa --json").list.first?["short"] as? String)
        let refused = await bench.expect("soa start --position customer --yes --json", exit: .refused)
        #expect(try refused.code == "statement-stands" && refused.errors.contains("position both"), "\(refused.errors)")
        #expect(try refused.json["next"] as? String == "buntan edit soa \(short) --set position=customer")
        #expect(try refused.json["field"] as? String == "position")

        await bench.expect("edit soa \(short) --set approvedBy=Aoi_Sato --set approvedOn=2026-11-01")
        let before = try await statement() as NSDictionary
        for option in ["--position customer", "--position customer --edition jisq27001-2014", "--edition jisq27001-2014"] {
            let approved = await bench.expect("soa start \(option) --yes --json", exit: .refused)
            #expect(try approved.code == "statement-approved", "\(option)")
            #expect(approved.errors.contains("Aoi Sato") && approved.errors.contains("2026-11-01"), "\(approved.errors)")
        }
        let told = await bench.expect("soa start --position customer --yes --lang ja", exit: .refused).errors
        #expect(told.contains("Aoi Satoが承認") && told.contains("立場") && !told.contains("both"), "\(told)")
        #expect(try await statement() as NSDictionary == before)
        #expect(try await entry(bench, "12.3.1").fields["adopted27001"] as? String == "adopted")
        // What it says already changes nothing.
        #expect(await bench.expect("soa start --position both --edition jisq27001-2023").exit == .done)
    }

    @Test("It begins on the edition in force, which no rule flags; another one is asked for by its name")
    func editions() async throws {
        let bench = try await bench()
        func fields() async throws -> [String: Any] {
            let item = try #require(try await bench.expect("list soa --json").list.first)
            return try #require(item["fields"] as? [String: Any])
        }
        func flagged() async throws -> Bool {
            try await bench.run("check", "--group", "ED", "--json").list.contains { $0["rule"] as? String == "ED-2" }
        }
        #expect(try await fields()["edition27001"] as? String == "jisq27001-2023")
        #expect(try await fields()["edition27017"] as? String == "iso27017-2015")
        #expect(try await flagged() == false)
        let short = try #require(try await bench.expect("list soa --json").list.first?["short"] as? String)
        await bench.expect("delete \(short) -m anew")
        #expect(try await bench.expect("soa start --edition iso27017-1999 --yes --json", exit: .usage).code == "invalid-value-of")
        await bench.expect("soa start --edition jisq27001-2014 --edition iso27017-2026 --yes")
        #expect(try await fields()["edition27001"] as? String == "jisq27001-2014")
        #expect(try await fields()["edition27017"] as? String == "iso27017-2026")
        #expect(try await flagged())
    }
}
