import ArgumentParser
import Foundation
import Testing

@testable import ClientCLI

@Suite("What a newcomer gets wrong first")
struct FirstMistakesTests {
    private func founded() async throws -> CommandBench {
        let bench = try CommandBench()
        await bench.expect("init --org Kaisha")
        await bench.expect("service add Object_Storage")
        return bench
    }

    @Test("A first release without a row is refused, and nothing leaves")
    func emptyRelease() async throws {
        let bench = try await founded()
        let (outbox, releases) = (await bench.expect("outbox --plain").output, await bench.expect("releases --plain").output)
        let outcome = await bench.expect("publish 1 -m first --json", exit: .refused)
        #expect(try outcome.code == "draft-empty", "\(outcome.errors)")
        #expect(await bench.expect("outbox --plain").output == outbox)
        #expect(await bench.expect("releases --plain").output == releases)
    }

    @Test("Each column that stays private is named, and further mistakes are not offered as what was meant")
    func columnsAndCells() async throws {
        let bench = try await founded()
        let odd = try bench.file("odd.csv", "Framework,Control ID,Allocation,Colour,Shape\nf,A-1,shared,red,round\n")
        let read = await bench.expect("import -n \(odd)")
        #expect(read.errors.contains("Colour") && read.errors.contains("Shape"), "\(read.output) \(read.errors)")
        let bad = try bench.file("bad.csv", "Framework,Control ID,Allocation\nf,A-1,banana\nf,A-2,pear\n")
        let refused = await bench.expect("import \(bad)", exit: .inputFile)
        #expect(refused.errors.contains("Also here:\n  bad.csv C3"), "\(refused.errors)")
        #expect(!refused.errors.contains("Did you mean"), "\(refused.errors)")
    }

    @Test("Words that were read as something and controls that stand twice are told, with what to do")
    func readAs() async throws {
        let bench = try await founded()
        let file = try bench.file("both.csv", "Framework,Control ID,Allocation\nf,A-1,both\nf,A-2,Both\nf,A-1,shared\n")
        let read = await bench.expect("import \(file)")
        #expect(read.errors.contains("both.csv C2: 'both' read as shared in allocation (2 rows)"), "\(read.errors)")
        #expect(read.errors.contains("both.csv B4: A-1 stands here again, first in row 2; taken as A-1/main~2"), "\(read.errors)")
        #expect(read.errors.contains("'buntan undo'"), "\(read.errors)")
        #expect(await bench.expect("show a-1/main~2").output.contains("A-1"))
    }

    @Test("A table without a known header is told its own header line and the columns that are wanted")
    func noHeader() async throws {
        let bench = try await founded()
        let file = try bench.file("odd.csv", "Number,Zuständig\n9.2.1,shared\n")
        let refused = await bench.expect("import \(file)", exit: .inputFile)
        #expect(refused.errors.contains("line 1 has: Number, Zuständig"), "\(refused.errors)")
        #expect(refused.errors.contains("header line with Control ID and Allocation;"), "\(refused.errors)")
        #expect(!refused.errors.contains("sheet"), "\(refused.errors)")
    }

    @Test("After a release was withdrawn the next step is another one")
    func withdrawn() async throws {
        let bench = try await founded()
        let file = try bench.file("one.csv", "Framework,Control ID,Allocation\nf,A-1,shared\n")
        await bench.expect("import \(file) -q")
        await bench.expect("publish 1 -m first -q --yes")
        #expect(await bench.expect("status").output.contains("Next: buntan invite NAME"))
        await bench.expect("withdraw 1 -m wrong -q")
        #expect(await bench.expect("status").output.contains("Next: buntan publish LABEL -m WHY"))
    }

