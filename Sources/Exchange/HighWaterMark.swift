package import BuntanProtocol
package import ChangeLog
package import Syncing
import Synchronization

/// How far a log had come when its server last vouched for it.
package struct MarkedPlace: Hashable, Sendable {
    package let epoch: Int
    package let size: Int
    package let root: Digest

    package init(epoch: Int, size: Int, root: Digest) {
        self.epoch = epoch
        self.size = size
        self.root = root
    }

    /// How far a log had come is not known, since the marks were lost: further than anything that is given back.
    package static func unknown(in epoch: Int) -> MarkedPlace { MarkedPlace(epoch: epoch, size: .max, root: SHA.empty) }

    package var isUnknown: Bool { size == .max }

    package init(_ standing: SpaceStanding) { self.init(epoch: standing.epoch, size: standing.size, root: standing.frontier.root) }

    package func isBeyond(_ other: MarkedPlace) -> Bool { (epoch, size) > (other.epoch, other.size) }
}

/// The last place signed of each log, kept outside the store and its backups (sync.md section 7).
///
/// Commit, then mark, then answer: whoever has been shown a checkpoint can be sure that a server which fell back behind it
/// will notice. A mark never goes back.
package protocol HighWaterMark: Sendable {
    func place(of space: SpaceID) -> MarkedPlace?
    func places() -> [SpaceID: MarkedPlace]
    func chains() -> [OrganisationID: ChainHead]
    /// Every place of a log that was ever marked, in the order it was: for a store that has fallen back behind the last.
    func history(of space: SpaceID) throws -> [MarkedPlace]
    /// Takes note of all places in one durable step; those that are not beyond what is marked are passed over.
    func advance(_ places: [SpaceID: MarkedPlace], chains: [OrganisationID: ChainHead]) throws
    /// Takes chains back to what is held of them, on their operator's word that nobody has the rest: the one step back there is.
    func giveUp(_ chains: [OrganisationID: ChainHead]) throws
}

/// A log that is shorter in a transaction than its mark says now.
///
/// Either the log was cut back, or it grew while the transaction was open. One that begins after this was thrown tells:
/// it sees at least what the mark covered.
struct ViewBehindMark: Error, Hashable {
    let space: SpaceID
    let mark: MarkedPlace
}

/// The marks as they move, but for one log's, which stays where it was seen.
struct HeldMark: HighWaterMark {
    let space: SpaceID
    let place: MarkedPlace
    let others: any HighWaterMark

    func place(of space: SpaceID) -> MarkedPlace? { space == self.space ? place : others.place(of: space) }
    func places() -> [SpaceID: MarkedPlace] { others.places().merging([space: place]) { $1 } }
    func chains() -> [OrganisationID: ChainHead] { others.chains() }
    func history(of space: SpaceID) throws -> [MarkedPlace] { try others.history(of: space) }
    func advance(_ places: [SpaceID: MarkedPlace], chains: [OrganisationID: ChainHead]) throws {
        try others.advance(places, chains: chains)
    }
    func giveUp(_ chains: [OrganisationID: ChainHead]) throws { try others.giveUp(chains) }
}

/// A mark in memory: for simulations, and what an implementation on disk looks things up in.
package final class MemoryMark: HighWaterMark {
    private struct Marks {
        var places: [SpaceID: MarkedPlace] = [:]
        var chains: [OrganisationID: ChainHead] = [:]
        var history: [SpaceID: [MarkedPlace]] = [:]
    }

    private let marks = Mutex(Marks())
    private let keepsHistory: Bool

    /// - Parameter keepsHistory: whether to remember earlier places too; whoever has them on disk need not.
    package init(keepsHistory: Bool = true) { self.keepsHistory = keepsHistory }

    package func place(of space: SpaceID) -> MarkedPlace? { marks.withLock { $0.places[space] } }
    package func places() -> [SpaceID: MarkedPlace] { marks.withLock { $0.places } }
    package func chains() -> [OrganisationID: ChainHead] { marks.withLock { $0.chains } }

    package func history(of space: SpaceID) -> [MarkedPlace] { marks.withLock { $0.history[space] ?? [] } }

    package func advance(_ places: [SpaceID: MarkedPlace], chains: [OrganisationID: ChainHead]) {
        marks.withLock { marks in
            for (space, place) in places where marks.places[space].map({ place.isBeyond($0) }) ?? true {
                marks.places[space] = place
                if keepsHistory { marks.history[space, default: []].append(place) }
            }
            for (organisation, head) in chains where marks.chains[organisation].map({ head.number > $0.number }) ?? true {
                marks.chains[organisation] = head
            }
        }
    }

    package func giveUp(_ chains: [OrganisationID: ChainHead]) { marks.withLock { $0.chains.merge(chains) { $1 } } }
}
