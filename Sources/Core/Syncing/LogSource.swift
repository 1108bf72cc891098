package import BuntanProtocol
package import ChangeLog
package import Merging

/// Where a change stands in its log, and whose it is.
package struct ChangePlace: Hashable, Sendable {
    package let position: Int
    /// The position of the first statement that enrolled the author's device in this log.
    package let author: Int

    package init(position: Int, author: Int) {
        self.position = position
        self.author = author
    }
}

/// What a ledger reads of one space while it judges entries: a store's transaction, seen from the core.
///
/// Everything is of one moment. A source may answer from what it read ahead; `willRead` tells it what will be asked.
package protocol LogSource {
    /// Announces what the next entries name, so that a source can fetch it in one go.
    func willRead(records: Set<RecordID>, changes: Set<ChangeID>) throws
    func place(of change: ChangeID) throws -> ChangePlace?
    /// The entry at a position, as stored.
    func entry(at position: Int) throws -> [UInt8]?
    /// The payload beside an entry, as stored; `nil` where there is none.
    func payload(at position: Int) throws -> [UInt8]?
    /// The edits of a change in the log, opened where the space is sealed and the key is here; `nil` if they cannot be read.
    func edits(of change: ChangeID) throws -> [Edit]?
    /// The state of a record as the log gives it.
    func record(_ id: RecordID) throws -> RecordState?
    /// The hashes of a tile of the log's tree, `nil` if there is none yet.
    func tile(_ id: TileID) throws -> [UInt8]?
}

/// What a store knows of a space beside its entries and records.
package struct SpaceStanding: Sendable {
    @usableFromInline
    package struct Beginning: Sendable {
        @usableFromInline let bytes: [UInt8]
        @usableFromInline let genesis: Genesis
    }

    package let id: SpaceID
    package var epoch: Int
    package var frontier: LogFrontier
    // Every look at a log hands a standing on, and these two are some thirty references.
    @usableFromInline let beginning: Shared<Beginning>
    @usableFromInline var held: Shared<SpaceRights>

    package var genesisBytes: [UInt8] { beginning.value.bytes }
    @inlinable
    package var genesis: Genesis { _read { yield beginning.value.genesis } }
    @inlinable
    package var rights: SpaceRights {
        _read { yield held.value }
        _modify { yield &held.value }
    }
    package var size: Int { frontier.size }

    package init(id: SpaceID, genesisBytes: [UInt8], genesis: Genesis, epoch: Int, frontier: LogFrontier, rights: SpaceRights) {
        self.id = id
        self.epoch = epoch
        self.frontier = frontier
        beginning = Shared(Beginning(bytes: genesisBytes, genesis: genesis))
        held = Shared(rights)
    }

    /// The view that a change made now is based on.
    package var base: Base { Base(epoch: epoch, size: size, root: frontier.root) }
}

/// An entry that a ledger has taken, with what a store files it under.
package struct NewEntry: Sendable, Hashable {
    package let position: Int
    package let bytes: [UInt8]
    package let leaf: Digest
    package internal(set) var payload: [UInt8]?
    /// For a change: its id, and its author's position.
    package let change: ChangeID?
    package let author: Int?
    /// The records that the change touches, in order; empty for other entries.
    package let records: [RecordID]

    package init(
        position: Int, bytes: [UInt8], leaf: Digest, payload: [UInt8]?, change: ChangeID? = nil, author: Int? = nil,
        records: [RecordID] = []
    ) {
        self.position = position
        self.bytes = bytes
        self.leaf = leaf
        self.payload = payload
        self.change = change
        self.author = author
        self.records = records
    }
}

/// Everything that one batch of entries changes in a space: a store writes it in one transaction or not at all.
package struct SpaceUpdate: Sendable {
    /// The size the space must still have for the update to hold; 0 for a space that begins.
    package let fromSize: Int
    package var standing: SpaceStanding
    package var entries: [NewEntry]
    package var records: [RecordID: RecordState]
    package var tiles: [TileID: [UInt8]]
    /// Payloads of earlier entries in the form after an erasure, by position; `nil` where nothing is left of one.
    ///
    /// A store that takes these leaves nothing of what stood there.
    package var erased: [Int: [UInt8]?] = [:]
    /// Whether rights or policy changed, so that a store need not write them each time.
    package var rightsChanged: Bool

    package init(standing: SpaceStanding) {
        fromSize = standing.size
        self.standing = standing
        entries = []
        records = [:]
        tiles = [:]
        rightsChanged = standing.size == 0
    }

    package var isEmpty: Bool { entries.isEmpty }
}