    @Test("The next command names the store, the service and the way that were typed, and no more")
    func nextCommand() async throws {
        let bench = try CommandBench()
        let store = bench.path + "/another store"
        func next(_ words: String...) async -> String? {
            let outcome = await bench.run(["--store", store] + words)
            return (outcome.output + outcome.errors).split(separator: "\n").last { $0.hasPrefix("Next: ") }.map(String.init)
        }
        let named = "buntan --store '\(store)'"
        #expect(await next("status") == "Next: \(named) init --org NAME")
        _ = await next("init", "--org", "Kaisha")
        #expect(await next("service", "add", "Storage") == "Next: \(named) import FILE")
        #expect(await next("service", "add", "Other") == "Next: \(named) import FILE")
        let file = try bench.file("one.csv", "Framework,Control ID,Allocation\nf,A-1,shared\n")
        #expect(await next("import", file, "-s", "storage") == "Next: \(named) -s storage publish LABEL -m WHY")
        #expect(await next("delete", "a-1", "-m", "x", "-s", "storage")?.hasPrefix("Next: \(named) undo ") == true)
        #expect(await next("sync", "--ca-file", "ca.pem") == "Next: \(named) config server URL")
        // What the environment says need not be typed.
        await bench.expect("init --org Kaisha -q")
        #expect(await bench.expect("service add Storage").output.hasSuffix("Next: buntan import FILE\n"))
    }

    @Test(
        "A command is completed at one place",
        arguments: [
            (["--store", "csp"], "buntan sync", "buntan --store csp sync"),
            (["-e", "kaisha"], "buntan sync", "buntan sync"),
            (["-e", "kaisha"], "buntan conflicts", "buntan -e kaisha conflicts"),
            (["-e", "kaisha"], "buntan conflicts -e other/storage", "buntan conflicts -e other/storage"),
            (["--store", "it's"], "buntan log", #"buntan --store 'it'\''s' log"#),
            (["--store", "倉庫/一"], "buntan log", "buntan --store 倉庫/一 log"),
            (["--lang", "ja", "--yes"], "buntan log", "buntan log"),
        ])
    func completed(flags: [String], command: String, expected: String) throws {
        #expect(RetypedFlags(try GlobalOptions.parse(flags), nil).completing(command) == expected)
    }

    @Test("The way to the server is typed again where the next command needs it, a proxy's password never")
    func way() throws {
        let global = try GlobalOptions.parse([])
        let open = RetypedFlags(global, try NetworkOptions.parse(["--ca-file", "ca.pem", "--proxy", "http://proxy:3128"]))
        #expect(open.completing("buntan sync") == "buntan --ca-file ca.pem --proxy http://proxy:3128 sync")
        #expect(open.completing("buntan log") == "buntan log")
        let secret = RetypedFlags(global, try NetworkOptions.parse(["--proxy", "http://u:secret@proxy:3128"]))
        #expect(secret.completing("buntan sync") == "buntan sync")
    }

    @Test("A service goes by the same letters wherever people meet it, and can be shown by them")
    func oneShortID() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Kaisha -q")
        let made = await bench.expect("service add Object_Storage").output
        let short = try #require(made.split(separator: " ").first.map(String.init))
        #expect(await bench.expect("show object-storage").output.hasPrefix("Object Storage  service  \(short)\n"))
        #expect(await bench.expect("list cloud-service").output.contains("\n\(short)  Object Storage"))
        #expect(await bench.expect("show \(short)").output.contains("Object Storage"))
    }

    @Test("What was published is no longer called private, and what was added since is")
    func visibility() async throws {
        let bench = try await founded()
        func kind(_ name: String) async -> [String] {
            await bench.expect("list --plain --fields kind,count,visibility").output.split(separator: "\n").map(String.init)
                .filter { $0.hasPrefix(name + "\t") }
        }
        let file = try bench.file("one.csv", "Framework,Control ID,Allocation\nf,A-1,shared\n")
        await bench.expect("import \(file) -q")
        #expect(await kind("cloud-service") == ["cloud-service\t1\tprivate"])
        await bench.expect("publish 1 -m first -q --yes")
        #expect(await kind("cloud-service") == ["cloud-service\t1\tpublic"])
        #expect(await bench.expect("list cloud-service --plain --fields visibility").output == "visibility\npublic\n")
        let more = try bench.file("two.csv", "Framework,Control ID,Allocation\nf,A-2,shared\n")
        await bench.expect("import \(more) -q")
        #expect(await kind("responsibility") == ["responsibility\t1\tpublic", "responsibility\t1\tprivate"])
        #expect(
            await bench.expect("list responsibility --plain --fields row.controlId,visibility").output.contains("private"))
    }
}
