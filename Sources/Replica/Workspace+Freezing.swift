package import BuntanProtocol
import ChangeLog
import Storage
import Syncing

extension Workspace {
    /// Stops taking entries of a space whose log contradicted what was seen, and keeps what proves it.
    ///
    /// What was shown ahead of the log is shown no longer.
    /// - Parameters:
    ///   - seals: what its key had signed of records that were shown.
    ///   - snapshot: the page of records that cannot be, if it was one.
    func freeze(
        _ space: SpaceID, _ fault: LogFault, page: LogPage, seals: [SnapshotSeal] = [], leadNote: String? = nil,
        snapshot: SnapshotPage? = nil, _ transaction: any StoreWriter
    ) throws {
        try abandonLead(of: space, transaction)
        let standing = try transaction.logStanding(of: space)
        let evidence = LogEvidence(
            space: space, reason: "\(fault)", seen: clock.now(), held: standing?.base, heldNote: try transaction.checkpoint(of: space),
            offered: page, seals: seals, leadNote: leadNote, snapshot: snapshot)
        try transaction.setValue([1], for: StoredName.frozen(space))
        try transaction.setValue(evidence.encoded(), for: StoredName.evidence(space))
    }
}

/// What a server showed that cannot be: its own signatures over it, and over what it had shown before.
///
/// ```
/// {1: 1, 2: space, 3: reason, 4: time, 5: [epoch, size, root] / null, 6: checkpoint held / null,
///  7: checkpoint offered, 8: [[entry, payload / null], …], ?9: [seal of a page of records, …], ?10: checkpoint over what was shown,
///  ?11: page of records offered}
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
    /// What the log's key had signed of records.
    var seals: [SnapshotSeal] = []
    var leadNote: String?
    var snapshot: SnapshotPage?

    package func encoded() -> [UInt8] {
        CBORWriter.encode { w in
            w.map(8 + [!seals.isEmpty, leadNote != nil, snapshot != nil].count { $0 })
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
            if !seals.isEmpty {
                w.key(9)
                w.list(seals) { $1.write(to: &$0) }
            }
            if let leadNote {
                w.key(10)
                w.text(leadNote)
            }
            if let snapshot {
                w.key(11)
                w.byteString(snapshot.encoded())
            }
        }
    }
}
