import BuntanProtocol
import GRDB
import Merging
import Records
import Storage

extension SQLiteTransaction {
    private func state(_ bytes: [UInt8], of record: RecordID, in space: SpaceID) throws -> RecordState {
        try Self.state(bytes, of: record, in: space)
    }

    private static func state(_ bytes: [UInt8], of record: RecordID, in space: SpaceID) throws -> RecordState {
        try decoded("record \(record) in \(space)") { () throws(DecodingFault) in try RecordState(decoding: bytes) }
    }

    func record(_ id: RecordID, in space: SpaceID) throws -> RecordState? {
        try database.first("SELECT state FROM record WHERE space_id = ? AND record = ?", space, id) { row in
            try row.optional(0) { try state(row.bytes($0), of: id, in: space) }
        } ?? nil
    }

    func shown(_ id: RecordID, in space: SpaceID) throws -> RecordState? {
        try database.first("SELECT coalesce(shown, state) FROM record WHERE space_id = ? AND record = ?", space, id) { row in
            try row.optional(0) { try state(row.bytes($0), of: id, in: space) }
        } ?? nil
    }

    func records(of kind: String, in space: SpaceID, after: RecordID?, limit: Int) throws -> [StoredRecord] {
        func read(_ row: Statement.Row) throws -> (id: RecordID, state: [UInt8]) { (try row.id(0), row.bytes(1)) }
        let stored =
            try after.map { after in
                try database.all(
                    """
                    SELECT record, coalesce(shown, state) FROM record
                    WHERE space_id = ? AND kind = ? AND record > ? ORDER BY record LIMIT ?
                    """, space, kind, after, limit, map: read)
            }
            ?? database.all(
                "SELECT record, coalesce(shown, state) FROM record WHERE space_id = ? AND kind = ? ORDER BY record LIMIT ?",
                space, kind, limit, map: read)
        // The engine is asked by one thread; what it hands out is read by as many as there are.
        return try Cores.map(stored[...], few: 64) { stored in
            Result { StoredRecord(id: stored.id, shown: try Self.state(stored.state, of: stored.id, in: space)) }
        }.map { try $0.get() }
    }

    static let briefsQuery = "SELECT record, flags, brief FROM record WHERE space_id = ? AND kind = ? ORDER BY record"
    static let conflictedQuery =
        "SELECT record, kind, flags, brief FROM record WHERE space_id = ? AND (flags & 2) <> 0 ORDER BY record"

    func briefs(of kind: String, in space: SpaceID) throws -> [StoredBrief] {
        try database.all(Self.briefsQuery, space, kind) { row in
            StoredBrief(id: try row.id(0), kind: kind, flags: RecordFlags(rawValue: row.int(1)), brief: row.bytes(2))
        }
    }

    func eachBrief(
        of kind: String, in space: SpaceID, _ body: (RecordID, RecordFlags, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        try Statement(Self.briefsQuery, on: database).rows(space, kind) { row in
            try body(row.id(0), RecordFlags(rawValue: row.int(1)), row.buffer(2))
            return true
        }
    }

    func conflicted(in space: SpaceID) throws -> [StoredBrief] {
        try database.all(Self.conflictedQuery, space) { row in
            StoredBrief(id: try row.id(0), kind: try row.text(1), flags: RecordFlags(rawValue: row.int(2)), brief: row.bytes(3))
        }
    }

    static let kindsQuery = "SELECT kind, sum(flags & 1) FROM record WHERE space_id = ? GROUP BY kind"

    func kinds(in space: SpaceID) throws -> [String: Int] {
        Dictionary(try database.all(Self.kindsQuery, space) { (try $0.text(0), $0.int(1)) }) { $1 }
    }

    func setShown(_ shown: RecordState?, of record: RecordID, in space: SpaceID) throws {
        let held = try database.first("SELECT state FROM record WHERE space_id = ? AND record = ?", space, record) { row in
            row.optional(0) { row.bytes($0) }
        }
        guard let shown, case let bytes = shown.encoded(), held != .some(.some(bytes)) else {
            return try removeShown(of: record, in: space, state: held ?? nil)
        }
        try database.run(
            """
            INSERT INTO record (space_id, record, kind, flags, brief, shown) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (space_id, record) DO UPDATE SET
                kind = excluded.kind, flags = excluded.flags, brief = excluded.brief, shown = excluded.shown
            """, space, record, shown.kind, indexing.flags(of: shown).union(.pending).rawValue,
            indexing.brief(of: shown, record: record, space: space), bytes)
    }

    /// What the log says shows again; a record that the log does not know vanishes.
    private func removeShown(of record: RecordID, in space: SpaceID, state bytes: [UInt8]?) throws {
        guard let bytes else { return try database.run("DELETE FROM record WHERE space_id = ? AND record = ?", space, record) }
        let held = try state(bytes, of: record, in: space)
        try database.run(
            "UPDATE record SET shown = NULL, kind = ?3, flags = ?4, brief = ?5 WHERE space_id = ?1 AND record = ?2",
            space, record, held.kind, indexing.flags(of: held).subtracting(.pending).rawValue,
            indexing.brief(of: held, record: record, space: space))
    }

    func value(_ name: String) throws -> [UInt8]? {
        try once(name) { try database.first("SELECT bytes FROM named_value WHERE name = ?", name) { $0.bytes(0) } }
    }

    func values(withPrefix prefix: String) throws -> [String: [UInt8]] {
        let pairs = try database.all(
            "SELECT name, bytes FROM named_value WHERE name >= ?1 AND name < (?1 || char(1114111))", prefix
        ) { (try $0.text(0), $0.bytes(1)) }
        return Dictionary(pairs) { $1 }
    }

    func setValue(_ value: [UInt8]?, for name: String) throws {
        guard let value else { return try database.run("DELETE FROM named_value WHERE name = ?", name) }
        try database.run(
            "INSERT INTO named_value (name, bytes) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET bytes = excluded.bytes", name, value)
    }
}
