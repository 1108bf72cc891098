import Foundation
import Storage
import Synchronization

/// Work that waits for the writing thread, of whatever result.
class AnyPieceOfWork {
    func run(_ writer: any StoreWriter) throws { preconditionFailure("Each piece of work says how it runs.") }
    func succeed() { preconditionFailure("Each piece of work has an answer.") }
    func fail(_ error: any Error) { preconditionFailure("Each piece of work has an answer.") }
}

final class PieceOfWork<Result: Sendable>: AnyPieceOfWork {
    private let body: @Sendable (any StoreWriter) throws -> Result
    private let continuation: CheckedContinuation<Result, any Error>
    private var result: Result?

    init(body: @escaping @Sendable (any StoreWriter) throws -> Result, continuation: CheckedContinuation<Result, any Error>) {
        self.body = body
        self.continuation = continuation
    }

    override func run(_ writer: any StoreWriter) throws { result = try body(writer) }

    override func succeed() {
        guard let result else { preconditionFailure("Only work that ran succeeds.") }
        continuation.resume(returning: result)
    }

    override func fail(_ error: any Error) { continuation.resume(throwing: error) }
}

/// A bounded line of work between many callers and one thread.
// `condition` guards all three variables; a piece of work is touched by its caller before it is appended and by the
// taking thread afterwards, never by both.
final class WorkQueue: @unchecked Sendable {
    private let condition = NSCondition()
    private let limit: Int
    private var waiting: [AnyPieceOfWork] = []
    private var stopped: [@Sendable () -> Void] = []
    private var isStopping = false
    private var hasEnded = false

    init(limit: Int) { self.limit = limit }

    /// Puts work in line; false if the line is full or closed.
    func append(_ work: AnyPieceOfWork) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        guard !isStopping, waiting.count < limit else { return false }
        waiting.append(work)
        condition.signal()
        return true
    }

    /// Takes everything in line, waiting for something to be there; `nil` once the line is closed and empty.
    func take() -> [AnyPieceOfWork]? {
        condition.lock()
        while waiting.isEmpty, !isStopping { condition.wait() }
        let taken = waiting
        waiting = []
        guard taken.isEmpty else {
            condition.unlock()
            return taken
        }
        hasEnded = true
        let callbacks = stopped
        stopped = []
        condition.unlock()
        for callback in callbacks { callback() }
        return nil
    }

    /// Closes the line and calls back once all in it has been done.
    func stop(_ callback: @escaping @Sendable () -> Void) {
        condition.lock()
        isStopping = true
        let isOver = hasEnded
        if !isOver { stopped.append(callback) }
        condition.broadcast()
        condition.unlock()
        if isOver { callback() }
    }
}
