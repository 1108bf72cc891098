import BuntanProtocol
import Merging
import Records
import Wording

/// What codes and fields are called in the reader's language, and the codes that such words stand for.
///
/// In English the code itself is the word: it is what `--set` takes. A Japanese word is taken wherever its code is.
enum CodeLabels {
    /// The word for a code of a field: in English the code, in Japanese its label where it has one.
    static func shown(_ code: String, of field: String? = nil, in kind: String? = nil, _ language: Language) -> String {
        language == .en ? code : Labels.code(code, of: field, kind: kind, language) ?? code
    }

    static func field(_ name: String, in kind: String? = nil, _ language: Language) -> String {
        language == .en ? name : Labels.field(name, of: kind, language) ?? name
    }

    /// A cell by its field's name, with its language or element.
    static func field(_ key: CellKey, in kind: String? = nil, _ language: Language) -> String {
        ([field(key.field, in: kind, language)] + [key.elementText].compactMap { $0 }).joined(separator: "/")
    }

    /// The field of a kind that a typed word stands for: its name, or what it is called; the word itself for none.
    static func fieldName(_ typed: String, of kind: Kind?) -> String {
        guard let kind, kind.field(typed) == nil else { return typed }
        return Labels.field(meantBy: typed, among: kind.fields.map(\.name), of: kind.name) ?? typed
    }

    /// A field of a kind, or all of its records.
    static func field(_ name: String?, of kind: String, _ language: Language) -> String {
        guard language == .ja else { return [kind, name].compactMap { $0 }.joined(separator: ".") }
        let shown = Labels.kind(kind, language) ?? kind
        return name.map { "\(shown)・\(field($0, in: kind, language))" } ?? shown
    }

    /// The code among those there are that a typed word stands for, whatever the case of its letters; `nil` for none.
    static func code(_ typed: String, among codes: [String], of field: String? = nil, in kind: String? = nil) -> String? {
        Labels.code(meantBy: typed, among: codes, of: field, kind: kind)
    }

    /// A value of a field as people read it.
    static func printed(_ value: Value, of field: Field?, in kind: String? = nil, _ language: Language) -> String {
        let text = FieldValue.print(value, as: field?.type ?? .string)
        // A whole document is not read in a line.
        if kind == "kept-document", field?.name == "text" {
            return String(text.prefix(Self.keptLetters)) + (text.count > Self.keptLetters ? "…" : "")
        }
        switch field?.type {
        case .enumeration?: return shown(text, of: field?.name, in: kind, language)
        case .duration?: return CalendarDuration(canonical: text)?.spoken(inJapanese: language == .ja) ?? text
        case .bool? where language == .ja:
            guard case .bool(let bool) = value else { return text }
            return shown(bool ? "yes" : "no", language)
        case .code? where field?.typing == .kind: return self.field(nil, of: text, language)
        default: return text
        }
    }

    private static let keptLetters = 40

    /// What is typed for a field, with the code in place of its label.
    static func typed(_ text: String, for field: Field?, in kind: String? = nil) -> String {
        if field?.typing == .kind { return Labels.kind(meantBy: text, among: SchemaRegistry.current.kinds.map(\.name)) ?? text }
        guard case .enumeration(let codes)? = field?.type else { return text }
        return code(text, among: codes, of: field?.name, in: kind) ?? text
    }

    /// The state that a typed word stands for, in either language.
    static func state(_ typed: String) -> RowState? {
        let folded = typed.lowercased()
        return RowState.allCases.first { $0.rawValue == folded }
            ?? RowState.allCases.first { state in Language.allCases.contains { state.phrase.text(in: $0).lowercased() == folded } }
    }
}
