import Agreements
package import BuntanProtocol
import ChangeLog
import Merging
import Records
package import Storage
import Syncing

/// A place among this organisation's own records that still holds what another has erased, and that nobody else can erase
/// (design section 10).
package struct HeldCopy: Hashable, Sendable {
    package let record: RecordID
    package let kind: String
    package let cell: CellKey
    /// Who erased it; `nil` for the keeper of the log, by a legal order.
    package let organisation: OrganisationID?
    /// When, by the log keeper's clock in milliseconds since 1970.
    package let erased: Int64
}

extension Workspace {
    /// What this organisation still holds in an engagement of what others have erased there and in its service: its own
    /// documents that print it, and its own values that said the same.
    package func heldCopies(of engagement: KnownEngagement, _ reader: any StoreReader) throws -> [HeldCopy] {
        try heldDocuments(of: engagement, reader) + heldValues(in: engagement.space, reader)
    }

    /// The documents: that follows from the logs alone.
    private func heldDocuments(of engagement: KnownEngagement, _ reader: any StoreReader) throws -> [HeldCopy] {
        let own = try reader.identity().organisation
        guard engagement.side != nil else { return [] }
        let erasures = try [engagement.space, engagement.service].flatMap { try knownErasures(in: $0, reader) }
            .filter { $0.organisation != own }
        guard !erasures.isEmpty, let standing = try reader.standing(of: engagement.space) else { return [] }
        var history = try RecordHistory(of: engagement.space, reader)
        return try sayings("agreement", &history, standing, reader).compactMap { saying -> HeldCopy? in
            guard let outline = saying.outline, saying.creator == own, let place = saying.place else { return nil }
            // What was signed after the word prints what was written after it.
            let meant = erasures.filter { place.received <= $0.received && $0.lost.contains { outline.digests[$0.record] != nil } }
            guard !meant.isEmpty, let document = try document(of: saying.record, in: engagement, reader) else { return nil }
            let found = meant.first { erasure in
                erasure.lost.contains { lost in
                    document.records.contains { $0.record == lost.record && $0.cells.contains { $0.key == lost.cell } }
                }
            }
            return found.map {
                HeldCopy(
                    record: saying.record, kind: "agreement", cell: CellKey("document"), organisation: $0.organisation,
                    erased: $0.received)
            }
        }
    }

    // MARK: values

    /// The least length of a text that is looked for elsewhere, and of one that is looked for within others: shorter ones are
    /// no copy of anything.
    static let leastCopied = 4
    private static let leastQuoted = 8

    /// Whether a text is one of these, or quotes it.
    private static func holds(_ text: String, oneOf texts: Set<String>) -> Bool {
        texts.contains(text) || texts.contains { $0.count >= leastQuoted && text.contains($0) }
    }

    /// Notes which own values say what a page of the log takes away: they are found while it is still here, and kept without
    /// it, by their ops.
    func noteCopies(of update: SpaceUpdate, _ transaction: any StoreWriter) throws {
        guard !update.erased.isEmpty else { return }
        let own = try transaction.identity().organisation
        let words = try update.entries.compactMap { stored -> (Erasing, Int64)? in
            let outer = try Entry(decoding: stored.bytes)
            return try Erasing(in: outer.unwrapped()).map { ($0, outer.received) }
        }.filter { $0.0.organisation != own }
        guard let (word, received) = words.last, let history = try SpaceHistory(update.standing.id, transaction) else { return }
        let named = Dictionary(words.flatMap { $0.0.ops.map { ($0.change, Set($0.indices)) } }) { $0.union($1) }
        var texts: Set<String> = []
        for (id, indices) in named {
            for step in try history.change(id)?.steps ?? [] where indices.contains(step.id.index) {
                if let text = schema.copiedText(step.value, step.op.cell, kind: step.kind) { texts.insert(text) }
            }
        }
        guard !texts.isEmpty else { return }
        for space in try transaction.spaces() {
            guard let standing = try transaction.standing(of: space), standing.genesis.type == .engagement else { continue }
            var kept = try keptCopies(in: space, transaction)
            for (record, state, cell) in try copies(of: texts, in: space, transaction, by: { $0 == own }) {
                for head in state[cell]?.heads ?? [] where !kept.contains(where: { $0.op == head.op }) {
                    let copy = HeldCopy(
                        record: record, kind: state.kind, cell: cell, organisation: word.organisation, erased: received)
                    kept.append((copy, head.op))
                }
            }
            try keep(copies: kept, in: space, transaction)
        }
    }

