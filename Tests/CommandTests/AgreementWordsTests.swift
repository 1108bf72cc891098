import Agreements
import BuntanProtocol
import Foundation
import Testing

@testable import ClientCLI

@Suite("What is said of agreements, as people read it")
struct AgreementWordsTests {
    typealias Agreements = AgreementCommandTests

    /// A document in force, by its short id.
    private static func inForce(_ bench: CommandBench) async throws -> String {
        let signed = try await Agreements.sign(bench, "customer")
        await Agreements.settle(bench)
        _ = try await Agreements.sign(bench, "provider")
        await Agreements.settle(bench)
        return try #require(try signed.item["agreementShort"] as? String)
    }

    @Test("What a part of the matrix is, is said for people; comments are not said to be outside where they are inside")
    func scope() async throws {
        try await Agreements.with { bench in
            await bench.expect("comment A-1 hello", store: "customer")
            await Agreements.settle(bench)
            let part = await bench.expect(
                "agree A --incomplete --with comment", store: "customer", answers: [], isTerminal: true, exit: .usage)
            #expect(part.output.contains("only these rows: everything below f:A\n"), "\(part.output)")
            #expect(part.output.contains("none; notes and drafts are never part of it"), "\(part.output)")
            let one = await bench.expect("agree A-1 --incomplete --lang ja", store: "customer", answers: [], isTerminal: true, exit: .usage)
            #expect(one.output.contains("次の行だけ: f:A-1\n") && one.output.contains("メモ、コメント、下書き"), "\(one.output)")
            // The short id that signing will name is on the screen before.
            let signed = try await Agreements.sign(bench, "customer", "A-1")
            let short = try #require(try signed.item["agreementShort"] as? String)
            #expect(one.output.contains("\(short)、"), "\(one.output)")
        }
    }

    @Test("An end that is to come is heard of by the other side, and seen wherever the agreement is")
    func comingEnd() async throws {
        try await Agreements.with { bench in
            let short = try await Self.inForce(bench)
            await bench.expect("agreement end \(short) --on 2030-12-31 -m exit --yes", store: "provider")
            await bench.expect("sync", store: "provider")
            let heard = await bench.expect("sync", store: "customer")
            #expect(heard.output.contains("Example Cloud ended agreement \(short) on 2030-12-31: exit"), "\(heard.output)")
            let list = await bench.expect("agreements", store: "customer").output
            #expect(list.contains("until 2030-12-31, ended by Example Cloud: exit"), "\(list)")
            #expect(list.contains("..2030-12-31"), "the last day is where the days are: \(list)")
            #expect(try await Agreements.statuses(bench, "customer") == ["in-force"])
            let items = try await bench.expect("agreements --json", store: "customer").json["items"] as? [[String: Any]]
            #expect((items?.first?["end"] as? [String: Any])?["on"] as? String == "2030-12-31")
            let status = await bench.expect("status", store: "customer").output
            #expect(status.contains("ends") && status.contains("on 2030-12-31, said by them"), "\(status)")
            #expect(await bench.expect("status --lang ja", store: "provider").output.contains("2030-12-31、こちらの申し出"))
            let json = try await bench.expect("status --json", store: "customer").item["agreements"] as? [[String: Any]]
            #expect(json?.first?["endsOn"] as? String == "2030-12-31")
            for words in ["show \(short)", "log \(short)"] {
                let shown = await bench.expect(words, store: "customer").output
                #expect(shown.contains("2030-12-31") && shown.contains("exit"), "\(words): \(shown)")
            }
            let shown = try await bench.expect("show \(short) --json", store: "customer").json["items"] as? [[String: Any]]
            #expect((shown?.first?["end"] as? [String: Any])?["on"] as? String == "2030-12-31")
            #expect(shown?.first?["status"] as? String == "in-force")
        }
    }

