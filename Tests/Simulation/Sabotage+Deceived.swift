import BuntanProtocol
import Replica

/// Clients that are wrong about servers that lie.
extension Sabotage {
    /// The lie that shows a mistake which only matters where somebody lies.
    package var deceit: Deceit? {
        switch kind {
        case .hushesLies: .drops
        case .missesWithheld: .withholds
        case .takesForged: .forges
        default: nil
        }
    }

    /// The spaces of which a client says that their log lacks what its organisation has said.
    func misses(_ lacks: [UncarriedChain]) -> [SpaceID] { kind == .missesWithheld ? [] : lacks.map(\.space) }
}
