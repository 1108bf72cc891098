import BuntanProtocol
import Storage
import Syncing

/// The bytes that a space and the organisations writing to it may still fill.
///
/// An organisation pays for the entries it wrote, wherever they stand: what one party of an engagement fills is not the
/// other's.
struct Quota {
    private let policy: RegistrarPolicy
    private var spaceLeft: Int
    private var added: [OrganisationID: Int] = [:]
    private var organisationLeft: [OrganisationID: Int] = [:]

    init(of standing: SpaceStanding?, policy: RegistrarPolicy, _ reader: any StoreReader) throws {
        self.policy = policy
        spaceLeft = try policy.spaceBytes - (standing.map { try reader.usedBytes(of: $0.id) } ?? 0)
    }

    mutating func left(to organisation: OrganisationID, _ reader: any StoreReader) throws -> Int {
        let own: Int
        if let known = organisationLeft[organisation] {
            own = known
        } else {
            let limit = try reader.organisation(organisation)?.quotaBytes ?? policy.organisationBytes
            own = try limit - reader.number(StoredNames.used(organisation))
            organisationLeft[organisation] = own
        }
        return max(0, min(spaceLeft, own - added[organisation, default: 0]))
    }

    mutating func use(_ bytes: Int, by organisation: OrganisationID) {
        spaceLeft -= bytes
        added[organisation, default: 0] += bytes
    }

    func store(_ writer: any StoreWriter) throws {
        for (organisation, bytes) in added {
            let name = StoredNames.used(organisation)
            try writer.setNumber(try writer.number(name) + bytes, for: name)
        }
    }
}
