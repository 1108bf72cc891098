import BuntanProtocol
import ChangeLog
import Foundation
import Merging
import Records
import Replica
import Storage
import StorageSQLite
import Syncing
import Testing
import Wording

@testable import ClientCLI

@Suite("What stood on a day that has passed")
struct PastDayTests {
    private static let day: Int64 = 86_400_000

    /// An engagement in which something stood on a first day, and much has changed since.
    private struct Lapse {
        let engaged: EngagedBench
        /// The first day, and a day long before anything began.
        let then: String
        let before = "2020-01-01"
        var bench: CommandBench { engaged.bench }

        private let first: Int64

        /// Up to the first day.
        init() async throws {
            engaged = try await EngagedBench()
            // What the commands make here is received by the machine's clock, whatever that says.
            first = max(EngagedBench.start, Int64(Date().timeIntervalSince1970 * 1_000)) + 10 * PastDayTests.day
            then = ZonedDays.day(of: Date(milliseconds: first), zone: "UTC").text
            engaged.clock.millis = first
            bench.show(Date(milliseconds: first))
            for store in ["customer", "provider"] { await bench.expect("config timeZone UTC", store: store) }
            await bench.expect("accept ac-2", store: "customer")
            await bench.expect("propose au-4 --allocation shared -m our_own_copy", store: "customer")
            await bench.expect("edit backup-requirement --set maxRpo=4h --set dataSetName/en=Orders", store: "customer")
            await bench.expect("note ca-8 ask_legal", store: "customer")
            try engaged.syncBoth()
        }

        /// And what came after.
        func goOn() async throws {
            engaged.clock.millis = first + 30 * PastDayTests.day
            bench.show(Date(milliseconds: first + 50 * PastDayTests.day))
            await bench.expect("accept au-4 ca-8", store: "customer")
            await bench.expect("edit backup-requirement --set maxRpo=8h --set dataSetName/en=Invoices", store: "customer")
            await bench.expect("comment ca-8 Later.", store: "customer")
            let short = try await bench.expect("list backup-requirement --json", store: "customer").list.first?["short"] as? String
            let (gone, more) = (try #require(short), try table())
            await bench.expect("delete \(gone) -m duplicate", store: "customer")
            await bench.expect("import \(more) --yes -s object-storage", store: "provider")
            await bench.expect("publish 2026.2 -m more -s object-storage", store: "provider")
            try engaged.syncBoth()
            // And this has been sent to nobody.
            await bench.expect("propose ac-2(5) --allocation provider -m unsent", store: "customer")
        }

        private func table() throws -> String {
            try bench.file(
                "more.csv",
                "Framework,Control ID,Allocation,Customer action (en)\nnist-800-53r4,AC-2,shared,Look.\nnist-800-53r4,SC-7,provider,\n")
        }
    }

    /// What a command prints, without what is of the moment at which it ran.
    private static func printed(_ bench: CommandBench, _ line: String, _ store: String) async throws -> NSDictionary {
        let outcome = await bench.run(line.split(separator: " ").map(String.init), store: store)
        var document = try outcome.json
        #expect(document["code"] == nil, "\(line): \(outcome.errors)")
        for name in ["at", "records", "asOf"] where !(document[name] is [Any]) { document[name] = nil }
        if var context = document["context"] as? [String: Any] {
            context["asOf"] = nil
            document["context"] = context
        }
        if var summary = document["summary"] as? [String: Any] {
            summary["notices"] = (summary["notices"] as? [String])?.filter { $0 != "then" }
            document["summary"] = summary
        }
        if var item = document["item"] as? [String: Any] {
            item["lastSync"] = nil
            document["item"] = item
        }
        return NSDictionary(dictionary: document)
    }

    private static let lines = [
        "report --json", "report --organisation --json", "report --json --audience counterpart", "status --json", "check --json",
        "show au-4 ac-2 ca-8 --json", "gaps --json", "engagements --json", "trace --json", "matrix --json", "disputes --json",
        "conflicts --json", "services --json", "releases --json", "list --json", "list backup-requirement --json", "find our --json",
        "log --json", "agreements --json", "todo --json", "devices --json", "auditors --json",
        "diff 2026.1 --json", "preview --as counterpart --json", "preview --as public --json", "org --json", "export json",
    ]

