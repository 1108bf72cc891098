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
