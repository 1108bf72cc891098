package import BuntanProtocol

/// What a release holds: the canonical JSON list of [record, kind, covered digest] in its `document` (PROTOCOL.md section 15).
package struct ReleaseManifest: Hashable, Sendable {
    /// One published record as it was.
    package struct Item: Hashable, Sendable {
        package let record: RecordID
        package let kind: String
        package let digest: Digest

        package init(record: RecordID, kind: String, digest: Digest) {
            self.record = record
            self.kind = kind
            self.digest = digest
        }
    }

    /// By record, each once.
    package let items: [Item]

    /// How many records of each kind are not what they were in an earlier one: changed, new or gone.
    package func changes(since earlier: ReleaseManifest) -> [String: Int] {
        func records(_ manifest: ReleaseManifest) -> [RecordID: Item] {
            Dictionary(manifest.items.map { ($0.record, $0) }) { first, _ in first }
        }
        let (before, now) = (records(earlier), records(self))
        let changed = now.values.filter { before[$0.record]?.digest != $0.digest } + before.values.filter { now[$0.record] == nil }
        return changed.reduce(into: [:]) { $0[$1.kind, default: 0] += 1 }
    }

    /// Takes what is published now. No record may stand in it twice.
    package init(_ items: [Item]) { self.items = items.sorted { $0.record < $1.record } }

    /// Reads a release's document; `nil` for any other text, one with a record twice or out of order included.
    package init?(decoding document: some Collection<UInt8>) {
        guard let rows = (try? CanonicalJSON(decoding: Array(document)))?.list else { return nil }
        var items: [Item] = []
        items.reserveCapacity(rows.count)
        for row in rows {
            guard let parts = row.list, parts.count == 3, let record = parts[0].bytes.flatMap({ RecordID($0) }), let kind = parts[1].text,
                let digest = parts[2].bytes.flatMap({ Digest($0) })
            else { return nil }
            if let last = items.last, last.record >= record { return nil }
            items.append(Item(record: record, kind: kind, digest: digest))
        }
        self.items = items
    }

    /// The text that stands in `document`.
    package func encoded() -> [UInt8] {
        CanonicalJSON.list(items.map { .list([.hex($0.record), .text($0.kind), .hex($0.digest)]) }).encoded()
    }

    package var digests: [RecordID: Digest] { Dictionary(uniqueKeysWithValues: items.map { ($0.record, $0.digest) }) }

    package func count(of kind: String) -> Int { items.count { $0.kind == kind } }
}
