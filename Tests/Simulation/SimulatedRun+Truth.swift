import BuntanProtocol
import Records
import Replica
import Storage
import TestKit

/// What somebody has typed while a server lied.
struct Remark {
    let change: ChangeID
    let space: SpaceID
    let author: Participant
}

/// What is left of a lie once its server has ended it.
extension SimulatedRun {
    /// Has somebody write a remark, which waits in its outbox.
    func jot(in space: SpaceID, by author: Participant) throws -> Remark {
        let row = RecordID.timeOrdered(millis: author.clock.now(), random: Nonce(high: 1, low: UInt64(steps)))
        let written = try author.workspace.commit([author.workspace.comment(on: row, text: "said")], in: space)
        guard let change = written.changes.last else { throw WorkspaceFault.unknownSpace(space) }
        return Remark(change: change, space: space, author: author)
    }

    /// Has the server show its log as it is again: whoever has not taken a lie gets all of it, and whoever has says so, with what
    /// proves it or at each sync. Nothing that was typed is lost.
    ///
    /// - Parameter shutOut: one who may not take part any more, and syncs all the same.
    func tellTruth(
        of space: SpaceID, to devices: [Participant], _ remarks: [Remark], alsoTo shutOut: Participant? = nil
    ) throws {
        var remarks = remarks
        let honest = try entries(of: space).map(\.bytes)
        // Two logs of one length are told apart once they go on.
        let speaker = try devices.first { try !$0.isFrozen(space) && $0.entries(of: space).map(\.bytes) == honest }
        if let speaker { remarks.append(try say(in: space, by: speaker)) }
        told = []
        if let shutOut { try show(nil, of: space, to: [shutOut]) }
        try show(nil, of: space, to: devices, rounds: 2)
        let log = try entries(of: space)
        for device in devices {
            let held = try device.entries(of: space)
            if try device.isFrozen(space) {
                if try device.store.read({ try $0.value(StoredName.evidence(space)) }) == nil {
                    chronicle.find(.tamperEvidence, "\(device.name) has frozen \(space) and has nothing to prove why")
                }
            } else if held.map(\.bytes) != log.map(\.bytes), !told.contains(ObjectIdentifier(device)) {
                chronicle.find(
                    .convergence, "\(device.name) holds \(held.count) of \(log.count) entries after a lie has ended, and says nothing")
            }
        }
        try askAgain(for: space, devices)
        for remark in remarks {
            let isKept = try remark.author.outbox().contains { $0.item.change == remark.change }
            let isLogged = try server.store.read { try $0.place(of: remark.change, in: space) } != nil
            if !isKept, !isLogged { chronicle.find(.durability, "what \(remark.author.name) typed while its server lied is gone") }
        }
    }

    /// Has whoever froze a log ask for it again: it goes on wherever all that is held of it is true, and nowhere else.
    private func askAgain(for space: SpaceID, _ devices: [Participant]) throws {
        let frozen = try devices.filter { try $0.isFrozen(space) }
        let before = try entries(of: space).map(\.bytes)
        let honest = try frozen.filter { try before.starts(with: $0.entries(of: space).map(\.bytes)) }
        for device in frozen { try device.workspace.askAgain() }
        try show(nil, of: space, to: frozen, rounds: 2)
        let log = try entries(of: space).map(\.bytes)
        for device in frozen {
            let goesOn = try !device.isFrozen(space)
            if goesOn { reach.note(.unfrozen) }
            if honest.contains(where: { $0 === device }) {
                if try !goesOn || device.entries(of: space).map(\.bytes) != log {
                    chronicle.find(.liveness, "\(device.name) does not go on with \(space) though its server tells the truth again")
                }
            } else if goesOn {
                chronicle.find(.tamperEvidence, "\(device.name) goes on with \(space), of which it holds what is not true")
            }
        }
    }
}

extension Participant {
    /// A space's log as this replica has it.
    func entries(of space: SpaceID) throws -> [StoredEntry] {
        try store.read { try $0.standing(of: space) == nil ? [] : $0.entries(of: space, from: 0, maxBytes: .max) }
    }

    func isFrozen(_ space: SpaceID) throws -> Bool { try store.read { try $0.isFrozen(space) } }
}
