package import BuntanProtocol

/// The right edge of a log's tree: all that is needed to append and to know the root.
///
/// It holds the roots of the complete subtrees that a size falls into, one for each bit of it, largest first:
/// ```
/// size 6 = 110₂        •           hashes = [root of entries 0…3, root of entries 4…5]
///                  ╱       ╲
///                •           •
///              ╱   ╲        ╱ ╲
///             •     •      4   5
///            0 1   2 3
/// ```
package struct LogFrontier: Hashable, Sendable {
    package private(set) var size: Int
    package private(set) var hashes: [Digest]

    /// The frontier of an empty log.
    package init() {
        size = 0
        hashes = []
    }

    /// Puts a frontier together from hashes that are known to be those of its complete subtrees.
    init(size: Int, hashes: [Digest]) {
        precondition(hashes.count == size.nonzeroBitCount, "A frontier has one hash for each bit of its size.")
        self.size = size
        self.hashes = hashes
    }

    /// Takes hashes that somebody else says are a frontier's; `nil` where their number cannot be.
    package init?(received hashes: [Digest], ofSize size: Int) {
        guard hashes.count == size.nonzeroBitCount else { return nil }
        self.init(size: size, hashes: hashes)
    }

    package mutating func append(_ leaf: Digest) {
        var hash = leaf
        // Each trailing one bit of the old size is a subtree that the new leaf completes.
        for _ in 0..<(~size).trailingZeroBitCount { hash = TreeHash.node(hashes.removeLast(), hash) }
        hashes.append(hash)
        size += 1
    }

    package mutating func append(contentsOf leaves: some Sequence<Digest>) {
        for leaf in leaves { append(leaf) }
    }

    /// The RFC 6962 root; SHA-256 of nothing for an empty log.
    package var root: Digest {
        guard var root = hashes.last else { return SHA.empty }
        for hash in hashes.dropLast().reversed() { root = TreeHash.node(hash, root) }
        return root
    }

    /// The layout `[size, [hash, …]]`.
    package func write(to w: inout CBORWriter) {
        w.array(2)
        w.int(size)
        w.list(hashes) { $0.fixed($1) }
    }

    package init(from r: inout CBORReader) throws(DecodingFault) {
        try r.array(of: 2)
        size = try r.count()
        let start = r.offset
        hashes = try r.list(most: 64) { r throws(DecodingFault) in try r.fixed() }
        guard hashes.count == size.nonzeroBitCount else { throw DecodingFault(.wrongLength, at: start) }
    }

    package func encoded() -> [UInt8] { CBORWriter.encode(capacity: 16 + hashes.count * 34) { write(to: &$0) } }

    package init(decoding bytes: [UInt8]) throws(DecodingFault) {
        self = try CBORReader.decode(bytes) { r throws(DecodingFault) in try LogFrontier(from: &r) }
    }
}
