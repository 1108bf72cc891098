import ChildProcesses
import Foundation
import Testing

/// The built program `buntan` as a process of its own, where only a process shows what happens.
final class BuntanProcess: Sendable {
    struct Result: Sendable {
        let status: Int32
        let output: String
        let errors: String
        /// Whether a signal ended it that it did not catch.
        let wasKilled: Bool
    }

    private let process: ChildProcess
    private let output: URL
    private let errors: URL

    /// - Parameters:
    ///   - wrapper: a program and its arguments that run ours, such as one that takes rights away.
    ///   - standardOutput: where the output goes; a file that `end` reads where it is `nil`.
    init(
        _ arguments: [String], in folder: String, environment: [String: String] = [:], wrapper: [String] = [], input: FileHandle? = nil,
        standardOutput: FileHandle? = nil
    ) throws {
        let name = UUID().uuidString
        output = URL(fileURLWithPath: folder + "/\(name).out")
        errors = URL(fileURLWithPath: folder + "/\(name).err")
        for file in [output, errors] { try Data().write(to: file) }
        process = try ChildProcess(
            "/usr/bin/env", wrapper + [Self.program.path] + arguments,
            environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": folder, "LANG": "C"].merging(environment) { $1 },
            input: input.map { .file($0) } ?? .null, output: .file(standardOutput ?? FileHandle(forWritingTo: output)),
            errors: .file(FileHandle(forWritingTo: errors)))
    }

    static func run(
        _ arguments: [String], in folder: String, environment: [String: String] = [:], wrapper: [String] = [], input: FileHandle? = nil,
        standardOutput: FileHandle? = nil
    ) throws -> Result {
        try BuntanProcess(
            arguments, in: folder, environment: environment, wrapper: wrapper, input: input, standardOutput: standardOutput
        ).end()
    }

    func signal(_ number: Int32) { process.signal(number) }

    func wait() { process.end() }

    func end() throws -> Result {
        let status = process.end()
        return Result(
            status: status, output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self), wasKilled: process.wasKilled)
    }

    /// It stands beside the tests' own bundle.
    static var program: URL {
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") }.map(URL.init(fileURLWithPath:))
        let folder = (bundle ?? Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])).deletingLastPathComponent()
        return folder.appendingPathComponent("buntan")
    }
}

/// What a process may do that is root's: where tests run as root, these must not be passed over.
enum Privilege {
    static let isRoot = geteuid() == 0
    /// What is said of a test that was passed over.
    static let reason: Comment = "it makes disks, mounts and users of its own, which takes root; FullDiskTests shows the same without"
}
