import ChangeLog

/// Chance that repeats: SplitMix64 from a seed.
package struct SeededRandom: RandomSource, RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    package mutating func bytes(_ count: Int) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(count + 7)
        while result.count < count { withUnsafeBytes(of: next().littleEndian) { result.append(contentsOf: $0) } }
        result.removeLast(result.count - count)
        return result
    }
}