    @Test("With --at a command shows what it showed on that day, and nothing of what came later or was never sent")
    func same() async throws {
        let lapse = try await Lapse()
        let bench = lapse.bench
        var then: [NSDictionary] = []
        for store in ["customer", "provider"] { for line in Self.lines { then.append(try await Self.printed(bench, line, store)) } }
        try await lapse.goOn()
        for store in ["customer", "provider"] {
            for line in Self.lines {
                let shown = try await Self.printed(bench, "\(line) --at \(lapse.then)", store)
                #expect(shown == then.removeFirst(), "\(store): \(line)")
                // The control: there is something that it does not show.
                if ["report", "check", "matrix", "releases", "log", "diff", "export"].contains(where: line.hasPrefix) {
                    #expect(try await Self.printed(bench, line, store) != shown, "\(store): \(line)")
                }
            }
        }
        let page = await bench.expect("report --at \(lapse.then)", store: "customer").output
        #expect(page.contains("Orders") && !page.contains("Invoices") && !page.contains("Later.") && !page.contains("unsent"))
        #expect(page.contains("It shows what stood at the end of \(lapse.then)"))
        let table = await bench.expect("export csv --at \(lapse.then)", store: "customer").output
        #expect(table.contains("AU-4") && !table.contains("SC-7"))
        #expect(await bench.expect("export csv", store: "customer").output.contains("SC-7"))
        #expect((await bench.expect("report --at \(lapse.then) --lang ja", store: "customer").output).contains("\(lapse.then)の終わりの状態"))
    }

    @Test("So does the statement of applicability, and none is filled in for a day that has passed")
    func statement() async throws {
        let lapse = try await Lapse()
        let bench = lapse.bench
        await bench.expect("soa start --position customer --yes", store: "customer")
        await bench.expect("soa set 12.3.1 --applicable yes --reason Backups.", store: "customer")
        try lapse.engaged.syncBoth()
        let then = try await Self.printed(bench, "soa --json", "customer")
        try await lapse.goOn()
        await bench.expect("soa set 12.3.1 --applicable no --reason None.", store: "customer")
        try lapse.engaged.syncBoth()
        #expect(try await Self.printed(bench, "soa --json --at \(lapse.then)", "customer") == then)
        #expect(try await Self.printed(bench, "soa --json", "customer") != then)
        #expect(await bench.expect("soa --at \(lapse.then)", store: "customer").output.contains("As it stood at the end of"))
        for option in ["--form", "--from soa.yaml"] {
            let refused = await bench.expect("soa \(option) --at \(lapse.then) --json", store: "customer", exit: .usage)
            #expect(try refused.code == "options-exclude", "\(refused.errors)")
        }
    }

    @Test("An agreement is told as it stood on that day, whatever has come of it since")
    func agreement() async throws {
        let lapse = try await Lapse()
        let bench = lapse.bench
        let rest = ["--except", "AC-2(5)", "--except", "AU-4", "--except", "CA-8"]
        for store in ["customer", "provider"] {
            let counterpart = try lapse.engaged.engagement(store)
            for words in ["signatory.name Hanako", "signatory.title Manager"] { await bench.expect("config \(words)", store: store) }
            await bench.expect("confirm \(counterpart.handle) --yes", store: store)
            let name = store == "customer" ? "Example Cloud K.K." : "Kaisha K.K."
            let place = ["-e", counterpart.handle]
            let document = try #require(
                try await bench.run(["agree", "--print", "--json"] + rest + place, store: store).item["digest"] as? String)
            let signed = await bench.run(["agree", "--incomplete", "--confirm", name, "--document", document] + rest + place, store: store)
            #expect(signed.exit == .done, "\(store): \(signed.errors)")
            try lapse.engaged.syncBoth()
        }
        let then = try await Self.printed(bench, "agreements --json", "customer")
        #expect("\(then)".contains("in-force"), "\(then)")
        try await lapse.goOn()
        await bench.expect("edit responsibility ac-2 -s object-storage --set customerAction/en=Otherwise.", store: "provider")
        await bench.expect("publish 2026.3 -m other -s object-storage", store: "provider")
        try lapse.engaged.syncBoth()
        #expect(try await Self.printed(bench, "agreements --json --at \(lapse.then)", "customer") == then)
        // The control: it is worth something else now.
        #expect(try await Self.printed(bench, "agreements --json", "customer") != then)
    }

