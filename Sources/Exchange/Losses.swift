import BuntanProtocol
import Synchronization

/// What a server has lost: as it was found at the start, and as callers have shown since by what its own key had signed.
final class Losses: Sendable {
    /// Guards what is known: requests read it while one that shows a loss adds to it.
    private let held: Mutex<FallenBack>

    init(_ found: FallenBack) { held = Mutex(found) }

    var known: FallenBack { held.withLock { $0 } }

    func loss(of space: SpaceID) -> FallenBack.Loss? { held.withLock { $0.spaces[space] } }

    func add(_ loss: FallenBack.Loss, of space: SpaceID) { held.withLock { $0.spaces[space] = loss } }
}
