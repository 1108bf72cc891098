import Dispatch
import GRDB
import Synchronization

/// Connections that only read, kept for the next reading, each in one hand at a time.
///
/// The library's own pool asks each connection for the version of its schema before it is used, which is a small reading by
/// itself. Here nothing follows from it: the engine compiles statements anew where a schema has changed.
final class ReadingConnections: Sendable {
    private let open: @Sendable () throws -> DatabaseQueue
    private let most: Int
    /// As many as may be in use at once.
    private let places: DispatchSemaphore
    /// Guards which connections nobody uses at the moment; `nil` once all are closed.
    private let spare = Mutex<[DatabaseQueue]?>([])

    init(most: Int, open: @escaping @Sendable () throws -> DatabaseQueue) {
        self.open = open
        self.most = most
        places = DispatchSemaphore(value: most)
    }

    /// Reads on a connection that nobody else uses meanwhile; waits for one where all are in use.
    func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
        places.wait()
        defer { places.signal() }
        let connection =
            try spare.withLock { spare in
                guard spare != nil else { throw DatabaseError(resultCode: .SQLITE_MISUSE, message: "the connections are closed") }
                return spare?.popLast()
            } ?? open()
        defer { spare.withLock { $0?.append(connection) } }
        return try connection.unsafeRead(body)
    }

    /// Hands over each connection that nobody uses at the moment; none is taken for reading meanwhile.
    func each(_ body: (Database) throws -> Void) throws {
        try spare.withLock { spare in
            for connection in spare ?? [] { try connection.unsafeRead(body) }
        }
    }

    /// Closes all, once nobody reads any more.
    func close() throws {
        for _ in 0..<most { places.wait() }
        defer { for _ in 0..<most { places.signal() } }
        let connections = spare.withLock { spare in
            defer { spare = nil }
            return spare
        }
        for connection in connections ?? [] { try connection.close() }
    }
}
