import Testing

@testable import Rules

@Suite("What rules rest on")
struct ClauseSourceTests {
    @Test(
        "Each part of a clause begins with the sign of its source, or goes on with the one before it",
        arguments: [
            ("G 4.1(4); 17 6.1.1; 12.1.2", [ClauseSource.guide, .cloud]), ("P", [.product]),
            ("1 A.12.3.1; 17 12.3.1", [.management, .cloud]),
            ("G 1.1, 3.2; N; X", [.guide, .definition, .vocabulary]), ("4.1; G 2", nil), ("", nil), ("Guide 4", nil),
        ])
    func sources(clause: String, expected: [ClauseSource]?) { #expect(ClauseSource.all(in: clause) == expected) }

    @Test("Every source is one of some rule; what is said of a clause in Japanese names the same sources")
    func shipped() throws {
        let entries = try RuleTable.shipped().entries
        #expect(Set(entries.flatMap(\.sources)) == Set(ClauseSource.allCases))
        for entry in entries { #expect(ClauseSource.all(in: entry.clause.ja)?.first == entry.sources.first, "\(entry.id)") }
    }
}
