/// What the fields of a record hold, as rules see it.
///
/// A record has some dozen fields: looking through their names is quicker than hashing one, and takes less room.
package struct FactFields: Sendable {
    private var fields: [FactField] = []
    private var values: [FactValue] = []

    package init() {}

    /// - Parameter capacity: So many fields will be put in.
    package init(capacity: Int) {
        fields.reserveCapacity(capacity)
        values.reserveCapacity(capacity)
    }

    package init(_ elements: some Sequence<Element>) {
        self.init(capacity: elements.underestimatedCount)
        for (field, value) in elements { self[field] = value }
    }

    package subscript(field: FactField) -> FactValue? {
        get { fields.firstIndex(of: field).map { values[$0] } }
        set {
            if let index = fields.firstIndex(of: field) {
                if let newValue {
                    values[index] = newValue
                } else {
                    fields.remove(at: index)
                    values.remove(at: index)
                }
            } else if let newValue {
                fields.append(field)
                values.append(newValue)
            }
        }
    }

    /// Puts in the fields of another; of one that both have, what is chosen.
    package mutating func merge(_ other: FactFields, _ choose: (FactValue, FactValue) -> FactValue) {
        for (field, value) in other { self[field] = self[field].map { choose($0, value) } ?? value }
    }

    package func merging(_ other: FactFields, _ choose: (FactValue, FactValue) -> FactValue) -> FactFields {
        var merged = self
        merged.merge(other, choose)
        return merged
    }

    package func filter(_ isKept: (Element) -> Bool) -> FactFields { FactFields(lazy.filter(isKept)) }
}

extension FactFields: Collection {
    package typealias Element = (key: FactField, value: FactValue)

    package var startIndex: Int { 0 }
    package var endIndex: Int { fields.count }
    package func index(after index: Int) -> Int { index + 1 }
    package subscript(index: Int) -> Element { (fields[index], values[index]) }
    package var keys: [FactField] { fields }
}

extension FactFields: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (FactField, FactValue)...) {
        self.init(elements.map { (key: $0, value: $1) })
    }
}

/// The same fields with the same values, in whatever order they were put in.
extension FactFields: Hashable {
    package static func == (a: Self, b: Self) -> Bool {
        if a.fields == b.fields { return a.values == b.values }
        return a.count == b.count && a.allSatisfy { b[$0.key] == $0.value }
    }

    /// Their number alone, which no order changes: facts are told from each other by their ids first.
    package func hash(into hasher: inout Hasher) { hasher.combine(count) }
}
