import BuntanProtocol
import GRDB
import GRDBSQLite
import Storage

/// What SQLite is told to copy before a call returns.
private nonisolated(unsafe) let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

/// A value that a statement takes as a parameter.
protocol Bindable {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32
}

extension Int: Bindable {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 { sqlite3_bind_int64(statement, index, Int64(self)) }
}
extension Int64: Bindable {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 { sqlite3_bind_int64(statement, index, self) }
}
extension Bool: Bindable {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 { sqlite3_bind_int64(statement, index, self ? 1 : 0) }
}
extension String: Bindable {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        var text = self
        return text.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) {
                // No address stands for no characters; a null address would bind NULL.
                guard let start = $0.baseAddress else { return sqlite3_bind_text(statement, index, "", 0, transient) }
                return sqlite3_bind_text(statement, index, start, Int32($0.count), transient)
            }
        }
    }
}
extension [UInt8]: Bindable {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        withUnsafeBytes { buffer in
            guard let start = buffer.baseAddress, buffer.count > 0 else { return sqlite3_bind_zeroblob(statement, index, 0) }
            return sqlite3_bind_blob64(statement, index, start, UInt64(buffer.count), transient)
        }
    }
}
extension Identifier: Bindable {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        var words = (high.bigEndian, low.bigEndian)
        return withUnsafeBytes(of: &words) { sqlite3_bind_blob(statement, index, $0.baseAddress, 16, transient) }
    }
}
extension Fixed32: Bindable {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        var words = (word0.bigEndian, word1.bigEndian, word2.bigEndian, word3.bigEndian)
        return withUnsafeBytes(of: &words) { sqlite3_bind_blob(statement, index, $0.baseAddress, 32, transient) }
    }
}
extension Optional: Bindable where Wrapped: Bindable {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        self?.bind(to: statement, at: index) ?? sqlite3_bind_null(statement, index)
    }
}

/// A cached statement of one connection, stepped through the engine's own interface: arrays of bytes go in and out without
/// a stop at `Data`.
struct Statement {
    private let handle: OpaquePointer
    private let connection: OpaquePointer?

    init(_ sql: String, on database: Database) throws {
        handle = try database.cachedStatement(sql: sql).sqliteStatement
        connection = database.sqliteConnection
    }

    /// Runs a statement that begins or ends a transaction.
    func execute() throws {
        defer { reset() }
        while try step() {}
    }

    /// Runs a statement that writes.
    func run<each Value: Bindable>(_ values: repeat each Value) throws {
        // Some faults undo the whole transaction behind our back; what follows must not commit on its own.
        guard sqlite3_get_autocommit(connection) == 0 else {
            throw StorageFault.engine(code: SQLITE_ABORT, "the transaction has been undone")
        }
        defer { reset() }
        try bind(repeat each values)
        guard try !step() else { throw StorageFault.engine(code: SQLITE_MISUSE, "a writing statement gave rows") }
    }

    /// Rows that the last `run` changed.
    var changes: Int { Int(sqlite3_changes64(connection)) }

    /// Hands over rows one by one until `body` returns false.
    func rows<each Value: Bindable>(_ values: repeat each Value, body: (Row) throws -> Bool) throws {
        defer { reset() }
        try bind(repeat each values)
        while try step() { if try !body(Row(handle: handle)) { return } }
    }

    private func bind<each Value: Bindable>(_ values: repeat each Value) throws {
        var index: Int32 = 0
        for value in repeat each values {
            index += 1
            guard value.bind(to: handle, at: index) == SQLITE_OK else { throw StorageFault(of: connection) }
        }
    }

    private func step() throws -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw StorageFault(of: connection)
        }
    }

    private func reset() {
        // The code repeats the last step's, which has been told already.
        _ = sqlite3_reset(handle)
        _ = sqlite3_clear_bindings(handle)
    }

    /// The row that a statement stands on; gone with the next step.
    struct Row {
        fileprivate let handle: OpaquePointer

        func int(_ column: Int32) -> Int { Int(sqlite3_column_int64(handle, column)) }
        func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

        func bytes(_ column: Int32) -> [UInt8] { [UInt8](buffer(column)) }

        /// The engine's own bytes, gone with the next step.
        func buffer(_ column: Int32) -> UnsafeRawBufferPointer {
            guard let start = sqlite3_column_blob(handle, column) else { return UnsafeRawBufferPointer(start: nil, count: 0) }
            return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
        }

        func text(_ column: Int32) throws -> String {
            guard let start = sqlite3_column_text(handle, column) else { return "" }
            let utf8 = UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
            guard let text = String(validating: utf8, as: UTF8.self) else { throw StorageFault.damaged("text in column \(column)") }
            return text
        }

        func id<Subject>(_ column: Int32) throws -> Identifier<Subject> {
            guard let start = sqlite3_column_blob(handle, column), sqlite3_column_bytes(handle, column) == 16 else {
                throw StorageFault.damaged("an id of \(sqlite3_column_bytes(handle, column)) bytes")
            }
            return Identifier(
                high: UInt64(bigEndian: start.loadUnaligned(as: UInt64.self)),
                low: UInt64(bigEndian: start.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
        }

        func fixed<Subject>(_ column: Int32) throws -> Fixed32<Subject> {
            guard let start = sqlite3_column_blob(handle, column), sqlite3_column_bytes(handle, column) == 32 else {
                throw StorageFault.damaged("a digest or key of \(sqlite3_column_bytes(handle, column)) bytes")
            }
            return Fixed32(loadingFrom: UnsafeRawBufferPointer(start: start, count: 32))
        }

        func signature(_ column: Int32) throws -> Signature {
            guard let signature = Signature(bytes(column)) else {
                throw StorageFault.damaged("a signature of \(sqlite3_column_bytes(handle, column)) bytes")
            }
            return signature
        }

        func optional<Value>(_ column: Int32, _ value: (Int32) throws -> Value) rethrows -> Value? {
            isNull(column) ? nil : try value(column)
        }
    }
}

extension Database {
    func run<each Value: Bindable>(_ sql: String, _ values: repeat each Value) throws {
        try Statement(sql, on: self).run(repeat each values)
    }

    /// The number in the first row, 0 if there is none. The library's own way costs a start some milliseconds of looking for
    /// how types conform.
    func number(_ sql: String) throws -> Int { try first(sql) { $0.int(0) } ?? 0 }

    /// The first row, or `nil` if there is none.
    func first<each Value: Bindable, Result>(
        _ sql: String, _ values: repeat each Value, map: (Statement.Row) throws -> Result
    ) throws -> Result? {
        var result: Result?
        try Statement(sql, on: self).rows(repeat each values) { row in
            result = try map(row)
            return false
        }
        return result
    }

    func all<each Value: Bindable, Result>(
        _ sql: String, _ values: repeat each Value, map: (Statement.Row) throws -> Result
    ) throws -> [Result] {
        var results: [Result] = []
        try Statement(sql, on: self).rows(repeat each values) { row in
            results.append(try map(row))
            return true
        }
        return results
    }
}
