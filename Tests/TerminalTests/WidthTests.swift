import Wording
import Testing

@testable import ClientCLI

@Suite("Text by its columns")
struct WidthTests {
    @Test(
        "Text takes as many columns as a terminal shows",
        arguments: [
            ("", 0), ("abc", 3), ("分担", 4), ("プロバイダ", 10), ("ﾌﾟﾛ", 3), ("e\u{301}", 1), ("が", 2), ("か\u{3099}", 2), ("한국", 4),
            ("\u{1112}\u{1161}\u{11AB}", 2), ("👩‍💻", 2), ("🇯🇵", 2), ("☎\u{FE0F}", 2), ("、。", 4), ("①", 1), ("㈱", 2), ("髙～", 4), ("…", 1),
            ("\u{1B}", 0),
            ("ｱ", 1), ("\u{FF21}", 2), ("𠮷", 2), ("é", 1), ("½", 1),
        ])
    func width(text: String, columns: Int) {
        #expect(DisplayWidth.standard(text) == columns)
    }

    @Test(
        "Characters of ambiguous width take two columns only if asked to",
        arguments: [("①", 2), ("…", 2), ("α", 2), ("■", 2), ("a", 1), ("é", 2), ("ç", 1)])
    func ambiguous(text: String, columns: Int) {
        #expect(DisplayWidth(ambiguousIsWide: true)(text) == columns)
    }

    @Test(
        "Text is cut at a width with a mark, never through a wide character",
        arguments: [
            ("責任分担表", 10, "責任分担表"), ("責任分担表", 9, "責任分担…"), ("責任分担表", 8, "責任分…"), ("abcdef", 4, "abc…"), ("abc", 3, "abc"), ("abc", 1, "…"),
            ("abc", 0, ""), ("か\u{3099}か\u{3099}か\u{3099}", 5, "か\u{3099}か\u{3099}…"),
        ])
    func cutting(text: String, columns: Int, expected: String) {
        let cut = DisplayWidth.standard.cut(text, to: columns)
        #expect(cut == expected)
        #expect(DisplayWidth.standard(cut) <= columns)
    }

    @Test(
        "Lines break at blanks, between Japanese characters, and never before a closing mark",
        arguments: [
            ("one two three", 7, ["one two", "three"]), ("one two three", 8, ["one two", "three"]), ("abcdefgh", 3, ["abc", "def", "gh"]),
            ("責任分担表を表示する。", 20, ["責任分担表を表示す", "る。"]), ("「合意」に署名する", 6, ["「合", "意」に", "署名す", "る"]),
            ("a 責任", 4, ["a 責", "任"]), ("a 責任", 3, ["a", "責", "任"]), ("one  two", 4, ["one", "two"]),
        ])
    func wrapping(text: String, columns: Int, expected: [String]) {
        let lines = DisplayWidth.standard.wrapped(text, to: columns)
        #expect(lines == expected)
        #expect(lines.allSatisfy { DisplayWidth.standard($0) <= columns })
    }

    @Test("Nothing but blanks is lost in wrapping, at any width")
    func wrappingKeepsText() {
        let text = "Kaisha K.K.とExample Cloud K.K.の合意「7k3q」は、22行が変わり要更新です。See buntan diff 7k3q."
        for columns in 2...80 {
            let lines = DisplayWidth.standard.wrapped(text, to: columns)
            #expect(lines.joined().filter { $0 != " " } == text.filter { $0 != " " })
            #expect(lines.allSatisfy { DisplayWidth.standard($0) <= columns }, "\(columns)")
        }
    }

    @Test(
        "A word is guessed from its beginning, a slip or two swapped letters",
        arguments: [
            ("statsu", ["status"]), ("conf", ["config", "confirm", "conflicts"]), ("publsh", ["publish"]), ("xyzzy", []),
            ("agre", ["agree", "agreements"]),
        ])
    func guessing(word: String, expected: [String]) {
        let known = ["status", "sync", "conflicts", "config", "confirm", "publish", "agree", "agreements", "show"]
        #expect(Nearest.words(to: word, among: known) == expected)
    }
}
