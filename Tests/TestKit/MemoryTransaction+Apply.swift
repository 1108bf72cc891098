import BuntanProtocol
import ChangeLog
import Merging
import Storage
import Syncing

extension MemoryTransaction {
    func apply(_ update: SpaceUpdate) throws {
        let standing = update.standing
        let held = try space(standing.id)?.value
        guard update.fromSize == held?.standing.size ?? 0 else {
            throw StorageFault.conflict(expected: update.fromSize, found: held?.standing.size ?? 0)
        }
        try checkStanding(update, over: held)
        try checkEntries(update, over: held)
        try checkTiles(update)
        var update = update
        distortion?(&update, self)
        let indexing = indexing
        try change { [update] contents in
            var space = contents.spaces.removeValue(forKey: standing.id)?.value ?? MemoryContents.Space(standing: standing)
            space.standing = update.standing
            for entry in update.entries {
                space.entries.append(StoredEntry(position: entry.position, bytes: entry.bytes, payload: entry.payload))
                space.usedBytes += entry.bytes.count + (entry.payload?.count ?? 0)
                if let change = entry.change, let author = entry.author {
                    space.places[change] = ChangePlace(position: entry.position, author: author)
                }
                for record in entry.records { space.history[record, default: []].append(entry.position) }
            }
            if space.lead != nil { space.logged.merge(update.records) { $1 } }
            for (id, state) in update.records where space.lead == nil {
                let shown = space.records[id]?.shown
                let visible = shown ?? state
                let flags = indexing.flags(of: visible)
                space.records[id] = MemoryContents.Record(
                    state: state, shown: shown, kind: visible.kind,
                    flags: shown == nil ? flags.subtracting(.pending) : flags.union(.pending),
                    brief: indexing.brief(of: visible, record: id, space: standing.id))
            }
            space.tiles.merge(update.tiles) { $1 }
            for (position, left) in update.erased {
                let held = space.entries[position]
                space.usedBytes += (left?.count ?? 0) - (held.payload?.count ?? 0)
                space.entries[position] = StoredEntry(position: position, bytes: held.bytes, payload: left)
            }
            contents.spaces[standing.id] = Shared(space)
            contents.markLogs()
        }
    }

    func cut(_ cut: LogCut) throws {
        let (id, size) = (cut.standing.id, cut.standing.size)
        guard let held = try space(id)?.value, held.standing.size >= size, size > 0 else {
            throw StorageFault.conflict(expected: size, found: try space(id)?.value.standing.size ?? 0)
        }
        try checkCut(cut, of: held)
        let indexing = indexing
        try change { contents in
            guard var space = contents.spaces.removeValue(forKey: id)?.value else { return }
            space.standing = cut.standing
            space.entries.removeLast(space.entries.count - size)
            space.places = space.places.filter { $0.value.position < size }
            space.history = space.history.mapValues { $0.filter { $0 < size } }.filter { !$0.value.isEmpty }
            space.checkpoint = nil
            space.usedBytes = space.entries.reduce(0) { $0 + $1.bytes.count + ($1.payload?.count ?? 0) }
            for (tile, hashes) in space.tiles {
                let count = (size >> (8 * tile.level)) - tile.index * LogTiles.width
                space.tiles[tile] = count <= 0 ? nil : Array(hashes.prefix(count * 32))
            }
            for (record, state) in cut.records {
                let shown = space.records[record]?.shown
                guard let visible = shown ?? state else {
                    space.records[record] = nil
                    continue
                }
                let flags = indexing.flags(of: visible)
                space.records[record] = MemoryContents.Record(
                    state: state, shown: shown, kind: visible.kind,
                    flags: shown == nil ? flags.subtracting(.pending) : flags.union(.pending),
                    brief: indexing.brief(of: visible, record: record, space: id))
            }
            contents.spaces[id] = Shared(space)
            contents.markLogs()
        }
    }

    /// A cut must be the log's own: its root that of the entries that stay, and its records all that the others touched.
    private func checkCut(_ cut: LogCut, of held: MemoryContents.Space) throws {
        var frontier = LogFrontier()
        for entry in held.entries.prefix(cut.standing.size) { frontier.append(Entry.leafHash(of: entry.bytes)) }
        guard frontier == cut.standing.frontier else { throw violated("The cut of \(cut.standing.id) is not a prefix of its log.") }
        for (record, positions) in held.history where positions.contains(where: { $0 >= cut.standing.size }) {
            guard cut.records.keys.contains(record) else {
                throw violated("Record \(record) was touched beyond the cut, which does not say what it was.")
            }
        }
    }

    func drop(_ id: SpaceID) throws {
        try change {
            $0.spaces[id] = nil
            $0.markLogs()
        }
    }

