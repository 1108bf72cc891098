package import BuntanProtocol
import Records

/// Where an op stands that another names as its predecessor.
package struct OpPlace: Hashable, Sendable {
    package let record: RecordID
    package let cell: CellKey
    /// `nil` while its change waits in the outbox.
    package let position: Int?
    package let author: Int

    package init(record: RecordID, cell: CellKey, position: Int?, author: Int) {
        self.record = record
        self.cell = cell
        self.position = position
        self.author = author
    }

    /// Finds an op among the edits of its change.
    package init?(_ op: OpID, in edits: [Edit], position: Int?, author: Int) {
        var first = 0
        for edit in edits {
            if op.index < first + edit.ops.count {
                self.init(record: edit.record, cell: edit.ops[op.index - first].cell, position: position, author: author)
                return
            }
            first += edit.ops.count
        }
        return nil
    }
}

/// Who edits, where, and with what in view.
package struct EditContext: Sendable {
    package let space: SpaceID
    package let spaceType: SpaceType
    package let organisation: OrganisationID
    package let side: Side
    package let author: Int
    package let baseSize: Int
    /// The number of the edit's first op in its change.
    package let firstOp: Int

    package init(
        space: SpaceID, spaceType: SpaceType, organisation: OrganisationID, side: Side, author: Int, baseSize: Int, firstOp: Int
    ) {
        self.space = space
        self.spaceType = spaceType
        self.organisation = organisation
        self.side = side
        self.author = author
        self.baseSize = baseSize
        self.firstOp = firstOp
    }
}

/// Steps 10 to 13 of PROTOCOL.md section 13 for one edit: what may be written to a record, by whom, on what.
package enum EditCheck {
    /// Returns why an edit may not be applied to a state, or `nil` if it may.
    ///
    /// - Parameters:
    ///   - values: the value of an op by its number in the change; `nil` where it was erased.
    ///   - keepsUnknownSchema: a replica keeps kinds and fields of a newer schema as they are.
    ///   - opPlace: where an op named as predecessor stands, whether a head or superseded since.
    package static func refusal(
        of edit: Edit, values: (Int) -> EncodedValue?, state: RecordState?, context: EditContext, schema: SchemaRegistry,
        keepsUnknownSchema: Bool, opPlace: (OpID) throws -> OpPlace?
    ) throws -> Refusal? {
        let kind = schema.kind(edit.kind)
        if kind == nil, !keepsUnknownSchema { return Refusal(.schemaUnknown, edit.kind) }
        if let kind, !kind.spaces.contains(context.spaceType) { return Refusal(.invalid, "kind") }
        if let state {
            guard state.creator == context.organisation else { return Refusal(.notOwner, edit.kind) }
            guard state.kind == edit.kind else { return Refusal(.invalid, "kind") }
        } else if let refusal = creationRefusal(edit, kind: kind, values: values, context: context) {
            return refusal
        }
        for (offset, op) in edit.ops.enumerated() {
            let value = values(context.firstOp + offset)
            if op.cell == .life {
                if let value, !value.isTrue, !value.isFalse { return Refusal(.invalid, "@life") }
            } else if let kind {
                guard let field = kind.field(op.cell.field) else {
                    if keepsUnknownSchema { continue }
                    return Refusal(.schemaUnknown, op.cell.field)
                }
                if let sides = field.sides, context.spaceType == .engagement, !sides.contains(context.side) {
                    return Refusal(.notOwner, field.name)
                }
                if let value, let refusal = FieldCheck.refusal(of: value, cell: op.cell, field: field) { return refusal }
                if field.merge == .writeOnce, let value, let refusal = writeOnceRefusal(value, op.cell, state) { return refusal }
            }
            if let refusal = try predecessorRefusal(op, edit.record, state, context, opPlace) { return refusal }
        }
        return headRefusal(edit, state)
    }

    private static func creationRefusal(
        _ edit: Edit, kind: Kind?, values: (Int) -> EncodedValue?, context: EditContext
    ) -> Refusal? {
        func value(_ cell: CellKey) -> EncodedValue? {
            guard let offset = edit.ops.firstIndex(where: { $0.cell == cell }) else { return nil }
            return values(context.firstOp + offset)
        }
        guard edit.ops.contains(where: { $0.cell == .life }) else { return Refusal(.unknownRecord, edit.kind) }
        if let life = value(.life), !life.isTrue { return Refusal(.unknownRecord, edit.kind) }
        guard let kind else { return nil }
        if context.spaceType == .engagement, !kind.sides.contains(context.side) { return Refusal(.notOwner, kind.name) }
        if context.spaceType == .service, !kind.sides.contains(.provider) { return Refusal(.notOwner, kind.name) }
        guard let key = kind.key else { return nil }
        var keyValues: [Value] = []
        for name in key {
            guard let value = value(CellKey(name)), !value.isNull else { return Refusal(.invalid, name) }
            keyValues.append(value.value)
            if name == "side", value.value != .text(context.side.name) { return Refusal(.notOwner, "side") }
        }
        guard RecordID.natural(space: context.space, kind: kind.name, key: keyValues) == edit.record else {
            return Refusal(.invalid, "record")
        }
        return nil
    }

    private static func writeOnceRefusal(_ value: EncodedValue, _ cell: CellKey, _ state: RecordState?) -> Refusal? {
        guard let heads = state?[cell]?.heads else { return nil }
        return heads.allSatisfy { $0.value == value } ? nil : Refusal(.invalid, cell.field)
    }

    private static func predecessorRefusal(
        _ op: Op, _ record: RecordID, _ state: RecordState?, _ context: EditContext, _ opPlace: (OpID) throws -> OpPlace?
    ) throws -> Refusal? {
        for predecessor in op.predecessors {
            let place: OpPlace
            if let head = state?[op.cell]?.heads.first(where: { $0.op == predecessor }) {
                place = OpPlace(record: record, cell: op.cell, position: head.position, author: head.author)
            } else if let found = try opPlace(predecessor) {
                place = found
            } else {
                return Refusal(.unknownPredecessor, op.cell.field)
            }
            guard place.record == record, op.cell == .life || place.cell == op.cell else { return Refusal(.invalid, "predecessors") }
            guard place.author == context.author || place.position.map({ $0 < context.baseSize }) == true else {
                return Refusal(.invalid, "predecessors")
            }
        }
        return nil
    }

    private static func headRefusal(_ edit: Edit, _ state: RecordState?) -> Refusal? {
        guard let state else {
            return edit.ops.count > Limits.cellsPerRecord ? Refusal(.tooLarge, "cells") : nil
        }
        var heads = state.cells.reduce(0) { $0 + $1.heads.count }
        var cells = state.cells.count
        for op in edit.ops {
            let standing = state[op.cell]?.heads ?? []
            let left = standing.isEmpty ? 0 : standing.count - op.predecessors.filter { p in standing.contains { $0.op == p } }.count
            // A resolution always passes: it leaves fewer heads than it found.
            if left + 1 > max(Limits.headsPerCell, standing.count) { return Refusal(.tooManyHeads, op.cell.field) }
            heads += left + 1 - standing.count
            if standing.isEmpty { cells += 1 }
        }
        if cells > Limits.cellsPerRecord, cells > state.cells.count { return Refusal(.tooLarge, "cells") }
        if heads > Limits.headsPerRecord, heads > state.cells.reduce(0, { $0 + $1.heads.count }) { return Refusal(.tooManyHeads, "record") }
        return nil
    }
}
