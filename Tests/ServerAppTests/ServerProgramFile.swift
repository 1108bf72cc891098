import Foundation

/// The built program `buntan-server`, where only a process shows what happens.
enum ServerProgramFile {
    struct Result {
        let status: Int32
        let output: String
        let errors: String
        /// Whether a signal ended it that it did not catch.
        let wasKilled: Bool
    }

    /// It stands beside the tests' own bundle.
    static var url: URL {
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") }.map(URL.init(fileURLWithPath:))
        let folder = (bundle ?? Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])).deletingLastPathComponent()
        return folder.appendingPathComponent("buntan-server")
    }

    /// Runs a command to its end in a process whose files may not grow beyond a size.
    static func run(_ arguments: [String], fileBytes: Int) throws -> Result {
        let process = Process()
        let (output, errors) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["prlimit", "--fsize=\(fileBytes)", url.path] + arguments
        process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C"]
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        // What it says is little: neither pipe fills up before it ends.
        process.waitUntilExit()
        func text(_ pipe: Pipe) -> String { String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self) }
        return Result(
            status: process.terminationStatus, output: text(output), errors: text(errors),
            wasKilled: process.terminationReason == .uncaughtSignal)
    }
}