    func replaceRecords(of id: SpaceID, with update: SpaceUpdate) throws {
        guard update.fromSize == 0, try space(id)?.value.standing.size == update.standing.size else {
            throw StorageFault.conflict(expected: update.standing.size, found: try space(id)?.value.standing.size ?? 0)
        }
        let indexing = indexing
        try change { contents in
            guard var space = contents.spaces.removeValue(forKey: id)?.value else { return }
            let views = space.records.compactMapValues(\.shown)
            space.records = [:]
            space.history = [:]
            for entry in update.entries { for record in entry.records { space.history[record, default: []].append(entry.position) } }
            for (record, state) in update.records {
                let visible = views[record] ?? state
                let flags = indexing.flags(of: visible)
                space.records[record] = MemoryContents.Record(
                    state: state, shown: views[record], kind: visible.kind,
                    flags: views[record] == nil ? flags.subtracting(.pending) : flags.union(.pending),
                    brief: indexing.brief(of: visible, record: record, space: id))
            }
            for (record, view) in views where update.records[record] == nil {
                space.records[record] = MemoryContents.Record(
                    state: nil, shown: view, kind: view.kind, flags: indexing.flags(of: view).union(.pending),
                    brief: indexing.brief(of: view, record: record, space: id))
            }
            contents.spaces[id] = Shared(space)
            contents.markLogs()
        }
    }

    private func checkStanding(_ update: SpaceUpdate, over held: MemoryContents.Space?) throws {
        let standing = update.standing
        guard Genesis.space(of: standing.genesisBytes) == standing.id else {
            throw violated("The genesis of \(standing.id) belongs to another space.")
        }
        guard !update.entries.isEmpty else { throw violated("An update without entries was applied.") }
        guard let held else {
            if !update.rightsChanged { throw violated("A space begins without rights.") }
            return
        }
        guard held.standing.genesisBytes == standing.genesisBytes else { throw violated("The genesis of \(standing.id) has changed.") }
        if !update.rightsChanged, held.standing.rights != standing.rights {
            throw violated("Rights in \(standing.id) have changed and the update does not say so.")
        }
    }

    private func checkEntries(_ update: SpaceUpdate, over held: MemoryContents.Space?) throws {
        var frontier = held?.standing.frontier ?? LogFrontier()
        var known = Set<ChangeID>()
        for entry in update.entries {
            guard entry.position == frontier.size else {
                throw violated("Entry \(entry.position) was appended where entry \(frontier.size) belongs.")
            }
            guard entry.leaf == Entry.leafHash(of: entry.bytes) else { throw violated("Entry \(entry.position) has another leaf hash.") }
            if let change = entry.change {
                guard entry.author != nil else { throw violated("The change at \(entry.position) has no author.") }
                guard held?.places[change] == nil, known.insert(change).inserted else {
                    throw violated("The change at \(entry.position) is in the log already.")
                }
            } else if entry.author != nil || !entry.records.isEmpty {
                throw violated("Entry \(entry.position) touches records and is no change.")
            }
            guard Set(entry.records).count == entry.records.count else {
                throw violated("Entry \(entry.position) names a record twice.")
            }
            frontier.append(entry.leaf)
        }
        guard frontier == update.standing.frontier else { throw violated("The frontier is not that of the entries.") }
        var touched = update.entries.reduce(into: Set()) { $0.formUnion($1.records) }
        for position in update.erased.keys {
            guard position < update.fromSize, held?.entries[position].payload != nil else {
                throw violated("Nothing stands at \(position) that could be erased.")
            }
        }
        // What is erased changes records that its change touched.
        if !update.erased.isEmpty { touched.formUnion(update.records.keys) }
        for (id, state) in update.records {
            let bytes = state.encoded()
            guard try RecordState(decoding: bytes).encoded() == bytes else {
                throw violated("The state of record \(id) does not survive being stored.")
            }
            guard touched.contains(id) else {
                throw violated("The state of record \(id) was written and no entry touches it.")
            }
        }
    }

    /// Tiles of the lowest level must hold the entries' leaf hashes, or proofs would fail long after.
    private func checkTiles(_ update: SpaceUpdate) throws {
        for entry in update.entries {
            let id = TileID(level: 0, index: entry.position / LogTiles.width)
            let offset = entry.position % LogTiles.width * 32
            guard let tile = update.tiles[id], tile.dropFirst(offset).starts(with: entry.leaf.bytes) else {
                throw violated("The tree has no leaf for entry \(entry.position).")
            }
        }
        for (id, tile) in update.tiles where tile.isEmpty || tile.count % 32 != 0 || tile.count > LogTiles.width * 32 {
            throw violated("Tile \(id.level)/\(id.index) has \(tile.count) bytes.")
        }
    }
}
