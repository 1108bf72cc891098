package import BuntanProtocol
import ChangeLog
package import Storage
import Syncing

/// Writing what another store may read and does not have (sync.md section 8).
extension Workspace {
    /// The spaces kept by the server that an organisation may read, as far as this store can tell: all for the own one; for a
    /// counterpart the engagements with it and the services that they are about, until those are closed to it.
    package func readable(by organisation: OrganisationID, _ reader: any StoreReader) throws -> [SpaceID] {
        let standings = try reader.spaces().compactMap { try reader.standing(of: $0) }.filter { $0.rights.serverName != nil }
        guard try organisation != reader.identity().organisation else { return standings.map(\.id).sorted() }
        let engagements = standings.filter { $0.genesis.type == .engagement && $0.genesis.party(organisation) != nil }
        // A provider reads its own service whatever becomes of an engagement.
        let named = Set(
            engagements.filter { $0.rights.serviceEnded == nil || $0.genesis.party(.provider)?.organisation == organisation }
                .compactMap(\.genesis.service))
        let services = standings.filter { $0.genesis.type == .service && named.contains($0.id) }
        return (engagements + services).map(\.id).sorted()
    }

    /// Everything that an organisation may read and, as far as is known, does not have.
    ///
    /// - Parameter whole: whether logs begin at their beginning, whatever the other is known to hold.
    package func bundle(for organisation: OrganisationID, whole: Bool = false) throws -> BundleDraft {
        let spaces = try store.read { reader in
            (try readable(by: organisation, reader), isOwn: try organisation == reader.identity().organisation)
        }
        guard spaces.isOwn else { return try store.read { try bundle(of: spaces.0, for: organisation, whole: whole, $0) } }
        try sealAnew(of: spaces.0)
        while true {
            let draft = try store.read { try bundle(of: readable(by: organisation, $0), for: organisation, whole: whole, $0) }
            if try store.write({ try noteDeparture(with: draft.bundle, $0) }) { return draft }
        }
    }

    /// The same of these spaces.
    package func bundle(
        of spaces: [SpaceID], for organisation: OrganisationID, whole: Bool = false, _ reader: any StoreReader
    ) throws -> BundleDraft {
        let own = try reader.identity().organisation
        let known = whole ? [:] : try heldElsewhere(by: organisation, reader)
        var parts: [LogBundle.Part] = []
        var held: [LogBundle.Held] = []
        var tooLarge: [SpaceID] = []
        var room = Limits.bundleOpenBytes - (1 << 20)
        for space in spaces where try !reader.isFrozen(space) {
            // A space that is shown ahead of its log has none yet that could be given, or gone on with.
            guard try reader.lead(of: space) == nil, let standing = try takenStanding(of: space, reader) else { continue }
            held.append(LogBundle.Held(space: space, base: standing.base))
            var pages: (from: Base?, entries: [CarriedEntry], note: String)?
            if let signed = try signedLog(of: space, reader) {
                let from = try beginning(of: space, standing, for: known[space], upTo: signed.size, reader)
                if (from?.size ?? 0) < signed.size {
                    if let entries = try entries(of: space, from: from?.size ?? 0, to: signed.size, within: &room, reader) {
                        pages = (from, entries, signed.note)
                    } else {
                        tooLarge.append(space)
                    }
                }
            }
            let changes = try unlogged(in: space, within: &room, reader)
            guard pages != nil || !changes.isEmpty else { continue }
            parts.append(
                LogBundle.Part(space: space, from: pages?.from, entries: pages?.entries ?? [], note: pages?.note, changes: changes))
        }
        var chains: [LogBundle.Chain] = []
        if try !unsentChain(reader).isEmpty {
            chains.append(LogBundle.Chain(rootKey: try reader.identity().rootKey, statements: try reader.ownChain()))
        }
        // Nobody learns by it of an organisation that is in no log of its.
        for chain in try relayedChains(reader) where chain.organisation != own || chains.isEmpty {
            if organisation == own || chain.organisation == organisation || chain.organisation == own { chains.append(chain) }
        }
        let bundle = LogBundle(
            from: own, to: organisation, time: clock.now(), held: held.sorted { $0.space < $1.space }, parts: parts,
            chains: chains.filter { $0.statements.count <= Limits.statementsPerRequest })
        return BundleDraft(bundle: bundle, tooLarge: tooLarge)
    }

