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
    /// What has come to the log since the place that a push named, these changes among it; a server may leave that to a pull.
    package let page: LogPage?
    package init(verdicts: [Verdict], note: String?, page: LogPage? = nil) {
        self.verdicts = verdicts
        self.note = note
        self.page = page
    }
    package func write(to w: inout CBORWriter) {
        w.map(page == nil ? 2 : 3)
        w.key(1)
        w.list(verdicts) { $1.write(to: &$0) }
        w.key(2)
        w.optional(note) { $0.text($1) }
        if let page {
            w.key(3)
            page.write(to: &w)
        }
    }
    package init(from r: inout CBORReader) throws(DecodingFault) {
        var m = try r.map()
        try r.key(1, &m)
        verdicts = try r.list(most: Limits.changesPerPush) { r throws(DecodingFault) in try Verdict(from: &r) }
        try r.key(2, &m)
        note = try r.optional { r throws(DecodingFault) in try r.text(most: Limits.noteBytes) }
        page = try r.hasKey(3, &m) ? try LogPage(from: &r) : nil
        try r.skipRest(&m)
    }
}

/// What a push hands over for the log: a finished change, or what an epoch that has ended held, with its proof.
package enum PushedItem: Hashable, Sendable {
    case change(SignedChange)
    case salvaged(CarriedEntry, proof: [UInt8])

    package func write(to w: inout CBORWriter) {
        switch self {
        case .change(let change): change.write(to: &w)
        case .salvaged(let carried, let proof):
            w.array(3)
            w.byteString(carried.entry)
            w.byteString(proof)
            w.optional(carried.payload) { $0.byteString($1) }
        }
    }

    /// A signature has 64 bytes; a proof, which holds a checkpoint, has more.
    package init(from r: inout CBORReader) throws(DecodingFault) {
        try r.array(of: 3)
        let bytes = Array(try r.byteString())
        let witness = Array(try r.byteString())
        let payload = try r.optional { r throws(DecodingFault) in Array(try r.byteString()) }
        guard let signature = Signature(witness) else {
            self = .salvaged(CarriedEntry(entry: bytes, payload: payload), proof: witness)
            return
        }
        guard let payload else { throw r.fault(.wrongType) }
        self = .change(SignedChange(bytes: bytes, signature: signature, payload: payload))
    }

    /// What it takes in a push, with its framing.
    package var size: Int {
        switch self {
        case .change(let change): change.size
        case .salvaged(let carried, let proof): carried.entry.count + proof.count + (carried.payload?.count ?? 0) + 80
        }
    }
}

package struct PushRequest: Request, Hashable {
    package typealias Answer = VerdictsAnswer
    package static let method = Method.push
    package let space: SpaceID
    package let items: [PushedItem]
    /// The finished changes among what is handed over.
    package var changes: [SignedChange] { items.compactMap { if case .change(let change) = $0 { change } else { nil } } }
    /// How much of the log the client holds, where it wants the answer to bring what follows.
    package let held: Base?
    package init(space: SpaceID, items: [PushedItem], held: Base? = nil) {
        self.space = space
        self.items = items
        self.held = held
    }
    package init(space: SpaceID, changes: [SignedChange], held: Base? = nil) {
        self.init(space: space, items: changes.map(PushedItem.change), held: held)
    }
    package func write(to w: inout CBORWriter) {
        w.map(held == nil ? 2 : 3)
        w.key(1)
        w.id(space)
        w.key(2)
        w.list(items) { $1.write(to: &$0) }
        if let held {
            w.key(3)
            held.write(to: &w)
        }
    }
    package init(from r: inout CBORReader) throws(DecodingFault) {
        var m = try r.map()
        try r.key(1, &m)
        space = try r.id()
        try r.key(2, &m)
        items = try r.list(most: Limits.changesPerPush) { r throws(DecodingFault) in try PushedItem(from: &r) }
        held = try r.hasKey(3, &m) ? try Base(from: &r) : nil
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
