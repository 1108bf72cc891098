import BuntanProtocol
import ChangeLog
import Storage
import Syncing

extension Workspace {
    /// Well below what a push may hold: a server then needs little memory for each, and judges one batch while the next is on
    /// its way to it from somebody else.
    static let batchBytes = 1 << 20

    /// The oldest pending changes of a space that may leave and fit one push.
    ///
    /// - Parameter sent: the last number sent in this sync. What was sent stays pending until the log brings it back.
    func nextBatch(of space: SpaceID, after sent: Int, _ reader: any StoreReader) throws -> [OutboxPlace] {
        var batch: [OutboxPlace] = []
        var bytes = 0
        let gate = try departureGate(of: space, reader)
        let hasUnread = try reader.value(StoredName.unread(space)) != nil
        for place in try reader.outboxPlaces(of: space) where place.list == .pending && place.number > sent {
            // It has come there, and waits here for a key that opens it.
            if try hasUnread && reader.place(of: place.change, in: space) != nil { continue }
            guard try gate.lets(place, reader) else { continue }
            if !batch.isEmpty, batch.count == Limits.changesPerPush || bytes + place.size > Self.batchBytes { break }
            batch.append(place)
            bytes += place.size
        }
        return batch
    }

    /// Files what the server would not take of a batch.
    func fileRefusals(
        _ verdicts: [Verdict], of batch: [OutboxPlace], in space: SpaceID, _ transaction: any StoreWriter, _ report: inout SyncReport
    ) throws {
        for (item, verdict) in zip(batch, verdicts) {
            switch verdict {
            case .accepted, .duplicate: break
            case .refused(let code, let detail):
                switch code?.answerClass ?? .refuse {
                case .retry, .repull, .hide: report.waiting.append((item.number, code, detail))
                case .wait:
                    try transaction.moveInOutbox(item.number, to: .waiting, code: code, detail: detail)
                    report.waiting.append((item.number, code, detail))
                case .refuse:
                    try transaction.moveInOutbox(item.number, to: .rejected, code: code, detail: detail)
                    report.rejected.append((item.number, code, detail))
                    for record in try transaction.outboxRecords(item.number) { try refreshShown(record, in: space, transaction) }
                }
            }
        }
    }

    /// Gives parked changes another try: what they waited for may have arrived.
    func releaseWaiting(_ transaction: any StoreWriter) throws {
        for item in try transaction.outboxPlaces(of: nil) where item.list == .waiting {
            try transaction.moveInOutbox(item.number, to: .pending, code: nil, detail: nil)
        }
    }
}