    @Test("Two days, or a day and now, are compared record by record, those of one's own organisation, too")
    func between() async throws {
        let lapse = try await Lapse()
        let bench = lapse.bench
        try await lapse.goOn()
        func differences(_ range: String) async throws -> [[String: Any]] {
            try await bench.expect("diff \(range) --json", store: "customer").list
        }
        let since = try await differences("\(lapse.then)..now")
        func changes(_ kind: String) -> [String] {
            since.filter { $0["kind"] as? String == kind }.compactMap { $0["change"] as? String }.sorted()
        }
        // One requirement came and one went; both sides' rows and words are among them, and so is what nobody was sent.
        #expect(changes("backup-requirement").contains("added") && changes("backup-requirement").contains("removed"))
        #expect(changes("responsibility").sorted() == ["added", "changed"] && Set(changes("comment")) == ["added"])
        #expect(changes("responsibility-position").contains("changed") && changes("agreement").isEmpty)
        #expect(try await differences("\(lapse.then)").count == since.count)
        #expect(try await differences("\(lapse.then)..\(lapse.then)").isEmpty)
        let begun = try await differences("\(lapse.before)..\(lapse.then)")
        #expect(!begun.isEmpty && begun.allSatisfy { $0["change"] as? String == "added" })
        let page = await bench.expect("diff \(lapse.then)..now", store: "customer").output
        #expect(page.contains("From \(lapse.then) to now") && page.contains("Invoices"), "\(page)")
        let both = await bench.expect("diff \(lapse.then)..now --at \(lapse.then) --json", store: "customer", exit: .usage)
        #expect(try both.code == "options-exclude")
        // A label that is spelled like a day is meant first.
        await bench.expect("edit responsibility ac-2 -s object-storage --set customerAction/en=Otherwise.", store: "provider")
        await bench.expect("publish \(lapse.before) -m dated -s object-storage", store: "provider")
        let labelled = await bench.expect("diff 2026.2..\(lapse.before) -s object-storage", store: "provider").output
        let dated = await bench.expect("diff \(lapse.before)..now -s object-storage", store: "provider").output
        #expect(labelled.contains("Otherwise.") && dated.contains("No difference."), "\(labelled)\(dated)")
    }

    @Test("It says which records it shows, of that day or of now, in either language and to programs")
    func told() async throws {
        let lapse = try await Lapse()
        let bench = lapse.bench
        try await lapse.goOn()
        func asOf(_ line: String) async throws -> [String: String]? {
            (try await bench.run(line.split(separator: " ").map(String.init), store: "customer").json["context"] as? [String: Any])?["asOf"]
                as? [String: String]
        }
        for line in [
            "status", "check", "show au-4", "gaps", "engagements", "trace", "matrix", "disputes", "conflicts", "services", "releases",
            "list", "log", "agreements", "todo", "devices", "auditors",
        ]
            + ["find our", "diff 2026.1", "preview --as counterpart", "org"]
        {
            #expect(try await asOf("\(line) --json --at \(lapse.then)") == ["day": lapse.then, "records": "then"], "\(line)")
            #expect(try await asOf("\(line) --json --at 2090-01-01") == ["day": "2090-01-01", "records": "now"], "\(line)")
            #expect(try await asOf("\(line) --json") == nil)
            let words = line.split(separator: " ").map(String.init)
            let english = await bench.run(words + ["--at", lapse.then], store: "customer").output
            #expect(english.contains("As it stood at the end of \(lapse.then)"), "\(line)")
            let japanese = await bench.run(words + ["--at", lapse.then, "--lang", "ja"], store: "customer").output
            #expect(japanese.contains("\(lapse.then)の終わりの状態"), "\(line)")
            #expect(await bench.run(words + ["--at", "2090-01-01"], store: "customer").output.contains("The records are today's"))
            // What comes next is for today, and so is when this store synced.
            #expect(!english.contains("Next:") && !english.contains("synced"), "\(line): \(english)")
        }
        #expect(await bench.expect("status", store: "customer").output.contains("Next:"))
        // The minutes of a review are written after it was held, with what is known by then.
        #expect(try await asOf("review --json --at \(lapse.then)") == ["day": lapse.then, "records": "now"])
        #expect(await bench.expect("review --at \(lapse.then)", store: "customer").output.contains("The records are today's"))
        let report = try await bench.expect("report --json --at \(lapse.then)", store: "customer").json
        #expect(report["records"] as? String == "then" && report["day"] as? String == lapse.then)
        #expect(try await bench.expect("report --json --at 2090-01-01", store: "customer").json["records"] as? String == "now")
        let export = try await bench.expect("export json --at \(lapse.then)", store: "customer").json
        #expect(export["asOf"] as? [String: String] == ["day": lapse.then, "records": "then"])
        let written = await bench.expect("export csv --at \(lapse.then) -o \(bench.path)/then.csv", store: "customer").output
        #expect(written.contains("As it stood at the end of \(lapse.then)"))
        // The log tells of every day, and an archive holds it.
        let archive = await bench.expect("export evidence -o e.zip --json --at \(lapse.then)", store: "customer", exit: .usage)
        #expect(try archive.code == "options-exclude")
        let one = try bench.file("a.csv", "Control ID,Allocation\nAC-2,shared\n")
        let two = try bench.file("b.csv", "Control ID,Allocation\nAC-2,customer\n")
        let files = await bench.expect("diff \(one)..\(two) --json --at \(lapse.then)", store: "nowhere", exit: .usage)
        #expect(try files.code == "options-exclude")
        // Before there was anything it says so, and shows nothing of today.
        for line in ["status", "check", "report", "show au-4", "diff", "preview --as counterpart", "org", "export json"] {
            let failed = await bench.expect("\(line) --json --at \(lapse.before)", store: "customer", exit: .usage)
            #expect(try failed.code == "nothing-then", "\(line)")
        }
    }

