import BuntanProtocol
import ChangeLog
import GRDB
import Merging
import Storage
import Syncing

/// One transaction on a SQLite store: what `read` and `write` hand to their closures.
///
/// It is used by one thread, between the start and the end of its closure. A reading one sits on a connection that cannot
/// write.
final class SQLiteTransaction {
    private let connection: Database
    private var isOpen = true
    let indexing: any RecordIndexing
    /// What is remembered of committed standings; `nil` where bytes are to be read anew.
    let cache: StandingCache?
    /// Whether everything that this transaction sees has been committed.
    let isReading: Bool
    /// What this transaction has read, if it only reads: it sees one moment, and a sync asks for the same again and again.
    private var standingsRead: [SpaceID: SpaceStanding?] = [:]
    private var valuesRead: [String: [UInt8]?] = [:]
    /// Where the spaces stand that this transaction has written to.
    private(set) var applied: [SpaceID: SpaceStanding] = [:]

    /// Whether this transaction has erased anything.
    var hasErased = false

    init(_ connection: Database, indexing: any RecordIndexing, cache: StandingCache?, isReading: Bool) {
        self.connection = connection
        self.indexing = indexing
        self.cache = cache
        self.isReading = isReading
    }

    var database: Database {
        precondition(isOpen, "A transaction is used after its closure has returned.")
        return connection
    }

    func end() { isOpen = false }

    /// What was read of a space before, or is now.
    func once(_ space: SpaceID, _ read: () throws -> SpaceStanding?) throws -> SpaceStanding? {
        guard isReading else { return try read() }
        if let known = standingsRead[space] { return known }
        let standing = try read()
        standingsRead[space] = .some(standing)
        return standing
    }

    /// The same of a value.
    func once(_ name: String, _ read: () throws -> [UInt8]?) throws -> [UInt8]? {
        guard isReading else { return try read() }
        if let known = valuesRead[name] { return known }
        let value = try read()
        valuesRead[name] = .some(value)
        return value
    }

    func noteApplied(_ standing: SpaceStanding) { applied[standing.id] = standing }

    /// Decodes what the store holds; bytes that do not decode have changed since they were written.
    func decoded<Value>(_ what: @autoclosure () -> String, _ body: () throws(DecodingFault) -> Value) throws -> Value {
        try Self.decoded(what(), body)
    }

    static func decoded<Value>(_ what: @autoclosure () -> String, _ body: () throws(DecodingFault) -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            throw StorageFault.damaged("\(what()): \(error.reason.rawValue) at \(error.offset)")
        }
    }
}

extension SQLiteTransaction: StoreWriter {}
