import BuntanProtocol
import ChangeLog
import Replica
import Storage
import Syncing
import TestKit

/// Devices whose rights end or change while they go on, and stores that go on under other keys.
///
/// Whoever has been shut out is told so, keeps what it wrote, and another device of its organisation can make that its own.
extension SimulatedRun {
    /// Has an admin end the rights of another device of its organisation, as lost or as compromised.
    func revokeDevice(by admin: Participant) throws {
        guard try !server.hasLost(), let device = try otherDevice(than: admin) else { return }
        note(.deviceRevoked, "\(names(of: device)) by \(admin.name)")
        let doubt = below(3) == 0 ? server.clock.now() - Int64(below(1_000)) * 1_000 : nil
        try saying(admin, about: device, "revokes \(names(of: device))") { root in
            try admin.workspace.revoke(device, compromisedAfter: doubt, root: root)
        }
    }

    /// Has an admin take some rights from a device, or give it all of them back.
    func changeRights(by admin: Participant) throws {
        guard try !server.hasLost(), let device = try otherDevice(than: admin, ownToo: true) else { return }
        let sets: [Capabilities] = [
            .all, .all, [.read], [.read, .write], [.read, .write, .sign], [.read, .write, .admin], [.read, .admin],
        ]
        let rights = sets[below(sets.count)]
        note(.rightsChanged, "\(names(of: device)) by \(admin.name) to \(rights.rawValue)")
        try saying(admin, about: device, "lets \(names(of: device)) do \(rights.rawValue)") { root in
            try admin.workspace.set(rights, of: device, root: root)
        }
    }

    /// Has a store go on under new keys that the root enrols: so an organisation comes by an admin where none is left.
    func loseKeys(of participant: Participant) throws {
        // Who alone holds what the server has lost must not lose it, too: its new keys may come too late to give it back.
        guard try !server.hasLost(), try maySpeak(participant), try !isOutrun(participant) else { return }
        note(.keysLost, participant.name)
        try giveNewKeys(to: participant)
    }

    /// Whether the root's word for new keys would come after one that this store does not know and nobody else of its organisation
    /// could tell it: a newer backup is all that helps then, as its user is told.
    private func isOutrun(_ participant: Participant) throws -> Bool {
        let others = participants.contains { $0.firm == participant.firm && $0.keys.device != participant.keys.device }
        guard !others, let organisation = world.organisations[participant.firm] else { return false }
        let said = try server.store.read { try $0.statements(of: organisation).count }
        return try participant.store.read { try $0.ownChain().count } < said
    }

    /// Has a device make its own what another one of its organisation could not send, by the file of that one's outbox.
    func takeOver(by heir: Participant) throws {
        let lost = try participants.filter { try $0.firm == heir.firm && $0.keys.device != heir.keys.device && isOut($0) }
        guard !lost.isEmpty, try !isOut(heir), try heir.store.read({ try $0.identity().home }) != nil else { return }
        let author = lost[below(lost.count)]
        let package = try author.store.read { reader in
            try author.workspace.outboxPackage(reader.outbox(of: nil), reader).encoded()
        }
        let changes = try OutboxPackage(decoding: package).changes
        guard !changes.isEmpty else { return }
        note(.tookOver, "\(heir.name) takes \(changes.count) changes of \(author.name)")
        var session = TakeoverSession(heir.workspace)
        for change in changes {
            try founding(heir, "makes \(try Change(decoding: change.bytes).id) its own") {
                let outcome = try session.take(change)
                self.say("  \(outcome)")
            }
        }
    }

    /// Once nothing goes wrong any more: brings back to work whom words that crossed have left out. Returns whether it did anything.
    func restoreRights() throws -> Bool {
        var hasActed = false
        for firm in Firm.allCases {
            let devices = try participants.filter { device in
                try device.firm == firm && device.store.read { try $0.identity().home } != nil
            }
            guard devices.contains(where: { curtailed.contains($0.keys.device) || $0.shutOut == .disowned }) else { continue }
            // A store whose new keys nobody takes, since its organisation had said more by then, is told so: it takes a file of one
            // that knows, and other keys after that. So does one whose enrolment is lost for good, which nobody revoked.
            // One after the other, since each such word outruns the rest.
            if let participant = try devices.first(where: { try $0.shutOut == .chainOutrun || isForgotten($0) }),
                let knowing = try devices.first(where: { try $0.shutOut == nil && !isOut($0) })
            {
                try catchUp(participant, by: knowing)
                hasActed = true
            }
            // Nobody may admit and write any more who reads what is sealed: the root says who may.
            let needed: Capabilities = [.write, .admin]
            let reading = try devices.filter { try holdsKeys($0) }
            if try reading.contains(where: { try serverRights(of: $0.keys.device).isSuperset(of: needed) }) { continue }
            guard let participant = try reading.first(where: { try !isOut($0) }) ?? reading.first else { continue }
            try giveNewKeys(to: participant)
            hasActed = true
        }
        for participant in participants where curtailed.contains(participant.keys.device) {
            let refused = try participant.outbox().filter { $0.list == .rejected && $0.code == .noRight }
            guard !refused.isEmpty, try serverRights(of: participant.keys.device).contains(.write) else { continue }
            let again = refused.filter { chronicle.written[$0.item.change]?.device == participant.keys.device }
            guard !again.isEmpty else { continue }
            say("\(participant.name) tries \(again.count) changes again")
            _ = try participant.workspace.retry(again.map(\.number))
            chronicle.retry(again.map(\.item.change))
            hasActed = true
        }
        return hasActed
    }

