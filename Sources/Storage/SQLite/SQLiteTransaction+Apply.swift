import BuntanProtocol
import ChangeLog
import GRDB
import Merging
import Storage
import Syncing

extension SQLiteTransaction {
    func apply(_ update: SpaceUpdate) throws {
        let space = update.standing.id
        precondition(
            update.standing.size == update.fromSize + update.entries.count
                && update.entries.indices.allSatisfy { update.entries[$0].position == update.fromSize + $0 },
            "An update's entries follow one another from its first size on.")
        let found = try database.first("SELECT head FROM space WHERE space_id = ?", space) { $0.int(0) } ?? 0
        guard found == update.fromSize else { throw StorageFault.conflict(expected: update.fromSize, found: found) }
        try writeStanding(of: update)
        try insertEntries(of: update)
        try insertPlaces(of: update)
        if try hasLead(space) { try writeLogged(update.records, of: space) } else { try writeRecords(of: update) }
        try writeTiles(of: update)
        // Also where nothing that stood here is named: it may have been here before the log was fetched anew.
        let erases = try update.rightsChanged && update.entries.contains { try Erasing(in: Entry(decoding: $0.bytes).unwrapped()) != nil }
        if erases { try erase(update.erased, in: space) }
        noteApplied(update.standing)
    }

    /// Puts what is left in the place of payloads, and has the files rewritten before long: what stood there may have copies
    /// in pages that are free by now.
    private func erase(_ erased: [Int: [UInt8]?], in space: SpaceID) throws {
        var grown = 0
        for (position, left) in erased.sorted(by: { $0.key < $1.key }) {
            grown += (left?.count ?? 0) - (try payload(at: position, in: space)?.count ?? 0)
            if let left {
                try database.run("UPDATE payload SET bytes = ?3 WHERE space_id = ?1 AND pos = ?2", space, position, left)
            } else {
                try database.run("DELETE FROM payload WHERE space_id = ? AND pos = ?", space, position)
            }
        }
        try database.run("UPDATE space SET used_bytes = used_bytes + ?2 WHERE space_id = ?1", space, grown)
        try setValue([1], for: SQLiteStore.mustScrub)
        hasErased = true
    }

    func replaceRecords(of space: SpaceID, with update: SpaceUpdate) throws {
        let found = try database.first("SELECT head FROM space WHERE space_id = ?", space) { $0.int(0) } ?? 0
        guard found == update.standing.size, update.fromSize == 0 else {
            throw StorageFault.conflict(expected: update.standing.size, found: found)
        }
        // A view with the outbox on top stays until its owner makes it anew.
        try database.run("DELETE FROM record WHERE space_id = ? AND shown IS NULL", space)
        try database.run("UPDATE record SET state = NULL WHERE space_id = ?", space)
        try database.run("DELETE FROM record_change WHERE space_id = ?", space)
        try insertHistory(of: update)
        try writeRecords(of: update)
    }

    func cut(_ cut: LogCut) throws {
        let (space, size) = (cut.standing.id, cut.standing.size)
        let found = try database.first("SELECT head FROM space WHERE space_id = ?", space) { $0.int(0) } ?? 0
        guard found >= size else { throw StorageFault.conflict(expected: size, found: found) }
        for table in ["entry", "payload", "change_id", "record_change", "word"] {
            try database.run("DELETE FROM \(table) WHERE space_id = ? AND pos >= ?", space, size)
        }
        try cutTiles(of: space, to: size)
        var left = SpaceUpdate(standing: cut.standing)
        for (record, state) in cut.records {
            if let state {
                left.records[record] = state
            } else {
                try database.run("DELETE FROM record WHERE space_id = ? AND record = ? AND shown IS NULL", space, record)
                try database.run("UPDATE record SET state = NULL WHERE space_id = ? AND record = ?", space, record)
            }
        }
        try writeRecords(of: left)
        try database.run(
            """
            UPDATE space SET epoch = ?2, head = ?3, frontier = ?4, checkpoint = NULL, used_bytes =
                (SELECT coalesce(sum(length(bytes)), 0) FROM entry WHERE space_id = ?1)
                + (SELECT coalesce(sum(length(bytes)), 0) FROM payload WHERE space_id = ?1)
            WHERE space_id = ?1
            """, space, cut.standing.epoch, size, cut.standing.frontier.encoded())
        try database.run("UPDATE rights SET pos = ?2, rights = ?3 WHERE space_id = ?1", space, size, cut.standing.rights.encoded())
        cache?.forget(space)
        noteApplied(cut.standing)
    }

    private func cutTiles(of space: SpaceID, to size: Int) throws {
        let levels =
            try database.first("SELECT max(level) FROM node WHERE space_id = ?", space) { row in row.optional(0) { row.int($0) } } ?? nil
        guard let levels else { return }
        for level in 0...levels {
            let hashes = size >> (8 * level)
            let (full, rest) = (hashes / LogTiles.width, hashes % LogTiles.width)
            try database.run(
                "DELETE FROM node WHERE space_id = ? AND level = ? AND idx >= ?", space, level, rest == 0 ? full : full + 1)
            try database.run(
                "UPDATE node SET hashes = substr(hashes, 1, ?4) WHERE space_id = ?1 AND level = ?2 AND idx = ?3", space, level, full,
                rest * 32)
        }
    }

