package import BuntanProtocol
package import ChangeLog
package import Merging

/// A record as the change that made it gives it.
package struct MadeRecord: Sendable {
    package let record: RecordID
    package let kind: String
    private let values: [CellKey: EncodedValue]

    /// The value of a plain field; `nil` where the change has none, or it was erased.
    package subscript(field: String) -> Value? { values[CellKey(field)]?.value }

    /// Whether a plain field that need not be there holds a text where it is there.
    package func isTextOrEmpty(_ field: String) -> Bool { self[field].isTextOrEmpty }

    /// The texts of a field by language.
    package func texts(_ field: String) -> [String: String] {
        var texts: [String: String] = [:]
        for (key, value) in values where key.field == field {
            if case .code(let language)? = key.element, let text = value.value.text { texts[language] = text }
        }
        return texts
    }

    private init(record: RecordID, kind: String, values: [CellKey: EncodedValue]) {
        self.record = record
        self.kind = kind
        self.values = values
    }

    /// A record that waits in the outbox, as it is shown.
    package init(_ state: RecordState, record: RecordID) {
        self.init(
            record: record, kind: state.kind,
            values: Dictionary(state.cells.compactMap { cell in cell.state.filled.map { (cell.key, $0) } }) { first, _ in first })
    }

    /// The records that a change brings to life.
    package static func all(in checked: CheckedChange) -> [MadeRecord] {
        guard let edits = checked.change.edits, let payload = checked.payload else { return [] }
        return all(edits: edits, payload: payload)
    }

    package static func all(edits: [Edit], payload: Payload) -> [MadeRecord] {
        var made: [MadeRecord] = []
        var first = 0
        for edit in edits {
            var values: [CellKey: EncodedValue] = [:]
            for (offset, op) in edit.ops.enumerated() { values[op.cell] = payload[first + offset] }
            if values[.life]?.isTrue == true { made.append(MadeRecord(record: edit.record, kind: edit.kind, values: values)) }
            first += edit.ops.count
        }
        return made
    }
}

extension Value? {
    /// Whether this is what a text field that need not be filled may hold: nothing, *empty* or a text.
    var isTextOrEmpty: Bool { self.map { $0 == .null || $0.text != nil } ?? true }
}
