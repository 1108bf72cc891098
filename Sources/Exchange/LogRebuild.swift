package import BuntanProtocol
import ChangeLog
import Merging
package import Storage
import Syncing

/// Something that a store keeps and its logs do not give.
package enum RebuildFinding: Hashable, Sendable {
    /// The entry must not stand where it stands.
    case entry(SpaceID, position: Int, Refusal)
    /// What is stored there cannot be read, or no longer gives the hash that it had.
    case unreadable(SpaceID, position: Int)
    /// The log has an end before its size.
    case short(SpaceID, size: Int, found: Int)
    case root(SpaceID, size: Int)
    case rights(SpaceID)
    /// The log gives another state of the record than the store holds, or no state at all.
    case record(SpaceID, RecordID)
}

/// Builds a space's state again from its log alone, in memory, and compares it with what the store keeps.
package enum LogRebuild {
    /// A log as far as it was built again.
    struct Built {
        /// `nil` where the walk ended in something that does not hold.
        var ledger: Ledger?
        /// Entries that hold, from the genesis on.
        var whole = 0
        /// Why the entry behind them does not.
        var finding: RebuildFinding?
    }

    /// Takes a log's entries from its genesis on, until they end, one does not hold, or there are `most`.
    static func build(
        _ space: SpaceID, most: Int = .max, _ reader: any StoreReader, schema: SchemaRegistry = .current
    ) throws -> Built {
        var built = Built()
        while built.whole < most {
            let page: [StoredEntry]
            do { page = try entries(of: space, from: built.whole, reader) } catch StorageFault.damaged {
                return Built(whole: built.whole, finding: .unreadable(space, position: built.whole))
            }
            guard !page.isEmpty else { break }
            for stored in page.prefix(most - built.whole) {
                do {
                    if var current = built.ledger {
                        built.ledger = nil
                        let carried = CarriedEntry(entry: stored.bytes, payload: stored.payload)
                        try current.take(carried, checked: ReceivedChange.carried(carried))
                        built.ledger = current
                    } else {
                        let ledger = try Ledger(founding: stored.bytes, schema: schema, keepsUnknownSchema: true)
                        guard ledger.standing.id == space else { throw Refusal(.invalid, "genesis") }
                        built.ledger = ledger
                    }
                } catch LogFault.invalidEntry(_, _, let refusal) {
                    return Built(whole: stored.position, finding: .entry(space, position: stored.position, refusal))
                } catch let refusal as Refusal {
                    return Built(whole: stored.position, finding: .entry(space, position: stored.position, refusal))
                }
                built.whole = stored.position + 1
            }
        }
        return built
    }

    /// A page of entries; no more than those that can be read where one of them cannot.
    private static func entries(of space: SpaceID, from position: Int, _ reader: any StoreReader) throws -> [StoredEntry] {
        do { return try reader.entries(of: space, from: position, maxBytes: Limits.pageBytes) } catch StorageFault.damaged {
            return try reader.entries(of: space, from: position, maxBytes: 1)
        }
    }

    package static func check(_ space: SpaceID, _ reader: any StoreReader, schema: SchemaRegistry = .current) throws -> [RebuildFinding] {
        guard let standing = try reader.standing(of: space) else { return [.short(space, size: 1, found: 0)] }
        let built = try build(space, most: standing.size, reader, schema: schema)
        return try compare(built, with: standing, reader)
    }

    /// What a store keeps of a log and that, as it was built again, does not give.
    static func compare(_ built: Built, with standing: SpaceStanding, _ reader: any StoreReader) throws -> [RebuildFinding] {
        let space = standing.id
        if let finding = built.finding { return [finding] }
        guard built.whole == standing.size, let ledger = built.ledger else {
            return [.short(space, size: standing.size, found: built.whole)]
        }
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
        for kind in try reader.kinds(in: space).keys.sorted() {
            for brief in try reader.briefs(of: kind, in: space) where ledger.update.records[brief.id] == nil {
                findings.append(.record(space, brief.id))
            }
        }
        return findings
    }
}
