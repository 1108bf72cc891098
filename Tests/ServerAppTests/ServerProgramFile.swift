import ChildProcesses
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
        let (output, errors) = (Pipe(), Pipe())
        let process = try ChildProcess(
            "/usr/bin/env", ["prlimit", "--fsize=\(fileBytes)", url.path] + arguments,
            environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C"], output: .pipe(output), errors: .pipe(errors))
        // What it says is little: neither pipe fills up before it ends.
        let status = process.end()
        func text(_ pipe: Pipe) throws -> String { String(decoding: try pipe.fileHandleForReading.everything(), as: UTF8.self) }
        return Result(status: status, output: try text(output), errors: try text(errors), wasKilled: process.wasKilled)
    }
}
