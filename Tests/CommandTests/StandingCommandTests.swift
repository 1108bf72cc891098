import Wording
import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Storage
import Testing

@testable import ClientCLI

@Suite("Where things stand: status, disputes, conflicts")
struct StandingCommandTests {
    /// Leaves one row agreed, one disputed, one unsettled by two devices of the customer, and one open.
    private func variedBench() async throws -> EngagedBench {
        let engaged = try await EngagedBench()
        let bench = engaged.bench
        try engaged.secondDevice()
        #expect(await bench.run("accept", "ca-8", store: "customer").exit == .done)
        #expect(
            await bench.run("propose", "ac-2.5", "--allocation", "shared", "-m", "Idle logout is ours.", store: "customer").exit == .done)
        #expect(await bench.run("propose", "au-4", "--allocation", "shared", store: "customer").exit == .done)
        #expect(await bench.run("propose", "au-4", "--allocation", "provider", store: "laptop").exit == .done)
        try engaged.sync("customer")
        try engaged.sync("laptop")
        try engaged.sync("customer")
        return engaged
    }

    @Test("status counts the rows by state, each with what it means and the command for it")
    func status() async throws {
        let engaged = try await variedBench()
        #expect(await engaged.bench.run("note", "ca-8", "ask legal", store: "customer").exit == .done)
        let shown = await engaged.bench.run("status", store: "customer")
        #expect(shown.exit == .done, "\(shown.errors)")
        let lines = shown.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(lines[0].hasPrefix("Kaisha K.K. with Example Cloud K.K., Object Storage"))
        #expect(lines[0].hasSuffix("example-cloud/object-storage"))
        #expect(lines[1].hasPrefix("Release 2026.1, 4 rows, verified to entry "))
        #expect(
            lines[3...] == [
                "  agreed       1",
                "  disputed     1   all wait for them                          buntan disputes",
                "  open         1   no position of yours, or left to nobody    buntan answer",
                "  unsettled    1   1 field with several values of yours       buntan conflicts",
                "",
                "  to send      1   changes made here since the last sync      buntan sync",
                "",
                "Next: buntan conflicts",
                "",
            ])
        let item = try await engaged.bench.run("status", "--json", store: "customer").item
        #expect(
            item["states"] as? [String: Int] == ["agreed": 1, "disputed": 1, "open": 1, "unsettled": 1, "reworded": 0, "unpublished": 0])
        #expect(item["conflicts"] as? Int == 1)
        #expect(item["pending"] as? Int == 1)
        // The provider's view of the same rows: it is its turn.
        try engaged.sync("provider")
        let theirs = try await engaged.bench.run("status", "--json", "-e", "kaisha", store: "provider").item
        #expect((theirs["waiting"] as? [String: Int])?["disputed"] == 1)
        #expect(theirs["conflicts"] as? Int == 0)
    }

    @Test("The table of status has the same columns in both languages")
    func columns() async throws {
        let engaged = try await variedBench()
        #expect(await engaged.bench.run("note", "ca-8", "ask legal", store: "customer").exit == .done)
        func starts(_ language: String) async -> [[Int]] {
            await engaged.bench.run("status", "--lang", language, store: "customer").output.split(separator: "\n").dropFirst(2)
                .dropLast().map { Self.columnStarts(String($0)) }
        }
        let (english, japanese) = (await starts("en"), await starts("ja"))
        #expect(english.count == 5)
        #expect(
            english.map { $0.filter { $0 == 2 || $0 == 19 || $0 == 62 } } == japanese.map { $0.filter { $0 == 2 || $0 == 19 || $0 == 62 } })
        #expect(english.allSatisfy { $0.first == 2 })
        #expect(english.dropFirst().allSatisfy { $0.contains(19) && $0.contains(62) })
    }

    /// The display columns at which something begins after at least one blank.
    static func columnStarts(_ line: String) -> [Int] {
        var starts: [Int] = []
        var column = 0
        var wasBlank = true
        for character in line {
            if character != " ", wasBlank { starts.append(column) }
            wasBlank = character == " "
            column += DisplayWidth.standard(String(character))
        }
        return starts
    }

    @Test("Counting from briefs says what reading every row says, before and after each kind of move")
    func briefsAgree() async throws {
        let engaged = try await variedBench()
        for store in ["customer", "laptop", "provider"] {
            try engaged.sync(store)
            let workspace = try engaged.open(store)
            let engagement = try engaged.engagement(store)
            try workspace.store.read { reader in
                var slow: [RowState: Int] = [:]
                let rows = try workspace.rows(of: engagement, reader)
                for row in rows { slow[row.negotiation.state, default: 0] += 1 }
                let briefed = try workspace.rows(of: engagement, byBriefs: true, reader)
                #expect(briefed.map(\.negotiation) == rows.map(\.negotiation) && briefed.map(\.rowID) == rows.map(\.rowID), "\(store)")
                #expect(briefed.map(\.row) == rows.map(\.row) && briefed.map(\.key) == rows.map(\.key), "\(store)")
                #expect(briefed.map(\.customerPosition) == rows.map(\.customerPosition), "\(store)")
                #expect(briefed.map(\.providerPosition) == rows.map(\.providerPosition), "\(store)")
                let outlines = RowKey.sorted(try workspace.rowOutlines(of: engagement, reader)) { $0.key }
                #expect(outlines.map(\.key) == rows.map(\.key) && outlines.map(\.negotiation) == rows.map(\.negotiation), "\(store)")
                let counts = try workspace.standing(of: engagement, reader).counts
                #expect(counts.states == slow, "\(store)")
                #expect(counts.unreleased == 0)
            }
        }
    }

    @Test("Rows that moved after the newest release are a publish under way, until its last change is here")
    func unreleased() async throws {
        let engaged = try await EngagedBench()
        let customer = try engaged.open("customer")
        let engagement = try engaged.engagement("customer")
        let provider = try engaged.open("provider")
        // What `publish` writes before the release that ends it.
        let row = RowKey(framework: "nist-800-53r4", controlId: "AC-2")
        _ = try provider.commit(
            [
                RecordDraft(
                    record: row.responsibility(in: engaged.service.service), kind: "responsibility",
                    cells: [CellKey("allocation"): .text("shared")])
            ], in: engaged.service.service)
        try engaged.syncBoth()
        #expect(try customer.store.read { try customer.standing(of: engagement, $0).counts.unreleased } == 1)
        #expect(await engaged.bench.run("status", store: "customer").output.contains("rows of a publish under way"))
        let draft = row.responsibility(in: engaged.service.draft)
        _ = try provider.commit(
            [RecordDraft(record: draft, kind: "responsibility", cells: [CellKey("allocation"): .text("shared")])], in: engaged.service.draft
        )
        _ = try provider.publish(engaged.service, label: "2026.2", message: nil)
        try engaged.syncBoth()
        let standing = try customer.store.read { try customer.standing(of: engagement, $0) }
        #expect(standing.counts.unreleased == 0)
        #expect(standing.release == "2026.2")
    }

    @Test("disputes has its heads: whose turn it is, since when, and the last word")
    func disputes() async throws {
        let engaged = try await variedBench()
        let shown = await engaged.bench.run("disputes", store: "customer")
        let lines = shown.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(lines[0] == "1 row on which you and Example Cloud K.K. differ; 0 wait for you.")
        #expect(lines[2].split(separator: " ").map(String.init) == ["ROW", "THEIRS", "YOURS", "TURN", "SINCE", "LAST", "WORD"])
        #expect(lines[3].contains("AC-2(5)  customer  shared  them"))
        #expect(lines[3].hasSuffix("you: \"Idle logout is ours.\""))
        try engaged.sync("provider")
        let theirs = await engaged.bench.run("disputes", "-e", "kaisha", store: "provider")
        #expect(theirs.output.contains("Agree:  buntan -e kaisha accept ac-2.5"))
        #expect(theirs.output.contains("them: \"Idle logout is ours.\""))
        let japanese = await engaged.bench.run("disputes", "--lang", "ja", store: "customer")
        #expect(japanese.output.contains("最後の発言"))
        let plain = await engaged.bench.run("disputes", "--plain", "--fields", "row.controlId,turn,lastWord.text", store: "customer")
        #expect(plain.output == "row.controlId\tturn\tlastWord.text\nAC-2(5)\tprovider\tIdle logout is ours.\n")
    }

    @Test("What was said with a value that lost its conflict is nobody's last word; what was said otherwise stays")
    func lostWords() async throws {
        let engaged = try await EngagedBench()
        try engaged.secondDevice()
        await engaged.bench.expect("comment au-4 first", store: "customer")
        try engaged.sync("customer")
        await engaged.bench.expect("propose au-4 --allocation shared -m mine", store: "customer")
        await engaged.bench.expect("propose au-4 --allocation provider -m laptops", store: "laptop")
        for store in ["customer", "laptop", "customer"] { try engaged.sync(store) }
        func lastWord() async throws -> String? {
            let items = try await engaged.bench.expect("disputes --json", store: "customer").json["items"] as? [[String: Any]]
            return (items?.first?["lastWord"] as? [String: Any])?["text"] as? String
        }
        let conflict = try #require(
            (try await engaged.bench.expect("conflicts au-4 --json", store: "customer").json["items"] as? [[String: Any]])?.first)
        let heads = try #require(conflict["heads"] as? [[String: Any]])
        let mine = try #require(heads.firstIndex { $0["value"] as? String == "shared" }) + 1
        let seen = try #require(conflict["seen"] as? String)
        await engaged.bench.expect("resolve au-4 allocation --take \(mine) --seen \(seen)", store: "customer")
        #expect(try await lastWord() == "mine")
        await engaged.bench.expect("comment au-4 later", store: "customer")
        #expect(try await lastWord() == "later")
    }

    @Test("conflicts shows what stood before, each value with its number, device and time, and the set that was shown")
    func conflicts() async throws {
        let engaged = try await variedBench()
        let shown = await engaged.bench.run("conflicts", "--utc", store: "customer")
        let lines = shown.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(lines[0].hasPrefix("1 field in 1 row has several values"))
        #expect(lines[2] == "AU-4  allocation                                  before: none")
        #expect(lines[3].hasPrefix("  1  ") && lines[4].hasPrefix("  2  "))
        let values = lines[3...4].sorted { $0.contains("shared") && !$1.contains("shared") }
        #expect(values[0].contains("shared") && values[0].contains("office-pc (this device)"))
        #expect(values[1].contains("provider") && values[1].contains("field-laptop"))
        #expect(lines[3...4].allSatisfy { $0.contains(/\d{4}-\d\d-\d\d \d\d:\d\d$/) })
        let seen = try #require(lines[5].split(separator: " ").last.map(String.init))
        #expect(lines[5] == "     buntan resolve au-4 allocation --take 1 --seen \(seen)")
        let resolved = await engaged.bench.run("resolve", "au-4", "allocation", "--take", "1", "--seen", seen, store: "customer")
        #expect(resolved.exit == .done, "\(resolved.errors)")
        #expect(await engaged.bench.run("conflicts", store: "customer").output == "No field has several values.\n")
    }

    @Test("A condition that no row can ever fulfil is a mistake, not an empty list; letter case does not count in codes")
    func conditions() async throws {
        let engaged = try await variedBench()
        func controls(_ condition: String) async throws -> [String] {
            let outcome = await engaged.bench.run("matrix", "--where", condition, "--json", store: "customer")
            #expect(outcome.exit == .done, "\(condition): \(outcome.errors)")
            return try (outcome.json["items"] as? [[String: Any]] ?? []).compactMap {
                ($0["row"] as? [String: Any])?["controlId"] as? String
            }
        }
        #expect(try await controls("state=Disputed") == ["AC-2(5)"])
        #expect(try await controls("allocation=CUSTOMER").count == 4)
        #expect(try await controls("providerStatement=The platform logs CA-8.") == ["CA-8"])
        #expect(try await controls("customerAction=").count == 4)
        #expect(try await controls("providerStatement=").isEmpty)
        for (condition, code) in [
            ("alocation=shared", "unknown-field"), ("state=foo", "invalid-value-of"), ("allocation=ours", "invalid-value-of"),
            ("=shared", "invalid-where"), ("shared", "invalid-where"),
        ] {
            for command in ["matrix", "accept"] {
                let outcome = await engaged.bench.run(command, "--where", condition, "--json", store: "customer")
                #expect(outcome.exit == .usage, "\(command) \(condition)")
                #expect(try outcome.code == code, "\(command) \(condition)")
            }
        }
    }

    @Test("What the server does not hold yet is said by status until a sync has handed it over, and is not said without a server")
    func notThereYet() async throws {
        let bench = try CommandBench()
        let table = try bench.file("rows.csv", "Framework,Control ID,Allocation\nf,A-1,shared\n")
        try await LoopbackServer.with(bench.path + "/server", isOpen: true) { server in
            await bench.expect("init --org Example")
            await bench.expect("service add Storage")
            await bench.expect("import \(table)")
            await bench.expect("publish 1 -m first")
            func unmoved() async throws -> Int? { try await bench.expect("status --json").item["unmoved"] as? Int }
            var count = try await unmoved()
            #expect(count == 0)
            await bench.expect("config server \(server.address)")
            let before = await bench.expect("status")
            #expect(before.output.contains("not on the server yet") && before.output.contains("Next: buntan sync"), "\(before.output)")
            count = try await unmoved()
            #expect(try #require(count) > 2)
            await bench.expect("sync")
            count = try await unmoved()
            #expect(count == 0)
            #expect(await bench.expect("status").output.contains("Next: buntan invite NAME"))
        }
    }

    @Test("A dispute is as old as the release that made it, not as the acceptance before it")
    func ageOfDisputes() async throws {
        let engaged = try await EngagedBench()
        await engaged.bench.expect("accept au-4", store: "customer")
        try engaged.syncBoth()
        engaged.clock.millis += 90 * 86_400_000
        let published = engaged.clock.millis
        await engaged.bench.expect("edit responsibility au-4 --set allocation=provider -s object-storage", store: "provider")
        await engaged.bench.expect("publish 2 -m moved -s object-storage", store: "provider")
        try engaged.syncBoth()
        for store in ["customer", "provider"] {
            let options = store == "provider" ? " -e kaisha" : ""
            let dispute = try await engaged.bench.expect("disputes --json\(options)", store: store).list.first
            let since = try #require(dispute?["since"] as? String)
            #expect(since >= Timestamp.rfc3339(milliseconds: published), "\(store): \(since)")
        }
        let waiting =
            try await engaged.bench.expect("todo --json", store: "customer").list
            + engaged.bench.expect("todo --json -e kaisha", store: "provider").list
        let ages = waiting.filter { $0["matter"] as? String == "dispute" }.compactMap { $0["since"] as? String }
        #expect(!ages.isEmpty && ages.allSatisfy { $0 >= Timestamp.rfc3339(milliseconds: published) }, "\(ages)")
    }
}
