package import BuntanProtocol
import ChangeLog
import Merging
package import Storage
import Syncing

/// What a log's erasures mean for everything that a replica keeps beside that log (sync.md section 10).
extension Workspace {
    // MARK: values that came without

    /// The ops of a log that is still being read whose values came without, and which no entry so far has erased.
    func unnamed(in space: SpaceID, _ reader: any StoreReader) throws -> [ChangeID: Set<Int>] {
        guard let bytes = try reader.value(StoredName.unnamed(space)) else { return [:] }
        let read = try CBORReader.decode(bytes) { r throws(DecodingFault) in
            try r.list(most: .max) { r throws(DecodingFault) -> (ChangeID, Set<Int>) in
                try r.array(of: 2)
                let change: ChangeID = try r.id()
                return (change, Set(try r.list(most: Limits.opsPerChange) { r throws(DecodingFault) in try r.count() }))
            }
        }
        return Dictionary(read) { first, _ in first }
    }

    /// The logs that a server has shown to their end without values which none of their entries erases, with how many changes
    /// lack any.
    ///
    /// It is no lie that could be proven: a server that has lost its end, or that is erasing at this moment, shows the same until
    /// the word comes that says so.
    package func withheld(_ reader: any StoreReader) throws -> [(space: SpaceID, changes: Int)] {
        // Hardly any log has a note, and most stores none.
        try reader.values(withPrefix: StoredName.unnamedPrefix).keys.sorted().compactMap {
            StoredName.space(in: $0, after: StoredName.unnamedPrefix)
        }.map { ($0, try unnamed(in: $0, reader).count) }
    }

    func keep(unnamed: [ChangeID: Set<Int>], in space: SpaceID, _ transaction: any StoreWriter) throws {
        let name = StoredName.unnamed(space)
        if unnamed.isEmpty {
            if try transaction.value(name) != nil { try transaction.setValue(nil, for: name) }
            return
        }
        let bytes = CBORWriter.encode { w in
            w.list(unnamed.sorted { $0.key < $1.key }) { w, item in
                w.array(2)
                w.id(item.key)
                w.list(item.value.sorted()) { $0.int($1) }
            }
        }
        try transaction.setValue(bytes, for: name)
    }

    // MARK: what stands beside the log

    /// Takes what was erased away from what is kept beside the log: entries that the log has lost, and names made of names.
    func eraseBeside(_ update: SpaceUpdate, _ transaction: any StoreWriter) throws {
        let words = try update.entries.compactMap { try Erasing(in: Entry(decoding: $0.bytes).unwrapped()) }
        guard !words.isEmpty else { return }
        let space = update.standing.id
        try eraseOrphans(of: space, by: words, update.standing.rights, transaction)
        // A handle is made once, of what an organisation or a service was called then.
        let naming: Set<String> = ["party", "known-organisation", "cloud-service"]
        if update.records.values.contains(where: { naming.contains($0.kind) }) {
            for name in try transaction.values(withPrefix: StoredName.handlePrefix).keys { try transaction.setValue(nil, for: name) }
            try keepHandles(transaction)
        }
    }

    private func eraseOrphans(
        of space: SpaceID, by words: [Erasing], _ rights: SpaceRights, _ transaction: any StoreWriter
    ) throws {
        let named = Set(words.flatMap { $0.ops.map(\.change) })
        let places = try transaction.orphanPlaces(of: space)
        guard let first = places.first(where: { $0.change.map(named.contains) ?? false }) else { return }
        // From the first on all are filed again: their order stays.
        for place in places where place.number >= first.number {
            guard let orphan = try transaction.orphan(place.number) else { continue }
            try transaction.removeOrphan(place.number)
            let item = orphan.item
            try transaction.keepOrphan(
                Orphan.New(
                    space: item.space, carried: try erased(item.carried, rights), proof: item.proof, change: item.change))
            if let code = orphan.code, let last = try transaction.orphanPlaces(of: space).last {
                try transaction.refuseOrphan(last.number, with: code)
            }
        }
    }

    /// Says again, after other words of its organisation, what an orphan would have erased: its values must not come back because
    /// their log has been lost. `false` where this device may not say so.
    func sayErasedAgain(_ orphan: Orphan, in space: SpaceID, _ transaction: any StoreWriter) throws -> Bool {
        guard let keys, let standing = try transaction.standing(of: space),
            let erasing = Erasing(in: try Entry(decoding: orphan.item.carried.entry)),
            try erasing.organisation == transaction.identity().organisation,
            standing.rights.capabilities(of: keys.device).contains(.admin)
        else { return false }
        try sayErased(erasing.ops, in: space, transaction)
        return true
    }

