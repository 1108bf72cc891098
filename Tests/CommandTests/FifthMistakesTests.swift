import BuntanProtocol
import Foundation
import Records
import Replica
import Rules
import Storage
import StorageSQLite
import Testing
import Wording

@testable import ClientCLI

@Suite("What somebody stumbled over who told a year as a story")
struct FifthMistakesTests {
    typealias Agreements = AgreementCommandTests

    /// An id whose first letters are those of another.
    private static func alike(_ other: RecordID) -> RecordID {
        let wanted = String(ShortID.letters(of: other).prefix(ShortID.leastLetters))
        var low: UInt64 = 0
        while true {
            let id = RecordID(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0000 | low)
            if ShortID.letters(of: id).hasPrefix(wanted) { return id }
            low += 1
        }
    }

    @Test("An agreement goes by letters that no other record of the store begins with, wherever it is told of")
    func ambiguousAgreement() async throws {
        try await Agreements.withSigned(by: "customer") { bench, _ in
            let listed = try #require(try await bench.expect("agreements --json", store: "customer").list.first)
            let id = try #require((listed["id"] as? String).flatMap { RecordID(uuid: $0) })
            let open = try OpenStore.existing(bench.invocation(store: "customer"))
            let home = try #require(try open.store.read { try StoreDirectory($0).home($0) })
            _ = try open.writing().commit(
                [RecordDraft(record: Self.alike(id), kind: "risk", cells: [CellKey("title", "en"): .text("Alike")])], in: home)
            let status = try await bench.expect("status --json", store: "customer").item
            let engaged = await bench.expect("engagements", store: "customer").output
            let told = [
                try await bench.expect("agreements --json", store: "customer").list.first?["short"] as? String,
                (status["agreement"] as? [String: Any])?["short"] as? String,
                try await bench.expect("status --all --json", store: "customer").list.compactMap {
                    ($0["agreement"] as? [String: Any])?["short"] as? String
                }.first,
            ]
            for short in told {
                let short = try #require(short)
                #expect(short.count > ShortID.leastLetters, "\(told)")
                #expect(await bench.expect("show \(short)", store: "customer").output.contains("in force"))
                #expect(engaged.contains(short), "\(engaged)")
            }
        }
    }

    @Test("A report tells an agreement for today in the agreement's own zone, as agreements does; for another day that is named")
    func reportZone() async throws {
        try await Agreements.with { bench in
            // In Kiritimati the 24th has begun, in Honolulu the 23rd.
            for store in ["customer", "provider"] { await bench.expect("config timeZone Pacific/Kiritimati", store: store) }
            try await Agreements.signBoth(bench, "--valid 2026-11-24..")
            await bench.expect("config timeZone Pacific/Honolulu", store: "customer")
            #expect(await bench.expect("agreements", store: "customer").output.contains("in force since"))
            let page = await bench.expect("report", store: "customer").output
            #expect(page.contains("in force since") && !page.contains("valid from 2026-11-24"), "\(page)")
            #expect(await bench.expect("report --at 2026-11-23", store: "customer").output.contains("valid from 2026-11-24"))
        }
    }

    @Test("A statement of applicability that nobody has decided on yet has a word in each cell of a report")
    func undecided() async throws {
        let bench = try await CommandBench.drafting()
        await bench.expect("soa start --yes")
        let page = await bench.expect("report").output
        #expect(page.contains("<span class=\"faint\">–</span>") && !page.contains("\"></td>"))
        #expect(!page.contains("td:empty"))
    }

    @Test("A provider that checks an engagement hears that the draft differs, with the command that checks it; todo and status count it")
    func draft() async throws {
        let engaged = try await EngagedBench()
        let bench = engaged.bench
        #expect(!(await bench.expect("check --group BKP-13 -e kaisha", store: "provider").errors.contains("draft")))
        await bench.expect("edit cloud-service --set providesBackup=yes -s object-storage", store: "provider")
        await bench.expect("edit backup-specification --set rpo=1d -s object-storage", store: "provider")
        let told = await bench.expect("check --group BKP-13 -e kaisha", store: "provider").errors
        #expect(told.contains("release 2026.1") && told.contains("2 records of the draft differ from it"), "\(told)")
        #expect(told.contains("'buntan check -s object-storage --group BKP-13'"), "\(told)")
        #expect(
            await bench.expect("check --group BKP-13 -e kaisha --lang ja", store: "provider").errors.contains("下書きには異なる記録が2件"))
        #expect(!(await bench.expect("check --group BKP-13 -s object-storage", store: "provider", exit: .found).errors.contains("draft")))
        #expect(await bench.expect("check --group BKP-13", store: "customer").errors.isEmpty)

        let waiting = try await bench.expect("todo -s object-storage --json", store: "provider").list
        let publish = try #require(waiting.first { $0["matter"] as? String == "publish" }, "\(waiting)")
        #expect(publish["count"] as? Int == 2 && (publish["next"] as? String)?.hasPrefix("buntan publish LABEL") == true)
        let todo = await bench.expect("todo -s object-storage", store: "provider").output
        #expect(todo.contains("publish 2 changed records of the draft"), "\(todo)")
        #expect(await bench.expect("todo -s object-storage --lang ja", store: "provider").output.contains("2件の記録を公開する"))
        let status = await bench.expect("status -s object-storage", store: "provider").output
        #expect(status.contains("not as in the newest release") && status.contains("publish LABEL -m WHY"), "\(status)")
        #expect(try await bench.expect("status -s object-storage --json", store: "provider").item["drafted"] as? Int == 2)
        await bench.expect("edit responsibility au-4 --set allocation=shared -s object-storage", store: "provider")
        let both = await bench.expect("todo -s object-storage", store: "provider").output
        #expect(both.contains("publish 1 changed row and 2 other records of the draft"), "\(both)")

