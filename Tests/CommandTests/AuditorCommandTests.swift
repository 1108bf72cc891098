import BuntanProtocol
import ChangeLog
import Foundation
import Storage
import StorageSQLite
import Syncing
import Testing

@testable import ClientCLI

@Suite("Auditors by command")
struct AuditorCommandTests {
    /// An engagement whose two sides have signed, and an auditor at its server; returns the auditor's fingerprint.
    private static func stage(_ bench: CommandBench, _ server: LoopbackServer, signed: Bool = true) async throws -> String {
        try await bench.engagement(at: server)
        if signed {
            await bench.expect("accept --where state=open --yes", store: "customer")
            await bench.expect("comment A-1 Who?", store: "customer")
            await bench.expect("sync", store: "customer")
            await bench.expect("sync", store: "provider")
            for (store, name) in [("provider", "kaisha"), ("customer", "example-cloud")] {
                await bench.expect("confirm \(name) --yes", store: store)
                await bench.expect("config signatory.name Hanako", store: store)
                await bench.expect("config signatory.title Manager", store: store)
                let shown = await bench.expect("agree --print --json", store: store)
                let digest = try #require(try shown.item["digest"] as? String)
                let counterpart = store == "provider" ? "Kaisha" : "Example_Cloud"
                await bench.expect("agree --incomplete --confirm \(counterpart) --document \(digest)", store: store)
                await bench.expect("sync", store: store)
                await bench.expect("sync", store: store == "provider" ? "customer" : "provider")
            }
        }
        await bench.expect("init --org Kensa_Audit --server \(server.address)", store: "auditor")
        await bench.expect("sync", store: "auditor")
        return try #require(try await bench.expect("org --json", store: "auditor").item["fingerprint"] as? String)
    }

    @Test("An auditor goes by the name that was given it, and words that hold no longer are listed with when they held")
    func namesAndPast() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            let auditor = try await Self.stage(bench, server, signed: false)
            let added = await bench.expect(
                "auditor add \(auditor) --until 2027-01-31 --name Kensa,_Ms_Mori --yes --json", store: "provider")
            #expect(try added.item["name"] as? String == "Kensa, Ms Mori")
            await bench.expect("auditor add \(auditor) --until 2027-02-28 --yes", store: "provider")
            let listed = await bench.expect("auditors", store: "provider").output
            #expect(listed.contains(auditor) && listed.contains("Kensa, Ms Mori"), "\(listed)")
            await bench.expect("sync", store: "customer")
            let theirs = try await bench.expect("auditors --json", store: "customer").list
            #expect(theirs.count == 1 && theirs[0]["name"] is NSNull, "what one calls it is one's own")