    private func catchUp(_ participant: Participant, by knowing: Participant) throws {
        guard let organisation = world.organisations[participant.firm] else { return }
        let bytes = try knowing.workspace.bundle(for: organisation, whole: true).bundle.encoded(.none)
        try founding(participant, "catches up by a file of \(knowing.name)") {
            _ = try participant.workspace.apply(LogBundle(decoding: bytes, .none))
        }
        try giveNewKeys(to: participant)
    }

    private func giveNewKeys(to participant: Participant) throws {
        guard let organisation = world.organisations[participant.firm], let root = try root(of: organisation, as: participant) else {
            return
        }
        var chance = SeededRandom(seed: draw.next())
        let keys = DeviceKeys(random: &chance)
        eavesdropper.guardDevice(keys.device, of: participant.firm)
        var isKept = false
        try founding(participant, "goes on under new keys") {
            try participant.workspace.replaceDevice(with: keys, label: participant.name + "+", root: root) { isKept = true }
        }
        // The keys are kept before the store is theirs: one that died between has two of them, and looks which is its own.
        guard isKept, try participant.store.read({ try $0.identity().device }) == keys.device else { return }
        curtailed.insert(keys.device)
        withoutKeys.insert(participant.keys.device)
        participant.take(keys)
    }

    /// Whether the server has lost the word that enrolled a device, which its user is told.
    private func isForgotten(_ participant: Participant) throws -> Bool {
        try participant.shutOut == .disowned && !isOut(participant) && serverRights(of: participant.keys.device).isEmpty
    }

    // MARK: who may what

    /// What an organisation's statements at the server let a device do, read by the letter.
    func serverRights(of device: DeviceID) throws -> Capabilities {
        try server.store.read { reader in
            var rights: Capabilities = []
            for organisation in try reader.organisations().map(\.id) {
                for signed in try reader.statements(of: organisation) {
                    switch try Statement(decoding: signed.bytes).act {
                    case .enrol(device, _, let capabilities, _, _), .setCapabilities(device, let capabilities): rights = capabilities
                    case .revoke(device, _): return []
                    default: break
                    }
                }
            }
            return rights
        }
    }

    /// Whether an organisation has ended a device's rights, as the server has it.
    func isOut(_ participant: Participant) throws -> Bool {
        guard curtailed.contains(participant.keys.device), let organisation = world.organisations[participant.firm] else { return false }
        return try server.store.read { reader in
            try reader.statements(of: organisation).contains { signed in
                if case .revoke(participant.keys.device, _) = try Statement(decoding: signed.bytes).act { true } else { false }
            }
        }
    }

    /// Whether a refusal is one that a device meets whose rights have ended or are fewer, or somebody with whom it has crossed words.
    func isForWantOfRights(_ error: any Error, _ participant: Participant) -> Bool {
        guard !curtailed.isEmpty else { return false }
        switch error {
        case DeviceFault.lacks, DeviceFault.revokedAlready, DeviceFault.lastAdmin, DeviceFault.keyNotGiven: return true
        case WorkspaceFault.refused(let refusal, _): return refusal.code == .noRight && curtailed.contains(participant.keys.device)
        case let refusal as Refusal: return refusal.code == .noRight && curtailed.contains(participant.keys.device)
        case WorkspaceFault.notEnrolled, WorkspaceFault.noSpaceKey: return curtailed.contains(participant.keys.device)
        default: return false
        }
    }

    // MARK: speaking

    private func maySpeak(_ participant: Participant) throws -> Bool {
        guard world.engagements[participant.firm] != nil || participant.firm == .provider else { return false }
        return try participant.store.read { try $0.identity().home } != nil && !mayForkLocalLog(participant)
    }

    /// The root key of an organisation, as a participant knows that.
    private func root(of organisation: OrganisationID, as participant: Participant) throws -> SigningKey? {
        let chain = try participant.store.read { try participant.workspace.ownOrganisationChain($0) }
        return world.secrets[organisation]?.roots.first { $0.publicKey == chain.rootKey }
    }

    /// A device of a participant's organisation that takes part and is known to it.
    private func otherDevice(than admin: Participant, ownToo: Bool = false) throws -> DeviceID? {
        guard try maySpeak(admin), try holdsKeys(admin) else { return nil }
        let known = try admin.store.read { try admin.workspace.ownOrganisationChain($0) }
        let others = participants.filter { $0.firm == admin.firm && $0.keys.device != admin.keys.device }
        var devices = others.map(\.keys.device).filter { known.devices[$0]?.isRevoked == false }
        // Whoever gives up its own rights leaves somebody who can read what is sealed; whom the product takes for one may be lost.
        let isSpare = try others.contains { try known.capabilities(of: $0.keys.device).contains(.admin) && holdsKeys($0) }
        if ownToo, isSpare { devices.append(admin.keys.device) }
        return devices.isEmpty ? nil : devices[below(devices.count)]
    }

    private func saying(_ admin: Participant, about device: DeviceID, _ what: String, _ act: (SigningKey?) throws -> Void) throws {
        guard let organisation = world.organisations[admin.firm] else { return }
        // Now and then the root key is at hand.
        let root = below(4) == 0 ? try root(of: organisation, as: admin) : nil
        curtailed.insert(device)
        try founding(admin, what) { try act(root) }
    }

    /// Whether a device can read all that is sealed: one that cannot yet must not shut out the only one that could give it the keys.
    private func holdsKeys(_ participant: Participant) throws -> Bool {
        try participant.store.read { reader in
            try reader.identity().home != nil
                && reader.spaces().allSatisfy { space in
                    guard let standing = try reader.standing(of: space), standing.genesis.policy.isSealed else { return true }
                    let held = try reader.spaceKeys(of: [space])
                    return standing.rights.keyEpochs.allSatisfy { held[space, $0] != nil }
                }
        }
    }

    private func names(of device: DeviceID) -> String {
        participants.filter { $0.keys.device == device }.map(\.name).joined(separator: "/")
    }
}
