import Foundation
import Synchronization
import Wording

@testable import ClientCLI

/// Keeps what is written.
final class Captured: ByteSink {
    private let bytes = Mutex<[UInt8]>([])
    func write(_ new: [UInt8]) throws(SinkFault) { bytes.withLock { $0 += new } }
    func flush() throws(SinkFault) {}
    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }
}

/// Answers from a list; afterwards the end of input.
final class Answers: LineSource {
    private let answers: Mutex<[String]>
    init(_ answers: [String]) { self.answers = Mutex(answers) }
    func line() throws -> String? { answers.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
    func secret() throws -> String? { try line() }
    func everything(limit: Int) throws -> [UInt8]? { nil }
}

/// No command of these tests opens another program.
struct NoPrograms: ProgramRunner {
    func run(_ commandLine: String, arguments: [String]) throws -> Int32 { throw ProgramFault(commandLine: commandLine, errno: ENOENT) }
    func feed(_ input: [UInt8], to commandLine: String) throws { throw ProgramFault(commandLine: commandLine, errno: ENOENT) }
}

/// What a command left behind.
struct Outcome {
    let exit: CommandExit
    let output: String
    let errors: String

    var json: [String: Any] {
        get throws {
            try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any] ?? [:]
        }
    }
    var item: [String: Any] { get throws { try json["item"] as? [String: Any] ?? [:] } }
    var code: String? { get throws { try json["code"] as? String } }
}

/// A folder of one test with stores in it, gone with it, and the program to run on them.
final class CommandBench: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("buntan-commands-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    deinit { do { try FileManager.default.removeItem(atPath: path) } catch {} }

    func file(_ name: String, _ text: String) throws -> String {
        let file = path + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        return file
    }

    /// Runs a command on the store of this name.
    func run(_ arguments: String..., store: String = "store", answers: [String] = [], isTerminal: Bool = false) async -> Outcome {
        await run(arguments, store: store, answers: answers, isTerminal: isTerminal)
    }

    func run(
        _ arguments: [String], store: String = "store", answers: [String] = [], isTerminal: Bool = false,
        programs: any ProgramRunner = NoPrograms()
    ) async -> Outcome {
        let output = Captured()
        let errors = Captured()
        let console = Console(
            output: output, errors: errors, input: Answers(answers), programs: programs, inputIsTerminal: isTerminal,
            environment: ["HOME": path, "BUNTAN_STORE": path + "/" + store], now: { Date(timeIntervalSince1970: 1_795_428_311) },
            ticks: { .zero })
        let program = Program(root: Buntan.self, console: console) { FaultWords.failure($0) }
        let exit = await program.run(arguments)
        return Outcome(exit: exit, output: output.text, errors: errors.text)
    }
}
