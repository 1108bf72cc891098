package import BuntanProtocol
package import Merging
package import Records
package import Storage

/// Where an engagement or a service stands, counted from briefs.
package struct RowsStanding: Sendable {
    package let counts: RowTally.Counts
    /// The newest release that is here.
    package let release: String?
    /// Whether that one was withdrawn.
    package let isReleaseWithdrawn: Bool
    /// Cells with several values of this organisation's own devices, and the records that hold them.
    package let conflictedCells: Int
    package let conflictedRecords: Int
}

extension Workspace {
    /// Counts the rows of an engagement without reading a state of one that is settled.
    package func standing(of engagement: KnownEngagement, _ reader: any StoreReader) throws -> RowsStanding {
        var counts = RowTally.Counts()
        let release = try newestRelease(of: engagement.service, reader)
        try eachRow(of: engagement, reader) { counts.add($0) }
        return try standing(of: engagement, counts, release, reader)
    }

    /// The same with the engagement's agreements, on the day that `day` gives for a zone.
    package func standing(
        of engagement: KnownEngagement, day: (String) -> CalendarDate, _ reader: any StoreReader
    ) throws -> (rows: RowsStanding, agreements: [KnownAgreement]) {
        var counts = RowTally.Counts()
        let release = try newestRelease(of: engagement.service, reader)
        let agreements = try agreements(of: engagement, day: day, reader) { outlines in
            try survey(of: engagement, RowTally(release: release?.position), comparing: outlines, reader) { counts.add($0) }
        }
        return (try standing(of: engagement, counts, release, reader), agreements)
    }

    private func standing(
        of engagement: KnownEngagement, _ counts: RowTally.Counts, _ release: (label: String, position: Int, id: RecordID)?,
        _ reader: any StoreReader
    ) throws -> RowsStanding {
        let (cells, records) = try ownConflicts(in: [engagement.space], reader)
        return RowsStanding(
            counts: counts, release: release?.label,
            isReleaseWithdrawn: try withdrawal(of: release?.id, in: engagement.service, reader) != nil,
            conflictedCells: cells, conflictedRecords: records)
    }

    /// Hands over each row of an engagement, as the briefs have it, in no order.
    func eachRow(of engagement: KnownEngagement, _ reader: any StoreReader, _ body: (RowTally.Row) -> Void) throws {
        let release = try newestRelease(of: engagement.service, reader)?.position
        _ = try survey(of: engagement, RowTally(release: release), reader, row: body)
    }

    /// The rows of a service alone: its draft where it is one's own, else what was published.
    package func standing(of service: KnownService, _ reader: any StoreReader) throws -> (rows: Int, standing: RowsStanding) {
        let spaces = [service.draft, service.service].compactMap { $0 }
        let (cells, records) = try ownConflicts(in: spaces, reader)
        let rows = try reader.kinds(in: service.draft ?? service.service)["responsibility"] ?? 0
        let release = try newestRelease(of: service.service, reader)
        return (
            rows,
            RowsStanding(
                counts: RowTally.Counts(), release: release?.label,
                isReleaseWithdrawn: try withdrawal(of: release?.id, in: service.service, reader) != nil, conflictedCells: cells,
                conflictedRecords: records)
        )
    }

    /// The newest release by the order of the log, with its place; `.max` for one that waits to be sent.
    package func newestRelease(of service: SpaceID, _ reader: any StoreReader) throws -> (label: String, position: Int, id: RecordID)? {
        try reader.briefs(of: "release", in: service).compactMap { stored -> (label: String, position: Int, id: RecordID)? in
            guard stored.flags.contains(.alive), case .release(let label, let position)? = RecordBrief(decoding: stored.brief) else {
                return nil
            }
            return (label, position ?? .max, stored.id)
        }.max { ($0.position, $0.id) < ($1.position, $1.id) }
    }

    /// What withdrew a release; `nil` where it stands, and where there is none.
    func withdrawal(of release: RecordID?, in service: SpaceID, _ reader: any StoreReader) throws -> StoredRecord? {
        guard let release else { return nil }
        return try reader.records(of: "release-withdrawal", in: service, after: nil, limit: .max).first {
            $0.shown.value("release") == .id(release)
        }
    }

    /// The spaces asked about with the organisation's own, where notes and names can hold several values as well as rows.
    package func withHome(_ spaces: [SpaceID], _ reader: any StoreReader) throws -> [SpaceID] {
        try spaces + (reader.identity().home.map { [$0] } ?? [])
    }

    /// How many cells of one's own records hold several values, in these spaces and at home.
    package func ownConflicts(in spaces: [SpaceID], _ reader: any StoreReader) throws -> (cells: Int, records: Int) {
        let own = try reader.identity().organisation
        var cells = 0
        var records = 0
        for space in try withHome(spaces, reader) {
            for brief in try reader.conflicted(in: space) {
                guard let state = try reader.shown(brief.id, in: space), state.creator == own else { continue }
                records += 1
                cells += state.openChoices
            }
        }
        return (cells, records)
    }
}
