import BuntanProtocol
import Merging
import Records
import Rules

/// What the fields of records hold, as rules see it: a value, so that many records are read side by side.
struct FactReading: Sendable {
    /// The fields of each kind that facts have.
    private let known: [String: [(field: Field, known: FactField, first: CellKey)]]
    /// The id under which a record is known that others name otherwise: the draft of what is published, a party by its organisation.
    private let published: [RecordID: FactID]

    init(_ schema: SchemaRegistry, _ published: [RecordID: FactID]) { (known, self.published) = (Self.known(schema), published) }

    func id(_ record: RecordID) -> FactID { published[record] ?? FactID(record) }

    /// What the fields of a record hold that facts have.
    ///
    /// - Parameter more: So many fields will be put beside them.
    func values(of state: RecordState, _ kind: Kind, more: Int = 8) -> FactFields {
        var values = FactFields(capacity: min(state.cells.count, kind.fields.count) + more)
        each(of: state, kind) { values[$0] = $1 }
        return values
    }

    /// Hands over the same, field by field.
    func each(of state: RecordState, _ kind: Kind, _ body: (FactField, FactValue) -> Void) {
        let cells = state.cells
        var next = cells.startIndex
        // Fields and cells stand in one order, so that both are walked through once: a matrix has hundreds of thousands.
        for (field, known, first) in known[kind.name] ?? [] {
            while next < cells.endIndex, cells[next].key < first { next += 1 }
            let start = next
            while next < cells.endIndex, cells[next].key.field == field.name { next += 1 }
            if start < next, let value = value(of: field, in: cells[start..<next]) { body(known, value) }
        }
    }

    /// The fields of each kind that facts have, in the order of cells, each with a key before all of its cells.
    private static func known(_ schema: SchemaRegistry) -> [String: [(field: Field, known: FactField, first: CellKey)]] {
        Dictionary(
            schema.kinds.map { kind in
                let fields = kind.fields.compactMap { field in
                    FactField.named(field.name).map { (field: field, known: $0, first: CellKey(field.name, .id([]))) }
                }
                return (kind.name, fields.sorted { $0.first < $1.first })
            }
        ) { first, _ in first }
    }

    func value(of field: Field, in state: RecordState) -> FactValue? { value(of: field, in: state.cells(of: field.name)) }

    private func value(of field: Field, in cells: ArraySlice<Cell>) -> FactValue? {
        // Nobody knows what a field holds while several values stand in it.
        if cells.contains(where: \.isConflicted) { return .unseen }
        switch field.merge {
        case .set:
            let members = cells.filter { $0.state.filled?.isTrue == true }.compactMap(\.key.element)
            let ids = members.compactMap { if case .id(let bytes) = $0 { reference(bytes, field.type) } else { nil } }
            return ids.isEmpty ? .codes(members.compactMap { if case .code(let code) = $0 { code } else { nil } }.sorted()) : .ids(ids)
        case .languages:
            func text(_ language: String) -> String {
                cells.first { $0.key.element == .code(language) }?.state.filled?.value.text ?? ""
            }
            return .bilingual(en: text("en"), ja: text("ja"))
        case .register, .writeOnce: return cells.first?.state.filled.flatMap { value($0.value, field) }
        }
    }

    private func value(_ value: Value, _ field: Field) -> FactValue? {
        switch value {
        case .null: return nil
        case .bool(let bool): return .bool(bool)
        case .int(let int): return .int(Int(int))
        case .text(let text): return .text(text)
        case .bytes(let bytes):
            if let id = reference(bytes, field.type) { return .id(id) }
            return .text(Hexadecimal.text(bytes))
        }
    }

    private func reference(_ bytes: [UInt8], _ type: FieldType) -> FactID? {
        switch type {
        case .organisation: return OrganisationID(bytes).map { FactID($0) }
        case .record: return RecordID(bytes).map { id($0) }
        default: return nil
        }
    }
}
