import ChildProcesses
import Foundation
import TestKit
import Testing

/// A process of the helper program, which the test ends itself.
final class CrasherProcess {
    private let process: ChildProcess
    private let lines: PipeLines
    private let input = Pipe()

    init(_ action: String, store: String, seed: UInt64 = 0) throws {
        let output = Pipe()
        lines = PipeLines(output)
        process = try ChildProcess(Self.program.path, [action, store, "\(seed)"], input: .pipe(input), output: .pipe(output))
    }

    var number: Int32 { process.number }

    /// The next line it says, or `nil` at the end.
    func line() -> String? { lines.next() }

    /// Kills it, as a loss of power would, and returns what it had said by then.
    func kill() -> [String] {
        process.signal(SIGKILL)
        var lines: [String] = []
        while let line = line() { lines.append(line) }
        process.end()
        return lines
    }

    /// Ends its standard input and waits for it to finish.
    func finish() -> Int32 {
        input.fileHandleForWriting.closeFile()
        return process.end()
    }

    /// It stands beside the tests' own bundle.
    private static var program: URL {
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") }.map(URL.init(fileURLWithPath:))
        let folder = (bundle ?? Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])).deletingLastPathComponent()
        return folder.appendingPathComponent("StorageCrasher")
    }
}