    /// The cells of a space that hold one of these texts, in records of whoever is meant.
    func copies(
        of texts: Set<String>, in space: SpaceID, _ reader: any StoreReader, by isMeant: (OrganisationID) -> Bool
    ) throws -> [(record: RecordID, state: RecordState, cell: CellKey)] {
        guard !texts.isEmpty else { return [] }
        return try reader.kinds(in: space).keys.sorted().flatMap { kind in
            try reader.records(of: kind, in: space, after: nil, limit: .max).filter { isMeant($0.shown.creator) }.flatMap { stored in
                stored.shown.cells.filter { cell in
                    cell.heads.contains { head in
                        schema.copiedText(head.value, cell.key, kind: kind).map { Self.holds($0, oneOf: texts) } ?? false
                    }
                }.map { (stored.id, stored.shown, $0.key) }
            }
        }
    }

    private func heldValues(in space: SpaceID, _ reader: any StoreReader) throws -> [HeldCopy] {
        var seen: Set<HeldCopy> = []
        return try keptCopies(in: space, reader).filter { kept in
            let cell = try reader.shown(kept.copy.record, in: space)?[kept.copy.cell]
            return cell?.heads.contains { $0.op == kept.op && $0.value != nil } == true
        }.map(\.copy).filter { seen.insert($0).inserted }
    }

    private func keptCopies(in space: SpaceID, _ reader: any StoreReader) throws -> [(copy: HeldCopy, op: OpID)] {
        guard let bytes = try reader.value(StoredName.heldCopies(space)) else { return [] }
        return try CBORReader.decode(bytes) { r throws(DecodingFault) in
            try r.list(most: .max) { r throws(DecodingFault) -> (copy: HeldCopy, op: OpID) in
                try r.array(of: 8)
                let (record, kind, field): (RecordID, String, String) = (try r.id(), try r.text(), try r.text())
                let element = try r.optional { r throws(DecodingFault) in try r.text() }
                let organisation: OrganisationID? = try r.optional { r throws(DecodingFault) in try r.id() }
                let erased = try r.int()
                let op = OpID(try r.id(), try r.count())
                return (
                    HeldCopy(
                        record: record, kind: kind, cell: CellKey(field, element.map { .code($0) }), organisation: organisation,
                        erased: erased), op
                )
            }
        }
    }

    private func keep(copies: [(copy: HeldCopy, op: OpID)], in space: SpaceID, _ transaction: any StoreWriter) throws {
        let name = StoredName.heldCopies(space)
        guard !copies.isEmpty else {
            if try transaction.value(name) != nil { try transaction.setValue(nil, for: name) }
            return
        }
        let bytes = CBORWriter.encode { w in
            w.list(copies) { w, item in
                w.array(8)
                w.id(item.copy.record)
                w.text(item.copy.kind)
                w.text(item.copy.cell.field)
                var code: String?
                if case .code(let text)? = item.copy.cell.element { code = text }
                w.optional(code) { $0.text($1) }
                w.optional(item.copy.organisation) { $0.id($1) }
                w.int(item.copy.erased)
                w.id(item.op.change)
                w.int(item.op.index)
            }
        }
        try transaction.setValue(bytes, for: name)
    }
}

extension SchemaRegistry {
    /// A text that somebody wrote and may have copied; `nil` for codes, ids, documents and what is too short to tell.
    func copiedText(_ value: EncodedValue?, _ cell: CellKey, kind: String) -> String? {
        guard let known = self.kind(kind), let type = known.field(cell.field)?.type, type == .text || type == .string,
            known.key?.contains(cell.field) != true, !kind.hasPrefix("agreement"), let text = value?.value.text,
            text.count >= Workspace.leastCopied
        else { return nil }
        return text
    }
}

extension StoredName {
    /// Own values that said what another has erased, without what they say.
    fileprivate static func heldCopies(_ space: SpaceID) -> String { "held-copies/\(space.hex)" }
}
