/// One space's place in a list of heads.
package struct SpaceHead: Hashable, Sendable {
    package let space: SpaceID
    package let epoch: Int
    package let size: Int

    package init(space: SpaceID, epoch: Int, size: Int) {
        self.space = space
        self.epoch = epoch
        self.size = size
    }

    /// The digest by which one request tells whether anything changed anywhere.
    package static func digest(of heads: some Collection<SpaceHead>) -> Digest {
        Purpose.hash("heads", CBORWriter.encode { w in w.list(heads.sorted { $0.space < $1.space }) { $1.write(to: &$0) } })
    }

    package func write(to w: inout CBORWriter) {
        w.array(3)
        w.id(space)
        w.int(epoch)
        w.int(size)
    }
    package init(from r: inout CBORReader) throws(DecodingFault) {
        try r.array(of: 3)
        space = try r.id()
        epoch = try r.count()
        size = try r.count()
    }
}

/// The answer of `heads` and `wait`: nothing changed, or what the caller may read.
package struct HeadsAnswer: Message, Hashable {
    package let heads: [SpaceHead]?
    package init(heads: [SpaceHead]?) { self.heads = heads }
    package func write(to w: inout CBORWriter) {
        w.map(heads == nil ? 0 : 1)
        if let heads {
            w.key(1)
            w.list(heads) { $1.write(to: &$0) }
        }
    }
    package init(from r: inout CBORReader) throws(DecodingFault) {
        var m = try r.map()
        heads =
            try r.hasKey(1, &m)
            ? try r.list(most: Limits.spacesPerList) { r throws(DecodingFault) in try SpaceHead(from: &r) } : nil
        try r.skipRest(&m)
    }
}

package struct HeadsRequest: Request, Hashable {
    package typealias Answer = HeadsAnswer
    package static let method = Method.heads
    package let digest: Digest
    package init(digest: Digest) { self.digest = digest }
    package func write(to w: inout CBORWriter) {
        w.map(1)
        w.key(1)
        w.fixed(digest)
    }
    package init(from r: inout CBORReader) throws(DecodingFault) {
        var m = try r.map()
        try r.key(1, &m)
        digest = try r.fixed()
        try r.end(m)
    }
}

/// Like `heads`, answered when something changes or after 25 to 55 seconds.
package struct WaitRequest: Request, Hashable {
    package typealias Answer = HeadsAnswer
    package static let method = Method.wait
    package let digest: Digest
    package init(digest: Digest) { self.digest = digest }
    package func write(to w: inout CBORWriter) { HeadsRequest(digest: digest).write(to: &w) }
    package init(from r: inout CBORReader) throws(DecodingFault) { digest = try HeadsRequest(from: &r).digest }
}

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

