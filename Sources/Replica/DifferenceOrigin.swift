package import BuntanProtocol
package import Agreements
import Merging
package import Storage

/// Where something that differs comes from: who wrote it, and in which release it went out.
package struct DifferenceOrigin: Hashable, Sendable {
    package let device: DeviceID
    /// The log keeper's clock.
    package let received: Int64
    /// The first release that holds it; `nil` where none does yet.
    package let release: NamedOrigin?

    package struct NamedOrigin: Hashable, Sendable {
        package let label: String
        package let message: String?
    }
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
        // What a draft, a file or an agreement holds came about elsewhere.
        case .draft, .file, .agreement: return [:]
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

    /// The records that have come back to what they said in a release before that from which they differ: the newest such release of each.
    package func releasesReturnedTo(
        _ differences: [AgreementDifference], from before: PublishedAt, to after: PublishedAt, of service: SpaceID,
        _ reader: any StoreReader
    ) throws -> [RecordID: String] {
        guard case .release(let release) = before, let position = release.position else { return [:] }
        let earlier = try releases(of: service, reader).filter { $0.position.map { $0 < position } ?? false }.sorted {
            ($0.position ?? 0) > ($1.position ?? 0)
        }
        var open = Dictionary(
            differences.compactMap { one in one.current.map { (one.record, $0.digest) } }, uniquingKeysWith: { first, _ in first })
        var returned: [RecordID: String] = [:]
        for older in earlier where !open.isEmpty {
            for item in older.manifest?.items ?? [] where open[item.record] == item.digest {
                returned[item.record] = older.label
                open[item.record] = nil
            }
        }
        return returned
    }
}
