import Foundation
import Synchronization
import Wording

@testable import ClientCLI

/// Keeps what is written, and can fail like a closed pipe or a full disk.
final class MemorySink: ByteSink {
    private let bytes = Mutex<[UInt8]>([])
    private let fault: SinkFault?

    init(failing fault: SinkFault? = nil) { self.fault = fault }

    func write(_ new: [UInt8]) throws(SinkFault) {
        if let fault { throw fault }
        bytes.withLock { $0 += new }
    }
    func flush() throws(SinkFault) {}

    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }
}

/// Answers from a list; afterwards the end of input.
final class ScriptedInput: LineSource {
    private let answers: Mutex<[String]>
    private let secrets: Mutex<Int> = Mutex(0)

    init(_ answers: [String]) { self.answers = Mutex(answers) }

    func line() throws -> String? { answers.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
    func secret() throws -> String? {
        secrets.withLock { $0 += 1 }
        return try line()
    }
    func everything(limit: Int) throws -> [UInt8]? { nil }
    var secretCount: Int { secrets.withLock { $0 } }
}

/// Writes into the file it is given, as an editor would, and remembers what it was fed.
final class FakePrograms: ProgramRunner {
    private let fed = Mutex<[String]>([])
    private let status: Int32
    private let writing: String

    init(writing: String = "", status: Int32 = 0) {
        self.writing = writing
        self.status = status
    }

    func run(_ commandLine: String, arguments: [String]) throws -> Int32 {
        for path in arguments { try Data(writing.utf8).write(to: URL(fileURLWithPath: path)) }
        fed.withLock { $0.append(commandLine + " " + arguments.joined(separator: " ")) }
        return status
    }
    func feed(_ input: [UInt8], to commandLine: String) throws -> Int32 {
        fed.withLock { $0.append(commandLine + "|" + String(decoding: input, as: UTF8.self)) }
        return status
    }
    var calls: [String] { fed.withLock { $0 } }
}

/// A clock that a test moves.
final class Ticks: Sendable {
    private let now = Mutex(Duration.zero)
    func advance(milliseconds: Int) { now.withLock { $0 += .milliseconds(milliseconds) } }
    var value: Duration { now.withLock { $0 } }
}

/// A console in memory with the ends a test looks at.
struct FakeConsole {
    let output: MemorySink
    let errors = MemorySink()
    let input: ScriptedInput
    let programs: FakePrograms
    let ticks = Ticks()
    var console: Console

    /// 2026-11-23T10:05:11Z, the moment of the examples.
    static let moment = Date(timeIntervalSince1970: 1_795_428_311)

    init(
        answers: [String] = [], isTerminal: Bool = false, columns: Int? = nil, environment: [String: String] = [:],
        programs: FakePrograms = FakePrograms(), outputFault: SinkFault? = nil
    ) {
        output = MemorySink(failing: outputFault)
        input = ScriptedInput(answers)
        self.programs = programs
        let ticks = ticks
        console = Console(
            output: output, errors: errors, input: input, programs: programs, inputIsTerminal: isTerminal, outputIsTerminal: isTerminal,
            errorsAreTerminal: isTerminal, columns: columns, environment: environment, now: { Self.moment }, ticks: { ticks.value })
    }
}

/// A directory of one test, gone with it.
final class Scratch {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("buntan-test-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    deinit { do { try FileManager.default.removeItem(atPath: path) } catch {} }

    func write(_ name: String, _ text: String) throws -> String {
        let file = path + "/" + name
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        return file
    }
}
