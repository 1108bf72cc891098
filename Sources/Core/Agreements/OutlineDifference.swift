package import BuntanProtocol
package import Merging
package import Records

/// That a record differs from what was signed, without the values.
package struct OutlineDifference: Hashable, Sendable {
    package enum Change: Hashable, Sendable { case changed, vanished, conflicted, erased, added }

    package let space: SpaceID
    package let record: RecordID
    package let kind: String
    package let change: Change
    /// The row that the record is about; `nil` where nothing says it.
    package let row: RowKey?
}

/// A record in scope as it stands now, by its digest.
package struct CurrentDigest {
    package enum Content: Hashable, Sendable {
        case settled(Digest)
        /// Several values, or a deletion beside an edit.
        case conflicted
        case erased
    }

    /// The row that a record is about, as far as it has been read.
    package enum Row {
        case packed(PackedRowKey)
        case read(RowKey?)

        fileprivate var key: RowKey? {
            switch self {
            case .packed(let packed): packed.key
            case .read(let key): key
            }
        }
    }

    package let record: RecordID
    package let content: Content
    package let row: Row

    package init(record: RecordID, content: Content, row: Row) {
        self.record = record
        self.content = content
        self.row = row
    }

    package init(_ record: CurrentRecord) {
        switch record.content {
        case .settled(let covered, let digest): self.init(record: record.record, content: .settled(digest), row: .read(RowKey(covered)))
        case .conflicted: self.init(record: record.record, content: .conflicted, row: .read(nil))
        case .erased: self.init(record: record.record, content: .erased, row: .read(nil))
        }
    }
}

/// Finds which records in scope differ from those that an agreement covers: the same as `AgreementDocument.differences`.
///
/// It is shown every record of the scope's kinds that is there, a kind of a space after the other and each in order of
/// record, so that no list of them need be held.
package struct OutlineComparison {
    private let outline: AgreementOutline
    private let excepted: Set<RecordID>
    private var place: ScopedKind?
    /// What of the scope is about the place.
    private var scope: [ScopePart] = []
    private var signed = AgreementOutline.Cursor()
    private var met: Set<ScopedKind> = []
    private var differing: [OutlineDifference] = []
    private var added: [OutlineDifference] = []

    package init(_ outline: AgreementOutline) {
        self.outline = outline
        excepted = Set(outline.head.except)
    }

    /// Goes on to another kind or space.
    package mutating func begin(_ next: ScopedKind) {
        endPlace()
        place = next
        met.insert(next)
        scope = outline.head.scope.filter { $0.space == next.space && $0.includes(kind: next.kind) }
        signed = outline.cursor(at: next)
    }

    package mutating func meet(_ now: CurrentDigest) {
        guard let place else { return }
        while let item = signed.item, item.record < now.record { differ(.vanished, item, in: place) }
        guard let item = signed.item, item.record == now.record else { return add(now, in: place) }
        switch now.content {
        case .settled(item.digest): signed.advance()
        case .settled: differ(.changed, item, in: place)
        case .conflicted: differ(.conflicted, item, in: place)
        case .erased: differ(.erased, item, in: place)
        }
    }

    /// Returns the differences in the order of the document, additions last.
    package mutating func finish() -> [OutlineDifference] {
        for part in outline.parts where !met.contains(part.place) { begin(part.place) }
        endPlace()
        func isBefore(_ a: OutlineDifference, _ b: OutlineDifference) -> Bool { (a.space, a.record) < (b.space, b.record) }
        return differing.sorted(by: isBefore) + added.sorted(by: isBefore)
    }

    /// Whatever is left of what was signed is there no more.
    private mutating func endPlace() {
        guard let place else { return }
        while let item = signed.item { differ(.vanished, item, in: place) }
    }

    private mutating func differ(_ change: OutlineDifference.Change, _ item: AgreementOutline.Cursor.Item, in place: ScopedKind) {
        differing.append(
            OutlineDifference(space: place.space, record: item.record, kind: place.kind, change: change, row: signed.row))
        signed.advance()
    }

    private mutating func add(_ now: CurrentDigest, in place: ScopedKind) {
        guard !scope.isEmpty else { return }
        var row: RowKey?
        // What says no row, or several, may be any.
        if case .settled = now.content {
            switch now.row {
            case .packed(let packed): guard scope.contains(where: { $0.includes(key: packed) }) else { return }
            case .read(let key?): guard scope.contains(where: { $0.includes(key: key.texts) }) else { return }
            case .read(nil): break
            }
            row = now.row.key
        }
        guard !excepted.contains(now.record) else { return }
        added.append(OutlineDifference(space: place.space, record: now.record, kind: place.kind, change: .added, row: row))
    }
}
