import BuntanProtocol
import Merging
import Records
import Wording

/// What codes and fields are called in the reader's language, and the codes that such words stand for.
///
/// In English the code itself is the word: it is what `--set` takes. A Japanese word is taken wherever its code is.
enum CodeLabels {
    private static let words: [String: TermPhrases] = [
        "provider": .provider, "customer": .customer, "shared": .shared, "supplier": .supplier, "not-applicable": .notApplicable,
        "unallocated": .unallocated, "implemented": .implemented, "partial": .partial, "planned": .planned,
        "not-implemented": .notImplemented, "yes": .yes, "no": .no, "not-confirmed": .notConfirmed,
        "read": .read, "write": .write, "sign": .sign, "admin": .admin,
    ]

    private static let kinds: [String: TermPhrases] = [
        "responsibility": .responsibility, "responsibility-position": .responsibilityPosition, "comment": .comment,
        "annotation": .annotation, "party": .party, "cloud-service": .cloudService, "service-dependency": .serviceDependency,
        "known-organisation": .knownOrganisation, "release": .release, "engagement": .engagement, "agreement": .agreement,
        "agreement-signature": .agreementSignature, "agreement-end": .agreementEnd,
    ]

    /// The word for a code: in English the code, in Japanese its label where it has one.
    static func shown(_ code: String, _ language: Language) -> String {
        language == .en ? code : words[code]?.text(in: language) ?? code
    }

    static func field(_ name: String, _ language: Language) -> String {
        language == .en ? name : FieldPhrases(rawValue: name)?.text(in: language) ?? name
    }

    /// A cell by its field's name, with its language or element.
    static func field(_ key: CellKey, _ language: Language) -> String {
        ([field(key.field, language)] + [key.elementText].compactMap { $0 }).joined(separator: "/")
    }

    /// The field of a kind that a typed word stands for: its name, or what it is called in Japanese; the word itself for none.
    static func fieldName(_ typed: String, of kind: Kind?) -> String {
        guard let kind, kind.field(typed) == nil else { return typed }
        return kind.fields.first { FieldPhrases(rawValue: $0.name)?.text(in: .ja) == typed }?.name ?? typed
    }

    /// A field of a kind, or all of its records.
    static func field(_ name: String?, of kind: String, _ language: Language) -> String {
        guard language == .ja else { return [kind, name].compactMap { $0 }.joined(separator: ".") }
        let shown = kinds[kind]?.text(in: language) ?? kind
        return name.map { "\(shown)・\(field($0, language))" } ?? shown
    }

    /// The code among those there are that a typed word stands for, whatever the case of its letters; `nil` for none.
    static func code(_ typed: String, among codes: [String]) -> String? {
        let folded = typed.lowercased()
        return codes.first { $0.lowercased() == folded }
            ?? codes.first { code in
                Language.allCases.contains { words[code]?.text(in: $0).lowercased() == folded }
            }
    }

    /// A value of a field as people read it.
    static func printed(_ value: Value, as type: FieldType?, _ language: Language) -> String {
        let text = FieldValue.print(value, as: type ?? .string)
        guard case .enumeration? = type else { return text }
        return shown(text, language)
    }

    /// What is typed for a field, with the code in place of its label.
    static func typed(_ text: String, as type: FieldType?) -> String {
        guard case .enumeration(let codes)? = type else { return text }
        return code(text, among: codes) ?? text
    }

    /// The state that a typed word stands for, in either language.
    static func state(_ typed: String) -> RowState? {
        let folded = typed.lowercased()
        return RowState.allCases.first { $0.rawValue == folded }
            ?? RowState.allCases.first { state in Language.allCases.contains { state.phrase.text(in: $0).lowercased() == folded } }
    }
}
