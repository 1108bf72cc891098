import Foundation
import Testing

@testable import ClientCLI

@Suite("sync: a release that touches what a customer has answered")
struct ChangedAnswerTests {
    private static func event(_ outcome: Outcome) throws -> [String: Any]? {
        (try outcome.item["events"] as? [[String: Any]])?.first { $0["event"] as? String == "answers-changed" }
    }

    @Test("The customer is told which of the rows it had answered changed, and what to type; other rows are not named")
    func changed() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            await bench.expect("accept A-1 A-2 --yes", store: "customer")
            await AgreementCommandTests.settle(bench)
            for row in ["A-1", "A-3"] {
                await bench.expect("edit responsibility \(row) --set providerStatement/en=Other. -s object-storage", store: "provider")
            }
            await bench.expect("publish 2 -m changed -s object-storage --yes", store: "provider")
            await bench.expect("sync", store: "provider")
            let event = try #require(try Self.event(await bench.expect("sync --json", store: "customer")))
            let rows = try #require(event["rows"] as? [[String: Any]])
            #expect(rows.compactMap { $0["controlId"] as? String } == ["A-1"])
            #expect((event["next"] as? String)?.hasPrefix("buntan answer --where state=reworded -e ") == true, "\(event)")
            // It is news once.
            #expect(try Self.event(await bench.expect("sync --json", store: "customer")) == nil)
            let next = try #require(event["next"] as? String)
            #expect(await bench.run(GapsCommandTests.words(next) + ["-n"], store: "customer").output.contains("A-1"))

            // Another allocation is a dispute, and its words are told at a terminal as well.
            await bench.expect("edit responsibility A-2 --set allocation=not-applicable -s object-storage", store: "provider")
            await bench.expect("publish 3 -m changed -s object-storage --yes", store: "provider")
            await bench.expect("sync", store: "provider")
            let told = await bench.expect("sync", store: "customer").output
            #expect(told.contains("1 row that you had answered, A-2: buntan disputes -e "), "\(told)")

            // A row that is taken away is named as well.
            await bench.expect("delete A-1 -m gone -s object-storage", store: "provider")
            await bench.expect("publish 4 -m gone -s object-storage --yes", store: "provider")
            await bench.expect("sync", store: "provider")
            let gone = try #require(try Self.event(await bench.expect("sync --json", store: "customer")))
            #expect((gone["rows"] as? [[String: Any]])?.compactMap { $0["controlId"] as? String } == ["A-1"], "\(gone)")
        }
    }
}
