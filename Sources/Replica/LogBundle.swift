package import BuntanProtocol
import Syncing

/// What one organisation's store has for another's, as a file: log pages with their checkpoints, and changes that no log holds
/// yet (sync.md section 8, PROTOCOL.md section 8).
///
/// ```
/// {1: "buntan-bundle", 2: 1, 3: from, 4: to, 5: time, 6: [[space, [epoch, size, root]], …], 7: [part, …], 8: [chain, …], 9: check}
/// part  = {1: space, 2: [epoch, size, root] / null, 3: [[coding, bytes], …], 4: checkpoint / null, 5: [[change, sig, payload], …]}
/// chain = [first root key, [[statement, sig], …]]
/// ```
/// Nothing of it is believed: the pages are checked as a pull's are, the changes as a push's. The check tells a damaged file
/// from one that was made up.
package struct LogBundle: Hashable, Sendable {
    package struct Part: Hashable, Sendable {
        package let space: SpaceID
        /// Where the entries begin; `nil` at the log's beginning.
        package let from: Base?
        package let entries: [CarriedEntry]
        /// A checkpoint over the log up to the last entry; `nil` where there are none.
        package let note: String?
        package let changes: [SignedChange]

        package init(space: SpaceID, from: Base?, entries: [CarriedEntry], note: String?, changes: [SignedChange]) {
            self.space = space
            self.from = from
            self.entries = entries
            self.note = note
            self.changes = changes
        }
    }

    /// What an organisation has said about itself, where a server may not have heard all of it.
    package struct Chain: Hashable, Sendable {
        package let rootKey: PublicKey
        package let statements: [SignedBytes]

        package init(rootKey: PublicKey, statements: [SignedBytes]) {
            self.rootKey = rootKey
            self.statements = statements
        }

        package var organisation: OrganisationID { OrganisationID(foundedBy: rootKey) }
    }

    /// A log as far as somebody holds it.
    package struct Held: Hashable, Sendable {
        package let space: SpaceID
        package let base: Base
    }

    /// Whose store wrote it, and for whom: words that nobody has signed.
    package let from: OrganisationID
    package let to: OrganisationID
    package let time: Int64
    /// What the writing store holds of the logs that the other may read, so that the next bundle back begins there.
    package let held: [Held]
    package let parts: [Part]
    package let chains: [Chain]

    package init(from: OrganisationID, to: OrganisationID, time: Int64, held: [Held], parts: [Part], chains: [Chain]) {
        self.from = from
        self.to = to
        self.time = time
        self.held = held
        self.parts = parts
        self.chains = chains
    }
}

/// How pieces of a bundle are made smaller: what a program that can compress hands in.
package struct PiecePacking: Sendable {
    /// Bytes of a piece, and how they were packed.
    package let pack: @Sendable ([UInt8]) -> (coding: Int, bytes: [UInt8])
    /// The piece, or nothing where it is not one or holds more than so many bytes.
    package let unpack: @Sendable (_ coding: Int, _ bytes: [UInt8], _ most: Int) -> [UInt8]?

    package init(
        pack: @escaping @Sendable ([UInt8]) -> (coding: Int, bytes: [UInt8]),
        unpack: @escaping @Sendable (_ coding: Int, _ bytes: [UInt8], _ most: Int) -> [UInt8]?
    ) {
        self.pack = pack
        self.unpack = unpack
    }

    /// Pieces as they are.
    package static let none = PiecePacking(
        pack: { (0, $0) }, unpack: { coding, bytes, most in coding == 0 && bytes.count <= most ? bytes : nil })
}

extension LogBundle {
    private static let magic = "buntan-bundle"
    private static let version = 1
    /// The end of the year 9999.
    private static let mostMillis = 253_402_300_799_999

    /// Whether bytes begin as a bundle does, of whatever version: what goes on otherwise was damaged.
    package static func begins(_ bytes: [UInt8]) -> Bool { bytes.starts(with: opening) }

    private static let opening = CBORWriter.encode { w in
        w.map(9)
        w.key(1)
        w.text(magic)
    }

    package func encoded(_ packing: PiecePacking) -> [UInt8] {
        let content = CBORWriter.encode { w in
            w.map(9)
            w.key(1)
            w.text(Self.magic)
            w.key(2)
            w.int(Int64(Self.version))
            w.key(3)
            w.id(from)
            w.key(4)
            w.id(to)
            w.key(5)
            w.int(min(max(time, 0), Int64(Self.mostMillis)))
            w.key(6)
            w.list(held) { w, held in
                w.array(2)
                w.id(held.space)
                held.base.write(to: &w)
            }
            w.key(7)
            w.list(parts) { w, part in
                w.map(5)
                w.key(1)
                w.id(part.space)
                w.key(2)
                w.optional(part.from) { w, base in base.write(to: &w) }
                w.key(3)
                w.list(part.pieces.map(packing.pack)) { w, piece in
                    w.array(2)
                    w.int(Int64(piece.coding))
                    w.byteString(piece.bytes)
                }
                w.key(4)
                w.optional(part.note) { $0.text($1) }
                w.key(5)
                w.list(part.changes) { $1.write(to: &$0) }
            }
            w.key(8)
            w.list(chains) { $1.write(to: &$0) }
            w.key(9)
        }
        return content + CBORWriter.encode { $0.fixed(Self.check(content[...])) }
    }

