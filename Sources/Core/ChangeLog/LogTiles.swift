package import BuntanProtocol

/// Names a tile: up to 256 hashes that stand side by side in a log's tree.
///
/// Tile `index` of level L holds hashes number 256·index and on, each the root of a complete subtree of 256^L entries.
/// So level 0 holds leaf hashes, and a full tile's own root is one hash of the level above.
package struct TileID: Hashable, Comparable, Sendable {
    package let level: Int
    package let index: Int

    package init(level: Int, index: Int) {
        self.level = level
        self.index = index
    }

    package static func < (a: Self, b: Self) -> Bool { a.level != b.level ? a.level < b.level : a.index < b.index }
}

/// A stored tree lacks what its size says it has.
package enum TileFault: Error, Hashable, Sendable {
    /// The tile is absent or holds fewer hashes than the size asks for.
    case missing(TileID, hashes: Int)
}

/// The arithmetic of a tree kept as tiles: 256 hashes a row instead of a row a hash.
package enum LogTiles {
    package static let width = 256
    static let height = 8

    /// Looks a stored tile up: its hashes of 32 bytes each, one after another.
    package typealias Lookup = (TileID) throws -> [UInt8]?

    /// Returns the tiles that appending `leaves` to a log of `size` entries makes or changes, whole, in order.
    ///
    /// At each level only the one partial tile is read. Hashes in it beyond those that `size` accounts for are dropped:
    /// they are what a crash or a cut has left.
    package static func appending(_ leaves: [Digest], toLogOf size: Int, tile: Lookup) throws -> [(TileID, [UInt8])] {
        var changed: [(TileID, [UInt8])] = []
        var level = 0
        var start = size
        var hashes = leaves
        while !hashes.isEmpty {
            var above: [Digest] = []
            var next = hashes.startIndex
            var position = start
            while next < hashes.endIndex {
                let id = TileID(level: level, index: position / width)
                let held = position % width
                var bytes = held == 0 ? [] : try stored(id, hashes: held, tile)
                bytes.removeLast(bytes.count - held * 32)
                let count = min(width - held, hashes.endIndex - next)
                bytes.reserveCapacity((held + count) * 32)
                for hash in hashes[next..<next + count] { bytes.append(contentsOf: hash.bytes) }
                if held + count == width { above.append(root(of: bytes, 0..<width)) }
                changed.append((id, bytes))
                next += count
                position += count
            }
            level += 1
            start /= width
            hashes = above
        }
        return changed
    }

    /// Returns the root that a log had, or has, at a size.
    package static func root(ofSize size: Int, tile: Lookup) throws -> Digest {
        var reader = Reader()
        return size == 0 ? SHA.empty : try reader.hash(of: 0..<size, tile)
    }

    /// Returns the frontier that a log had, or has, at a size.
    package static func frontier(ofSize size: Int, tile: Lookup) throws -> LogFrontier {
        var reader = Reader()
        return LogFrontier(size: size, hashes: try completeSubtrees(of: size).map { try reader.hash(of: $0, tile) })
    }

    /// Returns the RFC 6962 audit path of the entry at `position` in the tree of the first `size` entries, leaf's sibling first.
    package static func inclusionProof(position: Int, size: Int, tile: Lookup) throws -> [Digest] {
        precondition(position >= 0 && position < size, "Only an entry of the tree has a path in it.")
        var reader = Reader()
        var siblings: [Range<Int>] = []
        var range = 0..<size
        while range.count > 1 {
            let middle = range.lowerBound + split(range.count)
            siblings.append(position < middle ? middle..<range.upperBound : range.lowerBound..<middle)
            range = position < middle ? range.lowerBound..<middle : middle..<range.upperBound
        }
        return try siblings.reversed().map { try reader.hash(of: $0, tile) }
    }

    /// Returns the RFC 6962 proof that the tree of `from` entries is a prefix of the tree of `to` entries.
    package static func consistencyProof(from: Int, to: Int, tile: Lookup) throws -> [Digest] {
        precondition(from >= 0 && from <= to, "A log only grows.")
        guard from > 0, from < to else { return [] }
        var reader = Reader()
        var parts: [Range<Int>] = []
        var range = 0..<to
        while range.upperBound != from {
            let middle = range.lowerBound + split(range.count)
            parts.append(from <= middle ? middle..<range.upperBound : range.lowerBound..<middle)
            range = from <= middle ? range.lowerBound..<middle : middle..<range.upperBound
        }
        // The verifier knows the old root; a subtree that begins the log is that root, others must be told.
        if range.lowerBound > 0 { parts.append(range) }
        return try parts.reversed().map { try reader.hash(of: $0, tile) }
    }

    /// The largest power of two below `count`: where RFC 6962 splits a tree.
    static func split(_ count: Int) -> Int { 1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount) }

    /// The ranges of entries under the hashes of a frontier.
    static func completeSubtrees(of size: Int) -> [Range<Int>] {
        var start = 0
        var ranges: [Range<Int>] = []
        for bit in stride(from: Int.bitWidth - 2, through: 0, by: -1) where size & (1 << bit) != 0 {
            ranges.append(start..<start + 1 << bit)
            start += 1 << bit
        }
        return ranges
    }

    private static func stored(_ id: TileID, hashes: Int, _ tile: Lookup) throws -> [UInt8] {
        guard let bytes = try tile(id), bytes.count >= hashes * 32, bytes.count % 32 == 0 else {
            throw TileFault.missing(id, hashes: hashes)
        }
        return bytes
    }

    /// The root over consecutive hashes of one tile, whose number is a power of two.
    private static func root(of bytes: [UInt8], _ range: Range<Int>) -> Digest {
        var hashes = bytes.withUnsafeBytes { buffer in range.map { Digest(loadingFrom: buffer, at: $0 * 32) } }
        while hashes.count > 1 {
            for i in 0..<hashes.count / 2 { hashes[i] = TreeHash.node(hashes[2 * i], hashes[2 * i + 1]) }
            hashes.removeLast(hashes.count / 2)
        }
        return hashes[0]
    }

    /// Reads each tile once for one question.
    private struct Reader {
        private var read: [TileID: [UInt8]] = [:]

        /// The RFC 6962 hash of a range as RFC 6962 splits them: aligned to the power of two that covers it.
        mutating func hash(of range: Range<Int>, _ tile: Lookup) throws -> Digest {
            let count = range.count
            guard count & (count - 1) == 0 else {
                let middle = range.lowerBound + split(count)
                return TreeHash.node(try hash(of: range.lowerBound..<middle, tile), try hash(of: middle..<range.upperBound, tile))
            }
            let exponent = count.trailingZeroBitCount
            let level = exponent / height
            let inTile = 1 << (exponent % height)
            let first = range.lowerBound >> (level * height)
            let id = TileID(level: level, index: first / width)
            let offset = first % width
            let bytes: [UInt8]
            if let known = read[id], known.count >= (offset + inTile) * 32 {
                bytes = known
            } else {
                bytes = try stored(id, hashes: offset + inTile, tile)
                read[id] = bytes
            }
            return root(of: bytes, offset..<offset + inTile)
        }
    }
}
