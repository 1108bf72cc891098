import BuntanProtocol
import GRDB
import Merging
import Storage

extension SQLiteTransaction {
    /// Makes flags and briefs of every record anew if another version of the indexing made them, all of them or none.
    static func fileAnew(_ database: Database, by indexing: any RecordIndexing) throws {
        guard try filedVersion(database) != indexing.version else { return }
        try database.inTransaction(.immediate) {
            // Another process may have been here first.
            guard try filedVersion(database) != indexing.version else { return .commit }
            let transaction = SQLiteTransaction(database, indexing: indexing, cache: nil, isReading: false)
            defer { transaction.end() }
            try transaction.fileAnew()
            try database.execute(sql: "UPDATE record_indexing SET version = \(indexing.version)")
            return .commit
        }
    }

    /// Whether flags and briefs are those of this indexing.
    static func isFiled(_ database: Database, by indexing: any RecordIndexing) throws -> Bool {
        try filedVersion(database) == indexing.version
    }

    private static func filedVersion(_ database: Database) throws -> Int {
        try database.first("SELECT version FROM record_indexing") { $0.int(0) } ?? 0
    }

    private static let filingBatch = 1_000

    private func fileAnew() throws {
        let filed = try Statement("UPDATE record SET flags = ?2, brief = ?3 WHERE rowid = ?1", on: database)
        var last = Int.min
        while true {
            let rows = try database.all(
                """
                SELECT rowid, space_id, record, coalesce(shown, state), shown IS NOT NULL FROM record
                WHERE rowid > ? ORDER BY rowid LIMIT ?
                """, last, Self.filingBatch
            ) { row in
                (
                    number: row.int(0), space: try row.id(1) as SpaceID, record: try row.id(2) as RecordID,
                    bytes: row.optional(3) { row.bytes($0) }, isPending: row.int(4) != 0
                )
            }
            guard let end = rows.last?.number else { return }
            for row in rows {
                // What cannot be read stays as it is filed: `check` names it.
                guard let bytes = row.bytes, let state = try? RecordState(decoding: bytes) else { continue }
                let flags = indexing.flags(of: state)
                try filed.run(
                    row.number, (row.isPending ? flags.union(.pending) : flags.subtracting(.pending)).rawValue,
                    indexing.brief(of: state, record: row.record, space: row.space))
            }
            last = end
        }
    }
}
