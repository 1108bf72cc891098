/// How long to wait before the next try: full jitter, so that clients which lost a server together do not come back together.
///
/// The nth wait is drawn evenly from 0 to min(longest, first · 2ⁿ) milliseconds.
package struct Backoff: Hashable, Sendable {
    package static let firstMillis: Int64 = 1_000
    package static let longestMillis: Int64 = 300_000

    private var failures = 0

    package init() {}

    /// Begins anew: the server has answered.
    package mutating func reset() { failures = 0 }

    /// The longest that the next wait can be.
    package var bound: Int64 { min(Self.longestMillis, Self.firstMillis << min(failures, 16)) }

    /// Returns the next wait in milliseconds.
    ///
    /// - Parameter atLeast: what the server has asked for; the jitter comes on top of it.
    package mutating func next(atLeast: Int64 = 0, _ random: any RandomPort) -> Int64 {
        let drawn = random.bytes(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let jitter = Int64(drawn % UInt64(bound + 1))
        failures += 1
        return max(0, atLeast) + jitter
    }
}
