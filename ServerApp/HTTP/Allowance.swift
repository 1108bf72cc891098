import Synchronization

/// A number of things that may be in use at once.
final class Allowance: Sendable {
    private let used = Mutex(0)
    let limit: Int

    init(_ limit: Int) { self.limit = limit }

    /// Takes `count` of them, or none and returns `false`.
    func take(_ count: Int = 1) -> Bool {
        used.withLock { used in
            guard used + count <= limit else { return false }
            used += count
            return true
        }
    }

    func giveBack(_ count: Int = 1) {
        used.withLock { $0 -= count }
    }

    var inUse: Int { used.withLock { $0 } }
}
