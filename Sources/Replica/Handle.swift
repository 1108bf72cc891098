import Foundation

/// The names that people type in one store, made from legal names (commands.md section 2).
enum Handle {
    /// Words that say what kind of company it is and that nobody types.
    private static let legalForms: Set<String> = [
        "k.k.", "kk", "g.k.", "inc", "inc.", "incorporated", "ltd", "ltd.", "limited", "co", "co.", "corp", "corp.", "corporation", "llc",
        "plc", "gmbh", "ag", "s.a.", "b.v.", "株式会社", "有限会社", "合同会社", "(株)", "(有)",
    ]

    /// NFKC, small letters, blanks to hyphens, without the legal form; Japanese stays Japanese.
    static func base(of name: String) -> String {
        // Of ASCII nothing has another form.
        let isPlain = name.utf8.allSatisfy { $0 < 0x80 }
        let folded = (isPlain ? name : name.precomposedStringWithCompatibilityMapping).lowercased()
        var words = folded.split { $0 == " " || $0 == "," }.map(String.init)
        while words.count > 1, let last = words.last, legalForms.contains(last) { words.removeLast() }
        while words.count > 1, let first = words.first, legalForms.contains(first) { words.removeFirst() }
        // Japanese has no blank before 株式会社.
        if !isPlain, words.count == 1, let only = words.first {
            for form in legalForms where form.first?.isASCII == false || form.hasPrefix("(") {
                if only.hasPrefix(form), only != form { words = [String(only.dropFirst(form.count))] }
                if only.hasSuffix(form), only != form { words = [String(only.dropLast(form.count))] }
            }
        }
        var base = ""
        for character in words.joined(separator: " ") {
            if character.standsInHandles { base.append(character) } else if !base.hasSuffix("-") { base.append("-") }
        }
        while base.hasSuffix("-") { base.removeLast() }
        while base.hasPrefix("-") { base.removeFirst() }
        return base
    }
}

extension Character {
    /// Letters and digits, of any script; those of ASCII are known without a table.
    fileprivate var standsInHandles: Bool {
        guard let ascii = asciiValue else { return isLetter || isNumber }
        return switch ascii {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: false
        }
    }
}
