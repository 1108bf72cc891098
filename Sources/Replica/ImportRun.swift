package import BuntanProtocol
import Merging
package import Storage

/// The changes that imports made of a service's draft, as an organisation's own records name them.
package enum ImportRun {
    package static let kind = "import-run"

    /// The record of an import.
    ///
    /// - Parameter changes: those of the draft; none made no run.
    package static func draft(of changes: [ChangeID], in service: SpaceID, documents: [String], home: SpaceID) -> RecordDraft? {
        guard let first = changes.first else { return nil }
        return RecordDraft(
            space: home, kind: kind, key: [("service", .text(service.hex)), ("change", .text(first.hex))],
            cells: [
                CellKey("document"): .text(documents.joined(separator: ", ")),
                CellKey("changes"): .text(changes.map(\.hex).joined(separator: " ")),
            ])
    }

    /// The changes of all imports into a service that were not taken back.
    package static func changes(of service: SpaceID, in home: SpaceID, _ reader: any StoreReader) throws -> Set<ChangeID> {
        try Set(runs(of: service, in: home, reader).keys)
    }

    /// The same, each with the number of its import.
    package static func runs(of service: SpaceID, in home: SpaceID, _ reader: any StoreReader) throws -> [ChangeID: Int] {
        var (changes, number): ([ChangeID: Int], Int) = ([:], 0)
        for stored in try reader.records(of: kind, in: home, after: nil, limit: .max) where stored.shown.standing != .deleted {
            guard stored.shown.text("service") == service.hex, let written = stored.shown.text("changes") else { continue }
            for change in written.split(separator: " ").compactMap({ Hexadecimal.bytes(String($0)).flatMap { ChangeID($0) } }) {
                changes[change] = number
            }
            number += 1
        }
        return changes
    }
}

extension SpaceHistory {
    /// The imports that wrote to a record.
    package func imports(of record: RecordID, among runs: [ChangeID: Int], read: inout [Int: RecordedChange]) throws -> Set<Int> {
        var found: Set<Int> = []
        for position in try reader.history(of: record, in: space) {
            if let known = try change(at: position, among: &read), let run = runs[known.id] { found.insert(run) }
        }
        for item in try reader.outbox(touching: record, in: space) where item.list != .rejected {
            if let run = runs[item.item.change] { found.insert(run) }
        }
        return found
    }

    /// What some changes wrote to the cells of a record, the last of each cell.
    ///
    /// - Parameter read: changes of the log that were read already, by their positions.
    package func values(
        of record: RecordID, writtenBy changes: Set<ChangeID>, among read: inout [Int: RecordedChange]
    ) throws -> [CellKey: Value] {
        var values: [CellKey: Value] = [:]
        func take(_ change: RecordedChange) {
            guard changes.contains(change.id) else { return }
            for step in change.steps where step.record == record { values[step.op.cell] = step.value?.value ?? .null }
        }
        for position in try reader.history(of: record, in: space) {
            if let known = try change(at: position, among: &read) { take(known) }
        }
        for item in try reader.outbox(touching: record, in: space) where item.list != .rejected { take(try change(in: item)) }
        return values
    }
}
