import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Wording
import Yams

/// A record as a form to fill in: YAML with a comment for each field, in the order of the registry.
struct RecordForm {
    let target: EditTarget
    let title: String
    let language: Language

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
        return lines.joined(separator: "\n") + "\n"
    }

    private func lines(of field: Field, _ state: RecordState?) -> [String] {
        let cells = state.map { Array($0.cells(of: field.name)) } ?? []
        if let cell = cells.first(where: \.isConflicted) {
            return comment(RecordPhrases.formSeveral.text(in: language, ["field": .text(cell.key.shown)]))
        }
        if field.merge == .writeOnce, let value = cells.first?.heads.first?.value {
            let shown = FieldValue.print(value.value, as: field.type)
            return comment(RecordPhrases.formWrittenOnce.text(in: language, ["field": .text(field.name), "value": .text(shown)]))
        }
        var lines = comment(hint(field))
        switch field.merge {
        case .register, .writeOnce:
            lines += Self.entry(field.name, cells.first?.state.filled.map { FieldValue.print($0.value, as: field.type) }, indent: 0)
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

    private func hint(_ field: Field) -> String {
        var parts: [String] = []
        switch field.type {
        case .enumeration(let codes):
            let phrase: RecordPhrases = field.merge == .set ? .formMembersOf : .formOneOf
            parts.append(phrase.text(in: language, ["known": .text(codes.joined(separator: ", "))]))
        default: parts.append(RecordPhrases.formType.text(in: language, ["type": .text(field.type.name)]))
        }
        if field.isRequired { parts.append(RecordPhrases.formRequired.text(in: language)) }
        return parts.joined(separator: "; ")
    }

    private func comment(_ text: String) -> [String] { text.split(separator: "\n").map { "# " + $0 } }

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

    // MARK: reading

    /// What a form or a file says, with the line of each field.
    struct Reading {
        var assignments: [FieldAssignment] = []
        var lines: [String: Int] = [:]
    }

    struct Mistake: Error {
        let line: Int
        let reason: Fact
    }

    static func read(_ text: String) throws(Mistake) -> Reading {
        let node: Node?
        do { node = try Yams.compose(yaml: text) } catch let error as YamlError {
            throw mistake(error)
        } catch {
            throw Mistake(line: 1, reason: .word(RecordPhrases.formNotFields))
        }
        // Comments alone say nothing.
        guard let node, node.scalar.map({ !$0.string.isEmpty }) ?? true else { return Reading() }
        guard case .mapping(let mapping) = node else {
            throw Mistake(line: node.mark?.line ?? 1, reason: .word(RecordPhrases.formNotFields))
        }
        var reading = Reading()
        for (key, value) in mapping {
            let line = key.mark?.line ?? 1
            guard let field = key.scalar?.string, !field.isEmpty else {
                throw Mistake(line: line, reason: .word(RecordPhrases.formNotFields))
            }
            reading.lines[field] = line
            reading.assignments += try assignments(field, value, line)
        }
        return reading
    }

    private static func assignments(_ field: String, _ value: Node, _ line: Int) throws(Mistake) -> [FieldAssignment] {
        switch value {
        case .scalar(let scalar):
            // As `--set` takes it: `field/en`.
            let slash = field.firstIndex(of: "/")
            return [
                FieldAssignment(
                    field: String(field[..<(slash ?? field.endIndex)]), element: slash.map { String(field[field.index(after: $0)...]) },
                    content: .value(text(scalar)))
            ]
        case .sequence(let sequence):
            var members: [String] = []
            for node in sequence {
                guard let scalar = node.scalar else { throw unreadable(field, node.mark?.line ?? line) }
                members.append(text(scalar))
            }
            return [FieldAssignment(field: field, content: .members(members))]
        case .mapping(let mapping):
            var assignments: [FieldAssignment] = []
            for (language, node) in mapping {
                guard let element = language.scalar?.string, let scalar = node.scalar else {
                    throw unreadable(field, language.mark?.line ?? line)
                }
                assignments.append(FieldAssignment(field: field, element: element, content: .value(text(scalar))))
            }
            return assignments
        case .alias: throw unreadable(field, line)
        }
    }

    private static func unreadable(_ field: String, _ line: Int) -> Mistake {
        Mistake(line: line, reason: .word(RecordPhrases.formNotText, ["field": .text(field)]))
    }

    /// Nothing, and YAML's own words for it, clear a field; in quotes they are text.
    private static func text(_ scalar: Node.Scalar) -> String {
        scalar.style == .plain && ["~", "null", "Null", "NULL"].contains(scalar.string) ? "" : scalar.string
    }

    private static func mistake(_ error: YamlError) -> Mistake {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            Mistake(line: mark.line, reason: .word(RecordPhrases.formNotYAML, ["detail": .text(problem)]))
        default: Mistake(line: 1, reason: .word(RecordPhrases.formNotFields))
        }
    }
}
