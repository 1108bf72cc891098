import GRDBSQLite

/// SQLite as any other program uses it: no pool, no mark, no checks.
final class ForeignConnection {
    struct Fault: Error { let code: Int32 }

    private var handle: OpaquePointer?

    init(_ path: String) throws {
        let code = sqlite3_open(path, &handle)
        guard code == SQLITE_OK else { throw Fault(code: code) }
    }

    deinit { sqlite3_close_v2(handle) }

    func execute(_ sql: String) throws {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw Fault(code: code) }
    }

    /// The first column of the first row, as text.
    func text(_ sql: String) throws -> String? { try texts(sql, column: 0).first }

    /// One column of all rows, as text.
    func texts(_ sql: String, column: Int32) throws -> [String] {
        var statement: OpaquePointer?
        let code = sqlite3_prepare_v2(handle, sql, -1, &statement, nil)
        guard code == SQLITE_OK else { throw Fault(code: code) }
        defer { sqlite3_finalize(statement) }
        var texts: [String] = []
        while sqlite3_step(statement) == SQLITE_ROW {
            if let text = sqlite3_column_text(statement, column) { texts.append(String(cString: text)) }
        }
        return texts
    }
}
