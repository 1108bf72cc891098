package import BuntanProtocol

/// Who may do what in a space, at its head: a function of its genesis and the statements below, and of nothing else.
///
/// A statement at position p counts from position p + 1 on. A store keeps one of these a space, as bytes, and brings it
/// forward with each statement; a change costs a look-up.
package struct SpaceRights: Hashable, Sendable {
    package let space: SpaceID
    package let type: SpaceType
    package let parties: [Party]
    package let policy: Policy
    /// The service space of an engagement or of a draft space.
    package let service: SpaceID?
    /// The device that began the space.
    package let founder: DeviceID
    /// The provider's device that signed the invitation of an engagement.
    package let inviter: DeviceID?

    /// `nil` while no server keeps the space.
    package internal(set) var serverName: String?
    package internal(set) var logKey: PublicKey
    package internal(set) var epoch = SpaceRights.firstEpoch
    /// The epochs that have ended in this log, ascending, with where each was cut.
    package internal(set) var endedEpochs: [Base] = []
    package internal(set) var leastSchema: Int
    /// The position from which on the provider's service space is closed to the customer.
    package internal(set) var serviceEnded: Int?

    var chains: [OrganisationID: OrganisationChain]
    var ownChains: [OrganisationID: StatementChain]
    var devices: [DeviceID: DeviceRights] = [:]
    /// What parties have granted auditors, and not ended since; at most one grant a party and auditor.
    package internal(set) var grants: [ReaderGrant] = []
    /// The wrapped keys of each key epoch that has begun, ascending by number.
    var spaceKeys: [KeyEpoch] = []
    var erasures = Erasures()

    package static let firstEpoch = 0

    /// A device in this log.
    struct DeviceRights: Hashable, Sendable {
        let organisation: OrganisationID
        /// Where the device was first enrolled.
        let authorPosition: Int
        var restriction: Capabilities = .all
        /// What it may do from which position on, ascending.
        var history: [RightsSpan] = []
    }

    struct RightsSpan: Hashable, Sendable {
        let from: Int
        let capabilities: Capabilities
    }

    struct KeyEpoch: Hashable, Sendable {
        let number: Int
        var keys: [WrappedKey]
    }

    /// A party's word that an organisation may read this space until a time by the server's clock.
    package struct ReaderGrant: Hashable, Sendable {
        package let reader: OrganisationID
        package let by: OrganisationID
        package let expires: Int64
    }

    /// Begins with a genesis: its signature, and the acceptance of the invitation if it is an engagement's.
    package init(genesis bytes: [UInt8], signature: Signature, acceptance: Signature?) throws(Refusal) {
        guard bytes.count <= Limits.genesisBytes else { throw Refusal(.tooLarge, "genesis") }
        let genesis = try ChangeCheck.decoding { () throws(DecodingFault) in try Genesis(decoding: bytes) }
        try GenesisCheck.check(genesis, bytes: bytes, signature: signature, acceptance: acceptance)
        space = Genesis.space(of: bytes)
        type = genesis.type
        parties = genesis.parties
        policy = genesis.policy
        service = genesis.service
        founder = genesis.device
        inviter = try genesis.invitation.map { bytes throws(Refusal) in
            try ChangeCheck.decoding { () throws(DecodingFault) in try Invitation(decoding: bytes).device }
        }
        serverName = genesis.serverName
        logKey = genesis.logKey
        leastSchema = genesis.policy.leastSchema
        chains = Dictionary(genesis.parties.map { ($0.organisation, OrganisationChain(foundingRoot: $0.rootKey)) }) { first, _ in first }
        ownChains = chains.mapValues { _ in StatementChain() }
    }

    /// Begins with a log's first entry.
    package init(genesis entry: Entry) throws(Refusal) {
        guard entry.kind == .genesis, let signature = entry.signature else { throw Refusal(.malformed, "genesis") }
        var acceptance: Signature?
        if let proof = entry.proof {
            guard let signature = Signature(proof) else { throw Refusal(.malformed, "genesis") }
            acceptance = signature
        }
        try self.init(genesis: entry.content, signature: signature, acceptance: acceptance)
    }
}

// MARK: questions

extension SpaceRights {
    /// The origin of this log's checkpoints.
    package var origin: String { origin(ofEpoch: epoch) }

    /// What a device may do in the next entry.
    package func capabilities(of device: DeviceID) -> Capabilities { devices[device]?.history.last?.capabilities ?? [] }

    /// Whether a device could ever write: an entry that was accepted in an earlier epoch is not judged by what holds today.
    package func couldWrite(_ device: DeviceID) -> Bool {
        devices[device]?.history.contains { $0.capabilities.contains(.write) } ?? false
    }

    /// Where an earlier epoch was cut: up to there its log and this one are the same.
    package func cut(of epoch: Int) -> Base? { endedEpochs.first { $0.epoch >= epoch } }

    /// Whether a view of this log lies in what an epoch that has ended has lost: nothing can be compared with it any more.
    package func isLost(_ view: Base) -> Bool {
        guard view.epoch < epoch, let cut = cut(of: view.epoch) else { return false }
        return view.size > cut.size
    }

    /// How much of this log the author of a change had in view.
    package func sizeInView(of base: Base) -> Int {
        guard base.epoch < epoch, let cut = cut(of: base.epoch) else { return base.size }
        return min(base.size, cut.size)
    }

    /// The origin of this log's checkpoints when it had `size` entries.
    package func origin(ofSize size: Int) -> String {
        let epoch = endedEpochs.last { $0.size < size }.map { $0.epoch + 1 } ?? Self.firstEpoch
        return origin(ofEpoch: epoch)
    }

