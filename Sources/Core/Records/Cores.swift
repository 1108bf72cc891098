import Foundation
import Synchronization

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
        // Guards what is done; each share is put in once.
        let done = Mutex<[(start: Int, made: [Made])]>([])
        DispatchQueue.concurrentPerform(iterations: shares) { number in
            let start = items.startIndex + number * share
            let made = items[start..<min(start + share, items.endIndex)].map(make)
            done.withLock { $0.append((start, made)) }
        }
        return done.withLock { $0.sorted { $0.start < $1.start }.flatMap(\.made) }
    }
}
