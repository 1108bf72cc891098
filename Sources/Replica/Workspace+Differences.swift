package import Agreements
package import BuntanProtocol
package import Merging
package import Storage

/// The rows of a service at one of several times: what a comparison has on either side.
package enum RowsAt: Sendable {
    case release(Release)
    case agreement(AgreementDocument)
    case file(FiledRows)
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
        let kind = "responsibility"
        var history = try RecordHistory(of: service, reader)
        let old = try rows(at: before, kind, of: service, reader)
        let new = try rows(at: after, kind, of: service, reader)
        var differences: [AgreementDifference] = []
        for record in Set(old.digests.keys).union(new.digests.keys).sorted() where old.digests[record] != new.digests[record] {
            let signed = try old.covered(record, kind, &history, reader)
            let current = try new.covered(record, kind, &history, reader)
            let change: AgreementDifference.Change
            switch (old.digests[record], new.digests[record]) {
            case (nil, _): change = .added
            case (_, nil): change = new.conflicted.contains(record) ? .conflicted : .vanished
            default:
                // That it differs is certain, in what may not be at hand.
                change = .changed(signed.flatMap { signed in current.map { AgreementDocument.cellChanges(from: signed, to: $0) } } ?? [])
            }
            differences.append(
                AgreementDifference(space: service, record: record, kind: kind, change: change, signed: signed, current: current))
        }
        return [before.file, after.file].compactMap { $0 }.reduce(differences) { left, file in left.compactMap(file.told) }
    }

    private func rows(at time: RowsAt, _ kind: String, of service: SpaceID, _ reader: any StoreReader) throws -> RowSnapshot {
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
        case .now:
            var snapshot = RowSnapshot(digests: [:])
            for stored in try reader.records(of: kind, in: service, after: nil, limit: .max) {
                switch CurrentRecord(stored.shown, record: stored.id, space: service)?.content {
                case .settled(let covered, let digest)?:
                    snapshot.digests[stored.id] = digest
                    snapshot.known[stored.id] = covered
                case .conflicted?, .erased?: snapshot.conflicted.insert(stored.id)
                case nil: break
                }
            }
            return snapshot
        }
    }
}

/// The digests of rows at a time, and their cells where they are at hand.
private struct RowSnapshot {
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

    func covered(
        _ record: RecordID, _ kind: String, _ history: inout RecordHistory, _ reader: any StoreReader
    ) throws -> CoveredRecord? {
        if let covered = known[record] { return covered }
        guard let digest = digests[record] else { return nil }
        func covered(_ state: RecordState?) -> CoveredRecord? {
            state.flatMap { CoveredRecord($0, record: record, space: history.space) }.flatMap { $0.digest == digest ? $0 : nil }
        }
        // What waits to be sent is in no log yet.
        return try covered(history.state(of: record, at: size)) ?? covered(reader.shown(record, in: history.space))
    }
}
