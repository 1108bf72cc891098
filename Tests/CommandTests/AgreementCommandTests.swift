import Agreements
import BuntanProtocol
import ChangeLog
import Foundation
import Merging
import Records
import Replica
import Storage
import StorageSQLite
import Synchronization
import Testing

@testable import ClientCLI

@Suite("Agreeing, by command")
struct AgreementCommandTests {
    /// Both sides at one on three rows, everything sent, signatories set.
    static func ready(_ bench: CommandBench, at server: LoopbackServer) async throws {
        try await bench.engagement(at: server)
        await bench.expect("confirm kaisha --yes", store: "provider")
        await bench.expect("use kaisha", store: "provider")
        await bench.expect("accept A-1 A-2 A-3", store: "customer")
        await settle(bench)
        for (store, name) in [("customer", "Hanako_Yamada"), ("provider", "Ichiro_Sato")] {
            await bench.expect("config signatory.name \(name)", store: store)
            await bench.expect("config signatory.title Security_Manager", store: store)
            await bench.expect("config timeZone Asia/Tokyo", store: store)
        }
    }

    static func settle(_ bench: CommandBench) async {
        for store in ["customer", "provider", "customer"] { await bench.expect("sync", store: store) }
    }

    static func digest(_ bench: CommandBench, _ store: String, _ options: String = "") async throws -> String {
        try #require(try await bench.expect("agree --print --json \(options)", store: store).item["digest"] as? String)
    }

    /// One side signs as a script does.
    static func sign(_ bench: CommandBench, _ store: String, _ options: String = "") async throws -> Outcome {
        let name = store == "customer" ? "Example_Cloud" : "Kaisha"
        return await bench.expect(
            "agree --confirm \(name) --document \(try await digest(bench, store, options)) --json \(options)", store: store)
    }

    static func statuses(_ bench: CommandBench, _ store: String, _ options: String = "") async throws -> [String] {
        let items = try await bench.expect("agreements --json \(options)", store: store).json["items"] as? [[String: Any]]
        return items?.compactMap { $0["status"] as? String } ?? []
    }

    static func outbox(_ bench: CommandBench, _ store: String) async throws -> Int {
        (try await bench.expect("outbox --json", store: store).json["items"] as? [Any])?.count ?? -1
    }

