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
    let kept: TakenDocument?
    /// Rows that an import brought and no document has any more, where these are to go. One with several values stays.
    let removals: [RecordDraft]
    let removesAbsent: Bool
    private let draft: SpaceID
    /// Cells with several values here: an import that replaced them would choose unseen.
    let conflicted: [(row: Records.RowKey, cell: BuntanProtocol.CellKey)]

    /// - Parameters:
    ///   - others: what is imported with it.
    ///   - removesAbsent: whether rows go that none of the documents has.
    init(
        _ matrix: MatrixImport, beside others: [MatrixImport], removesAbsent: Bool = false, service: ProvidedService,
        _ workspace: Workspace, _ reader: any StoreReader
    ) throws {
        var current: [Interchange.RowKey: [Interchange.CellKey: ImportedValue]] = [:]
        var unsettled: [Interchange.RowKey: Set<Interchange.CellKey>] = [:]
        for (key, state) in try workspace.rows(in: service.draft, reader) {
            let row = Interchange.RowKey(framework: key.framework, controlId: key.controlId, itemKey: key.itemKey)
            current[row] = state.importedCells
            if state.isConflicted, state.standing != .alive { unsettled[row, default: []].insert(Interchange.CellKey(.life)) }
            for cell in state.conflicts { unsettled[row, default: []].insert(Interchange.CellKey(cell.key)) }
        }
        let beside = Set(others.flatMap { $0.rows.map(\.key) })
        var plan = ImportPlan(current: current, matrix: matrix, beside: beside)
        // What this program wrote says what somebody made of it: another word in it is meant.
        if matrix.planOf == nil, !matrix.isFromHere, !plan.silentRows.isEmpty || plan.rows.contains(where: { !$0.isNew }) {
            let before = try Self.before(plan.rows.filter { !$0.isNew }.map(\.key) + plan.silentRows, service, reader)
            if !before.isEmpty { plan = ImportPlan(current: current, matrix: matrix, before: before, beside: beside) }
        }
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
        var removals: [RecordDraft] = []
        let gone = try removesAbsent ? Self.brought(plan.absentRows, with: matrix.rows.map(\.key) + beside, service, reader) : []
        for row in plan.absentRows where gone.contains(row) {
            let key = Records.RowKey(framework: row.framework, controlId: row.controlId, itemKey: row.itemKey)
            if let cell = unsettled[row]?.first {
                conflicted.append((key, cell.protocolKey))
            } else {
                removals.append(
                    RecordDraft(space: service.draft, kind: "responsibility", key: key.fields, cells: [.life: .bool(false)]))
            }
        }
        self.removals = removals
        (self.removesAbsent, draft) = (removesAbsent, service.draft)
        self.plan = plan
        self.conflicted = conflicted
        notes = try Self.notes(matrix, service: service, workspace, reader)
        kept = try matrix.whole == nil ? nil : StoreDirectory(reader).home(reader).flatMap { try Self.kept(matrix, in: $0, reader) }
    }

    func record(of row: Interchange.RowKey) -> RecordID {
        Records.RowKey(framework: row.framework, controlId: row.controlId, itemKey: row.itemKey).responsibility(in: draft)
    }

    /// The document itself as records of its own. A plan that this program wrote of a service here holds no more than the store.
    private static func kept(_ matrix: MatrixImport, in home: SpaceID, _ reader: any StoreReader) throws -> TakenDocument? {
        guard let whole = matrix.whole else { return nil }
        let services = try StoreDirectory(reader).services
        if let plan = matrix.planOf, services.contains(where: { $0.service.hex == plan }) { return nil }
        return try TakenDocument(.kept(whole), in: home, reader)
    }

    /// Which rows an earlier version of a document brought, and nobody has written to since: of another matrix a document says nothing,
    /// and what a person typed stays.
    private static func brought(
        _ rows: [Interchange.RowKey], with present: [Interchange.RowKey], _ service: ProvidedService, _ reader: any StoreReader
    ) throws -> Set<Interchange.RowKey> {
        guard !rows.isEmpty, let home = try StoreDirectory(reader).home(reader), let history = try SpaceHistory(service.draft, reader)
        else {
            return []
        }
        func record(_ row: Interchange.RowKey) -> RecordID {
            Records.RowKey(framework: row.framework, controlId: row.controlId, itemKey: row.itemKey).responsibility(in: service.draft)
        }
        let imports = try ImportRun.changes(of: service.service, in: home, reader)
        let isEarlier = try ImportRun.earlierRows(of: present.map(record), in: service.service, home: home, reader)
        var read: [Int: RecordedChange] = [:]
        return try Set(
            rows.filter { row in
                let record = record(row)
                return try isEarlier(record) && history.isWritten(record, byNoneBut: imports, among: &read)
            })
    }

    /// What documents said of rows when they were imported last.
    private static func before(
        _ rows: [Interchange.RowKey], _ service: ProvidedService, _ reader: any StoreReader
    ) throws -> [Interchange.RowKey: [Interchange.CellKey: ImportedValue]] {
        guard let home = try StoreDirectory(reader).home(reader), let history = try SpaceHistory(service.draft, reader) else { return [:] }
        let imports = try ImportRun.changes(of: service.service, in: home, reader)
        guard !imports.isEmpty else { return [:] }
        var before: [Interchange.RowKey: [Interchange.CellKey: ImportedValue]] = [:]
        var read: [Int: RecordedChange] = [:]
        for row in rows {
            let record = Records.RowKey(framework: row.framework, controlId: row.controlId, itemKey: row.itemKey)
                .responsibility(in: service.draft)
            let written = try history.values(of: record, writtenBy: imports, among: &read)
            guard !written.isEmpty else { continue }
            var cells: [Interchange.CellKey: ImportedValue] = [:]
            for (key, value) in written {
                guard let value = ImportedValue(value), value != .bool(false) || key.element == nil else { continue }
                cells[Interchange.CellKey(key)] = value
            }
            before[row] = cells
        }
        return before
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
    /// `nil` for what is nothing, or no value of a row.
    fileprivate init?(_ value: Value) {
        switch value {
        case .bool(let bool): self = .bool(bool)
        case .int(let int): self = .int(Int(int))
        case .text(let text): self = .text(text)
        case .null, .bytes: return nil
        }
    }

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
