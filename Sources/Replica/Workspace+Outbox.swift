import BuntanProtocol
import Storage

extension Workspace {
    /// Puts refused changes among those to be sent. Returns the numbers that were refused.
    package func retry(_ numbers: [Int]) throws -> [Int] {
        try store.write { transaction in
            let items = try refused(numbers, transaction)
            for item in items { try transaction.moveInOutbox(item.number, to: .pending, code: nil, detail: nil) }
            try showAnew(items, transaction)
            return items.map(\.number)
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
