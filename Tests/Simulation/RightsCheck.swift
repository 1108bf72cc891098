import BuntanProtocol
import ChangeLog
import Replica
import Storage
import Syncing
import TestKit

/// Judges what became of devices whose rights have ended or were fewer for a while (P4, P8, P12).
///
/// What such a device had sent stays; nothing that it wrote later takes effect, which `ReferenceAuthority` sees in each log; what it
/// could not send is with it still, and its user has been told why.
struct RightsCheck {
    let run: SimulatedRun
    let logs: [SpaceID: ReferenceLog]
    let places: Set<ChangeID>
    /// The replicas whose device has no rights any more.
    let out: Set<ObjectIdentifier>

    init(_ run: SimulatedRun, _ logs: [SpaceID: ReferenceLog], _ places: some Sequence<ChangeID>) throws {
        self.run = run
        self.logs = logs
        self.places = Set(places)
        out = Set(try run.participants.filter { try run.isOut($0) }.map { ObjectIdentifier($0) })
    }

    func isOut(_ participant: Participant) -> Bool { out.contains(ObjectIdentifier(participant)) }

    func check() throws {
        try agreement()
        var beyond = Set<ChangeID>()
        for participant in run.participants where isOut(participant) { beyond.formUnion(try shutOut(participant)) }
        for participant in run.participants where !isOut(participant) {
            // Refused for want of rights, and shown so.
            for item in try participant.outbox() where item.code == .noRight && isCurtailed(item.item.change) {
                beyond.insert(item.item.change)
            }
        }
        run.chronicle.doom(beyond)
    }

    private func isCurtailed(_ change: ChangeID) -> Bool {
        run.chronicle.written[change].map { run.curtailed.contains($0.device) } ?? false
    }

    /// What the server makes of its logs is what the reference makes of them, device by device.
    private func agreement() throws {
        try run.server.store.read { reader in
            for log in logs.values {
                guard let rights = try reader.standing(of: log.space)?.rights else { continue }
                for (device, known) in log.enrolled
                where rights.capabilities(of: device) != log.authority.rights(of: device, known.organisation) {
                    run.chronicle.find(
                        .authority,
                        "in \(log.space) \(device) may do \(rights.capabilities(of: device).rawValue), and the log says otherwise")
                }
            }
        }
    }

    /// Returns what stands with a device that is shut out and in no log: nobody waits for it any more.
    private func shutOut(_ participant: Participant) throws -> Set<ChangeID> {
        let device = participant.keys.device
        if participant.shutOut == nil {
            run.chronicle.find(.liveness, "\(participant.name) has no rights any more, and is not told")
        }
        for log in logs.values where log.enrolled[device] != nil && !log.authority.isRevoked(device) {
            run.chronicle.find(.authority, "\(log.space) lacks the word that ended the rights of \(participant.name)")
        }
        var held = try Set(participant.outbox().map(\.item.change)).union(participant.seen.changes)
        try participant.store.read { reader in
            held.formUnion(try reader.orphanPlaces(of: nil).compactMap(\.change))
            for space in try reader.spaces() { try compare(space, of: participant, reader) }
        }
        for id in run.chronicle.order where !places.contains(id) && !run.chronicle.isDoomed(id) {
            guard run.chronicle.holders[id]?.contains(ObjectIdentifier(participant)) == true, !held.contains(id) else { continue }
            run.chronicle.find(.durability, "\(participant.name) could not send \(id) and has it no more")
        }
        return held.subtracting(places)
    }

    /// What it holds of a log is how that begins.
    private func compare(_ space: SpaceID, of participant: Participant, _ reader: any StoreReader) throws {
        // A space that it began offline is its own alone.
        guard let standing = try reader.logStanding(of: space), let log = logs[space] else { return }
        // Of an epoch that has ended it may hold what everybody else has given back elsewhere.
        guard try run.server.store.read({ try $0.standing(of: space)?.epoch }) == standing.epoch else { return }
        let entries = try reader.entries(of: space, from: 0, maxBytes: .max)
        if !zip(entries, log.entries).allSatisfy({ $0.bytes == $1.bytes }) || entries.count > log.entries.count {
            run.chronicle.find(.convergence, "\(participant.name) has other entries of \(space) than the server")
        }
    }
}
