import BuntanProtocol
import MergeReference
import Merging
import Records
import Replica
import Storage
import Syncing
import TestKit

/// What a replica showed of the rows of an engagement after a sync, and how much of the logs it had by then.
struct RowLook {
    let participant: String
    let engagement: KnownEngagement
    let serviceSize: Int
    let engagementSize: Int
    /// By control; `nil` where something was in the outbox, which no log has.
    let shown: [String: ReferenceNegotiation]?
    /// Controls of which a replica cannot tell yet: which row a record was before it was deleted on one device and edited on
    /// another stands in the log alone.
    let untold: Set<String>
}

extension ReferenceNegotiation {
    /// What the product says of a row, in the words of the reference.
    init(_ standing: RowStanding) {
        func held(_ allocation: RowSide.Allocation) -> Held {
            switch allocation {
            case .empty: .nothing
            case .settled(let value): .value(value)
            case .unsettled: .several
            }
        }
        let state: State =
            switch standing.state {
            case .unpublished: .unpublished
            case .open: .open
            case .agreed: .agreed
            case .disputed: .disputed
            case .unsettled: .unsettled
            case .reworded: .reworded
            }
        self.init(state: state, provider: held(standing.provider), customer: held(standing.customer))
    }
}

extension SimulatedRun {
    /// Writes down what a replica shows of each row: the logs will say what it had to show.
    func look(at participant: Participant) throws {
        // A server that came back on a copy from before the epoch does not say which logs are of today.
        guard try !hasReopened || !server.hasLost() else { return }
        for (firm, engagement) in world.engagements where participant.firm == firm || participant.firm == .provider {
            // A replica that has not heard of another epoch shows what stands in no log any more.
            let epochs = try server.store.read { reader in
                try [engagement.service, engagement.space].map { try reader.standing(of: $0)?.epoch }
            }
            try participant.store.read { reader in
                // Before all records have come, some are newer than others.
                for space in try reader.leadSpaces() where try reader.lead(of: space)?.isSettled == false { return }
                guard let service = try reader.standing(of: engagement.service), let own = try reader.standing(of: engagement.space),
                    [service.epoch, own.epoch] == epochs
                else { return }
                var shown: [String: ReferenceNegotiation]?
                var untold: Set<String> = []
                if try reader.outbox(of: nil).isEmpty {
                    shown = Dictionary(
                        try participant.workspace.rows(of: engagement, reader).map {
                            ($0.key.controlId, sabotage.shown($0.negotiation))
                        }, uniquingKeysWith: { first, _ in first })
                    for control in FoundedWorld.controls where try !reader.leadSpaces().isEmpty {
                        let key = RowKey(framework: "iso27017-2015", controlId: control)
                        let records =
                            [(key.responsibility(in: engagement.service), engagement.service)]
                            + Side.allCases.map { (key.position(of: $0, in: engagement.space), engagement.space) }
                        let isOpen = try records.contains { try reader.shown($0, in: $1)?.isLifeOpen == true }
                        if isOpen { untold.insert(control) }
                    }
                }
                looks.append(
                    RowLook(
                        participant: participant.name, engagement: engagement, serviceSize: service.size, engagementSize: own.size,
                        shown: shown, untold: untold))
            }
        }
    }
}

/// Rows of an engagement as its logs had them at any size, by the reference.
final class RowsOfOld {
    private let service: ReferenceLog
    private let engagement: ReferenceLog
    /// By record and the number of its ops: most entries are about others.
    private var known: [RecordID: [Int: ReferenceRecord?]] = [:]
    private var sorted: [RecordID: [LoggedOp]] = [:]

    init(service: ReferenceLog, engagement: ReferenceLog) {
        self.service = service
        self.engagement = engagement
    }

    /// Where the two sides stood on a row; `nil` where nobody had written of it.
    func negotiation(_ control: String, serviceSize: Int, engagementSize: Int) -> (row: ReferenceRecord?, ReferenceNegotiation)? {
        let key = RowKey(framework: "iso27017-2015", controlId: control)
        let row = record(key.responsibility(in: service.space), in: service, below: serviceSize)
        let provider = record(key.position(of: .provider, in: engagement.space), in: engagement, below: engagementSize)
        let customer = record(key.position(of: .customer, in: engagement.space), in: engagement, below: engagementSize)
        guard row != nil || provider != nil || customer != nil else { return nil }
        return (row, ReferenceNegotiation(row: row, provider: provider, customer: customer))
    }

    private func record(_ id: RecordID, in log: ReferenceLog, below size: Int) -> ReferenceRecord? {
        let ops = sorted[id] ?? log.model.ops(of: id).values.sorted { $0.position < $1.position }
        sorted[id] = ops
        let below = ops.prefix { $0.position < size }
        guard let kind = log.kinds[id] else { return nil }
        if let found = known[id]?[below.count] { return found }
        let found = ReferenceRecord(id, kind: kind, in: log.space, ops: Array(below))
        known[id, default: [:]][below.count] = .some(found)
        return found
    }
}
