import Testing

@testable import Wording

@Suite("One sentence in two languages")
struct PhraseTests {
    @Test(
        "Facts fill their places, counts choose the form of their noun",
        arguments: [
            (Language.en, 0, "0 rows of AC-2 wait."), (.en, 1, "1 row of AC-2 waits."), (.en, 2, "2 rows of AC-2 wait."),
            (.ja, 1, "AC-2の1行"),
        ])
    func filling(language: Language, count: Int, expected: String) {
        let phrase = Phrase("{n} {n|row|rows} of {id} {n|waits|wait}.", ja: "{id}の{n}行")
        #expect(phrase.text(in: language, ["n": .number(count), "id": "AC-2"]) == expected)
    }

    @Test("A phrase within a phrase speaks the language of the one around it")
    func nested() {
        let phrase = Phrase("now {who}", ja: "いま{who}")
        #expect(phrase.text(in: .ja, ["who": .word(TermPhrases.provider)]) == "いまプロバイダ")
    }

    @Test(
        "A sentence has one stop at its end, whatever the fact before it ends in",
        arguments: [
            (Language.en, "Kaisha K.K.", "by Kaisha K.K. Next"), (.en, "Kaisha", "by Kaisha. Next"), (.en, "why?", "by why? Next"),
            (.ja, "承諾しました。", "承諾しました。次"), (.ja, "Kaisha K.K.", "Kaisha K.K.。次"), (.ja, "分担", "分担。次"),
        ])
    func stops(language: Language, name: String, expected: String) {
        let phrase = Phrase("by {name}. Next", ja: "{name}。次")
        #expect(phrase.text(in: language, ["name": .text(name)]) == expected)
        #expect(Phrase("{name}.db {name}...", ja: "").text(in: .en, ["name": "a."]) == "a..db a....")
    }

    @Test("Braces that open no place are themselves, and a missing fact leaves its place")
    func braces() {
        #expect(Phrase(#"{"a": [...]} {x} { n} {"#, ja: "").text(in: .en) == #"{"a": [...]} {x} { n} {"#)
        #expect(Phrase("{}{A}{a|b}{a|b|c}", ja: "").text(in: .en, ["a": 1]) == "{}{A}{a|b}b")
    }

    @Test(
        "What somebody typed cannot command the terminal",
        arguments: [
            ("\u{1B}[2Jx", "\\u{1b}[2Jx"), ("a\nb\tc\r", "a\\nb\\tc\\r"), ("a\r\nb", "a\\r\\nb"), ("\u{9B}31m", "\\u{9b}31m"),
            ("\u{202E}cba", "\\u{202e}cba"),
            ("a\u{200B}b\u{FEFF}", "a\\u{200b}b\\u{feff}"), ("\u{7F}", "\\u{7f}"), ("分担", "分担"), ("e\u{301}", "e\u{301}"), ("👩‍💻", "👩‍💻"),
            ("\u{E0041}", "\\u{e0041}"), ("\u{2028}", "\\u{2028}"),
        ])
    func hostile(text: String, shown: String) {
        #expect(text.visible == shown)
        #expect(shown.visible == shown)
        #expect(Phrase("<{x}>", ja: "").text(in: .en, ["x": .text(text)]) == "<\(shown)>")
    }

    @Test(
        "A language is read from tags, and the first variable that is set decides",
        arguments: [
            (["LANG": "ja_JP.UTF-8"], Language.ja), (["LANG": "ja_JP.UTF-8", "LC_ALL": "C"], .en),
            (["LC_ALL": "", "LC_MESSAGES": "ja"], .ja),
            (["LC_MESSAGES": "fr_FR", "LANG": "ja_JP"], .en), (["LANG": "jam"], .en), ([:], nil),
        ] as [([String: String], Language?)])
    func locale(environment: [String: String], expected: Language?) {
        #expect(Language.ofLocale(environment) == expected)
    }
}
