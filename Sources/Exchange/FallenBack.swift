package import BuntanProtocol
package import ChangeLog
package import Storage
import Syncing

/// What the mark has seen signed and the store does not hold: a restored backup, until somebody has the rest.
package struct FallenBack: Hashable, Sendable {
    /// A log that has lost its end.
    package struct Loss: Hashable, Sendable {
        /// What was signed of it last.
        package let mark: MarkedPlace
        /// The last place signed before that the store still holds: what is below may be served.
        package let vouched: MarkedPlace?
        /// Whether the store held something else where the mark says what was signed: nothing that is added mends that.
        package let isFork: Bool

        package init(mark: MarkedPlace, vouched: MarkedPlace?, isFork: Bool) {
            self.mark = mark
            self.vouched = vouched
            self.isFork = isFork
        }

        /// A log as it stands, which its mark says was other than that, with all places of it that were ever marked.
        init(of standing: SpaceStanding, behind place: MarkedPlace, history: [MarkedPlace], _ reader: any StoreReader) throws {
            let here = MarkedPlace(standing)
            // The first place of the next epoch stands behind its first entry: what was beyond the cut before is given up.
            let cut = history.first { $0.epoch > standing.epoch }.map { $0.size - 1 } ?? .max
            let within = history.filter { $0.epoch == standing.epoch && $0.size <= min(standing.size, cut) }
            let source = try reader.source(of: standing.id)
            let vouched = try within.last { place in
                try LogTiles.root(ofSize: place.size) { try source.tile($0) } == place.root
            }
            // A backup holds some of the places that were marked before it; another log holds none of them, or is longer.
            let isFork = !place.isBeyond(here) || standing.size > cut || (vouched == nil && !within.isEmpty)
            // With the marks went what tells how far this was signed: all of it has been, or will not be contradicted.
            self.init(mark: place, vouched: place.isUnknown && !isFork ? here : vouched, isFork: isFork)
        }

        /// Entries that are left of a log of this size; `nil` where nothing of it was signed.
        package func left(of size: Int?) -> Int? { isFork ? vouched?.size : size }

        /// Whether a log that has come this far is whole again: its entries were given back, or another epoch has begun.
        func isMended(epoch: Int, size: Int) -> Bool {
            epoch > mark.epoch || (!isFork && epoch == mark.epoch && size >= mark.size)
        }
    }

    /// As it was when the server began.
    package var spaces: [SpaceID: Loss] = [:]
    /// The last statement of each organisation whose chain has lost its end.
    package var organisations: [OrganisationID: ChainHead] = [:]

    package init() {}

    package var isEmpty: Bool { spaces.isEmpty && organisations.isEmpty }

    /// Compares a store with the mark before anything is served, and lets the mark catch up with what a crash left
    /// committed and unmarked: nobody was told of that.
    ///
    /// Where nothing is marked and logs are held, the marks were lost: nothing can show that a log is whole, and each waits
    /// for its operator. That is marked, too, so that it holds until then.
    package static func reconcile(_ reader: any StoreReader, with mark: any HighWaterMark) throws -> FallenBack {
        var fallen = FallenBack()
        var ahead: [SpaceID: MarkedPlace] = [:]
        var marked = mark.places()
        let isLost = marked.isEmpty && mark.chains().isEmpty
        for space in try reader.spaces() {
            guard let standing = try reader.standing(of: space) else { continue }
            let here = MarkedPlace(standing)
            if isLost, standing.rights.serverName != nil {
                marked[space] = .unknown(in: standing.epoch)
                ahead[space] = marked[space]
            }
            // An epoch that has begun and was not marked yet: its operator was told nothing.
            guard let place = marked[space], standing.epoch <= place.epoch else {
                for begun in try beginnings(of: standing, after: marked[space]?.epoch, reader) {
                    try mark.advance([space: begun], chains: [:])
                }
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
                fallen.spaces[space] = try Loss(of: standing, behind: place, history: mark.history(of: space), reader)
            }
        }
        for (space, place) in marked where try reader.standing(of: space) == nil {
            fallen.spaces[space] = Loss(mark: place, vouched: nil, isFork: false)
        }
        var chains: [OrganisationID: ChainHead] = [:]
        let knownChains = mark.chains()
        for organisation in try reader.organisations() {
            let head = try reader.chain(of: organisation.id)?.head ?? .start
            if let known = knownChains[organisation.id], known.number > head.number || (known.number == head.number && known != head) {
                fallen.organisations[organisation.id] = known
            } else {
                chains[organisation.id] = head
            }
        }
        try mark.advance(ahead, chains: chains)
        return fallen
    }

    /// The ends of the first entries of the epochs that have begun since one: each is marked before what stands behind it, and
    /// tells a backup from before where its log was cut.
    private static func beginnings(
        of standing: SpaceStanding, after epoch: Int?, _ reader: any StoreReader
    ) throws -> [MarkedPlace] {
        guard let epoch, epoch < standing.epoch else { return [] }
        let source = try reader.source(of: standing.id)
        let ended = standing.rights.endedEpochs.filter { $0.epoch >= epoch }
        return try ended.indices.compactMap { index in
            let size = ended[index].size + 1
            // One whose beginning was cut off later has left nothing to mark.
            guard ended[(index + 1)...].allSatisfy({ $0.size >= size }) else { return nil }
            return MarkedPlace(epoch: ended[index].epoch + 1, size: size, root: try LogTiles.root(ofSize: size) { try source.tile($0) })
        }
    }
}
