import ArgumentParser
import Foundation

/// `buntan-bench`: measures what the programs do, with their own code and settings (README.md beside this file).
@main
struct Main: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "buntan-bench",
        abstract: "Measures publishing, cloning, the exchange of changes over a real server, and of documents.",
        subcommands: [
            Measure<Publish>.self, Measure<Clone>.self, Measure<Start>.self, Measure<ChangeTrip>.self, Measure<ConflictMeeting>.self,
            Measure<Load>.self, Measure<Waiting>.self, Measure<Floor>.self, Measure<StatusRun>.self, Measure<CheckRun>.self,
            Measure<CostOfAChange>.self, Measure<Exchange>.self, Targets.self,
        ])
}

/// What all workloads are told.
struct BenchOptions: ParsableArguments {
    @Option(help: "Rows of the matrix.")
    var rows = 10_000
    @Option(
        help: "A file with one row a line, as JSON, to take the rows from; of `exchange` the document.",
        completion: .file(extensions: ["jsonl"]))
    var input: String?
    @Option(help: "A server that runs already, as a URL; it must be open to registration.")
    var server: String?
    @Option(help: "A folder on the disk to measure; a temporary one is made otherwise, and removed.", completion: .directory)
    var folder: String?
    @Option(help: "Cycles to measure, where a workload repeats.")
    var cycles: Int?
    @Option(
        help: "Changes that the rows have been through before a device starts, ten a row; entries of the long log of `cost`, 1,000,000.")
    var changes: Int?
    @Option(help: "Organisations of the load and of those who wait; 200 of both.")
    var tenants: Int?
    @Option(help: "Clients of each organisation: 16 of the load, 5 who wait.")
    var clients: Int?
    @Option(help: "Connections that the load's clients share.")
    var connections = 64
    @Flag(help: "Print JSON, one object a workload, instead of a line for people.")
    var json = false

    func validate() throws {
        guard rows > 0, tenants ?? 1 > 0, clients ?? 1 > 0, connections > 0, cycles ?? 1 > 0, changes ?? 1 > 0 else {
            throw ValidationError("Counts begin at 1.")
        }
    }
}

/// A workload: something that a bench measures.
protocol Workload {
    static var name: String { get }
    static var abstract: String { get }
    static func measure(_ options: BenchOptions) async throws -> Figures
}

/// The command that runs one workload and prints its figures.
struct Measure<W: Workload>: AsyncParsableCommand {
    static var configuration: CommandConfiguration { CommandConfiguration(commandName: W.name, abstract: W.abstract) }

    @OptionGroup var options: BenchOptions

    func run() async throws {
        let figures = try await W.measure(options)
        print(options.json ? figures.json : figures.line)
    }
}
