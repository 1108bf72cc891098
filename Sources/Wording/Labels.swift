/// What kinds, fields and codes are called in English and Japanese.
///
/// The words are data, one line an entry, in the tables of the folder beside this file. Each table is read when it is first asked for.
/// An entry may say where it is meant, and the one that says most wins: `risk.title` is what `title` is called in a risk,
/// `purpose:support` what the code `support` is called in the field `purpose`, `gap.status:accepted` the same in one kind alone.
package enum Labels {
    /// Returns what a kind is called; `nil` where the table has no word for it.
    package static func kind(_ name: String, _ language: Language) -> String? {
        word(of: name, from: "", in: kinds, language)
    }

    /// Returns what a field is called, in records of a kind where one is given; `nil` where the table has no word for it.
    package static func field(_ name: String, of kind: String?, _ language: Language) -> String? {
        word(of: name, from: prefix(kind, "."), in: fields, language)
    }

    /// Returns what a code is called, as a value of a field where one is given; `nil` where the table has no word for it.
    package static func code(_ code: String, of field: String?, kind: String? = nil, _ language: Language) -> String? {
        word(of: code, from: place(field, kind), in: codes, language)
    }

    /// Returns the kind among those given that a typed word stands for, whatever the case of its letters: its name before its words.
    package static func kind(meantBy typed: String, among names: [String]) -> String? {
        named(typed, among: names) { kind($0, $1) }
    }

    /// Returns the field among those given that a typed word stands for, whatever the case of its letters: its name before its words.
    package static func field(meantBy typed: String, among names: [String], of kind: String?) -> String? {
        named(typed, among: names) { field($0, of: kind, $1) }
    }

    /// Returns the code among those given that a typed word stands for, whatever the case of its letters: itself before its words.
    package static func code(meantBy typed: String, among codes: [String], of field: String?, kind: String? = nil) -> String? {
        named(typed, among: codes) { code($0, of: field, kind: kind, $1) }
    }
}

extension Labels {
    static let kinds = Result { () throws(LabelFault) in try LabelTable(PackageResources.kinds_tsv, names: "kind") }
    static let fields = Result { () throws(LabelFault) in try LabelTable(PackageResources.fields_tsv, names: "field") }
    static let codes = Result { () throws(LabelFault) in try LabelTable(PackageResources.codes_tsv, names: "code") }

    /// A table that cannot be read has no words, and names stand for themselves: a label must not keep anybody from their records.
    /// The tests read every table that is shipped.
    private static func word(
        of name: String, from place: String, in table: Result<LabelTable, LabelFault>, _ language: Language
    ) -> String? {
        switch table {
        case .success(let table): table.phrase(of: name, from: place)?.template(in: language)
        case .failure: nil
        }
    }

    private static func prefix(_ name: String?, _ mark: String) -> String { name.map { $0 + mark } ?? "" }

    private static func place(_ field: String?, _ kind: String?) -> String {
        field.map { prefix(kind, ".") + $0 + ":" } ?? ""
    }

    private static func named(_ typed: String, among names: [String], _ label: (String, Language) -> String?) -> String? {
        let folded = typed.lowercased()
        return names.first { $0.lowercased() == folded }
            ?? names.first { name in Language.allCases.contains { label(name, $0)?.lowercased() == folded } }
    }
}
