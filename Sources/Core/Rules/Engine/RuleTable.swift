/// The words of the rules, read from rules.tsv: what each states, where it comes from, how bad it is and how it is told.
package struct RuleTable: Sendable {
    /// In the order of the table.
    package let entries: [Entry]
    private let places: [String: Int]

    package enum Severity: String, CaseIterable, Sendable {
        /// A requirement, or needed for the records to be sound.
        case must
        /// Guidance, or advice.
        case should
    }

    package enum Outcome: String, CaseIterable, Sendable {
        /// Something is wrong and has to be put right.
        case violation
        /// Offer and requirement differ, which leads to a risk, a measure or acceptance.
        case gap
        /// Worth a look; it never blocks.
        case advice
    }

    package struct Entry: Sendable {
        package let id: String
        package let group: String
        package let severity: Severity
        package let outcome: Outcome
        /// Where it comes from, by signs of sources and numbers of clauses.
        package let clause: BilingualText
        package let sources: [ClauseSource]
        package let inputs: [Input]
        package let statement: BilingualText
        /// With placeholders in braces.
        package let message: BilingualText
        /// The same where the record is missing altogether; `nil` where no other words are needed.
        package let missing: BilingualText?
        /// The predicate as text.
        package let check: String

        /// Whether it asks which rows there are: where none are read, it would find that all are missing.
        package var asksForRows: Bool { inputs.contains(.kind(.responsibility)) }

        /// The names in braces of a message, ascending.
        package static func placeholders(of message: String) -> [String] {
            Set(
                message.split(separator: "{", omittingEmptySubsequences: false).dropFirst().compactMap {
                    $0.split(separator: "}").first.map(String.init)
                }
            ).sorted()
        }
    }

    /// A kind or a field that a rule reads.
    package enum Input: Hashable, Sendable {
        /// Which records of the kind there are.
        case kind(FactKind)
        case field(FactKind, FactField)
        /// A field that records of every kind have.
        case envelope(FactField)
        case catalogue

        /// Reads `soa-entry`, `soa-entry.controlId`, `scope-statement.services.position`, `envelope.status` and `catalogue`.
        init?(_ text: String) {
            if text == "catalogue" {
                self = .catalogue
            } else if text.hasPrefix("envelope."), let field = FactField.named(String(text.dropFirst("envelope.".count))) {
                self = .envelope(field)
            } else if let kind = FactKind.named(text) {
                self = .kind(kind)
            } else if let dot = text.lastIndex(of: "."), let kind = FactKind.named(String(text[..<dot])),
                let field = FactField.named(String(text[text.index(after: dot)...]))
            {
                self = .field(kind, field)
            } else {
                return nil
            }
        }

        package var text: String {
            switch self {
            case .kind(let kind): kind.rawValue
            case .field(let kind, let field): "\(kind.rawValue).\(field.rawValue)"
            case .envelope(let field): "envelope.\(field.rawValue)"
            case .catalogue: "catalogue"
            }
        }
    }

    /// The table that the program ships, read when it is first asked for.
    package static func shipped() throws(CatalogueFault) -> RuleTable { try read.get() }

    private static let read = Result { () throws(CatalogueFault) in try RuleTable(PackageResources.rules_tsv) }

    /// - Throws: `CatalogueFault` where a rule is named twice, lacks a field, reads what no record has, or asks for other words in one
    ///   language than in the other.
    init(_ bytes: [UInt8]) throws(CatalogueFault) {
        var entries: [Entry] = []
        var places: [String: Int] = [:]
        for row in try CatalogueTable(bytes).rows {
            let (id, group) = (try row.required("id"), try row.required("group"))
            guard id.hasPrefix(group + "-"), places.updateValue(entries.count, forKey: id) == nil else {
                throw CatalogueFault(line: row.line, field: "id")
            }
            var inputs: [Input] = []
            for word in try row.required("inputs").split(separator: " ") {
                guard let input = Input(String(word)), !inputs.contains(input) else {
                    throw CatalogueFault(line: row.line, field: "inputs")
                }
                inputs.append(input)
            }
            let clause = try row.required("clause")
            guard let sources = ClauseSource.all(in: clause) else { throw CatalogueFault(line: row.line, field: "clause") }
            let message = try row.bilingual("message")
            let missing = row.text("missing_en") == nil ? nil : try row.bilingual("missing")
            for (field, text) in [("message_ja", message), ("missing_ja", missing ?? message)]
            where Entry.placeholders(of: text.en) != Entry.placeholders(of: text.ja) {
                throw CatalogueFault(line: row.line, field: field)
            }
            entries.append(
                Entry(
                    id: id, group: group, severity: try row.value(try row.required("severity"), of: "severity"),
                    outcome: try row.value(try row.required("outcome"), of: "outcome"),
                    clause: BilingualText(en: clause, ja: row.text("clause_ja") ?? clause), sources: sources, inputs: inputs,
                    statement: try row.bilingual("statement"), message: message, missing: missing, check: try row.required("check")))
        }
        (self.entries, self.places) = (entries, places)
    }

    package subscript(id: String) -> Entry? { places[id].map { entries[$0] } }

    /// The groups, in the order of the table.
    package var groups: [String] { entries.reduce(into: []) { if $0.last != $1.group { $0.append($1.group) } } }

    /// What people read of a finding, in both languages.
    package func message(of finding: Finding, with printer: WordPrinter) -> BilingualText? {
        self[finding.rule].map { entry in
            let words = finding.words.mapValues(printer.text)
            let message = finding.isMissing ? entry.missing ?? entry.message : entry.message
            let text = BilingualText(
                en: Self.filled(message.en, words.mapValues(\.en)), ja: Self.filled(message.ja, words.mapValues(\.ja)))
            // A sentence that a label begins has its capital; a name that somebody typed stays as it is.
            guard let first = Self.first(of: message.en), let word = finding.words[first], printer.isLabel(word) else { return text }
            return BilingualText(en: text.en.prefix(1).uppercased() + text.en.dropFirst(), ja: text.ja)
        }
    }

    /// The placeholder that a message begins with.
    private static func first(of template: String) -> String? {
        template.hasPrefix("{") ? template.dropFirst().split(separator: "}").first.map(String.init) : nil
    }

    /// One pass, so that braces in what somebody typed are not taken for a placeholder.
    private static func filled(_ template: String, _ words: [String: String]) -> String {
        var result = ""
        var rest = template[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            result += rest[..<open]
            let name = String(rest[rest.index(after: open)..<close])
            rest = rest[rest.index(after: close)...]
            var word = words[name] ?? "{\(name)}"
            // What somebody typed as a sentence ends where the message goes on.
            let stops = rest.first.map { Self.stops(of: word, before: $0) } ?? ""
            while let last = word.last, stops.contains(last) { word.removeLast() }
            result += word
        }
        return result + rest
    }

    /// The stops at the end of what somebody typed that are left out before a sign of the message: in quotes that of a name as
    /// K.K. is part of the name.
    private static func stops(of word: String, before next: Character) -> String {
        switch next {
        case ".": ".。"
        case "。": word.split(separator: " ").last?.dropLast().contains(".") == true ? "。" : ".。"
        case "」": "。"
        default: ""
        }
    }
}
