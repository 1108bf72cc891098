import BuntanProtocol
import GRDB
import Storage

extension SQLiteTransaction {
    private static let orphanColumns = "number, space_id, bytes, payload, proof, cid, code"

    private func orphan(_ row: Statement.Row) throws -> Orphan {
        let code = try row.optional(6) { try row.text($0) }
        return Orphan(
            number: row.int(0),
            item: Orphan.New(
                space: try row.id(1), carried: CarriedEntry(entry: row.bytes(2), payload: row.optional(3) { row.bytes($0) }),
                proof: row.bytes(4), change: try row.optional(5) { try row.id($0) }),
            code: code.flatMap(Code.init(rawValue:)))
    }

    func orphans(of space: SpaceID?) throws -> [Orphan] {
        guard let space else { return try database.all("SELECT \(Self.orphanColumns) FROM orphan ORDER BY number", map: orphan) }
        return try database.all("SELECT \(Self.orphanColumns) FROM orphan WHERE space_id = ? ORDER BY number", space, map: orphan)
    }

    func keepOrphan(_ item: Orphan.New) throws {
        try database.run(
            "INSERT INTO orphan (space_id, bytes, payload, proof, cid) VALUES (?, ?, ?, ?, ?)", item.space, item.carried.entry,
            item.carried.payload, item.proof, item.change)
    }

    func refuseOrphan(_ number: Int, with code: Code?) throws {
        try database.run("UPDATE orphan SET code = ?2 WHERE number = ?1", number, (code ?? .invalid).rawValue)
    }

    func removeOrphan(_ number: Int) throws { try database.run("DELETE FROM orphan WHERE number = ?", number) }
}
