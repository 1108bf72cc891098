/// An entry as it travels: its bytes, and its payload where it has one.
package struct CarriedEntry: Hashable, Sendable {
    package let entry: [UInt8]
    package let payload: [UInt8]?

    package init(entry: [UInt8], payload: [UInt8]?) {
        self.entry = entry
        self.payload = payload
    }
    package func write(to w: inout CBORWriter) {
        w.array(2)
        w.byteString(entry)
        w.optional(payload) { $0.byteString($1) }
    }
    package init(from r: inout CBORReader) throws(DecodingFault) {
        try r.array(of: 2)
        entry = Array(try r.byteString())
        payload = try r.optional { r throws(DecodingFault) in Array(try r.byteString()) }
    }
}

/// Entries of a log that follow one another, and a checkpoint over the log up to the last of them.
package struct LogPage: Message, Hashable {
    package let entries: [CarriedEntry]
    /// The checkpoint at the page's end, as a signed note.
    package let note: String
    package let more: Bool

    package init(entries: [CarriedEntry], note: String, more: Bool) {
        self.entries = entries
        self.note = note
        self.more = more
    }
    package func write(to w: inout CBORWriter) {
        w.map(3)
        w.key(1)
        w.list(entries) { $1.write(to: &$0) }
        w.key(2)
        w.text(note)
        w.key(3)
        w.bool(more)
    }
    package init(from r: inout CBORReader) throws(DecodingFault) {
        var m = try r.map()
        try r.key(1, &m)
        entries = try r.list(most: Limits.entriesPerPage) { r throws(DecodingFault) in try CarriedEntry(from: &r) }
        try r.key(2, &m)
        note = try r.text(most: Limits.noteBytes)
        try r.key(3, &m)
        more = try r.bool()
        try r.skipRest(&m)
    }
}

package struct PullRequest: Request, Hashable {
    package typealias Answer = LogPage
    package static let method = Method.pull
    package let space: SpaceID
    package let epoch: Int
    /// What the client holds; from nothing: epoch 0, size 0, root SHA-256("").
    package let size: Int
    package let root: Digest
    package let maxBytes: Int

    package init(space: SpaceID, epoch: Int, size: Int, root: Digest, maxBytes: Int = Limits.pageBytes) {
        self.space = space
        self.epoch = epoch
        self.size = size
        self.root = root
        self.maxBytes = maxBytes
    }
    /// Asks for what follows on what the client holds.
    package init(space: SpaceID, base: Base, maxBytes: Int = Limits.pageBytes) {
        self.init(space: space, epoch: base.epoch, size: base.size, root: base.root, maxBytes: maxBytes)
    }
    package func write(to w: inout CBORWriter) {
        w.map(5)
        w.key(1)
        w.id(space)
        w.key(2)
        w.int(epoch)
        w.key(3)
        w.int(size)
        w.key(4)
        w.fixed(root)
        w.key(5)
        w.int(maxBytes)
    }
    package init(from r: inout CBORReader) throws(DecodingFault) {
        var m = try r.map()
        try r.key(1, &m)
        space = try r.id()
        try r.key(2, &m)
        epoch = try r.count()
        try r.key(3, &m)
        size = try r.count()
        try r.key(4, &m)
        root = try r.fixed()
        try r.key(5, &m)
        maxBytes = try r.int(1...Limits.pageBytes)
        try r.end(m)
    }
}

package struct CreateSpaceRequest: Request, Hashable {
    package struct Answer: Message, Hashable {
        package let space: SpaceID
        package let note: String
        package init(space: SpaceID, note: String) {
            self.space = space
            self.note = note
        }
        package func write(to w: inout CBORWriter) {
            w.map(2)
            w.key(1)
            w.id(space)
            w.key(2)
            w.text(note)
        }
        package init(from r: inout CBORReader) throws(DecodingFault) {
            var m = try r.map()
            try r.key(1, &m)
            space = try r.id()
            try r.key(2, &m)
            note = try r.text(most: Limits.noteBytes)
            try r.skipRest(&m)
        }
    }

    package static let method = Method.createSpace
    package let genesis: [UInt8]
    package let signature: Signature
    /// For an engagement: Sig(invitation key, "accept", genesis).
    package let acceptance: Signature?

    package init(genesis: [UInt8], signature: Signature, acceptance: Signature?) {
        self.genesis = genesis
        self.signature = signature
        self.acceptance = acceptance
    }
    package func write(to w: inout CBORWriter) {
        w.map(acceptance == nil ? 2 : 3)
        w.key(1)
        w.byteString(genesis)
        w.key(2)
        w.signature(signature)
        if let acceptance {
            w.key(3)
            w.signature(acceptance)
        }
    }
    package init(from r: inout CBORReader) throws(DecodingFault) {
        var m = try r.map()
        try r.key(1, &m)
        genesis = Array(try r.byteString(most: Limits.genesisBytes))
        try r.key(2, &m)
        signature = try r.signature()
        acceptance = try r.hasKey(3, &m) ? try r.signature() : nil
        try r.end(m)
    }
}

