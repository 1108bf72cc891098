import BuntanProtocol
import GRDB
import Storage

extension SQLiteTransaction {
    private func code(_ row: Statement.Row, _ column: Int32) throws -> Code? {
        try row.optional(column) { try row.text($0) }.flatMap(Code.init(rawValue:))
    }

    private func place(ofOrphan row: Statement.Row) throws -> OrphanPlace {
        OrphanPlace(
            number: row.int(0), space: try row.id(1), change: try row.optional(2) { try row.id($0) }, code: try code(row, 3),
            size: row.int(4))
    }

    func orphanPlaces(of space: SpaceID?) throws -> [OrphanPlace] {
        let columns = "number, space_id, cid, code, length(bytes) + length(proof) + coalesce(length(payload), 0)"
        guard let space else { return try database.all("SELECT \(columns) FROM orphan ORDER BY number", map: place(ofOrphan:)) }
        return try database.all("SELECT \(columns) FROM orphan WHERE space_id = ? ORDER BY number", space, map: place(ofOrphan:))
    }

    func orphan(_ number: Int) throws -> Orphan? {
        try database.first("SELECT space_id, bytes, payload, proof, cid, code FROM orphan WHERE number = ?", number) { row in
            Orphan(
                number: number,
                item: Orphan.New(
                    space: try row.id(0), carried: CarriedEntry(entry: row.bytes(1), payload: row.optional(2) { row.bytes($0) }),
                    proof: row.bytes(3), change: try row.optional(4) { try row.id($0) }),
                code: try code(row, 5))
        }
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
