package import BuntanProtocol
package import Merging
package import Records

/// An agreement's document without the values that people read: all that its standing depends on.
///
/// It follows from the document alone and never travels; replicas keep it so that telling whether an agreement still
/// fits reads neither the document nor the records it covers.
package struct AgreementOutline: Hashable, Sendable {
    /// The covered records of one kind in one space.
    package struct Part: Hashable, Sendable {
        package let place: ScopedKind
        package let count: Int
        /// In order of record: record(16), digest(32), length(2) of what follows, [framework, control, item] in CBOR. Nothing
        /// follows where the record is about no row, or its key has no room.
        fileprivate let items: [UInt8]
    }

    package let head: AgreementHead
    /// SHA-256 of the document's bytes.
    package let digest: Digest
    /// Each space and kind once.
    package let parts: [Part]

    package init(_ document: AgreementDocument, digest: Digest) {
        head = document.head
        self.digest = digest
        var groups: [ScopedKind: (count: Int, items: [UInt8])] = [:]
        // A document's records stand in order, and so do those of each group.
        for record in document.records {
            let row = RowKey(record).map { row in CBORWriter.encode { w in w.list(row.texts) { $0.text($1) } } } ?? []
            let length = row.count <= UInt16.max ? row.count : 0
            let place = ScopedKind(space: record.space, kind: record.kind)
            groups[place, default: (0, [])].count += 1
            groups[place]?.items +=
                record.record.bytes + record.digest.bytes + [UInt8(length >> 8), UInt8(length & 255)] + row.prefix(length)
        }
        parts = groups.sorted { $0.key < $1.key }.map { Part(place: $0.key, count: $0.value.count, items: $0.value.items) }
    }

    /// How many rows it covers.
    package var rowCount: Int {
        parts.reduce(0) { $0 + ($1.place == ScopedKind(space: head.service, kind: "responsibility") ? $1.count : 0) }
    }

    /// What was signed of each record.
    package var digests: [RecordID: Digest] {
        var digests: [RecordID: Digest] = [:]
        for part in parts {
            var cursor = Cursor(part)
            while let item = cursor.item {
                digests[item.record] = item.digest
                cursor.advance()
            }
        }
        return digests
    }

    /// The rows that it covers.
    package var rows: Set<RowKey> {
        var rows: Set<RowKey> = []
        for part in parts {
            var cursor = Cursor(part)
            while cursor.item != nil {
                if let row = cursor.row { rows.insert(row) }
                cursor.advance()
            }
        }
        return rows
    }

    /// What it covers of a kind in a space, from the first record on.
    func cursor(at place: ScopedKind) -> Cursor { parts.first { $0.place == place }.map { Cursor($0) } ?? Cursor() }

    private init(head: AgreementHead, digest: Digest, parts: [Part]) {
        self.head = head
        self.digest = digest
        self.parts = parts
    }
}

/// The records of one kind in one space.
package struct ScopedKind: Hashable, Comparable, Sendable {
    package let space: SpaceID
    package let kind: String

    package init(space: SpaceID, kind: String) {
        self.space = space
        self.kind = kind
    }

    package static func < (a: Self, b: Self) -> Bool { a.space != b.space ? a.space < b.space : a.kind < b.kind }
}

extension RowKey {
    /// The row that a covered record is about.
    package init?(_ record: CoveredRecord) {
        guard let key = record.rowKey else { return nil }
        self.init(framework: key[0], controlId: key[1], itemKey: key[2])
    }
}

extension AgreementOutline {
    /// Goes through the records of a part without taking it apart.
    struct Cursor {
        struct Item {
            let record: RecordID
            let digest: Digest
        }

        private let bytes: [UInt8]
        private var at = 0
        /// The record that it stands on; `nil` behind the last.
        private(set) var item: Item?
        private var keyLength = 0

        init() { bytes = [] }

        init(_ part: Part) {
            bytes = part.items
            read()
        }

        mutating func advance() {
            at += Self.fixed + keyLength
            read()
        }

        /// The row that the record is about, if it is about one.
        var row: RowKey? {
            guard item != nil, keyLength > 0 else { return nil }
            let start = at + Self.fixed
            do throws(DecodingFault) {
                return try CBORReader.decode(Array(bytes[start..<start + keyLength])) { r throws(DecodingFault) in
                    try r.array(of: 3)
                    return RowKey(framework: try r.text(), controlId: try r.text(), itemKey: try r.text())
                }
            } catch { return nil }
        }

        private static let fixed = 16 + 32 + 2

