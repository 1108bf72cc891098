/// Whole numbers and numbers with a point as people type them, in their one form.
package enum NumberText {
    /// The largest magnitude a value may have.
    package static let mostInt: Int64 = (1 << 53) - 1

    static func int(_ text: String) throws(FieldFault) -> Int64 {
        guard let number = Digits(text), number.fraction.isEmpty, !text.contains(".") else { throw .notAnInt(text) }
        guard let value = Int64(number.whole), value <= mostInt else { throw .intTooLarge(text) }
        return number.isNegative ? -value : value
    }

    /// Returns the normal form: no plus, no leading or trailing zeros, no lone point, no negative zero.
    static func decimal(_ text: String) throws(FieldFault) -> String {
        guard let number = Digits(text), number.whole.count + number.fraction.count <= 64 else { throw .notADecimal(text) }
        let magnitude = number.fraction.isEmpty ? number.whole : "\(number.whole).\(number.fraction)"
        return number.isNegative && magnitude != "0" ? "-" + magnitude : magnitude
    }

    /// Whether a text is a decimal in its normal form.
    package static func isNormalDecimal(_ text: String) -> Bool {
        do { return try decimal(text) == text } catch { return false }
    }

    private struct Digits {
        let isNegative: Bool
        let whole: String
        let fraction: String

        init?(_ text: String) {
            var rest = text[...]
            isNegative = rest.first == "-" || rest.first == "\u{2212}"
            if isNegative || rest.first == "+" { rest = rest.dropFirst() }
            let parts = rest.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
            guard let first = parts.first, !first.isEmpty, parts.count == 1 || !parts[1].isEmpty else { return nil }
            guard parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }) else { return nil }
            let significant = first.drop { $0 == "0" }
            whole = significant.isEmpty ? "0" : String(significant)
            var tail = parts.count == 2 ? parts[1] : ""
            while tail.last == "0" { tail.removeLast() }
            fraction = String(tail)
        }
    }
}
