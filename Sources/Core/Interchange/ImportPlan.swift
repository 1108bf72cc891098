/// Names a row across documents and stores.
package struct RowKey: Sendable, Hashable {
    package var framework: String
    package var controlId: String
    package var itemKey: String

    package init(framework: String, controlId: String, itemKey: String) {
        self.framework = framework
        self.controlId = controlId
        self.itemKey = itemKey
    }
}

/// Names a cell of a row: a field, and its language or set member where it has them.
package struct CellKey: Sendable, Hashable {
    package var field: String
    package var element: String?

    package init(field: String, element: String? = nil) {
        self.field = field
        self.element = element
    }
}

/// What an import changes in a draft: only cells that differ; which rows the document lacks is told, and the caller decides.
package struct ImportPlan: Sendable, Equatable {
    package enum Write: Sendable, Equatable {
        case set(ImportedValue)
        /// The cell held this and the document no longer says it.
        case clear
    }

    package struct CellChange: Sendable, Equatable {
        package var key: CellKey
        package var write: Write
    }

    package struct RowChange: Sendable, Equatable {
        package var key: RowKey
        package var isNew: Bool
        /// By field, then element.
        package var cells: [CellChange]
    }

    /// A cell that a person changed since the last import while the document did not: it stays as it is.
    package struct KeptEdit: Sendable, Equatable {
        package var row: RowKey
        package var cell: CellKey
    }

    /// In the document's order; rows without a change are left out.
    package var rows: [RowChange] = []
    package var keptEdits: [KeptEdit] = []
    /// Rows of the document's frameworks that the draft has, and neither the document nor those beside it have.
    package var absentRows: [RowKey] = []
    package var diagnostics: [ImportDiagnostic] = []
    /// Rows of which the document has an id alone, and of which nothing is known from before: they stay as they are.
    package var silentRows: [RowKey] = []

    package var isEmpty: Bool { rows.isEmpty }

    /// Rows that change a cell of this field, new rows left out.
    package func rowsChanging(_ field: String) -> [RowKey] {
        rows.filter { row in !row.isNew && row.cells.contains { $0.key.field == field } }.map(\.key)
    }

    /// Compares a draft with a document.
    ///
    /// Formats that keep a row as found tell three states apart: what the last import concluded, what a person made of it,
    /// what the document now says. A concluded cell is written only if the document's own word has changed since; so a new
    /// version of a workbook never undoes an edit it does not speak of. Of other formats a cell is left alone in which the document says
    /// what it said before; a row of which nothing is known from before is compared cell by cell.
    ///
    /// - Parameters:
    ///   - before: what documents said of rows when they were imported last, where that is known.
    ///   - beside: rows of other documents that are read in the same act.
    package init(
        current: [RowKey: [CellKey: ImportedValue]], matrix: MatrixImport, before: [RowKey: [CellKey: ImportedValue]] = [:],
        beside: Set<RowKey> = []
    ) {
        var present: Set<RowKey> = []
        for row in matrix.rows {
            present.insert(row.key)
            let wanted = Dictionary(row.fields.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
            // What was emptied, and what was taken out of a set, is not there.
            let held = current[row.key]?.filter { $0.value != .null && !($0.key.element != nil && $0.value == .bool(false)) }
            var cells: [CellChange] = []
            let isSilent =
                !matrix.isFromHere && !row.saysAllocation && row.fields.allSatisfy { ["allocation", "topic"].contains($0.field) }
            // A line with an id alone says nothing of its row, unless it said something before and was emptied.
            let wasEmptied = isSilent && before[row.key].map(Self.saysSomething) ?? false
            if held != nil, isSilent, !wasEmptied {
                silentRows.append(row.key)
                continue
            } else if let held {
                cells = changes(from: held, to: wanted, before: before[row.key], row: row.key, matrix).filter { cell in
                    row.saysAllocation || matrix.isFromHere || wasEmptied || !["allocation", "derived"].contains(cell.key.field)
                }
            } else {
                cells = wanted.map { CellChange(key: $0.key, write: .set($0.value)) }
            }
            guard !cells.isEmpty else { continue }
            cells.sort { ($0.key.field, $0.key.element ?? "") < ($1.key.field, $1.key.element ?? "") }
            rows.append(RowChange(key: row.key, isNew: held == nil, cells: cells))
            // A flag that there was none of before has not changed.
            if let held, let flag = Self.flagAlone(among: cells, matrix), held[flag.key] != nil {
                diagnostics.append(flagChangedAlone(row, held[flag.key], flag.write, matrix))
            }
        }
        let frameworks = Set(matrix.rows.map(\.framework))
        absentRows = current.keys.filter { frameworks.contains($0.framework) && !present.contains($0) && !beside.contains($0) }
            .sorted { ($0.framework, $0.controlId, $0.itemKey) < ($1.framework, $1.controlId, $1.itemKey) }
    }

    private mutating func changes(
        from held: [CellKey: ImportedValue], to wanted: [CellKey: ImportedValue], before: [CellKey: ImportedValue]?, row: RowKey,
        _ matrix: MatrixImport
    ) -> [CellChange] {
        let keepsFound = matrix.fields.isSuperset(of: FoundRow.foundFields)
        let told = matrix.told(held: held, wanted: wanted)
        let concludedBefore =
            keepsFound
            ? Dictionary(FoundRow(keptIn: held).concludedCells.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first }) : [:]
        var cells: [CellChange] = []
        for key in Set(held.keys).union(wanted.keys) where matrix.fields.contains(key.field) {
            guard held[key] != wanted[key], !told.contains(key) else { continue }
            if wanted[key] == nil, matrix.heldBack.contains(key.field) { continue }
            if keepsFound, FoundRow.concludedFields.contains(key.field), concludedBefore[key] == wanted[key] {
                keptEdits.append(KeptEdit(row: row, cell: key))
                continue
            }
            if !keepsFound, let before, before[key] == wanted[key] {
                keptEdits.append(KeptEdit(row: row, cell: key))
                continue
            }
            if let value = wanted[key] {
                cells.append(CellChange(key: key, write: .set(value)))
            } else if (keepsFound && !Self.isProse(key)) || key.element == nil || !wanted.keys.contains(where: { $0.field == key.field }) {
                // A translation stays while the document speaks the other language.
                cells.append(CellChange(key: key, write: .clear))
            }
        }
        return cells
    }

    private static func saysSomething(_ cells: [CellKey: ImportedValue]) -> Bool {
        cells.contains { key, value in
            !["topic", "derived"].contains(key.field) && value != .null && !(key.field == "allocation" && value == .text("unallocated"))
        }
    }

    /// What says who is responsible, where it changes and no word beside it does; a document that has no place for words says none.
    private static func flagAlone(among cells: [CellChange], _ matrix: MatrixImport) -> CellChange? {
        let (flag, words): (String, Set<String>) =
            matrix.fields.contains("foundText")
            ? ("foundFlag", ["foundText"])
            : ("allocation", ["providerStatement", "customerAction", "boundaryNote", "notApplicableReason"])
        guard !words.isDisjoint(with: matrix.fields), !cells.contains(where: { words.contains($0.key.field) }) else { return nil }
        return cells.first { $0.key.field == flag }
    }

    private static func isProse(_ key: CellKey) -> Bool { key.element.map(ProseColumn.languages.contains) ?? false }

    private func flagChangedAlone(
        _ row: ImportedRow, _ before: ImportedValue?, _ write: Write, _ matrix: MatrixImport
    ) -> ImportDiagnostic {
        var facts = ["id": row.itemKey == RowKey.mainItem ? row.controlId : "\(row.controlId)/\(row.itemKey)"]
        if case .text(let flag) = before { facts["before"] = flag }
        if case .set(.text(let flag)) = write { facts["now"] = flag }
        let place = row.flagOrigin ?? row.origin
        return ImportDiagnostic(
            .flagChangedAlone, document: matrix.document, sheet: place.sheet, row: place.row, column: place.column, facts: facts)
    }
}
