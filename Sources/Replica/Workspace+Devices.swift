package import BuntanProtocol
package import ChangeLog
import Records
package import Storage
import Syncing

/// Why a device's rights, or the root key, cannot be changed so.
package enum DeviceFault: Error, Hashable, Sendable {
    /// What this device lacks to speak so for the organisation, where no root key is at hand that may.
    case lacks(Capabilities)
    case revokedAlready(DeviceID)
    /// Nobody would be left to enrol or revoke.
    case lastAdmin(DeviceID)
    /// This device gives up its own rights while no other admin device has been given the key of a sealed space.
    case keyNotGiven(SpaceID)
    /// The code is not that of this organisation's recovery key.
    case otherRecoveryKey
    /// The key has been this organisation's root, or another's, and is not now.
    case otherRootKey
}

/// What may put another root key in the place of an organisation's.
package enum RootAuthority: Sendable {
    case root(SigningKey)
    case recovery(RecoveryCode)
}

/// An organisation's new root key.
package struct ReplacedRoot: Sendable {
    package let root: SigningKey
    /// What stands for the recovery key from now on, to be shown once; `nil` where the one there was goes on.
    package let code: RecoveryCode?
}

extension Workspace {
    /// Changes what a device may do, everywhere its organisation is.
    package func set(_ capabilities: Capabilities, of device: DeviceID, root: SigningKey? = nil) throws {
        try speak(about: device, granting: capabilities, root: root) { chain, reader in
            try Self.requireStanding(device, in: chain)
            if !capabilities.contains(.admin) { try requireAdmin(beside: device, in: chain, reader) }
            return .setCapabilities(device: device, capabilities)
        }
    }

    /// Ends the rights of a device, everywhere its organisation is.
    ///
    /// - Parameter compromisedAfter: from when on what it signed is open to doubt; `nil` where it was merely lost or retired.
    package func revoke(_ device: DeviceID, compromisedAfter: Int64? = nil, root: SigningKey? = nil) throws {
        try speak(about: device, granting: [], root: root) { chain, reader in
            try Self.requireStanding(device, in: chain)
            try requireAdmin(beside: device, in: chain, reader)
            return .revoke(device: device, compromisedAfter: compromisedAfter)
        }
    }

    /// Makes a new root key in the place of the one there is (sync.md sections 2 and 5).
    ///
    /// The organisation and its fingerprint stay the same.
    ///
    /// - Parameters:
    ///   - renewsCode: whether the recovery key is replaced too, which only itself can do.
    ///   - keep: puts the root key, and the code, where they are safe, before the word is given that makes them count.
    package func replaceRoot(
        by authority: RootAuthority, renewsCode: Bool = false, keep: (ReplacedRoot) throws -> Void
    ) throws -> ReplacedRoot {
        var random = draw
        let root = SigningKey(seed: random.seed())
        let code = renewsCode ? RecoveryCode(random: &random) : nil
        let replaced = ReplacedRoot(root: root, code: code)
        try store.write { transaction in
            let chain = try ownOrganisationChain(transaction)
            let key: SigningKey
            switch authority {
            case .root(let old):
                guard old.publicKey == chain.rootKey else { throw DeviceFault.otherRootKey }
                key = old
            case .recovery(let old):
                guard old.key.publicKey == chain.recoveryKey else { throw DeviceFault.otherRecoveryKey }
                key = old.key
            }
            try keep(replaced)
            try say(.rotatingRoot(to: root, of: chain.organisation), with: key, transaction)
            if let code { try say(.addingRecovery(code.key, to: chain.organisation), with: key, transaction) }
        }
        return replaced
    }

    /// The organisation's own statements as this store has them.
    package func ownOrganisationChain(_ reader: any StoreReader) throws -> OrganisationChain {
        try OrganisationChain(foundingRoot: try reader.identity().rootKey, statements: try reader.ownChain())
    }

    // MARK: speaking for the organisation

    private func speak(
        about device: DeviceID, granting capabilities: Capabilities, root: SigningKey?,
        _ act: (OrganisationChain, any StoreReader) throws -> Statement.Act
    ) throws {
        try store.write { transaction in
            let chain = try ownOrganisationChain(transaction)
            let key = try speaker(in: chain, about: device, granting: capabilities, root: root)
            try say(try act(chain, transaction), with: key, transaction)
        }
    }

    /// Whether this device may not give another one these rights itself, so that the root key is wanted.
    package func wantsRoot(granting capabilities: Capabilities, to device: DeviceID) throws -> Bool {
        guard let keys else { throw WorkspaceFault.keysNeeded }
        return try store.read {
            !Self.lacking(keys.device, about: device, granting: capabilities, in: try ownOrganisationChain($0)).isEmpty
        }
    }

