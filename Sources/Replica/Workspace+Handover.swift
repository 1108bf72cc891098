import BuntanProtocol
import ChangeLog
import Merging
package import Records
package import Storage

/// Why a service cannot be handed over.
package enum HandoverFault: Error, Hashable, Sendable {
    /// Nobody has compared the successor's fingerprint, which every customer is told to compare with theirs.
    case notConfirmed(KnownEngagement)
    /// There is none to take back.
    case none
}

/// What a handover wrote.
package struct HandoverMade: Sendable {
    /// The engagements that were told now.
    package let told: [KnownEngagement]
    /// Those that take nothing more, since their log lies.
    package let frozen: [KnownEngagement]
    package let committed: [Committed]
}

extension Workspace {
    /// The engagements of an own service that go on, and would be told of a handover.
    package func engagementsGoingOn(
        of service: ProvidedService, by today: CalendarDate, _ reader: any StoreReader
    ) throws -> [KnownEngagement] {
        try StoreDirectory(reader).engagements.filter { engagement in
            engagement.service == service.service && engagement.side == .provider && engagement.end?.hasCome(by: today) != true
        }
    }

    /// Hands an own service over: each engagement that goes on is told to whom it passes, when and why, and ends on that day unless a side
    /// has named an earlier one; from then on the service takes no further invitations and releases.
    ///
    /// Said again, it replaces what was said before, and tells whoever has joined since. `withdrawHandover` takes it back, in all of them.
    ///
    /// - Parameters:
    ///   - successor: the engagement in which the new provider reads the service; it is told like the others.
    ///   - today: the day in the zone of whoever works here.
    /// - Throws: `HandoverFault.notConfirmed`.
    package func handOver(
        _ service: ProvidedService, to successor: KnownEngagement, on day: CalendarDate, today: CalendarDate, reason: String
    ) throws -> HandoverMade {
        try store.write { transaction in
            guard successor.isConfirmed else { throw HandoverFault.notConfirmed(successor) }
            let goingOn = try engagementsGoingOn(of: service, by: today, transaction)
            let frozen = try goingOn.filter { try transaction.isFrozen($0.space) }
            var (told, committed): ([KnownEngagement], [Committed]) = ([], [])
            for engagement in goingOn where !frozen.contains(engagement) {
                if let said = engagement.end?.handover, said.successor == successor.counterpart, said.day == day, said.reason == reason {
                    continue
                }
                var cells: [CellKey: Value] = [
                    CellKey("successorPartyId"): .id(successor.counterpart), CellKey("passesOn"): .text(day.text),
                    CellKey("message"): .text(reason),
                ]
                for (language, text) in successor.counterpartName { cells[CellKey("successorName", language)] = .text(text) }
                let draft = RecordDraft(record: newRecordID(), kind: Handover.kind, cells: cells)
                committed.append(try commit([draft], in: engagement.space, transaction))
                told.append(engagement)
            }
            // One that is retired by now stays so: whoever came late is told all the same.
            let retired = try retirement(of: service, transaction)
            if retired.map({ $0 > today.text && $0 != day.text }) ?? true {
                let made = try commit([retirement(of: service, on: day.text)], in: service.draft, transaction)
                if !made.isEmpty { committed.append(made) }
            }
            return HandoverMade(told: told, frozen: frozen, committed: committed)
        }
    }

    /// Takes a handover back whose day has not come: each engagement is told, and the service goes on.
    ///
    /// - Throws: `ServiceFault.retired` once the day has come, `HandoverFault.none`.
    package func withdrawHandover(of service: ProvidedService, today: CalendarDate) throws -> HandoverMade {
        try store.write { transaction in
            try requireUnretired(service, by: today, transaction)
            var (told, committed): ([KnownEngagement], [Committed]) = ([], [])
            let goingOn = try engagementsGoingOn(of: service, by: today, transaction)
            let frozen = try goingOn.filter { try transaction.isFrozen($0.space) }
            for engagement in goingOn where engagement.end?.handover != nil && !frozen.contains(engagement) {
                // Those that it replaced go as well: none of them is to count again.
                let said = try transaction.records(of: Handover.kind, in: engagement.space, after: nil, limit: .max).filter(\.shown.isAlive)
                let drafts = said.map { RecordDraft(record: $0.id, kind: Handover.kind, cells: [.life: .bool(false)]) }
                committed.append(try commit(drafts, in: engagement.space, transaction))
                told.append(engagement)
            }
            guard !told.isEmpty else { throw HandoverFault.none }
            let goesOn = RecordDraft(space: service.draft, kind: "cloud-service", key: [], cells: [CellKey("retiredOn"): .null])
            let made = try commit([goesOn], in: service.draft, transaction)
            return HandoverMade(told: told, frozen: frozen, committed: committed + (made.isEmpty ? [] : [made]))
        }
    }
}
