import ArgumentParser

/// Runs every workload, holds the figures against the targets, and ends with 1 where one is missed.
struct Targets: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Run everything and compare with the targets; 1 where one is missed.")

    @Option(help: "A folder on the disk to measure.", completion: .directory)
    var folder: String?
    @Flag(help: "Print the figures as JSON before the comparison.")
    var json = false

    /// What the floor takes on the machine that the targets are meant for, for 10,000 rows.
    static let referenceFloor = 0.11

    func run() async throws {
        let floor = try await measured(Floor.self, ["--rows", "10000"])
        let publish = try await measured(Publish.self, ["--rows", "10000"])
        let clone = try await measured(Clone.self, ["--rows", "10000"])
        let small = try await measured(ChangeTrip.self, ["--rows", "1000"])
        let large = try await measured(ChangeTrip.self, ["--rows", "100000"])
        let conflict = try await measured(ConflictMeeting.self, ["--rows", "10000"])
        let load = try await measured(Load.self, ["--rows", "10000"])
        let waiting = try await measured(Waiting.self, ["--tenants", "200", "--clients", "5"])
        let status = try await measured(StatusRun.self, ["--rows", "10000"])
        let check = try await measured(CheckRun.self, ["--rows", "10000"])
        let trips = [small, large].map { figures in
            figures.details.filter { $0.name.hasPrefix("to") }.map(\.value).max() ?? .infinity
        }
        let targets = [
            Target("publish 10,000 rows", publish.seconds, most: 0.5, "s"),
            Target("clone 10,000 rows", clone.seconds, most: 0.6, "s"),
            Target("change at 1,000 rows, the slower way", trips[0], most: 3, "ms"),
            Target("change at 100,000 rows, the slower way", trips[1], most: 3, "ms"),
            Target("change at 100,000 against 1,000 rows", trips[1] / trips[0], most: 1.25, "times"),
            Target("load", load.cyclesPerSecond ?? 0, least: 1_000, "cycles/s"),
            Target("1,000 who wait, from a push to its answers, p99", waiting.p99Ms ?? .infinity, most: 50, "ms"),
            Target("1,000 who wait, server's processor time in silence", Self.silentShare(waiting), most: 0.5, "%"),
            Target("status at 10,000 rows", status.p50Ms ?? .infinity, most: 40, "ms"),
            Target("check at 10,000 rows with records of every kind", (check.p50Ms ?? .infinity) / 1_000, most: 1, "s"),
            Target("server's memory, publish", Self.mebibytes(publish), most: 60, "MiB"),
            Target("server's memory, clone", Self.mebibytes(clone), most: 60, "MiB"),
            Target("edits lost", Double(conflict.lost ?? -1), most: 0, ""),
            Target("commits that are not durable", [publish, clone, load].allSatisfy { $0.durability == "wal/FULL" } ? 0 : 1, most: 0, ""),
        ]
        // Nothing is made easier by a slow machine: the floor is told beside, and a reader judges.
        let ratio = floor.seconds / Self.referenceFloor
        print("floor of this run: \(Figures.number(floor.seconds)) s, \(Figures.number(ratio)) times the reference")
        for target in targets { print(target.line) }
        if targets.contains(where: { !$0.isMet }) { throw ExitCode(1) }
    }

    private func measured<W: Workload>(_ workload: W.Type, _ arguments: [String]) async throws -> Figures {
        let figures = try await W.measure(try BenchOptions.parse(arguments + (folder.map { ["--folder", $0] } ?? [])))
        print(json ? figures.json : figures.line)
        return figures
    }

    /// The part of a processor that the server used while nothing happened, in hundredths.
    private static func silentShare(_ figures: Figures) -> Double {
        func detail(_ name: String) -> Double? { figures.details.first { $0.name == name }?.value }
        guard let used = detail("silentServerCPUSeconds"), let seconds = detail("silentSeconds") else { return .infinity }
        return used / seconds * 100
    }

    private static func mebibytes(_ figures: Figures) -> Double { figures.serverPeakRSS.map { Double($0) / 1_048_576 } ?? .infinity }
}

/// A figure and what it must be.
struct Target {
    private let name: String
    private let found: Double
    private let wanted: Double
    private let isMost: Bool
    private let unit: String

    init(_ name: String, _ found: Double, most: Double, _ unit: String) {
        (self.name, self.found, wanted, isMost, self.unit) = (name, found, most, true, unit)
    }
    init(_ name: String, _ found: Double, least: Double, _ unit: String) {
        (self.name, self.found, wanted, isMost, self.unit) = (name, found, least, false, unit)
    }

    var isMet: Bool { isMost ? found <= wanted && found >= 0 : found >= wanted }

    var line: String {
        let mark = isMet ? "met   " : "MISSED"
        return "\(mark)  \(name): \(Figures.number(found)) \(unit), wanted \(isMost ? "≤" : "≥") \(Figures.number(wanted))"
    }
}
