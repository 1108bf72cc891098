package import BuntanProtocol
package import Merging

/// A record in scope as it stands now.
package struct CurrentRecord: Sendable {
    package enum Content: Sendable {
        case settled(CoveredRecord, digest: Digest)
        /// Several values, or a deletion beside an edit.
        case conflicted
        case erased
    }

    package let space: SpaceID
    package let record: RecordID
    package let kind: String
    package let content: Content

    /// Takes what another document covers.
    package init(_ covered: CoveredRecord) {
        (space, record, kind) = (covered.space, covered.record, covered.kind)
        content = .settled(covered, digest: covered.digest)
    }

    /// Takes a state; `nil` for a record that is not there.
    package init?(_ state: RecordState, record: RecordID, space: SpaceID) {
        self.space = space
        self.record = record
        kind = state.kind
        if state.isConflicted {
            content = .conflicted
        } else if !state.isAlive {
            return nil
        } else if let covered = CoveredRecord(state, record: record, space: space) {
            content = .settled(covered, digest: covered.digest)
        } else {
            content = .erased
        }
    }
}

/// How a record differs from what was signed.
package struct AgreementDifference: Hashable, Sendable {
    package struct CellChange: Hashable, Sendable {
        package let key: CellKey
        /// *Empty* is `nil`, on either side.
        package let before: EncodedValue?
        package let after: EncodedValue?

        package init(key: CellKey, before: EncodedValue?, after: EncodedValue?) {
            self.key = key
            self.before = before
            self.after = after
        }
    }

    package enum Change: Hashable, Sendable {
        case changed([CellChange])
        case vanished
        case conflicted
        case erased
        /// In scope, and not covered.
        case added
    }

    package let space: SpaceID
    package let record: RecordID
    package let kind: String
    package let change: Change
    /// What was signed; `nil` for a record that was added.
    package let signed: CoveredRecord?
    /// What stands there now, if one thing does.
    package let current: CoveredRecord?

    package init(space: SpaceID, record: RecordID, kind: String, change: Change, signed: CoveredRecord?, current: CoveredRecord?) {
        self.space = space
        self.record = record
        self.kind = kind
        self.change = change
        self.signed = signed
        self.current = current
    }
}

extension AgreementDocument {
    /// Returns how the records in scope differ from those signed, in the order of the document, additions last.
    ///
    /// `current` holds every record of the scope's kinds that is there; what lies outside of the scope's keys or among the
    /// exceptions is passed over.
    package func differences(from current: some Sequence<CurrentRecord>) -> [AgreementDifference] {
        var now: [SpaceID: [RecordID: CurrentRecord]] = [:]
        for record in current { now[record.space, default: [:]][record.record] = record }
        var differences: [AgreementDifference] = []
        for signed in records {
            let found = now[signed.space]?.removeValue(forKey: signed.record)
            guard let (change, covered) = Self.change(of: signed, now: found) else { continue }
            differences.append(
                AgreementDifference(
                    space: signed.space, record: signed.record, kind: signed.kind, change: change, signed: signed, current: covered))
        }
        let excepted = Set(head.except)
        let added = now.values.flatMap(\.values).filter { !excepted.contains($0.record) && isInScope($0) }
        for record in added.sorted(by: { ($0.space, $0.record) < ($1.space, $1.record) }) {
            var covered: CoveredRecord?
            if case .settled(let settled, _) = record.content { covered = settled }
            differences.append(
                AgreementDifference(
                    space: record.space, record: record.record, kind: record.kind, change: .added, signed: nil, current: covered))
        }
        return differences
    }

    private func isInScope(_ record: CurrentRecord) -> Bool {
        head.scope.contains { part in
            guard part.space == record.space, part.includes(kind: record.kind) else { return false }
            guard part.keys != nil, case .settled(let covered, _) = record.content, let key = covered.rowKey else { return true }
            return part.includes(key: key)
        }
    }

    private static func change(of signed: CoveredRecord, now: CurrentRecord?) -> (AgreementDifference.Change, CoveredRecord?)? {
        switch now?.content {
        case nil: return (.vanished, nil)
        case .conflicted?: return (.conflicted, nil)
        case .erased?: return (.erased, nil)
        case .settled(let covered, let digest)?:
            guard covered.kind != signed.kind || digest != signed.digest else { return nil }
            return (.changed(cellChanges(from: signed, to: covered)), covered)
        }
    }

    /// The cells that differ, in their order; both lists are sorted by key.
    package static func cellChanges(from before: CoveredRecord, to after: CoveredRecord) -> [AgreementDifference.CellChange] {
        var changes: [AgreementDifference.CellChange] = []
        var (i, j) = (0, 0)
        while i < before.cells.count || j < after.cells.count {
            let old = i < before.cells.count ? before.cells[i] : nil
            let new = j < after.cells.count ? after.cells[j] : nil
            switch (old, new) {
            case (let old?, let new?) where old.key == new.key:
                if old.value != new.value { changes.append(.init(key: old.key, before: old.value, after: new.value)) }
                (i, j) = (i + 1, j + 1)
            case (let old?, let new?) where new.key < old.key:
                changes.append(.init(key: new.key, before: nil, after: new.value))
                j += 1
            case (let old?, _):
                changes.append(.init(key: old.key, before: old.value, after: nil))
                i += 1
            case (nil, let new?):
                changes.append(.init(key: new.key, before: nil, after: new.value))
                j += 1
            case (nil, nil): break
            }
        }
        return changes
    }
}

extension CoveredRecord {
    package func text(_ field: String) -> String? { cells.first { $0.key == CellKey(field) }?.value.value.text }

    /// The values by which a row or a position is found, in the order of their kinds' keys.
    package var rowKey: [String]? {
        guard let framework = text("framework"), let control = text("controlId"), let item = text("itemKey") else { return nil }
        return [framework, control, item]
    }
}
