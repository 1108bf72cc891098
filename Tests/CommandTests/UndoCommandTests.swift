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

    /// A provider alone, with two rows from a file.
    private func drafted() async throws -> CommandBench {
        let bench = try CommandBench()
        await bench.expect("init --org Kaisha -q")
        await bench.expect("service add Object_Storage -q")
        let file = try bench.file("a.csv", "Framework,Control ID,Allocation,Provider statement\nf,A-1,shared,One.\nf,A-2,shared,Two.\n")
        await bench.expect("import \(file) -q")
        return bench
    }

    private func rows(_ bench: CommandBench) async -> String {
        await bench.expect("matrix --plain").output
    }

    @Test("An undone import lists the rows that go, and counts as the import did")
    func importUndone() async throws {
        let bench = try await drafted()
        let file = try bench.file("b.csv", "Framework,Control ID,Allocation,Provider statement\nf,A-1,customer,One.\nf,A-3,shared,Three.\n")
        #expect(await bench.expect("import \(file)").output.contains("1 added, 1 changed"))
        let undone = await bench.expect("undo")
        #expect(undone.output.contains("1 record removed, 1 field restored."), "\(undone.output)")
        #expect(undone.output.contains("  A-3  deleted\n  A-1  allocation shared\n"), "\(undone.output)")
    }

    @Test("One undo after the other goes back step by step, and what was undone can be done again")
    func stepByStep() async throws {
        let bench = try await drafted()
        let imported = await rows(bench)
        await bench.expect("edit responsibility a-1 --set allocation=provider -q")
        let edited = await rows(bench)
        await bench.expect("edit responsibility a-1 --set allocation=customer -q")
        let twice = await rows(bench)
        await bench.expect("delete a-1 -m wrong -q")
        await bench.expect("undo")
        if await rows(bench) != twice { await bench.expect("undo") }
        #expect(await rows(bench) == twice)
        // The remark on why it was deleted is a change of its own.
        await bench.expect("undo")
        let second = await bench.expect("undo --json")
        #expect(await rows(bench) == edited)
        await bench.expect("undo")
        #expect(await rows(bench) == imported)
        let again = try #require(try second.item["short"] as? String)
        let refused = await bench.expect("undo \(again) --json", exit: .refused)
        #expect(try refused.code == "undo-blocked", "what was changed since stands in the way")
        await bench.expect("undo")
        #expect(await rows(bench).split(separator: "\n").count == 1)
        #expect(await bench.expect("undo").output.contains("Nothing to undo."))
    }

    @Test("The line that says how to do it again does so, and is undone as any other change")
    func again() async throws {
        let bench = try await drafted()
        let imported = await rows(bench)
        await bench.expect("edit responsibility a-1 --set allocation=provider -q")
        let edited = await rows(bench)
        let undone = await bench.expect("undo")
        let hint = try #require(undone.output.split(separator: "\n").first { $0.hasPrefix("Do it again: buntan ") })
        await bench.expect(String(hint.dropFirst("Do it again: buntan ".count)))
        #expect(await rows(bench) == edited)
        await bench.expect("undo")
        #expect(await rows(bench) == imported)
        await bench.expect("undo")
        #expect(await rows(bench).split(separator: "\n").count == 1)
    }

    @Test("An import that keeps a column as notes is undone as one, rows and notes, and done again as one")
    func importWithNotes() async throws {
        let bench = try await drafted()
        let before = await rows(bench)
        func notes() async throws -> Int { try await bench.expect("list annotation --json").list.count }
        let file = try bench.file("b.csv", "Framework,Control ID,Allocation,Remarks\nf,A-1,customer,ask legal\nf,A-3,shared,why?\n")
        let imported = await bench.expect("import \(file) --json")
        let after = await rows(bench)
        #expect(try await notes() == 2)
        let undone = await bench.expect("undo --json")
        // What was announced is what is undone.
        #expect(try undone.item["undone"] as? String == imported.item["change"] as? String)
        #expect(try undone.item["removed"] as? Int == 3)
        #expect(await rows(bench) == before)
        #expect(try await notes() == 0)
        await bench.expect("undo \(try #require(try undone.item["short"] as? String))")
        #expect(await rows(bench) == after)
        #expect(try await notes() == 2)
        await bench.expect("undo")
        #expect(await rows(bench) == before)
        #expect(try await notes() == 0)
        // The same file again after that is a write of its own.
        await bench.expect("import \(file)")
        #expect(await rows(bench) == after)
        await bench.expect("undo")
        #expect(await rows(bench) == before)
        #expect(try await notes() == 0)
        await bench.expect("undo")
        #expect(await rows(bench).split(separator: "\n").count == 1)
    }

    @Test("Notes alone are said to be taken, and undone from either end of their write")
    func notesAlone() async throws {
        let bench = try await drafted()
        func notes() async throws -> Int { try await bench.expect("list annotation --json").list.count }
        let file = try bench.file("b.csv", "Framework,Control ID,Allocation,Remarks\nf,A-1,shared,ask legal\nf,A-2,shared,ask legal\n")
        let taken = await bench.expect("import \(file)")
        #expect(taken.output.contains("2 private notes taken") && !taken.output.contains("nothing to change"), "\(taken.output)")
        #expect(!taken.output.contains("publish"), "\(taken.output)")
        #expect(try await notes() == 2)
        await bench.expect("undo")
        #expect(try await notes() == 0)
        #expect(await rows(bench).contains("A-2"))
    }
}
