import FaultyDisks
import Foundation
import Testing

@testable import ClientCLI

@Suite("A full disk, met by the client's commands")
struct FullDiskTests {
    @Test("A server whose disk is full takes nothing: sync ends with 3 and says that nothing is lost, and what waits arrives later")
    func server() async throws {
        let bench = try CommandBench()
        let disk = FaultyDisk(folder: bench.path + "/server")
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            await bench.expect("comment A-1 waits", store: "customer")
            disk.fill()
            for (language, said) in [("en", "nothing is lost, try again later"), ("ja", "失われたものはありません")] {
                let outcome = await bench.expect("sync --json --lang \(language)", store: "customer", exit: .network)
                #expect(try outcome.code == "unavailable", "\(outcome.errors)")
                #expect(outcome.errors.contains(said) && !outcome.errors.contains("errors.log"), "\(outcome.errors)")
            }
            #expect(disk.hasFired)
            #expect(try await bench.expect("outbox --json", store: "customer").list.map { $0["state"] as? String } == ["pending"])
            // It goes on answering those who only read.
            await bench.expect("sync", store: "provider")
            #expect(!(await bench.expect("show A-1", store: "provider").output).contains("waits"))
            disk.disarm()
            await bench.expect("sync", store: "customer")
            #expect(try await bench.expect("outbox --json", store: "customer").list.isEmpty)
            await bench.expect("sync", store: "provider")
            #expect(await bench.expect("show A-1", store: "provider").output.contains("waits"))
        }
    }

    @Test("What is typed on a full disk is said not to be kept, what waits stays, and once there is room it all arrives")
    func typing() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            await bench.expect("comment A-1 before", store: "customer")
            let disk = FaultyDisk(folder: bench.path + "/customer")
            disk.fill()
            for line in ["comment A-2 lost", "note A-2 lost", "accept A-2", "propose A-3 --allocation shared -m lost", "service add Lost"] {
                let outcome = await bench.expect(line + " --json", store: "customer", exit: .machine)
                #expect(try outcome.code == "disk-full", "\(line): \(outcome.errors)")
                #expect(outcome.errors.contains(bench.path + "/customer"), "\(line): \(outcome.errors)")
            }
            for line in ["status", "matrix", "outbox", "show A-1"] { await bench.expect(line, store: "customer") }
            #expect(try await bench.expect("outbox --json", store: "customer").list.count == 1)
            // What would have to be kept of an answer cannot be.
            await bench.expect("comment A-1 theirs", store: "provider")
            await bench.expect("sync", store: "provider")
            let synced = await bench.expect("sync --json", store: "customer", exit: .machine)
            #expect(try synced.code == "disk-full", "\(synced.errors)")
            disk.disarm()
            await bench.expect("sync", store: "customer")
            await bench.expect("store check", store: "customer")
            await bench.expect("sync", store: "provider")
            let arrived = await bench.expect("show A-1", store: "provider").output
            #expect(arrived.contains("before") && arrived.contains("theirs"))
            #expect(!(await bench.expect("list comment", store: "provider").output).contains("lost"))
        }
    }

    @Test("A copy for which there is no room ends with 7 and names it, and nothing of it stays", arguments: ["en", "ja"])
    func backup(language: String) async throws {
        let bench = try await founded()
        let place = bench.path + "/elsewhere"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        let disk = FaultyDisk(folder: place)
        disk.fill()
        let outcome = await bench.expect("store backup \(place)/copy.db --json --lang \(language)", exit: .machine)
        #expect(disk.hasFired)
        disk.disarm()
        #expect(try outcome.code == "cannot-write" && outcome.errors.contains(place + "/copy.db"), "\(outcome.errors)")
        #expect(!outcome.errors.contains("not an error"), "\(outcome.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: place).isEmpty)
        await bench.expect("store backup \(place)/copy.db")
        await bench.expect("store check")
    }

    @Test("A file for which there is no room ends with 7 and names it, and nothing of it stays", arguments: [0, 1, 2])
    func output(number: Int) async throws {
        let bench = try await founded()
        let file = bench.path + "/out"
        let command = [
            ["store", "backup", file], ["export", "json", "--audience", "myself", "-o", file],
            ["export", "csv", "--audience", "myself", "-o", file],
        ][number]
        try await refusing(command, to: file, in: bench)
    }

    @Test("Changes for another device for which there is no room stay where they are, and nothing of their file does")
    func changes() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            let text = String(repeating: "x", count: 15_000)
            for number in 1...4 { await bench.expect("comment A-1 \(number)\(text)", store: "customer") }
            let file = bench.path + "/out"
            try await refusing(["outbox", "export", file], to: file, in: bench, store: "customer")
            #expect(try await bench.expect("outbox --json", store: "customer").list.count == 4)
        }
    }

    /// Runs a command where no file may grow beyond what a reader of the store needs, and then where it may.
    private func refusing(_ command: [String], to file: String, in bench: CommandBench, store: String = "store") async throws {
        let before = try FileManager.default.contentsOfDirectory(atPath: bench.path)
        let words = ["--store", bench.path + "/" + store] + command
        let result = try BuntanProcess.run(words, in: bench.path, wrapper: ["prlimit", "--fsize=40000"])
        #expect(!result.wasKilled && result.status == 7, "\(result.status) \(result.errors)")
        #expect(result.errors.contains(file) && !result.errors.contains("errors.log"), "\(result.errors)")
        let after = try FileManager.default.contentsOfDirectory(atPath: bench.path).filter { name in
            ![".out", ".err"].contains { name.hasSuffix($0) }
        }
        #expect(Set(after).subtracting(before).isEmpty, "\(after)")
        #expect(await bench.run(command, store: store).exit == .done)
        await bench.expect("store check", store: store)
    }

    @Test(
        "An organisation for which there is no room is not begun: 7, and the next try finds nothing in its way",
        arguments: [512, 8_192, 40_000])
    func beginning(bytes: Int) async throws {
        let bench = try CommandBench()
        let store = bench.path + "/store"
        let result = try BuntanProcess.run(
            ["--store", store, "init", "--org", "Kaisha"], in: bench.path, wrapper: ["prlimit", "--fsize=\(bytes)"])
        #expect(!result.wasKilled && result.status == 7, "\(result.status) \(result.errors)")
        #expect(result.errors.contains(store) && !result.errors.contains("errors.log"), "\(result.errors)")
        #expect(!result.output.contains("-"), "no recovery code of what is not there")
        await bench.expect("init --org Kaisha")
        await bench.expect("store check")
    }

    /// A store with more rows than there will be room for.
    private func founded() async throws -> CommandBench {
        let bench = try CommandBench()
        await bench.expect("init --org Kaisha")
        await bench.expect("service add Object_Storage")
        let rows = (1...400).map { "f,A-\($0),shared,\(String(repeating: "x", count: 200))" }.joined(separator: "\n")
        let table = try bench.file("rows.csv", "Framework,Control ID,Allocation,Customer action (en)\n" + rows + "\n")
        await bench.expect("import \(table) --yes")
        return bench
    }
}
