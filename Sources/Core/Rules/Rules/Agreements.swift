import BuntanProtocol
import Records

/// Roles, responsibilities and agreement: what was agreed and whether it still holds (ROLE-10 to ROLE-17).
enum AgreementRules {
    static let all = [communicated, awareness, unchanged, reviewed, acceptedUpstream, noDoubles, signatories, boundary]

    /// ROLE-10 (17 CLD.6.3.1)
    static let communicated = Rule("ROLE-10", for: .allocationAgreement) { agreement, view in
        guard let effective = agreement.date(.effectiveFrom) else { return [] }
        let roles = view.facts(.sharedRole, where: .engagementId, is: agreement.ref(.engagementId))
        return roles.filter { role in
            role.text(.holderSide) == "provider" && !(role.date(.communicatedOn).map { $0 <= effective } ?? false)
        }.map { Failure(at: $0, .communicatedOn, side: .provider) }
    }

    /// ROLE-11 (17 CLD.6.3.1, 7.2.2)
    static let awareness = Rule("ROLE-11", for: .sharedRole) { role, view in
        guard role.text(.holderSide) == "customer" else { return [] }
        let isAware = role.refs(.awarenessRecordIds).contains { view.fact(.trainingRecord, $0)?.codes(.topics).contains("roles") ?? false }
        return isAware ? [] : [Failure(at: role, .awarenessRecordIds, ["role": .name(of: role)], side: .customer)]
    }

    /// ROLE-12 (17 6.1.1; 1 7.5.3)
    static let unchanged = Rule(
        "ROLE-12", forEach: [.allocationAgreementRowHashes, .allocationAgreementAttachedHashes]
    ) { signed, view in
        let record = view.fact(among: attachable, signed.ref(.recordId))
        if let record, let hash = signed.text(.contentHash), record.text(.contentHash) == hash { return [] }
        return [Failure(at: record ?? signed, nil, ["record": .name(of: record ?? signed)])]
    }

    private static let attachable: [FactKind] = [
        .responsibility, .backupSpecification, .jurisdiction, .monitoringCapability, .assetRemoval, .incidentProcedure,
    ]

    /// ROLE-13 (1 A.15.2.1; P)
    static let reviewed = Rule("ROLE-13", for: .allocationAgreement) { agreement, view in
        let interval = agreement.duration(.reviewInterval)?.days ?? 365
        let signedOn = agreement.date(.effectiveFrom)
        let isDue = agreement.children(.allocationAgreementRowHashes).contains { signed in
            guard let row = view.fact(.responsibility, signed.ref(.recordId)), let last = row.date(.lastReviewedOn) ?? signedOn else {
                return false
            }
            return Double(view.today.days(since: last)) > interval
        }
        let service = agreement.ref(.serviceId)
        return isDue ? [Failure(at: agreement, .reviewInterval, ["service": .service(service)])] : []
    }

    /// ROLE-14 (17 15.1.3; G 2.3)
    static let acceptedUpstream = Rule("ROLE-14", for: .responsibility) { row, view in
        guard row.text(.allocation) == "supplier", let dependency = view.fact(.serviceDependency, row.ref(.dependencyId)),
            let control = row.value(.controlId)
        else { return [] }
        guard let upstream = dependency.ref(.upstreamServiceId) else {
            // What a provider outside Buntan has accepted is nowhere to be read.
            view.cannotTell()
            return []
        }
        let isAccepted = view.facts(.responsibility, where: .controlId, is: control).contains { other in
            other.ref(.serviceId) == upstream && ["provider", "shared"].contains(other.text(.allocation)) && other.text(.status) == "agreed"
        }
        // What was agreed above is not here: reading that says so.
        guard !isAccepted, dependency.value(.upstreamMatrixRevision) != .unseen else { return [] }
        return [Failure(at: row, .dependencyId, ["upstream": .service(upstream), "control": .name(of: row)], side: .provider)]
    }

    /// ROLE-15 (17 6.1.1)
    static let noDoubles = Rule("ROLE-15", for: .responsibility) { row, view in
        let key = row.kind.keyFields.map { row.value($0) }
        let same = view.facts(.responsibility, key: key)
        guard same.count > 1 else { return [] }
        let live = same.filter { !["withdrawn", "rejected", "expired"].contains($0.text(.status)) }
        guard live.dropFirst().contains(where: { $0.id == row.id }) else { return [] }
        return [Failure(at: row, .itemKey, ["control": .name(of: row), "item": row.word(.itemKey)])]
    }

    /// ROLE-16 (P; 17 6.1.1)
    static let signatories = Rule("ROLE-16", for: .allocationAgreementSignatures) { signature, view in
        let (party, signedOn) = (signature.ref(.partyId), signature.date(.signedAt))
        let name = signature.text(.personName)
        let isAuthorised = view.facts(.partySignatories, where: .parent, is: party).contains { signatory in
            guard let signedOn, signatory.text(.personName) == name else { return false }
            return (signatory.date(.validFrom).map { $0 <= signedOn } ?? true) && (signatory.date(.validTo).map { signedOn <= $0 } ?? true)
        }
        let siblings = view.facts(.allocationAgreementSignatures, where: .parent, is: signature.ref(.parent))
        let isAlone = !siblings.contains { $0.text(.side) != signature.text(.side) && $0.ref(.partyId) == party }
        guard !isAuthorised || !isAlone else { return [] }
        let words: [String: Word] = [
            "person": signature.word(.personName), "party": party.map { .record($0, .party) } ?? .kind(.party),
            "date": signedOn.map(Word.date) ?? .field(.signedAt),
        ]
        return [Failure(at: signature, .personName, words, side: signature.text(.side).flatMap { Side(name: $0) })]
    }

    /// ROLE-17 (17 6.1.1)
    static let boundary = Rule("ROLE-17", for: .responsibility) { row, _ in
        guard row.text(.allocation) == "shared", !row.isFilled(.boundaryNote) else { return [] }
        return [Failure(at: row, .boundaryNote, ["control": .name(of: row)])]
    }
}
