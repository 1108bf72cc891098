/// The tab-separated form: one line a row, whatever its values hold.
enum PlainText {
    /// Returns a line of cells, with its line break.
    static func line(_ cells: [String]) -> String { cells.map(escaped).joined(separator: "\t") + "\n" }

    /// Returns the cell of a JSON value: texts and numbers as they are, empty for `null` or a member that does not exist.
    static func cell(_ value: JSONValue?) -> String {
        switch value {
        case nil, .null?: ""
        case .bool(let flag)?: flag ? "true" : "false"
        case .integer(let number)?: String(number)
        case .text(let text)?: text
        case .list?, .object?: value.map { JSONWriter.text($0) } ?? ""
        }
    }

    /// Returns the text with tab, line break and backslash written as two characters.
    ///
    /// A carriage return is written too: some readers take it for the end of the line.
    static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\\") }) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\t": result += "\\t"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\\": result += "\\\\"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
