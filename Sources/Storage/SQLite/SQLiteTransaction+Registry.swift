import BuntanProtocol
import GRDB
import Storage

extension SQLiteTransaction {
    private static let organisationColumns = "organisation, root_key, label, admitted, suspended, quota_bytes"

    private func organisation(_ row: Statement.Row) throws -> RegisteredOrganisation {
        RegisteredOrganisation(
            id: try row.id(0), rootKey: try row.fixed(1), label: try row.optional(2) { try row.text($0) }, admitted: Int64(row.int(3)),
            isSuspended: row.int(4) != 0, quotaBytes: row.optional(5) { row.int($0) })
    }

    func organisation(_ id: OrganisationID) throws -> RegisteredOrganisation? {
        try database.first("SELECT \(Self.organisationColumns) FROM organisation WHERE organisation = ?", id, map: organisation)
    }

    func organisations() throws -> [RegisteredOrganisation] {
        try database.all("SELECT \(Self.organisationColumns) FROM organisation ORDER BY organisation", map: organisation)
    }

    func register(_ organisation: RegisteredOrganisation) throws {
        try database.run(
            """
            INSERT INTO organisation (\(Self.organisationColumns)) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (organisation) DO UPDATE SET root_key = excluded.root_key, label = excluded.label,
                admitted = excluded.admitted, suspended = excluded.suspended, quota_bytes = excluded.quota_bytes
            """, organisation.id, organisation.rootKey, organisation.label, organisation.admitted, organisation.isSuspended,
            organisation.quotaBytes)
    }

    func statements(of organisation: OrganisationID) throws -> [SignedBytes] {
        try database.all("SELECT bytes, signature FROM statement WHERE organisation = ? ORDER BY number", organisation) {
            SignedBytes(bytes: $0.bytes(0), signature: try $0.signature(1))
        }
    }

    func appendStatement(_ statement: SignedBytes, number: Int, of organisation: OrganisationID) throws {
        let last =
            try database.first("SELECT coalesce(max(number), 0) FROM statement WHERE organisation = ?", organisation) { $0.int(0) } ?? 0
        guard number == last + 1 else { throw StorageFault.conflict(expected: number - 1, found: last) }
        try database.run(
            "INSERT INTO statement (organisation, number, bytes, signature) VALUES (?, ?, ?, ?)",
            organisation, number, statement.bytes, statement.signature.bytes)
    }

    func organisation(ofDevice device: DeviceID) throws -> OrganisationID? {
        try database.first("SELECT organisation FROM device WHERE device = ?", device) { try $0.id(0) }
    }

    func setDevice(_ device: DeviceID, of organisation: OrganisationID) throws {
        try database.run(
            "INSERT INTO device (device, organisation) VALUES (?, ?) ON CONFLICT (device) DO UPDATE SET organisation = excluded.organisation",
            device, organisation)
    }

    private static let invitationColumns = "invitation, organisation, bytes, signature, expires, used_by, revoked"

    private func invitation(_ row: Statement.Row) throws -> RegisteredInvitation {
        RegisteredInvitation(
            id: try row.id(0), organisation: try row.id(1), invitation: row.bytes(2), signature: try row.signature(3),
            expires: Int64(row.int(4)), usedBy: try row.optional(5) { try row.id($0) }, isRevoked: row.int(6) != 0)
    }

    func invitation(_ id: InvitationID) throws -> RegisteredInvitation? {
        try database.first("SELECT \(Self.invitationColumns) FROM invitation WHERE invitation = ?", id, map: invitation)
    }

    func invitations(of organisation: OrganisationID) throws -> [RegisteredInvitation] {
        try database.all(
            "SELECT \(Self.invitationColumns) FROM invitation WHERE organisation = ? ORDER BY invitation", organisation, map: invitation)
    }

    func setInvitation(_ invitation: RegisteredInvitation) throws {
        try database.run(
            """
            INSERT INTO invitation (\(Self.invitationColumns)) VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (invitation) DO UPDATE SET organisation = excluded.organisation, bytes = excluded.bytes,
                signature = excluded.signature, expires = excluded.expires, used_by = excluded.used_by, revoked = excluded.revoked
            """, invitation.id, invitation.organisation, invitation.invitation, invitation.signature.bytes, invitation.expires,
            invitation.usedBy, invitation.isRevoked)
    }

    func admission(_ digest: Digest) throws -> RegisteredAdmission? {
        try database.first("SELECT label, expires, used_by FROM admission WHERE digest = ?", digest) { row in
            RegisteredAdmission(
                label: try row.optional(0) { try row.text($0) }, expires: Int64(row.int(1)), usedBy: try row.optional(2) { try row.id($0) })
        }
    }

    func setAdmission(_ admission: RegisteredAdmission, for digest: Digest) throws {
        try database.run(
            """
            INSERT INTO admission (digest, label, expires, used_by) VALUES (?, ?, ?, ?)
            ON CONFLICT (digest) DO UPDATE SET label = excluded.label, expires = excluded.expires, used_by = excluded.used_by
            """, digest, admission.label, admission.expires, admission.usedBy)
    }

    func heads(for organisation: OrganisationID, at time: Int64) throws -> [SpaceHead] {
        try database.all(
            """
            SELECT s.space_id, s.epoch, s.head FROM space_reader r JOIN space s ON s.space_id = r.space_id
            WHERE r.organisation = ? AND (r.ends IS NULL OR r.ends > ?) ORDER BY s.space_id
            """, organisation, time
        ) { SpaceHead(space: try $0.id(0), epoch: $0.int(1), size: $0.int(2)) }
    }

    func readingEnd(of space: SpaceID, by organisation: OrganisationID) throws -> Int64? {
        try database.first("SELECT ends FROM space_reader WHERE organisation = ? AND space_id = ?", organisation, space) { row in
            row.optional(0) { Int64(row.int($0)) } ?? Reading.forGood
        }
    }

    func readings() throws -> [Reading] {
        try database.all("SELECT space_id, organisation, ends FROM space_reader") { row in
            Reading(
                space: try row.id(0), organisation: try row.id(1), end: row.optional(2) { Int64(row.int($0)) } ?? Reading.forGood)
        }
    }

    func grantReading(_ space: SpaceID, to organisation: OrganisationID, until end: Int64) throws {
        let ends: Int64? = end == Reading.forGood ? nil : end
        try database.run(
            """
            INSERT INTO space_reader (organisation, space_id, ends) VALUES (?, ?, ?)
            ON CONFLICT (organisation, space_id) DO UPDATE SET ends = excluded.ends
            """, organisation, space, ends)
    }

    func endReading(_ space: SpaceID, by organisation: OrganisationID) throws {
        try database.run("DELETE FROM space_reader WHERE organisation = ? AND space_id = ?", organisation, space)
    }
}