    /// Whether what a statement erases has been erased by its organisation otherwise.
    static func isErased(_ statement: SignedBytes, _ rights: SpaceRights) -> Bool {
        // What is no erasure has erased nothing.
        guard let statement = try? Statement(decoding: statement.bytes), case .erase(let ops) = statement.act else { return false }
        return ops.allSatisfy { rights.erasedOps(of: $0.change, by: statement.organisation)?.isSuperset(of: $0.indices) ?? false }
    }

    /// Has a log fetched anew that lacks what a refused word has once erased: no entry of it says so any more, and others have it.
    func askAnew(for space: SpaceID, lacking erased: [ErasedOps], _ transaction: any StoreWriter) throws {
        guard let standing = try transaction.standing(of: space), try lacks(erased, in: standing, transaction) else { return }
        try askAnew(for: standing, transaction)
    }

    private func lacks(_ erased: [ErasedOps], in standing: SpaceStanding, _ reader: any StoreReader) throws -> Bool {
        try erased.contains { ops in
            guard let place = try reader.place(of: ops.change, in: standing.id),
                let stored = try reader.entries(of: standing.id, from: place.position, maxBytes: 1).first
            else { return false }
            let change = try Change(decoding: Entry(decoding: stored.bytes).unwrapped().content)
            let author = standing.rights.organisation(of: change.device)
            let isErased = standing.rights.erasedOps(of: change.id, by: author)?.isSuperset(of: ops.indices) ?? false
            return try !isErased && !Self.isWhole(change, stored.payload)
        }
    }

    /// Whether a change has all its values.
    private static func isWhole(_ change: Change, _ payload: [UInt8]?) throws -> Bool {
        guard change.edits != nil else { return payload != nil }
        return try payload.map { try Payload(decoding: $0).missing.isEmpty } ?? false
    }

    private func erased(_ carried: CarriedEntry, _ rights: SpaceRights) throws -> CarriedEntry {
        let entry = try Entry(decoding: carried.entry)
        guard entry.kind == .change, let payload = carried.payload else { return carried }
        let change = try Change(decoding: entry.content)
        guard let gone = rights.erasedOps(of: change.id, by: rights.organisation(of: change.device)) else { return carried }
        guard change.edits != nil else { return CarriedEntry(entry: carried.entry, payload: nil) }
        return CarriedEntry(
            entry: carried.entry, payload: ValuesRoot.erasing(gone, from: try Payload(decoding: payload)).encoded())
    }

    // MARK: for a server that has lost it

    /// The entries of a log that erased what is missing of these, with their proofs; a server that lost them takes no entry
    /// without its values otherwise.
    func erasures(
        of entries: some Collection<StoredEntry>, in space: SpaceID, within size: Int, _ reader: any StoreReader
    ) throws -> [ProvenEntry] {
        var lacking: Set<ChangeID> = []
        for stored in entries {
            let entry = try Entry(decoding: stored.bytes).unwrapped()
            guard entry.kind == .change else { continue }
            let change = try Change(decoding: entry.content)
            if try !Self.isWhole(change, stored.payload) { lacking.insert(change.id) }
        }
        guard !lacking.isEmpty, let first = entries.first else { return [] }
        let source = try reader.source(of: space)
        var found: [ProvenEntry] = []
        var position = first.position
        while position < size {
            let page = try reader.entries(of: space, from: position, maxBytes: Limits.pageBytes).prefix(size - position)
            guard !page.isEmpty else { break }
            for stored in page {
                position = stored.position + 1
                guard let erasing = Erasing(in: try Entry(decoding: stored.bytes).unwrapped()),
                    erasing.ops.contains(where: { lacking.contains($0.change) })
                else { continue }
                found.append(
                    ProvenEntry(
                        position: stored.position, entry: stored.bytes,
                        path: try LogTiles.inclusionProof(position: stored.position, size: size) { try source.tile($0) }))
            }
        }
        return found
    }
}

extension StoredName {
    static let unnamedPrefix = "unnamed/"
    static func unnamed(_ space: SpaceID) -> String { unnamedPrefix + space.hex }
}