    /// The origin of an epoch's checkpoints.
    package func origin(ofEpoch epoch: Int) -> String { Checkpoint.origin(server: serverName, space: space, epoch: epoch) }

    /// What a device could do in the entry at a position.
    package func capabilities(of device: DeviceID, at position: Int) -> Capabilities {
        devices[device]?.history.last { $0.from <= position }?.capabilities ?? []
    }

    /// What a device could do in the entry at the first of two positions, and whatever else it could do since up to the other.
    package func capabilities(of device: DeviceID, from first: Int, through last: Int) -> [Capabilities] {
        let since = devices[device]?.history.filter { first < $0.from && $0.from <= last } ?? []
        return [capabilities(of: device, at: first)] + since.map(\.capabilities)
    }

    /// The organisation that enrolled the device first in this log, revoked since or not.
    package func organisation(of device: DeviceID) -> OrganisationID? { devices[device]?.organisation }

    package func side(of device: DeviceID) -> Side? { organisation(of: device).flatMap(side(of:)) }

    package func side(of organisation: OrganisationID) -> Side? { parties.first { $0.organisation == organisation }?.side }

    /// The position of the statement that enrolled the device first.
    package func authorPosition(of device: DeviceID) -> Int? { devices[device]?.authorPosition }

    /// Every device in this log, in order of enrolment.
    package var enrolledDevices: [DeviceID] { devices.sorted { $0.value.authorPosition < $1.value.authorPosition }.map(\.key) }

    /// A party's statements about itself, as far as this log carries them.
    package func chain(of organisation: OrganisationID) -> OrganisationChain? { chains[organisation] }

    /// The end of a party's statements about this space.
    package func head(ofOwnChain organisation: OrganisationID) -> ChainHead { ownChains[organisation]?.head ?? .start }

    /// Whether the log holds a statement.
    package func holds(_ statement: SignedBytes) -> Bool {
        chains.values.contains { $0.holds(statement) } || ownChains.values.contains { $0.holds(statement) }
    }

    /// Whether the statements so far make the device that began the space an admin, as they must.
    ///
    /// An engagement begins with whoever accepts its invitation: the other side cannot begin it in the customer's name.
    package var isFounded: Bool {
        guard let rights = devices[founder], rights.history.contains(where: { $0.capabilities.contains(.admin) }) else { return false }
        return type != .engagement || side(of: rights.organisation) == .customer
    }

    /// Whether the statements so far show that an admin of the provider gave the invitation; true where none was needed.
    package var isInvitationHonoured: Bool {
        guard let inviter else { return true }
        guard let rights = devices[inviter], side(of: rights.organisation) == .provider else { return false }
        return rights.history.contains { $0.capabilities.contains(.admin) }
    }

    /// The auditors that this log lets in, each with the time by the server's clock until when it may read.
    ///
    /// Where one side's grant suffices the longest holds; where both are needed, the time for which both have granted.
    package var readers: [OrganisationID: Int64] {
        Dictionary(grouping: grants, by: \.reader).compactMapValues { grants in
            let ends = grants.map(\.expires)
            guard policy.auditNeedsBoth else { return ends.max() }
            return ends.count == parties.count ? ends.min() : nil
        }
    }

    /// The auditors that may read at a time by the server's clock.
    package func readers(at time: Int64) -> Set<OrganisationID> { Set(readers.filter { $0.value > time }.keys) }

    /// Everybody who may read this log, each with the time until when; `forGood` where there is no such time.
    package func reading(forGood: Int64) -> [OrganisationID: Int64] {
        parties.reduce(into: readers) { $0[$1.organisation] = forGood }
    }

    /// The newest key epoch of a sealed space; 0 before the first.
    package var keyEpoch: Int { spaceKeys.last?.number ?? 0 }

    /// The key epochs of a sealed space that have begun, ascending.
    package var keyEpochs: [Int] { spaceKeys.map(\.number) }

    /// How many numbers of key epochs an epoch of the log has for itself.
    static let keyEpochsAnEpoch = 100_000

    /// The number of the key epoch that may begin next. An epoch of the log has numbers of its own, so that a key which the
    /// epochs before it have lost comes back as what it was, and no two keys ever have one number (design section 5).
    package var nextKeyEpoch: Int {
        let (floor, isBeyond) = epoch.multipliedReportingOverflow(by: Self.keyEpochsAnEpoch)
        return min(max(keyEpoch, isBeyond ? .max : floor), (1 << 53) - 2) + 1
    }

    /// A space key as it was wrapped for a device.
    package func wrappedKey(for device: DeviceID, epoch: Int) -> WrappedKey? {
        spaceKeys.first { $0.number == epoch }?.keys.first { $0.device == device }
    }

    /// Whether a device may give keys of a sealed space: it says so for its organisation, and may hold them.
    package func mayGiveKeys(_ device: DeviceID) -> Bool { capabilities(of: device).isSuperset(of: [.admin, .read]) }

    /// Whether the next key of a sealed space is due: a device holds the newest one that may not read any more, or nobody holds it
    /// who could give it to the others.
    package var isNextKeyDue: Bool {
        guard let newest = spaceKeys.last else { return false }
        return isKeyLost || !newest.keys.contains { mayGiveKeys($0.device) }
    }

    /// Whether a device holds the newest key of a sealed space that may not read it any more: nothing more is sealed with it.
    package var isKeyLost: Bool { spaceKeys.last?.keys.contains { !capabilities(of: $0.device).contains(.read) } ?? false }
}
