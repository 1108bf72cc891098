import BuntanProtocol
import ChangeLog
import Storage
import Syncing

extension Registrar {
    /// Takes an organisation's statements: about itself, carried to every space it is a party to, or about one space.
    func statement(_ request: StatementRequest, by caller: Caller, at now: Int64) throws -> Prepared {
        let statements = try request.statements.map { signed in
            guard signed.bytes.count <= Limits.statementBytes else { throw Refusal(.tooLarge, "statement") }
            do { return (signed, try Statement(decoding: signed.bytes)) } catch { throw Refusal(.malformed, "statement") }
        }
        return .work(
            Work { [self] _, writer in
                let caller = try again(caller, writer)
                var round = StatementRound(registrar: self, organisation: caller.organisation, caller: caller, now: now)
                for (signed, statement) in statements { try round.take(signed, statement, writer) }
                return try round.finish(writer)
            })
    }

    /// Takes statements about an organisation that nobody in a session hands over.
    func take(
        _ statements: [SignedBytes], of organisation: OrganisationID, at now: Int64, _ writer: any StoreWriter
    ) throws -> Outcome {
        var round = StatementRound(registrar: self, organisation: organisation, caller: nil, now: now)
        for signed in statements {
            do { try round.take(signed, try Statement(decoding: signed.bytes), writer) } catch is DecodingFault {
                throw Refusal(.malformed, "statement")
            }
        }
        var outcome = try round.finish(writer)
        outcome.answer = Outcome(EmptyAnswer()).answer
        return outcome
    }

    /// Takes back what an organisation had said about itself and this server has lost: into its chain, and from there into all its
    /// logs. Only the organisation itself can have signed it, whoever hands it over.
    func take(lost signed: SignedBytes, _ statement: Statement, at now: Int64, _ writer: any StoreWriter) throws -> (Verdict, Outcome) {
        var round = StatementRound(registrar: self, organisation: statement.organisation, caller: nil, now: now)
        try round.take(signed, statement, writer)
        let outcome = try round.finish(writer)
        return (round.verdicts.last ?? .refused(Refusal(.malformed, "statement")), outcome)
    }

    /// Gives a space those statements of a party that its log lacks, and returns where the log stands then.
    func bringUpToDate(
        _ standing: SpaceStanding, with chain: [SignedBytes], of organisation: OrganisationID, at now: Int64, _ writer: any StoreWriter
    )
        throws -> SpaceStanding
    {
        let held = standing.rights.chain(of: organisation)?.head.number ?? 0
        // A log that has lost its end must not grow another.
        guard held < chain.count, isWhole(standing) else { return standing }
        var ledger = Ledger(standing, source: try writer.source(of: standing.id), schema: schema)
        for statement in chain[held...] { _ = try ledger.admit(statement, received: now) }
        try writer.apply(try ledger.finished())
        return ledger.standing
    }
}

/// The statements of one request on their way into the registry and the logs.
private struct StatementRound {
    let registrar: Registrar
    let organisation: OrganisationID
    /// Who hands the statements over; nobody, where they speak for themselves.
    let caller: Caller?
    let now: Int64
    private(set) var verdicts: [Verdict] = []
    private var outcome = Outcome(EmptyAnswer())
    private var chain: OrganisationChain?
    private var hasGrown = false
    private var quota: Quota
    /// What each space's log may still take beyond the quota.
    private var reserves: [SpaceID: Quota] = [:]
    /// The spaces that statements about one space were for.
    private var spaces: [SpaceID: SpaceStanding] = [:]

    init(registrar: Registrar, organisation: OrganisationID, caller: Caller?, now: Int64) {
        self.registrar = registrar
        self.organisation = organisation
        self.caller = caller
        self.now = now
        quota = Quota(of: nil, policy: registrar.policy)
    }

