import BuntanProtocol
import Foundation
import Replica

/// `buntan status` as a process, on the store of a customer that has every row.
enum StatusRun: Workload {
    static let name = "status"
    static let abstract = "The command buntan status as a process."

    static func measure(_ options: BenchOptions) async throws -> Figures {
        let rows = try SampleRows.make(options)
        return try await Stage.with(options) { stage in
            let (provider, service) = try await stage.provider()
            _ = try provider.workspace.commit(rows.map { $0.draft(in: service.draft) }, in: service.draft)
            try Publish.release(rows, of: service, by: provider)
            try await provider.sync()
            let customer = try stage.found("customer")
            _ = try await stage.engage(provider, service, customer)
            try await provider.close()
            try await customer.close()

            var durations = Durations()
            let clock = ContinuousClock()
            let arguments = ["--store", "\(stage.folder)/customer", "status", "--json"]
            // The first run warms the page cache; it is made and not counted.
            for number in 0...(options.cycles ?? 20) {
                let duration = try clock.measure { try run(arguments, expecting: rows.count) }
                if number > 0 { durations.add(duration) }
            }
            var figures = Figures(workload: name, rows: rows.count, seconds: durations.seconds.reduce(0, +))
            figures.p50Ms = durations.millis(0.5)
            figures.p99Ms = durations.millis(0.99)
            let bare = try (0..<10).map { _ in try clock.measure { try run(["--version"], expecting: nil) } }
            var starts = Durations()
            for duration in bare { starts.add(duration) }
            figures.details = [("runs", Double(durations.seconds.count)), ("versionP50Ms", starts.millis(0.5) ?? 0)]
            return figures
        }
    }

    /// Runs the program and reads its answer to the end.
    private static func run(_ arguments: [String], expecting rows: Int?) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Programs.path(of: "buntan"))
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let answer = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard let rows else { return }
        let object = try JSONSerialization.jsonObject(with: answer) as? [String: Any]
        let item = object?["item"] as? [String: Any]
        precondition(item?["rows"] as? Int == rows, "the status counts every row")
    }
}
