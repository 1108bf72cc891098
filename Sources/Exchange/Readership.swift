package import BuntanProtocol
import ChangeLog
package import Storage
import Syncing

/// Who may read which space, and until when: it follows from the logs alone, and is kept beside them so that a request costs
/// a look-up.
///
/// | space | who reads it |
/// | --- | --- |
/// | any | its parties, for good |
/// | engagement | auditors besides, as long as the log grants it |
/// | service | whoever reads an engagement that names it, for as long, until `end_service` stands there |
extension Registrar {
    /// Lets those read who may by what a log says now, and nobody else.
    ///
    /// - Parameter former: those who could read it before.
    /// - Returns: the organisations whose lists of spaces have changed.
    func settleReading(
        of standing: SpaceStanding, after former: some Sequence<OrganisationID> = [], _ writer: any StoreWriter
    ) throws -> Set<OrganisationID> {
        let genesis = standing.genesis
        let parties = Set(genesis.parties.map(\.organisation))
        // What a log has still to get back may be the end of what it says now.
        let isWhole = isWhole(standing)
        let now = isWhole ? Readership.ends(in: standing) : [:]
        let auditors = isWhole ? Set(now.keys).union(former).subtracting(parties) : []
        var listed = Set<OrganisationID>()
        for party in parties where try settle(Reading.forGood, of: standing.id, by: party, writer) { listed.insert(party) }
        for auditor in auditors {
            // Who reads a service is said in the logs of engagements, and not in its own.
            let end = try genesis.type == .service ? Readership.end(of: standing.id, by: auditor, writer) : now[auditor]
            if try settle(end, of: standing.id, by: auditor, writer) { listed.insert(auditor) }
        }
        guard isWhole, genesis.type == .engagement, let service = genesis.service else { return listed }
        for reader in auditors.union(genesis.party(.customer).map { [$0.organisation] } ?? []) {
            let end = try Readership.end(of: service, by: reader, writer)
            if try settle(end, of: service, by: reader, writer) { listed.insert(reader) }
        }
        return listed
    }

    private func settle(_ end: Int64?, of space: SpaceID, by reader: OrganisationID, _ writer: any StoreWriter) throws -> Bool {
        guard try writer.readingEnd(of: space, by: reader) != end else { return false }
        if let end { try writer.grantReading(space, to: reader, until: end) } else { try writer.endReading(space, by: reader) }
        return true
    }
}

package enum Readership {
    /// Until when each may read a log, by that log.
    static func ends(in standing: SpaceStanding) -> [OrganisationID: Int64] { standing.rights.reading(forGood: Reading.forGood) }

    /// Until when an organisation may read a service, by its list of engagements and their logs; `nil` where none says so.
    static func end(of service: SpaceID, by reader: OrganisationID, _ store: any StoreReader) throws -> Int64? {
        var end = try store.standing(of: service).flatMap { ends(in: $0)[reader] }
        // Those that have run out, too: what is kept says until when, whatever the time is.
        for head in try store.heads(for: reader, at: .min) {
            guard let engagement = try store.standing(of: head.space) else { continue }
            end = [end, Self.end(of: service, by: reader, in: engagement)].compactMap(\.self).max()
        }
        return end
    }

    /// Until when an engagement lets an organisation read the service that it names.
    private static func end(of service: SpaceID, by reader: OrganisationID, in engagement: SpaceStanding) -> Int64? {
        guard engagement.genesis.type == .engagement, engagement.genesis.service == service, engagement.rights.serviceEnded == nil else {
            return nil
        }
        return ends(in: engagement)[reader]
    }

    /// What a store keeps of who may read what and its logs do not give, and what they give and it does not keep.
    ///
    /// - Parameter missing: logs that lack something, which is known: what they say counts once it is back.
    package static func differences(_ store: any StoreReader, besides missing: Set<SpaceID>) throws -> Set<Reading> {
        let standings = try store.spaces().filter { !missing.contains($0) }.compactMap { try store.standing(of: $0) }
            // A log on its way here is nobody's to read yet.
            .filter { $0.rights.serverName != nil }
        var given: [SpaceID: [OrganisationID: Int64]] = [:]
        for standing in standings { given[standing.id, default: [:]].merge(ends(in: standing), uniquingKeysWith: max) }
        for standing in standings where standing.genesis.type == .engagement && standing.rights.serviceEnded == nil {
            guard let service = standing.genesis.service, given[service] != nil else { continue }
            given[service]?.merge(ends(in: standing), uniquingKeysWith: max)
        }
        let expected = Set(given.flatMap { space, ends in ends.map { Reading(space: space, organisation: $0.key, end: $0.value) } })
        return expected.symmetricDifference(try store.readings().filter { given[$0.space] != nil })
    }
}