    @Test("Two documents over the same rows differ in their days and their zone, and diff says so")
    func terms() async throws {
        try await Agreements.with { bench in
            _ = try await Agreements.sign(bench, "customer")
            await bench.expect("config timeZone UTC", store: "customer")
            _ = try await Agreements.sign(bench, "customer", "--valid 2027-01-01..2027-12-31")
            let list = await bench.expect("agreements --plain --fields validFrom,short", store: "customer").output
            let shorts = list.split(separator: "\n").dropFirst().sorted().compactMap { $0.split(separator: "\t").last.map(String.init) }
            try #require(shorts.count == 2)
            let differing = await bench.expect("diff \(shorts[0])..\(shorts[1])", store: "customer").output
            for words in ["last day", "+ 2027-12-31", "time zone", "- Asia/Tokyo", "+ GMT", "No row differs."] {
                #expect(differing.contains(words), "\(words)\n\(differing)")
            }
            let items =
                try await bench.expect("diff \(shorts[0])..\(shorts[1]) --json", store: "customer").json["items"] as? [[String: Any]]
            let cells = try #require(items?.first?["cells"] as? [[String: Any]])
            #expect(items?.first?["kind"] as? String == "agreement")
            #expect(cells.compactMap { $0["field"] as? String } == ["validFrom", "validTo", "timeZone"])
            #expect(await bench.expect("diff \(shorts[0])..\(shorts[0])", store: "customer").output == "No difference.\n")
        }
    }

    @Test("Where each side has signed its own document, each sees both, and signs the other's; its own is then superseded")
    func crossed() async throws {
        try await Agreements.with { bench in
            _ = try await Agreements.sign(bench, "customer")
            _ = try await Agreements.sign(bench, "provider")
            await Agreements.settle(bench)
            await bench.expect("sync", store: "provider")
            for store in ["customer", "provider"] {
                let todo = await bench.expect("todo", store: store).output
                #expect(todo.contains("sign with"), "\(store): \(todo)")
                let status = await bench.expect("status", store: store).output
                #expect(status.contains("signed by you") && status.contains("signed by them"), "\(store): \(status)")
                #expect(status.hasSuffix("Next: buntan agree\n"), "\(store): \(status)")
                #expect(await bench.expect("agreements", store: store).output.hasSuffix("Next: buntan agree\n"))
            }
            let signed = try await Agreements.sign(bench, "provider")
            #expect(try signed.item["whole"] as? Bool == true)
            await Agreements.settle(bench)
            for store in ["customer", "provider"] {
                #expect(Set(try await Agreements.statuses(bench, store)) == ["in-force", "superseded"], "\(store)")
                #expect(!(await bench.expect("agreements", store: store).output.contains("waits")))
                #expect(!(await bench.expect("todo", store: store).output.contains("sign")))
            }
        }
    }

