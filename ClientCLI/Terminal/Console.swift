import Foundation
import Replica

/// Why bytes could not be written.
enum SinkFault: Error, Equatable {
    /// Nobody reads any more, as after `| head`: no reason to say anything.
    case closed
    case failed(errno: Int32)
}

/// Where bytes go: standard output, standard error, or a test's memory.
protocol ByteSink: Sendable {
    func write(_ bytes: [UInt8]) throws(SinkFault)
    /// Hands on what was collected.
    func flush() throws(SinkFault)
}

/// Where answers come from: the keyboard, a pipe, or a test's list.
protocol LineSource: Sendable {
    /// Returns the next line without its break, or `nil` at the end.
    func line() throws -> String?
    /// Returns the next line without showing it while it is typed.
    func secret() throws -> String?
    /// Returns the next key as it is pressed, without showing it: a letter, or one line where keys come by lines; `nil` at the end.
    func key() throws -> String?
    /// Returns everything up to the end, or `nil` if that is more than `limit` bytes.
    func everything(limit: Int) throws -> [UInt8]?
}

extension LineSource {
    func key() throws -> String? { try line() }
}

/// Programs that take over the terminal for a while.
protocol ProgramRunner: Sendable {
    /// Runs a shell command line with further arguments, and returns its exit status.
    func run(_ commandLine: String, arguments: [String]) throws -> Int32
    /// Runs a shell command line that reads `input`, such as a pager, and returns its exit status.
    @discardableResult
    func feed(_ input: [UInt8], to commandLine: String) throws -> Int32
}

/// The terminal, or what stands in for it: all that a command reads and writes but its store and the network.
struct Console: Sendable {
    var output: any ByteSink
    var errors: any ByteSink
    var input: any LineSource
    var programs: any ProgramRunner
    var inputIsTerminal = false
    var outputIsTerminal = false
    var errorsAreTerminal = false
    /// The columns of the terminal, if there is one.
    var columns: Int?
    var environment: [String: String] = [:]
    /// The time, for people to read.
    var now: @Sendable () -> Date
    /// Time that only goes forward, for waiting and progress.
    var ticks: @Sendable () -> Duration
    /// Which logs are so large that their records come first.
    var fastStart = FastStart.standard

    func write(_ text: String) throws(SinkFault) { try output.write(Array(text.utf8)) }

    /// Writes to standard error. If that is gone there is nowhere left to complain, and the work goes on.
    func complain(_ text: String) {
        do {
            try errors.write(Array(text.utf8))
            try errors.flush()
        } catch {}
    }
}