        private mutating func read() {
            item = nil
            guard bytes.count - at >= Self.fixed else { return }
            (item, keyLength) = bytes.withUnsafeBytes { buffer in
                let high = UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: at, as: UInt64.self))
                let low = UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: at + 8, as: UInt64.self))
                return (
                    Item(record: RecordID(high: high, low: low), digest: Digest(loadingFrom: buffer, at: at + 16)),
                    Int(buffer[at + 48]) << 8 | Int(buffer[at + 49])
                )
            }
            if bytes.count - at - Self.fixed < keyLength { item = nil }
        }

        /// Whether bytes are as many whole items.
        static func isWhole(_ part: Part) -> Bool {
            var cursor = Cursor(part)
            var count = 0
            while cursor.item != nil {
                count += 1
                cursor.advance()
            }
            return count == part.count && cursor.at == part.items.count
        }
    }
}

// MARK: how a replica keeps it

extension AgreementOutline {
    /// Grows whenever the form changes; an outline of another form is made anew from its document.
    private static let form = 2

    package func encoded() -> [UInt8] {
        CBORWriter.encode(capacity: 512 + parts.reduce(0) { $0 + $1.items.count + 64 }) { w in
            w.array(14)
            w.int(Self.form)
            w.id(head.agreement)
            w.id(head.engagement)
            w.id(head.service)
            w.id(head.provider)
            w.id(head.customer)
            w.array(2)
            w.id(head.release.record)
            w.fixed(head.release.digest)
            w.optional(head.validFrom) { $0.text($1.text) }
            w.optional(head.validTo) { $0.text($1.text) }
            w.list([head.terms.timeZone, head.terms.reviewInterval]) { $0.text($1) }
            w.list(head.scope) { w, part in
                w.array(3)
                w.id(part.space)
                w.text(part.kind)
                w.optional(part.keys) { w, keys in w.list(keys) { w, key in w.list(key) { $0.text($1) } } }
            }
            w.list(head.except) { $0.id($1) }
            w.fixed(digest)
            w.list(parts) { w, part in
                w.array(4)
                w.id(part.place.space)
                w.text(part.place.kind)
                w.int(part.count)
                w.byteString(part.items)
            }
        }
    }

    /// Reads an outline; `nil` for bytes of another form.
    package init?(decoding bytes: [UInt8]) {
        do throws(DecodingFault) { self = try CBORReader.decode(bytes) { r throws(DecodingFault) in try Self.read(&r) } } catch {
            return nil
        }
    }

    private static func read(_ r: inout CBORReader) throws(DecodingFault) -> AgreementOutline {
        try r.array(of: 14)
        _ = try r.int(form...form)
        let (agreement, engagement, service): (RecordID, SpaceID, SpaceID) = (try r.id(), try r.id(), try r.id())
        let (provider, customer): (OrganisationID, OrganisationID) = (try r.id(), try r.id())
        try r.array(of: 2)
        let release = AgreementDocument.NamedRelease(record: try r.id(), digest: try r.fixed())
        let (from, to) = (try day(&r), try day(&r))
        try r.array(of: 2)
        let terms = AgreementDocument.Terms(timeZone: try r.text(), reviewInterval: try r.text())
        let scope = try r.list(most: .max) { r throws(DecodingFault) -> ScopePart in
            try r.array(of: 3)
            return ScopePart(
                space: try r.id(), kind: try r.text(),
                keys: try r.optional { r throws(DecodingFault) in
                    try r.list(most: .max) { r throws(DecodingFault) in
                        try r.list(most: .max) { r throws(DecodingFault) in try r.text() }
                    }
                })
        }
        let except = try r.list(most: .max) { r throws(DecodingFault) -> RecordID in try r.id() }
        let digest: Digest = try r.fixed()
        let parts = try r.list(most: .max) { r throws(DecodingFault) -> Part in
            try r.array(of: 4)
            let place = ScopedKind(space: try r.id(), kind: try r.text())
            let part = Part(place: place, count: try r.count(), items: Array(try r.byteString()))
            guard Cursor.isWhole(part) else { throw r.fault(.wrongType) }
            return part
        }
        return AgreementOutline(
            head: AgreementHead(
                agreement: agreement, engagement: engagement, service: service, provider: provider, customer: customer, release: release,
                validFrom: from, validTo: to, terms: terms, scope: scope, except: except),
            digest: digest, parts: parts)
    }

    private static func day(_ r: inout CBORReader) throws(DecodingFault) -> CalendarDate? {
        try r.optional { r throws(DecodingFault) in
            guard let day = CalendarDate(canonical: try r.text()) else { throw r.fault(.wrongType) }
            return day
        }
    }
}
