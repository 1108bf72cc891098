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

/// The same for each of many, such as addresses or organisations; those that use nothing take no memory.
final class SharedAllowance<Holder: Hashable & Sendable>: Sendable {
    private let used = Mutex<[Holder: Int]>([:])
    let limit: Int

    init(_ limit: Int) { self.limit = limit }

    /// Takes `count` for one holder, or none and returns `false`.
    func take(_ count: Int = 1, for holder: Holder) -> Bool {
        used.withLock { used in
            let held = used[holder, default: 0]
            guard held + count <= limit else { return false }
            used[holder] = held + count
            return true
        }
    }

    func giveBack(_ count: Int = 1, for holder: Holder) {
        used.withLock { used in
            let left = used[holder, default: 0] - count
            used[holder] = left > 0 ? left : nil
        }
    }

    var holders: Int { used.withLock { $0.count } }
}
