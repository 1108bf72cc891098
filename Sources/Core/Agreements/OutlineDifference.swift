package import BuntanProtocol
import Merging
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
package struct CurrentDigest: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        case settled(Digest)
        /// Several values, or a deletion beside an edit.
        case conflicted
        case erased
    }

    package let record: RecordID
    package let content: Content
    /// The row that it is about, where that is known already.
    package let row: RowKey?

    package init(record: RecordID, content: Content, row: RowKey? = nil) {
        self.record = record
        self.content = content
        self.row = row
    }

    package init(_ record: CurrentRecord) {
        self.record = record.record
        row = nil
        switch record.content {
        case .settled(_, let digest): content = .settled(digest)
        case .conflicted: content = .conflicted
        case .erased: content = .erased
        }
    }
}

extension AgreementOutline {
    /// Returns which records in scope differ from those signed, in the order of the document, additions last: the same
    /// records as `AgreementDocument.differences` finds.
    ///
    /// - Parameters:
    ///   - current: every record of the scope's kinds that is there, each list in order of record.
    ///   - key: the row of a settled record that nobody signed, where `current` does not say it.
    package func differences(
        from current: [ScopedKind: [CurrentDigest]], key: (ScopedKind, RecordID) throws -> RowKey?
    ) rethrows -> [OutlineDifference] {
        var signed: [OutlineDifference] = []
        var added: [OutlineDifference] = []
        let excepted = Set(head.except)
        func addition(_ place: ScopedKind, _ now: CurrentDigest) throws {
            guard !excepted.contains(now.record) else { return }
            let parts = head.scope.filter { $0.space == place.space && $0.includes(kind: place.kind) }
            guard !parts.isEmpty else { return }
            var row: RowKey?
            if case .settled = now.content { row = try now.row ?? key(place, now.record) }
            // What says no row, or several, may be any.
            guard parts.contains(where: { part in row.map { part.includes(key: $0.texts) } ?? true }) else { return }
            added.append(OutlineDifference(space: place.space, record: now.record, kind: place.kind, change: .added, row: row))
        }
        var left = current
        for part in parts {
            let place = ScopedKind(space: part.space, kind: part.kind)
            var now = (left.removeValue(forKey: place) ?? [])[...]
            for item in part.items {
                while let first = now.first, first.record < item.record { try addition(place, now.removeFirst()) }
                var found: CurrentDigest?
                if let first = now.first, first.record == item.record { found = now.removeFirst() }
                guard let change = Self.change(of: item, now: found) else { continue }
                signed.append(
                    OutlineDifference(space: part.space, record: item.record, kind: part.kind, change: change, row: item.row))
            }
            for rest in now { try addition(place, rest) }
        }
        for (place, records) in left { for record in records { try addition(place, record) } }
        func isBefore(_ a: OutlineDifference, _ b: OutlineDifference) -> Bool { (a.space, a.record) < (b.space, b.record) }
        return signed.sorted(by: isBefore) + added.sorted(by: isBefore)
    }

    private static func change(of signed: Item, now: CurrentDigest?) -> OutlineDifference.Change? {
        switch now?.content {
        case nil: .vanished
        case .conflicted?: .conflicted
        case .erased?: .erased
        case .settled(let digest)?: digest == signed.digest ? nil : .changed
        }
    }
}
