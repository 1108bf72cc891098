import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Storage
import Testing

@testable import ClientCLI

@Suite("undo, over the whole store")
struct UndoCommandTests {
    private func statement(_ engaged: EngagedBench) async throws -> String? {
        let shown = await engaged.bench.expect("show au-4 --json -s object-storage", store: "provider")
        let item = try #require((try shown.json["items"] as? [[String: Any]])?.first)
        return (item["providerStatement"] as? [String: Any])?["en"] as? String
    }

    @Test("An edit of the draft is undone while an engagement is chosen, and the row is named with its value")
    func draft() async throws {
        let engaged = try await EngagedBench()
        await engaged.bench.expect("use kaisha", store: "provider")
        await engaged.bench.expect("edit responsibility au-4 --set providerStatement/en=Other. -s object-storage", store: "provider")
        #expect(try await statement(engaged) == "Other.")
        let undone = await engaged.bench.expect("undo", store: "provider")
        #expect(undone.output.contains("AU-4  providerStatement/en \"The platform logs AU-4.\""), "\(undone.output)")
        #expect(try await statement(engaged) == "The platform logs AU-4.")
    }

    @Test("JSON lists the records with their fields")
    func records() async throws {
        let engaged = try await EngagedBench()
        await engaged.bench.expect("edit responsibility au-4 --set providerStatement/en=Other. -s object-storage", store: "provider")
        let item = try await engaged.bench.expect("undo --json", store: "provider").item
        let records = try #require(item["records"] as? [[String: Any]])
        #expect(records.compactMap { ($0["row"] as? [String: Any])?["controlId"] as? String } == ["AU-4"])
        #expect((records.first?["fields"] as? [[String: Any]])?.compactMap { $0["field"] as? String } == ["providerStatement"])
    }

    @Test("An engagement that is typed narrows what undo looks at")
    func narrowed() async throws {
        let engaged = try await EngagedBench()
        await engaged.bench.expect("propose ca-8 --allocation shared -m both -e kaisha", store: "provider")
        engaged.clock.millis += 1_000
        await engaged.bench.expect("edit responsibility au-4 --set providerStatement/en=Other. -s object-storage", store: "provider")
        await engaged.bench.expect("undo -e kaisha", store: "provider")
        #expect(try await statement(engaged) == "Other.")
    }

    @Test("The organisation's own records come last where two were made in one moment")
    func homeLast() async throws {
        let engaged = try await EngagedBench()
        await engaged.bench.expect("delete au-4 -m duplicate -s object-storage", store: "provider")
        let undone = await engaged.bench.expect("undo", store: "provider")
        #expect(undone.output.contains("AU-4"), "\(undone.output)")
        #expect(try await statement(engaged) == "The platform logs AU-4.")
    }

    @Test("What was published stands: undo says how a release is withdrawn, and writes nothing")
    func published() async throws {
        let engaged = try await EngagedBench()
        await engaged.bench.expect("edit responsibility au-4 --set providerStatement/en=Other. -s object-storage", store: "provider")
        await engaged.bench.expect("publish 2 -m words -s object-storage", store: "provider")
        let refused = await engaged.bench.expect("undo --json", store: "provider", exit: .refused)
        #expect(try refused.code == "undo-published")
        #expect(
            await engaged.bench.expect("releases -s object-storage --plain --fields label", store: "provider").output
                == "label\n2026.1\n2\n")
    }
}
