import Foundation
import Wording

/// A name in the languages there are, as it is typed: one alone in Japanese letters is the Japanese one.
enum TypedName {
    /// - Parameters:
    ///   - name: the name, and what it is called in a command line.
    ///   - japanese: the same in Japanese, where both are given.
    static func texts(_ name: (text: String, option: String), japanese: (text: String, option: String)?) throws -> [String: String] {
        let given = try taken(name)
        guard let japanese else { return [given.isJapanese ? "ja" : "en": given] }
        return ["en": given, "ja": try taken(japanese)]
    }

    private static func taken(_ name: (text: String, option: String)) throws -> String {
        let text = name.text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !text.isEmpty else { throw CommandFailure(.invalidValue, ["value": .text(name.text), "option": .text(name.option)]) }
        return text
    }
}

extension String {
    /// Whether a text has kana or kanji in it.
    var isJapanese: Bool {
        unicodeScalars.contains { (0x3040...0x30FF).contains($0.value) || (0x3400...0x9FFF).contains($0.value) }
    }
}
