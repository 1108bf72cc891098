import Foundation
import Testing

@Suite("Sentences in the code of both programs")
struct SentenceTests {
    /// Files whose literals are not said to anybody: marks that begin no line, and the names of fonts.
    static let exempt: Set<String> = ["Terminal/LineBreaking.swift", "Reporting/ReportStyle.swift"]

    @Test("No sentence stands outside the tables of wording", arguments: ["ClientCLI", "ServerApp"])
    func allInTables(folder: String) throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let files = try #require(FileManager.default.enumerator(atPath: root.appendingPathComponent(folder).path))
        var count = 0
        for case let name as String in files where name.hasSuffix(".swift") && !Self.exempt.contains(name) {
            count += 1
            let text = try String(contentsOf: root.appendingPathComponent(folder).appendingPathComponent(name), encoding: .utf8)
            for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                for literal in Self.literals(in: line) where Self.isSentence(literal) {
                    Issue.record("\(folder)/\(name):\(index + 1): \(literal)")
                }
            }
        }
        #expect(count > 0)
    }

    @Test(
        "A sentence is told from keys, flags and layouts",
        arguments: [
            (#"console.write("Nothing was changed here")"#, true), (#"    // "Nothing was changed here""#, false),
            (#"x("buntan status --json")"#, false), (#"x("buntan-server org suspend FINGERPRINT")"#, false),
            (#"precondition(a, "heads are never empty here")"#, false), (#"x("何も変えていません。")"#, true), (#"x("a  b") + "no""#, false),
        ])
    func telling(line: String, isSentence: Bool) {
        #expect(Self.literals(in: Substring(line)).contains(where: Self.isSentence) == isSentence)
    }

    /// Returns what stands between quotes on a line; promises inside the code and log lines are not said to users.
    static func literals(in line: Substring) -> [Substring] {
        guard line.utf8.contains(UInt8(ascii: "\"")), line.drop(while: { $0 == " " }).prefix(2) != "//" else { return [] }
        if ["precondition", "logger.", "log."].contains(where: { line.contains($0) }) { return [] }
        return line.split(separator: "\"", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
    }

    /// Whether a text has three plain words in a row, or more than a word of Japanese.
    static func isSentence(_ text: Substring) -> Bool {
        // A command line to type is no sentence: it is the same in every language.
        if text.hasPrefix("buntan ") || text.hasPrefix("buntan-server ") { return false }
        if text.unicodeScalars.count(where: { (0x3040...0x9FFF).contains($0.value) }) > 5 { return true }
        var run = 0
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            let isPlain = word.utf8.count >= 2 && word.utf8.allSatisfy { (0x61...0x7A).contains($0 | 0x20) }
            run = isPlain ? run + 1 : 0
            if run == 3 { return true }
        }
        return false
    }
}
