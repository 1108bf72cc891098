package import BuntanProtocol
import ChangeLog
package import Merging
package import Storage
import Syncing

/// What came of comparing a space's states with its server's, both of the same log.
package enum StatesCompared: Hashable, Sendable {
    case equal
    /// What differed here was not what the log gives; it is now.
    case healed(records: Int)
    /// The log here does not hold: `store check` says where.
    case brokenLog
    /// The states here are what the log gives, the server's are not.
    case otherThere(buckets: Int)
}

/// States are a function of the log: two that hold the same log and differ show a fault in one of them (sync.md section 7).
extension Workspace {
    static let comparedEveryMillis: Int64 = 24 * 3_600 * 1_000

    /// What this program makes of a log: as its records are filed, and by what its schema knows.
    private var statesVersion: Int { StateIndexing().version << 16 | schema.version }

    /// The spaces whose states are to be compared now: after a snapshot or an upgrade, and once a day.
    func dueComparisons(_ reader: any StoreReader) throws -> [SpaceID] {
        try comparable(reader).filter { space in
            guard let last = try ComparedAt(reader.value(StoredName.compared(space))) else { return true }
            let (passed, overflow) = clock.now().subtractingReportingOverflow(last.time)
            return last.version != statesVersion || overflow || passed.magnitude >= Self.comparedEveryMillis
        }
    }

    /// The spaces whose server can tell their records, and whose log is here as far as they are shown.
    package func comparable(_ reader: any StoreReader) throws -> [SpaceID] {
        try reader.spaces().filter { space in
            guard let log = try takenStanding(of: space, reader), log.rights.serverName != nil, !log.genesis.policy.isSealed else {
                return false
            }
            return try reader.lead(of: space) == nil && !reader.isFrozen(space) && reader.value(StoredName.moving(space)) == nil
        }
    }

    /// Takes note of a comparison, or of a log that begins here and gives its states itself.
    func noteCompared(_ space: SpaceID, _ transaction: any StoreWriter) throws {
        let now = ComparedAt(time: clock.now(), version: statesVersion)
        try transaction.setValue(now.encoded(), for: StoredName.compared(space))
    }

    /// Compares, and where the two differ builds the states again from the log; `nil` where the logs are not the same.
    func compareStates(of space: SpaceID, with answer: DigestRequest.Answer) throws -> StatesCompared? {
        let theirs = StateDigest(received: answer.buckets)
        let ours = try store.read { reader -> StateDigest? in
            guard let log = try reader.logStanding(of: space), log.epoch == answer.epoch, log.size == answer.size,
                try reader.lead(of: space) == nil
            else { return nil }
            return try Self.stateDigest(of: space, reader)
        }
        guard let ours else { return nil }
        guard ours != theirs else {
            try store.write { try noteCompared(space, $0) }
            return .equal
        }
        return try store.write { transaction in
            guard try transaction.logStanding(of: space)?.size == answer.size else { return nil }
            try noteCompared(space, transaction)
            guard let repaired = try repairRecords(of: space, transaction) else { return .brokenLog }
            let rebuilt = try Self.stateDigest(of: space, transaction)
            let differing = zip(rebuilt.buckets, theirs.buckets).count { $0 != $1 }
            return differing == 0 ? .healed(records: repaired) : .otherThere(buckets: differing)
        }
    }

    /// Buckets in which the states here and a server's differ, where both hold the same log; `nil` where they do not.
    package func differing(from answer: DigestRequest.Answer, in space: SpaceID, _ reader: any StoreReader) throws -> Int? {
        guard let log = try reader.logStanding(of: space), log.epoch == answer.epoch, log.size == answer.size,
            try reader.lead(of: space) == nil
        else { return nil }
        let (ours, theirs) = (try Self.stateDigest(of: space, reader), StateDigest(received: answer.buckets))
        return zip(ours.buckets, theirs.buckets).count { $0 != $1 }
    }

    /// The token of this device's last session, whether or not its server still takes it.
    package func lastToken(_ reader: any StoreReader) throws -> [UInt8]? { try SessionToken.stored(reader)?.token }

    /// The digest of a space's states as its log gives them.
    package static func stateDigest(of space: SpaceID, _ reader: any StoreReader) throws -> StateDigest {
        var builder = StateDigest.Builder()
        try reader.eachStateHash(in: space) { builder.add($0, hash: $1) }
        return builder.finished()
    }
}

/// When states were last compared, and by which version of the program's indexing.
private struct ComparedAt {
    let time: Int64
    let version: Int

    init(time: Int64, version: Int) { (self.time, self.version) = (time, version) }

    init?(_ bytes: [UInt8]?) throws {
        guard let bytes else { return nil }
        self = try CBORReader.decode(bytes) { r throws(DecodingFault) -> ComparedAt in
            try r.array(of: 2)
            return ComparedAt(time: try r.int(), version: try r.int(0...Int(Int32.max)))
        }
    }

    func encoded() -> [UInt8] {
        CBORWriter.encode { w in
            w.array(2)
            w.int(time)
            w.int(version)
        }
    }
}

extension StoredName {
    static func compared(_ space: SpaceID) -> String { "compared/\(space.hex)" }
}