            let ended = await bench.run(["auditor", "end", "kensa, ms mori", "--yes"], store: "provider")
            #expect(ended.exit == .done, "\(ended.errors)")
            #expect(try await bench.expect("auditors --json", store: "provider").list.isEmpty)
            await bench.expect("sync", store: "customer")
            for store in ["provider", "customer"] {
                let all = try await bench.expect("auditors --all --json", store: store).list
                #expect(all.map { $0["state"] as? String } == ["ended", "ended"])
                let grants = all.compactMap { ($0["grants"] as? [[String: Any]])?.first }
                #expect(grants.allSatisfy { $0["side"] as? String == "provider" && $0["given"] is String && $0["ended"] is String })
                #expect(grants.compactMap { ($0["until"] as? String)?.prefix(7) } == ["2027-01", "2027-02"], "\(grants)")
            }
            let told = await bench.expect("auditors --all", store: "provider").output
            #expect(told.contains("held from 2026-") && told.contains("Kensa, Ms Mori"), "\(told)")
        }
    }

    @Test("An auditor that is let in syncs, looks at everything and verifies; both parties see it, and it sees that it ends")
    func journey() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            let auditor = try await Self.stage(bench, server)
            #expect(await bench.expect("auditors", store: "provider").output.contains("No auditor"))
            let added = await bench.expect("auditor add \(auditor) --until 2027-01-31 --yes", store: "provider")
            #expect(
                added.output.contains(auditor) && added.output.contains("2027-01-31") && added.output.contains("Next:"), "\(added.output)")
            let heard = await bench.expect("sync --json", store: "customer")
            let events = try #require(try heard.item["events"] as? [[String: Any]])
            #expect(events.map { $0["event"] as? String } == ["auditor"] && events[0]["auditor"] as? String == auditor)
            #expect(events[0]["side"] as? String == "provider" && events[0]["needsOwn"] as? Bool == false)
            for store in ["provider", "customer"] {
                let listed = try await bench.expect("auditors --json", store: store).list
                #expect(listed.count == 1 && listed[0]["fingerprint"] as? String == auditor && listed[0]["state"] as? String == "reads")
                #expect(listed[0]["isSelf"] as? Bool == false && listed[0]["missing"] is NSNull)
            }

            let came = await bench.expect("sync", store: "auditor").output
            #expect(came.contains("as an auditor until 2027-01-31"), "\(came)")
            let status = await bench.expect("status", store: "auditor").output
            #expect(status.contains("Example Cloud with Kaisha") && status.contains("as an auditor until 2027-01-31"), "\(status)")
            #expect(!status.contains(" you ") && status.contains("Next: buntan agreements"), "\(status)")
            let context = try await bench.expect("status --json", store: "auditor").json["context"] as? [String: Any]
            #expect(context?["side"] as? String == "auditor")
            let japanese = await bench.expect("status --lang ja", store: "auditor").output
            #expect(japanese.contains("監査人として2027-01-31まで") && !japanese.contains("こちら"), "\(japanese)")
            let engagements = try await bench.expect("engagements --json", store: "auditor").list
            #expect(engagements.map { $0["side"] as? String } == ["auditor"])
            #expect((engagements[0]["audit"] as? [String: Any])?["isFollowed"] as? Bool == true)
            #expect(await bench.expect("matrix", store: "auditor").output.contains("A-3"))
            #expect(await bench.expect("show A-1", store: "auditor").output.contains("Who?"))
            #expect(await bench.expect("log A-1", store: "auditor").output.contains("Example Cloud"))
            #expect(await bench.expect("disputes", store: "auditor").output.contains("Example Cloud and Kaisha differ on no row"))
            #expect(await bench.expect("todo --all", store: "auditor").output.contains("Nothing"))
            #expect(await bench.expect("conflicts", store: "auditor").exit == .done)
            #expect(await bench.expect("releases", store: "auditor").output.contains("1"))
            let agreements = try await bench.expect("agreements --json", store: "auditor").list
            #expect(agreements.map { $0["status"] as? String } == ["in-force"])
            let short = try #require(agreements.first?["short"] as? String)
            #expect(await bench.expect("show \(short)", store: "auditor").exit == .done)
            #expect(await bench.expect("diff \(short)", store: "auditor").exit == .done)
            let verified = await bench.expect("verify \(short) --json", store: "auditor")
            #expect(try verified.item["verified"] as? Bool == true && verified.item["trusted"] as? Bool == false)
            let prints = try await ["provider", "customer"].asyncMap {
                try #require(try await bench.expect("org --json", store: $0).item["fingerprint"] as? String)
            }
            let compared = await bench.expect("verify \(short) --trust \(prints[0]) --trust \(prints[1]) --json", store: "auditor")
            #expect(try compared.item["trusted"] as? Bool == true)
            // What it exports is what a party exports that has the logs from the server, too, to the byte.
            await bench.expect("export evidence -o \(bench.path)/theirs.zip", store: "auditor")
            await bench.expect("export evidence -o \(bench.path)/ours.zip", store: "customer")
            #expect(
                FileManager.default.contents(atPath: bench.path + "/theirs.zip")
                    == FileManager.default.contents(atPath: bench.path + "/ours.zip"))
            await bench.expect("verify \(bench.path)/theirs.zip", store: "auditor")
            let exports = try await ["auditor", "provider"].asyncMap {
                await bench.expect("export json --audience counterpart -e kaisha", store: $0).output
            }
            #expect(exports[0] == exports[1])

            let ended = await bench.expect("auditor end \(auditor.prefix(9)) --yes", store: "provider")
            #expect(ended.output.contains("no longer"), "\(ended.output)")
            #expect(await bench.expect("sync", store: "customer").output.contains("no longer lets \(auditor)"))
            #expect(try await bench.expect("auditors --json", store: "customer").list.isEmpty)
            await bench.expect("comment A-2 Later", store: "customer")
            await bench.expect("sync", store: "customer")
            let over = await bench.expect("sync", store: "auditor")
            #expect(over.output.contains("cannot be followed any more"), "\(over.output)")
            #expect(await bench.expect("status", store: "auditor").output.contains("cannot follow it any more"))
            #expect(await bench.expect("engagements", store: "auditor").output.contains("no longer followed"))
            #expect(await bench.expect("matrix", store: "auditor").output.contains("A-3"))
            #expect(!(await bench.expect("show A-2", store: "auditor").output.contains("Later")))
            #expect(await bench.expect("verify \(short)", store: "auditor").exit == .done)
            #expect(await bench.expect("sync", store: "auditor").output.contains("Nothing new"))
        }
    }

    @Test("Time runs out by the server's clock without anybody's word")
    func expiry() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            let auditor = try await Self.stage(bench, server, signed: false)
            await bench.expect("auditor add \(auditor) --yes", store: "customer")
            await bench.expect("sync", store: "auditor")
            #expect(try await bench.expect("engagements --json", store: "auditor").list.count == 1)
            // Of a day to come it is told what stands then.
            func state(_ options: String) async throws -> String? {
                try await bench.expect("auditors --json\(options)", store: "customer").list.first?["state"] as? String
            }
            #expect(try await state("") == "reads")
            #expect(try await state(" --at 2036-01-01") == "ran-out")
            server.pass(days: 91)
            #expect(await bench.expect("services", store: "auditor").output.contains(" audited "))
            #expect(await bench.expect("services", store: "customer").output.contains(" subscribed "))
            let over = await bench.expect("sync --json", store: "auditor")
            let events = try #require(try over.item["events"] as? [[String: Any]])
            #expect(events.map { $0["event"] as? String } == ["reading-ended"])
        }
    }

    @Test("Every command that writes is refused to an auditor with 4 and its reason, and nothing comes of it")
    func writesNothing() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            let auditor = try await Self.stage(bench, server)
            await bench.expect("auditor add \(auditor) --yes", store: "provider")
            await bench.expect("sync", store: "auditor")
            let agreements = try await bench.expect("agreements --json", store: "auditor").list
            let short = try #require(agreements.first?["short"] as? String)
            let spaces = try server.store.read { reader in try reader.spaces().map { try reader.standing(of: $0)?.size } }
            for line in [
                "accept A-1", "propose A-1 --allocation shared", "propose A-1 --withdraw", "comment A-1 hello", "agree", "agree --print",
                "agreement end \(short) --on 2030-01-01 -m x", "engagement end kaisha -m x", "confirm kaisha",
                "edit responsibility-position A-1 --set allocation=shared", "edit comment --set text=x", "delete A-1 -m x",
                "auditor add \(auditor)", "auditor end \(auditor)",
            ] {
                let refused = await bench.expect("\(line) --yes --no-input --json", store: "auditor", exit: .refused)
                #expect(try refused.code == "auditor-reads", "\(line): \(refused.output)")
                #expect(refused.errors.contains("as an auditor"), "\(line): \(refused.errors)")
            }
            for line in ["publish 2 -m x", "invite Me", "service rename Mine", "service retire object-storage", "withdraw 1 -m x"] {
                let refused = await bench.expect("\(line) --yes --no-input --json", store: "auditor", exit: .refused)
                #expect(try refused.code == "not-provider", "\(line): \(refused.output)")
            }
            #expect(await bench.expect("undo", store: "auditor").output.contains("Nothing to undo"))
            #expect(try await bench.expect("outbox --json", store: "auditor").list.isEmpty)
            await bench.expect("sync", store: "auditor")
            #expect(try server.store.read { reader in try reader.spaces().map { try reader.standing(of: $0)?.size } } == spaces)
            // What is its own stays its own.
            await bench.expect("note A-1 seen", store: "auditor")
            await bench.expect("sync", store: "auditor")
            #expect(await bench.expect("show A-1", store: "auditor").output.contains("seen"))
            await bench.expect("sync", store: "provider")
            #expect(!(await bench.expect("show A-1", store: "provider").output.contains("seen")))
        }
    }

    @Test("Where both have to let an auditor in, the other side is asked, and either sees who is missing")
    func both() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            let auditor = try await Self.stage(bench, server, signed: false)
            let invited = await bench.expect("invite Ni --audit-by-both --json", store: "provider")
            await bench.expect("init --org Ni", store: "ni")
            await bench.expect("join \(try #require(try invited.item["code"] as? String))", store: "ni")
            await bench.expect("sync", store: "provider")
            let half = await bench.expect("auditor add \(auditor) -e ni --yes", store: "provider").output
            #expect(half.contains("once Ni has let it in as well"), "\(half)")
            #expect(try await bench.expect("auditors --json", store: "provider").list.map { $0["missing"] as? String } == ["customer"])
            await bench.expect("sync", store: "auditor")
            #expect(try await bench.expect("engagements --json", store: "auditor").list.isEmpty)
            #expect(await bench.expect("sync", store: "ni").output.contains("your word is needed too"))
            #expect(await bench.expect("auditors", store: "ni").output.contains("waits for the word of Ni"))
            await bench.expect("auditor add \(auditor) --until 2026-12-31 --yes", store: "ni")
            await bench.expect("sync", store: "auditor")
            #expect(await bench.expect("status", store: "auditor").output.contains("until 2026-12-31"))
            #expect(
                try await bench.expect("auditor end \(auditor) -e ni --yes --json", store: "provider").item["state"] as? String == "waits")
        }
    }

    @Test("What cannot be is told apart, and nothing is said in the log")
    func badInput() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            let auditor = try await Self.stage(bench, server, signed: false)
            let provider = try #require(try await bench.expect("org --json", store: "provider").item["fingerprint"] as? String)
            for (line, code, exit) in [
                ("auditor add nonsense", "invalid-value", CommandExit.usage),
                ("auditor add \(auditor) --until tomorrow", "invalid-date", .usage),
                ("auditor add \(auditor) --until 2020-01-01", "date-in-past", .usage),
                ("auditor add \(auditor) --until 2028-01-01", "date-too-late", .usage),
                ("auditor add \(provider)", "auditor-is-party", .refused), ("auditor end \(auditor)", "unknown-auditor", .usage),
                ("auditor end abc", "unknown-auditor", .usage),
            ] {
                let refused = await bench.expect("\(line) --yes --json", store: "provider", exit: exit)
                #expect(try refused.code == code, "\(line): \(refused.output)")
            }
            #expect(
                try await bench.expect("auditor add \(auditor) --no-input --json", store: "provider", exit: .usage).code == "answer-missing"
            )
            await bench.expect("auditor add \(auditor) --yes", store: "provider")
            await bench.expect("sync", store: "customer")
            let theirs = await bench.expect("auditor end \(auditor) --yes --json", store: "customer", exit: .refused)
            #expect(try theirs.code == "auditor-of-theirs")
        }
        // While the server cannot be reached nothing is said, here neither.
        let first = try #require(try await bench.expect("auditors --json", store: "provider").list.first?["fingerprint"] as? String)
        let unreached = await bench.expect("auditor end \(first) --yes --json", store: "provider", exit: .network)
        #expect(try !(unreached.code ?? "").isEmpty)
        #expect(try await bench.expect("auditors --json", store: "provider").list.count == 1)
    }
}

extension Sequence {
    fileprivate func asyncMap<T>(_ body: (Element) async throws -> T) async throws -> [T] {
        var results: [T] = []
        for element in self { results.append(try await body(element)) }
        return results
    }
}
