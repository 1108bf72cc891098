import BuntanProtocol
import ChangeLog
import Merging
import Storage
import Syncing
import Synchronization

/// Everything that a store in memory holds: a value, so that a copy is a snapshot.
struct MemoryContents: Sendable {
    struct Space: Sendable {
        var standing: SpaceStanding
        var entries: [StoredEntry] = []
        var places: [ChangeID: ChangePlace] = [:]
        var history: [RecordID: [Int]] = [:]
        var records: [RecordID: Record] = [:]
        var tiles: [TileID: [UInt8]] = [:]
        var checkpoint: String?
        var usedBytes = 0
        /// What is shown ahead of the log, and the states that the log gives meanwhile.
        var lead: Lead?
        var logged: [RecordID: RecordState] = [:]
    }

    struct Record: Sendable {
        var state: RecordState?
        var shown: RecordState?
        var kind: String
        var flags: RecordFlags
        var brief: [UInt8]
    }

    struct Reader: Hashable, Sendable {
        let organisation: OrganisationID
        let space: SpaceID
    }

    var spaces: [SpaceID: Shared<Space>] = [:]
    /// Another number after each change of a log, in whatever store: as long as it is the same, no log has changed.
    private(set) var logsMark = 0
    var values = NamedValues()
    var outbox: [OutboxItem] = []
    var lastNumber = 0
    var orphans: [Orphan] = []
    var lastOrphan = 0
    var organisations: [OrganisationID: RegisteredOrganisation] = [:]
    var statements: [OrganisationID: [SignedBytes]] = [:]
    var devices: [DeviceID: OrganisationID] = [:]
    var invitations: [InvitationID: RegisteredInvitation] = [:]
    var admissions: [Digest: RegisteredAdmission] = [:]
    /// Until when each may read.
    var readers: [Reader: Int64] = [:]

    private static let marks = Atomic(0)

    mutating func markLogs() { logsMark = Self.marks.wrappingAdd(1, ordering: .relaxed).newValue }

    /// Everything in the order of nothing in particular, as bytes.
    var heldBytes: [[UInt8]] {
        var pieces: [[UInt8]] = values.all.flatMap { [Array($0.key.utf8), $0.value] }
        for (id, space) in spaces.mapValues(\.value) {
            pieces += [id.bytes, space.standing.genesisBytes, space.standing.rights.encoded(), Array((space.checkpoint ?? "").utf8)]
            for entry in space.entries { pieces += [entry.bytes, entry.payload ?? []] }
            if let lead = space.lead { pieces.append(lead.encoded()) }
            for (id, state) in space.logged { pieces += [id.bytes, state.encoded()] }
            for (id, record) in space.records {
                pieces += [id.bytes, record.state?.encoded() ?? [], record.shown?.encoded() ?? [], record.brief]
            }
        }
        for item in outbox { pieces += [item.item.signed.bytes, item.item.signed.payload, item.item.payload.encoded()] }
        for orphan in orphans { pieces += [orphan.item.carried.entry, orphan.item.carried.payload ?? [], orphan.item.proof] }
        for organisation in organisations.values { pieces += [organisation.id.bytes, Array((organisation.label ?? "").utf8)] }
        for statement in statements.values.joined() { pieces.append(statement.bytes) }
        for invitation in invitations.values { pieces.append(invitation.invitation) }
        for reading in readers.keys { pieces += [reading.organisation.bytes, reading.space.bytes] }
        return pieces
    }
}
