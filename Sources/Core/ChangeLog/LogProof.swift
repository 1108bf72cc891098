package import BuntanProtocol

/// Checks proofs about a log that the checker does not hold (RFC 9162 sections 2.1.3.2 and 2.1.4.2).
package enum LogProof {
    package static let mostHashes = Limits.pathHashes

    /// Returns whether `leaf` is the hash of the entry at `position` in the tree of `size` entries with this root.
    package static func includes(_ leaf: Digest, at position: Int, size: Int, proof: [Digest], root: Digest) -> Bool {
        guard position >= 0, position < size else { return false }
        var node = position
        var last = size - 1
        var hash = leaf
        for sibling in proof {
            guard last != 0 else { return false }
            if node & 1 == 1 || node == last {
                hash = TreeHash.node(sibling, hash)
                // A node without right sibling stands unchanged on the levels above until it becomes a right child.
                while node & 1 == 0, node != 0 {
                    node >>= 1
                    last >>= 1
                }
            } else {
                hash = TreeHash.node(hash, sibling)
            }
            node >>= 1
            last >>= 1
        }
        return last == 0 && hash == root
    }

    /// Returns whether the tree of `oldSize` entries with `oldRoot` is a prefix of the tree of `newSize` entries with `newRoot`.
    package static func isConsistent(
        oldSize: Int, oldRoot: Digest, newSize: Int, newRoot: Digest, proof: [Digest]
    ) -> Bool {
        guard oldSize >= 0, oldSize <= newSize else { return false }
        if oldSize == newSize { return proof.isEmpty && oldRoot == newRoot }
        if oldSize == 0 { return proof.isEmpty && oldRoot == SHA.empty }
        // A complete subtree that begins the log is left out of the proof, being the old root itself.
        var path = oldSize & (oldSize - 1) == 0 ? [oldRoot] + proof : proof
        guard !path.isEmpty else { return false }
        var node = oldSize - 1
        var last = newSize - 1
        while node & 1 == 1 {
            node >>= 1
            last >>= 1
        }
        var old = path.removeFirst()
        var new = old
        for hash in path {
            guard last != 0 else { return false }
            if node & 1 == 1 || node == last {
                old = TreeHash.node(hash, old)
                new = TreeHash.node(hash, new)
                while node & 1 == 0, node != 0 {
                    node >>= 1
                    last >>= 1
                }
            } else {
                new = TreeHash.node(new, hash)
            }
            node >>= 1
            last >>= 1
        }
        return last == 0 && old == oldRoot && new == newRoot
    }
}
