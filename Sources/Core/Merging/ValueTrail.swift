package import BuntanProtocol

/// Follows the values of cells through a log, to tell those that come back.
package struct ValueTrail: Sendable {
    private struct Place: Hashable {
        let record: RecordID
        let cell: CellKey
    }

    private struct Trail {
        var last: EncodedValue
        var earlier: Set<EncodedValue> = []
    }

    private var trails: [Place: Trail] = [:]

    package init() {}

    /// Takes the next value of a cell, and returns whether the cell held it before and another one since.
    package mutating func returns(to value: EncodedValue, in cell: CellKey, of record: RecordID) -> Bool {
        let place = Place(record: record, cell: cell)
        guard var trail = trails[place] else {
            trails[place] = Trail(last: value)
            return false
        }
        guard trail.last != value else { return false }
        trail.earlier.insert(trail.last)
        trail.last = value
        trails[place] = trail
        return trail.earlier.contains(value)
    }
}
