package import BuntanProtocol

/// Judges values that arrive in edits by the type the registry gives their field.
///
/// Stricter than reading what people type: only the one normal form of each value passes, so that equal values are equal
/// bytes everywhere.
package enum FieldCheck {
    /// Tells whether a value that is not *empty* has the type.
    package static func accepts(_ value: EncodedValue, as type: FieldType) -> Bool {
        guard let first = value.bytes.first else { return false }
        switch first >> 5 {
        case 0, 1: return type == .int
        case 2: return byteCount(type).map { count in byteStringCount(value) == count } ?? false
        case 3: return acceptsText(value, as: type)
        default: return type == .bool && (value.isTrue || value.isFalse)
        }
    }

    /// Tells whether a set of this type may hold the element: codes and record ids, never free text.
    package static func accepts(_ element: Element, as type: FieldType) -> Bool {
        switch (element, type) {
        case (.code(let code), .enumeration(let codes)): codes.contains(code)
        case (.code(let code), .country): isCountry(code)
        case (.code(let code), .code): isCode(code.utf8)
        case (.id(let id), .record), (.id(let id), .organisation), (.id(let id), .space): id.count == 16
        default: false
        }
    }

    /// The most bytes a value of the type may take.
    package static func mostBytes(_ type: FieldType) -> Int { type == .document ? Limits.documentBytes : Limits.valueBytes }

    private static func byteCount(_ type: FieldType) -> Int? {
        switch type {
        case .organisation, .record, .space: 16
        case .device, .digest: 32
        case .signature: 64
        case .string, .text, .int, .bool, .date, .dateTime, .duration, .decimal, .enumeration, .country, .code, .document: nil
        }
    }

    private static func byteStringCount(_ value: EncodedValue) -> Int {
        // Byte strings of values are at most 64 long: a head of one or two bytes.
        value.bytes.count - (value.bytes.first.map { $0 < 0x58 } ?? true ? 1 : 2)
    }

    private static func acceptsText(_ value: EncodedValue, as type: FieldType) -> Bool {
        switch type {
        case .string, .text, .document: return true
        case .enumeration(let codes):
            let utf8 = textBytes(value)
            return codes.contains { $0.utf8.elementsEqual(utf8) }
        case .date: return value.value.text.flatMap { CalendarDate(canonical: $0) } != nil
        case .dateTime: return value.value.text.map(DateTimeText.isNormal) ?? false
        case .duration: return value.value.text.flatMap { CalendarDuration(canonical: $0) } != nil
        case .decimal: return value.value.text.map(NumberText.isNormalDecimal) ?? false
        case .country: return value.value.text.map(isCountry) ?? false
        case .code: return isCode(textBytes(value))
        case .int, .bool, .organisation, .record, .space, .device, .digest, .signature: return false
        }
    }

    private static func textBytes(_ value: EncodedValue) -> ArraySlice<UInt8> {
        switch value.bytes.first.map({ $0 & 31 }) ?? 0 {
        case 24: value.bytes.dropFirst(2)
        case 25: value.bytes.dropFirst(3)
        case 26: value.bytes.dropFirst(5)
        default: value.bytes.dropFirst(1)
        }
    }

    private static func isCode(_ utf8: some Collection<UInt8>) -> Bool {
        (1...Limits.nameBytes).contains(utf8.count) && utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != UInt8(ascii: ",") }
    }

    // Which codes are assigned changes over the years; both sides must judge alike, so only the form is checked here.
    private static func isCountry(_ text: String) -> Bool {
        text.utf8.count == 2 && text.utf8.allSatisfy { (0x41...0x5a).contains($0) }
    }
}
