import BuntanProtocol
import Interchange
import Merging
import Records
import Replica
import Storage

/// What one document changes in a service's draft, ready to be written.
struct ImportDraft {
    let plan: ImportPlan
    let rows: [RecordDraft]
    /// Columns that were not recognised stay private: one annotation a cell, made once.
    let notes: [RecordDraft]
    /// The document itself, where it holds more than rows have a place for and is not kept already.
    let kept: [RecordDraft]
    /// Cells with several values here: an import that replaced them would choose unseen.
    let conflicted: [(row: Records.RowKey, cell: BuntanProtocol.CellKey)]

    init(_ matrix: MatrixImport, service: ProvidedService, _ workspace: Workspace, _ reader: any StoreReader) throws {
        var current: [Interchange.RowKey: [Interchange.CellKey: ImportedValue]] = [:]
        var unsettled: [Interchange.RowKey: Set<Interchange.CellKey>] = [:]
        for (key, state) in try workspace.rows(in: service.draft, reader) {
            let row = Interchange.RowKey(framework: key.framework, controlId: key.controlId, itemKey: key.itemKey)
            current[row] = state.importedCells
            for cell in state.conflicts { unsettled[row, default: []].insert(Interchange.CellKey(cell.key)) }
        }
        let plan = ImportPlan(current: current, matrix: matrix)
        var conflicted: [(row: Records.RowKey, cell: BuntanProtocol.CellKey)] = []
        rows = plan.rows.compactMap { row in
            let cells = row.cells.filter { unsettled[row.key]?.contains($0.key) != true }
            let key = Records.RowKey(framework: row.key.framework, controlId: row.key.controlId, itemKey: row.key.itemKey)
            for cell in row.cells where unsettled[row.key]?.contains(cell.key) == true { conflicted.append((key, cell.key.protocolKey)) }
            guard !cells.isEmpty else { return nil }
            return RecordDraft(
                space: service.draft, kind: "responsibility", key: key.fields,
                cells: Dictionary(cells.map { ($0.key.protocolKey, $0.value) }) { _, last in last })
        }
        self.plan = plan
        self.conflicted = conflicted
        notes = try Self.notes(matrix, service: service, workspace, reader)
        let home = try matrix.whole == nil ? nil : StoreDirectory(reader).home(reader)
        kept =
            try home.flatMap { home in
                try matrix.whole.map { try TakenDocument(.kept($0), in: home, reader).drafts }
            } ?? []
    }

    private static func notes(
        _ matrix: MatrixImport, service: ProvidedService, _ workspace: Workspace, _ reader: any StoreReader
    ) throws -> [RecordDraft] {
        guard matrix.rows.contains(where: { !$0.privateNotes.isEmpty }), let home = try StoreDirectory(reader).home(reader) else {
            return []
        }
        struct Known: Hashable {
            let row: [UInt8]
            let label: String
            let text: String
        }
        var known = Set<Known>()
        for stored in try reader.records(of: "annotation", in: home, after: nil, limit: .max) {
            known.insert(
                Known(
                    row: stored.shown.value("row")?.bytes ?? [], label: stored.shown.text("label") ?? "",
                    text: stored.shown.text("text") ?? ""))
        }
        var drafts: [RecordDraft] = []
        for row in matrix.rows {
            let record = Records.RowKey(framework: row.framework, controlId: row.controlId, itemKey: row.itemKey)
                .responsibility(in: service.service)
            for note in row.privateNotes {
                let label = Workspace.ownLabels.contains(note.header) ? "\(note.header) (file)" : note.header
                if known.insert(Known(row: record.bytes, label: label, text: note.text)).inserted {
                    drafts.append(workspace.note(on: record, text: note.text, label: label))
                }
            }
        }
        return drafts
    }
}

extension Interchange.CellKey {
    fileprivate init(_ key: BuntanProtocol.CellKey) {
        self.init(field: key.field)
        if case .code(let code)? = key.element { element = code }
    }

    var protocolKey: BuntanProtocol.CellKey { BuntanProtocol.CellKey(field, element.map { Element.code($0) }) }
}

extension ImportedValue {
    var value: Value {
        switch self {
        case .null: .null
        case .bool(let value): .bool(value)
        case .int(let value): .int(Int64(value))
        case .text(let value): .text(value)
        }
    }
}

extension ImportPlan.CellChange {
    fileprivate var value: Value {
        switch write {
        case .set(let value): value.value
        case .clear: SchemaRegistry.current.kind("responsibility")?.field(key.field)?.merge == .set ? .bool(false) : .null
        }
    }
}
