package import BuntanProtocol
import ChangeLog
package import Storage
import Syncing

/// A log that does not carry this organisation's latest statement, though its server has taken it.
package struct UncarriedChain: Hashable, Sendable {
    package let space: SpaceID
    /// How many of the organisation's statements the log carries; `nil` where it carries others.
    package let held: Int?
    /// How many it must carry.
    package let known: Int

    package init(space: SpaceID, held: Int?, known: Int) {
        self.space = space
        self.held = held
        self.known = known
    }
}

extension Workspace {
    /// The logs kept by the server that lack some of what the organisation has said and the server has taken.
    ///
    /// - Parameter known: how many statements the server had taken before it was asked for these logs; all that it has taken
    ///   by now where it is `nil`.
    package func uncarriedChains(known: Int? = nil, _ reader: any StoreReader) throws -> [UncarriedChain] {
        try uncarriedChains(of: try reader.ownChain().prefix(try known ?? chainSent(reader)), reader)
    }

    /// The same of what the server has heard of a chain.
    private func uncarriedChains(of heard: ArraySlice<SignedBytes>, _ reader: any StoreReader) throws -> [UncarriedChain] {
        let chain = Array(heard)
        guard let newest = chain.last.map({ SHA.digest($0.bytes) }) else { return [] }
        let organisation = try reader.identity().organisation
        return try reader.spaces().compactMap { space in
            guard let standing = try reader.standing(of: space), !standing.rights.carries(newest, of: organisation),
                standing.rights.serverName != nil, standing.genesis.party(organisation) != nil
            else { return nil }
            // What a log lacks that lies or is still on its way to the server is another matter.
            guard try !reader.isFrozen(space), try reader.value(StoredName.moving(space)) == nil else { return nil }
            switch standing.rights.carriage(of: chain, by: organisation) {
            case .complete: return nil
            case .lacking(let held): return UncarriedChain(space: space, held: held, known: chain.count)
            case .other: return UncarriedChain(space: space, held: nil, known: chain.count)
            }
        }
    }

    /// What to say to the server of the organisation: what it has not heard, or once more what a log lacks, so that the server puts
    /// it there. It may have lost that itself.
    func chainToSend(_ reader: any StoreReader) throws -> [SignedBytes] {
        let own = try reader.ownChain()
        let sent = try chainSent(reader)
        let lacked = try uncarriedChains(of: own.prefix(sent), reader).map { $0.held ?? own.count - 1 }.min()
        return Array(own.dropFirst(min(sent, lacked ?? own.count)))
    }
}
