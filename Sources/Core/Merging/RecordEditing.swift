package import BuntanProtocol
package import Records

/// Why a field cannot be given the value that somebody typed.
package enum RecordEditFault: Error, Hashable, Sendable {
    case unknownField(String, known: [String])
    case badValue(field: String, typed: String, FieldFault)
    /// A text with languages was given without one.
    case languageMissing(field: String, known: [String])
    /// Members were added to or taken from a field that is no set.
    case notASet(field: String)
    /// The field keeps its first value for ever.
    case writtenOnce(field: String)
    case computed(field: String)
    case otherSide(field: String, Side)
    /// The cell has several values: a person chooses among those shown, nothing replaces them unseen.
    case conflicting(CellKey)
    case requiredMissing(field: String)
    /// What was typed for a field does not go with what another one says: the first of the pair is beyond the last.
    case outOfOrder(field: String, first: FieldText, last: FieldText)

    /// A field with its value in canonical form.
    package struct FieldText: Hashable, Sendable {
        package let field: String
        package let text: String
    }
}

/// Turns what people type into cells of a record, by the registry's data alone: a new kind needs no code here.
package struct RecordEditing: Sendable {
    package let kind: Kind
    /// The side that writes; `nil` in a private space, where an organisation's own records have none.
    package let side: Side?
    package let state: RecordState?

    package init(kind: Kind, side: Side?, state: RecordState?) {
        self.kind = kind
        self.side = side
        self.state = state?.standing == .deleted ? nil : state
    }

    /// Returns the cells to write. Cells that hold the value already are among them: whoever commits leaves them out.
    package func cells(for assignments: [FieldAssignment]) throws(RecordEditFault) -> [CellKey: Value] {
        var cells: [CellKey: Value] = [:]
        for assignment in assignments {
            let field = try field(assignment.field)
            for (cell, value) in try self.cells(for: assignment, field) { cells[cell] = value }
        }
        for (cell, value) in cells {
            guard let held = state?[cell] else { continue }
            if held.isConflicted { throw .conflicting(cell) }
            if kind.field(cell.field)?.merge == .writeOnce, held.heads.first?.value != value.encoded {
                throw .writtenOnce(field: cell.field)
            }
        }
        return cells
    }

    /// Whether a value is another one than the cell shows; an empty cell and an absent one say the same.
    package func differs(_ value: Value, in cell: CellKey) -> Bool {
        guard let held = state?[cell] else { return value != .null && !(value == .bool(false) && cell.element != nil) }
        return held.isConflicted || held.heads.first?.value != value.encoded
    }

    /// Requires the fields without which a record of the kind says nothing; `cells` are those about to be written.
    package func requireComplete(_ cells: [CellKey: Value]) throws(RecordEditFault) {
        guard state == nil else { return }
        for field in kind.fields where field.isRequired {
            let isWritten = cells.contains { $0.key.field == field.name && $0.value != .null }
            if !isWritten { throw .requiredMissing(field: field.name) }
        }
    }

    /// Requires that what is about to be written stands in order with what the record says beside it; what stood out of order before
    /// is left to the rules.
    package func requireOrdered(_ cells: [CellKey: Value]) throws(RecordEditFault) {
        func text(_ name: String) -> String? {
            let cell = CellKey(name)
            return cells[cell].map(\.text) ?? state?[cell]?.state.filled?.value.text
        }
        for (first, last) in FieldOrder.pairs where kind.field(first) != nil && kind.field(last) != nil {
            guard let from = text(first), let to = text(last), FieldOrder.isBroken(from, to) else { continue }
            let typed = [last, first].first { name in cells[CellKey(name)].map { differs($0, in: CellKey(name)) } ?? false }
            guard let typed else { continue }
            throw .outOfOrder(
                field: typed, first: RecordEditFault.FieldText(field: first, text: from),
                last: RecordEditFault.FieldText(field: last, text: to))
        }
    }

    /// The fields that a person may fill here, in the order of the registry.
    package var fields: [Field] {
        kind.fields.filter { field in
            guard !field.isComputed else { return false }
            guard let side, let sides = field.sides else { return true }
            return sides.contains(side)
        }
    }

    private func field(_ name: String) throws(RecordEditFault) -> Field {
        guard let field = kind.field(name) else { throw .unknownField(name, known: fields.map(\.name)) }
        if let side, let sides = field.sides, !sides.contains(side) { throw .otherSide(field: name, side.other) }
        if field.isComputed { throw .computed(field: name) }
        return field
    }

    private func cells(for assignment: FieldAssignment, _ field: Field) throws(RecordEditFault) -> [CellKey: Value] {
        switch (field.merge, assignment.content) {
        case (.set, .value(let text)) where assignment.element != nil:
            let value = try Self.value(text, of: field)
            let isIn = value == .bool(true)
            return [CellKey(field.name, try element(assignment.element ?? "", field, isTakenOut: !isIn)): .bool(isIn)]
        case (.set, .value(let text)): return try members(FieldAssignment.list(text), field)
        case (.set, .members(let texts)): return try members(texts, field)
        case (.set, .adding(let texts)): return try marks(texts, .bool(true), field)
        case (.set, .removing(let texts)): return try marks(texts, .bool(false), field)
        case (_, .adding), (_, .removing), (_, .members): throw .notASet(field: field.name)
        case (.languages, .value(let text)):
            guard let language = assignment.element else {
                guard text.allSatisfy(\.isWhitespace) else {
                    throw .languageMissing(field: field.name, known: Vocabulary.languages)
                }
                // Nothing in any language.
                return (state?.cells(of: field.name) ?? []).reduce(into: [:]) { $0[$1.key] = .null }
            }
            return [CellKey(field.name, try element(language, field)): try Self.value(text, of: field)]
        case (.register, .value(let text)), (.writeOnce, .value(let text)):
            guard assignment.element == nil else {
                throw .badValue(field: field.name, typed: assignment.element ?? "", .elementUnexpected(field: field.name))
            }
            // What stands was taken when it was written: a form says it again.
            if let held = state?[CellKey(field.name)]?.state.filled?.value, FieldValue.print(held, as: field.type) == text {
                return [CellKey(field.name): held]
            }
            let value = try Self.value(text, of: field)
            if field.merge == .writeOnce, value == .null {
                if state?[CellKey(field.name)] != nil { throw .writtenOnce(field: field.name) }
                return [:]
            }
            return [CellKey(field.name): value]
        }
    }

    /// Exactly these members: the others that stand are taken out.
    private func members(_ texts: [String], _ field: Field) throws(RecordEditFault) -> [CellKey: Value] {
        var cells = try marks(texts, .bool(true), field)
        for cell in state?.cells(of: field.name) ?? [] where cells[cell.key] == nil {
            if cell.isConflicted { throw .conflicting(cell.key) }
            if cell.state.filled?.isTrue == true { cells[cell.key] = .bool(false) }
        }
        return cells
    }

    private func marks(_ texts: [String], _ value: Value, _ field: Field) throws(RecordEditFault) -> [CellKey: Value] {
        var cells: [CellKey: Value] = [:]
        for text in texts {
            cells[CellKey(field.name, try element(text, field, isTakenOut: value == .bool(false)))] = value
        }
        return cells
    }

    private func element(_ text: String, _ field: Field, isTakenOut: Bool = false) throws(RecordEditFault) -> Element {
        do { return try FieldValue.element(text, of: field, isTakenOut: isTakenOut) } catch {
            throw .badValue(field: field.name, typed: text, error)
        }
    }

    /// Reads what was typed for one cell of a field by its type and vocabulary, of a set whether it holds the member.
    ///
    /// Whatever writes what somebody typed reads it here: a value that one command refuses is refused by all.
    package static func value(_ text: String, of field: Field) throws(RecordEditFault) -> Value {
        do {
            return field.merge == .set ? try FieldValue.parse(text, as: .bool) : try FieldValue.parse(text, of: field)
        } catch { throw .badValue(field: field.name, typed: text, error) }
    }
}
