import Foundation
import Testing

@testable import ClientCLI

@Suite("Private records that two devices wrote")
struct NoteConflictTests {
    @Test("A note with two wordings is shown whole, listed, counted and settled like a row")
    func note() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            try await bench.furtherDevice("laptop", of: "customer")
            await bench.expect("note A-1 first", store: "customer")
            await bench.expect("sync", store: "customer")
            await bench.expect("sync", store: "laptop")
            let notes = try await bench.expect("list annotation --json", store: "customer").json["items"] as? [[String: Any]]
            let note = try #require(notes?.first?["short"] as? String)
            await bench.expect("edit annotation \(note) --set text=desk", store: "customer")
            await bench.expect("edit annotation \(note) --set text=road", store: "laptop")
            await bench.expect("sync", store: "laptop")
            let told = await bench.expect("sync", store: "customer")
            #expect(told.output.contains("1 field has several values from your devices."), "\(told.output)")
            #expect(told.output.hasSuffix("Next: buntan conflicts\n"))

            let shown = await bench.expect("show A-1", store: "customer").output
            #expect(shown.contains("desk") && shown.contains("road"), "\(shown)")
            #expect(await bench.expect("status", store: "customer").output.contains("buntan conflicts"))
            #expect(await bench.expect("todo", store: "customer").output.contains("buntan conflicts"))
            for words in ["conflicts", "conflicts \(note)"] {
                let list = await bench.expect(words, store: "customer").output
                #expect(list.contains("desk") && list.contains("road"), "\(words): \(list)")
                #expect(list.contains("before: \"first\""), "\(words): \(list)")
            }
            let listed = try #require(try await bench.expect("conflicts --json", store: "customer").list.first)
            #expect(listed["before"] as? String == "first")
            let seen = try #require(
                try await bench.expect("conflicts --json", store: "customer").json["items"] as? [[String: Any]]
            ).compactMap { $0["seen"] as? String }
            await bench.expect("resolve \(note) text --take 2 --seen \(try #require(seen.first))", store: "customer")
            #expect(await bench.expect("conflicts", store: "customer").output.contains("No field has several values"))
            await bench.expect("edit annotation \(note) --set text=settled", store: "customer")
            #expect(await bench.expect("show A-1", store: "customer").output.contains("settled"))
        }
    }
}
