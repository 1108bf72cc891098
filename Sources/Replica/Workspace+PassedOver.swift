import BuntanProtocol
import ChangeLog
import Merging
import Storage
import Syncing

/// What this device wrote, showed, and is passed over once its log has been read again: with a key that came later, or by a
/// program that knows more. Its words stand nowhere else than in that entry.
extension Workspace {
    /// Keeps such changes as refused, before the states in which they still had their effect are let go of.
    ///
    /// One that nothing shows any more was replaced knowingly, or given up: it is not kept.
    func keepPassedOver(
        _ refusals: [ChangeID: Refusal], in space: SpaceID, keys: SpaceKeys, _ transaction: any StoreWriter
    ) throws {
        guard !refusals.isEmpty else { return }
        let own = try transaction.identity().device
        let kept = Set(try transaction.outboxPlaces(of: space).map(\.change))
        let places = try refusals.keys.compactMap { change in try transaction.place(of: change, in: space).map { (change, $0.position) } }
        for (id, position) in places.sorted(by: { $0.1 < $1.1 }) where !kept.contains(id) {
            guard let refusal = refusals[id],
                let stored = try transaction.entries(of: space, from: position, maxBytes: 1).first,
                // Its log has just been read: every entry of it is sound.
                let received = try ReceivedChange.carried(CarriedEntry(entry: stored.bytes, payload: stored.payload), keys: keys),
                received.change.device == own, let opened = received.opened,
                try opened.edits.contains(where: { try isShown(id, of: $0.record, in: space, transaction) })
            else { continue }
            let item = OutboxItem.New(
                space: space, change: id, signed: received.signed, edits: opened.edits, payload: opened.payload)
            let number = try transaction.appendToOutbox(item)
            try transaction.moveInOutbox(number, to: .rejected, code: refusal.code, detail: refusal.detail)
        }
    }

    private func isShown(_ change: ChangeID, of record: RecordID, in space: SpaceID, _ reader: any StoreReader) throws -> Bool {
        guard let state = try reader.record(record, in: space) else { return false }
        return state.cells.contains { $0.heads.contains { $0.op.change == change } }
    }
}
