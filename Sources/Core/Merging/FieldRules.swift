import BuntanProtocol
import Records

/// Judges the ops of an edit one by one against the registry: is the field known, its element and value of its type, and
/// is it this side's to fill.
struct FieldRules {
    let kind: Kind
    let context: EditContext
    let keepsUnknownSchema: Bool
    /// A newer schema may have added codes to a vocabulary: what does not fit is then unknown rather than wrong.
    let isNewer: Bool

    func refusal(of edit: Edit, values: (Int) -> EncodedValue?) -> Refusal? {
        var hasLargeValue = false
        for (offset, op) in edit.ops.enumerated() {
            let value = values(context.firstOp + offset)
            if op.cell == .life {
                if let value, !value.isTrue, !value.isFalse { return Refusal(.invalid, op.cell.field) }
                continue
            }
            guard let field = kind.field(op.cell.field) else {
                if keepsUnknownSchema { continue }
                return Refusal(.schemaUnknown, op.cell.field)
            }
            if let refusal = ownerRefusal(field) { return refusal }
            guard let value else { continue }
            if value.bytes.count > Limits.valueBytes {
                // A document is the one large value of its change.
                guard value.bytes.count <= FieldCheck.mostBytes(field.type), !hasLargeValue else { return Refusal(.tooLarge, field.name) }
                hasLargeValue = true
            }
            if !fits(value, op.cell.element, field), !(isNewer && keepsUnknownSchema) { return Refusal(.invalid, field.name) }
        }
        return nil
    }

    private func ownerRefusal(_ field: Field) -> Refusal? {
        guard context.spaceType != .private else { return nil }
        if field.isPrivate { return Refusal(.invalid, field.name) }
        if let sides = field.sides, !sides.contains(context.side) { return Refusal(.notOwner, field.name) }
        return nil
    }

    private func fits(_ value: EncodedValue, _ element: Element?, _ field: Field) -> Bool {
        switch field.merge {
        case .set:
            guard let element else { return false }
            return (value.isTrue || value.isFalse) && FieldCheck.accepts(element, as: field.type)
        case .languages:
            guard case .code(let language)? = element, Vocabulary.languages.contains(language) else { return false }
            return value.isNull || FieldCheck.accepts(value, as: field.type)
        case .register: return element == nil && (value.isNull || FieldCheck.accepts(value, as: field.type))
        // *Empty* would be the one value the cell ever has.
        case .writeOnce: return element == nil && FieldCheck.accepts(value, as: field.type)
        }
    }
}
