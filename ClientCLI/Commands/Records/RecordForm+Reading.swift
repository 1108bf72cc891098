import BuntanProtocol
import Foundation
import Interchange
import Records
import Wording
import Yams

/// Reading a form, or a file that holds what a form would.
extension RecordForm {
    /// What a form or a file says, with the line of each field.
    struct Reading {
        var assignments: [FieldAssignment] = []
        var lines: [String: Int] = [:]
        /// Lists of items, by the name of the list.
        var lists: [(name: String, items: [Item])] = []
    }

    /// An item of a list as it was typed.
    struct Item {
        /// The short id behind `id`, of an item that is there already.
        var id: String?
        var assignments: [FieldAssignment] = []
        var lines: [String: Int] = [:]
        let line: Int
    }

    struct Mistake: Error {
        let line: Int
        /// The field, where it is one.
        var field: String?
        let reason: Fact
    }

    static func read(_ text: String) throws(Mistake) -> Reading {
        guard let mapping = try fields(of: text) else { return Reading() }
        return try reading(mapping)
    }

    /// A form of several parts, each with fields of its own beneath its name: the names as they were typed, in their order.
    static func parts(_ text: String) throws(Mistake) -> [(name: String, line: Int, reading: Reading)] {
        guard let mapping = try fields(of: text) else { return [] }
        var parts: [(name: String, line: Int, reading: Reading)] = []
        for (key, value) in mapping {
            let line = key.mark?.line ?? 1
            guard let name = key.scalar?.string, !name.isEmpty else {
                throw Mistake(line: line, reason: .word(RecordPhrases.formNotFields))
            }
            switch value {
            case .mapping(let fields): parts.append((name, line, try reading(fields)))
            // A name with nothing beneath it says nothing.
            case .scalar(let scalar) where scalar.string.isEmpty: break
            default: throw Mistake(line: line, reason: .word(RecordPhrases.formNotFields))
            }
        }
        return parts
    }

    /// What a text says as YAML; `nil` for one that says nothing.
    private static func fields(of text: String) throws(Mistake) -> Node.Mapping? {
        let node: Node?
        let allowed = TreeLimits.standard.aliases
        guard yamlAliases(in: Array(text.utf8)) <= allowed else {
            throw Mistake(line: 1, reason: .word(ImportPhrases.treeAliases, ["allowed": .number(allowed)]))
        }
        do { node = try Yams.compose(yaml: text) } catch let error as YamlError {
            throw mistake(error)
        } catch {
            throw Mistake(line: 1, reason: .word(RecordPhrases.formNotFields))
        }
        // Comments alone say nothing.
        guard let node, node.scalar.map({ !$0.string.isEmpty }) ?? true else { return nil }
        guard case .mapping(let mapping) = node else {
            throw Mistake(line: node.mark?.line ?? 1, reason: .word(RecordPhrases.formNotFields))
        }
        return mapping
    }

    private static func reading(_ mapping: Node.Mapping) throws(Mistake) -> Reading {
        var reading = Reading()
        for (key, value) in mapping {
            let line = key.mark?.line ?? 1
            guard let field = key.scalar?.string, !field.isEmpty else {
                throw Mistake(line: line, reason: .word(RecordPhrases.formNotFields))
            }
            reading.lines[field] = line
            if case .sequence(let items) = value, items.contains(where: { $0.mapping != nil }) {
                var list: [Item] = []
                for node in items { list.append(try item(field, node, line)) }
                reading.lists.append((field, list))
            } else {
                reading.assignments += try assignments(field, value, line)
            }
        }
        return reading
    }

    /// The items that somebody typed behind the name of a list: `{backupType: full, interval: 1d}`, or several in brackets.
    static func items(of list: String, _ text: String) throws(Mistake) -> [Item] {
        let node: Node?
        do { node = try Yams.compose(yaml: text) } catch let error as YamlError {
            throw mistake(error)
        } catch {
            throw Mistake(line: 1, reason: .word(RecordPhrases.formNotFields))
        }
        switch node {
        case .sequence(let items)?:
            var list: [Item] = []
            for node in items { list.append(try item("", node, 1)) }
            return list
        case let node?: return [try item(list, node, 1)]
        case nil: return []
        }
    }

    private static func item(_ list: String, _ node: Node, _ line: Int) throws(Mistake) -> Item {
        let line = node.mark?.line ?? line
        guard let mapping = node.mapping else { throw unreadable(list, line) }
        var item = Item(line: line)
        // An item of a list of texts is a text: its languages need no name of a field around them.
        let isText = mapping.allSatisfy { $0.key.scalar.map { $0.string == "id" || Vocabulary.languages.contains($0.string) } ?? false }
        for (key, value) in mapping {
            let line = key.mark?.line ?? line
            guard let field = key.scalar?.string, !field.isEmpty else {
                throw Mistake(line: line, reason: .word(RecordPhrases.formNotFields))
            }
            if field == "id", let id = value.scalar?.string {
                item.id = id
            } else if isText, let scalar = value.scalar {
                item.assignments.append(FieldAssignment(field: "text", element: field, content: .value(text(scalar))))
                item.lines["text"] = line
            } else {
                item.lines[field] = line
                item.assignments += try assignments(field, value, line)
            }
        }
        return item
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
        Mistake(line: line, field: field, reason: .word(RecordPhrases.formNotText, ["field": .text(field)]))
    }

    /// Nothing, and YAML's own words for it, clear a field; in quotes they are text.
    private static func text(_ scalar: Node.Scalar) -> String {
        scalar.style == .plain && ["~", "null", "Null", "NULL"].contains(scalar.string) ? "" : scalar.string
    }

    /// A name that stands twice, at the line where it stands again.
    ///
    /// The parser tells the first of them alone; the next line that begins with the name, as deep as that, is the other.
    private static func doubled(_ name: String, from context: YamlError.Context) -> Mistake {
        let lines = context.text.split(separator: "\n", omittingEmptySubsequences: false)
        func depth(_ line: Substring) -> Int? {
            let words = line.drop { $0 == " " || $0 == "-" }
            let isNamed = [name, "\"\(name)\"", "'\(name)'"].contains { key in
                words.hasPrefix(key) && words.dropFirst(key.count).first { $0 != " " } == ":"
            }
            return isNamed ? line.count - words.count : nil
        }
        let first = max(context.mark.line, 1)
        let held = first <= lines.count ? depth(lines[first - 1]) : nil
        let again = lines.indices.dropFirst(first).first { depth(lines[$0]) == held && held != nil }
        return Mistake(
            line: again.map { $0 + 1 } ?? first, field: name,
            reason: .word(RecordPhrases.formTwice, ["field": .text(name), "line": .number(first)]))
    }

    private static func mistake(_ error: YamlError) -> Mistake {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            Mistake(line: mark.line, reason: .word(RecordPhrases.formNotYAML, ["detail": .text(problem)]))
        case .duplicatedKeysInMapping(let keys, let context):
            doubled(keys.first ?? "", from: context)
        default: Mistake(line: 1, reason: .word(RecordPhrases.formNotFields))
        }
    }
}
