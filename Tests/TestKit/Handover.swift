import Foundation

/// A value that threads hand to one another, by a lock that the thread sanitizer sees: that of the standard library it does not, and would
/// report all that is reached through the value.
final class Handover<Value>: @unchecked Sendable {
    /// Guards `value`, which nothing else reaches.
    private let lock = NSLock()
    private var value: Value

    init(_ value: Value) { self.value = value }

    func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try body(&value)
    }
}
