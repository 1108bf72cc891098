import BuntanProtocol
import ChangeLog

/// An organisation with its keys, as nobody has them outside of a test.
struct Organisation {
    let root: SigningKey
    let recovery: SigningKey
    /// The first device, which may do everything.
    let admin: DeviceKeys
    var chain: OrganisationChain
    var statements: [SignedBytes]
    var random: SeededRandom

    var id: OrganisationID { chain.organisation }

    init(_ seed: UInt64) throws {
        random = SeededRandom(seed)
        let founded = try FoundedOrganisation(label: "first", time: 1, random: &random)
        root = founded.root
        recovery = founded.recoveryCode.key
        admin = founded.device
        chain = founded.chain
        statements = founded.statements
    }

    /// The statement that would come next, whether or not the chain would take it.
    func draft(_ act: Statement.Act, by key: SigningKey) -> SignedBytes {
        StatementAuthor(organisation: id, key: key).sign(act, after: chain.head, time: 2)
    }

    @discardableResult
    mutating func say(_ act: Statement.Act, by key: SigningKey? = nil) throws -> SignedBytes {
        let statement = draft(act, by: key ?? admin.signing)
        try chain.append(statement)
        statements.append(statement)
        return statement
    }

    mutating func enrol(_ capabilities: Capabilities, label: String = "") throws -> DeviceKeys {
        let keys = DeviceKeys(random: &random)
        try say(.enrolling(keys, in: id, capabilities: capabilities, label: label))
        return keys
    }

    mutating func stranger() -> DeviceKeys { DeviceKeys(random: &random) }
}

/// A space's log as far as its rights go: positions and statements.
struct RightsLog {
    var rights: SpaceRights
    var position = 1

    mutating func append(_ statement: SignedBytes) throws(Refusal) {
        try rights.apply(statement, at: position)
        position += 1
    }

    mutating func append(_ statements: [SignedBytes]) throws(Refusal) {
        for statement in statements { try append(statement) }
    }

    /// A statement about the space, whether or not it would be taken.
    func draft(
        _ act: Statement.Act, of organisation: Organisation, by key: SigningKey? = nil, about space: SpaceID? = nil, time: Int64 = 0
    ) -> SignedBytes {
        StatementAuthor(organisation: organisation.id, key: key ?? organisation.admin.signing)
            .sign(act, after: rights.head(ofOwnChain: organisation.id), about: space ?? rights.space, time: time)
    }

    mutating func say(_ act: Statement.Act, of organisation: Organisation, by key: SigningKey? = nil, time: Int64 = 0) throws(Refusal) {
        try append(draft(act, of: organisation, by: key, time: time))
    }
}

/// The parts of an engagement's genesis, each of which a test may put wrong.
struct EngagementGenesis {
    let provider: Organisation
    let customer: Organisation
    let seed = Nonce(high: 77, low: 78)
    let service = SpaceID(high: 1, low: 1)
    let logKey = SigningKey(seed: digest(String(repeating: "33", count: 32)))
    var serverName = "sync.example.jp"
    var policy = Policy()

    func invitation(signedBy keys: DeviceKeys? = nil, policy: Policy? = nil) -> SignedBytes {
        let keys = keys ?? provider.admin
        return Invitation(
            service: service, organisation: provider.id, serverName: serverName, logKey: logKey.publicKey, policy: policy ?? self.policy,
            key: Invitation.key(of: seed).publicKey, expires: 9_000, device: keys.device
        ).signed(by: keys.signing)
    }

    func genesis(_ invitation: SignedBytes? = nil, customerRoot: PublicKey? = nil, service: SpaceID? = nil) -> SignedBytes {
        let invitation = invitation ?? self.invitation()
        return Genesis(
            type: .engagement,
            parties: [
                Party(side: .provider, organisation: provider.id, rootKey: provider.root.publicKey),
                Party(side: .customer, organisation: customer.id, rootKey: customerRoot ?? customer.root.publicKey),
            ], serverName: serverName, logKey: logKey.publicKey, policy: policy, nonce: Nonce(high: 4, low: 5),
            device: customer.admin.device, service: service ?? self.service, invitation: invitation.bytes,
            invitationSignature: invitation.signature
        ).signed(by: customer.admin.signing)
    }

    func accept(_ genesis: SignedBytes) -> Signature { Genesis.acceptance(of: genesis.bytes, with: Invitation.key(of: seed)) }

    /// The log with both parties' statements, the customer's first.
    func log() throws -> RightsLog {
        let genesis = genesis()
        var log = RightsLog(rights: try SpaceRights(genesis: genesis.bytes, signature: genesis.signature, acceptance: accept(genesis)))
        try log.append(customer.statements)
        try log.append(provider.statements)
        return log
    }
}

/// A private space of one organisation, without a server.
func privateSpace(of organisation: Organisation, isSealed: Bool = true) throws -> RightsLog {
    let genesis = Genesis(
        type: .private, parties: [Party(side: .provider, organisation: organisation.id, rootKey: organisation.root.publicKey)],
        serverName: nil, logKey: organisation.admin.device, policy: Policy(isSealed: isSealed), nonce: Nonce(high: 1, low: 2),
        device: organisation.admin.device
    ).signed(by: organisation.admin.signing)
    var log = RightsLog(rights: try SpaceRights(genesis: genesis.bytes, signature: genesis.signature, acceptance: nil))
    try log.append(organisation.statements)
    return log
}
