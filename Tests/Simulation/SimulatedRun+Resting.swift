import BuntanProtocol
import Replica
import Storage
import TestKit

/// How a run comes to rest once nothing goes wrong any more.
extension SimulatedRun {
    /// Lets everybody sync until nothing moves; returns whether it came to that.
    func rest() throws -> Bool {
        // At rest once everybody in turn has synced and found nothing to do.
        var quiet = 0
        var idle: [(name: String, traffic: [(method: String, bytes: Int)], spaces: Int)] = []
        for round in 1...8 {
            for participant in participants {
                let seen = participant.seen.logs.mapValues(\.count)
                let outbox = try participant.outbox().map { [$0.number, $0.list.rawValue] }
                traffic = []
                try beginSync(participant)
                while !network.isEmpty { try deliver() }
                let hasMoved =
                    try participant.seen.logs.mapValues(\.count) != seen
                    || participant.outbox().map({ [$0.number, $0.list.rawValue] }) != outbox
                quiet = hasMoved ? 0 : quiet + 1
                // Whoever is shut out, or has something that is not taken, tries again each time; in the first round others give back what
                // was lost.
                let isIdle = try round > 1 && outbox.isEmpty && participant.shutOut == nil && !participant.hasUnmoved()
                idle = hasMoved ? [] : idle + (isIdle ? [(participant.name, traffic, seen.count)] : [])
                if quiet == participants.count {
                    say("quiet in round \(round)")
                    for dear in idle.compactMap({ RequestCost.excess(ofIdle: $0, traffic: $1, spaces: $2) }) { chronicle.find(.cost, dear) }
                    return true
                }
            }
        }
        return false
    }
}

extension Participant {
    /// Whether the server does not have a log of the organisation's own yet, or does not take it.
    fileprivate func hasUnmoved() throws -> Bool { try store.read { try !workspace.unmoved($0).isEmpty } }
}
