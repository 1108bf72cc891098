/// An epoch of a log that has ended: what followed its first `size` entries is lost (PROTOCOL.md section 7).
package struct EndedEpoch: Hashable, Sendable {
    package let epoch: Int
    /// The entries that the log and its next epoch have in common; the entry after them says that the epoch has ended.
    package let size: Int
    package let root: Digest

    package init(epoch: Int, size: Int, root: Digest) {
        self.epoch = epoch
        self.size = size
        self.root = root
    }

    package func write(to w: inout CBORWriter) {
        w.array(3)
        w.int(epoch)
        w.int(size)
        w.fixed(root)
    }

    package init(from r: inout CBORReader) throws(DecodingFault) {
        try r.array(of: 3)
        self.init(epoch: try r.count(), size: try r.count(), root: try r.fixed())
    }
}
