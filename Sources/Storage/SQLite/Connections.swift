import GRDB
import Synchronization

/// The connections of one store: one that only reads, until something is first written.
///
/// Whoever opens for writing changes the file before a word is written, and waits for another writer. A command that reads
/// must do neither, and must work on a medium that takes no writes.
final class Connections: Sendable {
    private struct State {
        var reading: DatabaseQueue?
        var writing: DatabasePool?
    }

    // Before what writes: whoever is not closed lets go in this order, and the last connection tidies up.
    private let readers: ReadingConnections
    /// Guards which connections are open.
    private let state: Mutex<State>
    private let open: @Sendable () throws -> DatabasePool

    /// - Parameters:
    ///   - readers: what reads beside a connection that writes.
    ///   - open: opens the connections that write, when they are first asked for.
    init(reading: DatabaseQueue?, readers: ReadingConnections, open: @escaping @Sendable () throws -> DatabasePool) throws {
        self.open = open
        self.readers = readers
        state = Mutex(State(reading: reading, writing: reading == nil ? try open() : nil))
    }

    /// Reads outside of any transaction.
    func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
        let (reading, isWriting) = state.withLock { ($0.reading, $0.writing != nil) }
        if let reading, !isWriting { return try reading.unsafeRead(body) }
        // Whoever writes has made the file what it must be.
        if !isWriting { _ = try writer() }
        return try readers.read(body)
    }

    /// What reads for long, in a transaction of its own: it sees everything that was committed before.
    var reader: any DatabaseReader {
        get throws {
            let (reading, writing) = state.withLock { ($0.reading, $0.writing) }
            if let writing { return writing }
            if let reading { return reading }
            return try writer()
        }
    }

    func writer() throws -> DatabasePool {
        try state.withLock { state in
            if let pool = state.writing { return pool }
            let pool = try open()
            state.writing = pool
            return pool
        }
    }

    /// What writes, if anything has been written.
    var openWriter: DatabasePool? { state.withLock { $0.writing } }

    /// Hands over each connection that is open and that nobody uses at the moment.
    func each(_ body: (Database) throws -> Void) throws {
        let (reading, writing) = state.withLock { ($0.reading, $0.writing) }
        try reading?.unsafeRead(body)
        try writing?.writeWithoutTransaction(body)
        try readers.each(body)
    }

    func close() throws {
        let (reading, writing) = state.withLock { ($0.reading, $0.writing) }
        // In this order: the last connection tidies up, and only one that writes can. A pool would close its writer first, and
        // whoever opens the store next would read the whole log.
        try reading?.close()
        try readers.close()
        writing?.releaseMemory()
        try writing?.close()
    }
}
