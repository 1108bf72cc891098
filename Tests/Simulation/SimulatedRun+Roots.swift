import BuntanProtocol
import ChangeLog
import Exchange
import Replica
import Storage
import TestKit

/// Root keys that are replaced at any step, and those that were replaced and try to speak all the same.
extension SimulatedRun {
    /// Has a device replace its organisation's root, by the root or by the recovery code that it takes for the present one.
    func rotateRoot(by participant: Participant) throws {
        guard try participant.store.read({ try $0.identity().home }) != nil, let organisation = world.organisations[participant.firm],
            try !mayForkLocalLog(participant), let safe = world.secrets[organisation]
        else { return }
        let chain = try participant.store.read { try participant.workspace.ownOrganisationChain($0) }
        let root = safe.roots.first { $0.publicKey == chain.rootKey }
        let code = below(2) == 0 ? safe.codes.first { $0.key.publicKey == chain.recoveryKey } : nil
        guard let authority = code.map(RootAuthority.recovery) ?? root.map(RootAuthority.root) else {
            return chronicle.find(.unforeseen, "\(participant.name) has a root that nobody has made")
        }
        note(.rootReplaced, "\(participant.name) by the \(code == nil ? "root" : "recovery code")")
        try founding(participant, "replaces the root") {
            _ = try participant.workspace.replaceRoot(by: authority, renewsCode: code != nil) { new in
                world.secrets[organisation]?.roots.append(new.root)
                if let code = new.code { world.secrets[organisation]?.codes.append(code) }
            }
        }
    }

    /// Has a thief of a root that has been replaced enrol a device of his own, in the way that needs no session.
    func speakWithOldRoot(of participant: Participant) throws {
        guard let organisation = world.organisations[participant.firm], let safe = world.secrets[organisation] else { return }
        let said = try server.store.read { try $0.statements(of: organisation) }
        guard let founding = safe.roots.first?.publicKey, !said.isEmpty else { return }
        let chain = try OrganisationChain(foundingRoot: founding, statements: said)
        guard let old = safe.roots.first(where: { $0.publicKey != chain.rootKey }) else { return }
        var chance = SeededRandom(seed: draw.next())
        let act = Statement.Act.enrolling(DeviceKeys(random: &chance), in: organisation, capabilities: .all, label: "thief")
        let word = StatementAuthor(organisation: organisation, key: old).sign(act, after: chain.head, time: server.clock.now())
        let request = RegisterRequest(statements: said + [word], rootKey: chain.foundingRoot, ticket: nil)
        note(.oldRootSpeaks, "for \(participant.firm)")
        if case .answer? = try serve(OutgoingRequest(method: .register, body: request.encoded(), token: nil), from: participant) {
            chronicle.find(.authority, "the server took the word of a root that had been replaced")
        }
    }
}
