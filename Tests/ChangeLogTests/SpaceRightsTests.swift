import BuntanProtocol
import ChangeLog
import Testing

@Suite("Rights in a space")
struct SpaceRightsTests {
    private static func engagement(policy: Policy = Policy()) throws -> EngagementGenesis {
        EngagementGenesis(provider: try Organisation(1), customer: try Organisation(2), policy: policy)
    }

    // MARK: genesis

    @Test("An engagement begins with a genesis, the invitation and its acceptance, and each is checked")
    func genesis() throws {
        let parts = try Self.engagement()
        func begin(_ genesis: SignedBytes, accepted: Signature?) -> Refusal? {
            do {
                _ = try SpaceRights(genesis: genesis.bytes, signature: genesis.signature, acceptance: accepted)
                return nil
            } catch { return error }
        }
        let genesis = parts.genesis()
        #expect(begin(genesis, accepted: parts.accept(genesis)) == nil)
        #expect(begin(genesis, accepted: nil) == Refusal(.badSignature, "accept"))
        let other = SigningKey(seed: SHA.empty)
        #expect(begin(genesis, accepted: Genesis.acceptance(of: genesis.bytes, with: other)) == Refusal(.badSignature, "accept"))
        let forged = SignedBytes(bytes: genesis.bytes, signature: other.sign("genesis", genesis.bytes))
        #expect(begin(forged, accepted: parts.accept(genesis)) == Refusal(.badSignature, "genesis"))
        let anothers = parts.genesis(customerRoot: parts.provider.root.publicKey)
        #expect(begin(anothers, accepted: parts.accept(anothers)) == Refusal(.invalid, "organisation"))
        let elsewhere = parts.genesis(service: SpaceID(high: 8, low: 8))
        #expect(begin(elsewhere, accepted: parts.accept(elsewhere)) == Refusal(.invalid, "invitation"))
        let relaxed = parts.genesis(parts.invitation(policy: Policy(auditNeedsBoth: true)))
        #expect(begin(relaxed, accepted: parts.accept(relaxed)) == Refusal(.invalid, "invitation"))
        let unsigned = parts.genesis(SignedBytes(bytes: parts.invitation().bytes, signature: other.sign("invitation", [])))
        #expect(begin(unsigned, accepted: parts.accept(unsigned)) == Refusal(.badSignature, "invitation"))
        var named = parts
        named.serverName = "a b"
        let spaced = named.genesis()
        #expect(begin(spaced, accepted: named.accept(spaced)) == Refusal(.invalid, "server_name"))
        var sealed = parts
        sealed.policy = Policy(isSealed: true)
        let secret = sealed.genesis()
        #expect(begin(secret, accepted: sealed.accept(secret)) == Refusal(.invalid, "sealed"))
        let long = SignedBytes(bytes: genesis.bytes + [UInt8](repeating: 0, count: Limits.genesisBytes), signature: genesis.signature)
        #expect(begin(long, accepted: nil) == Refusal(.tooLarge, "genesis"))
    }

    @Test("A space begins from its log's first entry, which nothing else can be")
    func genesisEntry() throws {
        let parts = try Self.engagement()
        let genesis = parts.genesis()
        func entry(_ kind: Entry.Kind, _ proof: [UInt8]?) -> Entry {
            Entry(kind: kind, received: 0, content: genesis.bytes, signature: genesis.signature, proof: proof)
        }
        let rights = try SpaceRights(genesis: entry(.genesis, parts.accept(genesis).bytes))
        #expect(rights.space == Genesis.space(of: genesis.bytes))
        #expect(rights.origin == "sync.example.jp/buntan/\(rights.space.hex)/e0")
        #expect(throws: Refusal(.malformed, "genesis")) { try SpaceRights(genesis: entry(.change, parts.accept(genesis).bytes)) }
        #expect(throws: Refusal(.malformed, "genesis")) { try SpaceRights(genesis: entry(.genesis, [1])) }
    }

