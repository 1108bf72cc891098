import BuntanProtocol
import ChangeLog
import Storage
import Syncing

extension Workspace {
    /// Well below what a push may hold: a server then needs little memory for each, and judges one batch while the next is on
    /// its way to it from somebody else.
    static let batchBytes = 1 << 20

    /// The oldest pending changes of a space that fit one push.
    ///
    /// - Parameter sent: the last number sent in this sync. What was sent stays pending until the log brings it back.
    func nextBatch(of space: SpaceID, after sent: Int, _ reader: any StoreReader) throws -> [OutboxPlace] {
        var batch: [OutboxPlace] = []
        var bytes = 0
        for place in try reader.outboxPlaces(of: space) where place.list == .pending && place.number > sent {
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
        if verdicts.contains(where: { if case .refused = $0 { true } else { false } }) { try parkFollowers(in: space, transaction) }
    }

    /// Gives parked changes another try: what they waited for may have arrived.
    func releaseWaiting(_ transaction: any StoreWriter) throws {
        let places = try transaction.outboxPlaces(of: nil)
        for item in places where item.list == .waiting {
            try transaction.moveInOutbox(item.number, to: .pending, code: nil, detail: nil)
        }
        for space in Set(places.filter { $0.list != .pending }.map(\.space)) { try parkFollowers(in: space, transaction) }
    }

    /// Has what was made on a refused change of a sealed space wait for that: the server cannot tell what follows on what there,
    /// would take it, and everybody would pass over it for good (sync.md section 5, checks 10 to 13).
    private func parkFollowers(in space: SpaceID, _ transaction: any StoreWriter) throws {
        guard let standing = try transaction.standing(of: space), standing.genesis.policy.isSealed, standing.rights.serverName != nil else {
            return
        }
        var sendable: Set<ChangeID> = []
        var begun: Set<RecordID> = []
        for item in try transaction.outbox(of: space).sorted(by: { $0.number < $1.number }) where item.list == .pending {
            var isComplete = true
            for edit in item.item.edits {
                let begins = edit.ops.contains { $0.cell == .life && $0.predecessors.isEmpty }
                isComplete =
                    try isComplete && (begins || begun.contains(edit.record) || transaction.record(edit.record, in: space) != nil)
                for named in edit.ops.flatMap(\.predecessors) where isComplete && !sendable.contains(named.change) {
                    isComplete = try named.change == item.item.change || transaction.place(of: named.change, in: space) != nil
                }
            }
            if isComplete {
                sendable.insert(item.item.change)
                begun.formUnion(item.item.edits.map(\.record))
            } else {
                try transaction.moveInOutbox(item.number, to: .waiting, code: .unknownPredecessor, detail: nil)
            }
        }
    }
}
