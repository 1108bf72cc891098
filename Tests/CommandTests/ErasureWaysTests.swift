import Foundation
import Testing

@testable import ClientCLI

@Suite("The ways out of an erasure, by command")
struct ErasureWaysTests {
    /// Both have signed what the customer offered, and the customer has quoted A-1 in a comment.
    private static func with(_ body: @escaping @Sendable (CommandBench, String) async throws -> Void) async throws {
        try await AgreementCommandTests.withSigned(
            by: "customer", after: { _ = await $0.run(["comment", "A-1", "You say: Keep a copy. Where?"], store: "customer") }, body)
    }

    private static func todo(_ bench: CommandBench, _ store: String, _ matter: String) async throws -> [String] {
        try await bench.expect("todo --json", store: store).list.filter { $0["matter"] as? String == matter }
            .compactMap { $0["next"] as? String }
    }

    /// Runs a command as it was printed, with the words that a person puts in.
    private static func typed(_ bench: CommandBench, _ command: String, _ words: [String: String], store: String) async {
        var command = String(command.dropFirst("buntan ".count))
        for (place, word) in words { command = command.replacingOccurrences(of: place, with: word) }
        await bench.expect(command, store: store)
    }

    /// What the provider wrote waits to be published, is, and leaves nothing unsettled with either.
    private static func publish(_ bench: CommandBench) async throws {
        let publish = "buntan publish LABEL -m WHY -s object-storage"
        #expect(try await todo(bench, "provider", "rewrite") == [publish])
        await typed(bench, publish, ["LABEL": "2", "WHY": "less"], store: "provider")
        for store in ["provider", "customer"] {
            await bench.expect("sync", store: store)
            let left = await bench.run("conflicts", store: store).output
            #expect(left.contains("No field has several values."), "\(left)")
        }
        #expect(try await todo(bench, "provider", "rewrite").isEmpty)
    }

    @Test("Where the value stays with the counterpart is named before and after, and its todo and sync say how it goes there")
    func copies() async throws {
        try await Self.with { bench, id in
            let erased = await bench.expect(
                "erase A-1 customerAction --reason x", store: "provider", answers: ["y"], isTerminal: true)
            #expect(erased.output.contains("Agreement \(id) prints it too"), "\(erased.output)")
            #expect(erased.output.contains("is the counterpart's and says the same"), "\(erased.output)")
            #expect(erased.output.contains("still holds it in 2 places"), "\(erased.output)")

            let events = try await bench.expect("sync --json", store: "customer").item["events"] as? [[String: Any]] ?? []
            let asked = events.filter { $0["event"] as? String == "erase-asked" }
            #expect(asked.compactMap { $0["kind"] as? String } == ["agreement", "comment"])
            #expect(asked.first?["next"] as? String == "buntan erase \(id) document --reason WHY")
            let todo = try await Self.todo(bench, "customer", "erase-copy")
            #expect(todo == asked.compactMap { $0["next"] as? String } && todo.count == 2)
            #expect(try await Self.todo(bench, "provider", "erase-copy").isEmpty)
            #expect(await bench.expect("todo", store: "customer").output.contains("too: it holds what Example Cloud erased"))

            for command in todo { await Self.typed(bench, command + " --yes", ["WHY": "asked"], store: "customer") }
            #expect(try await Self.todo(bench, "customer", "erase-copy").isEmpty)
            #expect(try await AgreementCommandTests.statuses(bench, "customer") == ["document-erased"])
        }
    }

    @Test("A row whose erased value is left out for good is settled by that")
    func emptied() async throws {
        try await Self.with { bench, _ in
            await bench.expect("erase A-1 customerAction --reason x --yes", store: "provider")
            await bench.expect("edit responsibility a-1 --set customerAction/en= -s object-storage", store: "provider")
            try await Self.publish(bench)
        }
    }

    @Test("A row that an erasure leaves unsettled is named by todo, conflicts and status, with the command that settles it")
    func unsettled() async throws {
        try await Self.with { bench, id in
            await bench.expect("erase A-1 customerAction --reason x --yes", store: "provider")
            await bench.expect("sync", store: "customer")
            let edit = "buntan edit responsibility a-1 --set customerAction/en=VALUE -s object-storage"
            #expect(try await Self.todo(bench, "provider", "rewrite") == [edit])
            let listed = await bench.expect("conflicts", store: "provider").output
            #expect(listed.contains("1 row is unsettled since a value was erased") && listed.contains(edit), "\(listed)")
            #expect(listed.contains("A-1  customerAction/en"), "\(listed)")
            let status = await bench.expect("status", store: "provider").output
            #expect(status.contains("1 row with a value that you erased") && status.contains("Next: buntan conflicts"), "\(status)")
            let theirs = await bench.expect("conflicts", store: "customer").output
            #expect(theirs.contains("waits for Example Cloud") && !theirs.contains("buntan edit"), "\(theirs)")
            #expect(await bench.expect("status", store: "customer").output.contains("1 row with a value that they erased"))
            #expect(try await Self.todo(bench, "customer", "rewrite").isEmpty)
            let json = try await bench.expect("conflicts --json", store: "provider").list
            #expect(json.count == 1 && json.first?["next"] as? String == edit && json.first?["side"] as? String == "provider")
            #expect(try await bench.expect("conflicts A-2 --json", store: "provider").list.isEmpty)

            await Self.typed(bench, edit, ["VALUE": "Anew."], store: "provider")
            try await Self.publish(bench)

            // What takes the place of an agreement without a document is not the first; what it changes nobody can tell.
            await bench.expect("erase \(id) document --reason asked --yes", store: "customer")
            await bench.expect("accept A-1", store: "customer")
            await AgreementCommandTests.settle(bench)
            let page = await bench.expect("agree --incomplete", store: "customer", answers: ["Nobody"], isTerminal: true, exit: .usage)
                .output
            #expect(page.contains("the document of \(id), which both had signed, was erased"), "\(page)")
            #expect(!page.contains("first agreement"), "\(page)")
        }
    }
}
