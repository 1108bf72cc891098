package import BuntanProtocol
import ChangeLog
import Merging
package import Records
package import Storage

/// To whom a service passes, as its provider has said in an engagement.
package struct Successor: Hashable, Sendable {
    package let organisation: OrganisationID
    package let name: [String: String]

    package init(organisation: OrganisationID, name: [String: String]) { (self.organisation, self.name) = (organisation, name) }

    /// Reads it from what a side says of an engagement; `nil` where the service passes to nobody.
    init?(saidIn state: RecordState) {
        guard let organisation = state.value("successorPartyId")?.bytes.flatMap({ OrganisationID($0) }) else { return nil }
        self.init(organisation: organisation, name: state.texts("successorName"))
    }
}

/// Why a service cannot be handed over.
package enum HandoverFault: Error, Hashable, Sendable {
    /// Nobody has compared the successor's fingerprint, which every customer is told to compare with theirs.
    case notConfirmed(KnownEngagement)
}

extension Workspace {
    /// The engagements of an own service that go on, and would be told of a handover.
    package func engagementsGoingOn(
        of service: ProvidedService, by today: CalendarDate, _ reader: any StoreReader
    ) throws -> [KnownEngagement] {
        try StoreDirectory(reader).engagements.filter { engagement in
            guard engagement.service == service.service, engagement.side == .provider else { return false }
            return try engagement.end?.hasCome(by: today) != true && !reader.isFrozen(engagement.space)
        }
    }

    /// Hands an own service over: every customer is told to whom it passes and when, each engagement ends on that day at the latest, and
    /// from then on the service takes no further invitations and releases.
    ///
    /// - Parameters:
    ///   - successor: the engagement in which the new provider reads the service; it is told and ends like the others.
    ///   - today: the day in the zone of whoever works here.
    /// - Returns: what was written, first in the engagements and last in the service's draft.
    /// - Throws: `ServiceFault.retired` for a service that is retired already, `HandoverFault`.
    package func handOver(
        _ service: ProvidedService, to successor: KnownEngagement, on day: CalendarDate, today: CalendarDate, reason: String
    ) throws -> [Committed] {
        try store.write { transaction in
            try requireUnretired(service, by: today, transaction)
            guard successor.isConfirmed else { throw HandoverFault.notConfirmed(successor) }
            var told: [Committed] = []
            for engagement in try engagementsGoingOn(of: service, by: today, transaction) {
                var cells = [CellKey("successorPartyId"): Value.id(successor.counterpart)]
                let own = RecordID.natural(space: engagement.space, kind: "engagement", key: [.text(Side.provider.name)])
                let said = try transaction.shown(own, in: engagement.space)
                // A name in a language that is no longer given would stay beside the new one.
                for language in said?.texts("successorName").keys ?? [:].keys { cells[CellKey("successorName", language)] = .null }
                for (language, text) in successor.counterpartName { cells[CellKey("successorName", language)] = .text(text) }
                if said?.text("endDate").map({ day.text < $0 }) ?? true {
                    (cells[CellKey("endDate")], cells[CellKey("endReason")]) = (.text(day.text), .text(reason))
                }
                told.append(
                    try commit(
                        [
                            RecordDraft(
                                space: engagement.space, kind: "engagement", key: [("side", .text(Side.provider.name))], cells: cells)
                        ], in: engagement.space, transaction))
            }
            return told + [try commit([retirement(of: service, on: day.text)], in: service.draft, transaction)]
        }
    }
}
