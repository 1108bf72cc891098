package import BuntanProtocol
import ChangeLog
package import Storage
import Syncing

/// A log here that does not hold, by a disk that lost a bit, is fetched from its server again (sync.md section 10).
///
/// ```
/// store check     the log does not hold        refetch/S = how far it was verified, by the server's own signature
/// sync            its first page comes         the old log goes and the new one begins, in one transaction: reached/S
///                 it passes that place         its root there must be the one that was signed; reached/S goes
///                 it begins another epoch      below that place, by its key's own word: reached/S goes, too
/// ```
extension Workspace {
    /// Lets the next sync fetch a log from its beginning; `false` where no server is known to keep it.
    package func refetch(_ space: SpaceID) throws -> Bool {
        try store.write { transaction in
            let standing: SpaceStanding?
            do { standing = try transaction.logStanding(of: space) } catch StorageFault.damaged { return false }
            guard let standing, standing.rights.serverName != nil, try !transaction.isFrozen(space),
                try transaction.value(StoredName.moving(space)) == nil
            else { return false }
            // Nothing can be verified behind records by a log that comes anew.
            if try transaction.lead(of: space) != nil { try abandonLead(of: space, transaction) }
            // What the server has signed tells better where the log stood than a row that may be damaged itself; a signature
            // that is damaged tells nothing, and the row is all there is.
            let signed = try transaction.checkpoint(of: space).flatMap {
                try? Checkpoint.open($0, origin: standing.rights.origin, key: standing.rights.logKey)
            }
            let place = ReachedPlace(
                epoch: standing.epoch, size: signed?.size ?? standing.size, root: signed?.root ?? standing.frontier.root)
            try expect(place, of: standing, transaction)
            return true
        }
    }

    /// Has a log that holds fetched from its beginning all the same.
    func askAnew(for standing: SpaceStanding, _ transaction: any StoreWriter) throws {
        try expect(
            ReachedPlace(epoch: standing.epoch, size: standing.size, root: standing.frontier.root), of: standing, transaction)
    }

    /// Notes how far a log must come that is to be fetched again: one that is on its way already, as far as it was before that.
    private func expect(_ place: ReachedPlace, of standing: SpaceStanding, _ transaction: any StoreWriter) throws {
        let places = try [place, awaited(standing.id, transaction), reached(standing.id, transaction)].compactMap { $0 }
        let further = places.filter { !$0.isLost(standing.rights) }.max { ($0.epoch, $0.size) < ($1.epoch, $1.size) } ?? place
        try transaction.setValue(further.encoded(), for: StoredName.refetch(standing.id))
    }

    /// Where a log stands as far as a server is told; `nil` for one that is to come from its beginning.
    func takenStanding(of space: SpaceID, _ reader: any StoreReader) throws -> SpaceStanding? {
        try reader.value(StoredName.refetch(space)) == nil ? reader.standing(of: space) : nil
    }

    /// How far a log must reach that is to be fetched again.
    func awaited(_ space: SpaceID, _ reader: any StoreReader) throws -> ReachedPlace? {
        try reader.value(StoredName.refetch(space)).map { try ReachedPlace(decoding: $0) }
    }

    /// Takes the old log away as the first page of the new one comes.
    func makeWay(in space: SpaceID, _ transaction: any StoreWriter) throws {
        guard let place = try transaction.value(StoredName.refetch(space)) else { return }
        try transaction.drop(space)
        try transaction.setValue(nil, for: StoredName.refetch(space))
        try transaction.setValue(place, for: StoredName.reached(space))
    }

    /// Whether a log is being fetched again, and has not come yet to where it was.
    package static func isComingAnew(_ space: SpaceID, _ reader: any StoreReader) throws -> Bool {
        try reader.value(StoredName.reached(space)) != nil
    }

    /// The place at which a log that is fetched again must have the root that it had.
    func reached(_ space: SpaceID, _ reader: any StoreReader) throws -> ReachedPlace? {
        try reader.value(StoredName.reached(space)).map { try ReachedPlace(decoding: $0) }
    }
}

/// A place in a log that was verified before.
struct ReachedPlace: Hashable, Sendable {
    /// The epoch in which the log stood there; the first where that was not kept.
    let epoch: Int
    let size: Int
    let root: Digest

    init(epoch: Int, size: Int, root: Digest) { (self.epoch, self.size, self.root) = (epoch, size, root) }

    /// [epoch, size, root]; without an epoch as earlier versions wrote it.
    init(decoding bytes: [UInt8]) throws(DecodingFault) {
        self = try CBORReader.decode(bytes) { r throws(DecodingFault) -> ReachedPlace in
            let count = try r.array()
            guard count == 2 || count == 3 else { throw r.fault(.wrongLength) }
            let epoch = count == 3 ? try r.count() : SpaceRights.firstEpoch
            return ReachedPlace(epoch: epoch, size: try r.count(), root: try r.fixed())
        }
    }

    func encoded() -> [UInt8] {
        CBORWriter.encode { w in
            w.array(3)
            w.int(Int64(epoch))
            w.int(Int64(size))
            w.fixed(root)
        }
    }

    /// Whether the log's key has said since that the log was cut below this place: there is nothing that would have to be there.
    func isLost(_ rights: SpaceRights) -> Bool { rights.endedEpochs.contains { $0.epoch >= epoch && $0.size < size } }

    /// Requires a log that has come to this place to be the one that was there.
    func require(_ ledger: Ledger) throws(LogFault) {
        guard ledger.size == size, !isLost(ledger.rights) else { return }
        let computed = ledger.standing.frontier.root
        guard computed == root else { throw .rootMismatch(space: ledger.standing.id, size: size, signed: root, computed: computed) }
    }
}

extension StoredName {
    static func refetch(_ space: SpaceID) -> String { "refetch/\(space.hex)" }
    static func reached(_ space: SpaceID) -> String { "reached/\(space.hex)" }
}
