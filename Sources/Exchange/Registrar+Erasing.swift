package import BuntanProtocol
import ChangeLog
package import Storage
import Syncing

/// Why a server does not erase in its own name.
package enum ErasureOrderFault: Error, Hashable, Sendable {
    case unknownSpace
    /// The log has lost its end, or is kept elsewhere: nothing is signed over it.
    case notWhole
    /// No change of the log holds such a value, or holds it any more.
    case nothing
}

extension Registrar {
    /// Erases values by a legal order: the log key's own word, with the reference of the order for people.
    ///
    /// The caller moves the mark once this is durable.
    package func erase(
        _ ops: [ErasedOps], in space: SpaceID, reference: String, at now: Int64, _ writer: any StoreWriter
    ) throws -> MarkedPlace {
        guard let standing = try writer.standing(of: space) else { throw ErasureOrderFault.unknownSpace }
        guard isWhole(standing), identity.keeps(standing.rights) else { throw ErasureOrderFault.notWhole }
        guard !ops.isEmpty else { throw ErasureOrderFault.nothing }
        var ledger = Ledger(standing, source: try writer.source(of: space), schema: schema)
        for start in stride(from: 0, to: ops.count, by: Self.mostErasedAtOnce) {
            let some = Array(ops[start..<min(start + Self.mostErasedAtOnce, ops.count)])
            let word = ServerStatement(space: space, act: .erase(some, reference: reference))
            _ = try ledger.admit(serverStatement: word.signed(by: identity.logKey), received: now)
        }
        try writer.apply(try ledger.finished())
        return MarkedPlace(ledger.standing)
    }

    private static let mostErasedAtOnce = 100
}
