package import BuntanProtocol
import Merging
package import Storage

/// The changes that imports made of a service's draft, as an organisation's own records name them.
package enum ImportRun {
    package static let kind = "import-run"

    /// The record of an import of one document.
    ///
    /// - Parameters:
    ///   - changes: those of the draft; none made no run.
    ///   - rows: the records of all rows that the document has.
    package static func draft(
        of changes: [ChangeID], in service: SpaceID, document: String, rows: [RecordID], home: SpaceID
    ) -> RecordDraft? {
        guard let first = changes.first else { return nil }
        var cells: [CellKey: Value] = [
            CellKey("document"): .text(document), CellKey("changes"): .text(changes.map(\.hex).joined(separator: " ")),
        ]
        // Of more rows than a value holds it is not told which.
        let beginnings = rows.map(beginning).joined(separator: " ")
        if beginnings.utf8.count <= Limits.valueBytes { cells[CellKey("rows")] = .text(beginnings) }
        return RecordDraft(
            space: home, kind: kind, key: [("service", .text(service.hex)), ("change", .text(first.hex))], cells: cells)
    }

    private static func beginning(of record: RecordID) -> String { String(Hexadecimal.text(record.bytes).prefix(8)) }

    /// The changes of all imports into a service that were not taken back.
    package static func changes(of service: SpaceID, in home: SpaceID, _ reader: any StoreReader) throws -> Set<ChangeID> {
        var changes: Set<ChangeID> = []
        try each(of: service, in: home, reader) { run in
            let written = (run.text("changes") ?? "").split(separator: " ")
            changes.formUnion(written.compactMap { Hexadecimal.bytes(String($0)).flatMap { ChangeID($0) } })
        }
        return changes
    }

    /// Whether a record is a row of an earlier version of a document: of a run most of whose rows the document still has.
    ///
    /// - Parameter present: the records of all rows that the document has.
    package static func earlierRows(
        of present: [RecordID], in service: SpaceID, home: SpaceID, _ reader: any StoreReader
    ) throws -> (RecordID) -> Bool {
        let now = Set(present.map(beginning))
        var earlier: Set<Substring> = []
        try each(of: service, in: home, reader) { run in
            let rows = (run.text("rows") ?? "").split(separator: " ")
            if rows.count(where: { now.contains(String($0)) }) * 2 > rows.count { earlier.formUnion(rows) }
        }
        return { earlier.contains(Substring(beginning(of: $0))) }
    }

    private static func each(of service: SpaceID, in home: SpaceID, _ reader: any StoreReader, _ body: (RecordState) -> Void) throws {
        for stored in try reader.records(of: kind, in: home, after: nil, limit: .max) where stored.shown.standing != .deleted {
            if stored.shown.text("service") == service.hex { body(stored.shown) }
        }
    }
}

extension SpaceHistory {
    /// Whether nothing but some changes has written to a record.
    package func isWritten(
        _ record: RecordID, byNoneBut changes: Set<ChangeID>, among read: inout [Int: RecordedChange]
    ) throws -> Bool {
        for position in try reader.history(of: record, in: space) {
            if let known = try change(at: position, among: &read), !changes.contains(known.id) { return false }
        }
        return try reader.outbox(touching: record, in: space).allSatisfy { $0.list == .rejected || changes.contains($0.item.change) }
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
