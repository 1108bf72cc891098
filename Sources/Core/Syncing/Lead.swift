package import BuntanProtocol
import ChangeLog
import Merging

/// What a replica shows of a space ahead of the log that it has verified: states from a snapshot, and the log's tail on top
/// (sync.md section 8, "New device").
///
/// ```
/// log      ████████▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒|────── tail ──────|
///          verified        to be loaded       page 1    page 2       the lead's place
/// ```
/// Nothing of it is verified but that the log's key has signed each page and each place. Once the verified log has come to
/// the same place the two must agree in everything.
package struct Lead: Sendable {
    /// Records up to one, as their page had them; the last span has no end.
    package struct Span: Hashable, Sendable {
        /// `nil` for all that follow.
        package let last: RecordID?
        package let size: Int

        package init(last: RecordID?, size: Int) {
            self.last = last
            self.size = size
        }
    }

    /// The space as the signed place has it.
    package internal(set) var standing: SpaceStanding
    /// In order of record; what comes after the last has not been fetched.
    package internal(set) var spans: [Span]
    package internal(set) var seals: [SnapshotSeal]
    /// The checkpoint over the tail's end; `nil` before a tail has come.
    package internal(set) var note: String?

    /// The record after which the next page begins; `nil` once all have come.
    package var next: RecordID? { isComplete ? nil : spans.last?.last }
    package var isComplete: Bool { spans.last.map { $0.last == nil } ?? false }
    /// Whether every record is as the lead's own place leaves it: before, one page is newer than another.
    package var isSettled: Bool { isComplete && spans.allSatisfy { $0.size <= standing.size } }

    /// Whether what is shown of a record holds the entry at a position: by its page, or by the tail that has come since.
    package func holds(_ position: Int, of record: RecordID) -> Bool {
        isSettled && position < standing.size || !lacks(position, of: record)
    }

    /// Whether an entry at a position is not in a record's state yet.
    func lacks(_ position: Int, of record: RecordID) -> Bool {
        let span = spans.first { span in span.last.map { record <= $0 } ?? true }
        return span.map { position >= $0.size } ?? true
    }
}

// MARK: what a store keeps of it

extension Lead {
    private static let format = 1

    /// [form, epoch, frontier, rights, [[last / null, size], …], [seal, …], note / null]; the genesis stands in the log.
    package func encoded() -> [UInt8] {
        CBORWriter.encode(capacity: 8_192) { w in
            w.array(7)
            w.int(Self.format)
            w.int(standing.epoch)
            standing.frontier.write(to: &w)
            w.byteString(standing.rights.encoded())
            w.list(spans) { w, span in
                w.array(2)
                w.optional(span.last) { $0.id($1) }
                w.int(span.size)
            }
            w.list(seals) { $1.write(to: &$0) }
            w.optional(note) { $0.text($1) }
        }
    }

    package init(decoding bytes: [UInt8], space: SpaceID, genesisBytes: [UInt8], genesis: Genesis) throws(DecodingFault) {
        self = try CBORReader.decode(bytes) { r throws(DecodingFault) -> Lead in
            try r.array(of: 7)
            _ = try r.int(Self.format...Self.format)
            let epoch = try r.count()
            let frontier = try LogFrontier(from: &r)
            let rights = try SpaceRights(decoding: Array(try r.byteString()))
            let spans = try r.list(most: .max) { r throws(DecodingFault) -> Span in
                try r.array(of: 2)
                return Span(last: try r.optional { r throws(DecodingFault) in try r.id() }, size: try r.count())
            }
            let seals = try r.list(most: .max) { r throws(DecodingFault) in try SnapshotSeal(from: &r) }
            let note = try r.optional { r throws(DecodingFault) in try r.text() }
            return Lead(
                standing: SpaceStanding(
                    id: space, genesisBytes: genesisBytes, genesis: genesis, epoch: epoch, frontier: frontier, rights: rights),
                spans: spans, seals: seals, note: note)
        }
    }
}
