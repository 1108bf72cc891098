import Foundation

/// The program `buntan` as a process of its own, whose answer is read to the end.
struct ProgramRun {
    private let arguments: [String]

    init(_ arguments: String...) { self.arguments = arguments }

    func output() throws -> Data {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Programs.path(of: "buntan"))
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        // The library's own waiting looks every 50 ms where the end is not there yet.
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        try process.run()
        let answer = output.fileHandleForReading.readDataToEndOfFile()
        ended.wait()
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

    /// Processor time that all programs have used that have ended by now: the server runs on.
    static var processorSeconds: Double {
        var usage = rusage()
        getrusage(RUSAGE_CHILDREN.rawValue, &usage)
        return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
    }
}
