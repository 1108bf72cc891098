import ArgumentParser
import Foundation
import Testing
import Wording

@testable import ClientCLI

@Suite("Help topics and the code they tell of")
struct TopicTests {
    @Test("Every command line that a topic shows is one that the parser takes", arguments: Language.allCases)
    func commands(language: Language) throws {
        var count = 0
        for topic in HelpTopics.allCases {
            for line in topic.text(in: language).split(separator: "\n") where line.hasPrefix("  ") {
                // What stands after two blanks explains the line; several commands stand with a semicolon between them.
                let typed = line.dropFirst(2).split(separator: #/  +/#).first ?? ""
                for command in typed.split(separator: " ; ") where command.hasPrefix("buntan ") {
                    let words = HelpTests.words(String(command)).dropFirst()
                    let (arranged, _) = ArgumentOrder.arranged(Array(words), for: Buntan.self)
                    #expect(throws: Never.self, "\(topic): \(command)") { try Buntan.parseAsRoot(arranged) }
                    count += 1
                }
            }
        }
        #expect(count > 25)
    }

    @Test("The topic of exit codes names every one there is, and no other", arguments: Language.allCases)
    func exitCodes(language: Language) {
        let named = HelpTopics.exitCodes.text(in: language).matches(of: #/(?m)^  ([0-9]+)  /#).compactMap { Int32($0.1) }
        #expect(named == CommandExit.allCases.map(\.rawValue))
    }

    @Test("The topic of the environment names every variable that is read", arguments: Language.allCases)
    func environment(language: Language) throws {
        let text = HelpTopics.environment.text(in: language)
        let named = Set(text.matches(of: /[A-Z][A-Z]*(_[A-Z]+)+|TERM|TZ|HOME|LANG|PAGER|VISUAL|EDITOR|CLICOLOR/).map { String($0.0) })
        let sources = SchemaBook.folder.replacing("/Schemas", with: "")
        let files = try #require(FileManager.default.enumerator(atPath: sources))
        var read = Set(SettingKey.allCases.flatMap { [$0.variable] + $0.sharedVariables }.filter { $0 == $0.uppercased() })
        for case let file as String in files where file.hasSuffix(".swift") {
            let source = try String(contentsOfFile: sources + "/" + file, encoding: .utf8)
            for match in source.matches(of: /environment(?:\[|\()"([A-Z_]+)"/) { read.insert(String(match.1)) }
            for match in source.matches(of: /"(XDG_[A-Z]+_HOME|BUNTAN_[A-Z_]+|VISUAL|EDITOR|PAGER)"/) { read.insert(String(match.1)) }
        }
        // LESS and LV are only set for a pager that has no wish of its own.
        #expect(read.subtracting(named).subtracting(["LESS", "LV", "XDG_CACHE_HOME"]).isEmpty, "read, but not told")
        #expect(named.subtracting(read).isEmpty, "told, but not read")
    }

    @Test("The topic of files names every setting, and files that a store has")
    func files() async throws {
        let text = HelpTopics.files.text(in: .en)
        for key in SettingKey.allCases { #expect(text.contains(key.rawValue), "\(key)") }
        let bench = try CommandBench()
        await bench.expect("init --org Kaisha")
        await bench.expect("config language en")
        for name in ["store.db", "keys", "config"] {
            #expect(text.contains("STORE/\(name)"))
            #expect(FileManager.default.fileExists(atPath: "\(bench.path)/store/\(name)"))
        }
    }

    private static func laidOut(_ topic: HelpTopics, _ language: Language, _ columns: Int?) -> String {
        var page = Page(PageStyle(language: language, columns: columns))
        page.topic(topic.text(in: language))
        return page.text
    }

    @Test("A narrow terminal gets paragraphs that are filled, and lists whose words stay in their column")
    func narrow() {
        let text = Self.laidOut(.conflicts, .en, 60)
        #expect(
            text.hasPrefix(
                """
                CONFLICTS

                A conflict is two devices of your own side writing the same
                field without having seen each other. Both values are kept
                and shown until somebody chooses; no clock decides, and
                nothing typed is lost. A field in conflict cannot be signed.

                  buntan conflicts                     all of them, values
                                                       numbered
                  buntan resolve ac-2.5 customerStatement --take 1 --seen 3fk7

                """), "\(text)")
    }

    @Test(
        "Laid out anew, a topic says the same; lines fit, but for commands, and none ends before its room does",
        arguments: Language.allCases, [40, 60, 72])
    func everyWidth(language: Language, columns: Int) {
        let measure = DisplayWidth.standard
        for topic in HelpTopics.allCases {
            let text = Self.laidOut(topic, language, columns)
            func marks(_ text: String) -> String { text.filter { !$0.isWhitespace } }
            #expect(marks(text) == marks(topic.text(in: language)), "\(topic)")
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            for (line, next) in zip(lines, lines.dropFirst()) {
                let words = line.drop { $0 == " " }
                #expect(measure(line) <= columns || words.hasPrefix("buntan ") || words.hasPrefix("make "), "\(topic): \(line)")
                guard language == .en, !line.isEmpty, !line.hasPrefix(" "), let first = next.first, first != " " else { continue }
                let word = next.split(separator: " ").first ?? ""
                #expect(measure(line) + 1 + measure(word) > columns, "\(topic): \(line)")
            }
        }
    }

    @Test("Where it fits, a topic stands as it was written", arguments: Language.allCases)
    func wide(language: Language) {
        for topic in HelpTopics.allCases {
            for columns in [nil, 80, 200] { #expect(Self.laidOut(topic, language, columns) == topic.text(in: language) + "\n", "\(topic)") }
        }
    }
}
