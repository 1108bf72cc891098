package import BuntanProtocol
package import ChangeLog
package import Records
package import Storage
import Syncing

/// Why an invitation cannot be taken up.
package enum JoinFault: Error, Hashable, Sendable {
    /// What the server showed is not what the code's fingerprint stands for.
    case doesNotVerify(Refusal)
    case expired(Int64)
    /// An organisation's own service is not joined.
    case ownInvitation
    /// The store talks to another server already.
    case otherServer(known: String)
    case noLogKey
}

extension Workspace {
    /// Makes an invitation of a service, signed by this device, and the code to hand over.
    package func invite(
        to service: SpaceID, until expires: Int64, policy: Policy = Policy(), seed: Nonce? = nil
    ) throws -> (request: InviteRequest, code: HandedCode, id: InvitationID) {
        guard let keys else { throw WorkspaceFault.keysNeeded }
        var random = draw
        let (server, identity) = try store.read { (try $0.knownServer(), try $0.identity()) }
        guard let server else { throw WorkspaceFault.noServer }
        guard let name = server.name, let logKey = server.logKey else { throw JoinFault.noLogKey }
        let seed = seed ?? random.nonce()
        let invitation = Invitation(
            service: service, organisation: identity.organisation, serverName: name, logKey: logKey, policy: policy,
            key: Invitation.key(of: seed).publicKey, expires: expires, device: keys.device)
        let signed = invitation.signed(by: keys.signing)
        return (
            InviteRequest(invitation: signed.bytes, signature: signed.signature),
            .invitation(seed: seed, organisation: identity.organisation, server: server.address), invitation.id
        )
    }

    /// Takes up an invitation as fetched: checks it against the code and prepares the engagement for the next sync.
    ///
    /// - Returns: the engagement's space.
    package func accept(
        _ answer: InvitationRequest.Answer, seed: Nonce, provider: OrganisationID, serverAddress: String, now: Int64
    ) throws -> SpaceID {
        guard let keys else { throw WorkspaceFault.keysNeeded }
        let invitation = try Self.verified(answer, seed: seed, provider: provider)
        guard invitation.expires > now else { throw JoinFault.expired(invitation.expires) }
        var random = draw
        let nonce = random.nonce()
        return try store.write { transaction in
            let identity = try transaction.identity()
            guard identity.organisation != provider else { throw JoinFault.ownInvitation }
            if let known = try transaction.knownServer(), let name = known.name, name != invitation.serverName {
                throw JoinFault.otherServer(known: name)
            }
            let genesis = Genesis(
                type: .engagement,
                parties: [
                    Party(side: .provider, organisation: provider, rootKey: answer.rootKey),
                    Party(side: .customer, organisation: identity.organisation, rootKey: identity.rootKey),
                ], serverName: invitation.serverName, logKey: invitation.logKey, policy: invitation.policy, nonce: nonce,
                device: keys.device, service: invitation.service, invitation: answer.invitation,
                invitationSignature: answer.signature)
            let signed = genesis.signed(by: keys.signing)
            let founding = FoundingEngagement(
                genesis: signed.bytes, signature: signed.signature,
                acceptance: Genesis.acceptance(of: signed.bytes, with: Invitation.key(of: seed)))
            let space = Genesis.space(of: signed.bytes)
            try transaction.setValue(founding.encoded(), for: StoredName.founding(space))
            var server = try transaction.knownServer() ?? KnownServer(address: serverAddress)
            // An address that was only a setting yields to the server that has answered, and so does what was meant for it.
            if server.name == nil, server.address != serverAddress { server = KnownServer(address: serverAddress) }
            server.name = invitation.serverName
            server.logKey = invitation.logKey
            try transaction.setServer(server)
            if let home = identity.home { try confirm(provider, in: home, transaction) }
            return space
        }
    }

    private static func verified(
        _ answer: InvitationRequest.Answer, seed: Nonce, provider: OrganisationID
    ) throws -> Invitation {
        do {
            guard OrganisationID(foundedBy: answer.rootKey) == provider else { throw Refusal(.badSignature, "organisation") }
            let chain = try OrganisationChain(foundingRoot: answer.rootKey, statements: answer.statements)
            let invitation = try Invitation.verify(SignedBytes(bytes: answer.invitation, signature: answer.signature), by: chain)
            guard invitation.key == Invitation.key(of: seed).publicKey else { throw Refusal(.badSignature, "invitation") }
            return invitation
        } catch let refusal as Refusal { throw JoinFault.doesNotVerify(refusal) }
    }

