import BuntanProtocol
import ChangeLog
import Exchange
import Merging
import Records
import Storage
import Syncing
import TestKit
import Testing

/// A provider and a customer with what they keep at a server, all of it from one seed: what they do there they do by requests alone.
final class WorldTenant {
    /// What one tenant differs by from another.
    struct Shape: Sendable {
        let seed: UInt64
        let services: Int
        let changes: Int
        let words: Int
        let devices: Int
        let auditors: Int
    }

    /// Answers a request, and fails the test where that is not foreseen.
    typealias Line = (BuntanProtocol.Method, [UInt8], [UInt8]?) async throws -> (status: Int, body: [UInt8])

    let shape: Shape
    let identity: ServerIdentity
    let provider: FoundedOrganisation
    let customer: FoundedOrganisation
    let admissions: [Nonce]
    private(set) var services: [SpaceID] = []
    private(set) var engagements: [SpaceID] = []
    private(set) var home: SpaceID?
    private(set) var invitations: [InvitationID] = []
    /// What it has signed to write, whether or not that was ever sent.
    private(set) var written: [(record: RecordID, change: ChangeID)] = []
    private(set) var chains: [OrganisationID: (chain: OrganisationChain, statements: [SignedBytes])] = [:]
    var random: SeededRandom
    private let line: Line
    private var tokens: [DeviceID: [UInt8]] = [:]

    init(_ shape: Shape, at identity: ServerIdentity, _ line: @escaping Line) throws {
        self.shape = shape
        self.identity = identity
        self.line = line
        random = SeededRandom(seed: shape.seed)
        provider = try FoundedOrganisation(label: "desk-\(shape.seed)", time: 1, random: &random)
        customer = try FoundedOrganisation(label: "laptop", time: 2, random: &random)
        admissions = [random.nonce(), random.nonce()]
        for firm in [provider, customer] { chains[firm.organisation] = (firm.chain, firm.statements) }
    }

    // MARK: asking

    func ask<R: Request>(_ request: R, as firm: FoundedOrganisation? = nil) async throws -> R.Answer {
        let (status, body) = try await answer(R.method, request.encoded(), as: firm)
        guard status == 200 else { throw Refusal(try ErrorAnswer(decoding: body).code ?? .invalid) }
        return try R.Answer(decoding: body)
    }

    @discardableResult
    func answer(
        _ method: BuntanProtocol.Method, _ body: [UInt8], as firm: FoundedOrganisation? = nil
    ) async throws -> (status: Int, body: [UInt8]) {
        var token: [UInt8]?
        if let firm, !method.isOpen {
            if tokens[firm.device.device] == nil { try await signIn(firm) }
            token = tokens[firm.device.device]
        }
        return try await line(method, body, token)
    }

    func signIn(_ firm: FoundedOrganisation) async throws {
        let nonce = try await ask(ChallengeRequest(device: firm.device.device)).nonce
        tokens[firm.device.device] = try await ask(SessionRequest(answering: nonce, of: identity.name, with: firm.device.signing)).token
    }

    /// The log of a space as a client holds it after it has pulled all of it.
    func base(of space: SpaceID, as firm: FoundedOrganisation) async throws -> (base: Base, page: LogPage) {
        let page = try await ask(PullRequest(space: space, epoch: 0, size: 0, root: SHA.empty), as: firm)
        var frontier = LogFrontier()
        frontier.append(contentsOf: page.entries.map { Entry.leafHash(of: $0.entry) })
        return (Base(epoch: 0, size: page.entries.count, root: frontier.root), page)
    }

    // MARK: what they do

    /// Comes to the server with everything, some steps at a time.
    func settle() async throws {
        for (firm, admission) in zip([provider, customer], admissions) {
            _ = try await ask(
                RegisterRequest(statements: Array(firm.statements), rootKey: firm.root.publicKey, ticket: .admission(admission)))
        }
        for _ in 0..<shape.services { services.append(try await handOver(.service, of: provider)) }
        home = try await handOver(.private, of: customer)
        for (number, service) in services.enumerated() {
            let seed = random.nonce()
            let invitation = invitation(to: service, seed: seed)
            _ = try await ask(InviteRequest(invitation: invitation.bytes, signature: invitation.signature), as: provider)
            invitations.append(Invitation.id(of: Invitation.key(of: seed).publicKey))
            guard number < max(1, shape.services - 1) else { continue }
            engagements.append(try await ask(founding(on: service, invitation, seed: seed), as: customer).space)
        }
        for _ in 1..<max(1, shape.devices) { try await enrol() }
        for number in 0..<shape.auditors {
            try await say(.grantReader(OrganisationID(high: shape.seed, low: UInt64(number)), expires: Self.farAhead), in: engagements[0])
        }
    }

    /// A while ahead of the clock of every test here, and less than 400 days.
    static let farAhead: Int64 = ServedFolder.now + 30 * 86_400_000

    /// Goes on with what tenants do all day.
    func act() async throws {
        // A session may have run out meanwhile.
        tokens = [:]
        for engagement in engagements { try await write(in: engagement, by: customer) }
        for service in services { try await write(in: service, by: provider) }
        let seed = random.nonce()
        let invitation = invitation(to: services[0], seed: seed)
        _ = try await ask(InviteRequest(invitation: invitation.bytes, signature: invitation.signature), as: provider)
        if shape.devices > 1 { try await enrol() }
        // Some of it is refused.
        _ = try await answer(
            .pull, PullRequest(space: SpaceID(high: 1, low: 1), epoch: 0, size: 0, root: SHA.empty).encoded(), as: provider)
    }

    func write(in space: SpaceID, by firm: FoundedOrganisation) async throws {
        let base = try await base(of: space, as: firm).base
        let changes = try (0..<shape.changes).map { _ in try change(in: space, by: firm, base: base) }
        _ = try await ask(PushRequest(space: space, changes: changes), as: firm)
    }

