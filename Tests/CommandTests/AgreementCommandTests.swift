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
            let failed = await bench.expect("agree --incomplete --valid 2026-12-01.. --json", store: "customer", exit: .usage)
            let code = try failed.code
            #expect(code == "answer-missing")
            #expect(failed.output.contains("buntan agree --valid 2026-12-01.. --read"), "\(failed.output)")
        }
    }

    @Test("A person reads what will be signed, types the counterpart's name, and both come to one agreement in force")
    func bothSign() async throws {
        try await Self.with { bench in
            let wrong = await bench.expect(
                "agree --incomplete", store: "customer", answers: ["Somebody Else"], isTerminal: true, exit: .usage)
            #expect(wrong.errors.contains("Somebody Else"))
            let found1 = try await Self.outbox(bench, "customer")
            #expect(found1 == 0, "nothing was written")

            let signed = await bench.expect("agree --incomplete", store: "customer", answers: ["Example Cloud"], isTerminal: true)
            for words in [
                "3 rows of release 1: provider 1, customer 1, shared 1", "first agreement", "none; notes, comments",
                "nothing in particular",
                "Asia/Tokyo", "Hanako Yamada, Security Manager", "has not signed yet", "buntan agree --read",
            ] { #expect(signed.output.contains(words), "\(words)\n\(signed.output)") }
            #expect(try await Self.statuses(bench, "customer") == ["half-signed"])
            let again = await bench.expect("agree --json", store: "customer", exit: .refused)
            #expect(try again.code == "already-signed")
            await Self.settle(bench)

            let theirs = await bench.expect("agree --incomplete", store: "provider", answers: ["Kaisha"], isTerminal: true)
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
                ("agree --incomplete --confirm Example_Cloud", "answer-missing"),
                ("agree --incomplete --document \(digest) --no-input", "answer-missing"),
                ("agree --incomplete --confirm Example_Cloud --document \(digest.prefix(8))", "document-changed"),
                ("agree --incomplete --confirm Example_Cloud --document \(String(digest.reversed()))", "document-changed"),
                ("agree --incomplete --confirm Nobody --document \(digest)", "name-differs"),
                ("agree --incomplete --confirm Nobody", "name-differs"),
                ("agree --incomplete --confirm Nobody --document \(digest.prefix(8))", "name-differs"),
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
                try await bench.expect(
                    "agree --incomplete --confirm Example_Cloud --document \(digest) --json", store: "customer", exit: .refused
                ).code
                    == "rows-not-ready")
            await bench.expect("accept A-2", store: "customer")
            await Self.settle(bench)
            let later = await bench.expect(
                "agree --incomplete --confirm Example_Cloud --document \(digest) --json", store: "customer", exit: .refused)
            #expect(try later.code == "document-changed")
            #expect(try await Self.statuses(bench, "customer").isEmpty)
        }
    }

    @Test("What the other side has signed and fits no longer is told as that, with the command that shows the difference")
    func outgrown() async throws {
        try await Self.with { bench in
            _ = try await Self.sign(bench, "customer", "A-1")
            await bench.expect("edit responsibility A-1 -s object-storage --set customerAction/en=Other", store: "provider")
            await Self.publish(bench, "2")
            let refused = await bench.expect("agree --json", store: "provider", exit: .refused)
            let offered = try #require(
                (try await bench.expect("agreements --json", store: "provider").json["items"] as? [[String: Any]])?.first?["short"]
                    as? String
            )
            #expect(
                try refused.code == "offer-outgrown" && refused.json["next"] as? String == "buntan diff \(offered)", "\(refused.errors)")
            #expect(await bench.expect("agree --lang ja", store: "provider", exit: .refused).errors.contains("署名し直してもらう"))
            #expect(await bench.expect("diff \(offered)", store: "provider").output.contains("A-1"))
            let status = await bench.expect("status", store: "provider").output
            #expect(
                status.contains("stale, 1 row") && status.contains("buntan diff \(offered)") && !status.contains("buntan agree\n"),
                "\(status)")
            #expect(try await bench.expect("todo --json", store: "provider").list.allSatisfy { $0["matter"] as? String != "sign" })
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
                ["agree", "--incomplete", "--json"], store: "customer",
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
                "agree --incomplete --valid 2030-01-01..2030-12-31 --confirm Kaisha --document \(try await Self.digest(bench, "provider", "--valid 2030-01-01..2030-12-31"))",
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
}
