import ArgumentParser
import Foundation

/// A document is taken into a store, and what became of it is written again in each format that has a place for it: `buntan import` and
/// `buntan export` as processes.
enum Exchange: Workload {
    static let name = "exchange"
    static let abstract = "The commands buntan import and buntan export as processes, on the document that --input names."

    /// The formats that are written, and how their files end; a folder where they end in nothing.
    private static let formats = [
        ("json", ".json"), ("csv", ".csv"), ("xlsx", ".xlsx"), ("cis-crm", ".xlsx"), ("oscal", ""), ("whitepaper", ".html"),
    ]

    static func measure(_ options: BenchOptions) async throws -> Figures {
        guard let document = options.input else { throw ValidationError("--input names the document to take in.") }
        return try await Stage.inFolder(options) { folder in
            var (imports, looks): (Durations, Durations) = (Durations(), Durations())
            var exports: [String: Durations] = [:]
            var rows = 0
            // The first round warms the page cache; it is made and not counted.
            for round in 0...(options.cycles ?? 5) {
                let store = "\(folder)/store-\(round)"
                try done(["init", "--org", "Bench"], in: store)
                try done(["service", "add", "Bench"], in: store)
                let look = try done(["import", document, "--dry-run", "--quiet"], in: store)
                let taken = try done(["import", document, "--yes", "--quiet"], in: store)
                rows = taken.item["added"] as? Int ?? 0
                if round > 0 {
                    looks.add(look.duration)
                    imports.add(taken.duration)
                }
                for (format, ending) in formats {
                    let file = "\(folder)/\(format)-\(round)\(ending)"
                    // What holds no rows of a format's is told so, and not measured.
                    let written = try run(["export", format, "--output", file], in: store)
                    if round > 0, written.item != nil { exports[format, default: Durations()].add(written.duration) }
                }
            }
            var figures = Figures(workload: name, rows: rows, seconds: imports.seconds.reduce(0, +))
            figures.p50Ms = imports.millis(0.5)
            figures.p99Ms = imports.millis(0.99)
            figures.details = [("dryRunP50Ms", looks.millis(0.5) ?? 0), ("peakRSS", Double(ProgramRun.mostMemory))]
            figures.details += exports.sorted { $0.key < $1.key }.map { ("\($0.key)P50Ms", $0.value.millis(0.5) ?? 0) }
            return figures
        }
    }

    /// Runs the program where it has to succeed: an error is no figure.
    @discardableResult
    private static func done(_ words: [String], in store: String) throws -> (duration: Duration, item: [String: Any]) {
        let run = try run(words, in: store)
        guard let item = run.item else { throw StageFault.refused(words.joined(separator: " ")) }
        return (run.duration, item)
    }

    private static func run(_ words: [String], in store: String) throws -> (duration: Duration, item: [String: Any]?) {
        var item: [String: Any]?
        let duration = try ProgramRun(["--store", store] + words + ["--json"]).measure { answer in
            item = (try JSONSerialization.jsonObject(with: answer) as? [String: Any])?["item"] as? [String: Any]
        }
        return (duration, item)
    }
}
