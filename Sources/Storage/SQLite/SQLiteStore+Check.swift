import BuntanProtocol
import ChangeLog
import GRDB
import Merging
package import Storage
import Syncing

extension SQLiteStore {
    /// Walks every row and returns what is not as it was written; an empty list is a sound store.
    ///
    /// Entries must give the leaf hashes and these the root; states, rights and frontiers must decode. Whether the states
    /// are what the logs say is for the ledger to recompute.
    package func check(most: Int = 1_000) throws -> [StoreFinding] {
        try StorageFault.mapping {
            try connections.reader.read { database in
                var findings = try String.fetchAll(database, sql: "PRAGMA integrity_check(\(most))").filter { $0 != "ok" }
                    .map { StoreFinding.engine($0) }
                let transaction = SQLiteTransaction(database, indexing: indexing, cache: nil, isReading: true)
                defer { transaction.end() }
                for space in try transaction.spaces() where findings.count < most {
                    try checkSpace(space, transaction, &findings)
                }
                return Array(findings.prefix(most))
            }
        }
    }

    private func checkSpace(_ space: SpaceID, _ transaction: SQLiteTransaction, _ findings: inout [StoreFinding]) throws {
        let standing: SpaceStanding
        do {
            guard let found = try transaction.logStanding(of: space) else {
                findings.append(.standing(space))
                return
            }
            standing = found
        } catch StorageFault.damaged {
            findings.append(.standing(space))
            return
        }
        if Genesis.space(of: standing.genesisBytes) != space { findings.append(.genesis(space)) }
        try checkLog(standing, transaction, &findings)
        try checkRecords(of: space, transaction, &findings)
        try checkLead(of: space, transaction, &findings)
    }

    /// What is shown ahead of the log, and the states that the log gives meanwhile.
    private func checkLead(of space: SpaceID, _ transaction: SQLiteTransaction, _ findings: inout [StoreFinding]) throws {
        var isSound = true
        do { _ = try transaction.lead(of: space) } catch StorageFault.damaged { isSound = false }
        let statement = try Statement("SELECT state FROM logged_record WHERE space_id = ?", on: transaction.database)
        try statement.rows(space) { row in
            do { _ = try RecordState(decoding: row.bytes(0)) } catch {
                // What is wrong with it does not matter: all of it is built anew.
                isSound = false
            }
            return isSound
        }
        if !isSound { findings.append(.lead(space)) }
    }

    private func checkLog(_ standing: SpaceStanding, _ transaction: SQLiteTransaction, _ findings: inout [StoreFinding]) throws {
        let space = standing.id
        var frontier = LogFrontier()
        var bytes = 0
        var words = try transaction.wordPositions(of: space)
        var tile: (index: Int, hashes: [UInt8]) = (-1, [])
        let statement = try Statement(
            """
            SELECT e.pos, e.leaf, e.bytes, length(p.bytes) FROM entry e LEFT JOIN payload p ON p.space_id = e.space_id AND p.pos = e.pos
            WHERE e.space_id = ? ORDER BY e.pos
            """, on: transaction.database)
        try statement.rows(space) { row in
            let position = row.int(0)
            guard position == frontier.size, position < standing.size else {
                findings.append(.gap(space, position: min(position, frontier.size)))
                return false
            }
            let content = row.bytes(2)
            let leaf = TreeHash.leaf(content)
            // One that does not decode is found by its hash, or was never to be taken.
            if let entry = try? Entry(decoding: content).unwrapped(), (words.remove(position) == nil) != (entry.kind == .change) {
                findings.append(.listing(space, position: position))
            }
            if row.bytes(1) != leaf.bytes { findings.append(.leaf(space, position: position)) }
            if tile.index != position / LogTiles.width {
                let index = position / LogTiles.width
                tile = (index, try transaction.tile(TileID(level: 0, index: index), in: space) ?? [])
            }
            let offset = position % LogTiles.width * 32
            if !tile.hashes.dropFirst(offset).starts(with: leaf.bytes) { findings.append(.tile(space, position: position)) }
            frontier.append(leaf)
            bytes += content.count + row.int(3)
            return true
        }
        if frontier.size < standing.size, !findings.contains(.gap(space, position: frontier.size)) {
            findings.append(.gap(space, position: frontier.size))
        }
        findings += words.sorted().map { .listing(space, position: $0) }
        if frontier != standing.frontier { findings.append(.root(space, size: standing.size)) }
        let counted = try transaction.usedBytes(of: space)
        if counted != bytes { findings.append(.usedBytes(space, counted: counted, found: bytes)) }
    }

    private func checkRecords(of space: SpaceID, _ transaction: SQLiteTransaction, _ findings: inout [StoreFinding]) throws {
        let statement = try Statement("SELECT record, kind, state, shown FROM record WHERE space_id = ?", on: transaction.database)
        try statement.rows(space) { row in
            let id: RecordID = try row.id(0)
            let kind = try row.text(1)
            for column in [Int32(2), 3] where !row.isNull(column) {
                guard let state = try? RecordState(decoding: row.bytes(column)), state.kind == kind else {
                    findings.append(.record(space, id))
                    break
                }
            }
            return true
        }
    }
}
