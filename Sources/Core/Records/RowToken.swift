import Foundation

/// One part of a control id: a number or a word, without what people don't type alike.
///
/// `AC-2(5)`, `ac-2.5`, `AC-02 (05)` all have the parts ac, 2, 5; `A&A-01` and `aa-1` have aa, 1.
package enum RowToken: Hashable, Comparable, Sendable {
    /// Digits without leading zeros, however many.
    case number(String)
    case word(String)

    package static func < (a: Self, b: Self) -> Bool {
        switch (a, b) {
        case (.number(let x), .number(let y)):
            let (m, n) = (x.utf8.count, y.utf8.count)
            return m != n ? m < n : x.utf8.lexicographicallyPrecedes(y.utf8)
        case (.number, .word): return true
        case (.word, .number): return false
        case (.word(let x), .word(let y)): return x.utf8.lexicographicallyPrecedes(y.utf8)
        }
    }

    /// Returns the parts of an id or of what somebody typed for one.
    package static func tokens(_ text: String) -> [RowToken] {
        var tokens: [RowToken] = []
        var digits = ""
        var letters = ""
        func close() {
            if !digits.isEmpty {
                let significant = digits.drop { $0 == "0" }
                tokens.append(.number(significant.isEmpty ? "0" : String(significant)))
            }
            if !letters.isEmpty { tokens.append(.word(letters)) }
            (digits, letters) = ("", "")
        }
        for scalar in folded(text).unicodeScalars {
            switch scalar {
            case "0"..."9":
                if !letters.isEmpty { close() }
                digits.unicodeScalars.append(scalar)
            // Blanks don't count, but that two numbers stay two; a sign the shell would take joins what it stands between.
            case " ", "\t", "\n", "\u{a0}":
                if !digits.isEmpty { close() }
            case "&", "'", "\"", "`", "$", "!", "?", "*", "#", ";", "|", "<", ">", "\\", "^", "%", "@", "+", ",", "=":
                continue
            case _ where isLetter(scalar):
                if !digits.isEmpty { close() }
                letters.unicodeScalars.append(scalar)
            default:
                close()
            }
        }
        close()
        return tokens
    }

    /// Small letters, one width.
    static func folded(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { $0 < 0x80 }
        return (isPlain ? text : text.precomposedStringWithCompatibilityMapping).lowercased()
    }

    static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) }
        return scalar.properties.isAlphabetic || scalar.properties.generalCategory == .nonspacingMark
    }
}
