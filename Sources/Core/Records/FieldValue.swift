package import BuntanProtocol
import Foundation

/// Turns what people type into values of a field's type, and values into what people read.
///
/// A value has one form however it was typed, and what is printed is what can be typed: heads of two devices that mean
/// the same are then equal bytes, and no conflict.
package enum FieldValue {
    /// Returns the value a text stands for; a text of blanks alone is *empty*.
    package static func parse(_ text: String, as type: FieldType) throws(FieldFault) -> Value {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !trimmed.isEmpty else { return .null }
        switch type {
        case .string: return .text(try limited(oneLine(trimmed)))
        case .text: return .text(try limited(prose(trimmed)))
        case .int: return .int(try NumberText.int(folded(trimmed)))
        case .bool: return .bool(try bool(folded(trimmed)))
        case .date: return .text(try CalendarDate(typed: folded(trimmed)).text)
        case .dateTime: return .text(try DateTimeText.normal(folded(trimmed)))
        case .duration: return .text(try CalendarDuration(typed: folded(trimmed)).text)
        case .decimal: return .text(try NumberText.decimal(folded(trimmed)))
        case .enumeration(let codes): return .text(try code(folded(trimmed), of: codes))
        case .country: return .text(try country(folded(trimmed)))
        case .code: return .text(try givenCode(folded(trimmed)))
        case .organisation: return .bytes(try fingerprint(trimmed).bytes)
        case .record: return .bytes(try recordID(trimmed).bytes)
        case .space: return .bytes(try hexadecimal(trimmed, count: 16))
        case .device, .digest: return .bytes(try hexadecimal(trimmed, count: 32))
        case .signature: return .bytes(try hexadecimal(trimmed, count: 64))
        case .document: throw .notTypeable
        }
    }

    /// Returns what people read and can type again; *empty* is the empty text.
    ///
    /// A value that does not have the type, as one from a newer program, is shown by its own form.
    package static func print(_ value: Value, as type: FieldType) -> String {
        switch value {
        case .null: return ""
        case .bool(let bool): return bool ? "true" : "false"
        case .int(let int): return String(int)
        case .text(let text): return text
        case .bytes(let bytes):
            if type == .organisation, let id = OrganisationID(bytes) { return id.fingerprint }
            if type == .record, let id = RecordID(bytes) { return id.uuid }
            return Hexadecimal.text(bytes)
        }
    }

    /// Returns the member of a set, or the language of a text, that somebody typed.
    ///
    /// - Parameter isTakenOut: whether the member is to go: what should not be in a set can always be taken out.
    package static func element(_ text: String, of field: Field, isTakenOut: Bool = false) throws(FieldFault) -> Element {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        switch field.merge {
        case .register, .writeOnce: throw .elementUnexpected(field: field.name)
        case .languages:
            let language = folded(trimmed).lowercased()
            guard Vocabulary.languages.contains(language) else { throw .unknownLanguage(trimmed, known: Vocabulary.languages) }
            return .code(language)
        case .set:
            switch isTakenOut ? try parse(trimmed, as: field.type) : try parse(trimmed, of: field) {
            case .text(let code): return .code(code)
            case .bytes(let id) where id.count == 16: return .id(id)
            default: throw .elementExpected(field: field.name)
            }
        }
    }

    /// Returns a member of a set as people read it.
    package static func print(_ element: Element, of field: Field) -> String {
        switch element {
        case .code(let code): code
        case .id(let id): print(.bytes(id), as: field.type)
        }
    }

    // MARK: types

    static func folded(_ text: String) -> String {
        text.utf8.allSatisfy { $0 < 0x80 } ? text : text.precomposedStringWithCompatibilityMapping
    }

    private static func normal(_ text: String) -> String {
        text.utf8.allSatisfy { $0 < 0x80 } ? text : text.precomposedStringWithCanonicalMapping
    }

    private static func oneLine(_ text: String) throws(FieldFault) -> String {
        guard text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control && $0 != "\u{2028}" && $0 != "\u{2029}" }) else {
            throw .notOneLine
        }
        return normal(text)
    }

    private static func prose(_ text: String) -> String {
        guard text.utf8.contains(0x0d) else { return normal(text) }
        return normal(text.replacingOccurrences(of: "\r\n", with: "\n").replacingOccurrences(of: "\r", with: "\n"))
    }

    private static func limited(_ text: String) throws(FieldFault) -> String {
        let bytes = Value.text(text).encoded.bytes.count
        guard bytes <= Limits.valueBytes else { throw .tooLong(bytes: bytes, most: Limits.valueBytes) }
        return text
    }

    private static func bool(_ text: String) throws(FieldFault) -> Bool {
        switch text.lowercased() {
        case "true", "yes", "y", "はい": return true
        case "false", "no", "n", "いいえ": return false
        default: throw .notABool(text)
        }
    }

    private static func code(_ text: String, of codes: [String]) throws(FieldFault) -> String {
        let code = String(text.lowercased().map { $0.isWhitespace || $0 == "_" ? "-" : $0 })
        guard codes.contains(code) else { throw .unknownCode(text, known: codes) }
        return code
    }

    private static func country(_ text: String) throws(FieldFault) -> String {
        let code = text.uppercased()
        // The reserved code of the European Union stands where its law is meant.
        guard code == "EU" || CountryCodes.all.contains(code) else { throw .unknownCountry(text) }
        return code
    }

    private static func givenCode(_ text: String) throws(FieldFault) -> String {
        guard FieldCheck.accepts(Value.text(text).encoded, as: .code) else { throw .notACode(text) }
        return text
    }

    private static func fingerprint(_ text: String) throws(FieldFault) -> OrganisationID {
        if let bytes = Base32.bytes(text), let id = OrganisationID(bytes) { return id }
        if let bytes = Hexadecimal.bytes(text.lowercased()), let id = OrganisationID(bytes) { return id }
        throw .notAFingerprint(text)
    }

    private static func recordID(_ text: String) throws(FieldFault) -> RecordID {
        guard let id = RecordID(uuid: text) else { throw .notAnID(text) }
        return id
    }

    private static func hexadecimal(_ text: String, count: Int) throws(FieldFault) -> [UInt8] {
        guard let bytes = Hexadecimal.bytes(text.lowercased()), bytes.count == count else { throw .notHexadecimal(text, bytes: count) }
        return bytes
    }
}
