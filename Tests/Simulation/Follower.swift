import BuntanProtocol
import Storage
import Syncing
import TestKit

/// A reader who follows the server's logs from where it has come to, a page at a time, whoever writes meanwhile: it sees every position
/// once, in order, and so each log as it stands in the end (P11).
struct Follower {
    private var seen: [SpaceID: [StoredEntry]] = [:]
    private var mark = 0
    private var isBehind = false

    /// Reads a page of each log that has grown; returns what is out of order.
    mutating func follow(_ store: MemoryStore, most maxBytes: Int) throws -> [String] {
        let now = store.logsMark
        guard isBehind || now != mark else { return [] }
        (mark, isBehind) = (now, false)
        return try store.read { reader in
            var found: [String] = []
            for space in try reader.spaces() {
                let cursor = seen[space]?.count ?? 0
                let size = try reader.logStanding(of: space)?.size ?? 0
                if size < cursor { found.append("\(space) had \(cursor) entries and has \(size)") }
                guard size > cursor else { continue }
                let page = try reader.entries(of: space, from: cursor, maxBytes: maxBytes)
                for (place, entry) in zip(cursor..., page) where entry.position != place {
                    found.append("\(space) shows entry \(entry.position) to whoever waits for \(place)")
                }
                if page.isEmpty { found.append("\(space) has \(size) entries and shows none from \(cursor) on") }
                seen[space, default: []] += page
                if cursor + page.count < size { isBehind = true }
            }
            return found
        }
    }

    /// Compares what was read with each log as it stands; returns where they differ.
    mutating func compare(_ store: MemoryStore) throws -> [String] {
        var found: [String] = []
        repeat { found += try follow(store, most: .max) } while isBehind && found.isEmpty
        return try found
            + store.read { reader in
                try reader.spaces().filter { space in
                    let entries = try reader.entries(of: space, from: 0, maxBytes: .max)
                    return !entries.map(\.bytes).elementsEqual(seen[space]?.map(\.bytes) ?? [])
                }.map { "\($0) is another log than was followed" }
            }
    }

    /// The disk came back as it was: whoever follows goes on from where the logs end now.
    mutating func goBack(to sizes: [SpaceID: Int]) {
        for (space, entries) in seen { seen[space] = Array(entries.prefix(sizes[space] ?? 0)) }
        isBehind = true
    }
}
