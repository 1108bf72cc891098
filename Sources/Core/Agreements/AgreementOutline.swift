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
        package let space: SpaceID
        package let kind: String
        /// In order of record.
        package let items: [Item]
    }

    package struct Item: Hashable, Sendable {
        package let record: RecordID
        package let digest: Digest
        /// The row that the record is about, if it is about one.
        package let row: RowKey?
    }

    package let head: AgreementHead
    /// SHA-256 of the document's bytes.
    package let digest: Digest
    /// Each space and kind once.
    package let parts: [Part]

    package init(_ document: AgreementDocument, digest: Digest) {
        head = document.head
        self.digest = digest
        var groups: [ScopedKind: [Item]] = [:]
        // A document's records stand in order, and so do those of each group.
        for record in document.records {
            groups[ScopedKind(space: record.space, kind: record.kind), default: []].append(
                Item(record: record.record, digest: record.digest, row: RowKey(record)))
        }
        parts = groups.sorted { $0.key < $1.key }.map { Part(space: $0.key.space, kind: $0.key.kind, items: $0.value) }
    }

    /// How many rows it covers.
    package var rowCount: Int {
        parts.reduce(0) { $0 + ($1.space == head.service && $1.kind == "responsibility" ? $1.items.count : 0) }
    }

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

// MARK: how a replica keeps it

extension AgreementOutline {
    /// Grows whenever the form changes; an outline of another form is made anew from its document.
    private static let form = 1

    package func encoded() -> [UInt8] {
        CBORWriter.encode(capacity: 512 + parts.reduce(0) { $0 + $1.items.count * 90 }) { w in
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
                w.array(3)
                w.id(part.space)
                w.text(part.kind)
                w.list(part.items) { w, item in
                    w.array(3)
                    w.id(item.record)
                    w.fixed(item.digest)
                    w.optional(item.row) { w, row in w.list([row.framework, row.controlId, row.itemKey]) { $0.text($1) } }
                }
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
            try r.array(of: 3)
            let (space, kind): (SpaceID, String) = (try r.id(), try r.text())
            let items = try r.list(most: .max) { r throws(DecodingFault) -> Item in
                try r.array(of: 3)
                return Item(record: try r.id(), digest: try r.fixed(), row: try r.optional { r throws(DecodingFault) in try row(&r) })
            }
            return Part(space: space, kind: kind, items: items)
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

    private static func row(_ r: inout CBORReader) throws(DecodingFault) -> RowKey {
        try r.array(of: 3)
        return RowKey(framework: try r.text(), controlId: try r.text(), itemKey: try r.text())
    }
}
