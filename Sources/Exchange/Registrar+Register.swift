import BuntanProtocol
import ChangeLog
import Storage

extension Registrar {
    /// Admits an organisation that shows its chain from the first statement on, and something that lets it in.
    ///
    /// Who is registered already gets the same answer, decided by the ticket alone: it tells nothing about others.
    func register(_ request: RegisterRequest, at now: Int64, _ reader: any StoreReader) throws -> Prepared {
        let organisation = OrganisationID(foundedBy: request.rootKey)
        if let growth = try growth(of: organisation, to: request.statements, at: now, reader) { return growth }
        try requireEntry(request.ticket, of: organisation, at: now, reader)
        guard !request.rootKey.isWeak else { throw Refusal(.invalid, "weak_key") }
        let chain = try OrganisationChain(foundingRoot: request.rootKey, statements: request.statements)
        guard !chain.devices.isEmpty else { throw Refusal(.invalid, "device_unknown") }
        guard chain.devices.count <= policy.organisationDevices else { throw Refusal(.quota, "devices") }
        return .work(
            Work { [self] _, writer in
                try requireEntry(request.ticket, of: organisation, at: now, writer)
                var outcome = Outcome(EmptyAnswer())
                guard try writer.organisation(organisation) == nil else { return outcome }
                for device in chain.devices.keys { try requireFree(device, for: organisation, writer) }
                let label = try use(request.ticket, by: organisation, writer)
                try writer.register(
                    RegisteredOrganisation(id: organisation, rootKey: request.rootKey, label: label, admitted: now))
                for (index, statement) in request.statements.enumerated() {
                    try writer.appendStatement(statement, number: index + 1, of: organisation)
                }
                try writer.setChain(chain)
                outcome.chains[organisation] = chain.head
                return outcome
            })
    }

    /// Takes what goes on from the chain kept here, where anything does.
    ///
    /// Whoever hands it over, only the organisation itself can have signed it: so the root alone can enrol a device here when
    /// no enrolled one is left to say so. Everybody else, a party that shows the chain as its logs have it included, is
    /// answered as ever.
    private func growth(
        of organisation: OrganisationID, to statements: [SignedBytes], at now: Int64, _ reader: any StoreReader
    ) throws -> Prepared? {
        guard let known = try reader.organisation(organisation), !known.isSuspended, var chain = try reader.chain(of: organisation) else {
            return nil
        }
        let held = try reader.statements(of: organisation)
        guard statements.count > held.count, statements.starts(with: held) else { return nil }
        let more = Array(statements[held.count...])
        // Junk costs one signature and no lock.
        for statement in more { try chain.append(statement) }
        // A chain that has lost its end takes nothing before that is there again.
        guard frozen.organisations[organisation].map({ chain.holds($0) }) ?? true else { return nil }
        return .work(Work { [self] _, writer in try take(more, of: organisation, at: now, writer) })
    }

    /// A device answers to one organisation at a server.
    func requireFree(_ device: DeviceID, for organisation: OrganisationID, _ reader: any StoreReader) throws {
        let known = try reader.organisation(ofDevice: device)
        guard known == nil || known == organisation else { throw Refusal(.invalid, "device_enrolled") }
    }

    private func requireEntry(
        _ ticket: RegisterRequest.Ticket?, of organisation: OrganisationID, at now: Int64, _ reader: any StoreReader
    ) throws {
        switch ticket {
        case nil: guard policy.isOpen else { throw Refusal(.noRight, "admission_needed") }
        case .admission(let nonce):
            guard let admission = try reader.admission(Self.digest(ofAdmission: nonce)) else {
                throw Refusal(.noRight, "admission_unknown")
            }
            guard admission.usedBy == nil || admission.usedBy == organisation else { throw Refusal(.noRight, "admission_used") }
            guard admission.usedBy == organisation || admission.expires > now else { throw Refusal(.noRight, "admission_expired") }
        case .invitation(let id):
            guard let invitation = try reader.invitation(id) else { throw Refusal(.notFound) }
            if let admitted = try reader.value(StoredNames.invited(id)) {
                guard admitted == organisation.bytes else { throw Refusal(.invalid, "invitation_used") }
                return
            }
            try requireUsable(invitation, at: now)
        }
    }

    /// Takes note of what a ticket has let in, and returns the operator's label for it.
    private func use(
        _ ticket: RegisterRequest.Ticket?, by organisation: OrganisationID, _ writer: any StoreWriter
    ) throws -> String? {
        switch ticket {
        case nil: return nil
        case .admission(let nonce):
            let digest = Self.digest(ofAdmission: nonce)
            guard var admission = try writer.admission(digest) else { return nil }
            admission.usedBy = organisation
            try writer.setAdmission(admission, for: digest)
            return admission.label
        case .invitation(let id):
            try writer.setValue(organisation.bytes, for: StoredNames.invited(id))
            return nil
        }
    }

    func requireOpen(_ invitation: RegisteredInvitation) throws {
        guard invitation.usedBy == nil else { throw Refusal(.invalid, "invitation_used") }
        guard !invitation.isRevoked else { throw Refusal(.invalid, "invitation_revoked") }
    }

    func requireUsable(_ invitation: RegisteredInvitation, at now: Int64) throws {
        try requireOpen(invitation)
        guard invitation.expires > now else { throw Refusal(.invalid, "invitation_expired") }
    }

    static func digest(ofAdmission nonce: Nonce) -> Digest { Purpose.hash("admission", nonce.bytes) }
}
