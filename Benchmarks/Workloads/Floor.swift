import BuntanProtocol
import Foundation
import GRDBSQLite
import Records

enum FloorFault: Error { case engine(Int32) }

/// The same rows into bare SQLite, without a product around it: what the disk and the engine ask for in any case.
enum Floor: Workload {
    static let name = "floor"
    static let abstract = "The same rows into bare SQLite with full synchronisation, in one transaction."

    static func measure(_ options: BenchOptions) async throws -> Figures {
        let rows = try SampleRows.make(options)
        return try await Stage.inFolder(options) { folder in
            let columns = Set(rows.flatMap { $0.cells.keys }).sorted()
            let clock = ContinuousClock()
            let start = clock.now
            let database = try Database(folder + "/floor.db", columns: columns)
            try database.run("BEGIN IMMEDIATE")
            try database.insert(rows, columns: columns)
            try database.run("COMMIT")
            let written = clock.now
            let shared = try database.number("SELECT count(*) FROM row WHERE allocation = 'shared'")
            let end = clock.now
            precondition(shared == rows.count { $0.cells[CellKey("allocation")] == .text("shared") }, "every row is there")
            var figures = Figures(workload: name, rows: rows.count, seconds: (end - start).seconds)
            figures.durability = try database.durability()
            figures.details = [("writeSeconds", (written - start).seconds), ("fields", Double(columns.count + 3))]
            return figures
        }
    }

    /// A connection of the engine itself.
    private final class Database {
        private var handle: OpaquePointer?

        init(_ path: String, columns: [CellKey]) throws {
            try check(sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nil))
            try run("PRAGMA journal_mode = WAL")
            try run("PRAGMA synchronous = FULL")
            let names = ["framework", "control", "item"] + columns.map(Self.name)
            try run("CREATE TABLE row (id BLOB PRIMARY KEY, \(names.joined(separator: ", ")))")
        }

        private static func name(_ cell: CellKey) -> String {
            guard case .code(let code)? = cell.element else { return cell.field }
            return "\"\(cell.field).\(code)\""
        }

        deinit { sqlite3_close_v2(handle) }

        private func check(_ code: Int32) throws {
            guard code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW else { throw FloorFault.engine(code) }
        }

        func run(_ sql: String) throws { try check(sqlite3_exec(handle, sql, nil, nil, nil)) }

        func insert(_ rows: [SampleRow], columns: [CellKey]) throws {
            var statement: OpaquePointer?
            let places = repeatElement("?", count: columns.count + 4).joined(separator: ", ")
            try check(sqlite3_prepare_v2(handle, "INSERT INTO row VALUES (\(places))", -1, &statement, nil))
            defer { sqlite3_finalize(statement) }
            let space = SpaceID(high: 1, low: 1)
            for row in rows {
                let id = row.key.responsibility(in: space).bytes
                try check(id.withUnsafeBytes { sqlite3_bind_blob(statement, 1, $0.baseAddress, Int32($0.count), Self.transient) })
                let values = row.key.fields.map(\.value) + columns.map { row.cells[$0] ?? .null }
                for (index, value) in values.enumerated() { try bind(value, to: statement, at: Int32(index + 2)) }
                try check(sqlite3_step(statement))
                try check(sqlite3_reset(statement))
            }
        }

        private func bind(_ value: Value, to statement: OpaquePointer?, at index: Int32) throws {
            switch value {
            case .null, .bytes: try check(sqlite3_bind_null(statement, index))
            case .bool(let bool): try check(sqlite3_bind_int64(statement, index, bool ? 1 : 0))
            case .int(let int): try check(sqlite3_bind_int64(statement, index, int))
            case .text(let text): try check(sqlite3_bind_text(statement, index, text, Int32(text.utf8.count), Self.transient))
            }
        }

        private static var transient: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

        func number(_ sql: String) throws -> Int { Int(try text(sql)) ?? -1 }

        private func text(_ sql: String) throws -> String {
            var statement: OpaquePointer?
            try check(sqlite3_prepare_v2(handle, sql, -1, &statement, nil))
            defer { sqlite3_finalize(statement) }
            guard sqlite3_step(statement) == SQLITE_ROW, let text = sqlite3_column_text(statement, 0) else { return "" }
            return String(cString: text)
        }

        func durability() throws -> String {
            "\(try text("PRAGMA journal_mode"))/\(try number("PRAGMA synchronous") == 2 ? "FULL" : "not FULL")"
        }
    }
}
