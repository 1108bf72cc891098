import Foundation
import Testing

@testable import ClientCLI

/// What risks give somebody to do: plans that are not carried out, and assessments that are due again.
@Suite("Treatments and reassessments wait in todo")
struct RiskTodoTests {
    private func bench() async throws -> CommandBench {
        let bench = try CommandBench()
        await bench.expect("init --org Example_Cloud --no-input")
        return bench
    }

    private func made(_ bench: CommandBench, _ line: String) async throws -> (id: String, short: String) {
        let id = try #require(try await bench.expect("edit \(line) --json").item["id"] as? String)
        let kind = String(line.prefix { $0 != " " })
        let listed = try await bench.expect("list \(kind) --json").list.first { $0["id"] as? String == id }
        return (id, try #require(listed?["short"] as? String))
    }

    private func waiting(_ bench: CommandBench, _ options: String = "") async throws -> [[String: Any]] {
        try await bench.expect("todo \(options) --json").list.filter {
            ["treatment", "reassessment"].contains($0["matter"] as? String ?? "")
        }
    }

    @Test("A treatment waits with its owner and day, what is late first, until it is done by the command that is printed")
    func treatments() async throws {
        let bench = try await bench()
        let risk = try await made(bench, "risk --set title/en=Backup_lost --set title/ja=バックアップの喪失").id
        let late = "--set planText/en=Copy_elsewhere. --set ownerName=Mori --set dueOn=2026-11-22 --set progress=in-progress"
        let later = "--set planText/en=Ask_them. --set planText/ja=照会する。 --set dueOn=2026-12-31"
        for plan in [later, late, "--set planText/en=Long_done. --set dueOn=2026-01-31 --set progress=done"] {
            _ = try await made(bench, "risk-treatment --set riskId=\(risk) --set option=modify \(plan)")
        }
        let open = try await waiting(bench)
        #expect(open.compactMap { $0["due"] as? String } == ["2026-11-22", "2026-12-31"])
        #expect(open.compactMap { $0["late"] as? Bool } == [true, false])
        #expect(open.first?["owner"] as? String == "Mori" && open.last?["owner"] is NSNull)
        let told = await bench.expect("todo").output
        #expect(told.contains("late: do what is planned against a risk: ") && told.contains("(Mori)"), "\(told)")
        #expect(told.contains("1 late") && told.contains("2026-12-31") && !told.contains("(-)"), "\(told)")
        let japanese = await bench.expect("todo --lang ja").output
        #expect(japanese.contains("期限超過: 計画したリスク対応を実施する: ") && japanese.contains("（Mori）"), "\(japanese)")
        // On the day itself it is not late yet.
        #expect(try await waiting(bench, "--at 2026-12-31").compactMap { $0["late"] as? Bool } == [true, false])
        #expect(try await waiting(bench, "--at 2027-01-01").compactMap { $0["late"] as? Bool } == [true, true])
        let next = try #require(open.first?["next"] as? String)
        #expect(next.hasPrefix("buntan edit risk-treatment ") && next.hasSuffix(" --set progress=done"))
        await bench.expect(String(next.dropFirst("buntan ".count)))
        #expect(try await waiting(bench).compactMap { $0["due"] as? String } == ["2026-12-31"])
        // What a risk asked for that is gone, nobody has to do.
        await bench.expect("delete \(risk) -m merged --yes")
        #expect(try await waiting(bench).isEmpty)
    }

    @Test("A risk is assessed again from 30 days before its day, by its owner, and is late the day after")
    func reassessments() async throws {
        let bench = try await bench()
        let risk = try await made(bench, "risk --set title/en=Backup_lost --set ownerName=CIO --set reassessDue=2027-01-31")
        // A risk without a day is a finding of check, and nothing to do on any day.
        _ = try await made(bench, "risk --set title/en=Undated")
        #expect(try await waiting(bench, "--at 2026-12-31").isEmpty)
        for (day, isLate) in [("2027-01-01", false), ("2027-01-31", false), ("2027-02-01", true)] {
            let due = try await waiting(bench, "--at \(day)")
            #expect(due.map { $0["late"] as? Bool } == [isLate], "\(day)")
            #expect(due.first?["owner"] as? String == "CIO" && due.first?["due"] as? String == "2027-01-31")
            #expect((due.first?["about"] as? [String: String])?["en"] == "Backup lost")
        }
        let told = await bench.expect("todo --at 2027-02-01").output
        #expect(
            told.contains("late: assess this risk again: Backup lost (CIO)") && told.contains("buntan edit risk \(risk.short)"), "\(told)")
        let japanese = await bench.expect("todo --at 2027-02-01 --lang ja").output
        #expect(japanese.contains("期限超過: リスクを再評価する: Backup lost（CIO）"), "\(japanese)")
        await bench.expect("edit risk \(risk.short) --set reassessDue=2028-01-31")
        #expect(try await waiting(bench, "--at 2027-02-01").isEmpty)
    }
}
