import Foundation
import Testing

@testable import ClientCLI

@Suite("reconcile: documents, and the sides of an engagement")
struct ReconcileCommandTests {
    private static func plan(_ members: String) -> String {
        #"{"system-security-plan": {"control-implementation": {"implemented-requirements": [{"control-id": "ac-1", "by-components": [{"description": "d", \#(members)}]}]}}}"#
    }
    private static let provider = plan(
        #""export": {"provided": [{"uuid": "p1", "description": "x"}], "responsibilities": [{"uuid": "r1", "description": "y"}]}"#)

    @Test("Two documents need no store; what is open between them ends with 1, in both languages and as JSON")
    func documents() async throws {
        let bench = try CommandBench()
        let provider = try bench.file("provider.json", Self.provider)
        let open = try bench.file("open.json", Self.plan(#""inherited": [{"uuid": "i", "provided-uuid": "p1", "description": "d"}]"#))
        let told = await bench.run("reconcile", provider, open)
        #expect(told.exit == .found && told.output.contains("Not answered: 1") && told.output.contains("AC-1"), "\(told.output)")
        #expect(await bench.run("reconcile", provider, open, "--lang", "ja").output.contains("回答がない: 1件"))
        let json = try await bench.run("reconcile", provider, open, "--json").item
        let finding = try #require((json["findings"] as? [[String: Any]])?.first)
        #expect(finding["kind"] as? String == "unanswered" && finding["id"] as? String == "r1")
        let whole = try bench.file(
            "whole.json",
            Self.plan(
                #""inherited": [{"uuid": "i", "provided-uuid": "p1", "description": "d"}], "satisfied": [{"uuid": "s", "responsibility-uuid": "r1", "description": "d"}]"#
            ))
        let good = await bench.expect("reconcile \(provider) \(whole)")
        #expect(good.output.contains("everything is answered"), "\(good.output)")
        // Down a chain each is compared with the one before.
        let chain = await bench.run("reconcile", provider, whole, open)
        #expect(chain.output.contains("provider.json → whole.json → open.json: "), "\(chain.output)")
        #expect(chain.output.contains("provides, asks") && chain.output.contains("takes over, answers"), "\(chain.output)")
        #expect(await bench.run("reconcile", provider, whole, open, "--lang", "ja").output.contains("引継ぎ・回答"))
        let tiers = try await bench.run("reconcile", provider, whole, open, "--json").item
        #expect((tiers["chain"] as? [String: Any])?["documents"] as? [String] == [provider, whole, open])
        #expect(await bench.run("reconcile", provider).exit == .usage)
        // What says not to what it refers leads nowhere, and is no wrong reference.
        let unnamed = try bench.file(
            "unnamed.json",
            Self.plan(
                #""inherited": [{"uuid": "i", "description": "d"}], "satisfied": [{"uuid": "s", "responsibility-uuid": "r1", "description": "d"}]"#
            ))
        let counted = await bench.run("reconcile", provider, unnamed)
        #expect(counted.exit == .done && counted.output.contains("1 statement does not say what it refers to"), "\(counted.output)")
        let table = await bench.run("reconcile", provider, try bench.file("rows.csv", "Control ID,Allocation\nAC-1,shared\n"))
        #expect(table.exit == .inputFile && table.errors.contains("buntan diff"), "\(table.errors)")
        let wrong = await bench.run("reconcile", provider, try bench.file("no.json", "{"), "--json")
        #expect(try wrong.code == "file-damaged" && (wrong.json["file"] as? String)?.hasSuffix("no.json") == true)
    }

    @Test("The sides of an engagement: rows that ask and are not answered, and answers to words that have changed")
    func engagement() async throws {
        let engaged = try await EngagedBench()
        func kinds() async throws -> [String: Int] {
            let outcome = await engaged.bench.run("reconcile", "-e", "example", "--json", store: "customer")
            let findings = try #require(try outcome.item["findings"] as? [[String: Any]], "\(outcome.errors)")
            return Dictionary(findings.map { ($0["kind"] as? String ?? "", 1) }, uniquingKeysWith: +)
        }
        let before = try await kinds()
        let waiting = try #require(before["unanswered"], "\(before)")
        await engaged.bench.expect("accept --where state=open --yes", store: "customer")
        #expect(try await kinds()["unanswered"] == nil && waiting > 0)
        // What the sides hold differently is open, whatever leads where.
        let row = try #require(try await engaged.bench.expect("matrix --json", store: "customer").list.first)
        #expect(await engaged.bench.run("reconcile", "-e", "example", store: "customer").exit == .done)
        let id = try #require((row["row"] as? [String: Any])?["controlId"] as? String)
        let own = row["provider"] as? String == "shared" ? "provider" : "shared"
        let proposed = await engaged.bench.run("propose", id, "--allocation", own, store: "customer")
        #expect(proposed.exit == .done, "\(proposed.errors)")
        let disputed = await engaged.bench.run("reconcile", "-e", "example", store: "customer")
        #expect(disputed.exit == .found && disputed.output.contains("In dispute: 1 (\(id))"), "\(disputed.output)")
        let told = try await engaged.bench.run("reconcile", "-e", "example", "--json", store: "customer").item
        #expect((told["disputed"] as? [[String: Any]])?.count == 1)
        // Words that changed after they were answered, and a row that is gone from under its answer.
        await engaged.bench.expect("edit responsibility au-4 --set providerStatement/en=Other.", store: "provider")
        await engaged.bench.expect("delete ca-8 -m gone", store: "provider")
        await engaged.bench.expect("publish 2 -m changed --yes", store: "provider")
        try engaged.syncBoth()
        #expect(try await kinds() == ["stale": 1, "dangling": 1])
    }
}
