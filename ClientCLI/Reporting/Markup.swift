import Wording

/// Bytes of HTML, into which whatever was typed goes escaped.
struct Markup {
    private(set) var bytes: [UInt8] = []

    /// Adds markup of this program's own.
    mutating func raw(_ markup: String) { bytes += markup.utf8 }

    /// Adds words between tags. A line break stays one; what could hide or turn the words around is written out.
    mutating func text(_ text: String) { append(text, lineBreak: "<br>") }

    /// Adds a value within quotes.
    mutating func attribute(_ text: String) { append(text, lineBreak: " ") }

    private mutating func append(_ text: String, lineBreak: String) {
        let plain = text.utf8.allSatisfy { byte in
            switch byte {
            case 0..<0x20, 0x7F...: false
            case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'"): false
            default: true
            }
        }
        guard !plain else { return bytes += text.utf8 }
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": bytes += "&amp;".utf8
            case "<": bytes += "&lt;".utf8
            case ">": bytes += "&gt;".utf8
            case "\"": bytes += "&quot;".utf8
            case "'": bytes += "&#39;".utf8
            case "\n": bytes += lineBreak.utf8
            case "\r": continue
            case "\t": bytes.append(UInt8(ascii: " "))
            case _ where scalar.isHazardous: bytes += scalar.writtenOut.utf8
            default: bytes += UTF8.encode(scalar).map { Array($0) } ?? []
            }
        }
    }
}

extension Unicode.Scalar {
    /// The number of a sign that must not work as one.
    var writtenOut: String { "\\u{" + String(value, radix: 16) + "}" }
}
