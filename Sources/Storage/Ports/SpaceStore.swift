package import BuntanProtocol
package import Merging
package import Syncing

/// What went wrong below a store: facts for the apps to put into words.
package enum StorageFault: Error, Hashable, Sendable {
    /// Another process holds the store for writing for longer than the wait; its process number where it is known.
    case busy(holder: Int32?)
    case diskFull
    case readOnly
    case noPermission
    /// The store was written by a newer program.
    case newer(version: Int, known: Int)
    /// Bytes in the store are not what was written; says where.
    case damaged(String)
    /// The file is something else, whole as it may be: it was left untouched.
    case notAStore
    /// The space has moved on since the update was made.
    case conflict(expected: Int, found: Int)
    /// Anything else the engine reports: its own code, never contents.
    case engine(code: Int32, String)
}

/// Keeps spaces: logs, record states, trees, and the lists of one side (sync.md section 9).
///
/// Promises, held by the conformance suite: a `write` that returns is durable and one that throws leaves no trace; a
/// `read` sees one moment and never waits for a writer; writers take turns. Nothing here waits for a network.
package protocol SpaceStore: Sendable {
    func read<Result>(_ body: (any StoreReader) throws -> Result) throws -> Result
    func write<Result>(_ body: (any StoreWriter) throws -> Result) throws -> Result
}

/// An entry with its payload, as stored.
package struct StoredEntry: Hashable, Sendable {
    package let position: Int
    package let bytes: [UInt8]
    package let payload: [UInt8]?

    package init(position: Int, bytes: [UInt8], payload: [UInt8]?) {
        self.position = position
        self.bytes = bytes
        self.payload = payload
    }
}

/// A record as listed.
package struct StoredRecord: Sendable {
    package let id: RecordID
    /// What the owner of the store sees: the log's state with the outbox applied.
    package let shown: RecordState

    package init(id: RecordID, shown: RecordState) {
        self.id = id
        self.shown = shown
    }
}

/// A record's brief: the few bytes that lists and counts need, so that they need not read whole states.
package struct StoredBrief: Sendable, Hashable {
    package let id: RecordID
    package let kind: String
    package let flags: RecordFlags
    /// What `RecordBrief` made of the shown state.
    package let brief: [UInt8]

    package init(id: RecordID, kind: String, flags: RecordFlags, brief: [UInt8]) {
        self.id = id
        self.kind = kind
        self.flags = flags
        self.brief = brief
    }
}

/// What a store can tell of a record without reading its state.
package struct RecordFlags: OptionSet, Hashable, Sendable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }

    /// `@life` is true in every head.
    package static let alive = RecordFlags(rawValue: 1)
    package static let conflicted = RecordFlags(rawValue: 2)
    package static let seam = RecordFlags(rawValue: 4)
    /// The shown state differs from the log's: a change waits in the outbox.
    package static let pending = RecordFlags(rawValue: 8)
}