    @Test("What is read of a past moment is, call by call, what a copy that was taken then holds")
    func copy() async throws {
        let lapse = try await Lapse()
        let bench = lapse.bench
        let moment = lapse.engaged.clock.millis
        for store in ["customer", "provider"] { await bench.expect("store backup \(bench.path)/\(store).then", store: store) }
        try await lapse.goOn()
        for name in ["customer", "provider"] {
            let now = try SQLiteStore.open(at: "\(bench.path)/\(name)/store.db", indexing: StateIndexing())
            let copy = try SQLiteStore.open(at: "\(bench.path)/\(name).then", indexing: StateIndexing())
            let past = PastStore(now, at: moment)
            try copy.read { copy in
                try past.read { past in try Self.compare(past, copy) }
                // The control: now is another time.
                try now.read { now in
                    let changed = try copy.spaces().filter { try now.logStanding(of: $0)?.size != copy.logStanding(of: $0)?.size }
                    #expect(changed.count > 1, "\(name)")
                }
            }
            #expect(throws: StorageFault.readOnly) { try past.write { _ in } }
        }
    }

    private static func compare(_ past: any StoreReader, _ copy: any StoreReader) throws {
        #expect(try Set(past.spaces()) == Set(copy.spaces()))
        #expect(try past.outboxCount() == 0 && copy.outboxCount() == 0)
        for space in try copy.spaces() {
            let (one, two) = (try #require(try past.standing(of: space)), try #require(try copy.standing(of: space)))
            #expect(one.size == two.size && one.epoch == two.epoch && one.rights.encoded() == two.rights.encoded())
            #expect(one.frontier == two.frontier)
            let entries = try copy.entries(of: space, from: 0, maxBytes: .max)
            #expect(try past.entries(of: space, from: 0, maxBytes: .max) == entries)
            #expect(try past.entries(of: space, from: two.size, maxBytes: 1) == [])
            #expect(try past.words(of: space) == copy.words(of: space))
            #expect(try Set(past.changes(in: space)) == Set(copy.changes(in: space)))
            #expect(try past.usedBytes(of: space) == copy.usedBytes(of: space))
            #expect(try past.kinds(in: space) == copy.kinds(in: space))
            #expect(try past.conflicted(in: space) == copy.conflicted(in: space))
            #expect(try past.source(of: space).tile(TileID(level: 0, index: 0)) == copy.source(of: space).tile(TileID(level: 0, index: 0)))
            let states = try copy.states(in: space, after: nil, maxBytes: .max).states
            #expect(try past.states(in: space, after: nil, maxBytes: .max).states == states)
            var (hashes, others): ([RecordID: Digest], [RecordID: Digest]) = ([:], [:])
            try past.eachStateHash(in: space) { hashes[$0] = $1 }
            try copy.eachStateHash(in: space) { others[$0] = $1 }
            #expect(hashes == others && hashes.count == states.count)
            for carried in states {
                #expect(try past.history(of: carried.record, in: space) == copy.history(of: carried.record, in: space))
                #expect(try past.shown(carried.record, in: space) == copy.shown(carried.record, in: space))
            }
            for kind in try copy.kinds(in: space).keys {
                #expect(try past.briefs(of: kind, in: space) == copy.briefs(of: kind, in: space))
                var briefs: [StoredBrief] = []
                try past.eachBrief(of: kind, in: space) { briefs.append(StoredBrief(id: $0, kind: kind, flags: $1, brief: Array($2))) }
                #expect(try briefs == copy.briefs(of: kind, in: space))
                let all = try copy.records(of: kind, in: space, after: nil, limit: .max)
                // Page by page as at once.
                var (pages, last): ([StoredRecord], RecordID?) = ([], nil)
                while case let page = try past.records(of: kind, in: space, after: last, limit: 1), let found = page.last {
                    pages += page
                    last = found.id
                }
                #expect(pages.map(\.id) == all.map(\.id) && pages.map(\.shown) == all.map(\.shown), "\(kind)")
            }
        }
    }
}
