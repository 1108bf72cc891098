import BuntanProtocol
import GRDB
import Storage

extension SQLiteTransaction {
    private static let columns = "number, list, space_id, cid, bytes, signature, sent, edits, payload, code, detail"

    private func item(_ row: Statement.Row) throws -> OutboxItem {
        let number = row.int(0)
        let code = try row.optional(9) { try row.text($0) }
        guard let list = OutboxItem.List(rawValue: row.int(1)), code == nil || code.flatMap(Code.init(rawValue:)) != nil else {
            throw StorageFault.damaged("outbox item \(number)")
        }
        return OutboxItem(
            number: number, list: list,
            item: OutboxItem.New(
                space: try row.id(2), change: try row.id(3),
                signed: SignedChange(bytes: row.bytes(4), signature: try row.signature(5), payload: row.bytes(6)),
                edits: try decoded("edits of outbox item \(number)") { () throws(DecodingFault) in try EditList.decode(row.bytes(7)) },
                payload: try decoded("payload of outbox item \(number)") { () throws(DecodingFault) in try Payload(decoding: row.bytes(8)) }
            ),
            code: code.flatMap(Code.init(rawValue:)), detail: try row.optional(10) { try row.text($0) })
    }

    func outbox(of space: SpaceID?) throws -> [OutboxItem] {
        guard let space else { return try database.all("SELECT \(Self.columns) FROM outbox ORDER BY number", map: item) }
        return try database.all("SELECT \(Self.columns) FROM outbox WHERE space_id = ? ORDER BY number", space, map: item)
    }

    private func place(_ row: Statement.Row) throws -> OutboxPlace {
        guard let list = OutboxItem.List(rawValue: row.int(1)) else { throw StorageFault.damaged("outbox item \(row.int(0))") }
        return OutboxPlace(
            number: row.int(0), list: list, space: try row.id(2), change: try row.id(3),
            size: SignedChange.size(bytes: row.int(4), payload: row.int(5)))
    }

    func outboxPlaces(of space: SpaceID?) throws -> [OutboxPlace] {
        let columns = "number, list, space_id, cid, length(bytes), length(sent)"
        guard let space else { return try database.all("SELECT \(columns) FROM outbox ORDER BY number", map: place) }
        return try database.all("SELECT \(columns) FROM outbox WHERE space_id = ? ORDER BY number", space, map: place)
    }

    func outboxSigned(_ number: Int) throws -> SignedChange? {
        try database.first("SELECT bytes, signature, sent FROM outbox WHERE number = ?", number) { row in
            SignedChange(bytes: row.bytes(0), signature: try row.signature(1), payload: row.bytes(2))
        }
    }

    func outboxRecords(_ number: Int) throws -> [RecordID] { try contents(number)?.edits.map(\.record) ?? [] }

    private func contents(_ number: Int) throws -> (space: SpaceID, edits: [Edit])? {
        try database.first("SELECT space_id, edits FROM outbox WHERE number = ?", number) { row in
            (try row.id(0), try decoded("edits of outbox item \(number)") { () throws(DecodingFault) in try EditList.decode(row.bytes(1)) })
        }
    }

    func outboxCount() throws -> Int {
        try database.first("SELECT count(*) FROM outbox") { $0.int(0) } ?? 0
    }

    func outbox(touching record: RecordID, in space: SpaceID) throws -> [OutboxItem] {
        try database.all(
            """
            SELECT \(Self.columns) FROM outbox
            WHERE number IN (SELECT number FROM outbox_record WHERE space_id = ? AND record = ?) ORDER BY number
            """, space, record, map: item)
    }

    func appendToOutbox(_ item: OutboxItem.New) throws -> Int {
        let known = try database.first("SELECT number FROM outbox WHERE space_id = ? AND cid = ?", item.space, item.change) { $0.int(0) }
        if let known { return known }
        try database.run(
            """
            INSERT INTO outbox (list, space_id, cid, bytes, signature, sent, edits, payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """, OutboxItem.List.pending.rawValue, item.space, item.change, item.signed.bytes, item.signed.signature.bytes,
            item.signed.payload, EditList.encoded(item.edits), item.payload.encoded())
        let number = Int(database.lastInsertedRowID)
        let touched = try Statement("INSERT INTO outbox_record (space_id, record, number) VALUES (?, ?, ?)", on: database)
        for edit in item.edits { try touched.run(item.space, edit.record, number) }
        return number
    }

    func moveInOutbox(_ number: Int, to list: OutboxItem.List, code: Code?, detail: String?) throws {
        try database.run(
            "UPDATE outbox SET list = ?2, code = ?3, detail = ?4 WHERE number = ?1", number, list.rawValue, code?.rawValue, detail)
    }

    func replaceInOutbox(_ number: Int, with signed: SignedChange) throws {
        try database.run(
            "UPDATE outbox SET bytes = ?2, signature = ?3, sent = ?4 WHERE number = ?1", number, signed.bytes, signed.signature.bytes,
            signed.payload)
    }

    func removeFromOutbox(_ number: Int) throws {
        guard let (space, edits) = try contents(number) else { return }
        let touched = try Statement("DELETE FROM outbox_record WHERE space_id = ? AND record = ? AND number = ?", on: database)
        for edit in edits { try touched.run(space, edit.record, number) }
        try database.run("DELETE FROM outbox WHERE number = ?", number)
    }
}
