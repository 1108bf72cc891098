import BuntanProtocol
import ChangeLog
import Replica
import Storage
import Syncing
import TestKit

/// A replica's logs as the test has read them, entry by entry: they only ever grow (P6).
struct SeenLogs {
    private(set) var logs: [SpaceID: [StoredEntry]] = [:]
    private(set) var changes: Set<ChangeID> = []
    private var epochs: [SpaceID: Int] = [:]
    private var mark = 0

    /// Reads what has come since; returns what went back meanwhile.
    ///
    /// - Parameter whole: whether what was seen before is compared byte by byte as well.
    mutating func look(_ store: MemoryStore, _ names: EntryNames, whole: Bool = false) throws -> [String] {
        let now = store.logsMark
        if !whole, now == mark { return [] }
        mark = now
        return try store.read { reader in
            var found: [String] = []
            let held = try reader.spaces()
            for space in logs.keys.filter({ !held.contains($0) }) {
                found.append("the log of \(space) is gone")
                logs[space] = nil
            }
            // What is fetched again has to come to where it was first.
            for space in held where try !Workspace.isComingAnew(space, reader) {
                let standing = try reader.logStanding(of: space)
                let size = standing?.size ?? 0
                if let standing, standing.epoch > epochs[space, default: 0] {
                    if let cut = standing.rights.cut(of: epochs[space, default: 0]) {
                        goBack(space, to: cut.size, names)
                    } else {
                        found.append("\(space) is in epoch \(standing.epoch), and nothing says where the one before was cut")
                    }
                    epochs[space] = standing.epoch
                }
                let seen = logs[space] ?? []
                if size < seen.count { found.append("the log of \(space) had \(seen.count) entries and has \(size)") }
                if size == seen.count, !whole { continue }
                let entries = try reader.entries(of: space, from: whole ? 0 : min(size, seen.count), maxBytes: .max)
                if whole, !Self.isSame(entries, seen.prefix(size)) { found.append("the log of \(space) has other entries than it had") }
                let known = min(size, seen.count)
                let fresh = whole ? entries.dropFirst(known) : entries[...]
                changes.formUnion(fresh.compactMap { names.change(in: $0, of: space) })
                logs[space] = Array(seen[..<known]) + fresh
            }
            return found
        }
    }

    /// Whether a log holds what it held; values may have been erased since.
    private static func isSame(_ entries: [StoredEntry], _ seen: ArraySlice<StoredEntry>) -> Bool {
        entries.starts(with: seen) { now, before in
            guard now.bytes == before.bytes else { return false }
            if now.payload == before.payload { return true }
            guard let payload = now.payload else { return true }
            if case .partial? = try? Payload(decoding: payload) { return true }
            return false
        }
    }

    /// Another epoch has begun, which is the one way for a log to go back.
    private mutating func goBack(_ space: SpaceID, to size: Int, _ names: EntryNames) {
        guard let seen = logs[space], seen.count > size else { return }
        changes.subtract(seen[size...].compactMap { names.change(in: $0, of: space) })
        logs[space] = Array(seen[..<size])
    }
}

/// The changes that entries hold, each entry decoded once a run, whoever has it.
final class EntryNames {
    /// By where an entry stands; its bytes are compared, since replicas may differ there.
    private var known: [SpaceID: [Int: (bytes: [UInt8], change: ChangeID?)]] = [:]

    func change(in stored: StoredEntry, of space: SpaceID) -> ChangeID? {
        if let known = known[space]?[stored.position], known.bytes == stored.bytes { return known.change }
        let change: ChangeID?
        do {
            let entry = try Entry(decoding: stored.bytes).unwrapped()
            change = entry.kind == .change ? try Change(decoding: entry.content).id : nil
        } catch {
            // Bytes that do not decode hold no change: that they stand in a log at all is what others check.
            change = nil
        }
        known[space, default: [:]][stored.position] = (stored.bytes, change)
        return change
    }
}
