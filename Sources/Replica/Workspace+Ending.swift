package import BuntanProtocol
import ChangeLog
import Merging
package import Records
import Storage
import Syncing

/// The end of an engagement, as far as its sides have said one.
package struct EngagementEnd: Hashable, Sendable {
    /// The earliest day that a side has named; `nil` where only the log says it.
    package let day: String?
    /// The side that named it.
    package let side: Side?
    package let reason: String?
    /// To whom the service passes, if the provider has said so; its day may be later than the end.
    package let handover: Handover?
    /// Whether the provider has closed the service to the customer: no later release arrives.
    package let isClosed: Bool

    /// Whether the engagement is over on a day.
    package func hasCome(by today: CalendarDate) -> Bool { isClosed || day.map { $0 <= today.text } ?? false }
}

extension EngagementEnd {
    /// Reads the end of an engagement; `nil` for one that goes on.
    init?(of space: SpaceID, _ reader: any StoreReader) throws {
        var named: (day: String, side: Side, reason: String?)?
        for side in [Side.provider, .customer] {
            let id = RecordID.natural(space: space, kind: "engagement", key: [.text(side.name)])
            guard let state = try reader.shown(id, in: space), state.isAlive else { continue }
            guard let day = state.earliestDay("endDate") else { continue }
            if named.map({ day < $0.day }) ?? true { named = (day, side, state.text("endReason")) }
        }
        let handover = try Handover(in: space, reader)
        if let handover, named.map({ handover.day.text < $0.day }) ?? true { named = (handover.day.text, .provider, handover.reason) }
        let isClosed = try reader.standing(of: space)?.rights.serviceEnded != nil
        guard named != nil || isClosed else { return nil }
        self.init(day: named?.day, side: named?.side, reason: named?.reason, handover: handover, isClosed: isClosed)
    }
}

extension Workspace {
    /// Says in an engagement on which day it ends, and why.
    ///
    /// A provider closes its service to the customer besides, once the day has come: `closeEndedServices`.
    package func end(_ engagement: KnownEngagement, on day: String, reason: String?) throws -> Committed {
        var cells: [CellKey: Value] = [CellKey("endDate"): .text(day)]
        if let reason { cells[CellKey("endReason")] = .text(reason) }
        guard let side = engagement.side else { throw WorkspaceFault.readsOnly(engagement.space) }
        return try commit(
            [RecordDraft(space: engagement.space, kind: "engagement", key: [("side", .text(side.name))], cells: cells)],
            in: engagement.space)
    }

    /// Signs the end of a service for each customer whose engagement this organisation, as the provider, has ended by now.
    ///
    /// - Parameter today: the day in the zone of whoever works here.
    /// - Returns: the engagements for which a statement now waits to be sent.
    package func closeEndedServices(today: String) throws -> [SpaceID] {
        guard let keys else { return [] }
        return try store.write { transaction in
            var closed: [SpaceID] = []
            // What is not verified yet tells nobody that a day has come: the word for it stands for good.
            for engagement in try StoreDirectory(transaction).engagements
            where try engagement.side == .provider && transaction.lead(of: engagement.space) == nil {
                let own = RecordID.natural(space: engagement.space, kind: "engagement", key: [.text(Side.provider.name)])
                let said = try transaction.shown(own, in: engagement.space)?.earliestDay("endDate")
                guard let day = [said, engagement.end?.handover?.day.text].compactMap(\.self).min(), day <= today,
                    let rights = try transaction.standing(of: engagement.space)?.rights, rights.serviceEnded == nil,
                    rights.capabilities(of: keys.device).contains(.admin)
                else { continue }
                let pending = try pendingStatements(of: engagement.space, transaction)
                guard try !pending.contains(where: { try Statement(decoding: $0.bytes).act == .endService }) else { continue }
                try say(.endService, about: engagement.space, transaction)
                closed.append(engagement.space)
            }
            return closed
        }
    }

    /// Signs a statement about one space that a server keeps, to be sent with the next sync.
    func say(_ act: Statement.Act, about space: SpaceID, _ transaction: any StoreWriter) throws {
        guard let keys else { throw WorkspaceFault.keysNeeded }
        guard let standing = try transaction.standing(of: space) else { throw WorkspaceFault.unknownSpace(space) }
        let organisation = try transaction.identity().organisation
        var head = standing.rights.head(ofOwnChain: organisation)
        for pending in try pendingStatements(of: space, transaction) { head = head.advanced(by: pending) }
        let statement = StatementAuthor(organisation: organisation, key: keys.signing)
            .sign(act, after: head, about: space, time: clock.now())
        try transaction.setValue(
            CBORWriter.encode { statement.write(to: &$0) }, for: StoredName.statement(space, head.number + 1))
    }
}