    func enrol() async throws {
        let keys = DeviceKeys(random: &random)
        guard var (chain, statements) = chains[provider.organisation] else { return }
        let statement = StatementAuthor(organisation: provider.organisation, key: provider.device.signing).sign(
            .enrolling(keys, in: provider.organisation, capabilities: [.read], label: "more"), after: chain.head, time: 3)
        try chain.append(statement)
        statements.append(statement)
        chains[provider.organisation] = (chain, statements)
        _ = try await ask(StatementRequest(statements: [statement]), as: provider)
    }

    private var said: [SpaceID: ChainHead] = [:]

    @discardableResult
    func say(_ act: Statement.Act, in space: SpaceID) async throws -> VerdictsAnswer {
        let statement = StatementAuthor(organisation: provider.organisation, key: provider.device.signing)
            .sign(act, after: said[space] ?? .start, about: space, time: ServedFolder.now)
        let answer = try await ask(StatementRequest(statements: [statement]), as: provider)
        if case .accepted? = answer.verdicts.first { said[space] = (said[space] ?? .start).advanced(by: statement) }
        return answer
    }

    // MARK: what they say

    /// - Parameter following: a record to write on, and the change on whose words the new ones follow; a new record where there is none.
    func change(
        in space: SpaceID, by firm: FoundedOrganisation, base: Base, following: (record: RecordID, change: ChangeID)? = nil
    ) throws -> SignedChange {
        let record = following?.record ?? RecordID.timeOrdered(millis: 1, random: random.nonce())
        let text = String(repeating: "words of \(shape.seed) ", count: shape.words)
        let isTalk = engagements.contains(space)
        var cells: [(CellKey, Value)] = [(.life, .bool(true))]
        cells += isTalk ? [(CellKey("row"), .id(record)), (CellKey("text"), .text(text))] : [(CellKey("upstreamName"), .text(text))]
        cells.sort { $0.0 < $1.0 }
        let change = try ChangeAuthor(space: space, key: firm.device.signing).change(
            edits: [
                Edit(
                    record: record, kind: isTalk ? "comment" : "service-dependency",
                    ops: cells.enumerated().map { number, cell in
                        Op(cell: cell.0, predecessors: following.map { [OpID($0.change, number)] } ?? [])
                    })
            ],
            values: cells.map(\.1.encoded), base: base, time: 1, schema: 1, random: &random)
        if following == nil { written.append((record, try Change(decoding: change.bytes).id)) }
        return change
    }

    func invitation(to service: SpaceID, seed: Nonce) -> SignedBytes {
        Invitation(
            service: service, organisation: provider.organisation, serverName: identity.name, logKey: identity.logKey.publicKey,
            policy: Policy(), key: Invitation.key(of: seed).publicKey, expires: Self.farAhead, device: provider.device.device
        ).signed(by: provider.device.signing)
    }

    func founding(on service: SpaceID, _ invitation: SignedBytes, seed: Nonce) -> CreateSpaceRequest {
        let genesis = Genesis(
            type: .engagement,
            parties: [
                Party(side: .provider, organisation: provider.organisation, rootKey: provider.root.publicKey),
                Party(side: .customer, organisation: customer.organisation, rootKey: customer.root.publicKey),
            ], serverName: identity.name, logKey: identity.logKey.publicKey, policy: Policy(), nonce: random.nonce(),
            device: customer.device.device, service: service, invitation: invitation.bytes, invitationSignature: invitation.signature
        ).signed(by: customer.device.signing)
        return CreateSpaceRequest(
            genesis: genesis.bytes, signature: genesis.signature,
            acceptance: Genesis.acceptance(of: genesis.bytes, with: Invitation.key(of: seed)))
    }

    /// A space of one's own with its log up to the move to the server, as one page.
    func ownSpace(_ type: SpaceType, of firm: FoundedOrganisation) throws -> ReplayRequest {
        let logKey = SigningKey(seed: random.seed())
        let genesis = Genesis(
            type: type, parties: [Party(side: .provider, organisation: firm.organisation, rootKey: firm.root.publicKey)], serverName: nil,
            logKey: logKey.publicKey, policy: Policy(), nonce: random.nonce(), device: firm.device.device
        ).signed(by: firm.device.signing)
        var ledger = try Ledger(
            founding: Entry(kind: .genesis, received: 1, content: genesis.bytes, signature: genesis.signature).encoded())
        for statement in chains[firm.organisation]?.statements ?? [] { _ = try ledger.admit(statement, received: 1) }
        let space = ledger.standing.id
        for _ in 0..<(type == .service ? shape.changes : 0) {
            let change = try change(in: space, by: firm, base: ledger.standing.base)
            guard case .accepted = try ledger.admit(try ReceivedChange(checking: change), received: 1) else { throw Refusal(.invalid) }
        }
        let move = ServerStatement(space: space, act: .move(serverName: identity.name, logKey: identity.logKey.publicKey))
        _ = try ledger.admit(serverStatement: move.signed(by: logKey), received: 1)
        let origin = Checkpoint.origin(server: nil, space: space, epoch: 0)
        return ReplayRequest(
            space: space, from: 0, entries: ledger.update.entries.map { CarriedEntry(entry: $0.bytes, payload: $0.payload) },
            note: Checkpoint(origin: origin, size: ledger.size, root: ledger.standing.frontier.root).signed(by: logKey))
    }

    private func handOver(_ type: SpaceType, of firm: FoundedOrganisation) async throws -> SpaceID {
        let own = try ownSpace(type, of: firm)
        _ = try await ask(own, as: firm)
        return own.space
    }
}
