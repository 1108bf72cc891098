/// Asks for the states of a space's records, in order of id (PROTOCOL.md section 11, `snapshot`).
package struct SnapshotRequest: Request, Hashable {
    package typealias Answer = SnapshotPage
    package static let method = Method.snapshot
    package let space: SpaceID
    /// The last record of the page before; `nil` for the first page.
    package let after: RecordID?
    package let maxBytes: Int

    package init(space: SpaceID, after: RecordID?, maxBytes: Int = Limits.pageBytes) {
        self.space = space
        self.after = after
        self.maxBytes = maxBytes
    }
    package func write(to w: inout CBORWriter) {
        w.map(3)
        w.key(1)
        w.id(space)
        w.key(2)
        w.optional(after) { $0.id($1) }
        w.key(3)
        w.int(maxBytes)
    }
    package init(from r: inout CBORReader) throws(DecodingFault) {
        var m = try r.map()
        try r.key(1, &m)
        space = try r.id()
        try r.key(2, &m)
        after = try r.optional { r throws(DecodingFault) in try r.id() }
        try r.key(3, &m)
        maxBytes = try r.int(1...Limits.pageBytes)
        try r.end(m)
    }
}

/// A record's state as it travels, in its one form.
package struct CarriedState: Hashable, Sendable {
    package let record: RecordID
    package let state: [UInt8]

    package init(record: RecordID, state: [UInt8]) {
        self.record = record
        self.state = state
    }
    package func write(to w: inout CBORWriter) {
        w.array(2)
        w.id(record)
        w.raw(state)
    }
    package init(from r: inout CBORReader) throws(DecodingFault) {
        try r.array(of: 2)
        record = try r.id()
        state = Array(try r.skip())
    }
}

/// An entry that is no change, with its place.
package struct PlacedEntry: Hashable, Sendable {
    package let position: Int
    package let entry: [UInt8]

    package init(position: Int, entry: [UInt8]) {
        self.position = position
        self.entry = entry
    }
    package func write(to w: inout CBORWriter) {
        w.array(2)
        w.int(position)
        w.byteString(entry)
    }
    package init(from r: inout CBORReader) throws(DecodingFault) {
        try r.array(of: 2)
        position = try r.count()
        entry = Array(try r.byteString())
    }
}

/// What a log's key signs of a page of states: enough to prove a lie by, together with the log.
package struct SnapshotSeal: Hashable, Sendable {
    package let after: RecordID?
    /// The log of which these are the states.
    package let base: Base
    /// SHA-256 of the list of states.
    package let states: Digest
    package let more: Bool
    /// SHA-256 of the list of entries that are no changes; `nil` beyond the first page.
    package let words: Digest?
    package let signature: Signature

    package init(after: RecordID?, base: Base, states: Digest, more: Bool, words: Digest?, signature: Signature) {
        self.after = after
        self.base = base
        self.states = states
        self.more = more
        self.words = words
        self.signature = signature
    }

    /// The bytes under the signature: CBOR [space, epoch, size, root, after, states, more, words].
    package static func content(space: SpaceID, after: RecordID?, base: Base, states: Digest, more: Bool, words: Digest?) -> [UInt8] {
        CBORWriter.encode(capacity: 192) { w in
            w.array(8)
            w.id(space)
            w.int(base.epoch)
            w.int(base.size)
            w.fixed(base.root)
            w.optional(after) { $0.id($1) }
            w.fixed(states)
            w.bool(more)
            w.optional(words) { $0.fixed($1) }
        }
    }

    package func content(in space: SpaceID) -> [UInt8] {
        Self.content(space: space, after: after, base: base, states: states, more: more, words: words)
    }

    package func write(to w: inout CBORWriter) {
        w.array(6)
        w.optional(after) { $0.id($1) }
        base.write(to: &w)
        w.fixed(states)
        w.bool(more)
        w.optional(words) { $0.fixed($1) }
        w.signature(signature)
    }
    package init(from r: inout CBORReader) throws(DecodingFault) {
        try r.array(of: 6)
        after = try r.optional { r throws(DecodingFault) in try r.id() }
        base = try Base(from: &r)
        states = try r.fixed()
        more = try r.bool()
        words = try r.optional { r throws(DecodingFault) in try r.fixed() }
        signature = try r.signature()
    }
}

