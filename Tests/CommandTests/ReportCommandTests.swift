import Foundation
import Testing
import Wording

@testable import ClientCLI

@Suite("Reports by command")
struct ReportCommandTests {
    /// An engagement on which something is agreed, something disputed, with words of all sorts.
    private static func talking() async throws -> EngagedBench {
        let engaged = try await EngagedBench()
        await engaged.bench.expect("accept ac-2", store: "customer")
        await engaged.bench.expect("propose au-4 --allocation shared -m our_own_copy", store: "customer")
        await engaged.bench.expect("comment ca-8 Which_<subprocessors>?", store: "customer")
        await engaged.bench.expect("note au-4 ask_legal_first", store: "customer")
        try engaged.syncBoth()
        return engaged
    }

    @Test("An engagement is written as one page that says where it stands, in either language, and nothing else differs between runs")
    func page() async throws {
        let engaged = try await Self.talking()
        let bench = engaged.bench
        let english = await bench.expect("report", store: "customer").output
        for part in [
            "<html lang=\"en\">", "Object Storage", "Example Cloud K.K.", "Kaisha K.K.", "2026.1", "Shared responsibility report",
            "id=\"heatmap\"", "id=\"matrix\"", "id=\"disputes\"", "our own copy", "Which &lt;subprocessors&gt;?", "ask legal first",
            "This report holds private records of Kaisha K.K.", "The platform logs AU-4.", "Nothing has been signed.",
        ] {
            #expect(english.contains(part), "\(part)")
        }
        #expect(english == (await bench.expect("report", store: "customer").output))
        let japanese = await bench.expect("report --lang ja", store: "customer").output
        for part in ["<html lang=\"ja\">", "責任分担報告書", "分担の分布", "不一致", "Kaisha K.K.の非公開の記録", "共有"] {
            #expect(japanese.contains(part), "\(part)")
        }
        // What was typed in English says so on a Japanese page.
        #expect(japanese.contains("<bdi lang=\"en\">The platform logs AU-4.</bdi>"))
    }

    @Test("Every kind of record that the two sides share of a service is in it, whatever was added to them last")
    func kinds() async throws {
        let engaged = try await Self.talking()
        let bench = engaged.bench
        await bench.expect("edit critical-operation --shared --set operation=restore --set procedure/en=Ask_first.", store: "customer")
        await bench.expect("edit contact-point --shared --set purpose=support --set name/en=Desk", store: "customer")
        try engaged.syncBoth()
        for store in ["customer", "provider"] {
            let report = await bench.expect("report --format md\(store == "provider" ? " -e kaisha" : "")", store: store).output
            #expect(report.contains("Ask first.") && report.contains("Desk"), "\(store)")
        }
    }

    @Test("What waits to be sent is told to oneself, and is nothing for the counterpart to count")
    func unsent() async throws {
        let engaged = try await Self.talking()
        await engaged.bench.expect("comment au-4 Not_sent_yet.", store: "customer")
        func notices(_ options: String) async throws -> [String] {
            let document = try await engaged.bench.expect("report --json \(options)", store: "customer").json
            return (document["summary"] as? [String: Any])?["notices"] as? [String] ?? []
        }
        let own = try await notices("")
        let theirs = try await notices("--audience counterpart")
        #expect(own.contains("unsent") && theirs == ["held-back"], "\(own) \(theirs)")
    }

