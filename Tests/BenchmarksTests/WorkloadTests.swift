import ChildProcesses
import Foundation
import TestKit
import Testing

/// The members that every workload prints, whatever it measures.
private let members: Set<String> = [
    "workload", "rows", "seconds", "localSeconds", "bytesSent", "bytesReceived", "serverPeakRSS", "cyclesPerSecond", "p50Ms", "p99Ms",
    "shown", "merged", "lost", "durability",
]

/// What a run of the program printed, and how it ended.
private struct BenchRun {
    let status: Int32
    let figures: [String: Any]

    init(_ arguments: [String]) throws {
        let run = try ChildProcess.run(Self.program.path, arguments, errors: .ours)
        status = run.status
        figures = (try? JSONSerialization.jsonObject(with: Data(run.said.utf8))) as? [String: Any] ?? [:]
    }

    func number(_ name: String) -> Double? { figures[name] as? Double }

    /// The server that it starts stands beside it.
    private static var program: URL { standing("buntan-bench") }

    /// A program that stands beside the tests' own bundle.
    static func standing(_ name: String) -> URL {
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") }.map(URL.init(fileURLWithPath:))
        let folder = (bundle ?? Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])).deletingLastPathComponent()
        return folder.appendingPathComponent(name)
    }
}

@Suite("The benchmarks", .serialized)
struct WorkloadTests {
    @Test(
        "Each workload runs on a few rows and prints its members",
        arguments: [
            "publish", "clone", "change", "conflict", "load", "wait", "floor", "status", "check",
        ])
    func prints(workload: String) throws {
        let run = try BenchRun([workload, "--rows", "50", "--cycles", "6", "--tenants", "2", "--clients", "3", "--json"])
        #expect(run.status == 0)
        #expect(members.isSubset(of: Set(run.figures.keys)))
        #expect(run.figures["workload"] as? String == workload)
        #expect(try #require(run.number("seconds")) > 0)
        #expect(run.figures["durability"] as? String == "wal/FULL")
        if workload != "floor" { #expect(try #require(run.number("serverPeakRSS")) > 1_000_000) }
        if ["publish", "clone", "change", "conflict", "load", "wait"].contains(workload) {
            #expect(try #require(run.number("bytesSent")) > 0)
            #expect(try #require(run.number("bytesReceived")) > 0)
        }
        // What comes before the network is told where something does, and only there.
        if ["publish", "conflict"].contains(workload) {
            #expect(try #require(run.number("localSeconds")) > 0)
        } else {
            #expect(run.figures["localSeconds"] is NSNull)
        }
        if ["change", "load"].contains(workload) { #expect(try #require(run.number("cyclesPerSecond")) > 0) }
        if ["change", "load", "wait", "status", "check"].contains(workload) {
            #expect(try #require(run.number("p50Ms")) <= #require(run.number("p99Ms")))
        }
    }

    @Test("Records of every kind are checked beside the rows, and one changed field has few rules asked again")
    func check() throws {
        let run = try BenchRun(["check", "--rows", "20", "--cycles", "1", "--json"])
        #expect(run.status == 0)
        // 20 rows and 20 answers, and each side's records of each kind.
        #expect(try #require(run.number("records")) > 1_000)
        let (asked, again) = (try #require(run.number("asked")), try #require(run.number("askedAgain")))
        #expect(again > 0 && again < asked / 100)
    }

    @Test("Edits on the same fields are shown, the others merge, and none is lost")
    func conflicts() throws {
        let run = try BenchRun(["conflict", "--rows", "50", "--json"])
        let edits = try #require(run.number("edits"))
        let common = try #require(run.number("common"))
        #expect(common > 0)
        #expect(run.number("shown") == common)
        #expect(run.number("merged") == edits - 2 * common)
        #expect(run.number("lost") == 0)
    }

    @Test("What a change costs is told for a short log and for a long one")
    func cost() throws {
        let run = try BenchRun(["cost", "--changes", "1200", "--cycles", "2", "--json"])
        #expect(run.status == 0)
        #expect(run.number("rows") == 1_200 && run.figures["durability"] as? String == "wal/FULL")
        for part in ["push", "heads", "pull", "file", "read", "write"] {
            for figure in ["Steps", "Pages", "Ms"] {
                #expect(try #require(run.number(part + figure + "Short")) > 0)
                #expect(try #require(run.number(part + figure + "Long")) > 0)
            }
            #expect(run.number(part + "ScannedLong") == run.number(part + "ScannedShort"))
        }
        #expect(try #require(run.number("pullBytesLong")) > 300)
    }

    @Test("A document is taken in and written again in each format; one that is none is refused")
    func exchange() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("buntan-table-\(UUID().uuidString).csv")
        defer { do { try FileManager.default.removeItem(at: file) } catch {} }
        try Data("Control ID,Allocation,Provider statement\nAC-1,provider,We do.\nAC-2,shared,We too.\n".utf8).write(to: file)
        let run = try BenchRun(["exchange", "--input", file.path, "--cycles", "1", "--json"])
        #expect(run.status == 0 && run.number("rows") == 2)
        for figure in ["seconds", "dryRunP50Ms", "jsonP50Ms", "csvP50Ms", "xlsxP50Ms", "cis-crmP50Ms", "oscalP50Ms", "whitepaperP50Ms"] {
            #expect(try #require(run.number(figure)) > 0, "\(figure)")
        }
        #expect(try #require(run.number("peakRSS")) > 1_000_000)
        try Data("nothing\n".utf8).write(to: file)
        #expect(try BenchRun(["exchange", "--input", file.path, "--json"]).status != 0)
        #expect(try BenchRun(["exchange", "--json"]).status != 0)
    }

    @Test("Rows can come from a file, repeated where it is short; a line that is no row is refused")
    func input() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("buntan-rows-\(UUID().uuidString).jsonl")
        defer { do { try FileManager.default.removeItem(at: file) } catch {} }
        let row = #"{"framework":"f","controlId":"1.1","allocation":"shared","topic.en":"Backup","providerShares":true}"#
        try Data((row + "\n").utf8).write(to: file)
        let run = try BenchRun(["clone", "--rows", "3", "--input", file.path, "--json"])
        #expect(run.status == 0)
        #expect(run.number("shared") == 3)
        try Data((row + "\n[]\n").utf8).write(to: file)
        #expect(try BenchRun(["floor", "--rows", "3", "--input", file.path, "--json"]).status != 0)
    }

    @Test("A server that runs already is used and left running; what only its keeper knows is not told")
    func foreignServer() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("buntan-foreign-\(UUID().uuidString)").path
        // A folder that was never made needs no tidying up.
        defer { do { try FileManager.default.removeItem(atPath: folder) } catch {} }
        let output = Pipe()
        let server = try ChildProcess(
            BenchRun.standing("buntan-server").path,
            ["serve", "--data", folder, "--listen", "127.0.0.1:0", "--open", "--log-level", "warning"], environment: ["LANG": "C"],
            output: .pipe(output), errors: .null)
        defer {
            server.signal(SIGKILL)
            server.end()
        }
        let line = try #require(PipeLines(output).next(), "the server ended before it listened")
        let port = try #require(line.firstMatch(of: /127\.0\.0\.1:(\d+)/).map { String($0.1) }, "\(line)")
        for workload in ["clone", "change"] {
            let run = try BenchRun([workload, "--rows", "5", "--cycles", "2", "--server", "http://127.0.0.1:\(port)", "--json"])
            #expect(run.status == 0)
            #expect(try #require(run.number("bytesReceived")) > 0)
            #expect(run.figures["serverPeakRSS"] is NSNull && run.figures["durability"] is NSNull)
            #expect(server.isRunning)
        }
        // Nobody listens at the first port: with no server of its own, the run ends in an error.
        #expect(try BenchRun(["clone", "--rows", "5", "--server", "http://127.0.0.1:1", "--json"]).status != 0)
    }

    @Test("Counts below one are refused")
    func counts() throws {
        #expect(try BenchRun(["floor", "--rows", "0"]).status != 0)
    }
}
