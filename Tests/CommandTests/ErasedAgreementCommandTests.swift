import Foundation
import Testing

@testable import ClientCLI

@Suite("An agreement whose document was erased, by command")
struct ErasedAgreementCommandTests {
    /// Both have signed what the provider offered, and the provider's sentence on A-1 is in it.
    private static func with(_ body: @escaping @Sendable (CommandBench, String) async throws -> Void) async throws {
        try await AgreementCommandTests.withSigned(by: "provider", body)
    }

    @Test("What goes is said before it goes; the other side hears of it, and every command that needs the document says why not")
    func told() async throws {
        try await Self.with { bench, id in
            let file = bench.path + "/kept.zip"
            await bench.expect("export evidence \(id) -o \(file)", store: "customer")
            // The row is the provider's own, whatever is chosen.
            let declined = await bench.expect(
                "erase A-1 customerAction --reason Request_of_Mr_A", store: "provider", answers: ["n"], isTerminal: true, exit: .usage)
            #expect(declined.output.contains("the whole document of agreement \(id) (in force)"), "\(declined.output)")
            #expect(declined.output.contains("buntan export evidence \(id) -o FILE"), "\(declined.output)")
            #expect((declined.output + declined.errors).contains("the document of 1 agreement?"), "\(declined.errors)")
            #expect(try await AgreementCommandTests.statuses(bench, "customer") == ["in-force"])
            await bench.expect("erase A-1 customerAction --reason Request_of_Mr_A --yes", store: "provider")

            let sync = await bench.expect("sync --json", store: "customer")
            let events = try #require(try sync.item["events"] as? [[String: Any]])
            let told = try #require(events.first { $0["event"] as? String == "document-erased" })
            #expect(told["short"] as? String == id)
            let row = try #require(events.first { $0["event"] as? String == "erased" })
            let cells = try #require(row["cells"] as? [[String: Any]])
            #expect(cells.map { $0["field"] as? String } == ["customerAction"])
            #expect((cells.first?["row"] as? [String: Any])?["controlId"] as? String == "A-1")
            let again = await bench.expect("sync --json", store: "customer")
            #expect(try (again.item["events"] as? [Any])?.isEmpty == true, "told once")

            for store in ["customer", "provider"] {
                #expect(try await AgreementCommandTests.statuses(bench, store) == ["document-erased"])
                let listed = await bench.expect("agreements", store: store).output
                #expect(listed.contains("its document was erased by Example Cloud on 2026-"), "\(listed)")
                #expect(listed.contains("Ichiro Sato") && listed.contains("Hanako Yamada"), "\(listed)")
                // Why is the eraser's own.
                #expect(listed.contains("Request of Mr A") == (store == "provider"), "\(listed)")
                #expect(await bench.expect("status", store: store).output.contains("its document was erased"))
                #expect(await bench.expect("show \(id)", store: store).output.contains("its document was erased by Example Cloud"))
                #expect(await bench.expect("engagements", store: store).output.contains("document erased"))
                let todo = try await bench.expect("todo --json", store: store).list
                let waits = try #require(todo.first { $0["matter"] as? String == "document-erased" })
                #expect(waits["next"] as? String == "buntan agree" && waits["since"] is String)
                for command in ["verify \(id)", "export evidence \(id) -o \(bench.path)/\(store).zip", "diff \(id)"] {
                    let refused = await bench.expect("\(command) --json", store: store, exit: .refused)
                    #expect(try refused.code == "agreement-erased", "\(command): \(refused.output)")
                    #expect(refused.output.contains("its document was erased by Example Cloud"), "\(refused.output)")
                }
            }
            // What was exported before proves it still.
            let keys = try await ["customer", "provider"].asyncMap { store in
                try #require(try await bench.expect("org --json", store: store).item["fingerprint"] as? String)
            }
            await bench.expect("verify \(file) --trust \(keys[0]) --trust \(keys[1])", store: "customer")
            #expect(await bench.expect("todo --lang ja", store: "customer").output.contains("署名し直す"))
        }
    }

    @Test("An erased value that no agreement prints takes none")
    func control() async throws {
        try await Self.with { bench, id in
            await bench.expect("comment A-1 Secret-4711", store: "customer")
            await AgreementCommandTests.settle(bench)
            let comment = try #require(try await bench.expect("list comment --json", store: "customer").list.first?["short"] as? String)
            let erased = await bench.expect(
                "erase \(comment) text --reason x", store: "customer", answers: ["y"], isTerminal: true)
            #expect(!erased.output.contains("document of agreement") && !erased.errors.contains("document of"), "\(erased.output)")
            let told = await bench.expect("sync", store: "provider").output
            #expect(told.contains("Kaisha erased 1 field for good:") && !told.contains("document"), "\(told)")
            #expect(try await AgreementCommandTests.statuses(bench, "provider") == ["in-force"])
            await bench.expect("verify \(id)", store: "provider")
        }
    }
}

extension Sequence {
    fileprivate func asyncMap<T>(_ body: (Element) async throws -> T) async rethrows -> [T] {
        var found: [T] = []
        for element in self { found.append(try await body(element)) }
        return found
    }
}