    /// A bench with both sides ready, for the length of one test.
    static func with(_ body: @escaping @Sendable (CommandBench) async throws -> Void) async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await ready(bench, at: server)
            try await body(bench)
        }
    }

    @Test("A sync says when an agreement came into force, when it went stale, and which devices are new; once")
    func arrivals() async throws {
        try await Self.with { bench in
            func events(_ store: String) async throws -> [[String: Any]] {
                (try await bench.expect("sync --json", store: store).item["events"] as? [[String: Any]] ?? [])
            }
            func names(_ store: String) async throws -> [String] { try await events(store).compactMap { $0["event"] as? String } }
            _ = try await Self.sign(bench, "customer")
            await bench.expect("sync", store: "customer")
            await bench.expect("sync", store: "provider")
            _ = try await Self.sign(bench, "provider")
            // The provider's own signature reaches the log with this sync: from then on both are bound.
            let own = await bench.expect("sync", store: "provider")
            #expect(own.output.contains("is in force: both signed."), "\(own.output)")
            let theirs = try await events("customer")
            #expect(theirs.compactMap { $0["event"] as? String } == ["signature", "in-force"])
            #expect(theirs.allSatisfy { $0["short"] as? String == theirs[0]["short"] as? String })
            #expect(try await names("customer") == [])

            await bench.expect("edit responsibility A-1 --set providerStatement/en=Other. -s object-storage", store: "provider")
            await bench.expect("publish 2 -m words -s object-storage", store: "provider")
            // Whoever made it stale was not told by the network.
            #expect(try await names("provider") == [])
            let stale = await bench.expect("sync --lang ja", store: "customer")
            #expect(stale.output.contains("は要更新: 署名した内容と1行が違います。"), "\(stale.output)")
            #expect(stale.output.contains("次: buntan diff "), "\(stale.output)")
            #expect(await bench.expect("agreements", store: "customer").output.contains("stale since 20"))

            try await bench.furtherDevice("laptop", of: "customer")
            try await bench.furtherDevice("tablet", of: "customer")
            #expect(try await events("laptop").compactMap { $0["label"] as? String } == ["tablet"])
        }
    }

    @Test("Without a terminal the first step is to read the document that is meant")
    func unattended() async throws {
        try await Self.with { bench in
            let failed = await bench.expect("agree --valid 2026-12-01.. --json", store: "customer", exit: .usage)
            let code = try failed.code
            #expect(code == "answer-missing")
            #expect(failed.output.contains("buntan agree --valid 2026-12-01.. --read"), "\(failed.output)")
        }
    }

    @Test("A person reads what will be signed, types the counterpart's name, and both come to one agreement in force")
    func bothSign() async throws {
        try await Self.with { bench in
            let wrong = await bench.expect("agree", store: "customer", answers: ["Somebody Else"], isTerminal: true, exit: .usage)
            #expect(wrong.errors.contains("Somebody Else"))
            let found1 = try await Self.outbox(bench, "customer")
            #expect(found1 == 0, "nothing was written")

            let signed = await bench.expect("agree", store: "customer", answers: ["Example Cloud"], isTerminal: true)
            for words in [
                "3 rows of release 1: provider 1, customer 1, shared 1", "first agreement", "none; notes, comments",
                "nothing in particular",
                "Asia/Tokyo", "Hanako Yamada, Security Manager", "has not signed yet", "buntan agree --read",
            ] { #expect(signed.output.contains(words), "\(words)\n\(signed.output)") }
            #expect(try await Self.statuses(bench, "customer") == ["half-signed"])
            let again = await bench.expect("agree --json", store: "customer", exit: .refused)
            #expect(try again.code == "already-signed")
            await Self.settle(bench)

            let theirs = await bench.expect("agree", store: "provider", answers: ["Kaisha"], isTerminal: true)
            #expect(theirs.output.contains("you are signing the same"))
            #expect(theirs.output.contains("Both have signed"))
            await Self.settle(bench)
            for store in ["customer", "provider"] { #expect(try await Self.statuses(bench, store) == ["in-force"]) }
            #expect(try await bench.expect("agree --json", store: "customer", exit: .refused).code == "nothing-to-sign")
            let japanese = await bench.expect("agreements --lang ja", store: "customer")
            #expect(japanese.output.contains("効力がある"))
        }
    }

    @Test("A script names the document it was shown; another one, too short a beginning, or none is refused, and nothing is written")
    func scripts() async throws {
        try await Self.with { bench in
            let digest = try await Self.digest(bench, "customer")
            let printed = await bench.expect("agree --print", store: "customer")
            #expect(SHA.digest(Array(printed.output.utf8)).hex == digest, "what is printed is byte for byte what is signed")
            for (line, code) in [
                ("agree --confirm Example_Cloud", "answer-missing"), ("agree --document \(digest) --no-input", "answer-missing"),
                ("agree --confirm Example_Cloud --document \(digest.prefix(8))", "document-changed"),
                ("agree --confirm Example_Cloud --document \(String(digest.reversed()))", "document-changed"),
                ("agree --confirm Nobody --document \(digest)", "name-differs"), ("agree --confirm Nobody", "name-differs"),
                ("agree --confirm Nobody --document \(digest.prefix(8))", "name-differs"),
                ("agree --valid 2027-01-01..2026-01-01 --print", "date-order"), ("agree --valid tomorrow --print", "invalid-date"),
                ("agree --except Z-9 --print", "unknown-row"), ("agree --with nothing --print", "unknown-kind"),
            ] {
                let outcome = await bench.run(
                    line.split(separator: " ").map { String($0.replacing("_", with: " ")) } + ["--json"], store: "customer")
                #expect(try outcome.code == code, "\(line): \(outcome.output)")
            }
            // What is asked for next is the same document, not the one without these words.
            let other = await bench.run(
                list: ["agree", "A-1", "--valid", "2030-01-01..2030-12-31", "--confirm", "Example Cloud", "--document", digest, "--json"],
                store: "customer")
            #expect(
                try other.json["next"] as? String == "buntan agree A-1 --valid 2030-01-01..2030-12-31 --print", "\(other.output)")
            let found2 = try await Self.outbox(bench, "customer")
            #expect(found2 == 0)
            // The same by row, for people.
            let readable = await bench.expect("agree --read", store: "customer")
            for words in ["Between Example Cloud, ", "A-1  f", "customer action (en)", "Keep a copy.", "as published"] {
                #expect(readable.output.contains(words), "\(words)\n\(readable.output)")
            }
            #expect(readable.errors.contains(digest))
            #expect(await bench.expect("agree --read --lang ja", store: "customer").output.contains("公開されたもの"))
            // What was shown is no longer what would be signed.
            await bench.expect("propose A-2 --allocation shared", store: "customer")
            #expect(
                try await bench.expect("agree --confirm Example_Cloud --document \(digest) --json", store: "customer", exit: .refused).code
                    == "rows-not-ready")
            await bench.expect("accept A-2", store: "customer")
            await Self.settle(bench)
            let later = await bench.expect("agree --confirm Example_Cloud --document \(digest) --json", store: "customer", exit: .refused)
            #expect(try later.code == "document-changed")
            #expect(try await Self.statuses(bench, "customer").isEmpty)
        }
    }

    /// Lets something happen in the store between the question and its answer.
    private final class Meanwhile: LineSource {
        private let act: @Sendable () throws -> Void
        private let answer: String
        init(_ answer: String, _ act: @escaping @Sendable () throws -> Void) { (self.answer, self.act) = (answer, act) }
        func line() throws -> String? {
            try act()
            return answer
        }
        func secret() throws -> String? { nil }
        func everything(limit: Int) throws -> [UInt8]? { nil }
    }

    @Test("A change that comes between what was shown and the name that is typed: nothing is signed")
    func race() async throws {
        try await Self.with { bench in
            let layout = StoreLayout(folder: bench.path + "/customer")
            let store = try SQLiteStore.open(at: layout.database, indexing: StateIndexing())
            let keys = try KeyStorage.read(layout.deviceKey).openDevice(passphrase: nil)
            let other = Workspace(store: store, clock: SystemClock(), random: SystemRandomPort(), keys: keys)
            let outcome = await bench.run(
                ["agree", "--json"], store: "customer",
                input: Meanwhile("Example Cloud") {
                    try store.write { transaction in
                        let engagement = try #require(try StoreDirectory(transaction).engagements.first)
                        let key = RowKey(framework: "f", controlId: "A-1")
                        let row = try other.row(key, of: engagement, transaction)
                        _ = try other.commit(
                            [other.position(key, in: engagement, row: row, cells: [CellKey("customerStatement", "en"): .text("Wait.")])],
                            in: engagement.space, transaction)
                    }
                })
            #expect(outcome.exit == .refused, "\(outcome.output)")
            let code = try outcome.code
            #expect(code == "rows-unsent")
            #expect(try store.read { try $0.outboxCount() } == 1, "the change alone")
            try store.close()
            #expect(try await Self.statuses(bench, "customer").isEmpty)
        }
    }

    @Test("What is not ready is counted and named; rows left open on purpose are listed in the document")
    func notReady() async throws {
        try await Self.with { bench in
            await bench.expect("propose A-1 --allocation provider", store: "customer")
            await Self.settle(bench)
            let refused = await bench.expect("agree", store: "customer", exit: .refused)
            #expect(refused.errors.contains("1 of 3 rows are not ready: 1 disputed"), "\(refused.errors)")
            let except = await bench.expect("agree --print --except A-1", store: "customer")
            let document = try AgreementDocument(decoding: Array(except.output.utf8))
            #expect(document.except.count == 3, "the row, and the position of either side")
            #expect(document.records.allSatisfy { $0.text("controlId") != "A-1" })
            // The counterpart signs what was left open with it.
            _ = try await Self.sign(bench, "customer", "--except A-1")
            await Self.settle(bench)
            _ = try await Self.sign(bench, "provider")
            await Self.settle(bench)
            #expect(try await Self.statuses(bench, "customer") == ["in-force"])
            // The open row may move without making it stale.
            await bench.expect("accept A-1", store: "customer")
            await Self.settle(bench)
            #expect(try await Self.statuses(bench, "provider") == ["in-force"])
        }
    }

    @Test("A change that was not sent, a counterpart not confirmed, a signatory not set: each is told")
    func refusals() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            await bench.expect("use kaisha", store: "provider")
            #expect(try await bench.expect("agree --json", store: "provider", exit: .refused).code == "not-confirmed")
            await bench.expect("accept A-1 A-2 A-3", store: "customer")
            #expect(try await bench.expect("agree --json", store: "customer", exit: .refused).code == "rows-unsent")
            await Self.settle(bench)
            #expect(try await bench.expect("agree --json", store: "customer", exit: .refused).code == "signatory-missing")
            #expect(
                try await bench.expect("export evidence -o \(bench.path)/e.zip --json", store: "customer", exit: .usage).code
                    == "no-agreement")
        }
    }

    @Test("A second document says why there is one, and supersedes the first; one may cover a family alone")
    func again() async throws {
        try await Self.with { bench in
            _ = try await Self.sign(bench, "customer")
            await Self.settle(bench)
            await bench.expect("comment A-1 hello", store: "provider")
            let asked = await bench.expect(
                "agree --valid 2030-01-01..2030-12-31 --confirm Kaisha --document \(try await Self.digest(bench, "provider", "--valid 2030-01-01..2030-12-31"))",
                store: "provider")
            #expect(asked.output.contains("A new document"), "\(asked.output)")
            await Self.settle(bench)
            _ = try await Self.sign(bench, "provider")
            await Self.settle(bench)
            #expect(try await Self.statuses(bench, "customer") == ["in-force", "half-signed"])
            let family = try await Self.digest(bench, "customer", "A-2")
            let other = try await Self.digest(bench, "customer", "A-3")
            #expect(family != other)
            let printed = await bench.expect("agree --print A-2", store: "customer")
            let document = try AgreementDocument(decoding: Array(printed.output.utf8))
            #expect(document.records.count == 2 && document.scope.allSatisfy { $0.keys == [["f", "A-2", "main"]] })
        }
    }

    /// Both sign what stands now.
    static func signBoth(_ bench: CommandBench, _ options: String = "") async throws {
        _ = try await sign(bench, "customer", options)
        await settle(bench)
        _ = try await sign(bench, "provider", options)
        await settle(bench)
    }

    @Test("What both signed for a day to come tells of changes before that day, and may be signed anew")
    func notYetValid() async throws {
        try await Self.with { bench in
            _ = try await Self.sign(bench, "customer", "--valid 2030-01-01..")
            await Self.settle(bench)
            let digest = try await Self.digest(bench, "provider")
            let signed = await bench.expect("agree --confirm Kaisha --document \(digest)", store: "provider")
            #expect(signed.output.contains("valid from 2030-01-01") && !signed.output.contains("in force"), "\(signed.output)")
            await Self.settle(bench)
            #expect(await bench.expect("status", store: "provider").output.contains("both signed; valid from 2030-01-01"))
            let shown = await bench.expect("agreements --at 2030-02-01", store: "customer")
            #expect(shown.output.contains("in force since 2030-01-01"), "\(shown.output)")

            let table = try bench.file("b.csv", "Framework,Control ID,Allocation,Customer action (en)\nf,A-1,shared,Keep two copies.\n")
            await bench.expect("import \(table)", store: "provider")
            await bench.expect("publish 2 -m more", store: "provider")
            await Self.settle(bench)
            await bench.expect("accept A-1", store: "customer")
            await Self.settle(bench)
            #expect(try await Self.statuses(bench, "customer") == ["not-yet-valid"])
            for store in ["customer", "provider"] {
                #expect(await bench.expect("status", store: store).output.contains("valid from 2030-01-01; stale, 1 row"))
                #expect(await bench.expect("todo", store: store).output.contains("sign again"))
            }
            #expect(await bench.expect("agreements", store: "customer").output.contains("valid from 2030-01-01; stale, 1 row"))
            let again = await bench.expect("agree", store: "customer", answers: ["Example Cloud"], isTerminal: true)
            #expect(again.output.contains("changed     1 row since"), "\(again.output)")
        }
    }

    @Test("Who has signed a renewal is told that it waits for the other, not to sign again")
    func renewal() async throws {
        try await Self.with { bench in
            try await Self.signBoth(bench)
            let table = try bench.file("b.csv", "Framework,Control ID,Allocation,Customer action (en)\nf,A-1,shared,Keep two copies.\n")
            await bench.expect("import \(table)", store: "provider")
            await bench.expect("publish 2 -m more", store: "provider")
            await Self.settle(bench)
            await bench.expect("accept A-1", store: "customer")
            await Self.settle(bench)
            #expect(await bench.expect("todo", store: "customer").output.contains("sign again"))
            _ = try await Self.sign(bench, "customer")
            let unsent = await bench.expect("status", store: "customer").output
            #expect(unsent.contains("signed by you, not sent yet"), "\(unsent)")
            await Self.settle(bench)
            let own = await bench.expect("status", store: "customer").output
            #expect(own.contains("stale, 1 row") && own.contains("waits for them") && !own.contains("Next: buntan agree"), "\(own)")
            #expect(!(await bench.expect("todo", store: "customer").output.contains("sign")))
            let theirs = await bench.expect("status", store: "provider").output
            #expect(theirs.contains("waits for you") && theirs.contains("Next: buntan agree"), "\(theirs)")
        }
    }

    @Test("A row that the provider drops does not stand in the way of a signature for ever, and the document says that it is open")
    func dropped() async throws {
        try await Self.with { bench in
            await bench.expect("delete A-3 -s storage -m gone --yes", store: "provider")
            await bench.expect("publish 2 -s storage -m without", store: "provider")
            await Self.settle(bench)
            for store in ["customer", "provider"] {
                let status = await bench.expect("status", store: store).output
                #expect(status.contains("no release has") && !status.contains("publish under way"), "\(status)")
            }
            let printed = await bench.expect("agree --print", store: "customer")
            let document = try AgreementDocument(decoding: Array(printed.output.utf8))
            #expect(document.except.count == 3 && document.records.allSatisfy { $0.text("controlId") != "A-3" })
            let signed = await bench.expect("agree", store: "customer", answers: ["Example Cloud"], isTerminal: true)
            #expect(signed.output.contains("no release has any more: A-3"), "\(signed.output)")
            await Self.settle(bench)
            // The counterpart signs the same, without naming the row either.
            _ = try await Self.sign(bench, "provider")
            await Self.settle(bench)
            for store in ["customer", "provider"] { #expect(try await Self.statuses(bench, store) == ["in-force"]) }
            await bench.expect("propose A-3 --withdraw", store: "customer")
            await Self.settle(bench)
            #expect(!(await bench.expect("status", store: "customer").output.contains("no release has")))
            #expect(try await Self.statuses(bench, "customer") == ["in-force"])
        }
    }

    @Test("Accepting a row that is agreed already writes nothing, so that no signed agreement goes stale by it")
    func acceptedTwice() async throws {
        try await Self.with { bench in
            try await Self.signBoth(bench)
            for store in ["customer", "provider"] {
                let nothing = await bench.expect("accept A-1 --json", store: store)
                #expect(try nothing.item["rows"] as? Int == 0)
                #expect(try await Self.outbox(bench, store) == 0)
            }
            #expect(try await Self.statuses(bench, "customer") == ["in-force"])
        }
    }

    @Test("A wider document says which rows were not covered before, beside what has changed")
    func wider() async throws {
        try await Self.with { bench in
            try await Self.signBoth(bench, "--except A-1")
            let shown = await bench.expect("agree --except A-2", store: "customer", answers: [], isTerminal: true, exit: .usage)
            let text = shown.output + shown.errors
            #expect(text.contains("0 rows since") && text.contains("1 row that") && text.contains("no longer covered"), "\(text)")
        }
    }

    @Test("An agreement is ended on a day with a reason, and holds that day still")
    func end() async throws {
        try await Self.with { bench in
            let signed = try await Self.sign(bench, "customer")
            let short = try #require(try signed.item["agreementShort"] as? String)
            await Self.settle(bench)
            _ = try await Self.sign(bench, "provider")
            await Self.settle(bench)
            for (line, code) in [
                ("agreement end \(short) --on 2030-06-30", "reason-missing"),
                ("agreement end \(short) --on 2020-06-30 -m exit", "date-in-past"),
                ("agreement end zzzzzz --on 2030-06-30 -m exit", "unknown-id"),
                ("agreement end \(short) --on 2030-06-31 -m exit", "date-not-in-calendar"),
            ] { #expect(try await bench.expect("\(line) --json --yes", store: "provider", exit: .usage).code == code, "\(line)") }
            let declined = await bench.expect(
                "agreement end \(short) --on 2030-06-30 -m exit", store: "provider", answers: ["n"], isTerminal: true, exit: .usage)
            #expect(declined.errors.contains("End agreement"))
            await bench.expect("agreement end \(short) --on 2030-06-30 -m exit --yes", store: "provider")
            await Self.settle(bench)
            // A later day would be told and not hold.
            let later = await bench.expect(
                "agreement end \(short) --on 2030-07-31 -m later --yes --json", store: "customer", exit: .refused)
            #expect(try later.code == "agreement-ends-earlier" && later.errors.contains("2030-06-30"))
            #expect(try await Self.outbox(bench, "customer") == 0)
            #expect(try await Self.statuses(bench, "customer", "--at 2030-06-30") == ["in-force"])
            #expect(try await Self.statuses(bench, "customer", "--at 2030-07-01") == ["ended"])
            let shown = await bench.expect("agreements --at 2030-07-01", store: "customer")
            #expect(shown.output.contains("ended on 2030-06-30: exit"))
        }
    }

    @Test("diff shows old and new, by the transition of the allocation; a release against a release, an agreement against now")
    func differences() async throws {
        try await Self.with { bench in
            _ = try await Self.sign(bench, "customer")
            await Self.settle(bench)
            _ = try await Self.sign(bench, "provider")
            let table = try bench.file(
                "second.csv",
                "Framework,Control ID,Allocation,Customer action (en)\nf,A-1,shared,Keep two copies.\nf,A-2,customer,\nf,A-3,customer,Do it.\nf,A-4,shared,x\n"
            )
            await bench.expect("import \(table) -s object", store: "provider")
            await bench.expect("publish 2 -m second -s object", store: "provider")
            await Self.settle(bench)
            let stale = await bench.expect("agreements", store: "customer")
            #expect(stale.output.contains("; stale since 20") && stale.output.contains(", 3 rows"), "\(stale.output)")
            for words in ["diff 1..2", "diff"] {
                let shown = await bench.expect(words, store: "customer")
                for part in [
                    "3 rows differ", "1 row: provider to customer", "1 row with other words", "1 row added", "- Keep a copy.",
                    "+ Keep two copies.",
                ] {
                    #expect(shown.output.contains(part), "\(words): \(part)\n\(shown.output)")
                }
            }
            // Whatever differs about a row, it stands in one group: the groups add up to the rows.
            await bench.expect("propose A-1 --allocation provider -m no", store: "customer")
            let groups = await bench.expect("diff", store: "customer").output.split(separator: "\n").compactMap {
                $0.wholeMatch(of: /([0-9]+) rows? ?[:wa].*/).flatMap { Int($0.1) }
            }
            #expect(groups.reduce(0, +) == 3, "\(groups)")
            await bench.expect("undo --yes", store: "customer")
            let japanese = await bench.expect("diff 1..2 --lang ja", store: "customer").output
            for part in ["1行の追加", "割当て", "    - プロバイダ", "    + カスタマ"] {
                #expect(japanese.contains(part), "\(part)\n\(japanese)")
            }
            #expect(await bench.expect("diff 2..now", store: "customer").output.contains("No difference"))
            #expect(await bench.expect("diff 1..1", store: "customer").output.contains("No difference"))
            #expect(try await bench.expect("diff 1..7 --json", store: "customer", exit: .usage).code == "unknown-release")
            #expect(try await bench.expect("diff zzzzzz --json", store: "customer", exit: .usage).code == "unknown-id")
            let json = try await bench.expect("diff 1..2 --json", store: "customer").json["items"] as? [[String: Any]]
            #expect(Set(json?.compactMap { $0["change"] as? String } ?? []) == ["changed", "added"])
            // Of an agreement both sides' positions are part, whatever it is compared with.
            let listed = await bench.expect("agreements --plain --fields short", store: "customer")
            let short = try #require(listed.output.split(separator: "\n").last)
            await bench.expect("propose A-3 --allocation shared", store: "customer")
            func kinds(_ range: String) async throws -> Set<String> {
                let items = try await bench.expect("diff \(range) --json", store: "customer").json["items"] as? [[String: Any]]
                return Set(items?.compactMap { $0["kind"] as? String } ?? [])
            }
            #expect(try await kinds("\(short)..now") == ["responsibility", "responsibility-position"])
            #expect(try await kinds("\(short)") == ["responsibility", "responsibility-position"])
            #expect(try await kinds("\(short)..2") == ["responsibility"])
            #expect(try await kinds("\(short)..\(short)").isEmpty)
        }
    }
}

extension CommandBench {
    /// Runs a command whose questions are answered by something else than a list.
    func run(_ arguments: [String], store: String, input: any LineSource) async -> Outcome {
        let output = Captured()
        let errors = Captured()
        var console = Console(
            output: output, errors: errors, input: input, programs: NoPrograms(), inputIsTerminal: true,
            environment: ["HOME": path, "BUNTAN_STORE": path + "/" + store], now: { Date(timeIntervalSince1970: 1_795_428_311) },
            ticks: { .zero })
        console.errorsAreTerminal = true
        let program = Program(root: Buntan.self, console: console) { FaultWords.failure($0) }
        let exit = await program.run(arguments)
        return Outcome(exit: exit, bytes: output.all, errors: errors.text)
    }
}
