import Foundation
import Testing

@testable import ClientCLI

/// What is typed in the place of several values is judged as `edit --set` judges it.
@Suite("resolve --value takes what edit --set takes, and nothing else")
struct ResolveValueTests {
    /// Two devices of the customer have written one field of one record without seeing one another.
    private struct Torn {
        let bench: CommandBench
        let id: String
        let field: String
        let seen: String

        init(_ engaged: EngagedBench, _ kind: String, _ id: String, _ field: String, _ values: (String, String)) async throws {
            (bench, self.id, self.field) = (engaged.bench, id, field)
            await bench.expect("edit \(kind) \(id) --set \(field)=\(values.0)", store: "customer")
            await bench.expect("edit \(kind) \(id) --set \(field)=\(values.1)", store: "laptop")
            for store in ["customer", "laptop", "customer"] { try engaged.sync(store) }
            let items = try await bench.expect("conflicts \(id) --json", store: "customer").list
            seen = try #require(items.first { $0["field"] as? String == field }?["seen"] as? String)
        }

        @discardableResult
        func resolve(_ value: String, _ options: String = "", exit: CommandExit = .done) async -> Outcome {
            await bench.expect("resolve \(id) \(field) --value \(value) --seen \(seen) \(options)", store: "customer", exit: exit)
        }
    }

    private func made(_ bench: CommandBench, _ line: String) async throws -> String {
        try #require(try await bench.expect("edit \(line) --json", store: "customer").item["id"] as? String)
    }

    @Test("A code that is no country is refused in the words of edit --set, in either language, and every value stays")
    func country() async throws {
        let engaged = try await EngagedBench()
        try engaged.secondDevice()
        let id = try await made(engaged.bench, "party --set headOfficeCountry=JP")
        for store in ["customer", "laptop"] { try engaged.sync(store) }
        let torn = try await Torn(engaged, "party", id, "headOfficeCountry", ("US", "DE"))
        for code in ["EU", "QQ", "Japan"] {
            for (language, word) in [("en", "country"), ("ja", "国")] {
                let refused = await torn.resolve(code, "--lang \(language)", exit: .usage)
                let asked = await torn.bench.expect(
                    "edit party \(id) --set headOfficeCountry=\(code) --lang \(language)", store: "customer", exit: .usage)
                #expect(refused.errors == asked.errors && refused.errors.contains(word), "\(refused.errors)\(asked.errors)")
                #expect(refused.output.isEmpty)
            }
        }
        #expect(try await torn.resolve("EU", "--json", exit: .usage).code == "invalid-field-value")
        #expect(try await torn.bench.expect("conflicts --json", store: "customer").list.count == 1)
        await torn.resolve("fr")
        #expect(try await torn.bench.expect("conflicts --json", store: "customer").list.isEmpty)
        #expect(await torn.bench.expect("show \(id)", store: "customer").output.contains("FR"))
    }

    @Test("A short id in a field that refers to a record is that record, and one of another kind is refused")
    func reference() async throws {
        let engaged = try await EngagedBench()
        try engaged.secondDevice()
        var risks: [String] = []
        for title in ["One", "Two", "Three"] { risks.append(try await made(engaged.bench, "risk --set title/en=\(title)")) }
        let id = try await made(engaged.bench, "risk-treatment --set option=modify --set riskId=\(risks[0])")
        for store in ["customer", "laptop"] { try engaged.sync(store) }
        let torn = try await Torn(engaged, "risk-treatment", id, "riskId", (risks[1], risks[2]))
        let refused = await torn.resolve(id, exit: .usage)
        let asked = await torn.bench.expect("edit risk-treatment \(id) --set riskId=\(id)", store: "customer", exit: .usage)
        #expect(refused.errors == asked.errors && !refused.errors.isEmpty, "\(refused.errors)\(asked.errors)")
        let listed = try await torn.bench.expect("list risk --json", store: "customer").list
        let short = try #require(listed.first { $0["id"] as? String == risks[0] }?["short"] as? String)
        await torn.resolve(short)
        let shown = try await torn.bench.expect("show \(id) --json", store: "customer").list
        #expect((shown.first?["fields"] as? [String: Any])?["riskId"] as? String == risks[0], "\(shown)")
    }
}
