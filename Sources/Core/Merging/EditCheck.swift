package import BuntanProtocol
import Records

/// Steps 10 to 13 of PROTOCOL.md section 13 for one edit: what may be written to a record, by whom, on what.
package enum EditCheck {
    /// Returns why an edit may not be applied to a state, or `nil` if it may.
    ///
    /// The edit has been decoded, so its cells are distinct and its predecessors counted. An erased value is past judging
    /// and passes: it was judged when the change was admitted.
    ///
    /// - Parameters:
    ///   - values: the value of an op by its number in the change; `nil` where it was erased.
    ///   - state: the record as it stands; `nil` if no entry has named it.
    ///   - keepsUnknownSchema: a replica keeps kinds and fields of a newer schema as they are.
    ///   - opPlace: where an op named as predecessor stands, whether a head or superseded since.
    package static func refusal(
        of edit: Edit, values: (Int) -> EncodedValue?, state: RecordState?, context: EditContext, schema: SchemaRegistry,
        keepsUnknownSchema: Bool, opPlace: (OpID) throws -> OpPlace?
    ) throws -> Refusal? {
        let kind = schema.kind(edit.kind)
        let isNewer = context.changeSchema > schema.version
        if isNewer || kind == nil, !keepsUnknownSchema { return Refusal(.schemaUnknown, isNewer ? "schema" : "kind") }
        if let kind, !kind.spaces.contains(context.spaceType) { return Refusal(.invalid, "kind") }
        if let state, state.kind != edit.kind { return Refusal(.invalid, "kind") }

        if let kind {
            let fields = FieldRules(kind: kind, context: context, keepsUnknownSchema: keepsUnknownSchema, isNewer: isNewer)
            if let refusal = fields.refusal(of: edit, values: values) { return refusal }
        } else if let refusal = lifeRefusal(edit, values, context) {
            return refusal
        }

        if let state {
            guard state.creator == context.organisation else { return Refusal(.notOwner, "record") }
        } else {
            guard asserts(edit, values, context) else { return Refusal(.unknownRecord) }
        }
        if let kind, let refusal = CreationRules(kind: kind, context: context).refusal(of: edit, values: values, state: state) {
            return refusal
        }
        if let refusal = try PredecessorRules(context: context, state: state, record: edit.record).refusal(of: edit, opPlace: opPlace) {
            return refusal
        }
        if let kind, let state, let refusal = writeOnceRefusal(edit, values, kind, state, context) { return refusal }
        return HeadLimits.refusal(of: edit, state: state)
    }

    /// Whether the edit says that its record exists.
    static func asserts(_ edit: Edit, _ values: (Int) -> EncodedValue?, _ context: EditContext) -> Bool {
        guard let offset = edit.ops.firstIndex(where: { $0.cell == .life }) else { return false }
        return values(context.firstOp + offset)?.isTrue ?? true
    }

    private static func lifeRefusal(_ edit: Edit, _ values: (Int) -> EncodedValue?, _ context: EditContext) -> Refusal? {
        guard let offset = edit.ops.firstIndex(where: { $0.cell == .life }), let value = values(context.firstOp + offset) else {
            return nil
        }
        return value.isTrue || value.isFalse ? nil : Refusal(.invalid, CellKey.life.field)
    }

    /// A write-once cell refuses any value but the one it has, its own author's included.
    private static func writeOnceRefusal(
        _ edit: Edit, _ values: (Int) -> EncodedValue?, _ kind: Kind, _ state: RecordState, _ context: EditContext
    ) -> Refusal? {
        for (offset, op) in edit.ops.enumerated() {
            guard kind.field(op.cell.field)?.merge == .writeOnce, let cell = state[op.cell] else { continue }
            guard let value = values(context.firstOp + offset) else { continue }
            // What was erased cannot be compared, hence not written again.
            if cell.heads.contains(where: { $0.value != value && !(context.isStanding && $0.value == nil) }) {
                return Refusal(.invalid, op.cell.field)
            }
        }
        return nil
    }
}
