import BuntanProtocol
import Merging
import Records
import Replica
import Storage
import Wording

/// What is said alike of rows that an erasure leaves unsettled, and of own copies of what others have erased.
struct ErasureWays {
    private let directory: StoreDirectory

    init(_ directory: StoreDirectory) { self.directory = directory }

    /// What settles a row of which this organisation has erased a value; `nil` where the other side has.
    func command(_ field: ErasedField, in engagement: KnownEngagement, place: String = "") -> String? {
        guard field.side == engagement.side, let cell = field.cells.first else { return nil }
        let edit = "buntan edit \(field.kind) \(field.row.pasteable) --set \(cell.shown)=VALUE"
        guard field.kind == "responsibility" else { return edit + place }
        // A published row is written in its draft.
        let service = directory.service(of: engagement).map { " -s \($0.handle)" } ?? ""
        return (field.isDrafted ? "buntan publish LABEL -m WHY" : edit) + service
    }

    /// What erases an own copy.
    func command(_ copy: HeldCopy, address: String, place: String = "") -> String {
        "buntan erase \(address) \(copy.cell.shown) --reason WHY" + place
    }

    /// How an own copy is named: its row, else its short id.
    func name(of copy: HeldCopy, in engagement: KnownEngagement, _ reader: any StoreReader) throws -> (shown: String, address: String) {
        // A comment on a row is not the row.
        if let row = try reader.shown(copy.record, in: engagement.space).flatMap({ RowKey($0) }) { return (row.shown, row.pasteable) }
        let short = try reader.shortID(of: .record(copy.record))
        return (short, short)
    }
}

extension ErasedField {
    /// The fields, each with its language.
    var shown: String { cells.map(\.shown).joined(separator: ", ") }

    func json(_ short: String, _ command: String?) -> JSONValue {
        .identified(
            record.uuid, short: short, ("kind", .text(kind)), ("row", row.json), ("field", .text(cells.first?.field ?? "")),
            ("element", .text(orNull: cells.first?.elementText)), ("before", .null), ("seen", ""), ("heads", .list([])),
            ("erased", .list(cells.map { .text($0.shown) })), ("side", .text(side.name)), ("next", .text(orNull: command)))
    }
}