package struct PullRequest: Request, Hashable {
    package struct Answer: Message, Hashable {
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

/// A finished change as it travels and waits: signed bytes, signature, payload (sealed in a sealed space).
package struct SignedChange: Hashable, Sendable {
    package let bytes: [UInt8]
    package let signature: Signature
    package let payload: [UInt8]

    package init(bytes: [UInt8], signature: Signature, payload: [UInt8]) {
        self.bytes = bytes
        self.signature = signature
        self.payload = payload
    }
    package func write(to w: inout CBORWriter) {
        w.array(3)
        w.byteString(bytes)
        w.signature(signature)
        w.byteString(payload)
    }
    package init(from r: inout CBORReader) throws(DecodingFault) {
        try r.array(of: 3)
        bytes = Array(try r.byteString())
        signature = try r.signature()
        payload = Array(try r.byteString())
    }
    package var size: Int { Self.size(bytes: bytes.count, payload: payload.count) }

    /// What a change takes in a push, its signature and framing included.
    package static func size(bytes: Int, payload: Int) -> Int { bytes + payload + 80 }
}

/// What the server answers for one change or statement.
package enum Verdict: Hashable, Sendable {
    case accepted(position: Int)
    case duplicate(position: Int)
    /// `nil` where the code is none this program knows.
    case refused(Code?, detail: String?)

    package static func refused(_ refusal: Refusal) -> Verdict { .refused(refusal.code, detail: refusal.detail) }

    package func write(to w: inout CBORWriter) {
        switch self {
        case .accepted(let position):
            w.array(2)
            w.int(1)
            w.int(position)
        case .duplicate(let position):
            w.array(2)
            w.int(2)
            w.int(position)
        case .refused(let code, let detail):
            w.array(3)
            w.int(3)
            w.text(code?.rawValue ?? Code.invalid.rawValue)
            w.optional(detail) { $0.text($1) }
        }
    }
    package init(from r: inout CBORReader) throws(DecodingFault) {
        let count = try r.array()
        switch (count, try r.int(1...3)) {
        case (2, 1): self = .accepted(position: try r.count())
        case (2, 2): self = .duplicate(position: try r.count())
        case (3, 3):
            let code = Code(rawValue: try r.text(most: Limits.nameBytes))
            self = .refused(code, detail: try r.optional { r throws(DecodingFault) in try r.text(most: Limits.detailBytes) })
        default: throw r.fault(.outOfRange)
        }
    }
}

/// The answer of `push` and `statement`: a verdict each, and the checkpoint after them where one space is meant.
package struct VerdictsAnswer: Message, Hashable {
    package let verdicts: [Verdict]
    package let note: String?
    package init(verdicts: [Verdict], note: String?) {
        self.verdicts = verdicts
        self.note = note
    }
    package func write(to w: inout CBORWriter) {
        w.map(2)
        w.key(1)
        w.list(verdicts) { $1.write(to: &$0) }
        w.key(2)
        w.optional(note) { $0.text($1) }
    }
    package init(from r: inout CBORReader) throws(DecodingFault) {
        var m = try r.map()
        try r.key(1, &m)
        verdicts = try r.list(most: Limits.changesPerPush) { r throws(DecodingFault) in try Verdict(from: &r) }
        try r.key(2, &m)
        note = try r.optional { r throws(DecodingFault) in try r.text(most: Limits.noteBytes) }
        try r.skipRest(&m)
    }
}

package struct PushRequest: Request, Hashable {
    package typealias Answer = VerdictsAnswer
    package static let method = Method.push
    package let space: SpaceID
    package let changes: [SignedChange]
    package init(space: SpaceID, changes: [SignedChange]) {
        self.space = space
        self.changes = changes
    }
    package func write(to w: inout CBORWriter) {
        w.map(2)
        w.key(1)
        w.id(space)
        w.key(2)
        w.list(changes) { $1.write(to: &$0) }
    }
    package init(from r: inout CBORReader) throws(DecodingFault) {
        var m = try r.map()
        try r.key(1, &m)
        space = try r.id()
        try r.key(2, &m)
        changes = try r.list(most: Limits.changesPerPush) { r throws(DecodingFault) in try SignedChange(from: &r) }
        try r.end(m)
    }
}

package struct StatementRequest: Request, Hashable {
    package typealias Answer = VerdictsAnswer
    package static let method = Method.statement
    package let statements: [SignedBytes]
    package init(statements: [SignedBytes]) { self.statements = statements }
    package func write(to w: inout CBORWriter) {
        w.map(1)
        w.key(1)
        w.list(statements) { $1.write(to: &$0) }
    }
    package init(from r: inout CBORReader) throws(DecodingFault) {
        var m = try r.map()
        try r.key(1, &m)
        statements = try SignedBytes.list(from: &r)
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
    /// A checkpoint over the log up to the last entry handed over, under the log key in force before the move.
    package let note: String

    package init(space: SpaceID, from: Int, entries: [CarriedEntry], note: String) {
        self.space = space
        self.from = from
        self.entries = entries
        self.note = note
    }
    package func write(to w: inout CBORWriter) {
        w.map(4)
        w.key(1)
        w.id(space)
        w.key(2)
        w.int(from)
        w.key(3)
        w.list(entries) { $1.write(to: &$0) }
        w.key(4)
        w.text(note)
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
        try r.end(m)
    }
}
