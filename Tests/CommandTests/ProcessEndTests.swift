import ChildProcesses
import Foundation
import Synchronization
import Glibc
import Testing

@testable import ClientCLI
@testable import ServerApp

@Suite("The program as a process: descriptors and signals", .serialized)
struct ProcessEndTests {
    private func founded() async throws -> CommandBench {
        let bench = try CommandBench()
        await bench.expect("init --org Kaisha")
        await bench.expect("service add Object_Storage")
        let rows = try bench.file("rows.csv", "Control ID,Responsibility\nA-1,shared\nA-2,provider\n")
        await bench.expect("import \(rows) --framework own")
        return bench
    }

    @Test(
        "When nobody reads its output any more it ends quietly with 0", arguments: [["matrix"], ["matrix", "--json"], ["help", "sync"]])
    func closedPipe(words: [String]) async throws {
        let bench = try await founded()
        let pipe = Pipe()
        try pipe.fileHandleForReading.close()
        let result = try BuntanProcess.run(
            ["--store", bench.path + "/store"] + words, in: bench.path, standardOutput: pipe.fileHandleForWriting)
        #expect(result.status == 0 && !result.wasKilled && result.errors.isEmpty, "\(result.status) \(result.errors)")
    }

    @Test("Output that has no room ends with 7 and says so")
    func fullOutput() async throws {
        let bench = try await founded()
        let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
        let result = try BuntanProcess.run(["--store", bench.path + "/store", "matrix"], in: bench.path, standardOutput: full)
        #expect(result.status == 7 && result.errors.contains("No space left"), "\(result.status) \(result.errors)")
    }

    @Test(
        "With descriptors closed nothing is taken for them: the store stays sound, and what cannot be said is an error",
        arguments: ["<&-", ">&-", "<&- >&-", "<&- >&- 2>&-", "2>&-"])
    func closedDescriptors(closing: String) async throws {
        let bench = try await founded()
        let store = bench.path + "/store"
        let before = await bench.expect("services --plain").output
        for words in ["matrix", "note A-1 typed", "note A-1 -"] {
            let process = try ChildProcess(
                "/bin/sh", ["-c", "exec \"$BUNTAN\" --store \"$STORE\" \(words) \(closing)"],
                environment: [
                    "PATH": "/usr/bin:/bin", "HOME": bench.path, "LANG": "C", "BUNTAN": BuntanProcess.program.path, "STORE": store,
                ], output: .null, errors: .null)
            let status = process.end()
            #expect(!process.wasKilled)
            let expected: [Int32] = words.hasSuffix("-") ? [2] : closing.contains(">&-") && !closing.hasPrefix("2") ? [7] : [0]
            #expect(expected.contains(status), "\(words) \(closing): \(status)")
        }
        await bench.expect("store check")
        #expect(await bench.expect("services --plain").output == before)
    }

    @Test("An interruption while an import waits for its file leaves nothing behind, and ends with 130")
    func interruptedImport() async throws {
        let bench = try await founded()
        let before = await bench.expect("matrix --plain").output
        let fifo = bench.path + "/rows.fifo"
        try #require(mkfifo(fifo, 0o600) == 0)
        let process = try BuntanProcess(["--store", bench.path + "/store", "import", fifo, "--framework", "own"], in: bench.path)
        // Opening it for writing waits until the program has opened it for reading.
        let end = open(fifo, O_WRONLY)
        try #require(end >= 0)
        let rows = Array("Control ID,Responsibility\nB-1,shared\n".utf8)
        #expect(write(end, rows, rows.count) == rows.count)
        process.signal(SIGINT)
        let result = try process.end()
        close(end)
        #expect(result.status == 130 && !result.wasKilled, "\(result.status) \(result.errors)")
        #expect(await bench.expect("matrix --plain").output == before)
        await bench.expect("store check")
    }

    @Test(
        "An interruption in the middle of a sync ends with 130 and says what is kept; the next sync brings the rest",
        arguments: ["heads", "push", "pull"])
    func interruptedSync(method: String) async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            await bench.expect("comment A-1 theirs", store: "provider")
            await bench.expect("sync", store: "provider")
            await bench.expect("comment A-2 typed", store: "customer")
            try await AlteringProxy.with(server) { proxy, address in
                await bench.expect("config server \(address)", store: "customer")
                let held = Held()
                proxy.leavePagesToPulls()
                proxy.before { call in if call.method == method { held.interrupt() } }
                let process = try BuntanProcess(["--store", bench.path + "/customer", "sync"], in: bench.path)
                held.set(process)
                let result = try process.end()
                #expect(result.status == 130 && !result.wasKilled, "\(result.status) \(result.errors)")
                #expect(result.errors.contains("interrupted") && result.errors.contains("pending"), "\(result.errors)")
                proxy.before { _ in }
                await bench.expect("store check", store: "customer")
                await bench.expect("sync", store: "customer")
                await bench.expect("sync", store: "provider")
                #expect(await bench.expect("list comment --json", store: "provider").output.contains("\"typed\""))
                #expect(await bench.expect("list comment --json", store: "customer").output.contains("\"theirs\""))
            }
        }
    }

    /// A process to interrupt from elsewhere, once it is there; then whoever interrupted it waits for its end.
    private final class Held: Sendable {
        private let process = Mutex<BuntanProcess?>(nil)
        private let isThere = DispatchSemaphore(value: 0)

        func set(_ process: BuntanProcess) {
            self.process.withLock { $0 = process }
            isThere.signal()
        }

        func interrupt() {
            isThere.wait()
            // Whoever comes next finds it there as well.
            isThere.signal()
            let process = process.withLock { $0 }
            process?.signal(SIGINT)
            process?.wait()
        }
    }
}
