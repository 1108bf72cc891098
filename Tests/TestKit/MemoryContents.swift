import BuntanProtocol
import ChangeLog
import Merging
import Storage
import Syncing

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
    }

    struct Record: Sendable {
        var state: RecordState?
        var shown: RecordState?
        var kind: String
        var flags: RecordFlags
        var brief: [UInt8]
    }

    struct Reading: Hashable, Sendable {
        let organisation: OrganisationID
        let space: SpaceID
    }

    var spaces: [SpaceID: Space] = [:]
    var values: [String: [UInt8]] = [:]
    var outbox: [OutboxItem] = []
    var lastNumber = 0
    var organisations: [OrganisationID: RegisteredOrganisation] = [:]
    var statements: [OrganisationID: [SignedBytes]] = [:]
    var devices: [DeviceID: OrganisationID] = [:]
    var invitations: [InvitationID: RegisteredInvitation] = [:]
    var admissions: [Digest: RegisteredAdmission] = [:]
    var readers: Set<Reading> = []
}
