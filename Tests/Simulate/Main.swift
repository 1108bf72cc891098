import ArgumentParser
import Crypto
import Foundation
import Simulation
import Synchronization

/// `buntan-simulate`: runs the simulation, seed after seed, on all cores (`make simulate`).
@main
struct Main: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "buntan-simulate",
        abstract: "Runs replicas and a server under faults, one run a seed, and checks every promise made to their users.",
        discussion: "Seeds that this build has run before are not run again: they stand in the book, and several runs add up.")

    @Option(help: "How many seeds.")
    var seeds: UInt64 = 1_000
    @Option(help: "The first of them.")
    var firstSeed: UInt64 = 1
    @Option(help: "Threads; as many as there are cores otherwise.")
    var lanes = ProcessInfo.processInfo.activeProcessorCount
    @Option(help: "A folder for the books, one a build.", completion: .directory)
    var books = ".build/simulation"
    @Flag(help: "Run all seeds, whatever the book says, and leave the book alone.")
    var anew = false
    @Option(help: "Run this seed alone and print everything that happens in it.")
    var seed: UInt64?

    @Flag(help: "Print a digest of each run instead, after a word that depends on how this process hashes.")
    var digests = false

    func validate() throws {
        guard seeds > 0, lanes > 0, !firstSeed.addingReportingOverflow(seeds).overflow else {
            throw ValidationError("Counts begin at 1.")
        }
    }

    func run() async throws {
        if let seed { return try runAlone(seed) }
        if digests { return try printDigests() }
        let file = try bookFile()
        let wanted = firstSeed...(firstSeed + seeds - 1)
        let book = try anew ? SeedBook() : SeedBook(at: file)
        let pieces = book.done.missing(in: wanted, piecesOf: 20)
        let watch = Watch(book, of: pieces.reduce(0) { $0 + $1.count }, file: anew ? nil : file)
        try await Lanes.run(pieces, lanes: lanes) { try watch.enter($0, $1) }
        try watch.end()
        let summary = watch.book.summary
        print(summary.table)
        for failure in summary.failures {
            print("seed \(failure.seed) fails; make simulate SEED=\(failure.seed) repeats it")
            for sentence in failure.sentences { print("  \(sentence)") }
        }
        for name in summary.unmet { print("\(name) was never met") }
        print("\(summary.runs) seeds in all, \(summary.changes) changes, \(summary.failures.count) failed")
        if !summary.failures.isEmpty || !summary.unmet.isEmpty { throw ExitCode(1) }
    }

    private func runAlone(_ seed: UInt64) throws {
        let run = try SimulatedRun(seed: seed, in: FoundedWorld(), traces: true)
        defer { print(run.trace.joined(separator: "\n")) }
        try run.run()
        guard run.findings.isEmpty else {
            print(run.findings.map(\.description).joined(separator: "\n"))
            throw ExitCode(1)
        }
    }

    private func printDigests() throws {
        print("a set of a hundred numbers is \(Set(0..<100).map(String.init).joined(separator: " "))")
        let world = try FoundedWorld()
        for seed in firstSeed..<firstSeed + seeds {
            let run = try SimulatedRun(seed: seed, in: world, traces: true)
            try run.run()
            print("seed \(seed): \(try run.digest)")
        }
    }

    /// The book of this very build, named for its bytes.
    private func bookFile() throws -> URL {
        let program = try Data(contentsOf: URL(filePath: "/proc/self/exe"))
        let name = SHA256.hash(data: program).prefix(6).map { String(format: "%02x", $0) }.joined()
        return URL(filePath: books).appending(path: "\(name).json")
    }
}

/// Keeps the book while lanes run, and says how far they are.
private final class Watch: Sendable {
    private struct State {
        var book: SeedBook
        /// What stands in no file yet.
        var unwritten: [(ClosedRange<UInt64>, Summary)] = []
        var ran = 0
        var failed = 0
        var said: ContinuousClock.Instant
    }

    private let state: Mutex<State>
    private let total: Int
    private let file: URL?
    private let start = ContinuousClock.now
    private let cpu = clock()

    init(_ book: SeedBook, of total: Int, file: URL?) {
        state = Mutex(State(book: book, said: .now))
        self.total = total
        self.file = file
    }

    var book: SeedBook { state.withLock { $0.book } }

    func enter(_ range: ClosedRange<UInt64>, _ summary: Summary) throws {
        try state.withLock { state in
            state.book.enter(range, summary)
            state.unwritten.append((range, summary))
            state.ran += summary.runs
            state.failed += summary.failures.count
            for failure in summary.failures { tell("seed \(failure.seed) fails: \(failure.sentences.first ?? "")") }
            guard state.said.duration(to: .now) > .seconds(10) else { return }
            state.said = .now
            try write(&state)
            tell("\(state.ran) of \(total) seeds, \(state.failed) failed, \(pace(state.ran))")
        }
    }

    func end() throws {
        let ran = try state.withLock { state in
            try write(&state)
            return state.ran
        }
        print("\(ran) seeds now, \(pace(ran))")
    }

    /// Adds what is new to the book of the file, which other programs may have gone on with.
    private func write(_ state: inout State) throws {
        guard let file else { return }
        state.book = try SeedBook.enter(state.unwritten, in: file)
        state.unwritten = []
    }

    private func pace(_ ran: Int) -> String {
        let elapsed = start.duration(to: .now) / .seconds(1)
        // POSIX counts a process's time in millionths of a second, all threads together.
        let used = Double(clock() - cpu) / 1_000
        return String(format: "%.1f seeds a second, %.1f ms of processor time a seed", Double(ran) / elapsed, used / Double(max(1, ran)))
    }

    private func tell(_ sentence: String) { FileHandle.standardError.write(Data("\(sentence)\n".utf8)) }
}
