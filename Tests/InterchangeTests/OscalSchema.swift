import Foundation

/// One of OSCAL's own schemas, as far as they go: draft 7 with references within the document.
struct OscalSchema {
    private let root: [String: Any]
    private let definitions: [String: Any]

    init(_ bytes: [UInt8]) throws {
        root = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] ?? [:]
        definitions = root["definitions"] as? [String: Any] ?? [:]
    }

    /// What is wrong with a document, each with its path.
    func faults(in text: String) throws -> [String] {
        faults(try JSONSerialization.jsonObject(with: Data(text.utf8)), root, "")
    }

    private func faults(_ value: Any, _ schema: [String: Any], _ path: String) -> [String] {
        var found: [String] = []
        if let reference = schema["$ref"] as? String {
            guard let target = definitions[String(reference.dropFirst("#/definitions/".count))] as? [String: Any] else {
                return ["\(path): no definition \(reference)"]
            }
            found += faults(value, target, path)
        }
        for part in schema["allOf"] as? [[String: Any]] ?? [] { found += faults(value, part, path) }
        if let parts = schema["anyOf"] as? [[String: Any]], !parts.contains(where: { faults(value, $0, path).isEmpty }) {
            found.append("\(path): fits none of several")
        }
        if let parts = schema["oneOf"] as? [[String: Any]] {
            let fitting = parts.count { faults(value, $0, path).isEmpty }
            // Of many models the one that was meant says what is wrong.
            if fitting != 1 { found += parts.map { faults(value, $0, path) }.min { $0.count < $1.count } ?? ["\(path): fits none"] }
        }
        if let type = schema["type"] as? String, !Self.isOf(type, value) { found.append("\(path): not of type \(type)") }
        if let known = schema["enum"] as? [String], (value as? String).map({ !known.contains($0) }) ?? true {
            found.append("\(path): no such code")
        }
        if let pattern = schema["pattern"] as? String, let text = value as? String,
            text.range(of: pattern, options: .regularExpression) == nil
        {
            found.append("\(path): '\(text.prefix(40))' against \(pattern.prefix(40))")
        }
        if let members = value as? [String: Any], !(value is [Any]) {
            for name in schema["required"] as? [String] ?? [] where members[name] == nil { found.append("\(path): lacks \(name)") }
            let known = schema["properties"] as? [String: Any] ?? [:]
            for (name, member) in members {
                if let inner = known[name] as? [String: Any] {
                    found += faults(member, inner, "\(path)/\(name)")
                } else if schema["additionalProperties"] as? Bool == false {
                    found.append("\(path): unknown \(name)")
                }
            }
        }
        if let items = value as? [Any] {
            if let least = schema["minItems"] as? Int, items.count < least { found.append("\(path): empty") }
            if let inner = schema["items"] as? [String: Any] {
                for (number, item) in items.enumerated() { found += faults(item, inner, "\(path)/\(number)") }
            }
        }
        return found
    }

    private static func isOf(_ type: String, _ value: Any) -> Bool {
        switch type {
        case "object": value is [String: Any]
        case "array": value is [Any]
        case "string": value is String
        case "integer", "number": value is NSNumber
        case "boolean": value is Bool
        default: false
        }
    }
}
