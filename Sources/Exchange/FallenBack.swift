package import BuntanProtocol
import ChangeLog
package import Storage
import Syncing

/// What the mark has seen signed and the store does not hold: a restored backup, until somebody has the rest.
package struct FallenBack: Hashable, Sendable {
    package var spaces: Set<SpaceID> = []
    package var organisations: Set<OrganisationID> = []
    /// The last place of a fallen log that was signed before and that the store still holds: what is below may be served.
    package var vouched: [SpaceID: MarkedPlace] = [:]

    package init() {}

    package var isEmpty: Bool { spaces.isEmpty && organisations.isEmpty }

    /// Compares a store with the mark before anything is served, and lets the mark catch up with what a crash left
    /// committed and unmarked: nobody was told of that.
    package static func reconcile(_ reader: any StoreReader, with mark: any HighWaterMark) throws -> FallenBack {
        var fallen = FallenBack()
        var ahead: [SpaceID: MarkedPlace] = [:]
        let marked = mark.places()
        for space in try reader.spaces() {
            guard let standing = try reader.standing(of: space) else { continue }
            let here = MarkedPlace(standing)
            guard let place = marked[space] else {
                ahead[space] = here
                continue
            }
            let source = try reader.source(of: space)
            let holds =
                try place.epoch == standing.epoch && place.size <= standing.size
                && LogTiles.root(ofSize: place.size) { try source.tile($0) } == place.root
            if holds {
                ahead[space] = here
            } else {
                fallen.spaces.insert(space)
                fallen.vouched[space] = try mark.history(of: space).last { place in
                    try place.epoch == standing.epoch && place.size <= standing.size
                        && LogTiles.root(ofSize: place.size) { try source.tile($0) } == place.root
                }
            }
        }
        for space in marked.keys where try reader.standing(of: space) == nil { fallen.spaces.insert(space) }
        var chains: [OrganisationID: ChainHead] = [:]
        let knownChains = mark.chains()
        for organisation in try reader.organisations() {
            let head = try reader.chain(of: organisation.id)?.head ?? .start
            if let known = knownChains[organisation.id], known.number > head.number || (known.number == head.number && known != head) {
                fallen.organisations.insert(organisation.id)
            } else {
                chains[organisation.id] = head
            }
        }
        try mark.advance(ahead, chains: chains)
        return fallen
    }
}