package protocol StoreReader {
    // Spaces
    func spaces() throws -> [SpaceID]
    /// A space as it is shown: by its log, or by a lead that is ahead of it.
    func standing(of space: SpaceID) throws -> SpaceStanding?
    /// How far the log goes that this store holds, every entry of it verified.
    func logStanding(of space: SpaceID) throws -> SpaceStanding?
    /// What is shown ahead of the log; `nil` once that has come as far.
    func lead(of space: SpaceID) throws -> Lead?
    /// The spaces that are shown ahead of their logs.
    func leadSpaces() throws -> [SpaceID]
    /// The log as a ledger reads it.
    func source(of space: SpaceID) throws -> any LogSource
    /// The latest checkpoint kept with the space, as a signed note.
    func checkpoint(of space: SpaceID) throws -> String?

    // Logs
    /// Entries from a position on, in order, until their bytes pass `maxBytes`, at least one.
    func entries(of space: SpaceID, from position: Int, maxBytes: Int) throws -> [StoredEntry]
    /// The entries that are no changes, salvaged ones included, in order, found without a look at the others.
    func words(of space: SpaceID) throws -> [PlacedEntry]
    func place(of change: ChangeID, in space: SpaceID) throws -> ChangePlace?
    /// The changes in a space's log, in no particular order.
    func changes(in space: SpaceID) throws -> [ChangeID]
    /// Positions of the changes that touched a record, ascending.
    func history(of record: RecordID, in space: SpaceID) throws -> [Int]

    // Records
    func record(_ id: RecordID, in space: SpaceID) throws -> RecordState?
    /// The state with the outbox applied; equal to `record` where nothing waits.
    func shown(_ id: RecordID, in space: SpaceID) throws -> RecordState?
    /// States as the log gives them, in order of id, after one, until their bytes pass `maxBytes`, at least one.
    func states(in space: SpaceID, after: RecordID?, maxBytes: Int) throws -> (states: [CarriedState], more: Bool)
    /// Hands over all of them in order of id, with SHA-256 of each: a scan.
    func eachStateHash(in space: SpaceID, _ body: (RecordID, Digest) throws -> Void) throws
    /// Records of a kind in order of id, after one, at most `limit`.
    func records(of kind: String, in space: SpaceID, after: RecordID?, limit: Int) throws -> [StoredRecord]
    func briefs(of kind: String, in space: SpaceID) throws -> [StoredBrief]
    /// Hands over the same one by one, without a copy of each: the bytes are gone when `body` returns, and it asks for no
    /// other briefs meanwhile.
    func eachBrief(
        of kind: String, in space: SpaceID, _ body: (RecordID, RecordFlags, UnsafeRawBufferPointer) throws -> Void
    ) throws
    /// The kinds of which a space holds records, known to the schema or not, each with how many of them live.
    func kinds(in space: SpaceID) throws -> [String: Int]
    /// Records with a conflicted cell, a contested element or a deletion beside an edit.
    func conflicted(in space: SpaceID) throws -> [StoredBrief]
    /// Bytes of entries and payloads, for quotas.
    func usedBytes(of space: SpaceID) throws -> Int

    // Small things by name: settings of this store, keys of sealed spaces, marks. Never part of any log.
    func value(_ name: String) throws -> [UInt8]?
    func values(withPrefix prefix: String) throws -> [String: [UInt8]]

    // The lists of a replica
    func outbox(of space: SpaceID?) throws -> [OutboxItem]
    func outboxCount() throws -> Int
    /// The same items, oldest first, without their contents.
    func outboxPlaces(of space: SpaceID?) throws -> [OutboxPlace]
    /// The signed form in which an item is sent, `nil` if there is none of this number.
    func outboxSigned(_ number: Int) throws -> SignedChange?
    /// The records that an item touches.
    func outboxRecords(_ number: Int) throws -> [RecordID]
    /// Changes in the outbox that touch a record, oldest first.
    func outbox(touching record: RecordID, in space: SpaceID) throws -> [OutboxItem]

    /// What the log of a space has lost, of every space where none is named, oldest first.
    func orphanPlaces(of space: SpaceID?) throws -> [OrphanPlace]
    func orphan(_ number: Int) throws -> Orphan?

    // The registry of a server
    func organisation(_ id: OrganisationID) throws -> RegisteredOrganisation?
    func organisations() throws -> [RegisteredOrganisation]
    func statements(of organisation: OrganisationID) throws -> [SignedBytes]
    /// The organisation that a device is enrolled with now, revoked or not.
    func organisation(ofDevice device: DeviceID) throws -> OrganisationID?
    func invitation(_ id: InvitationID) throws -> RegisteredInvitation?
    func invitations(of organisation: OrganisationID) throws -> [RegisteredInvitation]
    func admission(_ digest: Digest) throws -> RegisteredAdmission?
    /// The spaces that an organisation may read at a time, with where their logs stand: those for good at any time.
    func heads(for organisation: OrganisationID, at time: Int64) throws -> [SpaceHead]
    /// Until when an organisation may read a space, `Reading.forGood` without an end; `nil` where it may not.
    func readingEnd(of space: SpaceID, by organisation: OrganisationID) throws -> Int64?
    /// Who may read which space, in no particular order.
    func readings() throws -> [Reading]
}

