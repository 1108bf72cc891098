package import BuntanProtocol

/// What a row of the responsibility matrix is found by: the natural key of `responsibility` and of the positions on it.
package struct RowKey: Hashable, Sendable {
    package let framework: String
    /// The id as its framework writes it.
    package let controlId: String
    /// `main`, or the item of the control.
    package let itemKey: String

    package static let mainItem = "main"

    package init(framework: String, controlId: String, itemKey: String = RowKey.mainItem) {
        self.framework = framework
        self.controlId = controlId
        self.itemKey = itemKey
    }

    /// The key with its field names, as a draft of the record takes it.
    package var fields: [(field: String, value: Value)] {
        [("framework", .text(framework)), ("controlId", .text(controlId)), ("itemKey", .text(itemKey))]
    }

    /// The key values as texts, in the order of the kinds' keys.
    package var texts: [String] { [framework, controlId, itemKey] }

    package var keyValues: [Value] { [.text(framework), .text(controlId), .text(itemKey)] }

    /// The published or drafted row's id in a service or draft space.
    package func responsibility(in space: SpaceID) -> RecordID {
        .natural(space: space, kind: "responsibility", key: keyValues)
    }

    /// The id of one side's position on the row in an engagement space.
    package func position(of side: Side, in space: SpaceID) -> RecordID {
        .natural(space: space, kind: "responsibility-position", key: keyValues + [.text(side.name)])
    }
}

extension RowKey: Comparable {
    package static func < (a: RowKey, b: RowKey) -> Bool { RowOrder(a) < RowOrder(b) }

    /// Returns the elements in the order people expect of control ids: AC-2, AC-2(1), AC-10.
    package static func sorted<T>(_ elements: some Sequence<T>, by key: (T) -> RowKey) -> [T] {
        // What moves while sorting are numbers: elements are large, and orders are looked at far more often than moved.
        let elements = Array(elements)
        var frameworks: [String: [UInt8]] = [:]
        let orders = elements.map { element -> RowOrder in
            let key = key(element)
            let framework = frameworks[key.framework] ?? RowOrder.place(key.framework)
            frameworks[key.framework] = framework
            return RowOrder(key, framework: framework)
        }
        return elements.indices.sorted { orders[$0] < orders[$1] }.map { elements[$0] }
    }

    package static func sorted(_ keys: some Sequence<RowKey>) -> [RowKey] { sorted(keys) { $0 } }
}

/// A row's place among others: framework, then the parts of the control id, numbers by size, then the item with `main` first.
package struct RowOrder: Comparable, Sendable {
    /// All parts written one after the other so that whole rows stand in the order of these bytes.
    private let place: [UInt8]
    private let key: RowKey

    package init(_ key: RowKey) { self.init(key, framework: Self.place(key.framework)) }

    /// - Parameter framework: The place of its framework, which thousands of rows share.
    fileprivate init(_ key: RowKey, framework: [UInt8]) {
        self.key = key
        var place = framework
        Self.append(key.controlId, to: &place)
        Self.append(key.itemKey == RowKey.mainItem ? "" : key.itemKey, to: &place)
        self.place = place
    }

    fileprivate static func place(_ text: String) -> [UInt8] {
        var place: [UInt8] = []
        append(text, to: &place)
        return place
    }

    /// Appends the parts of an id: each with what it is before it, words with an end, and an end of them all. A number that has fewer
    /// digits is smaller, and before any word; what ends first comes first.
    private static func append(_ text: String, to place: inout [UInt8]) {
        for token in RowToken.tokens(text) {
            switch token {
            case .number(let digits):
                place.append(1)
                withUnsafeBytes(of: UInt32(truncatingIfNeeded: digits.utf8.count).bigEndian) { place.append(contentsOf: $0) }
                place.append(contentsOf: digits.utf8)
            case .word(let letters):
                place.append(2)
                place.append(contentsOf: letters.utf8)
                place.append(0)
            }
        }
        place.append(0)
    }

    package static func == (a: Self, b: Self) -> Bool { a.key == b.key }

    package static func < (a: Self, b: Self) -> Bool {
        guard a.place == b.place else { return a.place.lexicographicallyPrecedes(b.place) }
        // Ids that fold to the same parts still need one order everywhere.
        let (p, q) = ([a.key.framework, a.key.controlId, a.key.itemKey], [b.key.framework, b.key.controlId, b.key.itemKey])
        for (x, y) in zip(p, q) where x != y { return x.utf8.lexicographicallyPrecedes(y.utf8) }
        return false
    }
}
