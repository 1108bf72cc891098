import BuntanProtocol
import MergeReference
import Records
import Replica
import Storage
import TestKit

/// What both sides of an engagement see: where rows stand, and what agreements are worth.
extension Checker {
    // MARK: rows

    /// What was shown of each row, at the end and after syncs before, is what the logs say by the words of the table.
    func negotiation() throws {
        var past: [SpaceID: RowsOfOld] = [:]
        for (firm, engagement) in run.world.engagements {
            guard let service = logs[engagement.service], let log = logs[engagement.space] else { continue }
            let rows = RowsOfOld(service: service, engagement: log)
            past[log.space] = rows
            for control in FoundedWorld.controls {
                guard let (_, wanted) = rows.negotiation(control, serviceSize: service.size, engagementSize: log.size) else { continue }
                let key = RowKey(framework: "iso27017-2015", controlId: control)
                for participant in members where participant.firm == firm || participant.firm == .provider {
                    let seen = try participant.store.read { reader -> ReferenceNegotiation? in
                        guard try reader.outbox(of: nil).isEmpty, try reader.standing(of: log.space) != nil else { return nil }
                        return run.sabotage.shown(try participant.workspace.row(key, of: engagement, reader).negotiation)
                    }
                    if let seen { compare(seen, wanted, control, participant.name) }
                }
            }
        }
        for look in run.looks {
            for control in FoundedWorld.controls {
                let found = past[look.engagement.space]?.negotiation(
                    control, serviceSize: look.serviceSize, engagementSize: look.engagementSize)
                guard let (row, wanted) = found else { continue }
                run.reach.note(wanted, of: "\(look.participant) \(look.engagement.space) \(control)")
                guard let shown = look.shown, !look.untold.contains(control) else { continue }
                if let seen = shown[control] {
                    compare(seen, wanted, control, look.participant)
                } else if row != nil {
                    run.chronicle.find(.negotiation, "\(look.participant) is not shown row \(control), which is published")
                }
            }
        }
    }

    private func compare(_ seen: ReferenceNegotiation, _ wanted: ReferenceNegotiation, _ control: String, _ name: String) {
        guard seen != wanted else { return }
        run.chronicle.find(.negotiation, "\(name) sees row \(control) \(seen), the logs say \(wanted)")
    }

    // MARK: P9

    /// What each replica shows of the agreements that both have signed is what the logs say, on several days.
    func agreements() throws {
        // A view of an epoch that has ended is judged by what that log was, which is not here any more.
        guard !run.hasReopened else { return }
        for (firm, engagement) in run.world.engagements {
            guard let service = logs[engagement.service], let log = logs[engagement.space] else { continue }
            let check = try AgreementCheck(service: service, engagement: log)
            for day in SimulatedRun.days {
                let wanted = check.statuses(on: day)
                for status in wanted.values { if let status { run.reach.note(status: status) } }
                for participant in members where participant.firm == firm || participant.firm == .provider {
                    let own = participant.firm == .provider ? run.world.providerEngagements[log.space] : engagement
                    guard let own else { continue }
                    let shown = try participant.store.read { reader -> [RecordID: String]? in
                        guard try reader.outbox(of: nil).isEmpty, try reader.standing(of: log.space) != nil else { return nil }
                        return Dictionary(
                            uniqueKeysWithValues: try participant.workspace.agreements(of: own, day: { _ in day }, reader)
                                .map { ($0.id, run.sabotage.shown($0.status)) })
                    }
                    if let shown { compare(shown, wanted, day.text, participant.name) }
                }
            }
        }
    }

    private func compare(_ shown: [RecordID: String], _ wanted: [RecordID: String?], _ day: String, _ name: String) {
        for (agreement, status) in wanted {
            guard let status, shown[agreement] != status else { continue }
            run.chronicle.find(
                .agreement, "\(name) sees agreement \(agreement) \(shown[agreement] ?? "not") on \(day), the logs say \(status)")
        }
        for (agreement, status) in shown where wanted[agreement] == nil && ["in-force", "stale", "contested"].contains(status) {
            run.chronicle.find(.agreement, "\(name) sees agreement \(agreement) \(status), which not both have signed")
        }
    }
}
