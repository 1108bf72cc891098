import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Storage
import Wording
import Yams

/// A record as a form to fill in: YAML with a comment for each field, in the order of the registry.
struct RecordForm {
    let target: EditTarget
    let title: String
    let language: Language
    /// The items of its lists, with the kinds of the lists.
    var lists: [(kind: Kind, items: [StoredRecord])] = []
    /// What stands in a new record before anybody types.
    var presets: [FieldAssignment] = []
    /// The short ids of items.
    var short: (RecordID) -> String = { $0.uuid }

    var text: String {
        var lines: [String] = []
        let state = target.editing.state
        let heading: RecordPhrases = state == nil ? .formNew : .formRecord
        lines += comment(heading.text(in: language, ["kind": .text(target.kind.name), "record": .text(title)]))
        lines += comment(RecordPhrases.formRule.text(in: language))
        lines += comment(RecordPhrases.formEmptied.text(in: language))
        for field in target.editing.fields {
            lines.append("")
            lines += self.lines(of: field, state)
        }
        for list in lists {
            lines.append("")
            lines += self.lines(of: list.kind, list.items)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The fields given as lines of a part of a larger form, with what each holds as a comment or without.
    func lines(of fields: [Field], withHints: Bool) -> [String] {
        fields.flatMap { lines(of: $0, target.editing.state, withHint: withHints) }
    }

    /// What a field holds, as a comment of a larger form says it once for all its parts.
    func hintLine(_ field: Field) -> String { "#   \(field.name): \(hint(field))" }

    private func lines(of field: Field, _ state: RecordState?, withHint: Bool = true) -> [String] {
        let cells = state.map { Array($0.cells(of: field.name)) } ?? []
        if let cell = cells.first(where: \.isConflicted) {
            return comment(RecordPhrases.formSeveral.text(in: language, ["field": .text(cell.key.shown)]))
        }
        if field.merge == .writeOnce, let value = cells.first?.heads.first?.value {
            let shown = FieldValue.print(value.value, as: field.type)
            return comment(RecordPhrases.formWrittenOnce.text(in: language, ["field": .text(field.name), "value": .text(shown)]))
        }
        var lines = withHint ? comment(hint(field)) : []
        switch field.merge {
        case .register, .writeOnce:
            let value = cells.first?.state.filled.map { shown($0.value, field) }
            lines += Self.entry(field.name, value ?? (state == nil ? preset(field) : nil), indent: 0)
        case .languages:
            lines.append("\(field.name):")
            for language in Vocabulary.languages {
                let text = cells.first { $0.key.element == .code(language) }?.state.filled?.value.text
                lines += Self.entry(language, text, indent: 2)
            }
        case .set:
            let members = cells.compactMap { cell in
                cell.state.filled?.isTrue == true ? cell.key.element.map { FieldValue.print($0, of: field) } : nil
            }
            lines.append("\(field.name): [\(members.map(Self.scalar).joined(separator: ", "))]")
        }
        return lines
    }

    /// A value as it can be typed again, lengths of time in the units that people write.
    private func shown(_ value: Value, _ field: Field) -> String {
        if field.type == .duration { return CodeLabels.printed(value, of: field, in: target.kind.name, .en) }
        return FieldValue.print(value, as: field.type)
    }

    private func hint(_ field: Field, of kind: Kind? = nil) -> String {
        var parts: [String] = []
        let label = Labels.field(field.name, of: (kind ?? target.kind).name, language)
        if let label, label != field.name { parts.append(label) }
        switch field.type {
        case .enumeration(let codes):
            let phrase: RecordPhrases = field.merge == .set ? .formMembersOf : .formOneOf
            parts.append(phrase.text(in: language, ["known": .text(codes.joined(separator: ", "))]))
        case .record where field.target != nil:
            let kind = field.target ?? ""
            parts.append(RecordPhrases.formRecordOf.text(in: language, ["kind": .text(Labels.kind(kind, language) ?? kind)]))
        case let type where Self.example(of: field) != nil:
            let example = Self.example(of: field) ?? ""
            parts.append(RecordPhrases.formAs.text(in: language, ["type": .text(type.name), "example": .text(example)]))
        default: parts.append(RecordPhrases.formType.text(in: language, ["type": .text(field.type.name)]))
        }
        if field.isRequired { parts.append(RecordPhrases.formRequired.text(in: language)) }
        if field.isExpected { parts.append(RecordPhrases.formExpected.text(in: language)) }
        return parts.joined(separator: "; ")
    }

    /// How values of a type are written that people may not guess.
    private static let examples: [FieldType: String] = [
        .duration: "30m, 4h, 30d, 7y", .date: "2036-03-31", .dateTime: "2036-03-31T09:00:00Z", .country: "JP",
    ]

    private static func example(of field: Field) -> String? {
        switch field.typing {
        case .law?: "JP, US-CA"
        case .subdivision?: "JP-13"
        case .kind?: "backup-specification"
        case .union?, .least?, nil: examples[field.type]
        }
    }

    private func preset(_ field: Field) -> String? {
        guard case .value(let text)? = presets.first(where: { $0.field == field.name })?.content else { return nil }
        return text
    }

    // MARK: lists

    /// A list: what an item holds as a comment, and the items there are, each with its id.
    private func lines(of kind: Kind, _ items: [StoredRecord]) -> [String] {
        guard let list = kind.list else { return [] }
        let fields = kind.fields.filter { $0.name != Kind.parentField }
        var lines = comment(
            RecordPhrases.formList.text(
                in: language, ["field": .text(list.name), "name": .text(CodeLabels.field(nil, of: kind.name, language))]))
        for field in fields { lines.append("#   \(field.name): \(hint(field, of: kind))") }
        guard !items.isEmpty else { return lines + ["\(list.name): []"] }
        lines.append("\(list.name):")
        for item in items {
            lines.append("  - id: \(short(item.id))")
            for field in fields { lines += entry(field, item.shown).map { "    " + $0 } }
        }
        return lines
    }

    /// A field of an item; one that holds nothing, or several values, is left out.
    private func entry(_ field: Field, _ state: RecordState) -> [String] {
        let all = state.cells(of: field.name)
        guard !all.contains(where: \.isConflicted) else { return [] }
        let cells = all.filter { $0.state.filled != nil }
        guard let first = cells.first else { return [] }
        switch field.merge {
        case .register, .writeOnce:
            return Self.entry(field.name, first.state.filled.map { shown($0.value, field) }, indent: 0)
        case .languages:
            return ["\(field.name):"]
                + cells.flatMap { Self.entry($0.key.elementText ?? "", $0.state.filled?.value.text, indent: 2) }
        case .set:
            let members = cells.compactMap { cell in
                cell.state.filled?.isTrue == true ? cell.key.element.map { FieldValue.print($0, of: field) } : nil
            }
            return members.isEmpty ? [] : ["\(field.name): [\(members.map(Self.scalar).joined(separator: ", "))]"]
        }
    }

    func comment(_ text: String) -> [String] { text.split(separator: "\n").map { "# " + $0 } }

    private static func entry(_ name: String, _ value: String?, indent: Int) -> [String] {
        let blanks = String(repeating: " ", count: indent)
        guard let value, !value.isEmpty else { return ["\(blanks)\(name):"] }
        guard value.contains("\n"), isPlainBlock(value) else { return ["\(blanks)\(name): \(scalar(value))"] }
        return ["\(blanks)\(name): |-"]
            + value.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "\(blanks)  \($0)" }
    }

    /// Whether a text of several lines reads back unchanged as a block: no blanks that YAML would take for its own.
    private static func isPlainBlock(_ text: String) -> Bool {
        text.first?.isWhitespace == false && text.last?.isWhitespace == false
            && text.unicodeScalars.allSatisfy {
                $0 == "\n" || ($0.value >= 0x20 && $0.value != 0x7f && $0.value != 0x85 && !(0x2028...0x2029).contains($0.value))
            }
    }

    /// A value on one line: as it is where nothing in it means anything to YAML, else in the quotes of JSON, which YAML reads.
    private static func scalar(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "-._/+".unicodeScalars.contains(scalar)
        }
        return isPlain && text.first != "-" && !["~", "null", "Null", "NULL"].contains(text) ? text : JSONWriter.text(.text(text))
    }
}