        let published = await bench.expect("publish 2 -m backups -s object-storage --yes", store: "provider")
        #expect(published.errors.contains("provides backup") || published.errors.contains("backup"), "\(published.errors)")
        #expect(!published.errors.contains("providesBackup") && !published.errors.contains("itemKey"), "\(published.errors)")
        #expect(
            try await bench.expect("todo -s object-storage --json", store: "provider").list.allSatisfy {
                $0["matter"] as? String != "publish"
            })
        #expect(try await bench.expect("status -s object-storage --json", store: "provider").item["drafted"] as? Int == 0)
    }

    @Test("check --limit counts whatever is listed, and --after goes on with what nobody can tell here")
    func limit() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage --template iso27017")
        let whole = try await bench.run("check", "--group", "BKP,MR", "--json").list
        let keys = whole.count
        #expect(keys > 2)
        let page = await bench.run("check", "--group", "BKP,MR", "--limit", "1")
        #expect(page.output.contains("1 of \(keys) lines shown"), "\(page.output)")
        #expect(page.output.components(separatedBy: "only the other side can tell").count <= 2, "\(page.output)")
        var got = 0
        var after: [String] = []
        while true {
            let part = try await bench.run(["check", "--group", "BKP,MR", "--limit", "2", "--json"] + after).json
            got += (part["items"] as? [Any])?.count ?? 0
            guard let more = part["more"] as? String else { break }
            after = ["--after", more]
        }
        #expect(got == keys)
    }

    @Test("What begins in a store with one service of its own is meant for that, whatever others it has joined")
    func ownService() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            await bench.expect("service add Mail", store: "customer")
            let table = try bench.file("mail.csv", "Framework,Control ID,Allocation\nf,M-1,provider\n")
            let made = await bench.expect("import \(table) --json", store: "customer")
            #expect(try await bench.expect("matrix -s mail --json", store: "customer").list.count == 1, "\(made.output)")
            // A second of its own, and it has to be said.
            await bench.expect("service add Chat", store: "customer")
            await bench.expect("import \(table)", store: "customer", exit: .usage)
        }
    }

    @Test("A sync tells of a release how many rows differ from the one before, and of the first none")
    func releases() async throws {
        try await Agreements.with { bench in
            let table = try bench.file("b.csv", "Framework,Control ID,Allocation,Customer action (en)\nf,A-1,shared,Keep two copies.\n")
            await bench.expect("import \(table) -s object", store: "provider")
            await bench.expect("publish 2 -m more -s object", store: "provider")
            await bench.expect("sync", store: "provider")
            let invited = try await bench.expect("invite Third --json -s object", store: "provider").item
            let code = try #require(invited["code"] as? String)
            await bench.expect("init --org Third", store: "third")
            let joined = await bench.expect("join \(code)", store: "third").output + bench.expect("sync", store: "third").output
            #expect(!joined.contains("3 changed"), "\(joined)")
            let known = await bench.expect("sync", store: "customer").output
            #expect(known.contains("published 2: 3 rows, 1 changed."), "\(known)")
            await bench.expect("publish 3 -m same -s object", store: "provider")
            await bench.expect("edit cloud-service --set providesBackup=yes -s object", store: "provider")
            await bench.expect("publish 3 -m same -s object", store: "provider")
            await bench.expect("sync", store: "provider")
            let events = try #require(try await bench.expect("sync --json", store: "customer").item["events"] as? [[String: Any]])
            let release = try #require(events.first { $0["event"] as? String == "release" })
            #expect(release["changed"] as? Int == 0 && release["others"] as? Int == 1, "\(release)")
            await bench.expect("edit cloud-service --set providesBackup=no -s object", store: "provider")
            await bench.expect("publish 4 -m same -s object", store: "provider")
            await bench.expect("sync", store: "provider")
            let beside = await bench.expect("sync", store: "customer").output
            #expect(beside.contains("published 4: 3 rows, 0 changed, and 1 other record."), "\(beside)")
        }
    }

    @Test("What each side says of a jurisdiction is signed with the jurisdictions")
    func conditions() async throws {
        try await Agreements.with { bench in
            await bench.expect("edit jurisdiction --set country=JP --set lawName/en=Privacy_Act -s object", store: "provider")
            await bench.expect("publish 2 -m laws -s object", store: "provider")
            await Agreements.settle(bench)
            let law = try #require(try await bench.expect("list jurisdiction --json", store: "customer").list.first?["short"] as? String)
            await bench.expect(
                "edit jurisdiction-position \(law) --set customerDecision=accepted-with-conditions --set decisionNote/en=Japan_only.",
                store: "customer")
            await Agreements.settle(bench)
            let printed = await bench.expect("agree --with jurisdictions --print", store: "customer").output
            #expect(printed.contains("accepted-with-conditions") && printed.contains("Japan only."), "\(printed)")
            #expect(!(await bench.expect("agree --print", store: "customer").output.contains("Japan only.")))
        }
    }

    @Test("Every field that a rule can name is called something in both languages")
    func labels() {
        for field in FactField.allCases {
            for language in Language.allCases {
                #expect(Labels.field(field.rawValue, of: nil, language) != nil, "\(field.rawValue) \(language)")
            }
        }
    }

    @Test("init that is to be quiet prints the recovery code alone")
    func quiet() async throws {
        let bench = try CommandBench()
        let made = await bench.expect("init --org Example -q")
        let lines = made.output.split(separator: "\n")
        #expect(lines.count == 1 && lines[0].contains("-") && !lines[0].contains("Example"), "\(made.output)")
    }
}