    /// The key that speaks: this device's where it may, else the root's.
    func speaker(
        in chain: OrganisationChain, about device: DeviceID, granting capabilities: Capabilities, root: SigningKey?
    ) throws -> SigningKey {
        guard let keys else { throw WorkspaceFault.keysNeeded }
        let lacking = Self.lacking(keys.device, about: device, granting: capabilities, in: chain)
        if lacking.isEmpty { return keys.signing }
        guard let root, root.publicKey == chain.rootKey else { throw DeviceFault.lacks(lacking) }
        return root
    }

    /// What a device lacks to say so; only what the other one gains is granted.
    private static func lacking(
        _ speaker: DeviceID, about device: DeviceID, granting capabilities: Capabilities, in chain: OrganisationChain
    ) -> Capabilities {
        let needed = capabilities.subtracting(chain.capabilities(of: device)).union(.admin)
        let lacking = needed.subtracting(chain.capabilities(of: speaker))
        return lacking.contains(.admin) ? .admin : lacking
    }

    /// Makes this store's device another one, enrolled by the root with every capability: its own keys are lost.
    ///
    /// What the lost device has signed stays as it is, in the outbox too; its rights end where they are revoked. Until a log has it
    /// nothing is written on it: only its own device may name a change that came after the view of the change that names it.
    ///
    /// - Parameter keep: puts the new keys where they are safe, before the store is theirs.
    package func replaceDevice(
        with new: DeviceKeys, label: String, root: SigningKey, keep: () throws -> Void
    ) throws {
        try store.write { transaction in
            var identity = try transaction.identity()
            guard try ownOrganisationChain(transaction).rootKey == root.publicKey else { throw DeviceFault.otherRootKey }
            try keep()
            identity = Identity(
                organisation: identity.organisation, rootKey: identity.rootKey, device: new.device, home: identity.home)
            try transaction.setIdentity(identity)
            try transaction.setValue(nil, for: StoredName.session)
            let waiting = try transaction.outboxPlaces(of: nil).map(\.change)
            try transaction.setValue(waiting.isEmpty ? nil : waiting.flatMap(\.bytes), for: StoredName.underLostKeys)
            try Workspace(store: store, clock: clock, random: random, keys: new).enrol(
                device: new.device, sealingKey: new.sealing.publicKey, proof: new.enrolmentProof(for: identity.organisation),
                label: label, capabilities: .all, root: root, transaction)
        }
    }

    /// Signs the organisation's next statement, and files it in every log that no server keeps yet.
    private func say(_ act: Statement.Act, with key: SigningKey, _ transaction: any StoreWriter) throws {
        let organisation = try transaction.identity().organisation
        var chain = try ownOrganisationChain(transaction)
        let now = clock.now()
        let statement = StatementAuthor(organisation: organisation, key: key).sign(act, after: chain.head, time: now)
        do { try chain.append(statement) } catch { throw WorkspaceFault.refused(error, record: nil) }
        try transaction.appendToOwnChain(statement, number: chain.head.number)
        // Once a server keeps the chain it adds the statement where it belongs in logs that move to it.
        guard try chainSent(transaction) == 0 else { return }
        for space in try transaction.spaces() {
            guard let standing = try transaction.standing(of: space), standing.rights.serverName == nil,
                standing.genesis.party(organisation) != nil
            else { continue }
            var ledger = Ledger(standing, source: try transaction.source(of: space), schema: schema)
            _ = try ledger.admit(statement, received: now)
            try transaction.apply(try ledger.finished())
            try signCheckpoint(of: space, standing: ledger.standing, transaction)
        }
    }

    private static func requireStanding(_ device: DeviceID, in chain: OrganisationChain) throws(DeviceFault) {
        if chain.devices[device]?.isRevoked == true { throw .revokedAlready(device) }
    }

    /// Requires that another device may admit and, where this one gives up its own rights, that one such has the keys of the
    /// sealed spaces: nobody could give them to it afterwards.
    private func requireAdmin(beside device: DeviceID, in chain: OrganisationChain, _ reader: any StoreReader) throws {
        let admins = chain.devices.filter { $0.key != device && $0.value.capabilities.contains(.admin) }.keys
        guard !admins.isEmpty else { throw DeviceFault.lastAdmin(device) }
        guard device == keys?.device else { return }
        for space in try reader.spaces() {
            guard let standing = try reader.standing(of: space), standing.genesis.policy.isSealed, case let rights = standing.rights,
                rights.keyEpoch > 0
            else { continue }
            // Each that is here: another admin may have begun a newer one without having had the rest.
            let held = try reader.spaceKeys(of: [space]).all(of: space)
            guard held.allSatisfy({ key in admins.contains { rights.wrappedKey(for: $0, epoch: key.epoch) != nil } }) else {
                throw DeviceFault.keyNotGiven(space)
            }
        }
    }
}
