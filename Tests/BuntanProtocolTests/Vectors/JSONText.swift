import BuntanProtocol

/// A JSON value that prints the same on every machine: members in the order given, two blanks a level.
indirect enum JSONText {
    case text(String)
    case number(Int)
    case flag(Bool)
    case null
    case list([JSONText])
    case members([(String, JSONText)])

    static func hex(_ bytes: some Collection<UInt8>) -> JSONText { .text(Hexadecimal.text(bytes)) }
    static func hex<S>(_ id: Identifier<S>) -> JSONText { .text(id.hex) }
    static func hex<S>(_ value: Fixed32<S>) -> JSONText { .text(value.hex) }
    static func hex(_ signature: Signature) -> JSONText { .hex(signature.bytes) }

    var printed: String { print(indent: "") + "\n" }

    private func print(indent: String) -> String {
        let inner = indent + "  "
        switch self {
        case .text(let text): return Self.quoted(text)
        case .number(let number): return String(number)
        case .flag(let flag): return flag ? "true" : "false"
        case .null: return "null"
        case .list(let items):
            if items.isEmpty { return "[]" }
            return "[\n" + items.map { inner + $0.print(indent: inner) }.joined(separator: ",\n") + "\n" + indent + "]"
        case .members(let members):
            if members.isEmpty { return "{}" }
            let lines = members.map { inner + Self.quoted($0.0) + ": " + $0.1.print(indent: inner) }
            return "{\n" + lines.joined(separator: ",\n") + "\n" + indent + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            default:
                if scalar.value < 0x20 || scalar.value == 0x7f {
                    result +=
                        "\\u" + String(repeating: "0", count: 4 - String(scalar.value, radix: 16).count) + String(scalar.value, radix: 16)
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }
}
