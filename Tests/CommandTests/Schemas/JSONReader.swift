@testable import ClientCLI

/// Reads JSON as the commands print it, keeping the order of members. A fraction, a member that stands twice, or anything
/// that RFC 8259 does not allow is a fault.
struct JSONReader {
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    private let scalars: [Unicode.Scalar]
    private var index = 0

    static func value(_ text: String) throws -> JSONValue {
        var reader = JSONReader(scalars: Array(text.unicodeScalars))
        let value = try reader.value()
        reader.skipBlanks()
        guard reader.index == reader.scalars.count else { throw reader.fault("more follows") }
        return value
    }

    private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

    private mutating func value() throws -> JSONValue {
        skipBlanks()
        switch peek {
        case "{": return try object()
        case "[": return try list()
        case "\"": return .text(try string())
        case "t": return try word("true", .bool(true))
        case "f": return try word("false", .bool(false))
        case "n": return try word("null", .null)
        default: return .integer(try number())
        }
    }

    private mutating func object() throws -> JSONValue {
        try take("{")
        var members: [JSONValue.Member] = []
        skipBlanks()
        while peek != "}" {
            if !members.isEmpty { try take(",") }
            skipBlanks()
            let name = try string()
            guard !members.contains(where: { $0.name == name }) else { throw fault("\(name) stands twice") }
            skipBlanks()
            try take(":")
            members.append(JSONValue.Member(name, try value()))
            skipBlanks()
        }
        try take("}")
        return .object(members)
    }

    private mutating func list() throws -> JSONValue {
        try take("[")
        var elements: [JSONValue] = []
        skipBlanks()
        while peek != "]" {
            if !elements.isEmpty { try take(",") }
            elements.append(try value())
            skipBlanks()
        }
        try take("]")
        return .list(elements)
    }

    private mutating func string() throws -> String {
        try take("\"")
        var units: [UInt16] = []
        while let scalar = peek, scalar != "\"" {
            guard scalar.value >= 0x20 else { throw fault("a bare control character") }
            index += 1
            units += scalar == "\\" ? [try escaped()] : Array(String(scalar).utf16)
        }
        try take("\"")
        return String(decoding: units, as: UTF16.self)
    }

    private mutating func escaped() throws -> UInt16 {
        guard let scalar = peek else { throw fault("an open escape") }
        index += 1
        switch scalar {
        case "\"", "\\", "/": return UInt16(scalar.value)
        case "n": return 0x0A
        case "r": return 0x0D
        case "t": return 0x09
        case "b": return 0x08
        case "f": return 0x0C
        case "u":
            let digits = scalars[index..<min(index + 4, scalars.count)].map(String.init).joined()
            guard digits.count == 4, let unit = UInt16(digits, radix: 16) else { throw fault("no four digits") }
            index += 4
            return unit
        default: throw fault("an unknown escape")
        }
    }

    private mutating func number() throws -> Int64 {
        let start = index
        while let scalar = peek, "+-.eE0123456789".unicodeScalars.contains(scalar) { index += 1 }
        let text = scalars[start..<index].map(String.init).joined()
        guard let number = Int64(text), String(number) == text else { throw fault("no whole number: '\(text)'") }
        return number
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws -> JSONValue {
        for scalar in word.unicodeScalars { try take(scalar) }
        return value
    }

    private var peek: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) throws {
        guard peek == scalar else { throw fault("expected \(scalar)") }
        index += 1
    }

    private mutating func skipBlanks() {
        while let scalar = peek, " \n\r\t".unicodeScalars.contains(scalar) { index += 1 }
    }

    private func fault(_ words: String) -> Fault { Fault(description: "at \(index): \(words)") }
}