    func drop(_ space: SpaceID) throws {
        let tables = [
            "space", "rights", "entry", "payload", "change_id", "record", "record_change", "node", "word", "lead", "logged_record",
        ]
        for table in tables {
            try database.run("DELETE FROM \(table) WHERE space_id = ?", space)
        }
        cache?.forget(space)
    }

    private func writeStanding(of update: SpaceUpdate) throws {
        let standing = update.standing
        let bytes = update.entries.reduce(0) { $0 + $1.bytes.count + ($1.payload?.count ?? 0) }
        if update.fromSize == 0 {
            try database.run(
                "INSERT INTO space (space_id, genesis, epoch, head, frontier, used_bytes) VALUES (?, ?, ?, ?, ?, ?)",
                standing.id, standing.genesisBytes, standing.epoch, standing.size, standing.frontier.encoded(), bytes)
        } else {
            try database.run(
                "UPDATE space SET epoch = ?2, head = ?3, frontier = ?4, used_bytes = used_bytes + ?5 WHERE space_id = ?1",
                standing.id, standing.epoch, standing.size, standing.frontier.encoded(), bytes)
        }
        if update.rightsChanged {
            try database.run(
                """
                INSERT INTO rights (space_id, pos, rights) VALUES (?, ?, ?)
                ON CONFLICT (space_id) DO UPDATE SET pos = excluded.pos, rights = excluded.rights
                """, standing.id, standing.size, standing.rights.encoded())
        }
    }

    private func insertEntries(of update: SpaceUpdate) throws {
        let space = update.standing.id
        let entries = try Statement("INSERT INTO entry (space_id, pos, leaf, bytes) VALUES (?, ?, ?, ?)", on: database)
        let payloads = try Statement("INSERT INTO payload (space_id, pos, bytes) VALUES (?, ?, ?)", on: database)
        for entry in update.entries {
            try entries.run(space, entry.position, entry.leaf, entry.bytes)
            if let payload = entry.payload { try payloads.run(space, entry.position, payload) }
        }
    }

    private func insertPlaces(of update: SpaceUpdate) throws {
        let space = update.standing.id
        let changes = try Statement("INSERT INTO change_id (space_id, cid, pos, author) VALUES (?, ?, ?, ?)", on: database)
        let words = try Statement("INSERT INTO word (space_id, pos) VALUES (?, ?)", on: database)
        for entry in update.entries {
            if let change = entry.change {
                try changes.run(space, change, entry.position, entry.author ?? 0)
            } else {
                try words.run(space, entry.position)
            }
        }
        try insertHistory(of: update)
    }

    private func insertHistory(of update: SpaceUpdate) throws {
        let space = update.standing.id
        var touched: [(record: RecordID, position: Int)] = []
        for entry in update.entries {
            for record in entry.records { touched.append((record, entry.position)) }
        }
        // In the order of the key, neighbours meet on one page.
        touched.sort { $0.record != $1.record ? $0.record < $1.record : $0.position < $1.position }
        let history = try Statement("INSERT OR IGNORE INTO record_change (space_id, record, pos) VALUES (?, ?, ?)", on: database)
        for (record, position) in touched { try history.run(space, record, position) }
    }

    private func writeRecords(of update: SpaceUpdate) throws { try writeRecords(update.records, of: update.standing.id) }

    func writeRecords(_ states: [RecordID: RecordState], of space: SpaceID) throws {
        // A local view stays in front of what the log says, so flags and brief remain those of the view.
        let records = try Statement(
            """
            INSERT INTO record (space_id, record, kind, flags, brief, state) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (space_id, record) DO UPDATE SET state = excluded.state, kind = excluded.kind,
                flags = CASE WHEN shown IS NULL THEN excluded.flags ELSE flags END,
                brief = CASE WHEN shown IS NULL THEN excluded.brief ELSE brief END
            """, on: database)
        let sorted = states.sorted { $0.key < $1.key }
        for start in stride(from: 0, to: sorted.count, by: RecordColumns.atOnce) {
            let some = sorted[start..<min(start + RecordColumns.atOnce, sorted.count)]
            for columns in RecordColumns.of(some, in: space, indexing) {
                try records.run(space, columns.record, columns.kind, columns.flags, columns.brief, columns.state)
            }
        }
    }

    private func writeTiles(of update: SpaceUpdate) throws {
        let space = update.standing.id
        let nodes = try Statement(
            """
            INSERT INTO node (space_id, level, idx, hashes) VALUES (?, ?, ?, ?)
            ON CONFLICT (space_id, level, idx) DO UPDATE SET hashes = excluded.hashes
            """, on: database)
        for (id, hashes) in update.tiles.sorted(by: { $0.key < $1.key }) { try nodes.run(space, id.level, id.index, hashes) }
    }
}
