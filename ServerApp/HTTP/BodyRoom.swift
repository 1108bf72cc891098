import Synchronization

/// Bytes of bodies that are arriving, being answered or being sent: of all requests together, and of one address.
///
/// Whoever sends slowly or reads slowly fills its own share and leaves the others theirs.
final class BodyRoom: Sendable {
    private let all: Allowance
    private let shares: SharedAllowance<String>

    init(bytes: Int, perAddress: Int) {
        all = Allowance(bytes)
        shares = SharedAllowance(min(bytes, perAddress))
    }

    var inUse: Int { all.inUse }

    func lease(for address: String) -> Lease { Lease(self, AddressBuckets.key(of: address)) }

    /// What one body has taken so far; given back with it at the latest.
    final class Lease: Sendable {
        private let room: BodyRoom
        private let address: String
        private let taken = Mutex(0)

        fileprivate init(_ room: BodyRoom, _ address: String) {
            self.room = room
            self.address = address
        }

        deinit { release() }

        /// Takes so many bytes more, or none and returns `false`.
        func take(_ count: Int) -> Bool {
            guard room.shares.take(count, for: address) else { return false }
            guard room.all.take(count) else {
                room.shares.giveBack(count, for: address)
                return false
            }
            taken.withLock { $0 += count }
            return true
        }

        /// Gives everything back; a second time does nothing.
        func release() {
            let count = taken.withLock { taken in
                defer { taken = 0 }
                return taken
            }
            guard count > 0 else { return }
            room.all.giveBack(count)
            room.shares.giveBack(count, for: address)
        }
    }
}
