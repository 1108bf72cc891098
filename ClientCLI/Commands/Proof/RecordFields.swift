import BuntanProtocol
import Merging
import Records

/// The fields of a record as JSON has them (commands.md section 7).
struct RecordFields {
    private let schema: SchemaRegistry
    /// Fields that are left out: those a row's key shows already.
    var omitted: Set<String> = []

    init(omitting omitted: Set<String> = [], schema: SchemaRegistry = .current) {
        self.omitted = omitted
        self.schema = schema
    }

    /// In the registry's order, fields that it does not know behind them.
    func json(_ state: RecordState) -> JSONValue {
        let kind = schema.kind(state.kind)
        let known = kind?.fields.map(\.name) ?? []
        var names = known.filter { !omitted.contains($0) }
        for cell in state.cells where cell.key != .life && !known.contains(cell.key.field) && !names.contains(cell.key.field) {
            names.append(cell.key.field)
        }
        return .object(
            names.compactMap { name in
                let cells = state.cells(of: name)
                guard !cells.isEmpty else { return nil }
                return JSONValue.Member(name, value(Array(cells), kind?.field(name)))
            })
    }

    private func value(_ cells: [Cell], _ field: Field?) -> JSONValue {
        switch field?.merge {
        case .languages:
            return .object(cells.map { JSONValue.Member(element($0.key.element, field), single($0, field)) })
        case .set:
            let contested = cells.filter(\.isConflicted)
            guard contested.isEmpty else {
                return .members(("heads", .list(contested.map { .text(element($0.key.element, field)) })))
            }
            return .list(
                cells.compactMap { cell in
                    cell.state.filled?.isTrue == true ? .text(element(cell.key.element, field)) : nil
                })
        case .register, .writeOnce, nil: return cells.count == 1 ? single(cells[0], field) : .list(cells.map { single($0, field) })
        }
    }

    private func single(_ cell: Cell, _ field: Field?) -> JSONValue {
        switch cell.state {
        case .settled(let value?, _): Self.value(value.value, field)
        case .settled(nil, _): .members(("unknown", "erased"))
        case .conflicted(let heads):
            .members(("heads", .list(heads.map { .members(("value", $0.value.map { Self.value($0.value, field) } ?? .null)) })))
        }
    }

    private static func value(_ value: Value, _ field: Field?) -> JSONValue {
        switch value {
        case .null: .null
        case .bool(let bool): .bool(bool)
        case .int(let int): .integer(int)
        case .text(let text): .text(text)
        case .bytes: .text(FieldValue.print(value, as: field?.type ?? .digest))
        }
    }

    private func element(_ element: Element?, _ field: Field?) -> String {
        switch element {
        case nil: ""
        case .code(let code)?: code
        case .id(let id)?: FieldValue.print(.bytes(id), as: field?.type ?? .digest)
        }
    }
}
