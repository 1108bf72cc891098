import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Storage
import StorageSQLite
import Testing

@testable import ClientCLI

@Suite("Records are looked at: log, show, find")
struct RecordReadingTests {
    @Test("log tells who, when and on what basis, newest first, and marks values that returned")
    func log() async throws {
        let bench = try await CommandBench.drafting()
        for value in ["shared", "provider", "shared"] {
            _ = await bench.run("edit", "responsibility", "au-4", "--set", "allocation=\(value)")
        }
        let items = try #require(try await bench.run("log", "au-4", "--json").json["items"] as? [[String: Any]])
        #expect(items.count == 4)
        func allocation(_ item: [String: Any]) -> [String: Any]? {
            let edits = item["edits"] as? [[String: Any]]
            return (edits?.first?["fields"] as? [[String: Any]])?.first { $0["field"] as? String == "allocation" }
        }
        #expect(items.map { allocation($0)?["value"] as? String } == ["shared", "provider", "shared", "customer"])
        #expect(items.map { allocation($0)?["returned"] as? Bool } == [true, false, false, false])
        let positions = items.compactMap { $0["position"] as? Int }
        #expect(positions == positions.sorted(by: >) && positions.count == 4)
        #expect(items.allSatisfy { ($0["base"] as? [String: Int])?["size"] == $0["position"] as? Int })
        let shown = await bench.run("log", "au-4", "--utc")
        #expect(shown.output.contains("(returned to an earlier value)"))
        #expect(
            shown.output.contains("device-1 (this device), Example Cloud K.K.")
                || shown.output.contains("(this device), Example Cloud K.K."))
        let cut = try await bench.run("log", "--limit", "2", "--json").json
        #expect((cut["items"] as? [Any])?.count == 2)
        let more = try #require(cut["more"] as? String)
        #expect(try await bench.run("log", "--limit", "1", "--after", more, "--json").json["items"] as? [Any] != nil)
    }

    @Test("show prints one of anything: rows with both sides, comments, notes and history; releases, changes, devices")
    func showing() async throws {
        let engaged = try await EngagedBench()
        let bench = engaged.bench
        _ = await bench.run("propose", "ac-2.5", "--allocation", "shared", "-m", "Idle logout is ours.", store: "customer")
        _ = await bench.run("note", "ac-2.5", "ask legal", store: "customer")
        let row = await bench.run("show", "AC-2(5)", store: "customer")
        for words in [
            "AC-2(5)  nist-800-53r4  disputed", "as published", "The platform logs AC-2(5).", "Comments", "Idle logout is ours.",
            "Notes, private", "ask legal", "History", "not sent yet",
        ] {
            #expect(row.output.contains(words), "\(words) in \(row.output)")
        }
        let item = try #require(
            (try await bench.run("show", "ac-2.5", "--json", store: "customer").json["items"] as? [[String: Any]])?.first)
        #expect((item["comments"] as? [[String: Any]])?.first?["text"] as? String == "Idle logout is ours.")
        #expect((item["history"] as? [[String: Any]])?.count == 2)
        let change = try #require((item["history"] as? [[String: Any]])?.last?["short"] as? String)
        let release = await bench.run("show", "2026.1", store: "customer")
        #expect(release.output.contains("release") && release.output.contains("SHA-256 "))
        let changes = await bench.run("show", change, store: "customer")
        #expect(changes.output.contains("AC-2(5)  allocation shared"))
        let device = try engaged.open("customer").store.read { try $0.identity().device }
        #expect(await bench.run("show", device.hex, store: "customer").output.contains("office-pc (this device)"))
        let unknown = await bench.run("show", "zzzz", "--json", store: "customer")
        #expect(try unknown.code == "unknown-id")
        #expect(try await bench.run("show", "ac-77", "--json", store: "customer").code == "unknown-row")
    }

    @Test("An ambiguous short id lists its candidates with kind, author and date")
    func ambiguous() async throws {
        let bench = try await CommandBench.drafting()
        // Among enough ids two share four letters; only those are written.
        var seen: [Substring: RecordID] = [:]
        var pair: [RecordID] = []
        var number: UInt64 = 0
        while pair.isEmpty {
            number += 1
            let id = RecordID.timeOrdered(millis: 1, random: Nonce(high: number, low: number &* 0x9e37_79b9_7f4a_7c15))
            if let other = seen.updateValue(id, forKey: ShortID.letters(of: id).prefix(4)) { pair = [other, id] }
        }
        let open = try OpenStore.existing(bench.invocation())
        let home = try #require(try open.store.read { try StoreDirectory($0).home($0) })
        let about = RecordID(high: 1, low: 1)
        _ = try open.writing().commit(
            pair.map {
                RecordDraft(record: $0, kind: "annotation", cells: [CellKey("row"): .id(about), CellKey("text"): .text("a note")])
            }, in: home)
        let index = try open.store.read { try StoreIndex($0) }
        let long = try #require(index.records.keys.map { index.short($0) }.first { $0.count > 4 })
        let shown = await bench.run("show", String(long.prefix(4)), "--json")
        #expect(try shown.code == "ambiguous-id")
        let lines = shown.errors.split(separator: "\n").filter { $0.hasPrefix("  ") }
        #expect(lines.count >= 2)
        #expect(lines.allSatisfy { $0.contains(/annotation|change|device/) && $0.contains(/\d{4}-\d\d-\d\d/) })
        #expect(await bench.run("show", long).exit == .done)
    }

    @Test(
        "find looks through rows, notes, comments and records, whatever the width and case of the letters",
        arguments: ["cloud act", "ＣＬＯＵＤ　ＡＣＴ", "Cloud Act"])
    func finding(text: String) async throws {
        let engaged = try await EngagedBench()
        let bench = engaged.bench
        _ = await bench.run("note", "ac-2", "ask legal about the CLOUD Act", store: "customer")
        _ = await bench.run("comment", "au-4", "Is this under the ｃｌｏｕｄ act?", store: "customer")
        let found = try #require(try await bench.run("find", text, "--json", store: "customer").json["items"] as? [[String: Any]])
        #expect(Set(found.compactMap { $0["kind"] as? String }) == ["annotation", "comment"])
        #expect(Set(found.compactMap { ($0["about"] as? [String: Any])?["controlId"] as? String }) == ["AC-2", "AU-4"])
        #expect(await bench.run("find", "nowhere to be found", store: "customer").output == "Nothing holds \"nowhere to be found\".\n")
        #expect(await bench.run("find", "platform logs", store: "customer").output.hasPrefix("4 places hold"))
    }
}
