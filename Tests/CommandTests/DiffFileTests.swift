import Foundation
import Testing

@testable import ClientCLI

@Suite("diff of matrices in files")
struct DiffFileTests {
    @Test("Matrices about controls of different frameworks have no row in common, and that is said")
    func frameworks() async throws {
        let bench = try CommandBench()
        let one = try bench.file("one.csv", "Framework,Control ID,Allocation\nours,A-1,shared\n")
        let other = try bench.file("other.csv", "Framework,Control ID,Allocation\ntheirs,B-1,shared\n")
        let told = await bench.run("diff", "\(one)..\(other)", "--json")
        #expect(try told.exit == .inputFile && told.code == "frameworks-differ", "\(told.output)\(told.errors)")
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        await bench.expect("import \(one) --yes")
        #expect(try await bench.run("diff", "draft..\(other)", "--json").code == "frameworks-differ")
        #expect(await bench.run("diff", "draft..\(one)").output.contains("No difference."))
    }

    @Test("An allocation that changes while its words only move to the other side changed alone: in diff, and when publishing asks why")
    func moved() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        let header = "Framework,Control ID,Allocation,Provider statement,Customer action\n"
        await bench.expect(
            "import \(try bench.file("1.csv", header + "ours,A-1,customer,,Same words.\nours,A-2,provider,Words.,\n")) --yes")
        await bench.expect("publish 1 -m first --yes")
        await bench.expect(
            "import \(try bench.file("2.csv", header + "ours,A-1,provider,Same words.,\nours,A-2,customer,,Others.\n")) --yes")
        let refused = await bench.run("publish", "2", "--json")
        #expect(try refused.code == "answer-missing", "\(refused.output)\(refused.errors)")
        await bench.expect("publish 2 -m why --yes")
        let list = try await bench.expect("diff 1..2 --json").list
        let alone = list.filter { $0["alone"] as? Bool == true }.compactMap { ($0["row"] as? [String: Any])?["controlId"] as? String }
        #expect(alone == ["A-1"], "\(list)")
    }

    private static let first =
        "Framework,Control ID,Allocation,Customer action (en)\nf,A-1,shared,Keep a copy.\nf,A-2,provider,\nf,A-3,customer,Do it.\n"
    private static let second = "Framework,Control ID,Allocation\nf,A-1,customer\nf,A-2,provider\nf,A-4,shared\n"

    @Test("Two files, a file and a release, a release and a file: the same rows differ, and nothing is written")
    func files() async throws {
        let bench = try CommandBench()
        let (old, new) = (try bench.file("old.v1.csv", Self.first), try bench.file("new.csv", Self.second))
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        await bench.expect("import \(old)")
        await bench.expect("publish 1 -m first")
        let before = try await bench.expect("log --json").json["items"] as? [Any]
        for (range, names) in [("\(old)..\(new)", ["old.v1.csv", "new.csv"]), ("1..\(new)", ["1", "new.csv"])] {
            let shown = await bench.expect("diff \(range)")
            for part in names + ["3 rows differ", "1 row: shared to customer", "1 row added", "1 row removed", "A-4", "A-3"] {
                #expect(shown.output.contains(part), "\(range): \(part)\n\(shown.output)")
            }
            // The second file has no column for what customers do, and so says nothing of it.
            #expect(!shown.output.contains("Keep a copy."), "\(shown.output)")
        }
        let back = await bench.expect("diff \(new)..1")
        #expect(back.output.contains("1 row: customer to shared"), "\(back.output)")
        for range in ["\(old)..1", "1..\(old)", old, "\(old)..\(old)"] {
            #expect(await bench.expect("diff \(range)").output == "No difference.\n", "\(range)")
        }
        let json = try await bench.expect("diff \(old)..\(new) --json").json["items"] as? [[String: Any]]
        #expect(Set(json?.compactMap { $0["change"] as? String } ?? []) == ["changed", "removed", "added"])
        let after = try await bench.expect("log --json").json["items"] as? [Any]
        #expect(before?.count == after?.count)
    }

    @Test("Two files need no store, nor a service in it, nor one that is chosen; in none of them is anything written")
    func withoutStore() async throws {
        let bench = try CommandBench()
        let (old, new) = (try bench.file("old.csv", Self.first), try bench.file("new.csv", Self.second))
        func check(_ when: String) async throws {
            let shown = await bench.expect("diff \(old)..\(new)").output
            for part in ["From old.csv to new.csv: 3 rows differ", "1 row: shared to customer", "1 row added", "1 row removed"] {
                #expect(shown.contains(part), "\(when): \(part)\n\(shown)")
            }
            let json = try await bench.expect("diff \(old)..\(new) --json").list
            #expect(Set(json.compactMap { $0["change"] as? String }) == ["changed", "removed", "added"], "\(when)")
            #expect(await bench.expect("diff \(old)..\(old)").output == "No difference.\n", "\(when)")
        }
        try await check("no store")
        #expect(!FileManager.default.fileExists(atPath: bench.path + "/store"))
        let one = await bench.expect("diff \(old) --json", exit: .usage)
        #expect(try one.code == "no-store")
        await bench.expect("init --org Example")
        try await check("no service")
        await bench.expect("service add Storage")
        await bench.expect("service add Compute")
        try await check("none chosen")
        #expect(try await bench.expect("diff \(old) --json", exit: .usage).code == "no-current")
    }

    @Test("A draft is compared as a release of it would be: with releases, files and what stands")
    func draft() async throws {
        let bench = try CommandBench()
        let (old, new) = (
            try bench.file("old.csv", Self.first),
            try bench.file("new.csv", "Framework,Control ID,Allocation\nf,A-1,customer\nf,A-2,provider\nf,A-3,customer\nf,A-4,shared\n")
        )
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        await bench.expect("import \(old)")
        #expect(await bench.expect("diff now..draft").output.contains("3 rows added"))
        await bench.expect("publish 1 -m first")
        for line in ["diff 1..draft", "diff draft", "diff draft..1", "diff draft..\(old)", "diff"] {
            #expect(await bench.expect(line).output == "No difference.\n", "\(line)")
        }
        await bench.expect("import \(new)")
        for line in ["diff 1..draft", "diff"] {
            let shown = await bench.expect(line).output
            #expect(shown.contains("From 1 to the draft: 2 rows differ"), "\(line): \(shown)")
            #expect(shown.contains("1 row: shared to customer") && shown.contains("1 row added"), "\(line): \(shown)")
        }
        #expect(await bench.expect("diff draft..1 --lang ja").output.contains("下書きから1まで"))
        #expect(await bench.expect("diff draft..\(new)").output == "No difference.\n")
        await bench.expect("publish 2 -m second")
        #expect(await bench.expect("diff 2..draft").output == "No difference.\n")
    }

    @Test("A customer has no draft to compare")
    func noDraft() async throws {
        let engaged = try await EngagedBench()
        let unknown = await engaged.bench.expect("diff 2026.1..draft --json", store: "customer", exit: .usage)
        #expect(try unknown.code == "unknown-id")
        let own = await engaged.bench.expect("diff 2026.1..draft", store: "provider")
        #expect(own.output == "No difference.\n")
    }

    @Test("A row of another framework than the file's is no difference")
    func otherFramework() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        await bench.expect("import \(try bench.file("both.csv", Self.first + "g,B-1,shared,\n"))")
        await bench.expect("publish 1 -m first")
        #expect(await bench.expect("diff 1..\(try bench.file("one.csv", Self.first))").output == "No difference.\n")
    }

    @Test("A file that cannot be read, or is not there, says so")
    func unreadable() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        await bench.expect("import \(try bench.file("rows.csv", Self.first))")
        await bench.expect("publish 1 -m first")
        let noise = try bench.file("noise.csv", "nothing to see")
        let refused = await bench.expect("diff 1..\(noise) --json", exit: .inputFile)
        #expect(refused.errors.contains("noise.csv"), "\(refused.errors)")
        let missing = await bench.expect("diff 1..\(bench.path)/none.csv --json", exit: .inputFile)
        #expect(try missing.code == "file-missing", "\(missing.errors)")
        #expect(try await bench.expect("diff 1..none --json", exit: .usage).code == "unknown-release")
    }

    @Test(
        "A range is parted where that leaves files",
        arguments: [
            ("1..2", "1", "2"), ("FOLDER/../a.csv..FOLDER/b.csv", "FOLDER/../a.csv", "FOLDER/b.csv"),
            ("FOLDER/a.csv..2026.1", "FOLDER/a.csv", "2026.1"),
            ("2026.1..FOLDER/../b.csv", "2026.1", "FOLDER/../b.csv"),
        ])
    func parting(range: String, first: String, second: String) throws {
        let bench = try CommandBench()
        let folder = bench.path + "/in"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for name in ["a.csv", "b.csv", "in/a.csv", "in/b.csv"] { _ = try bench.file(name, "x") }
        func real(_ text: String) -> String { text.replacing("FOLDER", with: folder) }
        let ends = try #require(FiledMatrix.ends(of: real(range)))
        #expect(ends == (real(first), real(second)))
        #expect(FiledMatrix.ends(of: folder + "/../a.csv") == nil)
    }
}
