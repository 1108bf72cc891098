import BuntanProtocol
import Synchronization

/// Signatures that have been made, and signatures and changes that have been found good, so that a program which plays many
/// parties does each once.
///
/// A signature follows from its key and its message alone (RFC 8032), and so does whether it is good; what can be said of a
/// change without its log follows from its bytes, signature and payload. Who asks again gets the same answer sooner. What is
/// not known here is done as ever, and what is bad is never kept. Programs of one party have no such memory.
package final class SignatureMemory: Sendable {
    /// The memory of whatever runs now; `nil` where nobody gave one.
    @TaskLocal package static var current: SignatureMemory?

    /// By SHA-256 over key and message: the first has a fixed length.
    private let good: Mutex<[Digest: Signature]>
    private let made: Mutex<[Digest: Signature]>
    private let changes: Mutex<[Digest: CheckedChange]>
    /// Whether a signature that was made here, byte for byte, is good without being looked at.
    private let trustsMade: Bool

    package init() {
        good = Mutex([:])
        made = Mutex([:])
        changes = Mutex([:])
        trustsMade = false
    }

    /// A memory that begins with what another knows.
    package init(_ other: SignatureMemory, trustsMade: Bool = false) {
        good = Mutex(other.good.withLock { $0 })
        made = Mutex(other.made.withLock { $0 })
        changes = Mutex(other.changes.withLock { $0 })
        self.trustsMade = trustsMade
    }

    /// How many signatures it knows to be good.
    package var count: Int { good.withLock { $0.count } }

    /// How many changes it knows to be good.
    package var changeCount: Int { changes.withLock { $0.count } }

    func change(
        _ signed: SignedChange, _ form: ChangeCheck.PayloadForm, check: () throws(Refusal) -> CheckedChange
    ) throws(Refusal) -> CheckedChange {
        let name = Self.name(signed, form)
        if let known = changes.withLock({ $0[name] }) { return known }
        let checked = try check()
        changes.withLock { $0[name] = checked }
        return checked
    }

    /// SHA-256 over all that a check looks at: where each part begins is told by what comes before it.
    private static func name(_ signed: SignedChange, _ form: ChangeCheck.PayloadForm) -> Digest {
        var content: [UInt8] = [form == .whole ? 0 : 1]
        content.reserveCapacity(9 + 64 + signed.bytes.count + signed.payload.count)
        withUnsafeBytes(of: UInt64(signed.bytes.count)) { content.append(contentsOf: $0) }
        content += signed.signature.bytes
        content += signed.bytes
        content += signed.payload
        return SHA.digest(content)
    }

    private static func name(_ key: PublicKey, _ message: [UInt8]) -> Digest { SHA.digest(key.bytes + message) }

    func isGood(_ signature: Signature, by key: PublicKey, message: [UInt8], check: () -> Bool) -> Bool {
        let name = Self.name(key, message)
        if good.withLock({ $0[name] }) == signature { return true }
        guard check() else { return false }
        good.withLock { $0[name] = signature }
        return true
    }

    func signature(by key: PublicKey, message: [UInt8], sign: () -> Signature) -> Signature {
        let name = Self.name(key, message)
        if let known = made.withLock({ $0[name] }) { return known }
        let signature = sign()
        made.withLock { $0[name] = signature }
        if trustsMade { good.withLock { $0[name] = signature } }
        return signature
    }
}
