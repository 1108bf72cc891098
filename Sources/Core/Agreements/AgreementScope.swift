package import BuntanProtocol
package import Merging

/// What an agreement is about: all live records of a kind in a space, with those of its child kinds.
package struct ScopePart: Hashable, Sendable {
    package let space: SpaceID
    package let kind: String
    /// Where only some records of the kind are meant: beginnings of their key values. All values but a beginning's last are
    /// whole; `nil` for every record.
    package let keys: [[String]]?

    /// The same in bytes.
    private let beginnings: [[[UInt8]]]?

    package init(space: SpaceID, kind: String, keys: [[String]]? = nil) {
        self.space = space
        self.kind = kind
        self.keys = keys
        beginnings = keys?.map { $0.map { Array($0.utf8) } }
    }

    /// The two kinds that make the responsibility matrix of an engagement.
    package static func matrix(service: SpaceID, engagement: SpaceID, keys: [[String]]? = nil) -> [ScopePart] {
        [
            ScopePart(space: service, kind: "responsibility", keys: keys),
            ScopePart(space: engagement, kind: "responsibility-position", keys: keys),
        ].sorted()
    }

    /// Whether records of a kind belong to this part: its own kind and that one's child kinds.
    package func includes(kind: String) -> Bool {
        kind == self.kind || (kind.utf8.count > self.kind.utf8.count && kind.hasPrefix(self.kind + "."))
    }

    /// Whether a record with these key values belongs to it.
    package func includes(key: [String]) -> Bool { keys?.contains { Self.begins(key, with: $0) } ?? true }

    /// The same for a key as it lies in a brief.
    package func includes(key: PackedRowKey) -> Bool { beginnings?.contains { key.begins(with: $0) } ?? true }

    /// Whether everything of another part is in this one.
    package func covers(_ other: ScopePart) -> Bool {
        guard space == other.space, includes(kind: other.kind) else { return false }
        guard let keys else { return true }
        guard let others = other.keys else { return false }
        return others.allSatisfy { narrow in keys.contains { Self.begins(narrow, with: $0) } }
    }

    private static func begins(_ key: [String], with beginning: [String]) -> Bool {
        guard let last = beginning.last, beginning.count <= key.count else { return false }
        return zip(key, beginning.dropLast()).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
            && key[beginning.count - 1].utf8.starts(with: last.utf8)
    }

    /// [space, kind, keys / null] in CBOR, which gives parts their order.
    fileprivate var encoded: [UInt8] {
        CBORWriter.encode { w in
            w.array(3)
            w.id(space)
            w.text(kind)
            w.optional(keys) { w, keys in w.list(keys) { w, key in w.list(key) { $0.text($1) } } }
        }
    }
}

extension ScopePart: Comparable {
    package static func < (a: Self, b: Self) -> Bool { a.encoded.lexicographicallyPrecedes(b.encoded) }
}