    /// The engagement beside which an invitation would found a second one of the same two parties about the same service; one that
    /// is over on that day is none.
    package func engagement(
        repeatedBy answer: InvitationRequest.Answer, seed: Nonce, provider: OrganisationID, on day: CalendarDate,
        _ reader: any StoreReader
    ) throws -> KnownEngagement? {
        let service = try Self.verified(answer, seed: seed, provider: provider).service
        return try StoreDirectory(reader).engagements.first { engagement in
            engagement.side == .customer && engagement.counterpart == provider && engagement.service == service
                && engagement.end?.hasCome(by: day) != true
        }
    }

    /// Files that a person, or a code handed over, vouches for a counterpart's fingerprint.
    package func confirm(_ organisation: OrganisationID, in home: SpaceID, _ transaction: any StoreWriter) throws {
        _ = try commit(
            [
                RecordDraft(
                    space: home, kind: "known-organisation", key: [("org", .id(organisation))],
                    cells: [CellKey("confirmed"): .bool(true)])
            ], in: home, transaction)
    }

    /// Introduces this organisation in engagements that do not have its name yet. Returns the spaces written to.
    package func introduce() throws -> [SpaceID] {
        // Nearly always there is nobody to meet, and the store need not be taken for writing.
        guard try !store.read({ try introductions($0) }).isEmpty else { return [] }
        return try store.write { transaction in
            let introductions = try introductions(transaction)
            for (space, draft) in introductions { _ = try commit([draft], in: space, transaction) }
            return introductions.map(\.space)
        }
    }

    /// The record of this organisation for each engagement that lacks it.
    private func introductions(_ reader: any StoreReader) throws -> [(space: SpaceID, draft: RecordDraft)] {
        guard let device = keys?.device else { return [] }
        let own = try reader.identity().organisation
        let unmet = try reader.spaces().filter { space in
            guard let standing = try reader.standing(of: space), standing.genesis.type == .engagement,
                standing.genesis.party(own) != nil, try reader.lead(of: space) == nil,
                Self.introducer(of: own, in: standing.rights) == device
            else { return false }
            return try reader.shown(RecordID.natural(space: space, kind: "party", key: [.id(own)]), in: space) == nil
        }
        guard !unmet.isEmpty else { return [] }
        var cells: [CellKey: Value] = [:]
        for (language, text) in try StoreDirectory(reader).ownName { cells[CellKey("legalName", language)] = .text(text) }
        guard !cells.isEmpty else { return [] }
        return unmet.map { ($0, RecordDraft(space: $0, kind: "party", key: [("org", .id(own))], cells: cells)) }
    }

    /// What is to be done here after a sync, all of it local. Returns the spaces that it wrote to, for a second sync.
    package func conclude() throws -> [SpaceID] {
        try settleIdentity()
        return try introduce()
    }

    /// Whether there is anything to conclude; nearly always there is not.
    func mustConclude(_ reader: any StoreReader) throws -> Bool {
        try reader.identity().home == nil || !introductions(reader).isEmpty
    }

    /// The one device that introduces its organisation, so that not each of them does: the one that began the engagement,
    /// while it may write, else the one that was enrolled first.
    private static func introducer(of organisation: OrganisationID, in rights: SpaceRights) -> DeviceID? {
        let able = rights.enrolledDevices.filter {
            rights.organisation(of: $0) == organisation && rights.capabilities(of: $0).contains(.write)
        }
        return able.first { $0 == rights.founder || $0 == rights.inviter } ?? able.first
    }

    // MARK: further devices

    /// Enters a store as a further device of an organisation that has enrolled it, or will.
    package static func enter(
        organisation: OrganisationID, serverAddress: String, keys: DeviceKeys, store: any SpaceStore
    ) throws {
        try store.write { transaction in
            guard try transaction.value(StoredName.identity) == nil else { throw WorkspaceFault.alreadyInitialised }
            // The root key comes with the first space; only its hash, the organisation, is known and needed before.
            try transaction.setIdentity(
                Identity(
                    organisation: organisation, rootKey: PublicKey(word0: 0, word1: 0, word2: 0, word3: 0), device: keys.device, home: nil))
            var server = KnownServer(address: serverAddress)
            server.isRegistered = true
            try transaction.setServer(server)
        }
    }

    /// Completes the identity of a further device once the organisation's own space is here.
    package func settleIdentity() throws {
        guard try store.read({ try $0.identity().home }) == nil else { return }
        try store.write { try settleIdentity($0) }
    }

