import BuntanProtocol

/// Judges what the ops of an edit name: ops of the same cell that their author had in view.
struct PredecessorRules {
    let context: EditContext
    let state: RecordState?
    let record: RecordID

    func refusal(of edit: Edit, opPlace: (OpID) throws -> OpPlace?) throws -> Refusal? {
        for op in edit.ops where !op.predecessors.isEmpty {
            let heads = standing(op.cell, count: op.predecessors.count)
            for predecessor in op.predecessors {
                if let head = heads(predecessor) {
                    guard isInView(position: head.position, author: head.author) else { return Refusal(.invalid, "predecessors") }
                    continue
                }
                // No head any more, or never one: superseded ops may be named by who had not seen what superseded them.
                guard let place = try opPlace(predecessor) else { return Refusal(.unknownPredecessor, op.cell.field) }
                guard place.record == record, op.cell == .life || place.cell == op.cell,
                    isInView(position: place.position, author: place.author)
                else { return Refusal(.invalid, "predecessors") }
            }
        }
        return nil
    }

    /// Below the base, or this device's own: it knew those whether or not they had reached the log.
    private func isInView(position: Int?, author: Int) -> Bool {
        guard !context.isOfEarlierEpoch, author != context.author, let position else { return true }
        return position < context.baseSize
    }

    /// Finds heads an op may name: those of its cell, for `@life` those of every cell.
    private func standing(_ cell: CellKey, count: Int) -> (OpID) -> Head? {
        guard cell == .life, count > 1, let state else {
            let heads = cell == .life ? state?.cells.flatMap(\.heads) ?? [] : state?[cell]?.heads ?? []
            return { op in heads.first { $0.op == op } }
        }
        let heads = Dictionary(state.cells.flatMap { $0.heads.map { ($0.op, $0) } }) { first, _ in first }
        return { heads[$0] }
    }
}

/// How many values may stand side by side.
///
/// What leaves no more than it found always passes: a conflict can be resolved
/// however large it has grown.
enum HeadLimits {
    static func refusal(of edit: Edit, state: RecordState?) -> Refusal? {
        let life = edit.ops.first { $0.cell == .life }
        let named = Set(life?.predecessors ?? [])
        var heads = state?.headCount ?? 0
        var cells = state?.cells.count ?? 0
        let before = (heads: heads, cells: cells)
        if !named.isEmpty, let state {
            for cell in state.cells {
                let left = cell.heads.count { !named.contains($0.op) }
                heads -= cell.heads.count - left
                if left == 0 { cells -= 1 }
            }
        }
        for op in edit.ops {
            let found = state?[op.cell]?.heads ?? []
            let standing = named.isEmpty ? found : found.filter { !named.contains($0.op) }
            let left = standing.isEmpty ? 0 : standing.count { !op.predecessors.contains($0.op) }
            if left + 1 > max(Limits.headsPerCell, found.count) { return Refusal(.tooManyHeads, op.cell.field) }
            heads += left + 1 - standing.count
            if standing.isEmpty { cells += 1 }
        }
        if cells > max(Limits.cellsPerRecord, before.cells) { return Refusal(.tooLarge, "cells") }
        if heads > max(Limits.headsPerRecord, before.heads) { return Refusal(.tooManyHeads, "record") }
        return nil
    }
}
