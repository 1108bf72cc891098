import Foundation
import Testing

@testable import ClientCLI

@Suite("What somebody typed as a text stands as it was typed")
struct TypedTextTests {
    private static let texts = ["We copy, test, restore.", "a,,b, ", " ,", "週次, 日次、月次", "one,\ntwo, three"]

    private func stored(_ bench: CommandBench) async throws -> [String: String]? {
        let shown = await bench.run("show", "AC-2", "--json")
        return try #require((try shown.list).first)["providerStatement"] as? [String: String]
    }

    @Test("Commas and the blanks behind them are part of it, by --set, from a file and in the editor", arguments: texts)
    func commas(_ text: String) async throws {
        let bench = try await CommandBench.drafting()
        let set = await bench.run("edit", "responsibility", "AC-2", "--set", "providerStatement/en=\(text)")
        #expect(set.exit == .done, "\(set.errors)")
        let bySet = try #require(try await stored(bench)?["en"])
        // A text's ends are no part of what it says, whatever stands between them is.
        #expect(bySet.trimmingCharacters(in: .whitespacesAndNewlines) == text.trimmingCharacters(in: .whitespacesAndNewlines))

        let quoted = String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
        let file = try bench.file("row.yaml", "providerStatement:\n  ja: \(quoted)\n")
        let from = await bench.run("edit", "responsibility", "AC-2", "--from", file)
        #expect(from.exit == .done, "\(from.errors)")
        #expect(try await stored(bench)?["ja"] == bySet)

        // Opened and saved with another line changed, it stands as it did.
        let edited = await bench.run(
            list: ["edit", "responsibility", "AC-2"], editor: { $0.replacing("allocation: customer", with: "allocation: shared") })
        #expect(edited.exit == .done, "\(edited.errors)")
        #expect(try await stored(bench) == ["en": bySet, "ja": bySet])
    }

    @Test("The members of a list are parted by commas, with or without blanks")
    func members() async throws {
        let bench = try await CommandBench.drafting()
        let made = await bench.run("edit", "backup-specification", "--set", "restoreGranularity=file, table,object")
        #expect(made.exit == .done, "\(made.errors)")
        let fields = try #require(try await bench.expect("list backup-specification --json").list.first?["fields"] as? [String: Any])
        #expect(fields["restoreGranularity"] as? [String] == ["file", "table", "object"])
    }
}
