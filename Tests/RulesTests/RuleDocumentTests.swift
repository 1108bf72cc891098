import Foundation
import Testing

@testable import Rules

@Suite("The document of the rules")
struct RuleDocumentTests {
    @Test("docs/rules.md is what the table says; UPDATE_GOLDEN=1 writes it anew")
    func document() throws {
        let path = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent().appending(path: "../../docs/rules.md")
            .standardizedFileURL
        let written = Self.text(of: try RuleTable.shipped())
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" { try written.write(to: path, atomically: true, encoding: .utf8) }
        let held = try String(contentsOf: path, encoding: .utf8)
        #expect(held == written, "docs/rules.md differs; run UPDATE_GOLDEN=1 swift test --filter RuleDocumentTests")
    }

    private static func text(of table: RuleTable) -> String {
        var lines = [
            "# Rules", "",
            "What Buntan checks in your records: \(table.entries.count) rules in \(RuleGroup.all.count) groups. This page is written from"
                + " `Sources/Core/Rules/Rules/rules.tsv` by a test.", "",
            "- **must**: a requirement of JIP-ISMS517 or JIS Q 27001, or needed for the records to be sound. **should**: guidance of"
                + " JIS Q 27017 or advice of the guide.",
            "- **violation**: something is wrong and has to be put right. **gap**: offer and requirement differ, which leads to a risk, a"
                + " measure or acceptance. **advice**: worth a look; it never blocks.",
            "- Clauses: G = the ISMS user guide's supplement of 2018, J = JIP-ISMS517-1.0, 1 = JIS Q 27001:2014, 17 = JIS Q 27017:2016,"
                + " N = NIST SP 800-145, X = JIS X 9401, P = Buntan's own.",
            "- What rests on records that only the other side can see is *unknown*, and never passed.",
        ]
        for group in RuleGroup.all {
            lines += ["", "## \(group.id): \(group.subject.en) (\(group.subject.ja))", ""]
            lines += ["| rule | severity | outcome | clause | what holds | 内容 |", "|---|---|---|---|---|---|"]
            lines += table.entries.filter { $0.group == group.id }.map { entry in
                let cells = [
                    entry.id, entry.severity.rawValue, entry.outcome.rawValue, entry.clause.en, entry.statement.en, entry.statement.ja,
                ]
                return "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
