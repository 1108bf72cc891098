import Foundation
import Synchronization

/// A thread of a test's own: cooperative threads must not wait for one another, and these do.
package final class Worker: Sendable {
    private let outcome = Mutex<Result<Void, any Error>?>(nil)
    private let ended = DispatchSemaphore(value: 0)

    package init(_ body: @escaping @Sendable () throws -> Void) {
        let thread = Thread { [self] in
            let result = Result { try body() }
            outcome.withLock { $0 = result }
            ended.signal()
        }
        thread.start()
    }

    package var hasEnded: Bool { outcome.withLock { $0 != nil } }

    /// Waits for the end and throws what the body threw.
    package func join() throws {
        ended.wait()
        try outcome.withLock { $0 }?.get()
    }
}

/// Lets two threads wait for one another's words, numbered upwards.
package final class Conversation: Sendable {
    private let condition = NSCondition()
    private let said = Mutex(0)

    package init() {}

    package func say(_ word: Int) {
        condition.lock()
        said.withLock { $0 = max($0, word) }
        condition.broadcast()
        condition.unlock()
    }

    package func awaitWord(_ word: Int) {
        condition.lock()
        while said.withLock({ $0 }) < word { condition.wait() }
        condition.unlock()
    }
}
