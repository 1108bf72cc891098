package import BuntanProtocol
import Foundation
package import Storage
import Synchronization
package import Syncing

/// Writes for many callers at once: what queues up while one transaction is being made durable is the next one.
///
/// ```
///   callers      queue            the writing thread
///   A ───────▶ [ A B C ] ──────▶  begin · A in a savepoint · B … · C … · commit · afterCommit · answer A, B, C
///   B ───────▶ [ D ]              begin · D …
/// ```
/// Each piece of work stands alone: what it throws undoes its own savepoint and nobody else's. Nobody is answered before
/// the commit is durable and `afterCommit` has returned.
package final class GroupCommitWriter: Sendable {
    package struct Limits: Sendable {
        /// Pieces of work in one transaction.
        package var work: Int
        /// How long one transaction takes in work before it commits, so that the first in it need not wait for many.
        package var milliseconds: Double
        /// Pieces that may wait; beyond it callers are told that the store is busy.
        package var waiting: Int

        package init(work: Int = 200, milliseconds: Double = 2, waiting: Int = 4_096) {
            self.work = work
            self.milliseconds = milliseconds
            self.waiting = waiting
        }
    }

    /// Commits and the pieces of work in them since the start.
    package struct Tally: Hashable, Sendable {
        package var commits = 0
        package var work = 0
    }

    private let queue: WorkQueue
    private let loop: CommitLoop

    /// Starts the writing thread.
    ///
    /// `afterCommit` is told where the spaces stand that a transaction wrote to, after it is durable and before anybody is
    /// answered; if it throws, all in that transaction get its error, though their work stands. `ticks` is a clock that only
    /// goes forward.
    package init(
        _ store: SQLiteStore, limits: Limits = Limits(),
        afterCommit: @escaping @Sendable ([SpaceID: SpaceStanding]) throws -> Void = { _ in },
        ticks: @escaping @Sendable () -> Duration = GroupCommitWriter.systemTicks
    ) {
        queue = WorkQueue(limit: limits.waiting)
        loop = CommitLoop(store: store, queue: queue, limits: limits, ticks: ticks, afterCommit: afterCommit)
        let thread = Thread { [loop] in loop.run() }
        thread.name = "writer"
        thread.start()
    }

    /// Time since this program first asked.
    package static let systemTicks: @Sendable () -> Duration = {
        let start = ContinuousClock.now
        return { start.duration(to: .now) }
    }()

    deinit { queue.stop {} }

    /// Does a piece of work in the next transaction and returns once that is durable.
    ///
    /// Throws `StorageFault.busy` without waiting if too many wait already or the writer has been stopped.
    package func write<Result: Sendable>(_ body: @escaping @Sendable (any StoreWriter) throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let work = PieceOfWork(body: body, continuation: continuation)
            if !queue.append(work) { continuation.resume(throwing: StorageFault.busy(holder: nil)) }
        }
    }

    /// Finishes what has been taken and ends; nothing more is taken.
    package func stop() async {
        await withCheckedContinuation { continuation in queue.stop { continuation.resume() } }
    }

    package var tally: Tally { loop.tally.withLock { $0 } }
}
