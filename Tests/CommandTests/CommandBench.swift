import ArgumentParser
import Foundation
import Replica
import Synchronization
import Wording

@testable import ClientCLI

/// Keeps what is written.
final class Captured: ByteSink {
    private let bytes = Mutex<[UInt8]>([])
    func write(_ new: [UInt8]) throws(SinkFault) { bytes.withLock { $0 += new } }
    func flush() throws(SinkFault) {}
    var all: [UInt8] { bytes.withLock { $0 } }
    var text: String { String(decoding: all, as: UTF8.self) }
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
    func feed(_ input: [UInt8], to commandLine: String) throws -> Int32 { throw ProgramFault(commandLine: commandLine, errno: ENOENT) }
}

/// What a command left behind.
struct Outcome {
    let exit: CommandExit
    /// What went to standard output.
    let bytes: [UInt8]
    let errors: String

    var output: String { String(decoding: bytes, as: UTF8.self) }

    var json: [String: Any] {
        get throws {
            try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any] ?? [:]
        }
    }
    var item: [String: Any] { get throws { try json["item"] as? [String: Any] ?? [:] } }
    var list: [[String: Any]] { get throws { try json["items"] as? [[String: Any]] ?? [] } }
    var code: String? { get throws { try json["code"] as? String } }
}

/// A folder of one test with stores in it, gone with it, and the program to run on them.
final class CommandBench: Sendable {
    let path: String
    private let fastStart: FastStart
    private let shown = Mutex(Date(timeIntervalSince1970: 1_795_428_311))

    /// Sets the time that commands are shown from here on.
    func show(_ time: Date) { shown.withLock { $0 = time } }

    /// - Parameter fastStart: which logs are so large for the program that their records come first.
    init(fastStart: FastStart = .standard) throws {
        self.fastStart = fastStart
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

    /// Runs a command; `editor` stands for the person's editor: it takes the text of the file and gives what is saved.
    func run(list arguments: [String], store: String = "store", editor: (@Sendable (String) -> String)? = nil) async -> Outcome {
        await run(
            arguments, store: store, programs: editor.map { FakeEditor(edit: $0) } ?? NoPrograms(),
            environment: editor == nil ? [:] : ["EDITOR": "editor"])
    }

    func run(
        _ arguments: [String], store: String = "store", answers: [String] = [], isTerminal: Bool = false, input: (any LineSource)? = nil,
        programs: any ProgramRunner = NoPrograms(), environment: [String: String] = [:]
    ) async -> Outcome {
        let output = Captured()
        let errors = Captured()
        var console = console(output, errors, store: store)
        console.input = input ?? Answers(answers)
        console.programs = programs
        console.inputIsTerminal = isTerminal
        console.errorsAreTerminal = isTerminal
        console.environment.merge(environment) { $1 }
        let program = Program(root: Buntan.self, console: console) { FaultWords.failure($0) }
        let exit = await program.run(arguments)
        return Outcome(exit: exit, bytes: output.all, errors: errors.text)
    }

    /// What a command of this store would be told, for tests that open the store themselves.
    func invocation(store: String = "store") throws -> Invocation {
        let console = console(Captured(), Captured(), store: store)
        let directories = Directories(console.environment)
        let options = try GlobalOptions.parse([])
        return Invocation(
            console: console, options: options,
            settings: Settings(
                options: options, environment: console.environment, directories: directories,
                user: SettingsFile.read(directories.userSettings)), directories: directories)
    }

    private func console(_ output: Captured, _ errors: Captured, store: String) -> Console {
        var console = Console(
            output: output, errors: errors, input: Answers([]), programs: NoPrograms(),
            environment: ["HOME": path, "BUNTAN_STORE": path + "/" + store], now: { [self] in shown.withLock { $0 } },
            ticks: { .zero })
        console.fastStart = fastStart
        return console
    }
}

/// Saves what a closure makes of the file it is given.
struct FakeEditor: ProgramRunner {
    let edit: @Sendable (String) -> String

    func run(_ commandLine: String, arguments: [String]) throws -> Int32 {
        guard let path = arguments.first, let data = FileManager.default.contents(atPath: path) else { return 1 }
        try Data(edit(String(decoding: data, as: UTF8.self)).utf8).write(to: URL(fileURLWithPath: path))
        return 0
    }
    func feed(_ input: [UInt8], to commandLine: String) throws -> Int32 { throw ProgramFault(commandLine: commandLine, errno: ENOENT) }
}
