package import BuntanProtocol
package import Agreements
import Merging
import Records
package import Storage

/// Where something that differs comes from: who wrote it, and in which release it went out.
package struct DifferenceOrigin: Hashable, Sendable {
    package let device: DeviceID
    /// Milliseconds since 1970 by the log keeper's clock; by the author's where it waits to be sent.
    package let received: Int64
    /// The first release that holds it; `nil` where none does yet.
    package let release: NamedOrigin?

    package struct NamedOrigin: Hashable, Sendable {
        package let label: String
        package let message: String?
    }
}

/// What of a difference has come back to what an earlier release said.
package struct DifferenceReturn: Hashable, Sendable {
    /// The newest release to which all of the record has come back.
    package var whole: String?
    /// Where not all of it has: the newest release that said the same in a cell.
    package var cells: [CellKey: String] = [:]
}

extension Workspace {
    /// The origins of what differs between two times of what is published, by record: of those whose changes are in the log.
    package func origins(
        of differences: [AgreementDifference], to after: PublishedAt, of service: SpaceID, _ reader: any StoreReader
    ) throws -> [RecordID: DifferenceOrigin] {
        let size: Int
        switch after {
        case .release(let release): size = release.position.map { $0 + 1 } ?? .max
        case .now: size = .max
        case .draft(let draft): return try origins(of: differences, drafted: draft, reader)
        // What a file or an agreement holds came about elsewhere.
        case .file, .agreement: return [:]
        }
        let releases = try releases(of: service, reader).filter { $0.position != nil }.sorted { ($0.position ?? 0) < ($1.position ?? 0) }
        var history = try RecordHistory(of: service, reader)
        var origins: [RecordID: DifferenceOrigin] = [:]
        for difference in differences {
            guard let last = try reader.history(of: difference.record, in: service).last(where: { $0 < size }),
                let found = try history.change(at: last)
            else { continue }
            let release = releases.first { ($0.position ?? 0) >= last }
            origins[difference.record] = DifferenceOrigin(
                device: found.change.device, received: found.place.received,
                release: release.map { .init(label: $0.label, message: $0.message) })
        }
        return origins
    }

    /// The origins of what a draft says otherwise: who wrote it last there. No release holds it.
    private func origins(
        of differences: [AgreementDifference], drafted draft: SpaceID, _ reader: any StoreReader
    ) throws -> [RecordID: DifferenceOrigin] {
        guard let history = try SpaceHistory(draft, reader) else { return [:] }
        var origins: [RecordID: DifferenceOrigin] = [:]
        // One change touches many records, and is read once.
        var read: [Int: RecordedChange] = [:]
        for difference in differences {
            guard let covered = difference.current ?? difference.signed else { continue }
            // A record that has a key has one id in the draft and another where it is published.
            let record =
                schema.kind(difference.kind)?.key.map { key in
                    RecordID.natural(
                        space: draft, kind: difference.kind,
                        key: key.map { field in covered.cells.first { $0.key == CellKey(field) }?.value.value ?? .null })
                } ?? difference.record
            guard let last = try history.lastChange(of: record, among: &read) else { continue }
            origins[difference.record] = DifferenceOrigin(device: last.device, received: last.received ?? last.time, release: nil)
        }
        return origins
    }

    /// What has come back to what it said in a release before that from which it differs: a record as a whole, else single cells of it.
    package func releasesReturnedTo(
        _ differences: [AgreementDifference], from before: PublishedAt, of service: SpaceID, _ reader: any StoreReader
    ) throws -> [RecordID: DifferenceReturn] {
        guard case .release(let release) = before, let position = release.position else { return [:] }
        let earlier = try releases(of: service, reader).filter { $0.position.map { $0 < position } ?? false }.sorted {
            ($0.position ?? 0) > ($1.position ?? 0)
        }
        guard !earlier.isEmpty else { return [:] }
        var open = Dictionary(
            differences.compactMap { one in one.current.map { (one.record, $0.digest) } }, uniquingKeysWith: { first, _ in first })
        var returned: [RecordID: DifferenceReturn] = [:]
        for older in earlier where !open.isEmpty {
            for item in older.manifest?.items ?? [] where open[item.record] == item.digest {
                returned[item.record] = DifferenceReturn(whole: older.label)
                open[item.record] = nil
            }
        }
        var history = try RecordHistory(of: service, reader)
        for difference in differences where returned[difference.record] == nil {
            guard case .changed(let cells) = difference.change else { continue }
            let states = try history.states(of: difference.record, below: position)
            var back = DifferenceReturn()
            for older in earlier {
                guard let state = states.last(where: { $0.position <= older.position ?? -1 })?.state else { continue }
                for cell in cells where back.cells[cell.key] == nil {
                    guard let after = cell.after, state.cells.first(where: { $0.key == cell.key })?.state.filled == after else { continue }
                    back.cells[cell.key] = older.label
                }
            }
            if !back.cells.isEmpty { returned[difference.record] = back }
        }
        return returned
    }
}