    mutating func take(_ signed: SignedBytes, _ statement: Statement, _ writer: any StoreWriter) throws {
        do {
            // The same for every other organisation, known here or not.
            guard statement.organisation == organisation else { throw Refusal(.notOwner, "organisation") }
            if let space = statement.space {
                try append(signed, statement, about: space, writer)
            } else {
                try append(signed, statement, writer)
            }
        } catch let refusal as Refusal {
            verdicts.append(.refused(refusal))
        }
    }

    // MARK: about the organisation

    private mutating func append(_ signed: SignedBytes, _ statement: Statement, _ writer: any StoreWriter) throws {
        guard var chain = try self.chain ?? writer.chain(of: organisation) else { throw Refusal(.noSession) }
        if chain.holds(signed) {
            // A log that lacks it gets it now: its organisation has seen that.
            self.chain = chain
            verdicts.append(.duplicate(position: statement.number))
            return
        }
        if case .enrol(let device, _, _, _, _) = statement.act {
            try registrar.requireFree(device, for: organisation, writer)
            guard chain.devices.count < registrar.policy.organisationDevices else { throw Refusal(.quota, "devices") }
        }
        try chain.append(signed)
        // One copy in the registry and one in each log.
        let copies = try 1 + writer.heads(for: organisation).count
        try pay(for: signed, copies: copies, beyond: statement.act.passes, about: nil, writer)
        try writer.appendStatement(signed, number: statement.number, of: organisation)
        self.chain = chain
        hasGrown = true
        verdicts.append(.accepted(position: statement.number))
    }

    // MARK: about one space

    private mutating func append(_ signed: SignedBytes, _ statement: Statement, about space: SpaceID, _ writer: any StoreWriter) throws {
        guard let caller else { throw Refusal(.noSession) }
        let handle = try registrar.handle(space, for: caller, at: now, writer)
        try registrar.requireWhole(handle)
        guard handle.standing.genesis.party(organisation) != nil else { throw Refusal(.noRight, "organisation") }
        spaces[space] = handle.standing
        let name = StoredNames.said(space, organisation, statement.number)
        if handle.standing.rights.holds(signed) {
            verdicts.append(.duplicate(position: try writer.number(name)))
            return
        }
        switch statement.act {
        // It cannot be carried out here yet, and a log must not say what has not been done.
        // The log holds it against its author's clock; until when it is good is told by this one.
        case .grantReader(_, let expires):
            guard expires > now, expires - now <= SpaceRights.mostGrantMillis else { throw Refusal(.invalid, "expires") }
        case .enrol, .revoke, .setCapabilities, .rotateRoot, .addRecovery, .restrict, .endReader, .endService, .policy, .erase, .spaceKey:
            break
        }
        var ledger = Ledger(handle.standing, source: try writer.source(of: space), schema: registrar.schema)
        let position = try ledger.admit(signed, received: now)
        try pay(
            for: signed, copies: 1, beyond: statement.act.passes(over: ledger, before: handle.standing.rights), about: handle.standing,
            writer)
        try writer.apply(try ledger.finished())
        try writer.setNumber(position, for: name)
        spaces[space] = ledger.standing
        outcome.touched[space] = MarkedPlace(ledger.standing)
        verdicts.append(.accepted(position: position))
        outcome.listed.formUnion(try registrar.settleReading(of: ledger.standing, after: handle.standing.rights.readers.keys, writer))
    }

    /// Counts a statement on its organisation's quota, in all the logs that will hold it.
    ///
    /// - Parameter beyond: what becomes of it where the quota is full.
    private mutating func pay(
        for signed: SignedBytes, copies: Int, beyond: BeyondQuota, about space: SpaceStanding?, _ writer: any StoreWriter
    ) throws {
        let bytes = (signed.bytes.count + Entry.framingBytes) * copies
        if beyond != .passes, try bytes > quota.left(to: organisation, writer) {
            guard beyond == .drawsOnReserve else { throw Refusal(.quota) }
            try draw(bytes / copies, about: space, writer)
        }
        try quota.use(bytes, by: organisation, writer)
    }

