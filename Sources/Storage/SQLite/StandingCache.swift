import BuntanProtocol
import Synchronization
import Syncing

/// Remembers decoded geneses and rights, which change rarely and are asked for with every pull and push.
///
/// They are named by the size that the log had when they were written, in its epoch; a log never has that size twice with
/// other rights. Only what has been committed is remembered: a transaction may yet be undone and its size reached anew.
final class StandingCache: Sendable {
    struct Name: Hashable, Sendable {
        let space: SpaceID
        let epoch: Int
        let position: Int
    }

    private static let most = 4_096
    /// Each without its frontier.
    private let standings = Mutex<[Name: SpaceStanding]>([:])

    subscript(name: Name) -> SpaceStanding? { standings.withLock { $0[name] } }

    /// A log that is taken anew may have the size of the dropped one with other rights.
    func forget(_ space: SpaceID) { standings.withLock { $0 = $0.filter { $0.key.space != space } } }

    func remember(_ standing: SpaceStanding, as name: Name) {
        standings.withLock {
            // Starting over is cheap, and a store with so many active spaces has memory for as many.
            if $0.count >= Self.most { $0 = [:] }
            $0[name] = standing
        }
    }
}
