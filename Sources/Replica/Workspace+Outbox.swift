import BuntanProtocol
package import Storage

extension Workspace {
    /// Puts refused changes among those to be sent. Returns the numbers that were refused and are sent again.
    ///
    /// One that stands in a sealed space's log, where all pass over it, is written anew as things stand now, and stays refused
    /// where they have not changed.
    package func retry(_ numbers: [Int]) throws -> [Int] {
        let (sent, inLog) = try store.write { transaction in
            let items = try refused(numbers, transaction)
            let inLog = try items.filter { try transaction.place(of: $0.item.change, in: $0.item.space) != nil }
            let again = items.filter { item in !inLog.contains { $0.number == item.number } }
            for item in again { try transaction.moveInOutbox(item.number, to: .pending, code: nil, detail: nil) }
            try showAnew(again, transaction)
            return (again.map(\.number), inLog)
        }
        var renamed: [ChangeID: ChangeID] = [:]
        return sent + (try inLog.filter { try writeAnew($0, &renamed) }.map(\.number))
    }

    /// Whether sending these refused changes again takes this device's keys: they are to be written anew.
    package func mustWriteAnew(_ items: [OutboxItem], _ reader: any StoreReader) throws -> Bool {
        try items.contains { try reader.place(of: $0.item.change, in: $0.item.space) != nil }
    }

    /// Returns whether what a change says can be said as things stand now.
    ///
    /// - Parameter renamed: the changes that have been written anew, by the ids they had.
    private func writeAnew(_ item: OutboxItem, _ renamed: inout [ChangeID: ChangeID]) throws -> Bool {
        var next = 0
        let edits = item.item.edits.map { edit in
            defer { next += edit.ops.count }
            let ops = edit.ops.map { op in
                Op(cell: op.cell, predecessors: op.predecessors.map { OpID(renamed[$0.change] ?? $0.change, $0.index) }.sorted())
            }
            return (
                edit: Edit(record: edit.record, kind: edit.kind, ops: ops),
                values: (next..<next + edit.ops.count).compactMap { item.item.payload[$0]?.value }
            )
        }
        // What has been erased since is not said again.
        guard edits.allSatisfy({ $0.edit.ops.count == $0.values.count }) else { return false }
        do {
            let committed = try store.write { transaction in
                try transaction.removeFromOutbox(item.number)
                return try commit(edits, in: item.item.space, transaction)
            }
            if committed.changes.count == 1 { renamed[item.item.change] = committed.changes[0] }
            return true
        } catch let fault as WorkspaceFault {
            guard case .keysNeeded = fault else { return false }
            throw fault
        }
    }

    /// Gives refused changes up for good. Returns the numbers that were refused.
    package func discard(_ numbers: [Int]) throws -> [Int] {
        try store.write { transaction in
            let items = try refused(numbers, transaction)
            for item in items { try transaction.removeFromOutbox(item.number) }
            try showAnew(items, transaction)
            return items.map(\.number)
        }
    }

    private func refused(_ numbers: [Int], _ reader: any StoreReader) throws -> [OutboxItem] {
        let wanted = Set(numbers)
        return try reader.outbox(of: nil).filter { wanted.contains($0.number) && $0.list == .rejected }
    }

    private func showAnew(_ items: [OutboxItem], _ transaction: any StoreWriter) throws {
        for item in items {
            for edit in item.item.edits { try refreshShown(edit.record, in: item.item.space, transaction) }
        }
    }
}
