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
        while let taken = queue.take() {
            var rest = taken[...]
            while !rest.isEmpty { commit(&rest) }
            // Everybody has been answered; now there is time for this.
            store.checkpointIfDue()
        }
    }

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
        return transaction.applied
    }
}
