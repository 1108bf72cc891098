import Foundation
import Testing

@testable import ClientCLI

@Suite("review: the inputs of a management review, its record and what it decided; the clock shows 2026-11-23")
struct ReviewCommandTests {
    private static let inputs = ["inputA", "inputB", "inputC1", "inputC2", "inputC3", "inputC4", "inputD", "inputE", "inputF"]

    /// A provider with a scope, an audit and a finding that was to be corrected by the day before.
    private func bench() async throws -> (bench: CommandBench, finding: String) {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        await bench.expect(
            "edit scope-statement --set pattern=a --set approvedBy=CEO --set approvedOn=2026-11-01 --set services+={serviceId:_storage,_position:_provider}"
        )
        let audit = try await bench.expect("edit internal-audit --set performedOn=2026-11-10 --set coveredServiceIds=storage --json").item
        let id = try #require(audit["record"] as? String ?? audit["id"] as? String)
        let finding = try await bench.expect(
            "edit audit-finding --set auditId=\(id) --set grade=minor-nonconformity --set clause=12.3.1 --set statement/en=Untested_restores. --set dueOn=2026-11-22 --json"
        ).item
        return (bench, try #require(finding["id"] as? String))
    }

    private func section(_ bench: CommandBench, _ input: String, _ options: String = "") async throws -> [[String: Any]] {
        let sections = try await bench.expect("review \(options) --json").list
        let section = try #require(sections.first { $0["input"] as? String == input })
        return try #require(section["lines"] as? [[String: Any]])
    }

    private func matters(_ lines: [[String: Any]]) -> [String] { lines.compactMap { $0["matter"] as? String } }

    /// What waits that a review or an audit has given to do.
    private func actions(_ bench: CommandBench, _ options: String = "") async throws -> [[String: Any]] {
        try await bench.expect("todo \(options) --json").list.filter {
            ["decision", "correction", "effectiveness"].contains($0["matter"] as? String ?? "")
        }
    }

    @Test("It compiles nine inputs in the order of the standard, in either language, and writes nothing")
    func compiles() async throws {
        let (bench, _) = try await bench()
        let before = try await bench.expect("log --json").list.count
        let list = try await bench.expect("review --json").list
        #expect(list.compactMap { $0["input"] as? String } == Self.inputs)
        #expect(list.compactMap { $0["letter"] as? String } == ["a", "b", "c1", "c2", "c3", "c4", "d", "e", "f"])
        for item in list {
            let text = try #require(item["text"] as? [String: String])
            #expect(text["en"]?.contains("{") == false && text["ja"]?.contains("{") == false && text["en"] != text["ja"])
        }
        let english = await bench.expect("review").output
        for part in [
            "first management review on 2026-11-23", "c1) nonconformities", "late since 2026-11-22: Untested restores.",
            "The scope statement was approved on 2026-11-01.", "Next: buntan", "review start",
        ] { #expect(english.contains(part), "\(part) in \(english)") }
        let japanese = await bench.expect("review --lang ja").output
        for part in ["初回のマネジメントレビュー", "2026-11-22から期限超過", "軽微な不適合"] { #expect(japanese.contains(part), "\(part) in \(japanese)") }
        // On another day another thing is late.
        #expect(matters(try await section(bench, "inputC1", "--at 2026-11-22")) == ["findingOpen"])
        #expect(matters(try await section(bench, "inputC1")) == ["findingLate"])
        #expect(await bench.expect("review --at 2026-12-10").output.contains("buntan --store") == false)
        #expect(try await bench.expect("log --json").list.count == before)
        #expect(await bench.expect("review --at 2026-13-01 --json", exit: .usage).exit == .usage)
    }

    @Test("start begins the record with all inputs, the services of the scope and the sources; again, it fills what is empty alone")
    func starts() async throws {
        let (bench, _) = try await bench()
        let made = try await bench.expect("review start --json").item
        #expect(made["filled"] as? Int == 9 && made["kept"] as? Int == 0 && (made["sources"] as? Int ?? 0) >= 3)
        let review = try #require((made["review"] as? [String: Any])?["short"] as? String)
        // MR-1 asks for all inputs, MR-4 for the services, AUD-5 for the audit's results.
        let rules = try await bench.expect("check --group MR --json", exit: .found).list.compactMap { $0["rule"] as? String }
        #expect(!rules.contains("MR-1") && rules.contains("MR-2"), "\(rules)")
        let again = try await bench.expect("review start --json").item
        #expect(again["change"] is NSNull && again["filled"] as? Int == 0 && again["kept"] as? Int == 9)
        #expect(await bench.expect("review start --lang ja").output.contains("記入済み"))
        await bench.expect("edit management-review \(review) --set inputD/en=Nobody_complained. --set inputB/en= --set inputB/ja=")
        let filled = try await bench.expect("review start --json").item
        #expect(filled["filled"] as? Int == 1 && filled["kept"] as? Int == 8)
        let shown = await bench.expect("show \(review)").output
        #expect(shown.contains("sourceRecordIds") && shown.firstMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-/) == nil, "\(shown)")
        #expect(shown.contains("Nobody complained.") && shown.contains("The scope statement was approved"), "\(shown)")
        #expect(try await bench.expect("list management-review --json").list.count == 1)
        // A review of another day is another record, and takes the interval along.
        await bench.expect("edit management-review \(review) --set plannedInterval=1y")
        let next = try await bench.expect("review start --at 2026-12-10 --json").item
        #expect((next["review"] as? [String: Any])?["short"] as? String != review && next["heldOn"] as? String == "2026-12-10")
        let held = try await bench.expect("list management-review --json").list
        #expect(held.count == 2)
        let other = try #require((next["review"] as? [String: Any])?["short"] as? String)
        #expect(await bench.expect("show \(other)").output.contains("plannedInterval"))
        #expect(await bench.expect("review --at 2026-12-10").output.contains("buntan edit management-review \(other)"))
    }

    @Test("Whoever writes one language of an input that was compiled is told that the other stands as it was")
    func oneLanguage() async throws {
        let (bench, _) = try await bench()
        let made = try await bench.expect("review start --json").item
        let review = try #require((made["review"] as? [String: Any])?["short"] as? String)
        let english = await bench.expect("edit management-review \(review) --set inputD/en=Nobody_complained.").output
        #expect(english.contains("inputD/ja stands as it was") && !english.contains("inputB"), "\(english)")
        let japanese = await bench.expect("edit management-review \(review) --set inputD/ja=苦情なし。 --lang ja").output
        #expect(japanese.contains("inputD/enは元のままです"), "\(japanese)")
        let both = await bench.expect("edit management-review \(review) --set inputD/en=None. --set inputD/ja=なし。").output
        #expect(!both.contains("stands as it was"), "\(both)")
        // Nothing stands beside what has one language alone.
        await bench.expect("edit management-review \(review) --set inputE/en= --set inputE/ja=")
        let first = await bench.expect("edit management-review \(review) --set inputE/en=Later.").output
        #expect(!first.contains("stands as it was"), "\(first)")
    }

    @Test("What a review decided waits in todo with its day and owner, late before others, until it is done")
    func decisions() async throws {
        let (bench, finding) = try await bench()
        let made = try await bench.expect("review start --at 2026-11-20 --json").item
        let review = try #require((made["review"] as? [String: Any])?["short"] as? String)
        await bench.expect(
            "edit management-review \(review) --set outputImprovements+={decision:_{en:_Test_restores.},_ownerName:_Mori,_dueOn:_2026-12-31}"
        )
        await bench.expect(
            "edit management-review \(review) --set outputChanges+={ismsChange:_{en:_New_procedure.},_needed:_yes,_ownerName:_Sato,_dueOn:_2026-11-21}"
        )
        await bench.expect("edit management-review \(review) --set outputChanges+={ismsChange:_{en:_No_other.},_needed:_no}")
        let waiting = try await actions(bench)
        #expect(
            waiting.compactMap { ($0["about"] as? [String: String])?["en"] } == ["New procedure.", "Untested restores.", "Test restores."])
        #expect(waiting.compactMap { $0["late"] as? Bool } == [true, true, false])
        #expect(waiting.compactMap { $0["due"] as? String } == ["2026-11-21", "2026-11-22", "2026-12-31"])
        #expect(waiting.first?["owner"] as? String == "Sato" && finding.count > 0)
        #expect(try await actions(bench, "--at 2027-01-01").allSatisfy { $0["late"] as? Bool == true })
        let told = await bench.expect("todo").output
        #expect(told.contains("2 late") && told.contains("late: what a review decided") && told.contains("2026-12-31"), "\(told)")
        #expect(await bench.expect("todo --lang ja").output.contains("期限超過2件"))

        // The command that is printed closes it.
        let next = try #require(waiting.first?["next"] as? String)
        #expect(next.hasPrefix("buntan review done "))
        let done = try await bench.expect(next.dropFirst("buntan ".count) + " --on 2026-11-22 --json").item
        #expect(done["doneOn"] as? String == "2026-11-22" && (done["name"] as? [String: String])?["en"] == "New procedure.")
        #expect(try await actions(bench).count == 2)
        // On the day before there was no store yet: what was to do then is asked of the records of then.
        #expect(try await bench.expect("todo --at 2026-11-21 --json", exit: .usage).code == "nothing-then")
        let twice = try await bench.expect(next.dropFirst("buntan ".count) + " --json").item
        #expect(twice["change"] is NSNull && twice["doneOn"] as? String == "2026-11-22")
        #expect(await bench.expect(next.dropFirst("buntan ".count) + " --lang ja").output.contains("完了済み"))
        // The next review hears of it.
        #expect(Set(matters(try await section(bench, "inputA"))) == ["actionDone", "actionOpen"])
        await bench.expect("undo")
        #expect(try await actions(bench).count == 3)
    }

    @Test("A finding waits for its correction, then for the check of its effect, each with the command that closes it")
    func findings() async throws {
        let (bench, _) = try await bench()
        for (matter, field) in [("correction", "closedOn"), ("effectiveness", "effectivenessCheckedOn")] {
            let waiting = try await actions(bench)
            #expect(waiting.compactMap { $0["matter"] as? String } == [matter])
            let next = try #require(waiting.first?["next"] as? String)
            #expect(next.hasSuffix(" --set \(field)=2026-11-23"), "\(next)")
            await bench.expect(String(next.dropFirst("buntan ".count)))
        }
        #expect(try await actions(bench).isEmpty)
        #expect(matters(try await section(bench, "inputC1")) == ["findingClosed"])
    }

    @Test("The next review and audit wait from 30 days before their interval ends, and are late the day after")
    func nextOnes() async throws {
        let (bench, _) = try await bench()
        let review = try #require(try await bench.expect("review start --json").item["review"] as? [String: Any])
        func planned(_ day: String) async throws -> [String] {
            try await bench.expect("todo --at \(day) --json").list.filter {
                $0["matter"] as? String == "review" || $0["matter"] as? String == "audit"
            }.map { "\($0["matter"] ?? "-") \($0["due"] ?? "-") \($0["late"] as? Bool == true) \($0["next"] ?? "-")" }
        }
        // Without an interval nobody knows.
        #expect(try await planned("2030-01-01").isEmpty)
        await bench.expect("edit management-review \(review["short"] ?? "-") --set plannedInterval=365d")
        #expect(try await planned("2027-10-23").isEmpty)
        #expect(try await planned("2027-10-24") == ["review 2027-11-23 false buntan review start"])
        #expect(try await planned("2027-11-24") == ["review 2027-11-23 true buntan review start"])
        let told = await bench.expect("todo --at 2027-11-24").output
        #expect(told.contains("late: hold the next management review"), "\(told)")
        #expect(await bench.expect("todo --at 2027-11-24 --lang ja").output.contains("次のマネジメントレビューを行う"))
        let audit = try #require(try await bench.expect("list internal-audit --json").list.first?["short"] as? String)
        await bench.expect("edit internal-audit \(audit) --set plannedInterval=6mo")
        #expect(try await planned("2027-05-01").first?.hasSuffix("buntan edit internal-audit") == true)
    }

    @Test("What is not a decision, and a day to come, are refused and change nothing")
    func refusals() async throws {
        let (bench, finding) = try await bench()
        await bench.expect("review start")
        let before = try await bench.expect("log --json").list.count
        for (line, code) in [
            ("review done zzzz", "unknown-id"), ("review done \(finding)", "unknown-id"), ("review done x", "unknown-id"),
            ("review done zzzz --on 2026-11-24", "date-order"), ("review done zzzz --on soon", "invalid-date"),
        ] {
            #expect(try await bench.expect(line + " --json", exit: .usage).code == code, "\(line)")
        }
        #expect(try await bench.expect("log --json").list.count == before)
    }

    @Test("It hears of each party, and says so in a way that the rules accept as both sides' feedback; nothing of it leaves")
    func parties() async throws {
        let engaged = try await EngagedBench()
        let bench = engaged.bench
        for (store, other) in [("provider", "customerStands"), ("customer", "providerStands")] {
            let list = try await bench.expect("review --json", store: store).list
            let feedback = try #require(list.first { $0["input"] as? String == "inputD" }?["lines"] as? [[String: Any]])
            #expect(matters(feedback) == [other, "agreementMissing"], "\(feedback)")
        }
        await bench.expect("edit risk --set title/en=secretrisk --set level=6 --set acceptanceLevel=4", store: "provider")
        await bench.expect("review start", store: "provider")
        let rules = try await bench.expect("check --group MR-5 --json", store: "provider").list
        #expect(rules.isEmpty, "\(rules)")
        let seen = await bench.expect("preview --as counterpart --json", store: "provider").output
        #expect(!seen.contains("secretrisk") && !seen.contains("management-review"))
    }
}
