package import BuntanProtocol
import ChangeLog
import Merging
package import Storage
import Syncing

/// Something that a store keeps and its logs do not give.
package enum RebuildFinding: Hashable, Sendable {
    /// The entry must not stand where it stands.
    case entry(SpaceID, position: Int, Refusal)
    /// The log has an end before its size.
    case short(SpaceID, size: Int, found: Int)
    case root(SpaceID, size: Int)
    case rights(SpaceID)
    /// The log gives another state of the record than the store holds, or no state at all.
    case record(SpaceID, RecordID)
}

/// Builds a space's state again from its log alone, in memory, and compares it with what the store keeps.
package enum LogRebuild {
    package static func check(_ space: SpaceID, _ reader: any StoreReader, schema: SchemaRegistry = .current) throws -> [RebuildFinding] {
        guard let standing = try reader.standing(of: space) else { return [.short(space, size: 1, found: 0)] }
        var ledger: Ledger?
        var position = 0
        while position < standing.size {
            let page = try reader.entries(of: space, from: position, maxBytes: Limits.pageBytes)
            guard !page.isEmpty else { return [.short(space, size: standing.size, found: position)] }
            for stored in page {
                do {
                    if var current = ledger {
                        ledger = nil
                        let carried = CarriedEntry(entry: stored.bytes, payload: stored.payload)
                        try current.take(carried, checked: ReceivedChange.carried(carried))
                        ledger = current
                    } else {
                        ledger = try Ledger(founding: stored.bytes, schema: schema, keepsUnknownSchema: true)
                    }
                } catch LogFault.invalidEntry(_, _, let refusal) {
                    return [.entry(space, position: stored.position, refusal)]
                } catch let refusal as Refusal {
                    return [.entry(space, position: stored.position, refusal)]
                }
                position += 1
            }
        }
        guard let ledger else { return [.short(space, size: standing.size, found: 0)] }
        var findings: [RebuildFinding] = []
        for change in ledger.unnamed.keys.sorted() {
            guard let place = try ledger.place(of: change) else { continue }
            findings.append(.entry(space, position: place.position, Refusal(.badSignature, "payload")))
        }
        if ledger.standing.frontier != standing.frontier { findings.append(.root(space, size: standing.size)) }
        if ledger.rights.encoded() != standing.rights.encoded() { findings.append(.rights(space)) }
        for (id, state) in ledger.update.records.sorted(by: { $0.key < $1.key }) {
            guard let held = try reader.record(id, in: space), held.encoded() == state.encoded() else {
                findings.append(.record(space, id))
                continue
            }
        }
        for kind in Set(schema.kinds.map(\.name)).sorted() {
            for brief in try reader.briefs(of: kind, in: space) where ledger.update.records[brief.id] == nil {
                findings.append(.record(space, brief.id))
            }
        }
        return findings
    }
}