    @Test("The genesis alone gives nobody a right; the statements behind it make its device an admin")
    func founder() throws {
        let parts = try Self.engagement()
        let genesis = parts.genesis()
        var log = RightsLog(
            rights: try SpaceRights(genesis: genesis.bytes, signature: genesis.signature, acceptance: parts.accept(genesis)))
        let device = parts.customer.admin.device
        #expect(log.rights.capabilities(of: device) == [] && !log.rights.isFounded && !log.rights.isInvitationHonoured)
        try log.append(parts.customer.statements)
        #expect(log.rights.capabilities(of: device) == .all && log.rights.isFounded && !log.rights.isInvitationHonoured)
        #expect(log.rights.side(of: device) == .customer && log.rights.organisation(of: device) == parts.customer.id)
        try log.append(parts.provider.statements)
        #expect(log.rights.isInvitationHonoured)
        #expect(log.rights.side(of: parts.provider.admin.device) == .provider)
        #expect(log.rights.enrolledDevices == [device, parts.provider.admin.device])
    }

    @Test("An invitation by a device that is no admin of the provider is not honoured")
    func strangersInvitation() throws {
        var parts = try Self.engagement()
        var provider = parts.provider
        let writer = try provider.enrol([.read, .write])
        parts = EngagementGenesis(provider: provider, customer: parts.customer)
        for keys in [writer, parts.customer.admin] {
            let genesis = parts.genesis(parts.invitation(signedBy: keys))
            var log = RightsLog(
                rights: try SpaceRights(genesis: genesis.bytes, signature: genesis.signature, acceptance: parts.accept(genesis)))
            try log.append(parts.customer.statements)
            try log.append(parts.provider.statements)
            #expect(!log.rights.isInvitationHonoured)
        }
    }

    // MARK: organisations

    @Test("A right counts from the position behind its statement until the position of the one that ends it")
    func positions() throws {
        var parts = try Self.engagement()
        var log = try parts.log()
        var provider = parts.provider
        let enrolledAt = log.position
        let keys = try provider.enrol([.read, .write])
        try log.append([provider.statements[2]])
        try log.append(try provider.say(.setCapabilities(device: keys.device, [.read, .write, .sign])))
        try log.append(try provider.say(.revoke(device: keys.device, compromisedAfter: nil)))
        parts = EngagementGenesis(provider: provider, customer: parts.customer)
        let expected: [Capabilities] = [[], [.read, .write], [.read, .write, .sign], [], []]
        for (offset, capabilities) in expected.enumerated() {
            #expect(log.rights.capabilities(of: keys.device, at: enrolledAt + offset) == capabilities, "position +\(offset)")
        }
        #expect(log.rights.capabilities(of: keys.device, at: 0) == [])
        #expect(log.rights.authorPosition(of: keys.device) == enrolledAt)
        #expect(log.rights.organisation(of: keys.device) == provider.id)
        #expect(log.rights.authorPosition(of: provider.stranger().device) == nil)
    }

    @Test("In one log a device belongs to the organisation that enrolled it first, whatever another says of it")
    func firstEnrolmentCounts() throws {
        let parts = try Self.engagement()
        var log = try parts.log()
        var provider = parts.provider
        var customer = parts.customer
        let keys = try customer.enrol([.read, .write])
        try log.append([customer.statements[2]])
        let before = log.rights
        try log.append(try provider.say(.enrolling(keys, in: provider.id, capabilities: .all, label: "ours now")))
        try log.append(try provider.say(.setCapabilities(device: keys.device, .read)))
        try log.append(try provider.say(.revoke(device: keys.device, compromisedAfter: nil)))
        #expect(log.rights.capabilities(of: keys.device) == [.read, .write])
        #expect(log.rights.side(of: keys.device) == .customer)
        #expect(log.rights.authorPosition(of: keys.device) == before.authorPosition(of: keys.device))
        // The provider's chain holds them all the same: it must not differ from log to log.
        #expect(log.rights.chain(of: provider.id) == provider.chain)
        #expect(throws: Refusal(.invalid, "device_unknown")) { try log.say(.restrict(device: keys.device, .all), of: provider) }
    }

