package import BuntanProtocol
import ChangeLog
package import Storage

/// What an organisation said about itself, as far as a server that fell back still holds it.
package struct LostStatements: Hashable, Sendable {
    package let organisation: OrganisationID
    /// How many of its statements are here, and how many were marked.
    package let held: Int
    package let marked: Int
}

extension FallenBack {
    /// The organisations whose statements are lost in part, in the order of their names.
    package func statements(_ reader: any StoreReader) throws -> [LostStatements] {
        try organisations.sorted { $0.key < $1.key }.map { organisation, head in
            LostStatements(
                organisation: organisation, held: try reader.chain(of: organisation)?.head.number ?? 0, marked: head.number)
        }
    }
}

extension HighWaterMark {
    /// Lets organisations go on from what is held of their statements, on their operator's word that nobody has the rest. What
    /// is lost may be the end of a device's rights: it may act until that is said anew.
    package func giveUp(statementsOf organisations: [OrganisationID], _ reader: any StoreReader) throws {
        try giveUp(
            Dictionary(try organisations.map { ($0, try reader.chain(of: $0)?.head ?? .start) }) { first, _ in first })
    }
}
