package import BuntanProtocol
package import ChangeLog
package import Merging
package import Syncing

/// A space whose log grows by genuine signed entries, for tests of stores: it makes the updates that a ledger would make.
package struct SampleLog: Sendable {
    package let space: SpaceID
    package let keys: DeviceKeys
    package private(set) var standing: SpaceStanding
    /// The update that begins the space: genesis and the device's enrolment.
    package let beginning: SpaceUpdate
    private var random: SeededRandom
    private var tiles: [TileID: [UInt8]]
    /// Everything appended so far.
    private var logged: [NewEntry]

    package init(seed: UInt64 = 1) throws {
        random = SeededRandom(seed: seed)
        let root = SigningKey(seed: random.seed())
        keys = DeviceKeys(random: &random)
        let organisation = OrganisationID(foundedBy: root.publicKey)
        let genesis = Genesis(
            type: .private, parties: [Party(side: .provider, organisation: organisation, rootKey: root.publicKey)], serverName: nil,
            logKey: keys.device, policy: Policy(), nonce: random.nonce(), device: keys.device)
        let signed = genesis.signed(by: keys.signing)
        space = Genesis.space(of: signed.bytes)
        let rights = try SpaceRights(genesis: signed.bytes, signature: signed.signature, acceptance: nil)
        var update = SpaceUpdate(
            standing: SpaceStanding(
                id: space, genesisBytes: signed.bytes, genesis: genesis, epoch: 0, frontier: LogFrontier(), rights: rights))
        let enrolment = StatementAuthor(organisation: organisation, key: root).sign(
            .enrolling(keys, in: organisation, capabilities: .all, label: "desk"), after: .start, time: 1)
        var tiles: [TileID: [UInt8]] = [:]
        let entries = [
            Entry(kind: .genesis, received: 1, content: signed.bytes, signature: signed.signature),
            Entry(kind: .statement, received: 1, content: enrolment.bytes, signature: enrolment.signature),
        ]
        for entry in entries { try Self.append(entry, to: &update, tiles: &tiles) }
        try update.standing.rights.apply(enrolment, at: 1)
        self.tiles = tiles
        beginning = update
        logged = update.entries
        standing = update.standing
    }

    /// The whole log as one update, made from nothing as after a repair, which leaves the records as given.
    package func rewriting(_ records: [RecordID: RecordState]) -> SpaceUpdate {
        var update = beginning
        (update.standing, update.entries, update.tiles, update.records) = (standing, logged, tiles, records)
        return update
    }

    /// A change that writes these texts, one record each.
    package mutating func change(_ texts: [RecordID: String], kind: String = "responsibility") throws -> SignedChange {
        let records = texts.keys.sorted()
        let author = ChangeAuthor(space: space, key: keys.signing)
        return try author.change(
            edits: records.map {
                Edit(record: $0, kind: kind, ops: [Op(cell: .life, predecessors: []), Op(cell: CellKey("text"), predecessors: [])])
            },
            values: records.flatMap { [.true, Value.text(texts[$0] ?? "").encoded] }, base: standing.base, time: 1, schema: 1,
            random: &random)
    }

    /// The update that appends changes, one entry each, and leaves the records as given.
    package mutating func appending(_ changes: [SignedChange], records: [RecordID: RecordState]) throws -> SpaceUpdate {
        var update = SpaceUpdate(standing: standing)
        update.records = records
        for change in changes {
            try Self.append(
                Entry(kind: .change, received: 2, content: change.bytes, signature: change.signature), payload: change.payload, to: &update,
                tiles: &tiles)
        }
        logged += update.entries
        standing = update.standing
        return update
    }

    /// The update of one change that writes these texts.
    package mutating func writing(_ texts: [RecordID: String], kind: String = "responsibility") throws -> SpaceUpdate {
        let change = try change(texts, kind: kind)
        return try appending([change], records: try texts.mapValues { try SampleState.living($0, kind: kind) })
    }

    /// The update that appends a statement about a device's capabilities, signed by the device that began the log.
    package mutating func settingCapabilities(_ capabilities: Capabilities) throws -> SpaceUpdate {
        let organisation = standing.genesis.parties[0].organisation
        let head = standing.rights.chain(of: organisation)?.head ?? .start
        let signed = StatementAuthor(organisation: organisation, key: keys.signing).sign(
            .setCapabilities(device: keys.device, capabilities), after: head, time: 2)
        var update = SpaceUpdate(standing: standing)
        try update.standing.rights.apply(signed, at: standing.size)
        update.rightsChanged = true
        try Self.append(
            Entry(kind: .statement, received: 2, content: signed.bytes, signature: signed.signature), to: &update, tiles: &tiles)
        logged += update.entries
        standing = update.standing
        return update
    }

    private static func append(
        _ entry: Entry, payload: [UInt8]? = nil, to update: inout SpaceUpdate, tiles: inout [TileID: [UInt8]]
    ) throws {
        let bytes = entry.encoded()
        let leaf = Entry.leafHash(of: bytes)
        let change = entry.kind == .change ? try Change(decoding: entry.content) : nil
        let position = update.standing.size
        for (id, hashes) in try LogTiles.appending([leaf], toLogOf: position, tile: { [tiles] in tiles[$0] }) {
            tiles[id] = hashes
            update.tiles[id] = hashes
        }
        update.standing.frontier.append(leaf)
        update.entries.append(
            NewEntry(
                position: position, bytes: bytes, leaf: leaf, payload: payload, change: change?.id, author: change == nil ? nil : 1,
                records: change?.edits?.map(\.record) ?? []))
    }
}

extension RecordID {
    /// The n-th of a row of record ids, in their order.
    package static func sample(_ number: Int) -> RecordID { RecordID(high: 0x0190_0000_0000_7000, low: UInt64(number)) }
}
