import Wording

/// Writes JSON: the same value always as the same bytes.
enum JSONWriter {
    enum Layout: Sendable {
        /// On one line without blanks.
        case compact
        /// Two blanks a level, a member or element a line.
        case indented
    }

    static func text(_ value: JSONValue, _ layout: Layout = .compact) -> String {
        var out: [UInt8] = []
        append(value, layout, level: 0, to: &out)
        return String(decoding: out, as: UTF8.self)
    }

    static func append(_ value: JSONValue, _ layout: Layout, level: Int, to out: inout [UInt8]) {
        switch value {
        case .null: out += "null".utf8
        case .bool(let flag): out += (flag ? "true" : "false").utf8
        case .integer(let number): out += String(number).utf8
        case .text(let text): append(text, to: &out)
        case .list(let elements):
            append("[", "]", elements.count, layout, level: level, to: &out) { index, out in
                append(elements[index], layout, level: level + 1, to: &out)
            }
        case .object(let members):
            append("{", "}", members.count, layout, level: level, to: &out) { index, out in
                append(members[index].name, to: &out)
                out += (layout == .compact ? ":" : ": ").utf8
                append(members[index].value, layout, level: level + 1, to: &out)
            }
        }
    }

    private static func append(
        _ open: String, _ close: String, _ count: Int, _ layout: Layout, level: Int, to out: inout [UInt8],
        each: (Int, inout [UInt8]) -> Void
    ) {
        out += open.utf8
        for index in 0..<count {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            if layout == .indented { newLine(level + 1, to: &out) }
            each(index, &out)
        }
        if layout == .indented, count > 0 { newLine(level, to: &out) }
        out += close.utf8
    }

    static func newLine(_ level: Int, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\n"))
        out.append(contentsOf: repeatElement(UInt8(ascii: " "), count: level * 2))
    }

    /// Writes a string. Whatever a terminal would obey is escaped too: JSON is often read on one.
    private static func append(_ text: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\"".utf8
            case "\\": out += "\\\\".utf8
            case "\n": out += "\\n".utf8
            case "\r": out += "\\r".utf8
            case "\t": out += "\\t".utf8
            case _ where scalar.value < 0x80 ? (scalar.value < 0x20 || scalar.value == 0x7F) : scalar.isHazardous:
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    out += "\\u".utf8
                    out += String(repeating: "0", count: 4 - digits.count).utf8
                    out += digits.utf8
                }
            // Most of what is written, and a string for each letter would be most of the time.
            case _ where scalar.value < 0x80: out.append(UInt8(scalar.value))
            default: out += String(scalar).utf8
            }
        }
        out.append(UInt8(ascii: "\""))
    }
}
