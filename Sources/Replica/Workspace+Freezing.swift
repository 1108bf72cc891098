package import BuntanProtocol
import ChangeLog
import Storage
import Syncing

extension Workspace {
    /// Stops taking entries of a space whose log contradicted what was seen, and keeps what proves it.
    func freeze(_ space: SpaceID, _ fault: LogFault, page: LogPage, _ transaction: any StoreWriter) throws {
        let standing = try transaction.standing(of: space)
        let evidence = LogEvidence(
            space: space, reason: "\(fault)", seen: clock.now(), held: standing?.base, heldNote: try transaction.checkpoint(of: space),
            offered: page)
        try transaction.setValue([1], for: StoredName.frozen(space))
        try transaction.setValue(evidence.encoded(), for: StoredName.evidence(space))
    }
}

/// What a server showed that cannot be: its own signatures over it, and over what it had shown before.
///
/// ```
/// {1: 1, 2: space, 3: reason, 4: time, 5: [epoch, size, root] / null, 6: checkpoint held / null,
///  7: checkpoint offered, 8: [[entry, payload / null], …]}
/// ```
package struct LogEvidence: Hashable, Sendable {
    package let space: SpaceID
    /// For people who look into it; nothing is decided by it.
    package let reason: String
    package let seen: Int64
    /// Where this replica's log stood, whose root it had computed itself.
    package let held: Base?
    package let heldNote: String?
    package let offered: LogPage

    package func encoded() -> [UInt8] {
        CBORWriter.encode { w in
            w.map(8)
            w.key(1)
            w.int(1)
            w.key(2)
            w.id(space)
            w.key(3)
            w.text(reason)
            w.key(4)
            w.int(seen)
            w.key(5)
            w.optional(held) { w, base in
                w.array(3)
                w.int(Int64(base.epoch))
                w.int(Int64(base.size))
                w.fixed(base.root)
            }
            w.key(6)
            w.optional(heldNote) { $0.text($1) }
            w.key(7)
            w.text(offered.note)
            w.key(8)
            w.array(offered.entries.count)
            for carried in offered.entries {
                w.array(2)
                w.byteString(carried.entry)
                w.optional(carried.payload) { $0.byteString($1) }
            }
        }
    }
}
