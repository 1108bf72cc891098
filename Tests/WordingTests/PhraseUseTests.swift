import Foundation
import Testing

@testable import Wording

@Suite("Every sentence is said somewhere")
struct PhraseUseTests {
    /// Tables whose entries are found by a name that comes from elsewhere.
    static let named: [String: String] = [
        "ImportPhrases": "by the code of a remark", "RefusalPhrases": "by the code of a refusal",
        "HelpTopics": "by the topic that was typed", "ReviewLinePhrases": "by the matter of a line",
    ]

    /// What a file writes that names entries of a table without naming the table.
    static let callers: [String: [String]] = [
        "ErrorPhrases": ["CommandFailure"], "CodeErrorPhrases": ["CommandFailure"], "InputErrorPhrases": ["CommandFailure"],
        "MachineErrorPhrases": ["CommandFailure"], "ExportErrorPhrases": ["CommandFailure"],
        "NetworkErrorPhrases": ["CommandFailure"], "RecordErrorPhrases": ["CommandFailure"],
        "OptionPhrases": [".spoken(."], "PromptPhrases": ["prompt."], "ServerHelpPhrases": [".spoken("], "TermPhrases": ["Column(."],
        "ReportPhrases": ["ReportBuilder"],
    ]

    /// Sentences that nothing says yet, each with what it waits for.
    static let later: [String: String] = [:]

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The sources that say something: those of the tables are not among them, nor that which gives every error its exit status.
    private static func sources() throws -> [String] {
        try ["ClientCLI", "ServerApp", "Sources", "Benchmarks"].flatMap { folder -> [String] in
            let files = FileManager.default.enumerator(atPath: root.appendingPathComponent(folder).path)
            return try (files?.allObjects as? [String] ?? []).filter {
                $0.hasSuffix(".swift") && !$0.contains("Wording/Phrases/") && !$0.hasSuffix("/ErrorExits.swift")
            }.map {
                try String(contentsOf: root.appendingPathComponent(folder).appendingPathComponent($0), encoding: .utf8)
            }
        }
    }

    /// Every word that stands behind a point in a text: what an entry would be named by.
    private static func members(of text: String) -> Set<Substring> {
        var found = Set<Substring>()
        for part in text.split(separator: ".", omittingEmptySubsequences: false).dropFirst() {
            found.insert(part.prefix { $0.isLetter || $0.isNumber })
        }
        return found
    }

    /// The entries of the tables that none of some texts names.
    private static func unsaid(in sources: [String], of tables: [any PhraseTable.Type] = AllPhrases.tables) -> Set<String> {
        let read = sources.map { (text: $0, members: members(of: $0)) }
        func entries<Table: PhraseTable>(_ table: Table.Type) -> [String] {
            let name = String(describing: table)
            guard named[name] == nil else { return [] }
            let marks = [name] + (callers[name] ?? [])
            let saying = read.filter { file in marks.contains { file.text.contains($0) } }.reduce(into: Set<Substring>()) {
                $0.formUnion($1.members)
            }
            return table.allCases.map { "\($0)" }.filter { !saying.contains(Substring($0)) }.map { "\(name).\($0)" }
        }
        return Set(tables.flatMap { entries($0) })
    }

    @Test("Every phrase is said somewhere, or listed for later with the reason; what is said is not listed")
    func allSaid() throws {
        let unsaid = Self.unsaid(in: try Self.sources())
        #expect(unsaid.subtracting(Self.later.keys).sorted() == [], "nothing says these")
        #expect(Set(Self.later.keys).subtracting(unsaid).sorted() == [], "these are said or gone")
    }

    @Test("A phrase that only another table's file mentions is found out")
    func control() {
        let file = "page.say(StatusPhrases.agreed) ; x = .disputed"
        let unsaid = Self.unsaid(in: [file], of: [StatusPhrases.self, SyncPhrases.self])
        #expect(!unsaid.contains("StatusPhrases.agreed") && !unsaid.contains("StatusPhrases.disputed"))
        #expect(unsaid.contains("StatusPhrases.open") && unsaid.contains("SyncPhrases.sent"))
    }
}
