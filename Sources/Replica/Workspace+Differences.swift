package import Agreements
package import BuntanProtocol
package import Merging
import Records
package import Storage

/// What is published of a service at one of several times: what a comparison has on either side.
package enum PublishedAt: Sendable {
    case release(Release)
    case agreement(AgreementDocument)
    case file(FiledRows)
    /// What a release of this draft would hold now.
    case draft(SpaceID)
    /// What stands in the space now.
    case now

    fileprivate var file: FiledRows? { if case .file(let rows) = self { rows } else { nil } }

    /// Whether it holds all records of a kind: of others it says nothing.
    fileprivate func holds(_ kind: Kind, of service: SpaceID) -> Bool {
        switch self {
        case .release, .draft, .now: true
        case .file: kind.name == "responsibility"
        case .agreement(let document):
            kind.name == "responsibility"
                || document.scope.contains { part in
                    part.space == service && part.keys == nil && (part.kind == kind.name || part.kind == kind.list?.parent)
                }
        }
    }
}

/// The rows of a file, as they would stand in the service.
package struct FiledRows: Sendable {
    let records: [CoveredRecord]
    /// The fields that the file speaks of: of all others it says nothing.
    private let fields: Set<String>
    /// The frameworks of its rows: of those of others it says nothing.
    package let frameworks: Set<String>

    package init(_ records: [CoveredRecord], fields: Set<String>) {
        self.records = records
        self.fields = fields
        frameworks = Set(records.compactMap { $0.text("framework") })
    }

    /// How another file's rows differ from these, in the order of their ids; both as they would stand in one service.
    package func differences(to after: FiledRows, of service: SpaceID) -> [AgreementDifference] {
        let (old, new) = (PublishedSnapshot(records), PublishedSnapshot(after.records))
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
    /// Returns how the rows and the other published records differ between two times, in the order of their ids; of the others those of
    /// the kinds that both hold.
    ///
    /// Only records whose digests differ are read from the log.
    package func publishedDifferences(
        from before: PublishedAt, to after: PublishedAt, of service: SpaceID, _ reader: any StoreReader
    ) throws -> [AgreementDifference] {
        var history = try RecordHistory(of: service, reader)
        let kinds = Disclosure.publishedKinds(schema).filter { before.holds($0, of: service) && after.holds($0, of: service) }
        let old = try records(of: kinds, at: before, of: service, reader)
        let new = try records(of: kinds, at: after, of: service, reader)
        let differences = try old.differences(to: new, of: service) { snapshot, record in
            try snapshot.covered(record, &history, reader)
        }
        return FiledRows.told(by: [before.file, after.file].compactMap { $0 }, differences)
    }

    private func records(
        of kinds: [Kind], at time: PublishedAt, of service: SpaceID, _ reader: any StoreReader
    ) throws -> PublishedSnapshot {
        let names = Set(kinds.map(\.name))
        switch time {
        case .release(let release):
            let items = (release.manifest?.items ?? []).filter { names.contains($0.kind) }
            return PublishedSnapshot(
                digests: Dictionary(uniqueKeysWithValues: items.map { ($0.record, $0.digest) }),
                kinds: Dictionary(uniqueKeysWithValues: items.map { ($0.record, $0.kind) }), size: release.position.map { $0 + 1 } ?? .max)
        case .agreement(let document):
            return PublishedSnapshot(document.records.filter { $0.space == service && names.contains($0.kind) })
        case .file(let file): return PublishedSnapshot(file.records)
        case .draft(let draft):
            var snapshot = PublishedSnapshot()
            let provided = ProvidedService(service: service, draft: draft)
            let disclosure = Disclosure(to: .everybody, schema: schema)
            var leaving: Set<RecordID> = []
            for kind in kinds {
                for stored in try reader.records(of: kind.name, in: draft, after: nil, limit: .max)
                where reason(holding: stored.shown, in: .draft, disclosure) == nil {
                    // What is part of a record that stays behind stays, too.
                    if kind.list != nil, stored.parent.map(leaving.contains) != true { continue }
                    leaving.insert(stored.id)
                    let state = try publishedState(of: stored, provided, disclosure, reader)
                    snapshot.take(state, record: stored.publishedID(kind, in: service), in: service)
                }
            }
            return snapshot
        case .now:
            var snapshot = PublishedSnapshot()
            for kind in kinds {
                for stored in try reader.records(of: kind.name, in: service, after: nil, limit: .max) {
                    snapshot.take(stored.shown, record: stored.id, in: service)
                }
            }
            return snapshot
        }
    }
}

/// The digests of records at a time, and their cells where they are at hand.
struct PublishedSnapshot {
    var digests: [RecordID: Digest] = [:]
    var kinds: [RecordID: String] = [:]
    var known: [RecordID: CoveredRecord] = [:]
    var conflicted: Set<RecordID> = []
    /// The size of the log then, for rows that are to be read from it.
    var size = Int.max

    init() {}

    init(digests: [RecordID: Digest], kinds: [RecordID: String], size: Int) {
        (self.digests, self.kinds, self.size) = (digests, kinds, size)
    }

    /// Records whose cells are at hand.
    init(_ records: [CoveredRecord]) {
        kinds = Dictionary(records.map { ($0.record, $0.kind) }) { first, _ in first }
        digests = Dictionary(records.map { ($0.record, $0.digest) }) { first, _ in first }
        known = Dictionary(records.map { ($0.record, $0) }) { first, _ in first }
    }

    /// Adds a record as it stands.
    mutating func take(_ state: RecordState, record: RecordID, in service: SpaceID) {
        kinds[record] = state.kind
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
        to new: PublishedSnapshot, of service: SpaceID, covered: (PublishedSnapshot, RecordID) throws -> CoveredRecord?
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
                space: service, record: record, kind: kinds[record] ?? new.kinds[record] ?? "responsibility", change: change,
                signed: signed,
                current: current)
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
