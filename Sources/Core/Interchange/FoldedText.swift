import Foundation

extension String {
    /// Returns the text in Unicode's composed form; prose is kept in it and not changed otherwise.
    var composed: String {
        utf8.allSatisfy { $0 < 0x80 } ? self : precomposedStringWithCanonicalMapping
    }

    /// Returns the text for comparison only: width and case folded, every run of blanks one blank, none at the ends.
    ///
    /// For ids, marks and headers. Prose would lose its author's characters (`①` becomes `1`).
    var folded: String {
        let narrow = utf8.allSatisfy { $0 < 0x80 } ? self : precomposedStringWithCompatibilityMapping
        return narrow.lowercased().split { $0.isWhitespace || $0 == "\u{200B}" || $0 == "\u{FEFF}" }.joined(separator: " ")
    }

    /// Returns the text without the blanks that stand beside signs beyond ASCII: between words of Japanese they mean nothing.
    var withoutBlanksInJapanese: String {
        guard contains(" "), !utf8.allSatisfy({ $0 < 0x80 }) else { return self }
        let signs = Array(self)
        return String(
            signs.indices.filter { place in
                guard signs[place] == " ", place > 0, place + 1 < signs.count else { return true }
                return signs[place - 1].isASCII && signs[place + 1].isASCII
            }.map { signs[$0] })
    }

    /// Returns the text with full-width letters and digits in the width of ASCII, and everything else as it is: for ids that people name.
    var inOneWidth: String {
        guard unicodeScalars.contains(where: { (0xFF10...0xFF5A).contains($0.value) }) else { return self }
        var text = ""
        for scalar in unicodeScalars {
            let isWide: Bool =
                switch scalar.value {
                case 0xFF10...0xFF19, 0xFF21...0xFF3A, 0xFF41...0xFF5A: true
                default: false
                }
            text.unicodeScalars.append(isWide ? Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar : scalar)
        }
        return text
    }

    /// Returns the text on one line, composed, without blanks at its ends.
    var singleLine: String {
        composed.split { $0.isWhitespace }.joined(separator: " ")
    }

    var isBlank: Bool { allSatisfy { $0.isWhitespace } }

    /// Returns the language prose is in: Japanese where it holds kana or kanji, else English.
    package var proseLanguage: String {
        let isJapanese = unicodeScalars.contains { scalar in
            switch scalar.value {
            case 0x3005...0x3007, 0x3040...0x30FF, 0x31F0...0x31FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0xFF66...0xFF9F,
                0x20000...0x3FFFF:
                true
            default: false
            }
        }
        return isJapanese ? "ja" : "en"
    }
}
