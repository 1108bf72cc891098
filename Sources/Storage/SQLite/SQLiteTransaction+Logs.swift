import BuntanProtocol
import ChangeLog
import GRDB
import Storage
import Syncing

extension SQLiteTransaction {
    func spaces() throws -> [SpaceID] {
        try database.all("SELECT space_id FROM space ORDER BY space_id") { try $0.id(0) }
    }

    func standing(of space: SpaceID) throws -> SpaceStanding? {
        try once(space) { try lead(of: space)?.standing ?? logStanding(of: space) }
    }

    func logStanding(of space: SpaceID) throws -> SpaceStanding? { try readStanding(of: space) }

    private func readStanding(of space: SpaceID) throws -> SpaceStanding? {
        let found = try database.first(
            "SELECT s.epoch, s.frontier, r.pos FROM space s JOIN rights r ON r.space_id = s.space_id WHERE s.space_id = ?", space
        ) { row in (epoch: row.int(0), frontier: row.bytes(1), position: row.int(2)) }
        guard let found else { return nil }
        let frontier = try decoded("frontier of \(space)") { () throws(DecodingFault) in try LogFrontier(decoding: found.frontier) }
        let name = StandingCache.Name(space: space, epoch: found.epoch, position: found.position)
        guard var standing = try cache?[name] ?? decodeStanding(name) else { return nil }
        standing.frontier = frontier
        return standing
    }

    /// The standing without its frontier, which each entry changes.
    private func decodeStanding(_ name: StandingCache.Name) throws -> SpaceStanding? {
        let space = name.space
        let standing = try database.first(
            "SELECT s.genesis, r.rights FROM space s JOIN rights r ON r.space_id = s.space_id WHERE s.space_id = ?", space
        ) { row in
            let genesisBytes = row.bytes(0)
            return SpaceStanding(
                id: space, genesisBytes: genesisBytes,
                genesis: try decoded("genesis of \(space)") { () throws(DecodingFault) in try Genesis(decoding: genesisBytes) },
                epoch: name.epoch, frontier: LogFrontier(),
                rights: try decoded("rights of \(space)") { () throws(DecodingFault) in try SpaceRights(decoding: row.bytes(1)) })
        }
        if let standing, isReading { cache?.remember(standing, as: name) }
        return standing
    }

    func source(of space: SpaceID) throws -> any LogSource { try SQLiteSource(self, space: space) }

    func checkpoint(of space: SpaceID) throws -> String? {
        try database.first("SELECT checkpoint FROM space WHERE space_id = ?", space) { row in try row.optional(0) { try row.text($0) } }
            ?? nil
    }

    func entries(of space: SpaceID, from position: Int, maxBytes: Int) throws -> [StoredEntry] {
        var entries: [StoredEntry] = []
        var bytes = 0
        let statement = try Statement(
            """
            SELECT e.pos, e.bytes, p.bytes, e.leaf FROM entry e LEFT JOIN payload p ON p.space_id = e.space_id AND p.pos = e.pos
            WHERE e.space_id = ? AND e.pos >= ? ORDER BY e.pos
            """, on: database)
        try statement.rows(space, position) { row in
            let entry = StoredEntry(position: row.int(0), bytes: row.bytes(1), payload: row.optional(2) { row.bytes($0) })
            guard entry.position == position + entries.count else {
                throw StorageFault.damaged("no entry \(position + entries.count) in \(space)")
            }
            try requireSound(entry.bytes, leaf: row.bytes(3), at: entry.position, in: space)
            bytes += entry.bytes.count + (entry.payload?.count ?? 0)
            // One entry goes out however large it is, or nobody would ever get past it.
            guard entries.isEmpty || bytes <= maxBytes else { return false }
            entries.append(entry)
            return bytes < maxBytes
        }
        return entries
    }

    func entry(at position: Int, in space: SpaceID) throws -> [UInt8]? {
        try database.first("SELECT bytes, leaf FROM entry WHERE space_id = ? AND pos = ?", space, position) { row in
            let bytes = row.bytes(0)
            try requireSound(bytes, leaf: row.bytes(1), at: position, in: space)
            return bytes
        }
    }

    /// What a disk has changed is handed to nobody as the log's word: it would be proof of a lie.
    private func requireSound(_ bytes: [UInt8], leaf: [UInt8], at position: Int, in space: SpaceID) throws {
        guard TreeHash.leaf(bytes).bytes == leaf else { throw StorageFault.damaged("entry \(position) in \(space)") }
    }

    func payload(at position: Int, in space: SpaceID) throws -> [UInt8]? {
        try database.first("SELECT bytes FROM payload WHERE space_id = ? AND pos = ?", space, position) { $0.bytes(0) }
    }

    func tile(_ id: TileID, in space: SpaceID) throws -> [UInt8]? {
        try database.first("SELECT hashes FROM node WHERE space_id = ? AND level = ? AND idx = ?", space, id.level, id.index) {
            $0.bytes(0)
        }
    }

    func changes(in space: SpaceID) throws -> [ChangeID] {
        try database.all("SELECT cid FROM change_id WHERE space_id = ?", space) { try $0.id(0) }
    }

    /// Where the entries stand that are listed as no changes.
    func wordPositions(of space: SpaceID) throws -> Set<Int> {
        var found: Set<Int> = []
        try Statement("SELECT pos FROM word WHERE space_id = ?", on: database).rows(space) { row in
            found.insert(row.int(0))
            return true
        }
        return found
    }

    func words(of space: SpaceID) throws -> [PlacedEntry] {
        try database.all(
            """
            SELECT w.pos, e.bytes, e.leaf FROM word w JOIN entry e ON e.space_id = w.space_id AND e.pos = w.pos
            WHERE w.space_id = ? ORDER BY w.pos
            """, space
        ) { row in
            let word = PlacedEntry(position: row.int(0), entry: row.bytes(1))
            try requireSound(word.entry, leaf: row.bytes(2), at: word.position, in: space)
            return word
        }
    }

    func place(of change: ChangeID, in space: SpaceID) throws -> ChangePlace? {
        try database.first("SELECT pos, author FROM change_id WHERE space_id = ? AND cid = ?", space, change) {
            ChangePlace(position: $0.int(0), author: $0.int(1))
        }
    }

    func history(of record: RecordID, in space: SpaceID) throws -> [Int] {
        try database.all("SELECT pos FROM record_change WHERE space_id = ? AND record = ? ORDER BY pos", space, record) { $0.int(0) }
    }

    func usedBytes(of space: SpaceID) throws -> Int {
        try database.first("SELECT used_bytes FROM space WHERE space_id = ?", space) { $0.int(0) } ?? 0
    }

    func setCheckpoint(_ note: String, of space: SpaceID) throws {
        let statement = try Statement("UPDATE space SET checkpoint = ?2 WHERE space_id = ?1", on: database)
        try statement.run(space, note)
        guard statement.changes == 1 else { throw StorageFault.conflict(expected: 1, found: 0) }
    }
}
