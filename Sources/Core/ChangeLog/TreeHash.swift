package import BuntanProtocol

/// The two hashes of an RFC 6962 tree.
package enum TreeHash {
    /// SHA-256(0x00 ‖ bytes).
    package static func leaf(_ bytes: [UInt8]) -> Digest { Entry.leafHash(of: bytes) }

    /// SHA-256(0x01 ‖ left ‖ right).
    @inline(__always)
    package static func node(_ left: Digest, _ right: Digest) -> Digest {
        withUnsafeTemporaryAllocation(byteCount: 65, alignment: 8) { buffer in
            buffer[0] = 1
            left.store(into: buffer, at: 1)
            right.store(into: buffer, at: 33)
            return SHA.digest(UnsafeRawBufferPointer(buffer))
        }
    }
}
