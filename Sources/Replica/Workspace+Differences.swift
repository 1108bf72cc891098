package import Agreements
package import BuntanProtocol
package import Merging
import Records
package import Storage

/// The rows of a service at one of several times: what a comparison has on either side.
package enum RowsAt: Sendable {
    case release(Release)
    case agreement(AgreementDocument)
    case file(FiledRows)
    /// What a release of this draft would hold now.
    case draft(SpaceID)
    /// What stands in the space now.
    case now

    fileprivate var file: FiledRows? { if case .file(let rows) = self { rows } else { nil } }
}

/// The rows of a file, as they would stand in the service.
package struct FiledRows: Sendable {
    let records: [CoveredRecord]
    /// The fields that the file speaks of: of all others it says nothing.
    private let fields: Set<String>
    private let frameworks: Set<String>

    package init(_ records: [CoveredRecord], fields: Set<String>) {
        self.records = records
        self.fields = fields
        frameworks = Set(records.compactMap { $0.text("framework") })
    }

    /// How another file's rows differ from these, in the order of their ids; both as they would stand in one service.
    package func differences(to after: FiledRows, of service: SpaceID) -> [AgreementDifference] {
        let (old, new) = (RowSnapshot(records), RowSnapshot(after.records))
        return Self.told(by: [self, after], old.differences(to: new, of: service) { snapshot, record in snapshot.known[record] })
    }

    fileprivate static func told(by files: [FiledRows], _ differences: [AgreementDifference]) -> [AgreementDifference] {
        files.reduce(differences) { left, file in left.compactMap(file.told) }
    }

    /// What of a difference the file speaks of: fields that it has no column for, and rows of frameworks that it has none of,
    /// are no part of it. `nil` where nothing is left.
    fileprivate func told(_ difference: AgreementDifference) -> AgreementDifference? {
        guard case .changed(let cells) = difference.change else {
            return (difference.signed ?? difference.current)?.text("framework").map { frameworks.contains($0) } ?? true ? difference : nil
        }
        let left = cells.filter { fields.contains($0.key.field) }
        return left.isEmpty
            ? nil
            : AgreementDifference(
                space: difference.space, record: difference.record, kind: difference.kind, change: .changed(left),
                signed: difference.signed, current: difference.current)
    }
}

extension Workspace {
    /// Returns how the published rows differ between two times, in the order of their ids.
    ///
    /// Only records whose digests differ are read from the log.
    package func rowDifferences(
        from before: RowsAt, to after: RowsAt, of service: SpaceID, _ reader: any StoreReader
    ) throws -> [AgreementDifference] {
        var history = try RecordHistory(of: service, reader)
        let old = try rows(at: before, of: service, reader)
        let new = try rows(at: after, of: service, reader)
        let differences = try old.differences(to: new, of: service) { snapshot, record in
            try snapshot.covered(record, &history, reader)
        }
        return FiledRows.told(by: [before.file, after.file].compactMap { $0 }, differences)
    }

    private func rows(at time: RowsAt, of service: SpaceID, _ reader: any StoreReader) throws -> RowSnapshot {
        let kind = RowSnapshot.kind
        switch time {
        case .release(let release):
            return RowSnapshot(
                digests: Dictionary(
                    uniqueKeysWithValues: (release.manifest?.items ?? []).filter { $0.kind == kind }.map { ($0.record, $0.digest) }),
                size: release.position.map { $0 + 1 } ?? .max)
        case .agreement(let document):
            let records = document.records.filter { $0.space == service && $0.kind == kind }
            return RowSnapshot(records)
        case .file(let file): return RowSnapshot(file.records)
        case .draft(let draft):
            var snapshot = RowSnapshot(digests: [:])
            let disclosure = Disclosure(to: .everybody, schema: schema)
            guard let rows = schema.kind(kind) else { return snapshot }
            for stored in try reader.records(of: kind, in: draft, after: nil, limit: .max)
            where reason(holding: stored.shown, in: .draft, disclosure) == nil {
                snapshot.take(disclosure.leaving(stored.shown), record: stored.publishedID(rows, in: service), in: service)
            }
            return snapshot
        case .now:
            var snapshot = RowSnapshot(digests: [:])
            for stored in try reader.records(of: kind, in: service, after: nil, limit: .max) {
                snapshot.take(stored.shown, record: stored.id, in: service)
            }
            return snapshot
        }
    }
}

extension Disclosure {
    /// A record without what stays behind.
    fileprivate func leaving(_ state: RecordState) -> RecordState {
        let cells = state.cells.filter { $0.key == .life || reason(holding: $0.key.field, of: state.kind) == nil }
        return RecordState(kind: state.kind, creator: state.creator, seam: state.seam, cells: cells)
    }
}

/// The digests of rows at a time, and their cells where they are at hand.
private struct RowSnapshot {
    static let kind = "responsibility"

    var digests: [RecordID: Digest]
    var known: [RecordID: CoveredRecord] = [:]
    var conflicted: Set<RecordID> = []
    /// The size of the log then, for rows that are to be read from it.
    var size = Int.max

    init(digests: [RecordID: Digest], size: Int = .max) { (self.digests, self.size) = (digests, size) }

    /// Rows whose cells are at hand.
    init(_ records: [CoveredRecord]) {
        digests = Dictionary(records.map { ($0.record, $0.digest) }) { first, _ in first }
        known = Dictionary(records.map { ($0.record, $0) }) { first, _ in first }
    }

    /// Adds a record as it stands.
    mutating func take(_ state: RecordState, record: RecordID, in service: SpaceID) {
        switch CurrentRecord(state, record: record, space: service)?.content {
        case .settled(let covered, let digest)?:
            digests[record] = digest
            known[record] = covered
        case .conflicted?, .erased?: conflicted.insert(record)
        case nil: break
        }
    }

    /// How a later time differs from this one, in the order of ids.
    ///
    /// - Parameter covered: the cells of a record at one of the two, where they can be had.
    func differences(
        to new: RowSnapshot, of service: SpaceID, covered: (RowSnapshot, RecordID) throws -> CoveredRecord?
    ) rethrows -> [AgreementDifference] {
        try Set(digests.keys).union(new.digests.keys).sorted().filter { digests[$0] != new.digests[$0] }.map { record in
            let signed = try covered(self, record)
            let current = try covered(new, record)
            let change: AgreementDifference.Change
            switch (digests[record], new.digests[record]) {
            case (nil, _): change = .added
            case (_, nil): change = new.conflicted.contains(record) ? .conflicted : .vanished
            default:
                // That it differs is certain, in what may not be at hand.
                change = .changed(signed.flatMap { signed in current.map { AgreementDocument.cellChanges(from: signed, to: $0) } } ?? [])
            }
            return AgreementDifference(
                space: service, record: record, kind: Self.kind, change: change, signed: signed, current: current)
        }
    }

    func covered(_ record: RecordID, _ history: inout RecordHistory, _ reader: any StoreReader) throws -> CoveredRecord? {
        if let covered = known[record] { return covered }
        guard let digest = digests[record] else { return nil }
        func covered(_ state: RecordState?) -> CoveredRecord? {
            state.flatMap { CoveredRecord($0, record: record, space: history.space) }.flatMap { $0.digest == digest ? $0 : nil }
        }
        // What waits to be sent is in no log yet.
        return try covered(history.state(of: record, at: size)) ?? covered(reader.shown(record, in: history.space))
    }
}
