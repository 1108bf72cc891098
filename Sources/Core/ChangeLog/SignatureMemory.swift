import BuntanProtocol
import Synchronization

/// Signatures that have been found good, so that a program which plays many parties looks at each of them once.
///
/// Whether a signature is good follows from its key and its message alone: who asks again gets the same answer sooner.
/// What is not known here is checked as ever, and what is bad is never kept. Programs of one party have no such memory.
package final class SignatureMemory: Sendable {
    /// The memory of whatever runs now; `nil` where nobody gave one.
    @TaskLocal package static var current: SignatureMemory?

    /// SHA-256 over key, signature and message: the first two have a fixed length.
    private let good: Mutex<Set<Digest>>

    package init() { good = Mutex([]) }

    /// A memory that begins with what another knows.
    package init(_ other: SignatureMemory) { good = Mutex(other.good.withLock { $0 }) }

    /// How many signatures it knows.
    package var count: Int { good.withLock { $0.count } }

    func isGood(_ signature: Signature, by key: PublicKey, message: [UInt8], check: () -> Bool) -> Bool {
        let name = SHA.digest(key.bytes + signature.bytes + message)
        if good.withLock({ $0.contains(name) }) { return true }
        guard check() else { return false }
        good.withLock { _ = $0.insert(name) }
        return true
    }
}