/// Hands a server entries of a log that it lacks: from the genesis for a space that moves to it (PROTOCOL.md section 11).
package struct ReplayRequest: Request, Hashable {
    package struct Answer: Message, Hashable {
        /// Entries the server now holds.
        package let size: Int
        package init(size: Int) { self.size = size }
        package func write(to w: inout CBORWriter) {
            w.map(1)
            w.key(1)
            w.int(size)
        }
        package init(from r: inout CBORReader) throws(DecodingFault) {
            var m = try r.map()
            try r.key(1, &m)
            size = try r.count()
            try r.skipRest(&m)
        }
    }

    package static let method = Method.replay
    package let space: SpaceID
    /// The position of the first entry handed over.
    package let from: Int
    package let entries: [CarriedEntry]
    /// A checkpoint over the log up to the last entry handed over, under the log key in force before the move; of a log that
    /// its server has lost, the checkpoint that the client holds, which may cover more.
    package let note: String
    /// Where the checkpoint covers more: the proof that the log up to the last entry handed over is a prefix of it.
    package let proof: [Digest]
    /// The entries behind these that erased what is missing of their values, each with the proof that the checkpoint covers it.
    package let erasures: [ProvenEntry]

    package init(
        space: SpaceID, from: Int, entries: [CarriedEntry], note: String, proof: [Digest] = [], erasures: [ProvenEntry] = []
    ) {
        self.erasures = erasures
        self.space = space
        self.from = from
        self.entries = entries
        self.note = note
        self.proof = proof
    }
    package func write(to w: inout CBORWriter) {
        w.map(4 + (proof.isEmpty ? 0 : 1) + (erasures.isEmpty ? 0 : 1))
        w.key(1)
        w.id(space)
        w.key(2)
        w.int(from)
        w.key(3)
        w.list(entries) { $1.write(to: &$0) }
        w.key(4)
        w.text(note)
        if !proof.isEmpty {
            w.key(5)
            w.list(proof) { $0.fixed($1) }
        }
        if !erasures.isEmpty {
            w.key(6)
            w.list(erasures) { $1.write(to: &$0) }
        }
    }
    package init(from r: inout CBORReader) throws(DecodingFault) {
        var m = try r.map()
        try r.key(1, &m)
        space = try r.id()
        try r.key(2, &m)
        from = try r.count()
        try r.key(3, &m)
        entries = try r.list(most: Limits.entriesPerPage) { r throws(DecodingFault) in try CarriedEntry(from: &r) }
        try r.key(4, &m)
        note = try r.text(most: Limits.noteBytes)
        // What is nothing has no key.
        proof = try r.hasKey(5, &m) ? try r.list(least: 1, most: Limits.pathHashes) { r throws(DecodingFault) in try r.fixed() } : []
        erasures =
            try r.hasKey(6, &m)
            ? try r.list(least: 1, most: Limits.entriesPerPage) { r throws(DecodingFault) in try ProvenEntry(from: &r) } : []
        try r.end(m)
    }
}

/// An entry with its place in a log and its inclusion proof.
package struct ProvenEntry: Hashable, Sendable {
    package let position: Int
    package let entry: [UInt8]
    package let path: [Digest]

    package init(position: Int, entry: [UInt8], path: [Digest]) {
        self.position = position
        self.entry = entry
        self.path = path
    }

    package func write(to w: inout CBORWriter) {
        w.array(3)
        w.int(position)
        w.byteString(entry)
        w.list(path) { $0.fixed($1) }
    }

    package init(from r: inout CBORReader) throws(DecodingFault) {
        try r.array(of: 3)
        position = try r.count()
        entry = Array(try r.byteString())
        path = try r.list(most: Limits.pathHashes) { r throws(DecodingFault) in try r.fixed() }
    }
}