    /// Decodes a whole bundle within its limits; `wrongLength` at the end where the check is not that of the rest.
    package init(decoding bytes: [UInt8], _ packing: PiecePacking) throws(DecodingFault) {
        var left = Limits.bundleOpenBytes
        self = try CBORReader.decode(bytes) { r throws(DecodingFault) in
            var m = try r.map()
            try r.key(1, &m)
            guard try r.text(most: Limits.nameBytes) == Self.magic else { throw r.fault(.wrongType) }
            try r.key(2, &m)
            guard try r.int() == Int64(Self.version) else { throw r.fault(.unknownFormat) }
            try r.key(3, &m)
            let from: OrganisationID = try r.id()
            try r.key(4, &m)
            let to: OrganisationID = try r.id()
            try r.key(5, &m)
            let time = Int64(try r.int(0...Self.mostMillis))
            try r.key(6, &m)
            let held = try r.list(most: Limits.bundleSpaces) { r throws(DecodingFault) in
                try r.array(of: 2)
                return Held(space: try r.id(), base: try Base(from: &r))
            }
            try r.key(7, &m)
            let parts = try r.list(most: Limits.bundleSpaces) { r throws(DecodingFault) in try Self.part(&r, packing, &left) }
            try r.key(8, &m)
            let chains = try r.list(most: Limits.bundleSpaces) { r throws(DecodingFault) in try Chain(from: &r) }
            try r.key(9, &m)
            let end = r.offset
            let check: Digest = try r.fixed()
            guard check == Self.check(bytes[..<end]) else { throw DecodingFault(.wrongLength, at: end) }
            try r.end(m)
            guard Set(parts.map(\.space)).count == parts.count else { throw r.fault(.unsorted) }
            return LogBundle(from: from, to: to, time: time, held: held, parts: parts, chains: chains)
        }
    }

    private static func part(_ r: inout CBORReader, _ packing: PiecePacking, _ left: inout Int) throws(DecodingFault) -> Part {
        var m = try r.map()
        try r.key(1, &m)
        let space: SpaceID = try r.id()
        try r.key(2, &m)
        let from = try r.optional { r throws(DecodingFault) in try Base(from: &r) }
        try r.key(3, &m)
        var entries: [CarriedEntry] = []
        for _ in 0..<(try r.array()) {
            try r.array(of: 2)
            let coding = try r.int(0...1)
            let packed = Array(try r.byteString())
            guard let piece = packing.unpack(coding, packed, left) else { throw r.fault(.tooMany) }
            left -= piece.count
            entries += try CBORReader.decode(piece) { r throws(DecodingFault) in
                try r.list(most: Limits.entriesPerPage) { r throws(DecodingFault) in try CarriedEntry(from: &r) }
            }
        }
        try r.key(4, &m)
        let note = try r.optional { r throws(DecodingFault) in try r.text(most: Limits.noteBytes) }
        try r.key(5, &m)
        let changes = try r.list(most: Limits.bundleChanges) { r throws(DecodingFault) in try SignedChange(from: &r) }
        try r.end(m)
        guard (note == nil) == entries.isEmpty else { throw r.fault(.missingKey) }
        return Part(space: space, from: from, entries: entries, note: note, changes: changes)
    }

    private static func check(_ content: ArraySlice<UInt8>) -> Digest { Purpose.hash("bundle", Array(content)) }
}

extension LogBundle.Chain {
    func write(to w: inout CBORWriter) {
        w.array(2)
        w.fixed(rootKey)
        w.list(statements) { $1.write(to: &$0) }
    }

    init(from r: inout CBORReader) throws(DecodingFault) {
        try r.array(of: 2)
        rootKey = try r.fixed()
        statements = try r.list(most: Limits.statementsPerRequest) { r throws(DecodingFault) in try SignedBytes(from: &r) }
    }
}

extension LogBundle.Part {
    /// About so many bytes of entries are packed at once.
    private static let pieceBytes = 1 << 20

    /// The entries in pieces to be packed each.
    fileprivate var pieces: [[UInt8]] {
        var pieces: [[UInt8]] = []
        var batch: [CarriedEntry] = []
        var bytes = 0
        func close() {
            guard !batch.isEmpty else { return }
            pieces.append(CBORWriter.encode { w in w.list(batch) { $1.write(to: &$0) } })
            batch = []
            bytes = 0
        }
        for entry in entries {
            batch.append(entry)
            bytes += entry.entry.count + (entry.payload?.count ?? 0)
            if bytes >= Self.pieceBytes { close() }
        }
        close()
        return pieces
    }
}
