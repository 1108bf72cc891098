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

/// What becomes of an agreement once it is signed.
extension AgreementCommandTests {
    @Test("What both signed for a day to come tells of changes before that day, and may be signed anew")
    func notYetValid() async throws {
        try await Self.with { bench in
            _ = try await Self.sign(bench, "customer", "--valid 2030-01-01..")
            await Self.settle(bench)
            let digest = try await Self.digest(bench, "provider")
            let signed = await bench.expect("agree --incomplete --confirm Kaisha --document \(digest)", store: "provider")
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
            let again = await bench.expect("agree --incomplete", store: "customer", answers: ["Example Cloud"], isTerminal: true)
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
            let signed = await bench.expect("agree --incomplete", store: "customer", answers: ["Example Cloud"], isTerminal: true)
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
            let shown = await bench.expect(
                "agree --incomplete --except A-2", store: "customer", answers: [], isTerminal: true, exit: .usage)
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
                $0.wholeMatch(of: /([0-9]+) rows? ?[:wa][^.]*/).flatMap { Int($0.1) }
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
            // An answer that was not there is one, and no row that was added.
            await bench.expect("undo --yes", store: "customer")
            await bench.expect("propose A-3 --allocation shared -m ours", store: "provider")
            await Self.settle(bench)
            let answered = await bench.expect("diff \(short)", store: "customer").output
            #expect(answered.contains("1 row with an answer that was not there") && answered.contains("+ shared"), "\(answered)")
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
