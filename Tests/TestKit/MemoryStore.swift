package import BuntanProtocol
import Foundation
import NIOConcurrencyHelpers
package import Storage
package import Syncing
import Synchronization

/// A promise between a store and those who use it that was not kept.
package struct BrokenPromise: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String
}

/// What a write throws whose process was made to die.
package struct SimulatedCrash: Error, Hashable, Sendable {
    package let point: CrashPoint

    package init(point: CrashPoint) { self.point = point }
}

/// Where in a write a process can die.
package enum CrashPoint: Hashable, Sendable, CaseIterable {
    /// All has been done and nothing is durable.
    case beforeCommit
    /// All is durable and nobody has been told.
    case afterCommit
}

/// A store in memory, stricter than the real ones: what they take on trust it checks.
///
/// Updates must fit the log hash by hash, transactions must not nest or outlive their closure. A broken promise is thrown
/// and kept in `violations`, so that code which swallows errors is found out all the same.
package final class MemoryStore: SpaceStore {
    package typealias Crash = @Sendable (CrashPoint) -> Bool
    package typealias Failure = @Sendable () -> StorageFault?
    package typealias Distortion = @Sendable (inout SpaceUpdate, any StoreReader) -> Void
    /// Returns what is shown from a position on of all the entries of a log.
    package typealias Showing = @Sendable (_ entries: [StoredEntry], _ position: Int) -> [StoredEntry]

    /// Behind a lock that the thread sanitizer sees: the standard library's it does not, and would report all that is reached through this.
    private let committed: NIOLockedValueBox<Shared<MemoryContents>>
    private let broken = Mutex<[BrokenPromise]>([])
    private let crash = Mutex<Crash?>(nil)
    private let failure = Mutex<Failure?>(nil)
    private let distortion = Mutex<Distortion?>(nil)
    private let showing = Mutex<Showing?>(nil)
    private let inside = Mutex<[UInt]>([])
    private let asked = Mutex(0)
    /// Writers take turns; readers copy what is committed and wait for nobody.
    private let turn = NSLock()
    private let indexing: any RecordIndexing

    package init(indexing: any RecordIndexing = PlainIndexing()) {
        self.indexing = indexing
        committed = NIOLockedValueBox(Shared(MemoryContents()))
    }

    private init(indexing: any RecordIndexing, contents: Shared<MemoryContents>) {
        self.indexing = indexing
        committed = NIOLockedValueBox(contents)
    }

    /// Another store with what is committed here now: a backup, a restored disk, a cloned machine.
    package func clone() -> MemoryStore { MemoryStore(indexing: indexing, contents: committed.withLockedValue { $0 }) }

    /// Asked at each point of each write whether the process dies there.
    package func crashes(when crash: Crash?) { self.crash.withLock { $0 = crash } }

    /// Asked at the end of each write for a fault that keeps it from becoming durable: a full disk, another writer.
    package func fails(with failure: Failure?) { self.failure.withLock { $0 = failure } }

    /// Makes this store a broken one: every update is changed behind the back of whoever wrote it. For negative controls.
    package func distorts(_ distortion: Distortion?) { self.distortion.withLock { $0 = distortion } }

    /// Makes this store a broken one: whoever asks for entries is shown others, or in another order. For negative controls.
    package func shows(_ showing: Showing?) { self.showing.withLock { $0 = showing } }

    /// The bytes of everything that is committed here, piece by piece: for searches for what must not be here.
    package var heldBytes: [[UInt8]] { committed.withLockedValue { $0 }.value.heldBytes }

    /// How many entries each space that is committed here has.
    package var sizes: [SpaceID: Int] { committed.withLockedValue { $0 }.value.spaces.mapValues { $0.value.entries.count } }

    /// The same number as long as no log that is committed here has changed, and another in any other store that has other logs.
    package var logsMark: Int { committed.withLockedValue { $0 }.value.logsMark }

    /// How often anything has been read here, in all transactions since the store was made, an entry or a record being one each:
    /// the work that an answer took.
    package var questions: Int { asked.withLock { $0 } }

    package var violations: [BrokenPromise] { broken.withLock { $0 } }

    package func read<Result>(_ body: (any StoreReader) throws -> Result) throws -> Result {
        try alone {
            let transaction = MemoryTransaction(committed.withLockedValue { $0 }, indexing: indexing, isWriting: false) {
                self.violated($0)
            }
            transaction.showing = showing.withLock { $0 }
            defer { end(transaction) }
            return try body(transaction)
        }
    }

    /// Returns how many states of each kind a reading is handed.
    package func statesRead(_ body: (any StoreReader) throws -> Void) throws -> [String: Int] {
        try read { reader in
            guard let transaction = reader as? MemoryTransaction else { throw violated("A store in memory reads through something else.") }
            transaction.countsStates = true
            try body(transaction)
            return transaction.statesRead
        }
    }

    package func write<Result>(_ body: (any StoreWriter) throws -> Result) throws -> Result {
        try alone {
            turn.lock()
            defer { turn.unlock() }
            let transaction = MemoryTransaction(committed.withLockedValue { $0 }, indexing: indexing, isWriting: true) { self.violated($0) }
            transaction.distortion = distortion.withLock { $0 }
            defer { end(transaction) }
            let result = try body(transaction)
            if let fault = failure.withLock({ $0 })?() { throw fault }
            try dieIfTold(.beforeCommit)
            let contents = transaction.contents
            committed.withLockedValue { $0 = contents }
            try dieIfTold(.afterCommit)
            return result
        }
    }

    private func end(_ transaction: MemoryTransaction) {
        transaction.end()
        asked.withLock { $0 += transaction.questions }
    }

    private func dieIfTold(_ point: CrashPoint) throws {
        guard let crash = crash.withLock({ $0 }), crash(point) else { return }
        throw SimulatedCrash(point: point)
    }

    /// Sees to it that no thread is in two transactions at once: real stores would wait for themselves for ever.
    private func alone<Result>(_ body: () throws -> Result) throws -> Result {
        let thread = UInt(pthread_self())
        let isAlone = inside.withLock { threads in
            guard !threads.contains(thread) else { return false }
            threads.append(thread)
            return true
        }
        guard isAlone else { throw violated("A transaction was begun inside another.") }
        defer { inside.withLock { $0.removeAll { $0 == thread } } }
        return try body()
    }

    private func violated(_ sentence: String) -> BrokenPromise {
        let promise = BrokenPromise(description: sentence)
        broken.withLock { $0.append(promise) }
        return promise
    }
}
