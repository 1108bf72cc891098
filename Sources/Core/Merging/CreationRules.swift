import BuntanProtocol
import Records

/// Judges edits that begin a record, bring it back, or touch its key.
struct CreationRules {
    let kind: Kind
    let context: EditContext

    func refusal(of edit: Edit, values: (Int) -> EncodedValue?, state: RecordState?) -> Refusal? {
        let isCreation = state == nil
        if isCreation, let refusal = creationRefusal(edit, values) { return refusal }
        guard let key = kind.key else { return nil }
        // A record that lives always has its key: one that was deleted gets it back with its life.
        let needsKey = EditCheck.asserts(edit, values, context)
        guard needsKey || edit.ops.contains(where: { op in key.contains(op.cell.field) }) else { return nil }
        return keyRefusal(key, edit, values, state)
    }

    private func creationRefusal(_ edit: Edit, _ values: (Int) -> EncodedValue?) -> Refusal? {
        if context.spaceType != .private {
            guard kind.sides.contains(context.side) else { return Refusal(.notOwner, kind.name) }
            // Where two parties write, a record that names its organisation is that organisation's own.
            if kind.field("org")?.type == .organisation, case .written(let org?) = written(CellKey("org"), edit, values),
                org != Value.id(context.organisation).encoded
            {
                return Refusal(.notOwner, "org")
            }
        }
        for field in kind.fields where field.isRequired && field.merge == .writeOnce {
            if case .missing = written(CellKey(field.name), edit, values) { return Refusal(.invalid, field.name) }
        }
        // An id made from a key is for its kind alone: else one side could take the record the other has yet to make.
        if kind.key == nil, edit.record.uuidVersion != 7 { return Refusal(.invalid, "record") }
        return nil
    }

    private func keyRefusal(_ key: [String], _ edit: Edit, _ values: (Int) -> EncodedValue?, _ state: RecordState?) -> Refusal? {
        var keyValues: [Value] = []
        for name in key {
            let cell = CellKey(name)
            let value: EncodedValue?
            switch written(cell, edit, values) {
            case .written(let own): value = own
            case .missing:
                guard let heads = remaining(cell, edit, state), let head = heads.first else { return Refusal(.invalid, name) }
                value = head.value
            }
            // Erased: the id was checked when the entry was new.
            guard let value else { return nil }
            if name == "side", value != Value.text(context.side.name).encoded { return Refusal(.notOwner, name) }
            keyValues.append(value.value)
        }
        let id = RecordID.natural(space: context.space, kind: kind.name, key: keyValues)
        return id == edit.record ? nil : Refusal(.invalid, "record")
    }

    /// The heads that the edit's op on `@life` does not take away.
    private func remaining(_ cell: CellKey, _ edit: Edit, _ state: RecordState?) -> [Head]? {
        let named = edit.ops.first { $0.cell == .life }?.predecessors ?? []
        return state?[cell]?.heads.filter { !named.contains($0.op) }
    }

    private enum Written {
        /// `nil` if it was erased.
        case written(EncodedValue?)
        case missing
    }

    private func written(_ cell: CellKey, _ edit: Edit, _ values: (Int) -> EncodedValue?) -> Written {
        guard let offset = edit.ops.firstIndex(where: { $0.cell == cell }) else { return .missing }
        return .written(values(context.firstOp + offset))
    }
}
