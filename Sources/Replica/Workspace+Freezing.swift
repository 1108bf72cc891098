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
        try transaction.setValue(FrozenLog.shut, for: StoredName.frozen(space))
        try transaction.setValue(evidence.encoded(), for: StoredName.evidence(space))
    }
}

extension Workspace {
    // MARK: asked again

    /// Has the next sync ask once more for the logs that contradicted what was seen: a server whose disk was at fault may have been
    /// mended. Each stays frozen until its server has shown how it goes on from what is held here.
    package func askAgain() throws {
        try store.write { transaction in
            for space in try transaction.frozenSpaces() { try transaction.setValue(FrozenLog.askedAgain, for: StoredName.frozen(space)) }
        }
    }

    func askedAgain(_ reader: any StoreReader) throws -> [SpaceID] {
        try reader.frozenSpaces().filter { try !reader.takesNothing(of: $0) }
    }

    /// A log that was asked for again has shown a page that follows on what is held: it goes on.
    func unfreeze(_ space: SpaceID, _ transaction: any StoreWriter, _ report: inout SyncReport) throws {
        guard try transaction.isFrozen(space) else { return }
        try transaction.setValue(nil, for: StoredName.frozen(space))
        report.unfrozen.append(space)
    }
}

/// What stands under a frozen log's name.
enum FrozenLog {
    static let shut: [UInt8] = [1]
    static let askedAgain: [UInt8] = [2]
}

extension StoreReader {
    /// Whether a log is frozen, and nobody wants to know whether its server shows another now.
    func takesNothing(of space: SpaceID) throws -> Bool {
        guard let value = try value(StoredName.frozen(space)) else { return false }
        return value != FrozenLog.askedAgain
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
