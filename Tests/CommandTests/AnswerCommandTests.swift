import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Storage
import Testing

@testable import ClientCLI

@Suite("answer: a walk through the rows that wait")
struct AnswerCommandTests {
    /// The state of each row, and what the customer holds to.
    private func rows(_ engaged: EngagedBench, _ store: String = "customer") async throws -> [String: String] {
        let list = try await engaged.bench.expect("matrix --json", store: store).list
        return try list.reduce(into: [:]) { rows, item in
            let row = try #require(item["row"] as? [String: Any])
            let (control, key) = (try #require(row["controlId"] as? String), try #require(row["itemKey"] as? String))
            let held = [item["customer"] as? String ?? "-", item["inherited"] as? Bool == true ? "inherited" : nil].compactMap { $0 }
            rows[key == "main" ? control : "\(control)/\(key)"] = "\(item["state"] as? String ?? "") \(held.joined(separator: " "))"
        }
    }

    func waiting(_ engaged: EngagedBench, _ store: String = "customer") async throws -> [String] {
        try await engaged.bench.expect("answer -n --json", store: store).list.map {
            let row = try #require($0["row"] as? [String: Any])
            let (control, key) = (row["controlId"] as? String ?? "", row["itemKey"] as? String ?? "")
            return key == "main" ? control : "\(control)/\(key)"
        }
    }

    /// A bench whose control AU-4 has three items: two that say the same as it, and one that does not.
    private func withItems() async throws -> EngagedBench {
        let engaged = try await EngagedBench()
        let provider = try engaged.open("provider")
        let items = [("retention", "customer"), ("review", "customer"), ("transfer", "provider")].map { item, allocation in
            RecordDraft(
                space: engaged.service.draft, kind: "responsibility",
                key: RowKey(framework: "nist-800-53r4", controlId: "AU-4", itemKey: item).fields,
                cells: [CellKey("allocation"): .text(allocation)])
        }
        _ = try provider.commit(items, in: engaged.service.draft)
        _ = try provider.publish(engaged.service, label: "2026.2", message: "items")
        for store in ["provider", "customer"] { try engaged.sync(store) }
        return engaged
    }

    @Test("Rows come one after the other; what is typed is accepted, proposed, noted, passed over, and stored at once")
    func walk() async throws {
        let engaged = try await EngagedBench()
        #expect(try await waiting(engaged) == ["AC-2", "AC-2(5)", "AU-4", "CA-8"])
        let told = await engaged.bench.expect(
            "answer", store: "customer", answers: ["a", "p", "s", "we do it together", "n ask legal", "s", "x", "?", "v", "q", "a"])
        #expect(try await rows(engaged) == ["AC-2": "agreed customer", "AC-2(5)": "disputed shared", "AU-4": "open -", "CA-8": "open -"])
        for part in [
            "1 of 4", "AC-2  nist", "AC-2: you hold customer.", "2 of 4", "AC-2(5): you hold shared.", "'x' is none", "providerStatement",
        ] {
            #expect(told.errors.contains(part), "\(part): \(told.errors)")
        }
        #expect(told.output.contains("2 rows answered, 2 wait."), "\(told.output)")
        #expect(told.output.contains("1 note written.") && told.output.contains("1 left for later"), "\(told.output)")
        #expect(told.output.contains("Next: buntan answer\n"))
        let shown = try await engaged.bench.expect("show ac-2.5 au-4 --json", store: "customer").list
        #expect((shown[0]["comments"] as? [[String: Any]])?.first?["text"] as? String == "we do it together")
        #expect((shown[1]["notes"] as? [[String: Any]])?.first?["text"] as? String == "ask legal")
    }

    @Test("That the other side leaves a row to nobody is nothing to accept, and is offered to nobody")
    func nobodys() async throws {
        let engaged = try await EngagedBench()
        await engaged.bench.expect("edit responsibility ca-8 -s object-storage --set allocation=unallocated", store: "provider")
        await engaged.bench.expect("publish 2026.2 -m open -s object-storage", store: "provider")
        for store in ["provider", "customer"] { try engaged.sync(store) }
        let told = await engaged.bench.expect("answer ca-8", store: "customer", answers: ["a", "q"])
        #expect(!told.errors.contains("a accept") && told.errors.contains("p allocate"), "\(told.errors)")
        #expect(try await rows(engaged)["CA-8"]?.hasPrefix("open") == true)
        // The control: what is somebody's is offered.
        #expect(await engaged.bench.expect("answer ac-2", store: "customer", answers: ["q"]).errors.contains("a accept"))
    }

    @Test("A list of what waits changes nothing, is cut as any list is, and takes rows and conditions")
    func lists() async throws {
        let engaged = try await EngagedBench()
        await engaged.bench.expect("propose ca-8 --allocation shared", store: "customer")
        #expect(try await waiting(engaged) == ["AC-2", "AC-2(5)", "AU-4"])
        let page = await engaged.bench.expect("answer -n ac", store: "customer").output
        #expect(page.contains("2 rows wait for an answer of yours.") && page.contains("AC-2(5)") && !page.contains("AU-4"), "\(page)")
        let part = await engaged.bench.expect("answer -n --limit 1 --json", store: "customer")
        #expect(try part.list.count == 1 && part.json["more"] as? String != nil)
        let rest = await engaged.bench.expect("answer -n --json --after \(try part.json["more"] as? String ?? "")", store: "customer")
        #expect(try rest.list.count == 2)
        #expect(try await engaged.bench.expect("answer -n --where state=disputed --json", store: "customer").list.isEmpty)
        await engaged.bench.expect("answer -n --exit-code", store: "customer", exit: .found)
        #expect(try await waiting(engaged) == ["AC-2", "AC-2(5)", "AU-4"])
    }

    @Test("Where nothing may be asked the walk is refused with what to use instead, and nothing is written")
    func noInput() async throws {
        let engaged = try await EngagedBench()
        let refused = await engaged.bench.expect("answer --no-input --json", store: "customer", answers: ["a"], exit: .usage)
        #expect(try refused.code == "answers-by-key")
        #expect(refused.errors.contains("'buntan accept' and 'buntan propose'"), "\(refused.errors)")
        let japanese = await engaged.bench.expect("answer --no-input --lang ja", store: "customer", exit: .usage)
        #expect(japanese.errors.contains("1行ずつ入力"), "\(japanese.errors)")
        #expect(try await waiting(engaged).count == 4)
    }

    @Test("undo takes back answers, notes and skips one after the other, and returns to their rows")
    func undoes() async throws {
        let engaged = try await withItems()
        let item = try await engaged.bench.expect(
            "answer --json", store: "customer", answers: ["u", "s", "a", "n once", "u", "u", "u", "a", "q"]
        ).item
        #expect(item["answered"] as? Int == 1 && item["notes"] as? Int == 0 && item["skipped"] as? Int == 0)
        let now = try await rows(engaged)
        #expect(now["AC-2"] == "agreed customer" && now["AC-2(5)"] == "open -", "\(now)")
        let shown = try await engaged.bench.expect("show au-4/main --json", store: "customer").list
        #expect((shown.first?["notes"] as? [Any])?.isEmpty == true)
        // An answer that items took over goes as one.
        await engaged.bench.expect("answer au-4", store: "customer", answers: ["a", "u", "q"])
        #expect(try await rows(engaged).filter { $0.key.hasPrefix("AU-4") }.allSatisfy { $0.value == "open -" })
    }

    @Test("An answer on a control counts for its items until they have one of their own; what says otherwise is asked for itself")
    func inherits() async throws {
        let engaged = try await withItems()
        let told = await engaged.bench.expect("answer au-4", store: "customer", answers: ["a", "q"])
        for part in [
            "Counts for its items until they are answered themselves: AU-4/retention, AU-4/review",
            "Not taken over by accepting: AU-4/transfer provider",
            "AU-4: you hold customer; 2 items take it over.", "An item of AU-4, for which you hold customer.", "AU-4/transfer",
        ] {
            #expect(told.errors.contains(part), "\(part): \(told.errors)")
        }
        var now = try await rows(engaged)
        #expect(now["AU-4/retention"] == "agreed customer inherited" && now["AU-4/review"] == "agreed customer inherited")
        #expect(now["AU-4/transfer"] == "open -" && now["AU-4"] == "agreed customer")

        // One of its own is its own from then on.
        await engaged.bench.expect("propose au-4/review --allocation provider", store: "customer")
        await engaged.bench.expect("propose au-4/main --allocation shared -m both", store: "customer")
        now = try await rows(engaged)
        #expect(now["AU-4/review"] == "disputed provider" && now["AU-4/retention"] == "disputed shared inherited")
        #expect(now["AU-4/transfer"] == "disputed shared inherited")

        // It is shown everywhere.
        #expect(await engaged.bench.expect("matrix", store: "customer").output.contains("shared (control)"))
        #expect(await engaged.bench.expect("disputes", store: "customer").output.contains("shared (control)"))
        #expect(await engaged.bench.expect("show au-4/retention", store: "customer").output.contains("taken over from AU-4"))
        #expect(await engaged.bench.expect("show au-4/retention --lang ja", store: "customer").output.contains("AU-4の回答を適用"))
        #expect(!(await engaged.bench.expect("show au-4/review", store: "customer").output.contains("taken over")))

        // With the control's position theirs goes as well, and no other.
        await engaged.bench.expect("propose au-4/main --withdraw", store: "customer")
        now = try await rows(engaged)
        #expect(now["AU-4/retention"] == "open -" && now["AU-4/transfer"] == "open -" && now["AU-4/review"] == "disputed provider")

        // What would agree to an item that nobody was shown is left to be answered.
        await engaged.bench.expect("propose au-4/main --allocation provider -m yours", store: "customer")
        now = try await rows(engaged)
        #expect(now["AU-4/retention"] == "disputed provider inherited" && now["AU-4/transfer"] == "open -")
    }

    @Test("A control that is named takes its items along, but those that have an answer of their own keep it, and that is said")
    func keepsItems() async throws {
        let engaged = try await withItems()
        await engaged.bench.expect("propose au-4/review --allocation provider", store: "customer")
        let told = await engaged.bench.expect("accept au-4", store: "customer")
        #expect(told.output.contains("1 item keeps its own answer; name it to answer it, too: au-4/review"), "\(told.output)")
        var now = try await rows(engaged)
        #expect(now["AU-4"] == "agreed customer" && now["AU-4/review"] == "disputed provider", "\(now)")
        // Accepted with its control, an item has an answer of its own as well, agreed or not: what is proposed for the control leaves it.
        let proposed = try await engaged.bench.expect("propose au-4 --allocation shared -m both --json", store: "customer").item
        #expect(proposed["kept"] as? Int == 3 && proposed["rows"] as? Int == 1, "\(proposed)")
        now = try await rows(engaged)
        #expect(now["AU-4"] == "disputed shared" && now["AU-4/retention"] == "agreed customer", "\(now)")
        // By its name it is answered.
        let accepted = try await engaged.bench.expect("accept au-4/review --json", store: "customer").item
        #expect(accepted["kept"] as? Int == 0 && accepted["rows"] as? Int == 1)
        #expect(try await rows(engaged)["AU-4/review"] == "agreed customer")
    }

    @Test("An item that one device answered while another answered its control is an answer of its own, and so is what was chosen")
    func sideBySide() async throws {
        let engaged = try await withItems()
        try engaged.secondDevice()
        // On the one device the control is answered, on the other the items: one says the same, the other something else.
        await engaged.bench.expect("propose au-4/main --allocation shared -m both", store: "customer")
        #expect(try await rows(engaged)["AU-4/retention"] == "disputed shared inherited")
        await engaged.bench.expect("propose au-4/retention --allocation shared -m same", store: "laptop")
        await engaged.bench.expect("propose au-4/review --allocation provider -m other", store: "laptop")
        for store in ["laptop", "customer", "laptop"] { try engaged.sync(store) }
        for store in ["customer", "laptop"] {
            let now = try await rows(engaged, store)
            #expect(now["AU-4/retention"] == "disputed shared" && now["AU-4/transfer"] == "disputed shared inherited", "\(now)")
        }
        // The control's next answer leaves it alone.
        await engaged.bench.expect("propose au-4/main --allocation not-applicable -m none", store: "customer")
        var now = try await rows(engaged)
        #expect(now["AU-4/retention"] == "disputed shared" && now["AU-4/transfer"] == "disputed not-applicable inherited", "\(now)")

        let listed = try await engaged.bench.expect("conflicts --json", store: "customer").list
        let seen = try #require(listed.first?["seen"] as? String, "\(listed)")
        await engaged.bench.expect("resolve au-4/review allocation --take 1 --seen \(seen)", store: "customer")
        let chosen = try #require(try await rows(engaged)["AU-4/review"])
        #expect(!chosen.contains("inherited"), "\(chosen)")
        await engaged.bench.expect("propose au-4/main --allocation provider -m yours", store: "customer")
        now = try await rows(engaged)
        #expect(now["AU-4/review"] == chosen && now["AU-4/transfer"] == "open -", "\(now)")
    }

    @Test("What was taken over and is accepted by name is an answer of its own; what both have signed stays as it is")
    func acceptedByName() async throws {
        let engaged = try await withItems()
        await engaged.bench.expect("accept au-4/main", store: "customer")
        await engaged.bench.expect("accept au-4/review", store: "customer")
        var now = try await rows(engaged)
        #expect(now["AU-4/review"] == "agreed customer" && now["AU-4/retention"] == "agreed customer inherited")
        await engaged.bench.expect("propose au-4/main --allocation shared -m both", store: "customer")
        now = try await rows(engaged)
        #expect(now["AU-4/review"] == "agreed customer" && now["AU-4/retention"] == "disputed shared inherited", "\(now)")
        // Accepted once more, nothing is written.
        #expect(await engaged.bench.expect("accept au-4/review", store: "customer").output.contains("Nothing to accept"))
    }

    /// The provider publishes other words of an item of AU-4.
    private func reword(_ engaged: EngagedBench, _ item: String, _ label: String) throws {
        let key = RowKey(framework: "nist-800-53r4", controlId: "AU-4", itemKey: item)
        let provider = try engaged.open("provider")
        let words = RecordDraft(
            space: engaged.service.draft, kind: "responsibility", key: key.fields,
            cells: [CellKey("customerAction", "en"): .text("In \(label).")])
        _ = try provider.commit([words], in: engaged.service.draft)
        _ = try provider.publish(engaged.service, label: label, message: "words")
        try engaged.sync("provider")
    }

    @Test("Neither an acceptance nor a proposal of the control agrees to words of an item that changed since it was answered")
    func unreadItems() async throws {
        let engaged = try await withItems()
        await engaged.bench.expect("propose au-4/main --allocation provider -m yours", store: "customer")
        #expect(try await rows(engaged)["AU-4/retention"] == "disputed provider inherited")
        try engaged.syncBoth()
        try reword(engaged, "retention", "2026.3")
        try engaged.sync("customer")
        await engaged.bench.expect("accept au-4/main", store: "customer")
        let now = try await rows(engaged)
        #expect(now["AU-4/review"] == "agreed customer inherited" && now["AU-4/retention"] == "disputed provider inherited")

        try engaged.syncBoth()
        try reword(engaged, "review", "2026.4")
        try engaged.sync("customer")
        #expect(try await rows(engaged)["AU-4/review"] == "reworded customer inherited")
        await engaged.bench.expect("propose au-4/main --allocation shared -m both", store: "customer")
        await engaged.bench.expect("propose au-4/main --allocation customer -m mine", store: "customer")
        let after = try await rows(engaged)["AU-4/review"]
        #expect(after?.hasPrefix("agreed") == false, "\(after ?? "-")")
    }

    @Test("An item that changes while its control is on the screen is not answered with it")
    func itemChangedMeanwhile() async throws {
        let engaged = try await withItems()
        try reword(engaged, "review", "2026.3")
        let input = Interrupting(["a", "q"], before: 1) { try engaged.sync("customer") }
        let told = await engaged.bench.run(["answer", "au-4"], store: "customer", input: input)
        #expect(told.errors.contains("AU-4 has changed since it was shown; nothing was written."), "\(told.errors)")
        #expect(try await rows(engaged)["AU-4"] == "open -")
    }

    @Test("Both sides count an inherited answer alike, and status with them; an edit makes it an answer of its own")
    func inheritedAlike() async throws {
        let engaged = try await withItems()
        let said = await engaged.bench.expect("accept au-4/main", store: "customer")
        #expect(said.output.contains("2 items take the answer over."), "\(said.output)")
        try engaged.syncBoth()
        #expect(try await rows(engaged, "provider") == rows(engaged))
        let states = try await engaged.bench.expect("status --json", store: "customer").item["states"] as? [String: Int]
        #expect(states?["agreed"] == 3 && states?["open"] == 4)
        await engaged.bench.expect("edit responsibility-position au-4/review --set allocation=shared", store: "customer")
        #expect(try await rows(engaged)["AU-4/review"] == "disputed shared")
    }

    @Test("Words of an item that changed since are not taken over with its control: the row waits to be read")
    func rewordedItem() async throws {
        let engaged = try await withItems()
        await engaged.bench.expect("accept au-4/main", store: "customer")
        try engaged.syncBoth()
        let key = RowKey(framework: "nist-800-53r4", controlId: "AU-4", itemKey: "review")
        let provider = try engaged.open("provider")
        _ = try provider.commit(
            [
                RecordDraft(
                    space: engaged.service.draft, kind: "responsibility", key: key.fields,
                    cells: [CellKey("customerAction", "en"): .text("Review each week.")])
            ], in: engaged.service.draft)
        _ = try provider.publish(engaged.service, label: "2026.3", message: "weekly")
        for store in ["provider", "customer"] { try engaged.sync(store) }
        #expect(try await waiting(engaged).contains("AU-4/review"))
        await engaged.bench.expect("accept au-4/main", store: "customer")
        #expect(try await rows(engaged)["AU-4/review"] == "reworded customer inherited")
        let told = await engaged.bench.expect("answer au-4/review", store: "customer", answers: ["a"])
        #expect(told.errors.contains("It has changed since you accepted it."), "\(told.errors)")
        #expect(try await rows(engaged)["AU-4/review"] == "agreed customer")
    }

    @Test("What is signed holds an inherited answer as a value, and says that it was inherited, in the document and before it is signed")
    func signed() async throws {
        try await AgreementCommandTests.with { bench in
            let item = "--set framework=f --set controlId=A-1 --set itemKey=retention --set allocation=shared"
            await bench.expect("edit responsibility \(item) -s object-storage", store: "provider")
            await bench.expect("publish 2 -m second -s object-storage", store: "provider")
            await AgreementCommandTests.settle(bench)
            await bench.expect("propose A-1/main --withdraw", store: "customer")
            await bench.expect("accept A-1/main", store: "customer")
            await AgreementCommandTests.settle(bench)
            let document = await bench.expect("agree --read", store: "customer").output
            #expect(document.contains("taken over from the control"), "\(document)")
            let text = await bench.expect("agree --print", store: "customer").output
            #expect(text.components(separatedBy: #"["followsControl",null,true]"#).count == 2, "\(text)")
            let shown = await bench.expect("agree --incomplete", store: "customer", answers: ["no"], isTerminal: true, exit: .usage)
            #expect((shown.output + shown.errors).contains("1 answer was taken over from the control"), "\(shown.output)\(shown.errors)")
            try await AgreementCommandTests.signBoth(bench)
            #expect(try await AgreementCommandTests.statuses(bench, "provider") == ["in-force"])
            // Accepted by name, what was signed stays what it is.
            await bench.expect("accept A-1/retention", store: "customer")
            await AgreementCommandTests.settle(bench)
            #expect(try await AgreementCommandTests.statuses(bench, "provider") == ["in-force"])
        }
    }

    /// Presses keys, and lets something happen before one of them.
    ///
    /// Sent to the one walk that runs, which reads it one line after the other while the test waits: nobody else touches it meanwhile.
    private final class Interrupting: LineSource, @unchecked Sendable {
        private var keys: [String]
        private let before: Int
        private let act: () throws -> Void

        init(_ keys: [String], before: Int, _ act: @escaping () throws -> Void) { (self.keys, self.before, self.act) = (keys, before, act) }

        func line() throws -> String? {
            guard !keys.isEmpty else { return nil }
            let key = keys.removeFirst()
            if keys.count == before { try act() }
            return key
        }
        func secret() throws -> String? { nil }
        func everything(limit: Int) throws -> [UInt8]? { nil }
    }

    @Test("What changes while it is on the screen is not answered unseen: nothing is written, and the row is shown anew")
    func changedMeanwhile() async throws {
        let engaged = try await EngagedBench()
        let provider = try engaged.open("provider")
        let key = RowKey(framework: "nist-800-53r4", controlId: "AC-2")
        _ = try provider.commit(
            [
                RecordDraft(
                    space: engaged.service.draft, kind: "responsibility", key: key.fields, cells: [CellKey("allocation"): .text("shared")])
            ],
            in: engaged.service.draft)
        _ = try provider.publish(engaged.service, label: "2026.2", message: "shared")
        try engaged.sync("provider")
        let input = Interrupting(["a", "q"], before: 1) { try engaged.sync("customer") }
        let told = await engaged.bench.run(["answer"], store: "customer", input: input)
        #expect(told.exit == .done && told.errors.contains("AC-2 has changed since it was shown; nothing was written."), "\(told.errors)")
        #expect(try await rows(engaged)["AC-2"] == "open -")
    }

    @Test("The provider answers what customers say otherwise")
    func provider() async throws {
        let engaged = try await EngagedBench()
        await engaged.bench.expect("propose ac-2 au-4 --allocation shared", store: "customer")
        try engaged.syncBoth()
        #expect(try await waiting(engaged, "provider") == ["AC-2", "AU-4"])
        await engaged.bench.expect("answer -e kaisha", store: "provider", answers: ["a", "p provider ours alone"])
        let now = try await rows(engaged, "provider")
        #expect(now["AC-2"] == "agreed shared" && now["AU-4"] == "disputed shared", "\(now)")
    }

    @Test("Rows of a draft without an allocation are answered before anybody has joined")
    func draft() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage --template iso27017")
        let before = try await bench.expect("answer -n --json").list
        #expect(before.count > 30)
        let told = await bench.expect("answer 12.3.1", answers: ["a", "p shared We keep 30 days.", "q"])
        #expect(told.errors.contains("There is nothing to accept here"), "\(told.errors)")
        let row = try #require(try await bench.expect("show 12.3.1 --json").list.first)
        #expect(row["provider"] as? String == "shared")
        #expect((row["providerStatement"] as? [String: String])?["en"] == "We keep 30 days.")
        #expect(try await bench.expect("answer -n --json").list.count == before.count - 1)
        let japanese = await bench.expect("answer 12.4.1 --lang ja", answers: ["ｐ 共有 ログを残す。"])
        #expect(japanese.errors.contains("12.4.1: こちらの見解は共有。") && japanese.output.contains("1行に回答しました"), "\(japanese.errors)")
    }

    @Test("A text that does not fit is cut, says so, and is shown whole for a key")
    func cut() async throws {
        let engaged = try await EngagedBench()
        let provider = try engaged.open("provider")
        let long = (1...60).map { "word\($0)" }.joined(separator: " ")
        let key = RowKey(framework: "nist-800-53r4", controlId: "AC-2")
        _ = try provider.commit(
            [
                RecordDraft(
                    space: engaged.service.draft, kind: "responsibility", key: key.fields,
                    cells: [CellKey("providerStatement", "en"): .text(long)])
            ], in: engaged.service.draft)
        _ = try provider.publish(engaged.service, label: "2026.2", message: "long")
        for store in ["provider", "customer"] { try engaged.sync(store) }
        let told = await engaged.bench.expect("answer", store: "customer", answers: ["q"]).errors
        #expect(told.contains("v shows them whole") && !told.contains("word60"), "\(told)")
        let whole = await engaged.bench.expect("answer", store: "customer", answers: ["v", "q"]).errors
        #expect(whole.contains("word60"), "\(whole)")
    }
}
