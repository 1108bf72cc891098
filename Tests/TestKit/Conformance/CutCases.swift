package import BuntanProtocol
import ChangeLog
import Merging
package import Storage
import Syncing

extension StoreCase {
    static let cuts: [StoreCase] = [
        StoreCase(
            "A log that is cut back is what it was, with its records; what waits for the outbox stays in front, and it grows again",
            cutBack),
        StoreCase("Entries that a log has lost are kept in their order, with the reason why they cannot come back") { store in
            let (one, two) = (SpaceID(high: 1, low: 1), SpaceID(high: 1, low: 2))
            let items = [orphan(one, 1), orphan(two, 2), orphan(one, 3, isStatement: true)]
            try store.write { writer in for item in items { try writer.keepOrphan(item) } }
            let kept = try store.read { try $0.orphans(of: nil) }
            try expect(kept.map(\.item), is: items, "orphans")
            try expect(kept.map(\.code), is: [nil, nil, nil], "codes")
            let sizes = items.map { $0.carried.entry.count + $0.proof.count + ($0.carried.payload?.count ?? 0) }
            let places = try store.read { try $0.orphanPlaces(of: nil) }
            try expect(places.map(\.size), is: sizes, "sizes")
            try expect(places.map(\.change), is: items.map(\.change), "changes")
            try store.write { writer in
                try writer.refuseOrphan(kept[0].number, with: .noRight)
                try writer.removeOrphan(kept[1].number)
            }
            let left = try store.read { try $0.orphans(of: one) }
            try expect(left.map(\.item), is: [items[0], items[2]], "those of one space")
            try expect(left.map(\.code), is: [.noRight, nil], "codes afterwards")
            try expect(try store.read { try $0.orphans(of: two) }, is: [], "those of the other")
        },
    ]

    private static func orphan(_ space: SpaceID, _ number: UInt8, isStatement: Bool = false) -> Orphan.New {
        Orphan.New(
            space: space, carried: CarriedEntry(entry: [number], payload: isStatement ? nil : [9]), proof: [number, 7],
            change: isStatement ? nil : ChangeID(high: 0, low: UInt64(number)))
    }

    private static func cutBack(_ store: any SpaceStore) throws {
        // Long enough for tiles of two levels, cut back into the first.
        var log = try SampleLog()
        try store.write { try $0.apply(log.beginning) }
        for number in 0..<300 {
            let update = try log.writing([.sample(number % 7): "text \(number)"])
            try store.write { try $0.apply(update) }
        }
        let (size, kept) = (200, try store.read { try $0.entries(of: log.space, from: 0, maxBytes: .max).prefix(200) })
        let later = try log.writing([.sample(9): "later", .sample(1): "later"])
        let mine = try SampleState.living("mine")
        try store.write { writer in
            try writer.apply(later)
            try writer.apply(try log.settingCapabilities(.read))
            try writer.setCheckpoint("note", of: log.space)
            try writer.setShown(mine, of: .sample(9), in: log.space)
        }
        let whole = try store.read { try $0.standing(of: log.space) }
        let cut = try store.read { try $0.cut(of: log.space, to: size) }
        try store.write { try $0.cut(cut) }
        try store.read { reader in
            guard let standing = try reader.standing(of: log.space) else { throw Unmet(description: "no standing") }
            try expect(standing.size, is: size, "size")
            try expect(standing.frontier, is: try LogTiles.frontier(ofSize: size) { try reader.source(of: log.space).tile($0) }, "frontier")
            try expect(standing.rights.encoded() != whole?.rights.encoded(), "the rights are those from before the statement")
            try expect(try reader.checkpoint(of: log.space), is: nil, "checkpoint")
            try expect(try reader.entries(of: log.space, from: 0, maxBytes: .max), is: Array(kept), "entries")
            let used = kept.reduce(0) { $0 + $1.bytes.count + ($1.payload?.count ?? 0) }
            try expect(try reader.usedBytes(of: log.space), is: used, "used bytes")
            try expect(try reader.changes(in: log.space).count, is: size - 2, "changes")
            try expect(try reader.history(of: .sample(1), in: log.space).max(), is: 199, "history")
            try expect(try reader.record(.sample(9), in: log.space)?.encoded(), is: nil, "a record that began later")
            try expect(try reader.shown(.sample(9), in: log.space)?.encoded(), is: mine.encoded(), "what waits")
            let leaf = { (position: Int) in Entry.leafHash(of: kept[position].bytes) }
            let tile = try reader.source(of: log.space).tile(TileID(level: 0, index: 0))
            try expect(tile, is: (0..<size).flatMap { leaf($0).bytes }, "leaves")
            try expect(try reader.source(of: log.space).tile(TileID(level: 1, index: 0)) ?? [], is: [], "the level above")
        }
        // What comes next is taken as by any log of that size.
        var tiles: [TileID: [UInt8]] = [:]
        var frontier = cut.standing.frontier
        var update = SpaceUpdate(standing: cut.standing)
        let next = later.entries[0]
        let appended = try LogTiles.appending([next.leaf], toLogOf: size) { id in try store.read { try $0.source(of: log.space).tile(id) } }
        for (id, hashes) in appended { tiles[id] = hashes }
        frontier.append(next.leaf)
        update.entries = [
            NewEntry(
                position: size, bytes: next.bytes, leaf: next.leaf, payload: next.payload, change: next.change, author: next.author,
                records: next.records)
        ]
        (update.standing.frontier, update.tiles, update.records) = (frontier, tiles, later.records)
        try store.write { try $0.apply(update) }
        try expect(try store.read { try $0.standing(of: log.space)?.size }, is: size + 1, "size after growing again")
        try expect(.conflict(expected: size + 2, found: size + 1), "a cut beyond the end") {
            var beyond = cut.standing
            for _ in 0..<2 { beyond.frontier.append(next.leaf) }
            try store.write { try $0.cut(LogCut(standing: beyond, records: [:])) }
        }
    }
}

extension StoreReader {
    /// What is kept, read whole.
    package func orphans(of space: SpaceID?) throws -> [Orphan] { try orphanPlaces(of: space).compactMap { try orphan($0.number) } }
}