    /// Takes a statement's bytes, once however many logs hold it, from the reserve of that space or of the organisation.
    private mutating func draw(_ bytes: Int, about space: SpaceStanding?, _ writer: any StoreWriter) throws {
        var reserve = space.map { reserves[$0.id] ?? Quota(of: $0, policy: registrar.policy) } ?? quota
        guard try bytes <= reserve.reserve(of: organisation, writer) else { throw Refusal(.quota) }
        try reserve.useReserve(bytes, of: organisation, writer)
        if let space { reserves[space.id] = reserve } else { quota = reserve }
    }

    // MARK: at the end

    mutating func finish(_ writer: any StoreWriter) throws -> Outcome {
        try quota.store(writer)
        for reserve in reserves.values { try reserve.store(writer) }
        if let chain {
            if hasGrown { try writer.setChain(chain) }
            let statements = try writer.statements(of: organisation)
            for head in try writer.heads(for: organisation) {
                guard let standing = try writer.standing(of: head.space), standing.genesis.party(organisation) != nil else {
                    continue
                }
                let grown = try registrar.bringUpToDate(standing, with: statements, of: organisation, at: now, writer)
                guard grown.size > standing.size else { continue }
                outcome.touched[head.space] = MarkedPlace(grown)
                if spaces[head.space] != nil { spaces[head.space] = grown }
            }
            outcome.chains[organisation] = chain.head
        }
        let verdicts = verdicts
        let one = spaces.count == 1 ? spaces.first?.value : nil
        let registrar = registrar
        outcome.answer = { VerdictsAnswer(verdicts: verdicts, note: one.map { registrar.note(over: $0) }).encoded() }
        return outcome
    }
}

/// What becomes of a statement that finds its organisation's quota full.
private enum BeyondQuota {
    case refused
    /// It ends or protects, and could be said any number of times.
    case drawsOnReserve
    /// It takes away what was paid for when it was given, and so can be said no oftener than that.
    case passes
}

extension Statement.Act {
    /// What an organisation says about itself.
    fileprivate var passes: BeyondQuota {
        switch self {
        case .revoke: .passes
        case .setCapabilities, .rotateRoot, .addRecovery: .drawsOnReserve
        case .enrol, .restrict, .grantReader, .endReader, .endService, .policy, .erase, .spaceKey: .refused
        }
    }

    /// What it says about a space, by the log as it was before.
    fileprivate func passes(over ledger: Ledger, before rights: SpaceRights) throws -> BeyondQuota {
        switch self {
        case .endReader, .endService: .passes
        case .erase(let ops): try ops.allSatisfy { try rights.isNew($0, in: ledger) } ? .passes : .drawsOnReserve
        // Without the key epoch that a device's lost right calls for, that right has not ended, or nobody can write any more.
        case .spaceKey(let epoch, _): settlesKey(epoch, in: ledger.standing.rights, before: rights) ? .passes : .refused
        case .restrict: .drawsOnReserve
        case .enrol, .revoke, .setCapabilities, .rotateRoot, .addRecovery, .grantReader, .policy: .refused
        }
    }

    /// Whether a key epoch that was due has begun, for those who may have it: what leaves the next one due could be said for ever.
    private func settlesKey(_ epoch: Int, in rights: SpaceRights, before: SpaceRights) -> Bool {
        epoch == before.nextKeyEpoch && before.isNextKeyDue && !rights.isNextKeyDue
    }
}

extension SpaceRights {
    /// Whether the log holds a change all of whose named ops still have their values: each can be erased once.
    fileprivate func isNew(_ erased: ErasedOps, in ledger: Ledger) throws -> Bool {
        guard try ledger.place(of: erased.change) != nil else { return false }
        return parties.map(\.organisation).allSatisfy { erasedOps(of: erased.change, by: $0)?.isDisjoint(with: erased.indices) ?? true }
    }
}

extension Entry {
    /// About what an entry holds beside its content: key bytes, time and signature.
    fileprivate static let framingBytes = 80
}
