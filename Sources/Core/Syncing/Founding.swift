package import BuntanProtocol
package import ChangeLog
package import Merging

extension SpaceStanding {
    /// The standing before its genesis is appended, from a genesis entry whose signature, parties and, for an engagement,
    /// invitation hold.
    package static func founding(entryBytes: [UInt8]) throws(Refusal) -> SpaceStanding {
        let entry: Entry
        let genesis: Genesis
        do {
            entry = try Entry(decoding: entryBytes)
            genesis = try Genesis(decoding: entry.content)
        } catch { throw Refusal(.malformed, "genesis") }
        let rights = try SpaceRights(genesis: entry)
        return SpaceStanding(
            id: rights.space, genesisBytes: entry.content, genesis: genesis, epoch: rights.epoch, frontier: LogFrontier(), rights: rights)
    }
}

extension Ledger {
    /// Opens the ledger of a space that begins with this batch.
    package init(founding entryBytes: [UInt8], schema: SchemaRegistry = .current, keepsUnknownSchema: Bool = false, keys: SpaceKeys = .none)
        throws(Refusal)
    {
        let standing = try SpaceStanding.founding(entryBytes: entryBytes)
        self.init(standing, source: EmptyLog(), schema: schema, keepsUnknownSchema: keepsUnknownSchema, keys: keys)
        append(entryBytes)
    }
}

/// The log of a space that does not exist yet.
package struct EmptyLog: LogSource {
    package init() {}
    package func willRead(records: Set<RecordID>, changes: Set<ChangeID>) {}
    package func place(of change: ChangeID) -> ChangePlace? { nil }
    package func entry(at position: Int) -> [UInt8]? { nil }
    package func payload(at position: Int) -> [UInt8]? { nil }
    package func edits(of change: ChangeID) -> [Edit]? { nil }
    package func record(_ id: RecordID) -> RecordState? { nil }
    package func tile(_ id: TileID) -> [UInt8]? { nil }
}
