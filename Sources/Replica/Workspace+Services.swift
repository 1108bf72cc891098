package import BuntanProtocol
import ChangeLog
import Merging
package import Records
package import Storage

/// Why a service or one of its releases does not allow what was asked.
package enum ServiceFault: Error, Hashable, Sendable {
    /// Retired on a day: no further invitations and releases.
    case retired(ServiceDay)
    case unknownRelease(String, known: [String])
    case withdrawnAlready(String)
}

/// A day as records hold it, `YYYY-MM-DD`.
package typealias ServiceDay = String

extension Workspace {
    // MARK: names and retirement

    /// Gives an own service a new name in its draft: customers see it from the next release on.
    package func rename(_ service: ProvidedService, to name: [String: String]) throws -> Committed {
        var cells: [CellKey: Value] = [:]
        for (language, text) in name { cells[CellKey("name", language)] = .text(text) }
        return try store.write { transaction in
            // No release is to come that would bear the name.
            try requireUnretired(service, transaction)
            let committed = try commit(
                [RecordDraft(space: service.draft, kind: "cloud-service", key: [], cells: cells)], in: service.draft, transaction)
            try renewHandles(of: service.service, transaction)
            try keepHandles(transaction)
            return committed
        }
    }

    /// Retires an own service from a day on. Only the draft says so: what was released stays as it was signed.
    ///
    /// - Parameter today: the day in the zone of whoever works here.
    /// - Throws: `ServiceFault.retired` for one that is retired by then.
    package func retire(_ service: ProvidedService, on day: CalendarDate, today: CalendarDate) throws -> Committed {
        try store.write { transaction in
            try requireUnretired(service, by: today, transaction)
            return try commit([retirement(of: service, on: day.text)], in: service.draft, transaction)
        }
    }

    func retirement(of service: ProvidedService, on day: ServiceDay) -> RecordDraft {
        RecordDraft(space: service.draft, kind: "cloud-service", key: [], cells: [CellKey("retiredOn"): .text(day)])
    }

    /// The day from which on a service is retired, be it to come; `nil` for one that is not.
    package func retirement(of service: ProvidedService, _ reader: any StoreReader) throws -> ServiceDay? {
        try reader.shown(RecordID.natural(space: service.draft, kind: "cloud-service", key: []), in: service.draft)?
            .earliestDay("retiredOn")
    }

    /// The same for whatever service is known; `nil` for one of another organisation, which keeps it to itself.
    package func retirement(of service: KnownService, _ reader: any StoreReader) throws -> ServiceDay? {
        try service.draft.flatMap { try retirement(of: ProvidedService(service: service.service, draft: $0), reader) }
    }

    /// Whether a service is retired by a day.
    package func isRetired(_ service: KnownService, by today: CalendarDate, _ reader: any StoreReader) throws -> Bool {
        try retirement(of: service, reader).map { $0 <= today.text } ?? false
    }

    /// Refuses what a service that is retired does not take.
    ///
    /// - Parameter today: the day in the zone of whoever works here.
    package func requireUnretired(_ service: ProvidedService, by today: CalendarDate, _ reader: any StoreReader) throws {
        if let day = try retirement(of: service, reader), day <= today.text { throw ServiceFault.retired(day) }
    }

    /// The same where nobody says what day it is: a service counts as retired once its day has begun everywhere.
    func requireUnretired(_ service: ProvidedService, _ reader: any StoreReader) throws {
        guard let text = try retirement(of: service, reader) else { return }
        let begun = CalendarDate(year: 1970, month: 1, day: 1)?.adding(days: Int((clock.now() - 43_200_000) / 86_400_000))
        if let begun, text <= begun.text { throw ServiceFault.retired(text) }
    }

    // MARK: releases

    /// Marks a release withdrawn: it stays readable, and whatever was signed over it says so.
    package func withdraw(_ label: String, of service: ProvidedService, message: String) throws -> (committed: Committed, release: Release)
    {
        try store.write { transaction in
            let releases = try releases(of: service.service, transaction)
            guard let release = releases.first(where: { $0.label == label }) else {
                throw ServiceFault.unknownRelease(label, known: releases.map(\.label))
            }
            guard !release.isWithdrawn else { throw ServiceFault.withdrawnAlready(label) }
            var random = draw
            let draft = RecordDraft(
                record: RecordID.timeOrdered(millis: clock.now(), random: random.nonce()), kind: "release-withdrawal",
                cells: [CellKey("release"): .id(release.id), CellKey("message"): .text(message)])
            return (try commit([draft], in: service.service, transaction), release)
        }
    }

    /// Rows whose allocation a publish would change while all its words stay as they were published.
    ///
    /// - Parameter changed: the records that it would change.
    package func rowsReallocatedWithoutWords(
        among changed: [RecordDraft], of service: ProvidedService, _ reader: any StoreReader
    ) throws -> [RowKey] {
        let worded: Set<String> = ["providerStatement", "customerAction", "boundaryNote", "notApplicableReason"]
        return RowKey.sorted(
            try changed.compactMap { draft -> RowKey? in
                guard draft.kind == "responsibility", let published = try reader.shown(draft.record, in: service.service),
                    published.isAlive, let new = draft.cells[CellKey("allocation")], published.value("allocation") != new
                else { return nil }
                // Words that only move from one side to the other with the allocation are the same.
                var words: [CellKey: Value] = [:]
                for cell in published.cells where worded.contains(cell.key.field) { words[cell.key] = cell.state.filled?.value }
                let before = words.values.compactMap(\.text).sorted()
                for (key, value) in draft.cells where worded.contains(key.field) { words[key] = value }
                return words.values.compactMap(\.text).sorted() == before ? RowKey(published) : nil
            })
    }

    /// The records that a publish would change.
    func changedRecords(_ service: ProvidedService, _ reader: any StoreReader) throws -> [RecordDraft] {
        try changedRecords(among: publicationDrafts(service, reader), of: service, reader)
    }

    /// The same among what it would write.
    package func changedRecords(
        among drafts: [RecordDraft], of service: ProvidedService, _ reader: any StoreReader
    ) throws -> [RecordDraft] {
        try drafts.filter { draft in
            guard let published = try reader.shown(draft.record, in: service.service), published.standing != .deleted else {
                return draft.cells[.life] != .bool(false)
            }
            return draft.cells.contains { key, value in
                // What was erased is nothing that a draft could say again, not even where it leaves the field empty.
                published[key]?.isErased == true || (published[key]?.state.filled?.value ?? .null) != Self.emptied(value, key)
            }
        }
    }

    /// An element that is no member says as much as one that nobody has written.
    private static func emptied(_ value: Value, _ key: CellKey) -> Value { value == .bool(false) && key.element != nil ? .null : value }
}

extension StoreReader {
    /// When an entry was received by whoever keeps its log; `nil` where there is none.
    package func received(_ position: Int?, in space: SpaceID) throws -> Int64? {
        guard let position, let stored = try entries(of: space, from: position, maxBytes: 1).first, stored.position == position else {
            return nil
        }
        return try Entry(decoding: stored.bytes).received
    }
}