    /// Where the entries for somebody begin who holds a log up to there: where the two logs have the same, and no later than
    /// where an epoch was cut that has ended since. `nil` for the log's beginning.
    private func beginning(
        of space: SpaceID, _ standing: SpaceStanding, for held: Base?, upTo size: Int, _ reader: any StoreReader
    ) throws -> Base? {
        guard let held else { return nil }
        var common = held.size
        if held.epoch < standing.epoch, let cut = standing.rights.cut(of: held.epoch) { common = min(common, cut.size) }
        guard held.epoch <= standing.epoch, (1...size).contains(common) else { return nil }
        let source = try reader.source(of: space)
        let root = try LogTiles.root(ofSize: common) { try source.tile($0) }
        // Somebody who holds something else is shown all of it, and sees where the logs part.
        guard common < held.size || root == held.root else { return nil }
        return Base(epoch: standing.epoch, size: common, root: root)
    }

    private func entries(
        of space: SpaceID, from: Int, to size: Int, within room: inout Int, _ reader: any StoreReader
    ) throws -> [CarriedEntry]? {
        var entries: [CarriedEntry] = []
        var left = room
        while from + entries.count < size {
            let page = try reader.entries(of: space, from: from + entries.count, maxBytes: Limits.pageBytes)
                .prefix(size - from - entries.count)
            guard !page.isEmpty else { throw LogFault.missingEntry(space: space, position: from + entries.count) }
            entries += page.map { CarriedEntry(entry: $0.bytes, payload: $0.payload) }
            left -= page.reduce(0) { $0 + $1.bytes.count + ($1.payload?.count ?? 0) + 16 }
            // What no checkpoint ends is nothing to anybody: a log goes whole or not at all.
            guard left >= 0, entries.count <= Limits.entriesPerPage else { return nil }
        }
        room = left
        return entries
    }

    /// The changes for a space that no log holds yet, as far as is known here: own ones, then those that came by file.
    private func unlogged(in space: SpaceID, within room: inout Int, _ reader: any StoreReader) throws -> [SignedChange] {
        let gate = try departureGate(of: space, reader)
        let own = try reader.outboxPlaces(of: space).filter { try $0.list != .rejected && gate.lets($0, reader) }.compactMap {
            try reader.outboxSigned($0.number)
        }
        var left = room
        let fitting = (own + (try relayed(in: space, reader).map(\.signed))).prefix { change in
            left -= change.size
            return left >= 0
        }
        room = max(0, left)
        return Array(fitting.prefix(Limits.bundleChanges))
    }

    // MARK: what others hold

    func heldElsewhere(by organisation: OrganisationID, _ reader: any StoreReader) throws -> [SpaceID: Base] {
        guard let bytes = try reader.value(StoredName.heldElsewhere(organisation)) else { return [:] }
        let held = try CBORReader.decode(bytes) { r throws(DecodingFault) in
            try r.list(most: .max) { r throws(DecodingFault) in
                try r.array(of: 2)
                return (try r.id() as SpaceID, try Base(from: &r))
            }
        }
        return Dictionary(held) { first, _ in first }
    }

    func noteHeld(_ held: [LogBundle.Held], by organisation: OrganisationID, _ transaction: any StoreWriter) throws {
        var known = try heldElsewhere(by: organisation, transaction)
        for held in held { known[held.space] = held.base }
        let bytes = CBORWriter.encode { w in
            w.list(known.sorted { $0.key < $1.key }) { w, item in
                w.array(2)
                w.id(item.key)
                item.value.write(to: &w)
            }
        }
        try transaction.setValue(bytes, for: StoredName.heldElsewhere(organisation))
    }
}

/// A bundle, and what it should hold and cannot.
package struct BundleDraft: Sendable {
    package let bundle: LogBundle
    /// The logs of which more is missing than a bundle has room for.
    package let tooLarge: [SpaceID]
}
