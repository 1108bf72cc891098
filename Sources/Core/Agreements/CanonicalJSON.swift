package import BuntanProtocol

/// A value of canonical JSON: RFC 8785 without fractions, so that equal values have equal bytes.
package enum CanonicalJSON: Sendable {
    case null
    case bool(Bool)
    /// A whole number with a magnitude below 2⁵³.
    case integer(Int64)
    case text(String)
    case list([CanonicalJSON])
    /// Members in any order: they are sorted when they are written.
    case object([Member])

    package struct Member: Sendable {
        package let name: String
        package let value: CanonicalJSON

        package init(_ name: String, _ value: CanonicalJSON) {
            self.name = name
            self.value = value
        }
    }

    package static func hex<S>(_ id: Identifier<S>) -> CanonicalJSON { .text(id.hex) }
    package static func hex<S>(_ value: Fixed32<S>) -> CanonicalJSON { .text(value.hex) }

    /// Returns the one form of the value.
    package func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }

    private func append(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .integer(let value): bytes.append(contentsOf: String(value).utf8)
        case .text(let text): Self.append(text, to: &bytes)
        case .list(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                element.append(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in members.sorted(by: { Self.precedes($0.name, $1.name) }).enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                Self.append(member.name, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                member.value.append(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    /// RFC 8785 section 3.2.3: by UTF-16 code units, which is not the order of UTF-8 bytes beyond the basic plane.
    static func precedes(_ a: String, _ b: String) -> Bool { a.utf16.lexicographicallyPrecedes(b.utf16) }

    /// RFC 8785 section 3.2.2.2: nothing is escaped that need not be.
    private static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { utf8 in
            if !utf8.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5c }) { return bytes.append(contentsOf: utf8) }
            for byte in utf8 {
                if let letter = shortEscape(byte) {
                    bytes.append(0x5c)
                    bytes.append(letter)
                } else if byte < 0x20 {
                    bytes.append(contentsOf: "\\u00".utf8)
                    bytes.append(contentsOf: Hexadecimal.text([byte]).utf8)
                } else {
                    bytes.append(byte)
                }
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// The letter behind the backslash of those characters that have one.
    private static func shortEscape(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x08: UInt8(ascii: "b")
        case 0x09: UInt8(ascii: "t")
        case 0x0a: UInt8(ascii: "n")
        case 0x0c: UInt8(ascii: "f")
        case 0x0d: UInt8(ascii: "r")
        case 0x22, 0x5c: byte
        default: nil
        }
    }
}

// MARK: what a value is

extension CanonicalJSON {
    package var text: String? { if case .text(let text) = self { text } else { nil } }
    package var integer: Int64? { if case .integer(let value) = self { value } else { nil } }
    package var list: [CanonicalJSON]? { if case .list(let elements) = self { elements } else { nil } }
    package var isNull: Bool { if case .null = self { true } else { false } }

    /// The bytes that a text gives in small hexadecimal letters.
    package var bytes: [UInt8]? { text.flatMap { Hexadecimal.bytes($0) } }

    /// The members of an object that has these and no others, in this order; `nil` for anything else.
    package func members(_ names: String...) -> [CanonicalJSON]? {
        guard case .object(let members) = self, members.count == names.count else { return nil }
        var values: [CanonicalJSON] = []
        for name in names {
            guard let member = members.first(where: { $0.name == name }) else { return nil }
            values.append(member.value)
        }
        return values
    }

    /// A member of an object; `nil` where there is none of this name.
    package subscript(name: String) -> CanonicalJSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }
}
