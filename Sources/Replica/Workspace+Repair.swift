package import BuntanProtocol
import ChangeLog
import Merging
import Records
import Storage
import Syncing

/// What the log of a space says of the records that a store keeps.
package enum RecordProof: Hashable, Sendable {
    /// Records whose stored state is not what the log gives.
    case records(SpaceID, [RecordID])
    /// What is shown of a space ahead of its log cannot be read, or is kept beside other states than the log gives.
    case lead(SpaceID)
    /// The log itself does not hold: nothing can be built from it.
    case brokenLog(SpaceID)
}

extension Workspace {
    /// Builds every space's records again from its log and outbox, and returns where the store differs.
    ///
    /// - Parameter repairing: whether what differs is written anew, in one transaction a space.
    package func proveRecords(repairing: Bool) throws -> [RecordProof] {
        var findings: [RecordProof] = []
        for space in try store.read({ try $0.spaces() }) {
            guard let finding = try store.read({ try isLed(space, $0) ? leadProof(of: space, $0) : proof(of: space, $0).finding }) else {
                continue
            }
            findings.append(finding)
            guard repairing else { continue }
            try store.write { transaction in
                switch finding {
                case .records: _ = try repairRecords(of: space, transaction)
                case .lead:
                    // The log is shown again, as far as it is here; a sync brings the rest.
                    try transaction.dropLead(of: space)
                    try transaction.setValue(nil, for: StoredName.landed(space))
                    _ = try repairRecords(of: space, transaction)
                case .brokenLog: break
                }
            }
        }
        return findings
    }

    /// Whether a space is shown ahead of its log, or by what cannot be read.
    private func isLed(_ space: SpaceID, _ reader: any StoreReader) throws -> Bool {
        do { return try reader.lead(of: space) != nil } catch StorageFault.damaged { return true }
    }

    /// What is wrong with what is shown of a space ahead of its log. The records that are shown are compared once the log is here;
    /// those that it gives so far must be the ones put aside.
    private func leadProof(of space: SpaceID, _ reader: any StoreReader) throws -> RecordProof? {
        guard let update = try built(space, reader)?.update else { return .brokenLog(space) }
        do {
            guard try reader.lead(of: space) != nil else { return .lead(space) }
            let source = try reader.source(of: space)
            for (id, state) in update.records where try source.record(id)?.encoded() != state.encoded() { return .lead(space) }
        } catch StorageFault.damaged { return .lead(space) }
        return nil
    }

    /// Writes anew what differs in one space from what its log gives; returns how many records did, `nil` where the log itself
    /// does not hold.
    func repairRecords(of space: SpaceID, _ transaction: any StoreWriter) throws -> Int? {
        let (finding, ledger) = try proof(of: space, transaction)
        guard let ledger, case let update = ledger.update else { return nil }
        guard case .records(_, let differing)? = finding else { return 0 }
        try keepPassedOver(ledger.passedOver, in: space, keys: transaction.spaceKeys(of: [space]), transaction)
        try transaction.replaceRecords(of: space, with: update)
        for record in Set(update.records.keys).union(differing) { try refreshShown(record, in: space, transaction) }
        return differing.count
    }

    /// What differs in one space, with its log as it gives everything; `nil` where it gives nothing.
    private func proof(of space: SpaceID, _ reader: any StoreReader) throws -> (finding: RecordProof?, ledger: Ledger?) {
        guard let ledger = try built(space, reader), case let update = ledger.update else { return (.brokenLog(space), nil) }
        var filed: [RecordID: StoredBrief] = [:]
        for kind in try reader.kinds(in: space).keys { for brief in try reader.briefs(of: kind, in: space) { filed[brief.id] = brief } }
        var known = Set(update.records.keys).union(filed.keys)
        for item in try reader.outbox(of: space) { known.formUnion(item.item.edits.map(\.record)) }
        let differing = try known.sorted().filter { id in
            let logged = update.records[id]
            let view = try self.view(of: id, over: logged, in: space, reader)
            return try Self.held({ try reader.record(id, in: space) }) != .some(logged?.encoded())
                || Self.held({ try reader.shown(id, in: space) }) != .some((view ?? logged)?.encoded())
                || filed[id] != Self.brief(of: id, showing: view, over: logged, in: space)
        }
        return (differing.isEmpty ? nil : .records(space, differing), ledger)
    }

    /// How a record is filed under what its owner sees; `nil` for one that is not there.
    private static func brief(
        of id: RecordID, showing view: RecordState?, over logged: RecordState?, in space: SpaceID
    ) -> StoredBrief? {
        guard let shown = view ?? logged else { return nil }
        let indexing = StateIndexing()
        let isPending = view.map { $0.encoded() != logged?.encoded() } ?? false
        let flags = indexing.flags(of: shown).subtracting(.pending)
        return StoredBrief(
            id: id, kind: shown.kind, flags: isPending ? flags.union(.pending) : flags,
            brief: indexing.brief(of: shown, record: id, space: space))
    }

    private func built(_ space: SpaceID, _ reader: any StoreReader) throws -> Ledger? {
        do {
            guard let standing = try reader.logStanding(of: space),
                let ledger = try replayed(space, keys: try reader.spaceKeys(of: [space]), reader)?.ledger,
                ledger.standing.frontier == standing.frontier
            else { return nil }
            return ledger
        } catch is LogFault {
            return nil
        } catch is Refusal {
            return nil
        } catch StorageFault.damaged {
            return nil
        }
    }

    /// A stored state's bytes, inner `nil` where the store has none; `nil` where it cannot be read.
    private static func held(_ state: () throws -> RecordState?) throws -> [UInt8]?? {
        do { return .some(try state()?.encoded()) } catch StorageFault.damaged { return nil }
    }
}
