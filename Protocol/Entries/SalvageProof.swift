/// Where an old entry stood in an epoch that has ended, and how the log's key vouched for it there (PROTOCOL.md section 7).
package struct SalvageProof: Hashable, Sendable {
    package let position: Int
    /// Entries of the tree that the checkpoint covers.
    package let size: Int
    /// The audit path of RFC 6962, leaf's sibling first.
    package let path: [Digest]
    /// The checkpoint over that tree, as a signed note.
    package let note: String

    package init(position: Int, size: Int, path: [Digest], note: String) {
        self.position = position
        self.size = size
        self.path = path
        self.note = note
    }

    package func encoded() -> [UInt8] {
        CBORWriter.encode(capacity: 1_024) { w in
            w.array(4)
            w.int(position)
            w.int(size)
            w.list(path) { $0.fixed($1) }
            w.text(note)
        }
    }

    package init(decoding bytes: [UInt8]) throws(DecodingFault) {
        self = try CBORReader.decode(bytes) { r throws(DecodingFault) in
            try r.array(of: 4)
            let position = try r.count()
            let size = try r.count()
            let path: [Digest] = try r.list(most: Limits.pathHashes) { r throws(DecodingFault) in try r.fixed() }
            return SalvageProof(position: position, size: size, path: path, note: try r.text(most: Limits.noteBytes))
        }
    }
}

extension Entry {
    /// The old entry that a salvaged one carries; any other is its own.
    package func unwrapped() throws(DecodingFault) -> Entry {
        guard kind == .salvaged else { return self }
        let old = try Entry(decoding: content)
        // What has been salvaged before is carried with its first proof; a genesis or a log key's word is never carried.
        guard old.kind == .change || old.kind == .statement else { throw DecodingFault(.outOfRange, at: 0) }
        return old
    }
}
