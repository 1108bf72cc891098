import Foundation
import Testing

@testable import ClientCLI

@Suite("What a third new user stumbled over")
struct ThirdMistakesTests {
    private static let workbook = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures/cloudgov/cloudgov-platform_2021-03-15.xlsx").path

    @Test("A workbook is no evidence, and is not called damaged")
    func workbook() async throws {
        let outcome = await (try CommandBench()).run("verify", Self.workbook, "--json", store: "nowhere")
        #expect(outcome.exit == .inputFile, "\(outcome.errors)")
        #expect(try outcome.code == "file-not-recognised", "\(outcome.errors)")
    }

    @Test("Accepting other words leaves a trace in the log and in undo")
    func acceptedAnew() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            for row in ["A-1", "A-2", "A-3"] { await bench.expect("accept \(row)", store: "customer") }
            await bench.expect("sync", store: "customer")
            await bench.expect("sync", store: "provider")
            await bench.expect("edit responsibility A-1 --set providerStatement/en=Other. -s object-storage", store: "provider")
            await bench.expect("publish 2 -m words -s object-storage", store: "provider")
            for store in ["provider", "customer"] { await bench.expect("sync", store: store) }
            await bench.expect("accept --where state=reworded", store: "customer")
            let logged = await bench.expect("log --limit 1", store: "customer").output
            #expect(logged.contains("accepted the provider's words as they stood"), "\(logged)")
            let undone = await bench.expect("undo", store: "customer").output
            #expect(undone.contains("1 field restored"), "\(undone)")
        }
    }

    @Test("A comment that was taken back is no news")
    func takenBack() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            await bench.expect("comment A-1 wait", store: "customer")
            await bench.expect("sync", store: "customer")
            await bench.expect("undo", store: "customer")
            await bench.expect("sync", store: "customer")
            let told = await bench.expect("sync", store: "provider").output
            #expect(!told.contains("comment"), "\(told)")
        }
    }
}
