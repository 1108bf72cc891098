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
        let orders = elements.map { RowOrder(key($0)) }
        return elements.indices.sorted { orders[$0] < orders[$1] }.map { elements[$0] }
    }

    package static func sorted(_ keys: some Sequence<RowKey>) -> [RowKey] { sorted(keys) { $0 } }
}

/// A row's place among others: framework, then the parts of the control id, numbers by size, then the item with `main` first.
package struct RowOrder: Comparable, Sendable {
    private let framework: [RowToken]
    private let control: [RowToken]
    private let item: [RowToken]
    private let key: RowKey

    package init(_ key: RowKey) {
        self.key = key
        framework = RowToken.tokens(key.framework)
        control = RowToken.tokens(key.controlId)
        item = key.itemKey == RowKey.mainItem ? [] : RowToken.tokens(key.itemKey)
    }

    package static func == (a: Self, b: Self) -> Bool { a.key == b.key }

    package static func < (a: Self, b: Self) -> Bool {
        for (x, y) in [(a.framework, b.framework), (a.control, b.control), (a.item, b.item)] where x != y {
            return x.lexicographicallyPrecedes(y)
        }
        // Ids that fold to the same parts still need one order everywhere.
        let (p, q) = ([a.key.framework, a.key.controlId, a.key.itemKey], [b.key.framework, b.key.controlId, b.key.itemKey])
        for (x, y) in zip(p, q) where x != y { return x.utf8.lexicographicallyPrecedes(y.utf8) }
        return false
    }
}
