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

    private let process: Process
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
        process = Process()
        let words = wrapper + [Self.program.path] + arguments
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": folder, "LANG": "C"].merging(environment) { $1 }
        process.standardOutput = try standardOutput ?? FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        process.standardInput = input ?? FileHandle.nullDevice
        try process.run()
    }

    static func run(
        _ arguments: [String], in folder: String, environment: [String: String] = [:], wrapper: [String] = [], input: FileHandle? = nil,
        standardOutput: FileHandle? = nil
    ) throws -> Result {
        try BuntanProcess(
            arguments, in: folder, environment: environment, wrapper: wrapper, input: input, standardOutput: standardOutput
        ).end()
    }

    func signal(_ number: Int32) { _ = kill(process.processIdentifier, number) }

    func wait() { process.waitUntilExit() }

    func end() throws -> Result {
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus, output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self), wasKilled: process.terminationReason == .uncaughtSignal)
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