package protocol StoreWriter: StoreReader {
    /// Writes everything an update holds. Throws `conflict` if the space has moved on.
    func apply(_ update: SpaceUpdate) throws
    /// Sets what is shown of a space ahead of its log: the states of these records, and where the lead stands.
    ///
    /// With the first of a lead the states that the log gives are put aside; `apply` and the log's source go on with those.
    func setLead(_ lead: Lead, of space: SpaceID, records: [RecordID: RecordState]) throws
    /// Ends a lead: what the log gives is shown again.
    ///
    /// - Returns: the records of which another state was shown, in order.
    func endLead(of space: SpaceID) throws -> [RecordID]
    /// Ends a lead that cannot be read: what it showed stays until `replaceRecords` writes what the log gives.
    func dropLead(of space: SpaceID) throws
    /// Writes the record states and their history anew from the whole log: after a key came, or a repair.
    ///
    /// The update starts from nothing and has the size that the space has.
    func replaceRecords(of space: SpaceID, with update: SpaceUpdate) throws
    /// Takes a log back to what it was: the entries beyond the cut go, with all that is filed under them, and the records that they
    /// touched are what the cut says. A checkpoint that was kept goes too; the outbox and views with it on top stay.
    func cut(_ cut: LogCut) throws
    /// Takes a space out of the store with everything that came from its log, so that the log can be taken again from its
    /// beginning. The outbox and what is kept by name stay.
    func drop(_ space: SpaceID) throws
    func setCheckpoint(_ note: String, of space: SpaceID) throws
    /// Sets what the owner of the store sees where it differs from the log; `nil` where it no longer does.
    func setShown(_ state: RecordState?, of record: RecordID, in space: SpaceID) throws
    func setValue(_ value: [UInt8]?, for name: String) throws

    /// Appends a finished change and returns its local number.
    func appendToOutbox(_ item: OutboxItem.New) throws -> Int
    func moveInOutbox(_ number: Int, to list: OutboxItem.List, code: Code?, detail: String?) throws
    /// Puts the same change, signed anew, in an item's place.
    func replaceInOutbox(_ number: Int, with signed: SignedChange) throws
    func removeFromOutbox(_ number: Int) throws

    func keepOrphan(_ item: Orphan.New) throws
    func refuseOrphan(_ number: Int, with code: Code?) throws
    func removeOrphan(_ number: Int) throws

    func register(_ organisation: RegisteredOrganisation) throws
    func appendStatement(_ statement: SignedBytes, number: Int, of organisation: OrganisationID) throws
    func setDevice(_ device: DeviceID, of organisation: OrganisationID) throws
    func setInvitation(_ invitation: RegisteredInvitation) throws
    func setAdmission(_ admission: RegisteredAdmission, for digest: Digest) throws
    /// Lets an organisation read a space until a time, and no longer than that whatever was said before.
    func grantReading(_ space: SpaceID, to organisation: OrganisationID, until end: Int64) throws
    func endReading(_ space: SpaceID, by organisation: OrganisationID) throws
}

extension StoreReader {
    /// The spaces that an organisation may read for good.
    package func heads(for organisation: OrganisationID) throws -> [SpaceHead] { try heads(for: organisation, at: Reading.forGood) }

    package func mayRead(_ space: SpaceID, _ organisation: OrganisationID, at time: Int64) throws -> Bool {
        guard let end = try readingEnd(of: space, by: organisation) else { return false }
        return end == Reading.forGood || end > time
    }
}

extension StoreWriter {
    package func grantReading(_ space: SpaceID, to organisation: OrganisationID) throws {
        try grantReading(space, to: organisation, until: Reading.forGood)
    }
}

extension StoreReader {
    package func eachBrief(
        of kind: String, in space: SpaceID, _ body: (RecordID, RecordFlags, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        for stored in try briefs(of: kind, in: space) { try stored.brief.withUnsafeBytes { try body(stored.id, stored.flags, $0) } }
    }

    package func outboxPlaces(of space: SpaceID?) throws -> [OutboxPlace] {
        try outbox(of: space).map {
            OutboxPlace(number: $0.number, list: $0.list, space: $0.item.space, change: $0.item.change, size: $0.item.signed.size)
        }
    }

    package func outboxSigned(_ number: Int) throws -> SignedChange? {
        try outbox(of: nil).first { $0.number == number }?.item.signed
    }

    package func outboxRecords(_ number: Int) throws -> [RecordID] {
        try outbox(of: nil).first { $0.number == number }?.item.edits.map(\.record) ?? []
    }
}
