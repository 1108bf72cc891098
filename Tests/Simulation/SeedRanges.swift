/// Seeds, as the ranges that they make: ascending, apart from one another.
package struct SeedRanges: Codable, Hashable, Sendable {
    package private(set) var ranges: [ClosedRange<UInt64>] = []

    package init() {}

    package mutating func insert(_ added: ClosedRange<UInt64>) {
        var joined = added
        var apart: [ClosedRange<UInt64>] = []
        for range in ranges {
            // Ranges that touch become one.
            let isBelow = range.upperBound < joined.lowerBound && joined.lowerBound - range.upperBound > 1
            let isAbove = range.lowerBound > joined.upperBound && range.lowerBound - joined.upperBound > 1
            if isBelow || isAbove {
                apart.append(range)
            } else {
                joined = min(range.lowerBound, joined.lowerBound)...max(range.upperBound, joined.upperBound)
            }
        }
        ranges = (apart + [joined]).sorted { $0.lowerBound < $1.lowerBound }
    }

    /// What is missing of a range, in pieces of at most `most` seeds.
    package func missing(in wanted: ClosedRange<UInt64>, piecesOf most: UInt64) -> [ClosedRange<UInt64>] {
        var pieces: [ClosedRange<UInt64>] = []
        func cut(_ from: UInt64, _ through: UInt64) {
            for start in stride(from: from, through: through, by: Int(most)) { pieces.append(start...min(through, start + most - 1)) }
        }
        var next = wanted.lowerBound
        for range in ranges where range.upperBound >= next && range.lowerBound <= wanted.upperBound {
            if range.lowerBound > next { cut(next, range.lowerBound - 1) }
            next = range.upperBound + 1
        }
        if next <= wanted.upperBound { cut(next, wanted.upperBound) }
        return pieces
    }

    package var count: UInt64 { ranges.reduce(0) { $0 + ($1.upperBound - $1.lowerBound) + 1 } }
}
