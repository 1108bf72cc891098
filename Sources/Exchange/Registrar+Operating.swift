package import BuntanProtocol
package import ChangeLog
package import Storage

/// What the operator may do: let organisations in, stop them, and say how much they may fill.
package enum Operating {
    /// Makes an admission code for one organisation.
    package static func admit(
        label: String?, expires: Int64, random: inout some RandomSource, _ writer: any StoreWriter
    ) throws -> HandedCode {
        let nonce = random.nonce()
        try writer.setAdmission(RegisteredAdmission(label: label, expires: expires), for: Registrar.digest(ofAdmission: nonce))
        return .admission(nonce)
    }

    /// Suspends an organisation or takes the suspension back; returns false if it is not registered.
    package static func suspend(_ id: OrganisationID, _ isSuspended: Bool, _ writer: any StoreWriter) throws -> Bool {
        guard var organisation = try writer.organisation(id) else { return false }
        organisation.isSuspended = isSuspended
        try writer.register(organisation)
        return true
    }

    /// Sets what an organisation's entries may fill, `nil` for the server's default; returns false if it is not registered.
    package static func setQuota(_ bytes: Int?, of id: OrganisationID, _ writer: any StoreWriter) throws -> Bool {
        guard var organisation = try writer.organisation(id) else { return false }
        organisation.quotaBytes = bytes
        try writer.register(organisation)
        return true
    }

    /// An organisation with what it has here.
    package struct Listed: Hashable, Sendable {
        package let organisation: RegisteredOrganisation
        package let spaces: Int
        package let usedBytes: Int
    }

    package static func list(_ reader: any StoreReader) throws -> [Listed] {
        try reader.organisations().map { organisation in
            Listed(
                organisation: organisation, spaces: try reader.heads(for: organisation.id).count,
                usedBytes: try reader.number(StoredNames.used(organisation.id)))
        }
    }

    /// Organisations whose statements do not give the chain that is in use; with the refusal if they give none.
    package static func damagedChains(_ reader: any StoreReader) throws -> [(OrganisationID, Refusal?)] {
        try reader.organisations().compactMap { organisation in
            let statements = try reader.statements(of: organisation.id)
            do throws(Refusal) {
                let rebuilt = try OrganisationChain(foundingRoot: organisation.rootKey, statements: statements)
                guard let held = try? reader.chain(of: organisation.id), held == rebuilt else { return (organisation.id, nil) }
                return nil
            } catch {
                return (organisation.id, error)
            }
        }
    }
}