    @Test("What one side alone has signed is taken back or turned down, and not ended")
    func offers() async throws {
        try await Agreements.with { bench in
            let own = try #require(try await Agreements.sign(bench, "customer").item["agreementShort"] as? String)
            await Agreements.settle(bench)
            let back = await bench.expect(
                "agreement end \(own) -m mistake", store: "customer", answers: ["y"], isTerminal: true)
            #expect(
                back.errors.contains("Take back your signature") && back.output.contains("is taken back"), "\(back.errors)\(back.output)")
            await bench.expect("sync", store: "customer")
            #expect(await bench.expect("sync", store: "provider").output.contains("Kaisha took back its signature under \(own): mistake"))
            let list = await bench.expect("agreements", store: "provider").output
            #expect(list.contains("took it back: mistake") && !list.contains("waits"), "\(list)")
            #expect(try await Agreements.statuses(bench, "provider") == ["ended"])

            let other = try #require(try await Agreements.sign(bench, "customer").item["agreementShort"] as? String)
            await Agreements.settle(bench)
            await bench.expect("sync", store: "provider")
            let refused = await bench.expect("agreement end \(other) -m no --yes", store: "provider")
            #expect(refused.output.contains("is turned down"), "\(refused.output)")
            await bench.expect("sync", store: "provider")
            #expect(await bench.expect("sync --lang ja", store: "customer").output.contains("断った: no"))
            #expect(await bench.expect("agreements", store: "customer").output.contains("turned down by Example Cloud: no"))
        }
    }

    @Test("Evidence says which agreement it is of, and warns where one side alone has signed")
    func exported() async throws {
        try await Agreements.with { bench in
            let short = try #require(try await Agreements.sign(bench, "customer").item["agreementShort"] as? String)
            await Agreements.settle(bench)
            let half = await bench.expect("export evidence -o \(bench.path)/half.zip", store: "customer").output
            #expect(half.contains("agreement \(short) (half-signed)") && half.contains("signed by one side only"), "\(half)")
            _ = try await Agreements.sign(bench, "provider")
            await bench.expect("sync", store: "provider")
            let whole = await bench.expect("export evidence -o \(bench.path)/whole.zip", store: "provider").output
            #expect(whole.contains("agreement \(short) (in force)") && !whole.contains("one side only"), "\(whole)")
        }
    }

    @Test("verify names the parties as they name themselves, says the days, and repeats what is not right")
    func verified() async throws {
        try await Agreements.with { bench in
            _ = try await Self.inForce(bench)
            let file = bench.path + "/e.zip"
            await bench.expect("export evidence -o \(file)", store: "customer")
            let good = await bench.expect("verify \(file)", store: "nowhere").output
            for words in ["provider, in its own words Example Cloud: ", "customer, in its own words Kaisha: ", "no end, Asia/Tokyo"] {
                #expect(good.contains(words), "\(words)\n\(good)")
            }
            #expect(await bench.expect("verify \(file) --lang ja", store: "nowhere").output.contains("自称: Kaisha"))
            let item = try await bench.expect("verify \(file) --json", store: "nowhere").item
            let names = (item["parties"] as? [[String: Any]])?.compactMap { ($0["statedName"] as? [String: String])?["en"] }
            #expect(names == ["Example Cloud", "Kaisha"])
            #expect(item["validOn"] as? Bool == true)
            let early = try await bench.expect("verify \(file) --at 2020-01-01 --json", store: "nowhere").item
            #expect(early["validOn"] as? Bool == false)

            let bytes = Array(try #require(FileManager.default.contents(atPath: file)))
            var evidence = try Evidence(archive: bytes)
            evidence.document[evidence.document.count / 2] ^= 1
            try Data(evidence.archived()).write(to: URL(fileURLWithPath: file))
            let bad = await bench.expect("verify \(file)", store: "nowhere", exit: .found).output
            let marked = bad.split(separator: "\n").filter { $0.hasPrefix("! ") }
            #expect(marked.count == 2 && marked[0] == marked[1] && bad.hasSuffix(marked[1] + "\n"), "\(bad)")

            // The part that is another is the one named.
            var files = try StoredArchive.files(bytes)
            files["engagement/checkpoint"]?[0] ^= 1
            try Data(StoredArchive.encoded(files)).write(to: URL(fileURLWithPath: file))
            let part = await bench.expect("verify \(file)", store: "nowhere", exit: .unverified)
            #expect(part.errors.contains("engagement/checkpoint is not the one"), "\(part.errors)")
            files = try StoredArchive.files(bytes)
            files["engagement/0.proof"]?[0] ^= 1
            try Data(StoredArchive.encoded(files)).write(to: URL(fileURLWithPath: file))
            #expect(await bench.expect("verify \(file)", store: "nowhere", exit: .unverified).errors.contains("engagement/0.proof"))
            // A ZIP archive of something else was never evidence, in whatever form it is packed.
            let other = try StoredArchive.encoded(["xl/workbook.xml": Array("<workbook/>".utf8)]) + [0]
            try Data(other).write(to: URL(fileURLWithPath: file))
            #expect(
                await bench.expect("verify \(file)", store: "nowhere", exit: .inputFile).errors.contains("an archive of something else"))
        }
    }

    @Test("A document is read with the names of its fields in the reader's language, sets on one line, the same text once")
    func labels() async throws {
        try await Agreements.with { bench in
            let text = "The platform keeps three copies of it."
            await bench.expect(
                "edit responsibility A-1 --set providerStatement/en=\(text.replacing(" ", with: "_")) --set foundText=\(text.replacing(" ", with: "_")) --set foundStatuses+=implemented,planned -s object-storage",
                store: "provider")
            await bench.expect("publish 2 -m words -s object-storage", store: "provider")
            await Agreements.settle(bench)
            await bench.expect("accept A-1", store: "customer")
            await Agreements.settle(bench)
            let english = await bench.expect("agree --read", store: "customer").output
            for words in [
                "provider statement (en)", "statuses as found", "planned, implemented", "the same text as: provider statement (en)",
            ] {
                #expect(english.contains(words), "\(words)\n\(english)")
            }
            #expect(!english.contains("foundStatuses") && !english.contains("providerStatement"))
            let japanese = await bench.expect("agree --read --lang ja", store: "customer").output
            #expect(japanese.contains("元の実施状況") && !japanese.contains("implemented"), "\(japanese)")
        }
    }

    @Test("That other words were accepted is said in words, not in digests")
    func accepted() async throws {
        try await Agreements.with { bench in
            let short = try await Self.inForce(bench)
            await bench.expect("edit responsibility A-1 --set providerStatement/en=Other. -s object-storage", store: "provider")
            await bench.expect("publish 2 -m words -s object-storage", store: "provider")
            await Agreements.settle(bench)
            await bench.expect("accept A-1", store: "customer")
            let shown = await bench.expect("diff \(short)", store: "customer").output
            #expect(shown.contains("accepted other words of the provider than before") && shown.contains("+ Other."), "\(shown)")
        }
    }

    @Test("One day is no span, and the sentence says how a span is written")
    func span() async throws {
        try await Agreements.with { bench in
            let outcome = await bench.expect("agree --valid 2030-12-31 --print", store: "customer", exit: .usage)
            #expect(outcome.errors.contains("..2030-12-31") && outcome.errors.contains("2030-12-31.."), "\(outcome.errors)")
        }
    }

    @Test("After an engagement has ended, nothing asks for a signature, and a position says that it comes to nothing")
    func afterTheEnd() async throws {
        try await Agreements.with { bench in
            _ = try await Agreements.sign(bench, "provider")
            await bench.expect("sync", store: "provider")
            await bench.expect("engagement end kaisha -m exit --yes", store: "provider")
            await bench.expect("sync", store: "customer")
            let status = await bench.expect("status", store: "customer").output
            #expect(!status.contains("buntan agree\n") && !status.contains("; waits for you"), "\(status)")
            #expect(!(await bench.expect("agreements", store: "customer").output.contains("Next: buntan agree")))
            let late = await bench.expect("propose A-1 --allocation shared", store: "customer").output
            #expect(late.contains("This engagement ended on "), "\(late)")
        }
    }

    @Test("A row deleted on one device and edited on another is one of the unsettled, in every count and filter")
    func partition() async throws {
        let engaged = try await EngagedBench.halved()
        let item = try await engaged.bench.expect("status --json", store: "customer").item
        let states = try #require(item["states"] as? [String: Int])
        #expect(states["unsettled"] == 1 && states.values.reduce(0, +) == 4, "\(states)")
        let listed = await engaged.bench.expect("matrix --where state=unsettled --plain --fields row.controlId", store: "customer")
        #expect(listed.output.contains("AU-4"), "\(listed.output)")

        // What is missing or does not fit is said for what it is.
        let field = await engaged.bench.expect("resolve ca-8", store: "customer", exit: .usage)
        #expect(field.errors.contains("<field>"), "\(field.errors)")
        let both = await engaged.bench.expect("resolve ca-8 allocation --take 1 --value shared", store: "customer", exit: .usage)
        #expect(both.errors.contains("--take and --value exclude each other"), "\(both.errors)")
        let life = await engaged.bench.expect("resolve ca-8 --restore", store: "customer", exit: .usage)
        #expect(life.errors.contains("was not deleted on one device") && !life.errors.contains("@life"), "\(life.errors)")
        #expect(await engaged.bench.expect("resolve au-4", store: "customer", exit: .refused).errors.contains("--restore"))
    }

    @Test("After two resolutions that differ, both of the values they replaced are told")
    func beforeBoth() async throws {
        let engaged = try await EngagedBench()
        let bench = engaged.bench
        try engaged.secondDevice()
        func seen(_ store: String) async throws -> String {
            let items = try await bench.expect("conflicts --json", store: store).json["items"] as? [[String: Any]]
            return try #require(items?.first?["seen"] as? String)
        }
        await bench.expect("propose au-4 --allocation shared", store: "customer")
        await bench.expect("propose au-4 --allocation provider", store: "laptop")
        for store in ["customer", "laptop", "customer"] { try engaged.sync(store) }
        for (store, value) in [("customer", "supplier"), ("laptop", "customer")] {
            await bench.expect("resolve au-4 allocation --value \(value) --seen \(try await seen(store))", store: store)
        }
        for store in ["customer", "laptop", "customer"] { try engaged.sync(store) }
        let told = await bench.expect("conflicts", store: "customer").output
        #expect(told.contains("before: shared / provider") || told.contains("before: provider / shared"), "\(told)")
        let items = try await bench.expect("conflicts --json", store: "customer").json["items"] as? [[String: Any]]
        #expect(((items?.first?["before"] as? [String: Any])?["heads"] as? [Any])?.count == 2)
    }
}