/// Records of a space in order of id, each as the log leaves it at the page's own size.
package struct SnapshotPage: Message, Hashable {
    package let base: Base
    package let states: [CarriedState]
    package let more: Bool
    /// The hashes of the frontier of the log's tree at this size: they give the root, and a tail can be appended to them.
    package let frontier: [Digest]
    package let signature: Signature
    /// On the first page: the entries that are no changes, from the genesis on.
    package let words: [PlacedEntry]?

    package init(base: Base, states: [CarriedState], more: Bool, frontier: [Digest], signature: Signature, words: [PlacedEntry]?) {
        self.base = base
        self.states = states
        self.more = more
        self.frontier = frontier
        self.signature = signature
        self.words = words
    }

    package static func digest(ofStates states: [CarriedState]) -> Digest {
        SHA.digest(
            CBORWriter.encode(capacity: 16 + states.reduce(0) { $0 + $1.state.count + 18 }) { $0.list(states) { $1.write(to: &$0) } })
    }
    package static func digest(ofWords words: [PlacedEntry]) -> Digest {
        SHA.digest(CBORWriter.encode(capacity: 4_096) { $0.list(words) { $1.write(to: &$0) } })
    }

    /// What was signed of this page as an answer to a request.
    package func seal(after: RecordID?) -> SnapshotSeal {
        SnapshotSeal(
            after: after, base: base, states: Self.digest(ofStates: states), more: more, words: words.map(Self.digest(ofWords:)),
            signature: signature)
    }

    package func write(to w: inout CBORWriter) {
        w.map(words == nil ? 7 : 8)
        w.key(1)
        w.int(base.epoch)
        w.key(2)
        w.int(base.size)
        w.key(3)
        w.fixed(base.root)
        w.key(4)
        w.list(states) { $1.write(to: &$0) }
        w.key(5)
        w.bool(more)
        w.key(6)
        w.list(frontier) { $0.fixed($1) }
        w.key(7)
        w.signature(signature)
        if let words {
            w.key(8)
            w.list(words) { $1.write(to: &$0) }
        }
    }
    package init(from r: inout CBORReader) throws(DecodingFault) {
        var m = try r.map()
        try r.key(1, &m)
        let epoch = try r.count()
        try r.key(2, &m)
        let size = try r.count()
        try r.key(3, &m)
        base = Base(epoch: epoch, size: size, root: try r.fixed())
        try r.key(4, &m)
        states = try r.list(most: Limits.entriesPerPage) { r throws(DecodingFault) in try CarriedState(from: &r) }
        try r.key(5, &m)
        more = try r.bool()
        try r.key(6, &m)
        frontier = try r.list(most: Limits.pathHashes) { r throws(DecodingFault) in try r.fixed() }
        try r.key(7, &m)
        signature = try r.signature()
        words =
            try r.hasKey(8, &m)
            ? try r.list(most: Limits.wordsPerSnapshot) { r throws(DecodingFault) in try PlacedEntry(from: &r) } : nil
        try r.skipRest(&m)
    }
}

/// Asks for the 1,024 digests of a space's records as its log leaves them (PROTOCOL.md section 14).
package struct DigestRequest: Request, Hashable {
    package struct Answer: Message, Hashable {
        package let epoch: Int
        package let size: Int
        package let buckets: [Digest]

        package init(epoch: Int, size: Int, buckets: [Digest]) {
            self.epoch = epoch
            self.size = size
            self.buckets = buckets
        }
        package func write(to w: inout CBORWriter) {
            w.map(3)
            w.key(1)
            w.int(epoch)
            w.key(2)
            w.int(size)
            w.key(3)
            w.list(buckets) { $0.fixed($1) }
        }
        package init(from r: inout CBORReader) throws(DecodingFault) {
            var m = try r.map()
            try r.key(1, &m)
            epoch = try r.count()
            try r.key(2, &m)
            size = try r.count()
            try r.key(3, &m)
            let start = r.offset
            buckets = try r.list(most: Limits.stateBuckets) { r throws(DecodingFault) in try r.fixed() }
            guard buckets.count == Limits.stateBuckets else { throw DecodingFault(.wrongLength, at: start) }
            try r.skipRest(&m)
        }
    }

    package static let method = Method.digest
    package let space: SpaceID

    package init(space: SpaceID) { self.space = space }
    package func write(to w: inout CBORWriter) {
        w.map(1)
        w.key(1)
        w.id(space)
    }
    package init(from r: inout CBORReader) throws(DecodingFault) {
        var m = try r.map()
        try r.key(1, &m)
        space = try r.id()
        try r.end(m)
    }
}
