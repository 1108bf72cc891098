import Foundation
import Replica
import Testing

@testable import ClientCLI

@Suite("A device that joins while a log is large, by command")
struct CatchingUpTests {
    /// What its join says on standard error and on standard output, where records come first from so many entries on.
    private static func joining(from entries: Int) async throws -> (errors: String, output: String) {
        let bench = try CommandBench(
            fastStart: FastStart(leastEntries: entries, firstBytes: 1, pageBytes: 600, verifiedBytes: 1_000))
        return try await LoopbackServer.joined(bench)
    }

    @Test("It says once that it can be used while the rest is verified, and in the end that all is")
    func said() async throws {
        let joined = try await Self.joining(from: 8)
        let words = "Catching up: usable now, "
        #expect(joined.errors.components(separatedBy: words).count == 2, "\(joined.errors)")
        let left = joined.errors.components(separatedBy: words).last?.split(separator: " ").first.flatMap { Int($0) }
        #expect(left.map { $0 > 0 } == true, "\(joined.errors)")
        #expect(!joined.output.contains(words) && joined.output.contains("Verified to entry"), "\(joined.output)")
    }

    @Test("Where no log is large it says nothing of it")
    func small() async throws {
        let joined = try await Self.joining(from: 20_000)
        #expect(!joined.errors.contains("Catching up") && joined.output.contains("Verified to entry"), "\(joined.errors)\(joined.output)")
    }
}

extension LoopbackServer {
    /// A further device of a customer whose engagement has some twenty comments.
    fileprivate static func joined(_ bench: CommandBench) async throws -> (errors: String, output: String) {
        let told = Captured()
        let shown = Captured()
        try await with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            for number in 1...20 { await bench.expect("comment A-1 word-\(number)", store: "customer") }
            await bench.expect("sync", store: "customer")
            let fingerprint = try #require(try await bench.expect("org --json", store: "customer").item["fingerprint"] as? String)
            let request = await bench.expect("device request laptop --org \(fingerprint) --json", store: "laptop")
            let added = await bench.expect(
                "device add \(try #require(try request.item["code"] as? String)) --yes --json", store: "customer")
            let joined = await bench.expect("join \(try #require(try added.item["code"] as? String))", store: "laptop")
            try told.write(Array(joined.errors.utf8))
            try shown.write(joined.bytes)
        }
        return (told.text, shown.text)
    }
}
