import BuntanProtocol
import GRDB
import GRDBSQLite
import Storage
import Synchronization
import Syncing

/// What the writing thread of a `GroupCommitWriter` does.
final class CommitLoop: Sendable {
    private let store: SQLiteStore
    private let queue: WorkQueue
    private let limits: GroupCommitWriter.Limits
    private let ticks: @Sendable () -> Duration
    private let afterCommit: @Sendable ([SpaceID: SpaceStanding]) throws -> Void
    let tally = Mutex(GroupCommitWriter.Tally())

    init(
        store: SQLiteStore, queue: WorkQueue, limits: GroupCommitWriter.Limits, ticks: @escaping @Sendable () -> Duration,
        afterCommit: @escaping @Sendable ([SpaceID: SpaceStanding]) throws -> Void
    ) {
        self.store = store
        self.queue = queue
        self.limits = limits
        self.ticks = ticks
        self.afterCommit = afterCommit
    }

    func run() {
        var nextScrub = ticks()
        while let taken = queue.take() {
            var rest = taken[...]
            while !rest.isEmpty { commit(&rest) }
            // Everybody has been answered; now there is time for this.
            store.checkpointIfDue()
            scrubIfDue(&nextScrub)
        }
    }

    /// Rewrites the store's files where something was erased, and takes no more than a small part of the time for it: what an
    /// organisation erases must not keep the others waiting.
    private func scrubIfDue(_ nextScrub: inout Duration) {
        guard store.mayNeedScrub.load(ordering: .relaxed), ticks() >= nextScrub else { return }
        let start = ticks()
        // What cannot be done now, for a reader's sake or a full disk's, is tried again; so it is when the store is closed.
        _ = try? store.scrubIfDue()
        nextScrub = ticks() + (ticks() - start) * Self.shareOfScrubs
    }

    private static let shareOfScrubs = 20

    /// Makes one transaction of the first pieces of work, and answers them.
    private func commit(_ rest: inout ArraySlice<AnyPieceOfWork>) {
        var done: [(work: AnyPieceOfWork, error: (any Error)?)] = []
        do {
            var applied: [SpaceID: SpaceStanding] = [:]
            try store.connections.writer().writeWithoutTransaction { database in
                try store.inWriteTransaction(database) {
                    let start = ticks()
                    repeat {
                        guard let work = rest.popFirst() else { break }
                        done.append((work, nil))
                        do {
                            applied.merge(try runAlone(work, database)) { $1 }
                        } catch {
                            done[done.count - 1].error = error
                            // Some faults undo the whole transaction: then all in it share its fate.
                            guard sqlite3_get_autocommit(database.sqliteConnection) == 0 else { throw error }
                        }
                    } while done.count < limits.work && ticks() - start < .milliseconds(limits.milliseconds)
                }
            }
            try afterCommit(applied)
            tally.withLock {
                $0.commits += 1
                $0.work += done.count
            }
        } catch {
            // Without the lock not even the first piece was tried, and the others have waited as long as it has.
            if done.isEmpty {
                done = rest.map { ($0, error) }
                rest = []
            }
            for index in done.indices where done[index].error == nil { done[index].error = error }
        }
        for (work, error) in done { if let error { work.fail(error) } else { work.succeed() } }
    }

    private func runAlone(_ work: AnyPieceOfWork, _ database: Database) throws -> [SpaceID: SpaceStanding] {
        let transaction = SQLiteTransaction(database, indexing: store.indexing, cache: store.cache, isReading: false)
        defer { transaction.end() }
        try StorageFault.mapping(database.sqliteConnection) {
            try database.transaction(.part) { try work.run(transaction) }
        }
        if transaction.hasErased { store.mayNeedScrub.store(true, ordering: .relaxed) }
        return transaction.applied
    }
}
