import Foundation
import TestKit
import Testing

/// A process of the helper program, which the test ends itself.
final class CrasherProcess {
    private let process = Process()
    private let lines: PipeLines
    private let input = Pipe()

    init(_ action: String, store: String, seed: UInt64 = 0) throws {
        process.executableURL = Self.program
        process.arguments = [action, store, "\(seed)"]
        let output = Pipe()
        process.standardOutput = output
        lines = PipeLines(output)
        process.standardInput = input
        try process.run()
    }

    var number: Int32 { process.processIdentifier }

    /// The next line it says, or `nil` at the end.
    func line() -> String? { lines.next() }

    /// Kills it, as a loss of power would, and returns what it had said by then.
    func kill() -> [String] {
        _ = Foundation.kill(process.processIdentifier, SIGKILL)
        var lines: [String] = []
        while let line = line() { lines.append(line) }
        process.waitUntilExit()
        return lines
    }

    /// Ends its standard input and waits for it to finish.
    func finish() -> Int32 {
        input.fileHandleForWriting.closeFile()
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// It stands beside the tests' own bundle.
    private static var program: URL {
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") }.map(URL.init(fileURLWithPath:))
        let folder = (bundle ?? Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])).deletingLastPathComponent()
        return folder.appendingPathComponent("StorageCrasher")
    }
}
