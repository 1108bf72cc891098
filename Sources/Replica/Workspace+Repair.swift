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
    /// The log itself does not hold: nothing can be built from it.
    case brokenLog(SpaceID)
}

extension Workspace {
    /// Builds every space's records again from its log and returns where the store differs.
    ///
    /// - Parameter repairing: whether what differs is written anew, in one transaction a space.
    package func proveRecords(repairing: Bool) throws -> [RecordProof] {
        var findings: [RecordProof] = []
        for space in try store.read({ try $0.spaces() }) {
            guard let finding = try store.read({ try proof(of: space, $0).finding }) else { continue }
            findings.append(finding)
            guard repairing, case .records = finding else { continue }
            try store.write { transaction in
                guard let update = try proof(of: space, transaction).update else { return }
                try transaction.replaceRecords(of: space, with: update)
                for record in update.records.keys { try refreshShown(record, in: space, transaction) }
            }
        }
        return findings
    }

    /// What differs in one space, with everything that its log gives; `nil` where it gives nothing.
    private func proof(of space: SpaceID, _ reader: any StoreReader) throws -> (finding: RecordProof?, update: SpaceUpdate?) {
        guard let update = try update(of: space, reader) else { return (.brokenLog(space), nil) }
        let differing = try update.records.sorted { $0.key < $1.key }.filter { id, state in
            try Self.held(id, in: space, reader)?.encoded() != state.encoded()
        }
        return (differing.isEmpty ? nil : .records(space, differing.map(\.key)), update)
    }

    private func update(of space: SpaceID, _ reader: any StoreReader) throws -> SpaceUpdate? {
        do {
            guard let standing = try reader.standing(of: space),
                let ledger = try replayed(space, keys: try reader.spaceKeys(of: [space]), reader)?.ledger,
                ledger.standing.frontier == standing.frontier
            else { return nil }
            return ledger.update
        } catch is LogFault {
            return nil
        } catch is Refusal {
            return nil
        } catch StorageFault.damaged {
            return nil
        }
    }

    /// The stored state, `nil` where there is none that can be read.
    private static func held(_ id: RecordID, in space: SpaceID, _ reader: any StoreReader) throws -> RecordState? {
        do { return try reader.record(id, in: space) } catch StorageFault.damaged { return nil }
    }
}
