import Foundation

@testable import ClientCLI

/// The JSON Schemas of the formats, and a validator for the words of draft 2020-12 that they use.
///
/// Schemas are open, since a format may grow; here they are read as closed: a member that no schema names, or one out of the
/// order in which the schema names them, is a finding. A word of JSON Schema that the validator does not know is one too.
struct SchemaBook {
    /// By file name without its ending: `conflicts` holds `buntan.conflicts/1`.
    let documents: [String: JSONValue]

    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("ClientCLI/Schemas").path

    /// What all schemas stand on; no format of its own.
    static let shared = "shared"

    static func read() throws -> SchemaBook {
        var documents: [String: JSONValue] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name.hasSuffix(".json") {
            documents[String(name.dropLast(5))] = try JSONReader.value(String(contentsOfFile: folder + "/" + name, encoding: .utf8))
        }
        return SchemaBook(documents: documents)
    }

    /// The schema file of a format such as `buntan.conflicts/1`.
    func name(ofFormat format: String) -> String? {
        documents.keys.first { documents[$0]?[path: "properties.format.const"] == .text(format) }
    }

    /// What is wrong with a document, by its place; nothing for one that fits the schema of the format it names.
    func findings(in document: JSONValue) -> [String] {
        guard case .text(let format)? = document["format"] else { return ["no format"] }
        guard let name = name(ofFormat: format), let schema = documents[name] else { return ["no schema for \(format)"] }
        return findings(document, schema, in: name, at: format)
    }

    /// What is wrong with one item of a list or the single item, as `--jsonl` prints it.
    func findings(inItem item: JSONValue, ofFormat format: String) -> [String] {
        guard let name = name(ofFormat: format), let schema = documents[name] else { return ["no schema for \(format)"] }
        let inner = schema[path: "properties.items.items"] ?? schema[path: "properties.item"]
        return inner.map { findings(item, $0, in: name, at: format) } ?? ["no item in \(name)"]
    }

    private static let known: Set<String> = [
        "$schema", "$id", "$ref", "$defs", "$comment", "title", "description", "type", "required", "properties", "additionalProperties",
        "items", "enum", "const", "pattern", "anyOf",
    ]

    func findings(_ value: JSONValue, _ schema: JSONValue, in document: String, at place: String) -> [String] {
        guard case .object(let words) = schema else { return schema == .bool(true) ? [] : ["\(place): not allowed"] }
        var found = words.filter { !Self.known.contains($0.name) }.map { "\(place): unknown word \($0.name)" }
        if case .text(let reference)? = schema["$ref"] {
            guard let (name, target) = resolve(reference, in: document) else { return found + ["\(place): \(reference) leads nowhere"] }
            found += findings(value, target, in: name, at: place)
        }
        if let type = schema["type"], !Self.types(type).contains(where: { Self.value(value, isOf: $0) }) {
            return found + ["\(place): not \(JSONWriter.text(type)): \(JSONWriter.text(value).prefix(60))"]
        }
        if let constant = schema["const"], constant != value { found.append("\(place): not \(JSONWriter.text(constant))") }
        if case .list(let values)? = schema["enum"], !values.contains(value) {
            found.append("\(place): \(JSONWriter.text(value)) is none of the values")
        }
        if case .text(let pattern)? = schema["pattern"], case .text(let text) = value, !Self.text(text, matches: pattern) {
            found.append("\(place): '\(text)' does not match \(pattern)")
        }
        if case .list(let options)? = schema["anyOf"] {
            let outcomes = options.map { findings(value, $0, in: document, at: place) }
            if !outcomes.contains(where: \.isEmpty) { found += ["\(place): fits nothing of anyOf"] + (outcomes.first ?? []) }
        }
        if case .list(let elements) = value, let each = schema["items"] {
            for (index, element) in elements.enumerated() { found += findings(element, each, in: document, at: "\(place)[\(index)]") }
        }
        if case .object(let members) = value, schema["properties"] != nil || schema["additionalProperties"] != nil {
            found += memberFindings(members, schema, in: document, at: place)
        }
        return found
    }

    private func memberFindings(_ members: [JSONValue.Member], _ schema: JSONValue, in document: String, at place: String) -> [String] {
        var found: [String] = []
        let known: [JSONValue.Member] = if case .object(let properties)? = schema["properties"] { properties } else { [] }
        if case .list(let required)? = schema["required"] {
            for name in required where !members.contains(where: { .text($0.name) == name }) {
                found.append("\(place): \(JSONWriter.text(name)) is missing")
            }
        }
        for member in members {
            if let property = known.first(where: { $0.name == member.name }) {
                found += findings(member.value, property.value, in: document, at: "\(place).\(member.name)")
            } else {
                found += findings(member.value, schema["additionalProperties"] ?? false, in: document, at: "\(place).\(member.name)")
            }
        }
        let order = members.compactMap { member in known.firstIndex { $0.name == member.name } }
        if order != order.sorted() { found.append("\(place): members out of order: \(members.map(\.name).joined(separator: ", "))") }
        return found
    }

    /// Follows `#/$defs/x` or `file.json#/$defs/x`.
    private func resolve(_ reference: String, in document: String) -> (String, JSONValue)? {
        let parts = reference.split(separator: "#", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].isEmpty || parts[0].hasSuffix(".json") else { return nil }
        let name = parts[0].isEmpty ? document : String(parts[0].dropLast(5))
        var target = documents[name]
        for step in parts[1].split(separator: "/") { target = target?[String(step)] }
        return target.map { (name, $0) }
    }

    private static func types(_ type: JSONValue) -> [String] {
        switch type {
        case .text(let name): [name]
        case .list(let names): names.compactMap { if case .text(let name) = $0 { name } else { nil } }
        default: []
        }
    }

    private static func value(_ value: JSONValue, isOf type: String) -> Bool {
        switch value {
        case .null: type == "null"
        case .bool: type == "boolean"
        case .integer: type == "integer" || type == "number"
        case .text: type == "string"
        case .list: type == "array"
        case .object: type == "object"
        }
    }

    private static func text(_ text: String, matches pattern: String) -> Bool {
        do { return try Regex(pattern).firstMatch(in: text) != nil } catch { return false }
    }
}