    @Test("Only the parties of a space have statements in it, and only about it")
    func strangers() throws {
        let parts = try Self.engagement()
        var log = try parts.log()
        let other = try Organisation(9)
        let before = log.rights
        #expect(throws: Refusal(.notOwner, "organisation")) { try log.append(other.statements) }
        #expect(throws: Refusal(.notOwner, "organisation")) { try log.say(.policy(leastSchema: 5), of: other) }
        let elsewhere = log.draft(.policy(leastSchema: 5), of: parts.provider, about: SpaceID(high: 1, low: 9))
        #expect(throws: Refusal(.invalid, "space")) { try log.append(elsewhere) }
        // The provider's device does not speak for the customer.
        let borrowed = log.draft(.policy(leastSchema: 5), of: parts.customer, by: parts.provider.admin.signing)
        #expect(throws: Refusal(.noRight, "admin")) { try log.append(borrowed) }
        #expect(log.rights == before)
    }

    @Test("Each party has a chain of its own about the space, kept in order")
    func ownChains() throws {
        let parts = try Self.engagement()
        var log = try parts.log()
        let next = log.draft(.policy(leastSchema: 2), of: parts.provider)
        let beside = log.draft(.endService, of: parts.provider)
        try log.append(next)
        #expect(log.rights.holds(next) && !log.rights.holds(beside))
        #expect(log.rights.head(ofOwnChain: parts.provider.id).number == 1)
        #expect(log.rights.head(ofOwnChain: parts.customer.id) == .start)
        #expect(throws: Refusal(.invalid, StatementDetail.known)) { try log.append(next) }
        #expect(throws: Refusal(.invalid, StatementDetail.fork)) { try log.append(beside) }
        try log.say(.policy(leastSchema: 3), of: parts.customer)
        let ahead = StatementAuthor(organisation: parts.provider.id, key: parts.provider.admin.signing)
            .sign(.endService, after: ChainHead(number: 2, digest: SHA.empty), about: log.rights.space, time: 0)
        #expect(throws: Refusal(.unknownPredecessor, StatementDetail.gap)) { try log.append(ahead) }
    }

    // MARK: one space's statements

