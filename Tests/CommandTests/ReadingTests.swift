import Foundation
import Testing

@testable import ClientCLI

@Suite("Looking changes nothing")
struct ReadingTests {
    /// Commands that look, as they are typed by a customer; `doctor` is none, since it signs in and keeps the session.
    static let commands = [
        "", "status", "status --all", "todo", "todo --all", "matrix", "matrix --heatmap", "show A-1", "list", "list responsibility",
        "list annotation", "find keep", "log", "log A-1", "conflicts", "conflicts --all", "disputes", "diff 1..now", "agreements",
        "agree --print", "outbox", "services", "releases", "engagements", "devices", "org", "config", "store", "store check",
        "export json", "export csv", "report", "report --organisation --json", "sync -n", "preview", "help exit-codes",
    ]

    /// The bytes of the store's files, by name.
    private func bytes(_ bench: CommandBench, _ store: String) throws -> [String: Data] {
        let folder = bench.path + "/" + store
        var found: [String: Data] = [:]
        for case let name as String in try #require(FileManager.default.enumerator(atPath: folder)) {
            // Beside the store lie who writes at the moment, what processes share, and a log of writes that is empty.
            guard !name.hasSuffix(".writer"), !name.hasSuffix("-shm"), let data = FileManager.default.contents(atPath: folder + "/" + name)
            else { continue }
            if !(name.hasSuffix("-wal") && data.isEmpty) { found[name] = data }
        }
        return found
    }

    @Test("A command that only looks leaves every file of the store as it was")
    func untouched() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            await bench.expect("propose A-1 --allocation customer -m ours", store: "customer")
            await bench.expect("note A-1 keep", store: "customer")
            let before = try bytes(bench, "customer")
            #expect(before.keys.contains("store.db") && !before.keys.contains("store.db-wal"), "\(before.keys)")
            for command in Self.commands {
                let outcome = await bench.run(command.split(separator: " ").map(String.init), store: "customer")
                let after = try bytes(bench, "customer")
                let changed = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }.sorted()
                #expect(changed.isEmpty, "\(command) (\(outcome.exit)): \(changed)")
            }
            // What writes is noticed.
            await bench.expect("note A-1 more", store: "customer")
            #expect(try bytes(bench, "customer")["store.db"] != before["store.db"])
        }
    }
}
