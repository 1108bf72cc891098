import Foundation
import Replica
import Storage
import Testing

@testable import ClientCLI

@Suite("What touches many records is asked about")
struct AskingTests {
    private func bench(rows: Int) async throws -> (CommandBench, String) {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        let lines = (1...rows).map { "f,A-\($0),shared,Keep a copy.\n" }.joined()
        return (bench, try bench.file("rows.csv", "Framework,Control ID,Allocation,Customer action (en)\n" + lines))
    }

    private func rows(_ bench: CommandBench) async throws -> Int {
        (try await bench.expect("matrix --json").json["items"] as? [Any])?.count ?? -1
    }

    @Test("import asks with its numbers; no leaves the draft as it was, and yes, typed or given, takes it")
    func importing() async throws {
        let (bench, table) = try await bench(rows: 21)
        let declined = await bench.expect("import \(table)", answers: ["n"], isTerminal: true, exit: .usage)
        #expect(declined.errors.contains("Take 21 rows and 0 private notes into the draft of storage? [y/N]"), "\(declined.errors)")
        #expect(try await rows(bench) == 0)
        let unasked = await bench.expect("import \(table) --json", exit: .usage)
        #expect(try unasked.code == "too-many")
        #expect(unasked.errors.contains("Take 21 rows and 0 private notes"), "\(unasked.errors)")
        #expect(try await rows(bench) == 0)
        await bench.expect("import -n \(table)")
        await bench.expect("import \(table)", answers: ["y"], isTerminal: true)
        #expect(try await rows(bench) == 21)
        // What changes nothing is not asked about.
        await bench.expect("import \(table)")
    }

    @Test("publish asks with its numbers before anything leaves, withdraw before a release of many rows is marked")
    func publishing() async throws {
        let (bench, table) = try await bench(rows: 21)
        await bench.expect("import \(table) --yes")
        let declined = await bench.expect("publish 1 -m first", answers: ["n"], isTerminal: true, exit: .usage)
        #expect(declined.errors.contains("Publish 1 of Storage: 21 rows, 23 records changed? [y/N]"), "\(declined.errors)")
        let unasked = await bench.expect("publish 1 -m first --lang ja", exit: .usage)
        #expect(unasked.errors.contains("Storageの1を公開しますか。21行、変更のある記録は23件。"), "\(unasked.errors)")
        #expect(await bench.expect("releases --plain --fields label").output == "label\n")
        await bench.expect("publish 1 -m first --yes")

        let kept = await bench.expect("withdraw 1 -m wrong", answers: ["n"], isTerminal: true, exit: .usage)
        #expect(kept.errors.contains("Withdraw 1 of Storage, 21 rows?"), "\(kept.errors)")
        #expect(try await bench.expect("withdraw 1 -m wrong --json", exit: .usage).code == "too-many")
        #expect(await bench.expect("releases --plain --fields isWithdrawn").output == "isWithdrawn\nfalse\n")
        await bench.expect("withdraw 1 -m wrong", answers: ["y"], isTerminal: true)
        #expect(await bench.expect("releases --plain --fields isWithdrawn").output == "isWithdrawn\ntrue\n")
    }

    @Test("Up to twenty nothing is asked")
    func few() async throws {
        let (bench, table) = try await bench(rows: 18)
        await bench.expect("import \(table)")
        await bench.expect("publish 1 -m first")
        await bench.expect("withdraw 1 -m wrong")
    }

    @Test("Positions on many rows, and an undo of many records, are asked about; no leaves everything as it was")
    func positions() async throws {
        let engaged = try await EngagedBench()
        let bench = engaged.bench
        let lines = (1...21).map { "f,A-\($0),shared\n" }.joined()
        let table = try bench.file("rows.csv", "Framework,Control ID,Allocation\n" + lines)
        let own = try #require(try engaged.open("provider").store.read { try StoreDirectory($0) }.services.first?.handle)
        await bench.expect("import \(table) -s \(own) --yes", store: "provider")
        await bench.expect("publish 2 -m more -s \(own) --yes", store: "provider")
        try engaged.syncBoth()

        func pending() async throws -> Int? { try await bench.expect("status --json", store: "customer").item["pending"] as? Int }
        for command in ["accept --where framework=f", "propose A --allocation customer"] {
            let declined = await bench.expect(command, store: "customer", answers: ["n"], isTerminal: true, exit: .usage)
            #expect(declined.errors.contains("21") && declined.errors.contains("[y/N]"), "\(declined.errors)")
            #expect(try await bench.expect(command + " --json", store: "customer", exit: .usage).code == "too-many")
            let waiting = try await pending()
            #expect(waiting == 0)
        }
        await bench.expect("accept --where framework=f", store: "customer", answers: ["y"], isTerminal: true)
        let made = try await pending()
        #expect(try #require(made) > 0)
        let kept = await bench.expect("undo", store: "customer", answers: ["n"], isTerminal: true, exit: .usage)
        #expect(kept.errors.contains("21"), "\(kept.errors)")
        #expect(try await bench.expect("undo --json", store: "customer", exit: .usage).code == "too-many")
        let still = try await pending()
        #expect(still == made)
        await bench.expect("undo", store: "customer", answers: ["y"], isTerminal: true)
    }
}
