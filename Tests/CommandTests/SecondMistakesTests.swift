import Foundation
import Testing

@testable import ClientCLI

@Suite("What people stumble over once they work with it")
struct SecondMistakesTests {
    @Test("The id that a remark was answered with deletes it, and the answer says where the reason stands")
    func remarks() async throws {
        let engaged = try await EngagedBench()
        let bench = engaged.bench
        let comment = try #require(try await bench.expect("comment ac-2 mistyped --json", store: "customer").item["short"] as? String)
        let deleted = await bench.expect("delete \(comment) -m wrong", store: "customer")
        #expect(deleted.output.contains("as a comment, which Example Cloud K.K. sees"), "\(deleted.output)")
        let note = try #require(try await bench.expect("note ac-2 mistyped --json", store: "customer").item["short"] as? String)
        let kept = await bench.expect("delete \(note) -m wrong", store: "customer")
        #expect(kept.output.contains("as a private note"), "\(kept.output)")
        let shown = await bench.expect("show ac-2", store: "customer")
        #expect(!shown.output.contains("mistyped"), "\(shown.output)")
        // A change that wrote several records stands for none of them.
        let many = try #require(try await bench.expect("accept ac --json", store: "customer").item["short"] as? String)
        #expect(try await bench.expect("delete \(many) -m wrong --json", store: "customer", exit: .usage).code == "unknown-id")
    }

    @Test("A file names a field as --set does, and its mistakes name the kind")
    func files() async throws {
        let engaged = try await EngagedBench()
        let bench = engaged.bench
        let file = try bench.file("row.yaml", "providerStatement/ja: 記録します\nproviderStatement/en: We log.\n")
        await bench.expect("edit responsibility au-4 --from \(file) -s object-storage", store: "provider")
        let shown = await bench.expect("show au-4 -s object-storage --json", store: "provider")
        #expect(shown.output.contains("記録します") && shown.output.contains("We log."), "\(shown.output)")
        for text in ["nothing/en: x\n", "/: x\n"] {
            let bad = try bench.file("bad.yaml", text)
            let refused = await bench.expect(
                "edit responsibility au-4 --from \(bad) -s object-storage", store: "provider", exit: .inputFile)
            #expect(refused.errors.contains("responsibility has no field"), "\(refused.errors)")
        }
        let unspoken = await bench.expect(
            "edit responsibility au-4 --set providerStatement=x -s object-storage", store: "provider", exit: .usage)
        #expect(unspoken.errors.contains("providerStatement/ja=") && !unspoken.errors.contains("''"), "\(unspoken.errors)")
    }

    @Test("What follows an edit of a draft is its publication, whatever is worked on")
    func draft() async throws {
        let engaged = try await EngagedBench()
        await engaged.bench.expect("use kaisha", store: "provider")
        let edited = await engaged.bench.expect(
            "edit responsibility au-4 --set providerStatement/en=Other. -s object-storage", store: "provider")
        #expect(edited.output.contains("publish LABEL"), "\(edited.output)")
    }

    @Test("A row that has changed since it was accepted says how they are compared and accepted")
    func reworded() async throws {
        let engaged = try await EngagedBench()
        let bench = engaged.bench
        await bench.expect("accept au-4", store: "customer")
        #expect(await !bench.expect("show au-4", store: "customer").output.contains("has changed since"))
        await bench.expect("edit responsibility au-4 --set providerStatement/en=Other. -s object-storage", store: "provider")
        await bench.expect("publish 2 -m words -s object-storage", store: "provider")
        try engaged.syncBoth()
        let shown = await bench.expect("show au-4", store: "customer").output
        #expect(shown.contains("has changed since") && shown.contains("buntan log au-4"), "\(shown)")
        let log = await bench.expect("log au-4", store: "customer").output
        #expect(log.contains("The platform logs AU-4.") && log.contains("Other."), "\(log)")
        await bench.expect("accept au-4", store: "customer")
        #expect(await !bench.expect("show au-4", store: "customer").output.contains("has changed since"))
    }
}
