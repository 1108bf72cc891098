import Foundation

/// Work on many things, each by itself, that is done on as many cores as there are.
package enum Cores {
    /// Asked for once: the answer is put together from files.
    package static let all = ProcessInfo.processInfo.activeProcessorCount

    /// What is made of each, in their order.
    ///
    /// - Parameters:
    ///   - few: So many are not worth the spreading.
    ///   - share: How many are taken at once; smaller shares than cores where it is left out, for things that differ in size:
    ///     nobody should wait long for the last.
    package static func map<Item: Sendable, Made: Sendable>(
        _ items: ArraySlice<Item>, few: Int, share: Int? = nil, cores: Int = all, _ make: @Sendable (Item) -> Made
    ) -> [Made] {
        guard items.count > few, cores > 1 else { return items.map(make) }
        let share = share ?? max(1, items.count / (cores * 8))
        let shares = (items.count + share - 1) / share
        return Array(unsafeUninitializedCapacity: items.count) { room, count in
            // The compiler cannot see that shares do not meet: each place is written once, by whoever has its share, and none is
            // read before all are written. A lock would make them wait, and what is made would have to be sorted.
            nonisolated(unsafe) let room = room
            DispatchQueue.concurrentPerform(iterations: shares) { number in
                let places = number * share..<min((number + 1) * share, items.count)
                for place in places { room.initializeElement(at: place, to: make(items[items.startIndex + place])) }
            }
            count = items.count
        }
    }
}
