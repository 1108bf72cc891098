package import BuntanProtocol

/// Something in a store that is not as it was written.
package enum StoreFinding: Hashable, Sendable {
    /// The engine's own check: its words about pages and indexes, never contents.
    case engine(String)
    /// The bytes of an entry no longer give the leaf hash kept beside them.
    case leaf(SpaceID, position: Int)
    /// The tree's tile holds another hash for an entry than the entry's bytes give.
    case tile(SpaceID, position: Int)
    /// The log has no entry at a position below its size, or one at or beyond it.
    case gap(SpaceID, position: Int)
    /// The root over all leaf hashes is not that of the space's frontier.
    case root(SpaceID, size: Int)
    /// The genesis bytes do not give the space's id.
    case genesis(SpaceID)
    /// A record's state cannot be read.
    case record(SpaceID, RecordID)
    /// Rights or frontier of a space cannot be read.
    case standing(SpaceID)
    /// What is shown of a space ahead of its log, or what the log gives meanwhile, cannot be read.
    case lead(SpaceID)
    /// An entry that is no change is not listed as such, or one that is a change is.
    case listing(SpaceID, position: Int)
    /// The counted bytes of a space differ from those it holds.
    case usedBytes(SpaceID, counted: Int, found: Int)

    /// The space that it is about; `nil` where the engine itself found it.
    package var space: SpaceID? {
        switch self {
        case .engine: nil
        case .leaf(let space, _), .tile(let space, _), .gap(let space, _), .root(let space, _), .genesis(let space), .record(let space, _),
            .standing(let space), .lead(let space), .listing(let space, _), .usedBytes(let space, _, _):
            space
        }
    }
}
