import Foundation
import Replica
import Storage
import Testing

@testable import ClientCLI

@Suite("Nothing is signed but what was shown")
struct AgreeRaceTests {
    /// Lets what another device wrote arrive between the document and the name that is typed under it.
    ///
    /// Sent to the one command that runs, which asks it once while the test waits: nobody else touches the bench meanwhile.
    private final class Arriving: LineSource, @unchecked Sendable {
        private let engaged: EngagedBench
        init(_ engaged: EngagedBench) { self.engaged = engaged }
        func line() throws -> String? {
            for store in ["laptop", "customer"] { try engaged.sync(store) }
            return "Example Cloud K.K."
        }
        func secret() throws -> String? { nil }
        func everything(limit: Int) throws -> [UInt8]? { nil }
    }

    @Test("A document that a sync changes while it is read is not signed; what stands now is, once it is shown")
    func arriving() async throws {
        let engaged = try await EngagedBench()
        let bench = engaged.bench
        try engaged.secondDevice()
        for words in ["signatory.name Hanako", "signatory.title Manager"] { await bench.expect("config \(words)", store: "customer") }
        for row in EngagedBench.rows {
            await bench.expect("accept \(row)", store: "customer")
        }
        let counterpart = try engaged.engagement("customer")
        await bench.expect("confirm \(counterpart.handle) --yes", store: "customer")
        for store in ["customer", "laptop"] { try engaged.sync(store) }
        let shown = try await bench.expect("agree --print --json", store: "customer").item["digest"] as? String
        await bench.expect("edit responsibility-position au-4 --set customerStatement/en=Ours.", store: "laptop")

        let outcome = await bench.run(["agree", "--incomplete", "--json"], store: "customer", isTerminal: true, input: Arriving(engaged))
        #expect(outcome.exit == .refused, "\(outcome.output)")
        #expect(try outcome.code == "document-changed", "\(outcome.errors)")
        let store = try engaged.open("customer").store
        let pending = try store.read { try $0.outboxCount() }
        #expect(pending == 0)
        let agreements = try await bench.expect("agreements --json", store: "customer").json["items"] as? [Any]
        #expect(agreements?.isEmpty == true)

        // A script that names the document of before is refused for the same reason, one that names what stands now signs it.
        let confirm = ["agree", "--incomplete", "--confirm", "Example Cloud K.K.", "--json", "--document"]
        let old = await bench.run(confirm + [try #require(shown)], store: "customer")
        #expect(try old.code == "document-changed" && old.exit == .refused, "\(old.errors)")
        let now = try await bench.expect("agree --print --json", store: "customer").item["digest"] as? String
        #expect(now != shown)
        let signed = await bench.run(confirm + [try #require(now)], store: "customer")
        #expect(signed.exit == .done, "\(signed.errors)")
    }
}
