/// What a cell can hold: the only data types there are (PROTOCOL.md section 5).
package enum Value: Hashable, Sendable {
    /// *Empty*: a cleared field.
    case null
    case bool(Bool)
    /// A whole number with a magnitude below 2⁵³.
    case int(Int64)
    case text(String)
    /// A reference or key: at most 64 bytes.
    case bytes([UInt8])

    package static func id<S>(_ id: Identifier<S>) -> Value { .bytes(id.bytes) }
    package static func fixed<S>(_ value: Fixed32<S>) -> Value { .bytes(value.bytes) }

    /// Equal values have equal bytes; `String` alone would take composed and decomposed letters for the same.
    package static func == (a: Value, b: Value) -> Bool {
        switch (a, b) {
        case (.null, .null): true
        case (.bool(let x), .bool(let y)): x == y
        case (.int(let x), .int(let y)): x == y
        case (.text(let x), .text(let y)): x.utf8.elementsEqual(y.utf8)
        case (.bytes(let x), .bytes(let y)): x == y
        default: false
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .int(let value): hasher.combine(value)
        case .text(let value): for byte in value.utf8 { hasher.combine(byte) }
        case .bytes(let value): hasher.combine(value)
        }
    }

    package var text: String? { if case .text(let text) = self { text } else { nil } }
    package var bool: Bool? { if case .bool(let bool) = self { bool } else { nil } }
    package var int: Int64? { if case .int(let int) = self { int } else { nil } }
    package var bytes: [UInt8]? { if case .bytes(let bytes) = self { bytes } else { nil } }

    package func write(to writer: inout CBORWriter) {
        switch self {
        case .null: writer.null()
        case .bool(let value): writer.bool(value)
        case .int(let value): writer.int(value)
        case .text(let value): writer.text(value)
        case .bytes(let value): writer.byteString(value)
        }
    }

    package var encoded: EncodedValue { EncodedValue(trusted: CBORWriter.encode { write(to: &$0) }[...]) }

    package init(from reader: inout CBORReader) throws(DecodingFault) {
        switch try reader.peekMajor() {
        case 0, 1:
            let start = reader.offset
            let value = try reader.int()
            guard value.magnitude < 1 << 53 else { throw DecodingFault(.outOfRange, at: start) }
            self = .int(value)
        case 2: self = .bytes(Array(try reader.byteString(most: Limits.valueByteString)))
        case 3: self = .text(try reader.text(most: Limits.documentBytes))
        case 7: self = try reader.null() ? .null : .bool(try reader.bool())
        default: throw reader.fault(.wrongType)
        }
    }
}

/// A value in its one canonical form: equal bytes and equal values are the same thing.
///
/// Logs, states and digests pass these on untouched; only what people look at is decoded.
package struct EncodedValue: Hashable, Sendable {
    package let bytes: ArraySlice<UInt8>

    /// Wraps bytes that a reader or writer of this profile has produced.
    package init(trusted bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    package init(from reader: inout CBORReader) throws(DecodingFault) {
        let start = reader.offset
        switch try reader.peekMajor() {
        case 0, 1:
            guard try reader.int().magnitude < 1 << 53 else { throw DecodingFault(.outOfRange, at: start) }
        case 2: _ = try reader.byteString(most: Limits.valueByteString)
        case 3: try reader.skipText(most: Limits.documentBytes)
        case 7: if try !reader.null() { _ = try reader.bool() }
        default: throw reader.fault(.wrongType)
        }
        bytes = reader.bytes(from: start)
    }

    package static let null = Value.null.encoded
    package static let `true` = Value.bool(true).encoded
    package static let `false` = Value.bool(false).encoded

    package var isNull: Bool { bytes.count == 1 && bytes.first == 0xf6 }
    package var isTrue: Bool { bytes.count == 1 && bytes.first == 0xf5 }
    package var isFalse: Bool { bytes.count == 1 && bytes.first == 0xf4 }

    /// The value, decoded; bytes of this type always decode.
    package var value: Value {
        var reader = CBORReader(bytes)
        do { return try Value(from: &reader) } catch { preconditionFailure("an encoded value was not read through its reader: \(error)") }
    }

    package static func == (a: Self, b: Self) -> Bool { a.bytes.elementsEqual(b.bytes) }
    package func hash(into hasher: inout Hasher) { bytes.withUnsafeBytes { hasher.combine(bytes: $0) } }
}

/// The member of a set a cell stands for: a code of a vocabulary, or a record or organisation id.
package enum Element: Hashable, Sendable {
    case code(String)
    case id([UInt8])

    package static func record(_ id: RecordID) -> Element { .id(id.bytes) }

    package func write(to writer: inout CBORWriter) {
        switch self {
        case .code(let code): writer.text(code)
        case .id(let id): writer.byteString(id)
        }
    }

    package init(from reader: inout CBORReader) throws(DecodingFault) {
        switch try reader.peekMajor() {
        case 3: self = .code(try reader.name())
        case 2:
            let id: RecordID = try reader.id()
            self = .id(id.bytes)
        default: throw reader.fault(.wrongType)
        }
    }
}

/// What names a cell inside its record: a field, and an element if the field is a set or a text in languages.
package struct CellKey: Hashable, Comparable, Sendable {
    package let field: String
    package let element: Element?

    package init(_ field: String, _ element: Element? = nil) {
        self.field = field
        self.element = element
    }

    package init(_ field: String, _ code: String) { self.init(field, .code(code)) }

    /// The cell that says whether the record exists.
    package static let life = CellKey("@life")

    /// The order of the encoded forms: shorter fields first, then by bytes; no element before ids before codes.
    package static func < (a: Self, b: Self) -> Bool {
        if a.field != b.field { return precedes(a.field, b.field) }
        switch (a.element, b.element) {
        case (nil, nil): return false
        // An id is encoded from 0x50, a code from 0x60, and null is 0xf6.
        case (nil, _): return false
        case (_, nil): return true
        case (.id(let x)?, .id(let y)?): return x.lexicographicallyPrecedes(y)
        case (.id?, .code?): return true
        case (.code?, .id?): return false
        case (.code(let x)?, .code(let y)?): return precedes(x, y)
        }
    }

    private static func precedes(_ a: String, _ b: String) -> Bool {
        let (x, y) = (a.utf8.count, b.utf8.count)
        return x != y ? x < y : a.utf8.lexicographicallyPrecedes(b.utf8)
    }

    package func write(to writer: inout CBORWriter) {
        writer.text(field)
        writer.optional(element) { $1.write(to: &$0) }
    }

    package init(from reader: inout CBORReader) throws(DecodingFault) {
        field = try reader.name()
        element = try reader.optional { r throws(DecodingFault) in try Element(from: &r) }
    }
}
