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

    /// The RFC 6962 root over leaf hashes; SHA-256 of nothing where there are none.
    ///
    /// Level by level, an unpaired hash moving up as it is: that is the tree which splits at powers of two.
    package static func root(of leaves: [Digest]) -> Digest {
        var hashes = leaves
        var count = hashes.count
        guard count > 0 else { return SHA.empty }
        while count > 1 {
            for pair in 0..<count / 2 { hashes[pair] = node(hashes[2 * pair], hashes[2 * pair + 1]) }
            if count % 2 == 1 { hashes[count / 2] = hashes[count - 1] }
            count = (count + 1) / 2
        }
        return hashes[0]
    }
}
