/// A JSON value whose members keep their order. There are no fractions: no format of ours has one.
enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int64)
    case text(String)
    case list([JSONValue])
    case object([Member])

    struct Member: Sendable, Hashable {
        var name: String
        var value: JSONValue

        init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// Makes an object of the members that apply; one whose value is `nil` does not exist.
    static func members(_ members: (String, JSONValue?)...) -> JSONValue {
        .object(members.compactMap { name, value in value.map { Member(name, $0) } })
    }

    /// A text, or `null` where there is none.
    static func text(orNull text: String?) -> JSONValue { text.map { .text($0) } ?? .null }

    static func number(_ value: Int) -> JSONValue { .integer(Int64(value)) }

    /// The member of this name, if this is an object that has it.
    subscript(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The value at a path of member names joined by points, like `row.controlId`.
    subscript(path path: String) -> JSONValue? {
        if let value = self[path] { return value }
        guard let point = path.firstIndex(of: ".") else { return nil }
        return self[String(path[..<point])]?[path: String(path[path.index(after: point)...])]
    }

    /// Returns an object of the named members in this order; those that do not exist here are left out.
    func picking(_ fields: [String]) -> JSONValue {
        .object(fields.compactMap { field in self[path: field].map { Member(field, $0) } })
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    init(stringLiteral value: String) { self = .text(value) }
    init(integerLiteral value: Int64) { self = .integer(value) }
    init(booleanLiteral value: Bool) { self = .bool(value) }
    init(nilLiteral: ()) { self = .null }
    init(arrayLiteral elements: JSONValue...) { self = .list(elements) }
    init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(elements.map { Member($0, $1) }) }
}
