package import Agreements
package import BuntanProtocol
import Merging
package import Storage

/// The rows of a service at one of several times: what a comparison has on either side.
package enum RowsAt: Sendable {
    case release(Release)
    case agreement(AgreementDocument)
    /// What stands in the space now.
    case now
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
        return differences
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
            return RowSnapshot(
                digests: Dictionary(records.map { ($0.record, $0.digest) }) { first, _ in first },
                known: Dictionary(records.map { ($0.record, $0) }) { first, _ in first })
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
