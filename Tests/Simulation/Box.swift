import Synchronization

/// A value behind a lock, for closures that outlive the call that made them.
package final class Box<Value: Sendable>: Sendable {
    private let value: Mutex<Value>
    package init(_ value: Value) { self.value = Mutex(value) }
    package func with<Result: Sendable>(_ body: (inout Value) throws -> Result) rethrows -> Result { try value.withLock { try body(&$0) } }
}
