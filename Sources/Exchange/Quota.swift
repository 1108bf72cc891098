import BuntanProtocol
import Storage
import Syncing

/// The bytes that a space and the organisations writing to it may still fill.
///
/// An organisation pays for the entries it wrote, wherever they stand: what one party of an engagement fills is not the
/// other's. So each party of a space has an equal share of it, and none can fill what is the other's.
///
/// ```
/// spaceBytes      | provider's half | customer's half |
/// organisation    | all that it wrote anywhere, up to its own limit
/// beyond both     | a reserve for what ends or protects: once, small, never refilled
/// ```
struct Quota {
    /// What may be written of each reserve beyond every quota, in bytes: an end of an agreement takes less than one of them.
    static let reserveBytes = 256 << 10

    private let policy: RegistrarPolicy
    private let space: SpaceStanding?
    /// What has been counted under each name, with this request.
    private var counted: [String: Int] = [:]
    private var changed: Set<String> = []
    private var limits: [OrganisationID: Int] = [:]

    init(of standing: SpaceStanding?, policy: RegistrarPolicy) {
        space = standing
        self.policy = policy
    }

    mutating func left(to organisation: OrganisationID, _ reader: any StoreReader) throws -> Int {
        let own = try limit(of: organisation, reader) - used(StoredNames.used(organisation), reader)
        guard let share = share(of: organisation) else { return max(0, own) }
        return try max(0, min(share.bytes - usedHere(by: organisation, share.name, reader), own))
    }

    /// What is left of the reserve of an organisation: in this space, or where there is none for what it says about itself.
    mutating func reserve(of organisation: OrganisationID, _ reader: any StoreReader) throws -> Int {
        try max(0, Self.reserveBytes - used(StoredNames.reserve(space?.id, organisation), reader))
    }

    mutating func use(_ bytes: Int, by organisation: OrganisationID, _ reader: any StoreReader) throws {
        let name = StoredNames.used(organisation)
        count(try used(name, reader) + bytes, as: name)
        guard let share = share(of: organisation) else { return }
        count(try usedHere(by: organisation, share.name, reader) + bytes, as: share.name)
    }

    mutating func useReserve(_ bytes: Int, of organisation: OrganisationID, _ reader: any StoreReader) throws {
        let name = StoredNames.reserve(space?.id, organisation)
        count(try used(name, reader) + bytes, as: name)
    }

    func store(_ writer: any StoreWriter) throws {
        for name in changed { try writer.setNumber(counted[name] ?? 0, for: name) }
    }

    // MARK: what has been used

    private mutating func count(_ bytes: Int, as name: String) {
        counted[name] = bytes
        changed.insert(name)
    }

    private mutating func limit(of organisation: OrganisationID, _ reader: any StoreReader) throws -> Int {
        if let known = limits[organisation] { return known }
        let limit = try reader.organisation(organisation)?.quotaBytes ?? policy.organisationBytes
        limits[organisation] = limit
        return limit
    }

    private mutating func used(_ name: String, _ reader: any StoreReader) throws -> Int {
        if let known = counted[name] { return known }
        let bytes = try reader.number(name)
        counted[name] = bytes
        return bytes
    }

    private func share(of organisation: OrganisationID) -> (bytes: Int, name: String)? {
        guard let space, space.genesis.party(organisation) != nil else { return nil }
        return (policy.spaceBytes / space.genesis.parties.count, StoredNames.used(in: space.id, organisation))
    }

    /// What an organisation has written here.
    ///
    /// A log that was filled before this was counted may hold as much of it as there is, and as it has written in all.
    private mutating func usedHere(by organisation: OrganisationID, _ name: String, _ reader: any StoreReader) throws -> Int {
        guard let space, try counted[name] == nil && reader.value(name) == nil else { return try used(name, reader) }
        // From now on each party's is counted: what one of them fills first is not taken for the other's.
        let here = try reader.usedBytes(of: space.id)
        for party in space.genesis.parties {
            let other = StoredNames.used(in: space.id, party.organisation)
            guard try counted[other] == nil && reader.value(other) == nil else { continue }
            count(try min(here, used(StoredNames.used(party.organisation), reader)), as: other)
        }
        return counted[name] ?? here
    }
}
