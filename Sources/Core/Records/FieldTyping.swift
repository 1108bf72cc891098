package import BuntanProtocol

extension FieldValue {
    /// Returns the value that a text stands for in a field: by its type, and by what makes sense there.
    package static func parse(_ text: String, of field: Field) throws(FieldFault) -> Value {
        let value = try parse(text, as: field.type)
        if case .text(let code) = value, field.type == .country { try check(country: code, of: field) }
        switch (field.typing, value) {
        case (.law, .text(let typed)): return .text(try law(typed))
        case (.subdivision, .text(let typed)):
            guard let subdivision = Subdivision(folded(typed).uppercased()) else { throw .notASubdivision(typed) }
            return .text(subdivision.code)
        case (.kind, .text(let typed)):
            let name = typed.lowercased()
            let kinds = SchemaRegistry.current.kinds.filter { $0.list == nil }.map(\.name)
            guard kinds.contains(name) else { throw .unknownKind(typed) }
            return .text(name)
        case (.least(let least), .int(let number)) where number < least: throw .tooSmall(Int(number), least: least)
        default: return value
        }
    }

    /// The European Union has laws and is no country.
    static func check(country code: String, of field: Field) throws(FieldFault) {
        if code == "EU", field.typing != .union { throw .unknownCountry(code) }
    }

    private static func law(_ text: String) throws(FieldFault) -> String {
        let code = folded(text).uppercased()
        guard CountryCodes.all.contains(code) || Subdivision(code) != nil else { throw .notALaw(text) }
        return code
    }
}

/// A part of a country, by ISO 3166-2.
///
/// No table of them is kept: their form is judged, and that the country is one.
package struct Subdivision: Hashable, Sendable {
    package let code: String
    package let country: String

    package init?(_ code: String) {
        let parts = code.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, CountryCodes.all.contains(String(parts[0])), (1...3).contains(parts[1].utf8.count),
            parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) })
        else { return nil }
        (self.code, country) = (code, String(parts[0]))
    }
}
