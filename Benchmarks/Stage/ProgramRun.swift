import ChildProcesses
import Foundation

/// The program `buntan` as a process of its own, whose answer is read to the end.
struct ProgramRun {
    private let arguments: [String]

    init(_ arguments: String...) { self.init(arguments) }
    init(_ arguments: [String]) { self.arguments = arguments }

    func output() throws -> Data {
        let output = Pipe()
        let process = try ChildProcess(Programs.path(of: "buntan"), arguments, output: .pipe(output))
        let answer = Data(try output.fileHandleForReading.everything())
        process.end()
        return answer
    }

    /// Runs it and tells how long it took; its answer is looked at afterwards.
    func measure(_ look: (Data) throws -> Void = { _ in }) throws -> Duration {
        let clock = ContinuousClock()
        let start = clock.now
        let answer = try output()
        let duration = clock.now - start
        try look(answer)
        return duration
    }

    /// The largest resident set of any program that has ended by now, in bytes.
    static var mostMemory: Int {
        var usage = rusage()
        getrusage(RUSAGE_CHILDREN.rawValue, &usage)
        return usage.ru_maxrss << 10
    }

    /// Processor time that all programs have used that have ended by now: the server runs on.
    static var processorSeconds: Double {
        var usage = rusage()
        getrusage(RUSAGE_CHILDREN.rawValue, &usage)
        return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
    }
}