    @Test("Counts and rows are those of status and matrix, in JSON and in Markdown")
    func counts() async throws {
        let engaged = try await Self.talking()
        let bench = engaged.bench
        let document = try await bench.expect("report --json", store: "customer").json
        let summary = try #require(document["summary"] as? [String: Any])
        let counts = try #require(summary["counts"] as? [String: Int])
        #expect(counts["agreed"] == 1 && counts["disputed"] == 1 && counts["open"] == 2, "\(counts)")
        let sections = try #require(document["sections"] as? [String: [String: Any]])
        let rows = try #require(sections["matrix"]?["rows"] as? [[String: Any]])
        let listed = try await bench.expect("matrix --json", store: "customer").list
        #expect(NSArray(array: rows) == NSArray(array: listed))
        let disputes = try #require(sections["disputes"]?["rows"] as? [[String: Any]])
        #expect(NSArray(array: disputes) == NSArray(array: try await bench.expect("disputes --json", store: "customer").list))
        let families = try #require(sections["heatmap"]?["families"] as? [[String: Any]])
        #expect(families.compactMap { $0["rows"] as? Int } == [2, 1, 1, 4])
        // Of a rule that finds very much the first are told, and the rest is counted.
        let told = (sections["findings"]?["findings"] as? [Any] ?? []).count
        let left = try #require(sections["findings"]?["left"] as? Int)
        let checked = await bench.run("check", "--json", store: "customer")
        // Gaps stand in a section of their own.
        let found = try checked.list
        let all = found.count { $0["outcome"] as? String != "gap" || $0["result"] as? String == "unknown" }
        #expect(left > 0 && told + left == all)
        let listedGaps = try await bench.expect("gaps --json", store: "customer").list
        let gaps = ["gaps", "uncompared"].flatMap { sections["gaps"]?[$0] as? [[String: Any]] ?? [] }
        #expect(gaps.count + (sections["gaps"]?["left"] as? Int ?? 0) == listedGaps.count && !gaps.isEmpty)
        #expect(
            NSArray(array: gaps.filter { $0["result"] as? String != "gap" })
                == NSArray(array: listedGaps.filter { $0["result"] as? String != "gap" }))
        let markdown = await bench.expect("report --format md", store: "customer").output
        #expect(markdown.hasPrefix("# Object Storage\n") && markdown.contains("| AU-4 |") && markdown.contains("- Rows agreed: **1** of 4"))
    }

    @Test("It tells what management has not begun as check does, in every form and either language, and nothing once it is there")
    func notBegun() async throws {
        let engaged = try await EngagedBench()
        let bench = engaged.bench
        func told(_ options: String = "") async throws -> [[String: Any]] {
            let sections =
                try await bench.expect("report --json \(options)", store: "customer").json["sections"] as? [String: [String: Any]]
            let found = try #require(sections?["findings"]?["findings"] as? [[String: Any]])
            return found.filter { $0["result"] as? String == "not-begun" }
        }
        let kinds = ["scope-statement", "soa", "internal-audit", "management-review"]
        for options in ["", "--organisation"] {
            #expect(try await told(options).compactMap { $0["kind"] as? String } == kinds, "\(options)")
        }
        let checked = try await bench.run("check", "--json", store: "customer").list.filter { $0["result"] as? String == "not-begun" }
        #expect(NSArray(array: try await told()) == NSArray(array: checked))
        for (language, title, audit) in [("en", "Not begun", "Internal audit"), ("ja", "まだ始めていないもの", "内部監査")] {
            for format in ["html", "md"] {
                let page = await bench.expect("report --format \(format) --lang \(language)", store: "customer").output
                #expect(page.contains(title) && page.contains(audit), "\(format) \(language)")
            }
            let theirs = await bench.expect("report --format md --audience counterpart --lang \(language)", store: "customer").output
            #expect(!theirs.contains(title))
        }
        await bench.expect("review start", store: "customer")
        #expect(try await !told().contains { $0["kind"] as? String == "management-review" })
    }

    @Test("For the counterpart nothing of one's own is in it, on a salted store; for oneself it is")
    func salted() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            _ = try ExportTests.salt(bench)
            await bench.expect("comment A-1 BETWEEN-US -e kaisha", store: "provider")
            for scope in ["-s object-storage", "-e kaisha"] {
                for format in ["html", "md", "json"] {
                    let out = await bench.expect("report --format \(format) --audience counterpart \(scope)", store: "provider").output
                    #expect(!out.contains("SECRET"), "\(scope) \(format)")
                    #expect(out.contains("Keep a copy."))
                    // Who the customers are is nobody else's business.
                    #expect(out.contains("Kaisha") == (scope == "-e kaisha") && out.contains("BETWEEN-US") == (scope == "-e kaisha"))
                }
            }
            let own = await bench.expect("report -s object-storage", store: "provider").output
            for secret in ["SECRET-unpublished", "SECRET-undisclosed", "SECRET-annotation-text"] {
                #expect(own.contains(secret), "\(secret)")
            }
            let whole = await bench.expect("report --organisation --json", store: "provider").output
            #expect(whole.contains("SECRET-") && whole.contains("\"subject\": \"organisation\""))
        }
    }

    @Test("What was signed is told with signers, days, keys and digest, in words that are nobody's")
    func signed() async throws {
        try await AgreementCommandTests.withSigned(by: "customer") { bench, short in
            for store in ["provider", "customer"] {
                let page = await bench.expect("report", store: store).output
                for part in ["Hanako Yamada", "Ichiro Sato", "Security Manager", short, "in force since", "SHA-256"] {
                    #expect(page.contains(part), "\(part)")
                }
                let document = try await bench.expect("report --json", store: store).json
                let sections = try #require(document["sections"] as? [String: [String: Any]])
                #expect((sections["agreements"]?["signatures"] as? [[String: Any]])?.count == 2)
            }
            // Long before, nothing of it was here.
            let before = await bench.expect("report --at 2020-01-01 --json", store: "customer", exit: .usage)
            #expect(try before.code == "nothing-then")
        }
    }

    @Test("A file is written whole in the form of its name, over one that was there with --yes alone; what it is not to be is refused")
    func files() async throws {
        let engaged = try await EngagedBench()
        let bench = engaged.bench
        let path = bench.path + "/report.html"
        try Data("before".utf8).write(to: URL(fileURLWithPath: path))
        #expect(try await bench.expect("report -o \(path) --json", store: "customer", exit: .machine).code == "file-exists")
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data("before".utf8))
        let written = await bench.expect("report -o \(path) --json --yes", store: "customer")
        #expect(try written.item["format"] as? String == "html" && written.item["rows"] as? Int == 4)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(try written.item["bytes"] as? Int == bytes.count && bytes.starts(with: Data("<!doctype html>".utf8)))
        let told = await bench.expect("report -o \(bench.path)/r.md --audience counterpart", store: "customer").output
        #expect(told.contains("r.md") && !told.contains("private"))
        // One that holds private records is followed by the command for the other side's, which works as it is printed.
        let own = await bench.expect("report -o \(bench.path)/own.md", store: "customer").output
        let next = try #require(own.split(separator: "\n").first { $0.contains("--audience counterpart") }).drop { $0 == " " }
        #expect(!own.contains("{") && next.hasPrefix("buntan report -e ") && next.hasSuffix(" -o for-them.md"), "\(own)")
        let typed = next.dropFirst("buntan ".count).replacing("for-them.md", with: "\(bench.path)/for-them.md")
        await bench.expect(String(typed), store: "customer")
        let whole = await bench.expect("report --organisation -o \(bench.path)/all.md", store: "customer").output
        #expect(whole.contains("private records") && !whole.contains("counterpart") && !whole.contains("{"), "\(whole)")
        #expect(try await bench.expect("report -o \(bench.path)/r.pdf --json", store: "customer", exit: .usage).code == "invalid-value-of")
        #expect(try await bench.expect("report --format pdf --json", store: "customer", exit: .usage).code == "invalid-value-of")
        #expect(try await bench.expect("report --audience public --json", store: "customer", exit: .usage).code == "invalid-value-of")
        #expect(
            try await bench.expect("report --organisation --audience counterpart --json", store: "customer", exit: .usage).code
                == "options-exclude")
        #expect(try await bench.expect("report --at 2026-02-30 --json", store: "customer", exit: .usage).code == "date-not-in-calendar")
        let missing = await bench.expect("report -o \(bench.path)/none/r.html --json", store: "customer", exit: .machine)
        #expect(try missing.code == "cannot-write")
        #expect(try FileManager.default.contentsOfDirectory(atPath: bench.path).filter { $0.contains("report") } == ["report.html"])
    }

    @Test("An organisation that has nothing yet has its report, and a draft is told as one")
    func early() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        let page = await bench.expect("report").output
        #expect(page.contains("Organisation report") && page.contains("There are no services."))
        await bench.expect("service add Storage")
        #expect((await bench.expect("report").output).contains("nothing released yet"))
        #expect(try await bench.expect("report --audience counterpart --json", exit: .refused).code == "nothing-published")
    }
}
