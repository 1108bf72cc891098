import BuntanProtocol
import GRDB
import Merging
import Storage
import Syncing

/// What is shown of a space ahead of its log.
///
/// `record` holds what is shown, as ever; the states that the log gives stand aside in `logged_record` until the log has
/// come as far. Whoever only reads need not know which of the two there is.
extension SQLiteTransaction {
    func hasLead(_ space: SpaceID) throws -> Bool {
        try database.first("SELECT 1 FROM lead WHERE space_id = ?", space) { _ in true } ?? false
    }

    func leadSpaces() throws -> [SpaceID] { try database.all("SELECT space_id FROM lead ORDER BY space_id") { try $0.id(0) } }

    func lead(of space: SpaceID) throws -> Lead? {
        guard let bytes = try database.first("SELECT bytes FROM lead WHERE space_id = ?", space, map: { $0.bytes(0) }),
            let log = try logStanding(of: space)
        else { return nil }
        return try decoded("lead of \(space)") { () throws(DecodingFault) in
            try Lead(decoding: bytes, space: space, genesisBytes: log.genesisBytes, genesis: log.genesis)
        }
    }

    /// The state that the log gives of a record while another is shown.
    func logged(_ id: RecordID, in space: SpaceID) throws -> RecordState? {
        try database.first("SELECT state FROM logged_record WHERE space_id = ? AND record = ?", space, id) { row in
            try decoded("record \(id) in \(space)") { () throws(DecodingFault) in try RecordState(decoding: row.bytes(0)) }
        }
    }

    func writeLogged(_ states: [RecordID: RecordState], of space: SpaceID) throws {
        let records = try Statement(
            """
            INSERT INTO logged_record (space_id, record, state) VALUES (?, ?, ?)
            ON CONFLICT (space_id, record) DO UPDATE SET state = excluded.state
            """, on: database)
        for (record, state) in states.sorted(by: { $0.key < $1.key }) { try records.run(space, record, state.encoded()) }
    }

    func setLead(_ lead: Lead, of space: SpaceID, records: [RecordID: RecordState]) throws {
        if try !hasLead(space) {
            try database.run(
                "INSERT INTO logged_record SELECT space_id, record, state FROM record WHERE space_id = ? AND state IS NOT NULL", space)
        }
        try database.run(
            "INSERT INTO lead (space_id, bytes) VALUES (?, ?) ON CONFLICT (space_id) DO UPDATE SET bytes = excluded.bytes",
            space, lead.encoded())
        try writeRecords(records, of: space)
    }

    func endLead(of space: SpaceID) throws -> [RecordID] {
        guard try hasLead(space) else { return [] }
        let differing = try database.all(
            """
            SELECT l.record, l.state FROM logged_record l LEFT JOIN record r ON r.space_id = l.space_id AND r.record = l.record
            WHERE l.space_id = ? AND r.state IS NOT l.state
            """, space
        ) { row -> (record: RecordID, state: RecordState) in
            let id: RecordID = try row.id(0)
            return (
                id, try decoded("record \(id) in \(space)") { () throws(DecodingFault) in try RecordState(decoding: row.bytes(1)) }
            )
        }
        let unknown: [RecordID] = try database.all(
            """
            SELECT record FROM record r WHERE space_id = ? AND state IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM logged_record l WHERE l.space_id = r.space_id AND l.record = r.record)
            """, space
        ) { try $0.id(0) }
        try writeRecords(Dictionary(uniqueKeysWithValues: differing.map { ($0.record, $0.state) }), of: space)
        for record in unknown {
            try database.run("DELETE FROM record WHERE space_id = ? AND record = ? AND shown IS NULL", space, record)
            try database.run("UPDATE record SET state = NULL WHERE space_id = ? AND record = ?", space, record)
        }
        try database.run("DELETE FROM logged_record WHERE space_id = ?", space)
        try database.run("DELETE FROM lead WHERE space_id = ?", space)
        return (differing.map(\.record) + unknown).sorted()
    }

    func dropLead(of space: SpaceID) throws {
        try database.run("DELETE FROM logged_record WHERE space_id = ?", space)
        try database.run("DELETE FROM lead WHERE space_id = ?", space)
    }

    // MARK: states as they travel

    func states(in space: SpaceID, after: RecordID?, maxBytes: Int) throws -> (states: [CarriedState], more: Bool) {
        var states: [CarriedState] = []
        var bytes = 0
        var more = false
        let page = after == nil ? "" : " AND record > ?2"
        let statement = try Statement(
            "SELECT record, state FROM record WHERE space_id = ?1\(page) AND state IS NOT NULL ORDER BY record", on: database)
        func take(_ row: Statement.Row) throws -> Bool {
            let carried = CarriedState(record: try row.id(0), state: row.bytes(1))
            bytes += carried.state.count + 18
            guard states.isEmpty || bytes <= maxBytes else {
                more = true
                return false
            }
            states.append(carried)
            return true
        }
        if let after { try statement.rows(space, after, body: take) } else { try statement.rows(space, body: take) }
        return (states, more)
    }

    func eachStateHash(in space: SpaceID, _ body: (RecordID, Digest) throws -> Void) throws {
        let statement = try Statement(
            "SELECT record, state FROM record WHERE space_id = ? AND state IS NOT NULL ORDER BY record", on: database)
        try statement.rows(space) { row in
            try body(row.id(0), SHA.digest(row.buffer(1)))
            return true
        }
    }
}
