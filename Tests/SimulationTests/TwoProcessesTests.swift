import ChildProcesses
import Foundation
import TestKit
import Testing

@Suite("The simulation in two processes")
struct TwoProcessesTests {
    @Test("The same seeds give the same runs in two processes that hash otherwise")
    func digests() throws {
        let said = try (0..<2).map { _ in try Self.digests(of: "7", seeds: "3") }
        let (hashing, runs) = (said.map(\.first), said.map { $0.dropFirst() })
        // What depends on how a process hashes differs between the two, or this would show nothing.
        #expect(hashing[0] != hashing[1])
        #expect(runs[0] == runs[1])
        #expect(runs[0].count == 3 && Set(runs[0].map { $0.suffix(64) }).count == 3, "each seed gives a run of its own: \(runs[0])")
    }

    private static func digests(of first: String, seeds: String) throws -> [String] {
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") }.map(URL.init(fileURLWithPath:))
        let folder = (bundle ?? Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])).deletingLastPathComponent()
        // Hashing is each process's own, whatever whoever runs the tests has asked for.
        let environment = ProcessInfo.processInfo.environment.filter { $0.key != "SWIFT_DETERMINISTIC_HASHING" }
        let run = try ChildProcess.run(
            folder.appendingPathComponent("buntan-simulate").path, ["--digests", "--first-seed", first, "--seeds", seeds],
            environment: environment, errors: .ours)
        #expect(run.status == 0)
        return run.said.split(separator: "\n").map(String.init)
    }
}