    func settleIdentity(_ transaction: any StoreWriter) throws {
        let identity = try transaction.identity()
        guard identity.home == nil else { return }
        for space in try transaction.spaces() {
            guard let standing = try transaction.standing(of: space), standing.genesis.type == .private,
                // Begun by a device that the organisation has made an admin: a server could make up the rest.
                standing.genesis.service == nil, standing.rights.isFounded, let party = standing.genesis.party(identity.organisation)
            else { continue }
            try transaction.setIdentity(
                Identity(organisation: identity.organisation, rootKey: party.rootKey, device: identity.device, home: space))
            return try takeOverChain(from: space, transaction)
        }
    }

    /// Keeps the organisation's own chain as its log has it, so that this device can continue it.
    func takeOverChain(from space: SpaceID, _ transaction: any StoreWriter) throws {
        let statements = try Self.statements(of: try transaction.identity().organisation, in: space, transaction)
        for (index, statement) in statements.enumerated() { try transaction.appendToOwnChain(statement, number: index + 1) }
        try markChainSent(statements.count, transaction)
    }

    /// Enrols a further device, everywhere its organisation is, and gives it the keys of its sealed spaces.
    package func enrol(
        device: DeviceID, sealingKey: SealingKey, proof: Signature, label: String, capabilities: Capabilities, root: SigningKey? = nil
    ) throws {
        try store.write {
            try enrol(
                device: device, sealingKey: sealingKey, proof: proof, label: label, capabilities: capabilities, root: root, $0)
        }
    }

    func enrol(
        device: DeviceID, sealingKey: SealingKey, proof: Signature, label: String, capabilities: Capabilities, root: SigningKey?,
        _ transaction: any StoreWriter
    ) throws {
        guard let keys else { throw WorkspaceFault.keysNeeded }
        let identity = try transaction.identity()
        let statements = try transaction.ownChain()
        var chain = try OrganisationChain(foundingRoot: identity.rootKey, statements: statements)
        let author = StatementAuthor(
            organisation: identity.organisation, key: try speaker(in: chain, about: device, granting: capabilities, root: root))
        let enrolment = author.sign(
            .enrol(device: device, sealingKey: sealingKey, capabilities: capabilities, label: label, proof: proof), after: chain.head,
            time: clock.now())
        try chain.append(enrolment)
        try transaction.appendToOwnChain(enrolment, number: statements.count + 1)
        for space in try transaction.spaces() {
            // A device that may not read is given no key.
            try share(
                space, with: capabilities.contains(.read) ? [(device, sealingKey)] : [], enrolment: enrolment, author: author, transaction)
        }
        // A device that enrols itself by the root writes here once the log has heard of it.
        guard let home = identity.home, try transaction.standing(of: home)?.rights.capabilities(of: keys.device).contains(.write) == true
        else { return }
        _ = try commit(
            [RecordDraft(space: home, kind: "device", key: [("device", .fixed(device))], cells: [CellKey("label"): .text(label)])],
            in: home, transaction)
    }

    private func share(
        _ space: SpaceID, with devices: [(device: DeviceID, sealingKey: SealingKey)], enrolment: SignedBytes, author: StatementAuthor,
        _ transaction: any StoreWriter
    ) throws {
        guard let standing = try transaction.standing(of: space), standing.genesis.party(author.organisation) != nil else { return }
        let isLocal = standing.rights.serverName == nil
        // Its server will add the statement where it belongs, and the next sync the key.
        if isLocal, try chainSent(transaction) > 0 { return }
        let now = clock.now()
        var ledger = Ledger(standing, source: try transaction.source(of: space), schema: schema)
        if isLocal { _ = try ledger.admit(enrolment, received: now) }
        var head = standing.rights.head(ofOwnChain: author.organisation)
        for pending in try pendingStatements(of: space, transaction) { head = head.advanced(by: pending) }
        if !devices.isEmpty, standing.genesis.policy.isSealed, let key = try transaction.spaceKeys(of: [space]).sealing(in: standing.rights)
        {
            let statement = author.sign(try .giving(key, to: devices, space: space), after: head, about: space, time: now)
            if isLocal {
                _ = try ledger.admit(statement, received: now)
            } else {
                try transaction.setValue(
                    CBORWriter.encode { statement.write(to: &$0) }, for: StoredName.statement(space, head.number + 1))
            }
        }
        if isLocal, !ledger.update.isEmpty {
            try transaction.apply(try ledger.finished())
            try signCheckpoint(of: space, standing: ledger.standing, transaction)
        }
    }
}