    @Test("A restriction narrows a device in one space and can be lifted by whoever holds what it gives back")
    func restrict() throws {
        var parts = try Self.engagement()
        var provider = parts.provider
        let clerk = try provider.enrol([.read, .write, .admin])
        let signer = try provider.enrol([.read, .write, .sign])
        parts = EngagementGenesis(provider: provider, customer: parts.customer)
        var log = try parts.log()
        try log.say(.restrict(device: signer.device, .read), of: provider, by: clerk.signing)
        #expect(log.rights.capabilities(of: signer.device) == .read)
        // What the organisation gives everywhere stays within what the space allows.
        try log.append(try provider.say(.setCapabilities(device: signer.device, .all)))
        #expect(log.rights.capabilities(of: signer.device) == .read)
        #expect(throws: Refusal(.noRight, "grant")) {
            try log.say(.restrict(device: signer.device, [.read, .sign]), of: provider, by: clerk.signing)
        }
        try log.say(.restrict(device: signer.device, [.read, .write]), of: provider, by: clerk.signing)
        #expect(log.rights.capabilities(of: signer.device) == [.read, .write])
        try log.say(.restrict(device: signer.device, .all), of: provider, by: provider.root)
        #expect(log.rights.capabilities(of: signer.device) == .all)
        // What the organisation does not give the device yet is given back by nobody who lacks it, either.
        try log.append(try provider.say(.setCapabilities(device: signer.device, [.read, .write])))
        try log.say(.restrict(device: signer.device, [.read, .write]), of: provider)
        #expect(throws: Refusal(.noRight, "grant")) {
            try log.say(.restrict(device: signer.device, [.read, .write, .sign]), of: provider, by: clerk.signing)
        }
        try log.append(try provider.say(.setCapabilities(device: signer.device, .all)))
        #expect(log.rights.capabilities(of: signer.device) == [.read, .write])

        try log.say(.restrict(device: clerk.device, [.read, .write]), of: provider)
        #expect(throws: Refusal(.noRight, "admin")) { try log.say(.restrict(device: clerk.device, .all), of: provider, by: clerk.signing) }
        #expect(throws: Refusal(.noRight, "admin")) { try log.say(.policy(leastSchema: 4), of: provider, by: clerk.signing) }
        let strangers = [parts.customer.admin.device, provider.stranger().device]
        for device in strangers {
            #expect(throws: Refusal(.invalid, "device_unknown")) { try log.say(.restrict(device: device, .read), of: provider) }
        }
        try log.append(try provider.say(.revoke(device: signer.device, compromisedAfter: nil)))
        #expect(throws: Refusal(.invalid, "device_revoked")) { try log.say(.restrict(device: signer.device, .all), of: provider) }
        #expect(log.rights.capabilities(of: signer.device) == [])
    }

    @Test("An auditor reads until its grant ends, and a grant lasts 400 days at the most")
    func readers() throws {
        let parts = try Self.engagement()
        var log = try parts.log()
        let auditor = OrganisationID(high: 4, low: 4)
        let most = 10 + SpaceRights.mostGrantMillis
        for (expires, time) in [(most + 1, Int64(10)), (10, 10), (9, 10), (1 << 61, -(1 << 61))] {
            #expect(throws: Refusal(.invalid, "expires")) {
                try log.say(.grantReader(auditor, expires: expires), of: parts.customer, time: time)
            }
        }
        try log.say(.grantReader(auditor, expires: most), of: parts.customer, time: 10)
        #expect(log.rights.readers(at: most - 1) == [auditor])
        #expect(log.rights.readers(at: most) == [])
        #expect(throws: Refusal(.invalid, "reader")) { try log.say(.endReader(auditor), of: parts.provider) }
        #expect(throws: Refusal(.invalid, "reader")) {
            try log.say(.grantReader(parts.provider.id, expires: 100), of: parts.customer, time: 10)
        }
        try log.say(.endReader(auditor), of: parts.customer)
        #expect(log.rights.readers(at: 10) == [])
        let owner = try Organisation(3)
        var own = try privateSpace(of: owner)
        #expect(throws: Refusal(.invalid, "reader")) { try own.say(.grantReader(auditor, expires: 100), of: owner, time: 10) }
    }

    @Test("Where the policy asks for both, an auditor reads while both sides' grants last")
    func bothGrant() throws {
        let parts = try Self.engagement(policy: Policy(auditNeedsBoth: true))
        var log = try parts.log()
        let auditor = OrganisationID(high: 4, low: 4)
        try log.say(.grantReader(auditor, expires: 500), of: parts.customer)
        try log.say(.grantReader(auditor, expires: 600), of: parts.customer)
        #expect(log.rights.readers(at: 100) == [])
        try log.say(.grantReader(auditor, expires: 300), of: parts.provider)
        #expect(log.rights.readers(at: 299) == [auditor])
        #expect(log.rights.readers(at: 300) == [])
    }

    @Test("The provider ends the service, once, in an engagement")
    func endService() throws {
        let parts = try Self.engagement()
        var log = try parts.log()
        #expect(throws: Refusal(.noRight, "end_service")) { try log.say(.endService, of: parts.customer) }
        #expect(log.rights.serviceEnded == nil)
        let position = log.position
        try log.say(.endService, of: parts.provider)
        #expect(log.rights.serviceEnded == position)
        #expect(throws: Refusal(.invalid, "service_ended")) { try log.say(.endService, of: parts.provider) }
        let owner = try Organisation(3)
        var own = try privateSpace(of: owner)
        #expect(throws: Refusal(.invalid, "end_service")) { try own.say(.endService, of: owner) }
    }

    @Test("The least schema goes up and never down")
    func policy() throws {
        let parts = try Self.engagement()
        var log = try parts.log()
        #expect(log.rights.leastSchema == 1)
        try log.say(.policy(leastSchema: 4), of: parts.customer)
        for lower in [4, 3, 0] {
            #expect(throws: Refusal(.invalid, "policy")) { try log.say(.policy(leastSchema: lower), of: parts.provider) }
        }
        #expect(log.rights.leastSchema == 4)
    }

    @Test("An erasure takes its place in the chain of whoever may make it")
    func erase() throws {
        let parts = try Self.engagement()
        var log = try parts.log()
        let act = Statement.Act.erase([ErasedOps(ChangeID(high: 1, low: 1), [0])])
        try log.say(act, of: parts.customer)
        #expect(log.rights.head(ofOwnChain: parts.customer.id).number == 1)
        var customer = parts.customer
        let writer = try customer.enrol([.read, .write])
        try log.append([customer.statements[2]])
        #expect(throws: Refusal(.noRight, "admin")) { try log.say(act, of: customer, by: writer.signing) }
    }

    // MARK: the log key

    @Test("The log key names its successor, a new server and a new epoch, and nobody else does")
    func serverStatements() throws {
        let parts = try Self.engagement()
        var log = try parts.log()
        let space = log.rights.space
        let next = SigningKey(seed: digest(String(repeating: "44", count: 32)))
        let change = ServerStatement(space: space, act: .key(next.publicKey))
        func apply(_ statement: ServerStatement, by key: SigningKey) throws(Refusal) {
            try log.rights.apply(serverStatement: statement.signed(by: key), at: log.position)
        }
        #expect(throws: Refusal(.badSignature, "server")) { try apply(change, by: next) }
        #expect(throws: Refusal(.invalid, "space")) { try apply(ServerStatement(space: Draft.space, act: change.act), by: parts.logKey) }
        try apply(change, by: parts.logKey)
        #expect(log.rights.logKey == next.publicKey)
        #expect(throws: Refusal(.badSignature, "server")) { try apply(change, by: parts.logKey) }
        #expect(throws: Refusal(.invalid, "log_key")) { try apply(change, by: next) }

        let move = ServerStatement(space: space, act: .move(serverName: "other.example", logKey: parts.logKey.publicKey))
        #expect(throws: Refusal(.invalid, "server_name")) {
            try apply(ServerStatement(space: space, act: .move(serverName: "a+b", logKey: next.publicKey)), by: next)
        }
        try apply(move, by: next)
        #expect(log.rights.serverName == "other.example" && log.rights.logKey == parts.logKey.publicKey)

        func epoch(_ ended: Int, _ size: Int) -> ServerStatement {
            ServerStatement(space: space, act: .epoch(ended: ended, lastGoodSize: size, root: SHA.empty))
        }
        #expect(throws: Refusal(.invalid, "epoch")) { try apply(epoch(0, log.position - 1), by: parts.logKey) }
        try apply(epoch(0, log.position), by: parts.logKey)
        #expect(log.rights.epoch == 1)
        #expect(throws: Refusal(.invalid, "epoch")) { try apply(epoch(0, log.position), by: parts.logKey) }
        #expect(log.rights.origin == "other.example/buntan/\(space.hex)/e1")
    }

    @Test("A space without a server speaks for itself until it moves to one")
    func localSpace() throws {
        let owner = try Organisation(3)
        var log = try privateSpace(of: owner)
        #expect(log.rights.serverName == nil && log.rights.logKey == owner.admin.device)
        #expect(log.rights.origin == "local/buntan/\(log.rights.space.hex)/e0")
        let server = SigningKey(seed: SHA.empty)
        let move = ServerStatement(space: log.rights.space, act: .move(serverName: "s.example", logKey: server.publicKey))
        try log.rights.apply(serverStatement: move.signed(by: owner.admin.signing), at: log.position)
        #expect(log.rights.origin.hasPrefix("s.example/") && log.rights.logKey == server.publicKey)
    }
}
