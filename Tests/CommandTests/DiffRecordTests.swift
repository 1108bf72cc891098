import Foundation
import Testing

@testable import ClientCLI

@Suite("diff of what is published beside the rows")
struct DiffRecordTests {
    /// A service with one row, a backup specification with a schedule, a jurisdiction and a monitoring capability, published as 1.
    private static func published() async throws -> (bench: CommandBench, specification: String, law: String) {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        await bench.expect("import \(try bench.file("rows.csv", "Framework,Control ID,Allocation\nf,A-1,provider\n"))")
        let specification = try await made(bench, "backup-specification --set rpo=4h")
        await schedule(bench, specification, "{backupType: full, interval: PT4H}")
        let law = try await made(bench, "jurisdiction --set country=JP --set lawName/en=Act")
        await bench.expect("publish 1 -m first --yes")
        return (bench, specification, law)
    }

    private static func schedule(_ bench: CommandBench, _ specification: String, _ item: String) async {
        let added = await bench.run("edit", "backup-specification", specification, "--set", "schedule+=\(item)")
        #expect(added.exit == .done, "\(added.errors)")
    }

    private static func made(_ bench: CommandBench, _ words: String) async throws -> String {
        try #require(try await bench.expect("edit \(words) --json").item["id"] as? String)
    }

    @Test("A worse specification, a law that is gone and a new capability differ field by field, between releases and to the draft")
    func records() async throws {
        let (bench, specification, law) = try await Self.published()
        for range in ["1..1", "1..now", "1..draft", "now..draft"] {
            #expect(await bench.expect("diff \(range)").output == "No difference.\n", "\(range)")
        }
        await bench.expect("edit backup-specification \(specification) --set rpo=1d")
        await bench.expect("delete \(law) -m gone --yes")
        _ = try await Self.made(bench, "monitoring-capability --set ownInstancesOnly=yes")
        let drafted = await bench.expect("diff 1..draft").output
        await bench.expect("publish 2 -m second --yes")
        let shown = await bench.expect("diff 1..2").output
        for part in [
            "From 1 to 2: 3 records differ.", "1 other record changed", "1 other record added", "1 other record removed",
            "  backup-specification ", "- 4h", "+ 1d", "  monitoring-capability ", "  jurisdiction ",
        ] { #expect(shown.contains(part), "\(part)\n\(shown)") }
        // A draft has not gone out: who wrote it is known, and nothing else of when and why.
        func undated(_ output: String) -> [Substring] {
            output.split(separator: "\n", omittingEmptySubsequences: false).filter {
                !$0.contains("release 2, ") && !$0.contains("in no release yet")
            }
        }
        #expect(undated(drafted.replacing("the draft", with: "2")) == undated(shown))
        #expect(drafted.contains("in no release yet") && !drafted.contains("release 2"), "\(drafted)")
        let japanese = await bench.expect("diff 1..2 --lang ja").output
        for part in ["1から2まで: 記録3件に違いがあります。", "ほかの記録1件の変更", "ほかの記録1件の追加", "ほかの記録1件の削除", "+ 1日"] {
            #expect(japanese.contains(part), "\(part)\n\(japanese)")
        }
        let items = try await bench.expect("diff 1..2 --json").list
        let changes = items.map { "\($0["kind"] as? String ?? "") \($0["change"] as? String ?? "")" }.sorted()
        #expect(changes == ["backup-specification changed", "jurisdiction removed", "monitoring-capability added"])
        let changed = try #require(items.first { $0["change"] as? String == "changed" })
        let cells = try #require(changed["cells"] as? [[String: Any]])
        #expect(cells.count == 1 && cells[0]["field"] as? String == "rpo" && changed["row"] == nil, "\(changed)")
        #expect(cells[0]["before"] as? String == "PT4H" && cells[0]["after"] as? String == "P1D")
        await bench.expect("diff 1..2 --exit-code", exit: .found)
    }

    @Test("Rows and other records are counted apart, and a list's item is told as what it is")
    func both() async throws {
        let (bench, specification, _) = try await Self.published()
        await bench.expect("edit responsibility A-1 --set allocation=customer")
        await Self.schedule(bench, specification, "{backupType: incremental, interval: PT1H}")
        await bench.expect("publish 2 -m second --yes")
        let shown = await bench.expect("diff 1..2").output
        #expect(shown.contains("From 1 to 2: 1 row and 1 other record differ."), "\(shown)")
        #expect(shown.contains("1 row: provider to customer") && shown.contains("1 other record added"), "\(shown)")
        #expect(await bench.expect("diff 1..2 --lang ja").output.contains("1から2まで: 1行とほかの記録1件に違いがあります。"))
        let kinds = try await bench.expect("diff 1..2 --json").list.compactMap { $0["kind"] as? String }
        #expect(Set(kinds) == ["responsibility", "backup-specification.schedule"])
        // A file holds rows alone: of the others it says nothing.
        let file = try bench.file("other.csv", "Framework,Control ID,Allocation\nf,A-1,customer\n")
        #expect(await bench.expect("diff 2..\(file)").output == "No difference.\n")
    }
}
