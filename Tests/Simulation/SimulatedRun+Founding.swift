import BuntanProtocol
import ChangeLog
import Records
import Replica
import Storage
import TestKit

/// What changes who takes part: devices that are enrolled, services that are begun offline.
extension SimulatedRun {
    /// Lets an organisation have one device more, which then finds its own way in.
    func enrol(by admin: Participant) throws {
        guard participants.count < 10, try admin.store.read({ try $0.identity().home }) != nil,
            let organisation = world.organisations[admin.firm]
        else { return }
        guard try !mayForkLocalLog(admin) else { return }
        var chance = SeededRandom(seed: draw.next())
        let keys = DeviceKeys(random: &chance)
        let name = "\(admin.firm)-new-\(participants.count)"
        eavesdropper.guardDevice(keys.device, of: admin.firm)
        try founding(admin, "enrols \(name)") {
            try admin.workspace.enrol(
                device: keys.device, sealingKey: keys.sealing.publicKey, proof: keys.enrolmentProof(for: organisation), label: name,
                capabilities: .all)
        }
        let store = MemoryStore(indexing: StateIndexing())
        try Workspace.enter(organisation: organisation, serverAddress: "https://sync.example", keys: keys, store: store)
        participants.append(
            Participant(
                name: name, firm: admin.firm, keys: keys, store: store, clock: SimulatedClock(admin.clock.now()), random: random,
                isNew: true, fastStart: fastStart))
    }

    /// Whether a statement could make two logs of one.
    ///
    /// A log that no server keeps yet is its device's own, and a statement stands in it at once: two copies of that device that
    /// each write to it make two logs of it, and only one of them finds its way to the server.
    func mayForkLocalLog(_ participant: Participant) throws -> Bool {
        let isCopied = participant.backup != nil || participants.contains { $0 !== participant && $0.firm == participant.firm }
        guard isCopied, let home = try participant.store.read({ try $0.identity().home }) else { return false }
        // Its copy may have taken it there, and this one not have heard of it.
        return try participant.store.read { try participant.workspace.unmoved($0) }.contains { $0.space == home }
    }

    /// Begins a service without a server; the next sync has to take it there.
    func addService(by provider: Participant) throws {
        guard try provider.store.read({ try $0.identity().home }) != nil else { return }
        let known = try provider.spaces()
        try founding(provider, "adds a service") {
            let service = try provider.workspace.addService(name: ["en": "\(Firm.provider.mark) service"], cells: [:])
            let row = RecordDraft(
                space: service.draft, kind: "responsibility", key: RowKey(framework: "iso27017-2015", controlId: "5.1.1").fields,
                cells: [CellKey("allocation"): .text("shared")])
            _ = try provider.workspace.commit([row], in: service.draft)
            _ = try provider.workspace.publish(service, label: "1", message: nil)
        }
        for space in try provider.spaces().subtracting(known) { eavesdropper.guardSpace(space, of: .provider) }
    }

    func founding(_ participant: Participant, _ what: String, _ body: () throws -> Void) throws {
        let known = Set(try participant.outbox().map(\.number))
        keepBeforeLast(participant)
        let fault = arm(participant, [.editDiesBeforeCommit, .editDiesAfterCommit, .clientStoreFails])
        var thrown: (any Error)?
        do { try body() } catch { thrown = error }
        let hasFired = participant.faults.disarm()
        if hasFired, let fault {
            note(fault, "\(participant.name) \(what)")
            participant.die()
        }
        say("\(participant.name) \(what)\(thrown.map { " threw \($0)" } ?? "")")
        let isStrange = try thrown.map { try isStillStrange($0, to: participant) } ?? false
        switch thrown {
        case nil: break
        case is SimulatedCrash where hasFired, is StorageFault where hasFired: break
        case let error? where !isStrange && !isForWantOfRights(error, participant):
            chronicle.find(.unforeseen, "\(participant.name) \(what): \(error)")
        default: break
        }
        chronicle.file(try participant.outbox().filter { !known.contains($0.number) }, by: participant, removed: [:])
        try watch(participant)
    }

    /// Whether a device has met something it has not been let into yet, as far as it can know.
    func isStillStrange(_ error: any Error, to participant: Participant) throws -> Bool {
        // The statements that enrol it, or give it the key, may be on a page that has not come.
        switch error {
        case WorkspaceFault.notEnrolled(let space), WorkspaceFault.noSpaceKey(let space):
            if server.sizes()[space, default: 0] > participant.seen.logs[space]?.count ?? 0 { return true }
        // What it begins needs its own enrolment, which a device that has begun anew gets with a later page.
        case DeviceFault.lacks, WorkspaceFault.homeNotArrived: if try isEnrolmentOnItsWay(to: participant) { return true }
        // A file may bring a service before the engagement that opens it.
        case BundleFault.foreign:
            guard let engagement = world.engagements[participant.firm] else { return true }
            if try !participant.spaces().contains(engagement.space) { return true }
        // What was made of the record under keys that are lost is still to be sent.
        case WorkspaceFault.unsentUnderLostKeys(let record):
            let touching = try participant.outbox().filter { $0.list != .rejected && $0.item.edits.contains { $0.record == record } }
            if touching.contains(where: { chronicle.written[$0.item.change]?.device != participant.keys.device }) { return true }
        default: break
        }
        guard participant.isNew else { return false }
        switch error {
        // Its organisation's own log came by file, and what enrols it is not in it yet.
        case DeviceFault.lacks, WorkspaceFault.homeNotArrived: return true
        case let refusal as Refusal: return refusal.code == .noRight
        case WorkspaceFault.noSpaceKey, WorkspaceFault.unknownSpace, WorkspaceFault.notEnrolled: return true
        default: return false
        }
    }

    /// Whether a device knows itself as little as its organisation's own log does as far as that has come, and the server has more.
    private func isEnrolmentOnItsWay(to participant: Participant) throws -> Bool {
        let (home, isKnown) = try participant.store.read { reader in
            let chain = try participant.workspace.ownOrganisationChain(reader)
            return (try reader.identity().home, chain.devices[participant.keys.device] != nil)
        }
        guard let home, !isKnown else { return false }
        return server.sizes()[home, default: 0] > participant.seen.logs[home]?.count ?? 0
    }
}
