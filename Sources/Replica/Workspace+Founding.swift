package import BuntanProtocol
package import ChangeLog
import Merging
import Records
package import Storage
import Syncing

/// What founding an organisation gave: secrets for key files, and words to show once.
package struct Founding: Sendable {
    package let organisation: OrganisationID
    package let root: SigningKey
    package let device: DeviceKeys
    package let recoveryCode: RecoveryCode
    package let home: SpaceID
}

extension Workspace {
    /// Makes an organisation in an empty store: root key, recovery key, first device, and the space of its own records.
    ///
    /// - Parameters:
    ///   - name: the legal name, in the languages there are.
    ///   - label: a pseudonym of the device; the device's owner is named in the private space alone.
    package static func found(
        name: [String: String], label: String, store: any SpaceStore, clock: any WallClock, random: any RandomPort
    ) throws -> Founding {
        var draw = PortRandom(port: random)
        let now = clock.now()
        let founded = try FoundedOrganisation(label: label, time: now, random: &draw)
        let workspace = Workspace(store: store, clock: clock, random: random, keys: founded.device)
        let home = try store.write { transaction in
            guard try transaction.value(StoredName.identity) == nil else { throw WorkspaceFault.alreadyInitialised }
            for (index, statement) in founded.statements.enumerated() {
                try transaction.appendToOwnChain(statement, number: index + 1)
            }
            var identity = Identity(
                organisation: founded.organisation, rootKey: founded.root.publicKey, device: founded.device.device, home: nil)
            try transaction.setIdentity(identity)
            let home = try workspace.beginSpace(.private, sealed: true, service: nil, transaction)
            identity.home = home
            try transaction.setIdentity(identity)
            var names: [CellKey: Value] = [:]
            for (language, text) in name { names[CellKey("legalName", language)] = .text(text) }
            _ = try workspace.commit(
                [
                    RecordDraft(space: home, kind: "party", key: [("org", .id(founded.organisation))], cells: names),
                    RecordDraft(
                        space: home, kind: "device", key: [("device", .fixed(founded.device.device))],
                        cells: [CellKey("label"): .text(label)]),
                ], in: home, transaction)
            return home
        }
        return Founding(
            organisation: founded.organisation, root: founded.root, device: founded.device, recoveryCode: founded.recoveryCode, home: home)
    }

    /// Begins a space of the organisation's own: genesis, its statements, and for a sealed one the first key.
    ///
    /// It is kept here until a server is known; the log key is this device's own until then.
    package func beginSpace(
        _ type: SpaceType, sealed: Bool, service: SpaceID?, _ transaction: any StoreWriter
    ) throws -> SpaceID {
        guard let keys else { throw WorkspaceFault.keysNeeded }
        let identity = try transaction.identity()
        var random = draw
        let logKey = SigningKey(seed: random.seed())
        let genesis = Genesis(
            type: type, parties: [Party(side: .provider, organisation: identity.organisation, rootKey: identity.rootKey)], serverName: nil,
            logKey: logKey.publicKey, policy: Policy(isSealed: sealed), nonce: random.nonce(), device: keys.device, service: service)
        let signed = genesis.signed(by: keys.signing)
        let now = clock.now()
        let entry = Entry(kind: .genesis, received: now, content: signed.bytes, signature: signed.signature)
        var ledger = try Ledger(founding: entry.encoded(), schema: schema)
        for statement in try settledChain(transaction) { _ = try ledger.admit(statement, received: now) }
        let space = ledger.standing.id
        if sealed {
            let key = SpaceKey(epoch: 1, random: &random)
            // Whoever makes a space has its key in any case.
            let devices = (ledger.rights.chain(of: identity.organisation)?.devices ?? [:]).filter {
                $0.key == keys.device || $0.value.capabilities.contains(.read)
            }
            let act = try Statement.Act.giving(
                key, to: devices.sorted { $0.key < $1.key }.map { ($0.key, $0.value.sealingKey) }, space: space)
            let statement = StatementAuthor(organisation: identity.organisation, key: keys.signing)
                .sign(act, after: ledger.rights.head(ofOwnChain: identity.organisation), about: space, time: now)
            _ = try ledger.admit(statement, received: now)
            try transaction.setValue(key.secret.bytes, for: StoredName.spaceKey(space, 1))
        }
        try transaction.setValue(logKey.seed.bytes, for: StoredName.logKey(space))
        try transaction.apply(try ledger.finished())
        try signCheckpoint(of: space, standing: ledger.standing, transaction)
        return space
    }

    /// Keeps a checkpoint over a log that no server keeps, under this device's key for it.
    func signCheckpoint(of space: SpaceID, standing: SpaceStanding, _ transaction: any StoreWriter) throws {
        guard let key = try logKey(of: space, transaction) else { return }
        let origin = Checkpoint.origin(server: standing.genesis.serverName, space: space, epoch: standing.epoch)
        try transaction.setCheckpoint(
            Checkpoint(origin: origin, size: standing.size, root: standing.frontier.root).signed(by: key), of: space)
    }

    func logKey(of space: SpaceID, _ reader: any StoreReader) throws -> SigningKey? {
        try reader.value(StoredName.logKey(space)).flatMap { Digest($0) }.map { SigningKey(seed: $0) }
    }
}

// MARK: services

/// A service as the provider's store holds it: what customers read, and where it is edited.
package struct ProvidedService: Hashable, Sendable {
    package let service: SpaceID
    package let draft: SpaceID

    package init(service: SpaceID, draft: SpaceID) {
        self.service = service
        self.draft = draft
    }
}

extension Workspace {
    /// Makes a service: its space, its draft space, and the record that describes it in the draft.
    ///
    /// - Parameter rows: what stands in its draft from the beginning, beside the service itself.
    /// - Throws: `WorkspaceFault.homeNotArrived` where the organisation's own records, or its word that enrols this device, are not here.
    package func addService(
        name: [String: String], cells: [CellKey: Value], rows: (_ draft: SpaceID) -> [RecordDraft] = { _ in [] }
    ) throws -> ProvidedService {
        try store.write { transaction in
            guard try transaction.identity().home != nil, try isEnrolmentSettled(transaction) else {
                throw WorkspaceFault.homeNotArrived
            }
            let service = try beginSpace(.service, sealed: false, service: nil, transaction)
            let draft = try beginSpace(.private, sealed: true, service: service, transaction)
            var cells = cells
            for (language, text) in name { cells[CellKey("name", language)] = .text(text) }
            let serviceRecord = RecordDraft(space: draft, kind: "cloud-service", key: [], cells: cells)
            _ = try commit([serviceRecord] + rows(draft), in: draft, transaction)
            try keepHandles(transaction)
            return ProvidedService(service: service, draft: draft)
        }
    }
}
