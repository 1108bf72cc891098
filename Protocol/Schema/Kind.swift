/// What a field's value is, as people and checks see it (PROTOCOL.md section 12).
package enum FieldType: Hashable, Sendable {
    /// One line of text without a language.
    case string
    /// Prose; with the merge behaviour `languages`, one cell a language.
    case text
    case int
    case bool
    /// `YYYY-MM-DD`, held as text.
    case date
    /// RFC 3339 in UTC, held as text.
    case dateTime
    /// ISO 8601, held as text.
    case duration
    /// A number with a point, held as text in one normal form.
    case decimal
    case enumeration([String])
    /// ISO 3166-1 alpha-2, held as text.
    case country
    /// A name that others gave: the id of a control, an algorithm, a length of a key; 1 to 64 printable ASCII characters.
    case code
    case organisation
    case record
    case space
    case device
    case digest
    case signature
    /// Canonical JSON: the one large value its change may hold.
    case document

    package var name: String {
        switch self {
        case .string: "string"
        case .text: "text"
        case .int: "int"
        case .bool: "bool"
        case .date: "date"
        case .dateTime: "dateTime"
        case .duration: "duration"
        case .decimal: "decimal"
        case .enumeration: "enum"
        case .country: "country"
        case .code: "code"
        case .organisation: "organisation"
        case .record: "record"
        case .space: "space"
        case .device: "device"
        case .digest: "digest"
        case .signature: "signature"
        case .document: "document"
        }
    }
}

/// How a field's cells behave: never changes once a field is published.
package enum FieldMerge: String, Hashable, Sendable {
    /// One cell; concurrent writes stand side by side until a person chooses.
    case register
    /// One cell that refuses any value but its first.
    case writeOnce = "write-once"
    /// One boolean cell an element.
    case set
    /// One cell a language: elements `ja`, `en`.
    case languages
}

/// What people may type into a field, where its type takes more than makes sense there or less.
package enum Typing: Hashable, Sendable {
    /// The reserved code of the European Union beside countries: where it says whose laws apply.
    case union
    /// A country, or a part of one that has laws of its own (ISO 3166-1 alpha-2, ISO 3166-2).
    case law
    /// A part of a country (ISO 3166-2).
    case subdivision
    /// The name of a record kind.
    case kind
    /// No number below this one.
    case least(Int)
}

package struct Field: Hashable, Sendable {
    package let name: String
    package let type: FieldType
    package let merge: FieldMerge
    /// The sides that may fill it; `nil` for whoever owns the record.
    package let sides: Set<Side>?
    /// Whether it stays in private spaces when its record is published.
    package let isPrivate: Bool
    /// Whether no record of the kind may begin without it.
    package let isRequired: Bool
    /// Whether the standard asks for it: a record may begin without, and is not complete before it is filled.
    package let isExpected: Bool
    /// The kind of the records that it names, where it names records of one kind; a digest names the document of one.
    package let target: String?
    /// What may be typed into it beyond its type; admission looks at the type alone, since what there is changes over the years.
    package let typing: Typing?
    /// The schema version that brought it.
    package let since: Int

    package init(
        _ name: String, _ type: FieldType, _ merge: FieldMerge = .register, sides: Set<Side>? = nil, isPrivate: Bool = false,
        required: Bool = false, expected: Bool = false, of target: String? = nil, typing: Typing? = nil, since: Int = 1
    ) {
        self.name = name
        self.type = type
        self.merge = merge
        self.sides = sides
        self.isPrivate = isPrivate
        self.isRequired = required
        isExpected = expected
        self.target = target
        self.typing = typing
        self.since = since
    }
}

package struct Kind: Hashable, Sendable {
    package let name: String
    /// The sides that may create records of the kind; in a private space its organisation may, whatever its side elsewhere.
    package let sides: Set<Side>
    package let spaces: Set<SpaceType>
    /// The fields that make its natural key; `nil` for kinds whose ids are UUIDv7.
    package let key: [String]?
    package let fields: [Field]
    package let since: Int
    private let byName: [String: Field]

    package init(_ name: String, sides: Set<Side>, spaces: Set<SpaceType>, key: [String]?, since: Int = 1, fields: [Field]) {
        self.name = name
        self.sides = sides
        self.spaces = spaces
        self.key = key
        self.fields = fields
        self.since = since
        byName = Dictionary(fields.map { ($0.name, $0) }) { first, _ in first }
    }

    package func field(_ name: String) -> Field? { byName[name] }

    /// Whether the key holds the side that writes the record.
    package var isKeyedBySide: Bool { key?.contains("side") ?? false }

    /// The field of a child record that names the record it is part of.
    package static let parentField = "parent"

    /// The kind of which records of this one are parts, and the name of the list; `nil` where it is no child kind.
    package var list: (parent: String, name: String)? {
        guard let point = name.firstIndex(of: ".") else { return nil }
        return (String(name[..<point]), String(name[name.index(after: point)...]))
    }

    /// The kind of the items of a list: each a record of its own, which names the one it is part of.
    ///
    /// Two people who add an item each have added two, and a list is covered wherever its parent's kind is.
    package func items(_ list: String, _ fields: [Field], since: Int = 1) -> Kind {
        Kind(
            "\(name).\(list)", sides: sides, spaces: spaces, key: nil, since: since,
            fields: [Field(Self.parentField, .record, .writeOnce, required: true, of: name)] + fields)
    }

    /// The kind of the items of a list of texts.
    package func texts(_ list: String, since: Int = 1) -> Kind {
        items(list, [Field("text", .text, .languages)], since: since)
    }

    /// Whether its records are drafted in private, and published with a release of their service.
    package var isDrafted: Bool { spaces.isSuperset(of: [.service, .private]) && name != "party" && list?.parent != "party" }
}

/// The kinds and fields this program knows, with one increasing version number.
package struct SchemaRegistry: Sendable {
    package let version: Int
    package let kinds: [Kind]
    private let byName: [String: Kind]
    private let byParent: [String: [Kind]]

    package init(version: Int, kinds: [Kind]) {
        self.version = version
        self.kinds = kinds
        byName = Dictionary(kinds.map { ($0.name, $0) }) { first, _ in first }
        byParent = Dictionary(grouping: kinds.filter { $0.list != nil }) { $0.list?.parent ?? "" }
    }

    package func kind(_ name: String) -> Kind? { byName[name] }

    /// The kinds of the items of a kind's lists, in order.
    package func lists(of kind: String) -> [Kind] { byParent[kind] ?? [] }

    package static let current = SchemaRegistry(
        version: 1,
        kinds: Kind.parties + Kind.matrix + Kind.exchange + Kind.capabilities + Kind.requirements + Kind.governance + Kind.management
            + Kind.frameworks)
}
