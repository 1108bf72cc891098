import Foundation
import Yams

/// What a document of nested members holds, JSON or YAML.
///
/// Members keep no order: neither format means anything by it.
indirect enum DocumentTree: Sendable, Equatable {
    case null
    case bool(Bool)
    /// As its value is written.
    case number(String)
    case text(String)
    case list([DocumentTree])
    case object([String: DocumentTree])

    subscript(_ member: String) -> DocumentTree? {
        guard case .object(let members) = self else { return nil }
        return members[member]
    }

    /// The text, on however many lines, of a number its digits; `nil` for anything else, and for one of blanks.
    var text: String? {
        switch self {
        case .text(let text): text.isBlank ? nil : text
        // A number with a point is not as it was written: `1.10` has become `1.1`, and is no id.
        case .number(let digits): digits.utf8.allSatisfy { (0x30...0x39).contains($0) } ? digits : nil
        default: nil
        }
    }

    /// What a list holds; of anything else that stands where a list is meant, that one.
    var items: [DocumentTree] {
        switch self {
        case .null: []
        case .list(let items): items
        default: [self]
        }
    }

    var members: [String: DocumentTree] {
        guard case .object(let members) = self else { return [:] }
        return members
    }

    func items(_ member: String) -> [DocumentTree] { self[member]?.items ?? [] }
    func text(_ member: String) -> String? { self[member]?.text }

    /// JSON of one form, whatever the document's was: members in the order of their names, no blanks.
    var canonicalJSON: String {
        switch self {
        case .null: "null"
        case .bool(let bool): bool ? "true" : "false"
        case .number(let number): number
        case .text(let text): Self.quoted(text)
        case .list(let items): "[" + items.map(\.canonicalJSON).joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.sorted { $0.key < $1.key }.map { Self.quoted($0.key) + ":" + $0.value.canonicalJSON }.joined(separator: ",") + "}"
        }
    }

    /// The same with numbers as the texts that they are in YAML, where ids look like numbers.
    var numbersAsTexts: DocumentTree {
        switch self {
        case .number(let number): .text(number)
        case .list(let items): .list(items.map(\.numbersAsTexts))
        case .object(let members): .object(members.mapValues(\.numbersAsTexts))
        case .null, .bool, .text: self
        }
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.composed.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

/// How large a document of nested members may be.
package struct TreeLimits: Sendable, Equatable {
    package var bytes = 64 << 20
    /// Values in it, those that a YAML alias stands for counted each time, and of a long text each 16 bytes.
    package var values = 4_000_000
    package var depth = 128
    /// What a YAML document may refer to again: each may stand for all that was before it.
    package var aliases = 12

    package static let standard = TreeLimits()
}

/// Why a document of nested members cannot be read.
package enum TreeFault: Error, Sendable, Equatable {
    /// Not of the format; the line where it ends to be, where the format's reader tells, and its words.
    case malformed(line: Int?, detail: String)
    case tooLarge(allowed: Int, found: Int)
    case tooDeep(allowed: Int)
    case tooMany(allowed: Int)
    case tooManyAliases(allowed: Int)
}

extension DocumentTree {
    /// Reads JSON, where the first sign is that of an object or a list, or YAML.
    init(_ bytes: [UInt8], limits: TreeLimits = .standard) throws(TreeFault) {
        guard bytes.count <= limits.bytes else { throw .tooLarge(allowed: limits.bytes, found: bytes.count) }
        var left = limits.values
        if Self.looksLikeJSON(bytes) {
            // Its own reader goes as deep as a document does: whoever nests without end is stopped before.
            try Self.checkDepth(bytes, limits.depth)
            let read: Any
            do { read = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed) } catch {
                let words = (error as NSError).userInfo[NSDebugDescriptionErrorKey] as? String ?? ""
                throw .malformed(line: nil, detail: words.singleLine)
            }
            self = try Self.tree(of: read, limits, depth: limits.depth, &left)
        } else {
            guard let text = String(validating: bytes, as: UTF8.self) else { throw .malformed(line: nil, detail: "UTF-8") }
            guard yamlAliases(in: bytes) <= limits.aliases else { throw .tooManyAliases(allowed: limits.aliases) }
            let node: Node?
            do { node = try Yams.compose(yaml: text) } catch let error as YamlError {
                throw Self.fault(error)
            } catch { throw .malformed(line: nil, detail: "") }
            guard let node else { throw .malformed(line: nil, detail: "") }
            self = try Self.tree(of: node, limits, depth: limits.depth, &left)
        }
    }

    static func looksLikeJSON(_ bytes: [UInt8]) -> Bool {
        guard let first = bytes.first(where: { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }) else { return false }
        return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    }

    private static func checkDepth(_ bytes: [UInt8], _ most: Int) throws(TreeFault) {
        var (depth, isQuoted, isEscaped) = (0, false, false)
        for byte in bytes {
            if isQuoted {
                if isEscaped { isEscaped = false } else { (isEscaped, isQuoted) = (byte == UInt8(ascii: "\\"), byte != UInt8(ascii: "\"")) }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isQuoted = true
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                if depth > most { throw .tooDeep(allowed: most) }
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
        }
    }

    private static func tree(of value: Any, _ limits: TreeLimits, depth: Int, _ left: inout Int) throws(TreeFault) -> DocumentTree {
        left -= 1
        if left < 0 { throw .tooMany(allowed: limits.values) }
        if depth < 0 { throw .tooDeep(allowed: limits.depth) }
        switch value {
        case let text as String:
            left -= text.utf8.count >> 4
            return .text(text)
        case let members as [String: Any]:
            var object: [String: DocumentTree] = [:]
            object.reserveCapacity(members.count)
            for (name, member) in members {
                left -= name.utf8.count >> 4
                object[name] = try tree(of: member, limits, depth: depth - 1, &left)
            }
            return .object(object)
        case let items as [Any]:
            var list: [DocumentTree] = []
            list.reserveCapacity(items.count)
            for item in items { list.append(try tree(of: item, limits, depth: depth - 1, &left)) }
            return .list(list)
        case let number as NSNumber:
            return String(cString: number.objCType) == "c" ? .bool(number.boolValue) : .number(number.stringValue)
        default: return .null
        }
    }

    private static func tree(of node: Node, _ limits: TreeLimits, depth: Int, _ left: inout Int) throws(TreeFault) -> DocumentTree {
        left -= 1
        if left < 0 { throw .tooMany(allowed: limits.values) }
        if depth < 0 { throw .tooDeep(allowed: limits.depth) }
        switch node {
        case .scalar(let scalar):
            left -= scalar.string.utf8.count >> 4
            guard scalar.style == .plain else { return .text(scalar.string) }
            switch scalar.string {
            case "", "~", "null", "Null", "NULL": return .null
            case "true", "True", "TRUE": return .bool(true)
            case "false", "False", "FALSE": return .bool(false)
            // Ids look like numbers, and `1.10` is not `1.1`.
            default: return .text(scalar.string)
            }
        case .sequence(let items):
            var list: [DocumentTree] = []
            for item in items { list.append(try tree(of: item, limits, depth: depth - 1, &left)) }
            return .list(list)
        case .mapping(let mapping):
            var object: [String: DocumentTree] = [:]
            for (name, member) in mapping {
                guard let name = name.scalar?.string else { continue }
                left -= name.utf8.count >> 4
                object[name] = try tree(of: member, limits, depth: depth - 1, &left)
            }
            return .object(object)
        case .alias: return .null
        }
    }

    private static func fault(_ error: YamlError) -> TreeFault {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            .malformed(line: mark.line, detail: problem.singleLine)
        case .duplicatedKeysInMapping(let keys, let context):
            .malformed(line: context.mark.line, detail: keys.joined(separator: ", "))
        default: .malformed(line: nil, detail: "")
        }
    }
}

/// How often YAML refers to something again. Its reader expands and compares what an alias stands for before anybody can
/// count, so they are counted as they are written: a star that the name of an anchor follows.
package func yamlAliases(in bytes: [UInt8]) -> Int {
    var (anchors, aliases): (Set<ArraySlice<UInt8>>, [ArraySlice<UInt8>]) = ([], [])
    var before = UInt8(ascii: " ")
    for (place, byte) in bytes.enumerated() {
        if byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*"), before >= 0x80 || " \t\r\n[{,:-?".utf8.contains(before),
            place + 1 < bytes.count,
            !" \t\r\n,]}*&".utf8.contains(bytes[place + 1])
        {
            let name = bytes[(place + 1)...].prefix { !" \t\r\n,[]{}".utf8.contains($0) }
            if byte == UInt8(ascii: "&") { anchors.insert(name) } else { aliases.append(name) }
        }
        before = byte
    }
    return aliases.count(where: anchors.contains)
}
