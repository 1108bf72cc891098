import Foundation
import Testing

@testable import ClientCLI

@Suite("Whose turn it is about a gap, and how that is told")
struct GapTurnTests {
    /// A customer of Object Storage that requires an RPO of four hours, where a day is offered.
    private static func with(_ body: @escaping @Sendable (CommandBench) async throws -> Void) async throws {
        try await AgreementCommandTests.with { bench in
            await bench.expect("edit backup-specification -s object-storage --set rpo=1d", store: "provider")
            await publish(bench, "2")
            await bench.expect("edit backup-requirement --set maxRpo=4h", store: "customer")
            try await body(bench)
        }
    }

    private static func publish(_ bench: CommandBench, _ label: String) async {
        await bench.expect("publish \(label) -m backups -s object-storage --yes", store: "provider")
        await bench.expect("sync", store: "provider")
        await bench.expect("sync", store: "customer")
    }

    /// The provider publishes another RPO, and the customer's sync is told.
    private static func offer(_ bench: CommandBench, _ rpo: String, _ label: String) async throws -> [[String: Any]] {
        let id = try #require(
            try await bench.expect("list backup-specification -s object-storage --json", store: "provider").list.first?["id"] as? String)
        await bench.expect("edit backup-specification \(id) -s object-storage --set rpo=\(rpo)", store: "provider")
        await bench.expect("publish \(label) -m backups -s object-storage --yes", store: "provider")
        await bench.expect("sync", store: "provider")
        let item = try await bench.expect("sync --json", store: "customer").item
        return try #require(item["events"] as? [[String: Any]])
    }

    private static func gap(_ bench: CommandBench) async throws -> [String: Any] {
        try #require(try await bench.expect("gaps --json", store: "customer").list.first { $0["field"] as? String == "rpo" })
    }

    private static func todo(_ bench: CommandBench, _ matter: String) async throws -> [String: Any]? {
        try await bench.expect("todo --json", store: "customer").list.first { $0["matter"] as? String == matter }
    }

    @Test("A gap that no risk names is to be done; one that a release opens again is told by the sync and is to be done")
    func told() async throws {
        try await Self.with { bench in
            let new = try #require(try await Self.todo(bench, "assess-gaps"))
            // One requirement has several gaps; rows without an answer are told as that.
            let count = try #require(new["count"] as? Int)
            #expect(try await count == bench.expect("gaps --json", store: "customer").list.count { $0["result"] as? String == "gap" })
            #expect(new["next"] as? String == "buntan gaps" && !(new["since"] is NSNull), "\(new)")
            #expect(await bench.expect("todo", store: "customer").output.contains("assess \(count) gaps that no risk names yet"))
            #expect(await bench.expect("todo --lang ja", store: "customer").output.contains("ギャップ\(count)件を評価する"))
            #expect(
                try await bench.expect("todo --json -e kaisha", store: "provider").list.allSatisfy {
                    $0["matter"] as? String != "assess-gaps"
                })

            let name = try #require(try await Self.gap(bench)["name"] as? String)
            await bench.expect("edit supplementary-measure --gap \(name) --set inPlaceFrom=2026-01-01", store: "customer")
            #expect(try await Self.gap(bench)["stage"] as? String == "treated")
            #expect(try await Self.todo(bench, "assess-gaps")?["count"] as? Int == count - 1)
            #expect(try await Self.todo(bench, "reassess-gaps") == nil)
            #expect(try await Self.todo(bench, "follow-gaps") == nil)
            // One that was begun is not lost sight of.
            let begun = try #require(
                try await bench.expect("gaps --json", store: "customer").list.first { $0["stage"] as? String == "none" }?["name"] as? String
            )
            await bench.expect("edit risk --gap \(begun)", store: "customer")
            let following = try #require(try await Self.todo(bench, "follow-gaps"))
            #expect(following["count"] as? Int == 1 && following["next"] as? String == "buntan gaps", "\(following)")
            #expect(await bench.expect("todo", store: "customer").output.contains("follow 1 gap through: its risk waits to be"))
            #expect(try await Self.todo(bench, "assess-gaps")?["count"] as? Int == count - 2)

            // What is offered otherwise of something else opens nothing.
            await bench.expect("edit responsibility A-1 -s object-storage --set providerStatement/en=Other", store: "provider")
            let other = try await Self.offer(bench, "1d", "3")
            #expect(other.allSatisfy { $0["event"] as? String != "gaps-reopened" }, "\(other)")

            let worse = try await Self.offer(bench, "2d", "4")
            let event = try #require(worse.first { $0["event"] as? String == "gaps-reopened" }, "\(worse)")
            let gap = try await Self.gap(bench)
            #expect(
                event["gaps"] as? [String] == [try #require(gap["key"] as? String)]
                    && event["next"] as? String == "buntan gaps -e example-cloud/object-storage", "\(event)")
            #expect(gap["reopened"] as? Bool == true && gap["stage"] as? String == "none", "\(gap)")
            let again = try #require(try await Self.todo(bench, "reassess-gaps"))
            #expect(again["count"] as? Int == 1 && !(again["since"] is NSNull), "\(again)")
            #expect(await bench.expect("todo", store: "customer").output.contains("assess 1 gap anew: it is open again"))
            #expect(await bench.expect("todo --lang ja", store: "customer").output.contains("再開したギャップ1件を改めて評価する"))
            // Told once: a sync without news says nothing of it.
            let quiet = try #require(try await bench.expect("sync --json", store: "customer").item["events"] as? [[String: Any]])
            #expect(quiet.isEmpty, "\(quiet)")

            // Whoever looks at the measure again and finds it enough says so, as it is printed.
            let way = try #require((gap["otherwise"] as? [String])?.first { $0.contains("supplementary-measure") })
            await bench.expect(String(way.dropFirst("buntan ".count)), store: "customer")
            let closed = try await Self.gap(bench)
            #expect(closed["stage"] as? String == "treated" && closed["reopened"] as? Bool == false, "\(closed)")
            #expect(try await Self.todo(bench, "reassess-gaps") == nil)
        }
    }

    @Test("A sync says in either language that a gap is open again")
    func words() async throws {
        try await Self.with { bench in
            let name = try #require(try await Self.gap(bench)["name"] as? String)
            await bench.expect("edit supplementary-measure --gap \(name) --set inPlaceFrom=2026-01-01", store: "customer")
            let id = try #require(
                try await bench.expect("list backup-specification -s object-storage --json", store: "provider").list.first?["id"]
                    as? String)
            for (rpo, label, words, said) in [
                ("2d", "3", "sync", "1 gap opened again in example-cloud/object-storage: buntan gaps -e example-cloud/object-storage"),
                ("3d", "4", "sync --lang ja", "「example-cloud/object-storage」でギャップ1件が再開しました: buntan gaps -e example-cloud/object-storage"),
            ] {
                await bench.expect("edit backup-specification \(id) -s object-storage --set rpo=\(rpo)", store: "provider")
                await bench.expect("publish \(label) -m backups -s object-storage --yes", store: "provider")
                await bench.expect("sync", store: "provider")
                let told = await bench.expect(words, store: "customer")
                #expect(told.output.contains(said), "\(told.output)")
                await bench.expect("edit supplementary-measure \(try await Self.measure(bench)) --gap \(name)", store: "customer")
            }
        }
    }

    @Test("A treatment or an acceptance of another risk is not written of a gap that this risk does not name")
    func another() async throws {
        try await Self.with { bench in
            let name = try #require(try await Self.gap(bench)["name"] as? String)
            await bench.expect("edit risk --gap \(name)", store: "customer")
            let other = try #require(
                try await bench.expect("edit risk --set title/en=Other --json", store: "customer").item["id"] as? String)
            for (kind, more) in [("risk-acceptance", ""), ("risk-treatment", " --set option=modify")] {
                let made = try await bench.expect("edit \(kind) --set riskId=\(other)\(more) --json", store: "customer").item
                let held = try #require(made["id"] as? String)
                let refused = await bench.expect("edit \(kind) \(held) --gap \(name) --json", store: "customer", exit: .usage)
                #expect(try refused.code == "other-risk" && refused.json["next"] as? String == "buntan edit \(kind) --gap \(name)")
                let shown = await bench.expect("edit \(kind) \(held) --gap \(name) --lang ja", store: "customer", exit: .usage)
                #expect(shown.errors.contains("このギャップを挙げていません"), "\(shown.errors)")
            }
            let acceptance = try await bench.expect("list risk-acceptance --json", store: "customer").list
            #expect(acceptance.count == 1 && acceptance.first?["approvedOn"] == nil, "\(acceptance)")
            // Of one that names it, too, it is.
            await bench.expect("edit risk \(other) --gap \(name)", store: "customer")
            let held = try #require(acceptance.first?["id"] as? String)
            await bench.expect("edit risk-acceptance \(held) --gap \(name) --set planApproved=yes", store: "customer")
        }
    }

    @Test("Where the provider stops making backups, what was done about its offer is open again under the one gap that is left")
    func noBackup() async throws {
        try await Self.with { bench in
            let name = try #require(try await Self.gap(bench)["name"] as? String)
            let level = "--set ownerName=CIO --set consequence=3 --set likelihood=2 --set level=6 --set acceptanceLevel=6"
            await bench.expect("edit risk --gap \(name) \(level)", store: "customer")
            await bench.expect("edit risk-acceptance --gap \(name) --set planApproved=yes", store: "customer")
            #expect(try await Self.gap(bench)["stage"] as? String == "approved")
            let risk = try #require(try await bench.expect("list risk --json", store: "customer").list.first?["short"] as? String)
            let offered = try await bench.expect("list backup-specification -s object-storage --json", store: "provider").list
            await bench.expect("delete \(try #require(offered.first?["id"] as? String)) -m none --yes", store: "provider")
            await bench.expect("edit cloud-service -s object-storage --set providesBackup=no", store: "provider")
            await Self.publish(bench, "3")
            let left = try #require(
                try await bench.expect("gaps backup --json", store: "customer").list.first { $0["field"] as? String == "backup" })
            #expect(left["reopened"] as? Bool == true && left["stage"] as? String == "named", "\(left)")
            #expect((left["next"] as? String)?.contains(risk) == true, "\(left)")
            #expect(try await Self.todo(bench, "reassess-gaps") != nil)
        }
    }

    private static func measure(_ bench: CommandBench) async throws -> String {
        try #require(try await bench.expect("list supplementary-measure --json", store: "customer").list.first?["short"] as? String)
    }

    @Test("A risk writes down what was required and offered when it is assessed, in the form as well as by --set, and not before")
    func judged() async throws {
        try await Self.with { bench in
            let name = try #require(try await Self.gap(bench)["name"] as? String)
            let made = try await bench.expect("edit risk --gap \(name) --json", store: "customer").item
            let risk = try #require(made["id"] as? String)
            #expect(try await Self.judgements(bench, risk).isEmpty)
            // Whoever names its owner has assessed nothing.
            await bench.expect("edit risk \(risk) --set ownerName=CIO", store: "customer")
            #expect(try await Self.judgements(bench, risk).isEmpty)
            _ = try await Self.offer(bench, "2d", "3")
            let words = "consequence: 4\nlikelihood: 3\nlevel: 12\nacceptanceLevel: 6\nassessedOn: 2026-11-20\n"
            let form = await bench.run(
                list: ["edit", "risk", risk], store: "customer",
                editor: { form in
                    let typed = Set(words.split(separator: "\n").compactMap { $0.split(separator: ":").first })
                    return form.split(separator: "\n").filter { line in !typed.contains { line.hasPrefix($0 + ":") } }.joined(
                        separator: "\n")
                        + "\n" + words
                })
            #expect(form.exit == .done, "\(form.errors)")
            #expect(try await Self.judgements(bench, risk) == ["PT4H P2D"])
            let gap = try await Self.gap(bench)
            #expect(gap["stage"] as? String == "assessed" && gap["reopened"] as? Bool == false, "\(gap)")
            // Nobody has written a record of the gap: it is shown by what it is called, not by an id that nothing finds.
            let (id, title) = (try #require(gap["gap"] as? String), try #require(gap["title"] as? [String: String]))
            for (option, language) in [("", "en"), ("--lang ja", "ja")] {
                let page = await bench.expect("show \(risk) \(option)", store: "customer").output
                let shown = page.split(separator: language == "en" ? "History" : "履歴").first ?? ""
                #expect(shown.contains(try #require(title[language])) && !shown.contains(id.prefix(8)), "\(shown)")
            }
            _ = try await Self.offer(bench, "1h", "4")
            #expect(await bench.expect("show \(risk)", store: "customer").output.contains("a gap that there is no more"))
            _ = try await Self.offer(bench, "2d", "5")
            // Assessed anew without a change of what is offered, nothing is written twice.
            await bench.expect("edit risk \(risk) --set level=10", store: "customer")
            #expect(try await Self.judgements(bench, risk) == ["PT4H P2D"])
        }
    }

    /// What a risk was assessed for.
    private static func judgements(_ bench: CommandBench, _ risk: String) async throws -> [String] {
        let lists = try await bench.expect("show \(risk) --json", store: "customer").list.first?["lists"] as? [String: Any]
        return (lists?["assessedGaps"] as? [[String: Any]] ?? []).map { item in
            let values = item["fields"] as? [String: Any]
            return [values?["requiredValue"], values?["offeredValue"]].compactMap { $0 as? String }.joined(separator: " ")
        }
    }

    @Test("What was done about one service's gap is not done about another's, though one policy asks for both")
    func apart() async throws {
        try await Self.with { bench in
            await bench.expect("service add Mail", store: "provider")
            let table = try bench.file("mail.csv", "Framework,Control ID,Allocation\nf,A-1,provider\n")
            await bench.expect("import \(table) -s mail", store: "provider")
            await bench.expect("publish 1 -m first -s mail", store: "provider")
            await bench.expect("sync", store: "provider")
            let invited = try await bench.expect("invite Kaisha -s mail --json", store: "provider").item
            await bench.expect("join \(try #require(invited["code"] as? String))", store: "customer")
            await bench.expect("sync", store: "provider")
            await bench.expect("sync", store: "customer")
            let policy = await bench.run(
                "edit", "jurisdiction-policy", "-e", "mail", "--set", "requiredLaws+={text: {en: GDPR, ja: GDPR}}", store: "customer")
            #expect(policy.exit == .done, "\(policy.errors)")
            func law(_ service: String) async throws -> [String: Any] {
                let items = try await bench.expect("gaps juris -e \(service) --json", store: "customer").list
                return try #require(items.first { ($0["field"] as? String)?.hasPrefix("lawName") == true }, "\(items)")
            }
            let (one, other) = (try await law("mail"), try await law("object-storage"))
            #expect(one["key"] as? String == other["key"] as? String && one["gap"] as? String != other["gap"] as? String)
            let name = try #require(one["name"] as? String)
            await bench.expect("edit supplementary-measure --gap \(name) -e mail --set inPlaceFrom=2026-01-01", store: "customer")
            #expect(try await law("mail")["stage"] as? String == "treated")
            #expect(try await law("object-storage")["stage"] as? String == "none")
        }
    }

    @Test("The rules that ask what was done about gaps see those that are computed, until a measure for these values is in place")
    func checked() async throws {
        try await Self.with { bench in
            // One requirement has several gaps: this is about that of the RPO.
            func found(_ rule: String) async throws -> [[String: Any]] {
                try await bench.run("check", "--group", rule, "--json", store: "customer").list.filter { item in
                    let message = (item["message"] as? [String: String])?["en"] ?? ""
                    return item["result"] as? String != "unknown" && (message.contains("(RPO)") || rule == "BKP-5")
                }
            }
            let open = try await found("RISK-1")
            #expect(open.count == 1 && open[0]["next"] as? String == "buntan gaps" && open[0]["id"] is NSNull, "\(open)")
            let message = try #require(open.first?["message"] as? [String: String])
            let title = try #require(try await Self.gap(bench)["title"] as? [String: String])
            #expect(
                message["en"]?.contains(title["en"] ?? "-") == true && message["ja"]?.contains(title["ja"] ?? "-") == true, "\(message)")
            #expect(try await found("BKP-5").count == 1)
            #expect(try await found("BKP-17").isEmpty)
            try await AgreementCommandTests.signBoth(bench)
            #expect(try await found("BKP-17").count == 1)

            let name = try #require(try await Self.gap(bench)["name"] as? String)
            await bench.expect("edit supplementary-measure --gap \(name) --set inPlaceFrom=2026-01-01", store: "customer")
            for rule in ["RISK-1", "BKP-17"] { #expect(try await found(rule).isEmpty, "\(rule)") }
            _ = try await Self.offer(bench, "2d", "3")
            for rule in ["RISK-1", "BKP-17", "BKP-5"] { #expect(try await found(rule).count == 1, "\(rule)") }
            await bench.expect("edit risk --gap \(name)", store: "customer")
            for rule in ["RISK-1", "BKP-17"] { #expect(try await found(rule).isEmpty, "\(rule)") }
            // What only the customer keeps is unknown to its provider.
            let theirs = try await bench.run("check", "--group", "RISK-1", "-e", "kaisha", "--json", store: "provider").list
            #expect(theirs.allSatisfy { $0["result"] as? String == "unknown" }, "\(theirs)")
        }
    }

    @Test("A provider is shown what it owes; what waits for its customer is counted, and is no gap of its own")
    func awaited() async throws {
        let bench = try await EngagedBench().bench
        let items = try await bench.expect("gaps -e kaisha --json", store: "provider").list
        #expect(items.allSatisfy { $0["area"] as? String != "responsibilities" }, "\(items)")
        let page = await bench.expect("gaps -e kaisha", store: "provider").output
        #expect(page.contains("4 more wait for Kaisha K.K."), "\(page)")
        let japanese = await bench.expect("gaps -e kaisha --lang ja", store: "provider").output
        #expect(japanese.contains("ほかに4件は「Kaisha K.K.」の対応待ちです"), "\(japanese)")
        let customers = try await bench.expect("gaps --json", store: "customer").list
        #expect(customers.count { $0["area"] as? String == "responsibilities" } == 4)
    }
}
