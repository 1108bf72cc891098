package import BuntanProtocol
import ChangeLog
package import Storage
import Syncing

/// How an auditor reads an engagement.
package struct AuditStanding: Hashable, Sendable {
    /// Until when the parties have let it, in milliseconds since 1970 by the server's clock; as far as their words have come.
    package let until: Int64
    /// Whether the server gave it with the last sync: what has been read stays here when that ends.
    package let isFollowed: Bool
}

extension AuditStanding {
    init(of standing: SpaceStanding, by organisation: OrganisationID, _ reader: any StoreReader) throws {
        until = standing.rights.readers[organisation] ?? 0
        isFollowed = try reader.isFollowed(standing.id)
    }
}

/// An auditor of an engagement, and what its parties have said of it.
package struct KnownAuditor: Hashable, Sendable {
    package struct Grant: Hashable, Sendable {
        package let side: Side
        package let by: OrganisationID
        package let until: Int64
        /// Whether the word waits to be sent.
        package let isPending: Bool
    }

    package let auditor: OrganisationID
    /// The provider's before the customer's.
    package let grants: [Grant]
    /// Whether one party's grant opens nothing.
    package let needsBoth: Bool
    /// Until when it may read by what the log says; `nil` while a grant is missing.
    package let until: Int64?

    /// One whom nobody lets read any more.
    package init(former auditor: OrganisationID) {
        (self.auditor, grants, needsBoth, until) = (auditor, [], false, nil)
    }

    init(auditor: OrganisationID, grants: [Grant], needsBoth: Bool, until: Int64?) {
        (self.auditor, self.grants, self.needsBoth, self.until) = (auditor, grants, needsBoth, until)
    }

    /// The side whose grant is missing where both are needed.
    package var missing: Side? {
        needsBoth && until == nil ? Side.allCases.first { side in !grants.contains { $0.side == side && !$0.isPending } } : nil
    }
}

/// Why an auditor is not let in or out.
package enum AuditFault: Error, Hashable, Sendable {
    /// A party reads its engagement anyway.
    case isParty
    /// This side has let no such organisation in.
    case notGranted(by: Side?)
    /// Only a device with `admin` says who may read.
    case noRight
}

extension Workspace {
    /// Those whom the parties of an engagement let read it, or have let, in the order of their ids.
    package func auditors(of engagement: KnownEngagement, _ reader: any StoreReader) throws -> [KnownAuditor] {
        guard let standing = try reader.standing(of: engagement.space) else { return [] }
        let rights = standing.rights
        var grants: [OrganisationID: [KnownAuditor.Grant]] = [:]
        for grant in rights.grants {
            guard let side = rights.side(of: grant.by) else { continue }
            grants[grant.reader, default: []].append(
                KnownAuditor.Grant(side: side, by: grant.by, until: grant.expires, isPending: false))
        }
        for signed in try pendingStatements(of: engagement.space, reader) {
            let statement = try Statement(decoding: signed.bytes)
            guard case .grantReader(let auditor, let expires) = statement.act, let side = rights.side(of: statement.organisation) else {
                continue
            }
            grants[auditor, default: []].append(
                KnownAuditor.Grant(side: side, by: statement.organisation, until: expires, isPending: true))
        }
        return grants.sorted { $0.key < $1.key }.map { auditor, grants in
            KnownAuditor(
                auditor: auditor, grants: grants.sorted { $0.side.rawValue < $1.side.rawValue }, needsBoth: rights.policy.auditNeedsBoth,
                until: rights.readers[auditor])
        }
    }

    /// Signs that an organisation may read an engagement and its service until a time, to be sent with the next sync.
    package func letRead(_ auditor: OrganisationID, _ engagement: KnownEngagement, until end: Int64) throws {
        guard auditor != engagement.party, auditor != engagement.counterpart else { throw AuditFault.isParty }
        try store.write { transaction in
            try requireAdmin(of: engagement.space, transaction)
            try say(.grantReader(auditor, expires: end), about: engagement.space, transaction)
        }
    }

    /// Signs that it may not any longer, as far as this side has let it.
    package func endReading(_ auditor: OrganisationID, of engagement: KnownEngagement) throws {
        try store.write { transaction in
            let known = try auditors(of: engagement, transaction).first { $0.auditor == auditor }
            guard let known, known.grants.contains(where: { $0.side == engagement.side }) else {
                throw AuditFault.notGranted(by: known?.grants.first?.side)
            }
            try requireAdmin(of: engagement.space, transaction)
            try say(.endReader(auditor), about: engagement.space, transaction)
        }
    }

    private func requireAdmin(of space: SpaceID, _ reader: any StoreReader) throws {
        guard let keys else { throw WorkspaceFault.keysNeeded }
        guard let rights = try reader.standing(of: space)?.rights else { throw WorkspaceFault.unknownSpace(space) }
        guard rights.capabilities(of: keys.device).contains(.admin) else { throw AuditFault.noRight }
    }

    // MARK: an auditor's own list

    /// Takes note of which engagements of others the server still gives; those that it no longer does stay as they were read.
    ///
    /// - Returns: those that have just ended, and begun again.
    func noteFollowed(_ visible: Set<SpaceID>) throws -> Set<SpaceID> {
        let changed = try store.read { reader in
            let own = try reader.identity().organisation
            return try reader.spaces().filter { space in
                guard let genesis = try reader.standing(of: space)?.genesis, genesis.type == .engagement, genesis.party(own) == nil else {
                    return false
                }
                return try reader.isFollowed(space) != visible.contains(space)
            }
        }
        guard !changed.isEmpty else { return [] }
        try store.write { transaction in
            for space in changed { try transaction.setValue(visible.contains(space) ? nil : [1], for: StoredName.unfollowed(space)) }
        }
        return Set(changed)
    }

    /// Requires an engagement of others to be here because its parties let this organisation read it.
    func requireReading(_ standing: SpaceStanding, _ reader: any StoreReader) throws {
        let own = try reader.identity().organisation
        guard standing.genesis.type != .engagement || standing.genesis.party(own) != nil || standing.rights.readers[own] != nil else {
            throw LogFault.notForThisReader(space: standing.id)
        }
    }
}

extension StoreReader {
    func isFollowed(_ space: SpaceID) throws -> Bool { try value(StoredName.unfollowed(space)) == nil }
}

extension StoredName {
    static func unfollowed(_ space: SpaceID) -> String { "unfollowed/\(space.hex)" }
}
