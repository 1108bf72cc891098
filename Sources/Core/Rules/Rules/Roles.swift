import BuntanProtocol
import Records

/// Roles and responsibilities: what each row says (ROLE-1 to ROLE-9).
enum RoleRules {
    static let all =
        [
            allocated, statements, sameContent, supplierNamed, notApplicable, canFulfil, supportContact, adoptedHaveRows, accountable,
        ] + AgreementRules.all

    /// ROLE-1 (17 6.1.1, CLD.6.3.1; G 4.2.1(2)2))
    static let allocated = Rule("ROLE-1", for: .responsibility) { row, _ in
        let allocation = row.text(.allocation)
        guard allocation == nil || allocation == "unallocated" else { return [] }
        let item = row.text(.itemKey).flatMap { $0 == RowKey.mainItem ? nil : "/" + $0 } ?? ""
        return [Failure(at: row, .allocation, ["control": .text((row.text(.controlId) ?? "") + item)])]
    }

    /// ROLE-2 (17 CLD.6.3.1)
    static let statements = Rule("ROLE-2", for: .responsibility) { row, _ in
        let allocation = row.text(.allocation)
        return sides(of: allocation).filter { !row.isFilled($0.statement) }.map {
            Failure(
                at: row, $0.statement,
                ["control": .name(of: row), "allocation": row.word(.allocation, isCode: true), "side": .side($0)], side: $0)
        }
    }

    /// ROLE-3 (17 6.1.1)
    static let sameContent = Rule("ROLE-3", for: .responsibility) { row, _ in
        let (provider, customer) = (row.text(.agreedByProviderHash), row.text(.agreedByCustomerHash))
        // One signature alone waits for the other: that is no disagreement, unless the row counts as agreed.
        guard row.text(.status) == "agreed" || (provider != nil && customer != nil) else { return [] }
        guard let provider, provider == customer, provider == row.text(.contentHash) else {
            return [Failure(at: row, nil, ["control": .name(of: row)])]
        }
        return []
    }

    /// ROLE-4 (17 6.1.1, 15.1.3)
    static let supplierNamed = Rule("ROLE-4", for: .responsibility) { row, view in
        guard row.text(.allocation) == "supplier" else { return [] }
        let words = ["control": Word.name(of: row)]
        guard let supplier = row.ref(.supplierPartyId) else { return [Failure(at: row, .supplierPartyId, words, side: .provider)] }
        let isCloud = !view.facts(.serviceDependency, where: .upstreamPartyId, is: supplier).isEmpty
        return isCloud && row.ref(.dependencyId) == nil ? [Failure(at: row, .dependencyId, words, side: .provider)] : []
    }

    /// ROLE-5 (J 4.2.2; 17 6.1.1)
    ///
    /// Each side accepts by its own allocation: signatures come later, and an open violation would keep them from ever coming.
    static let notApplicable = Rule("ROLE-5", for: .responsibility) { row, _ in
        guard row.text(.allocation) == "not-applicable" else { return [] }
        let words = ["control": Word.name(of: row)]
        guard row.isFilled(.notApplicableReason) else { return [Failure(at: row, .notApplicableReason, words)] }
        return Side.allCases.filter { row.text($0.allocation) != "not-applicable" }.map {
            Failure(at: row, $0.allocation, words, side: $0)
        }
    }

    /// ROLE-6 (17 6.1.1)
    static let canFulfil = Rule("ROLE-6", for: .responsibility) { row, _ in
        sides(of: row.text(.allocation)).filter { row.text($0.canFulfil) != "yes" }.map {
            Failure(at: row, $0.canFulfil, ["side": .side($0), "control": .name(of: row)], side: $0)
        }
    }

    /// ROLE-7 (17 6.1.1)
    static let supportContact = Rule("ROLE-7", for: .engagement) { engagement, view in
        let services = engagement.refs(.serviceIds).flatMap { view.facts(.contactPoint, where: .serviceId, is: $0) }
        let contacts = services + view.facts(.contactPoint, where: .engagementId, is: engagement.id)
        return contacts.contains { $0.text(.purpose) == "support" && $0.text(.authorSide) != "customer" }
            ? [] : [Failure(at: engagement, missing: .contactPoint, [:], side: .provider)]
    }

    /// ROLE-8 (17 6.1.1; J 4.2.2)
    static let adoptedHaveRows = Rule("ROLE-8", for: .soaEntry) { entry, view in
        guard ApplicabilityRules.isAdopted(entry), let control = entry.value(.controlId),
            let service = view.fact(.soa, entry.ref(.soaId), .own)?.ref(.serviceId)
        else { return [] }
        return view.facts(.responsibility, where: .controlId, is: control).contains { $0.ref(.serviceId) == service }
            ? [] : [Failure(at: entry, missing: .responsibility, ["control": .name(of: entry)], service: service)]
    }

    /// ROLE-9 (P; 17 CLD.6.3.1 (identified parties))
    static let accountable = Rule("ROLE-9", for: .responsibility) { row, _ in
        guard row.text(.allocation) != "not-applicable" else { return [] }
        let words = ["control": Word.name(of: row)]
        guard row.refs(.accountable).count == 1 else { return [Failure(at: row, .accountable, words)] }
        return row.refs(.responsible).isEmpty ? [Failure(at: row, .responsible, words)] : []
    }

    /// The sides that have a share of a row.
    static func sides(of allocation: String?) -> [Side] {
        switch allocation {
        case "provider", "supplier": [.provider]
        case "customer": [.customer]
        case "shared": [.provider, .customer]
        default: []
        }
    }
}

extension Side {
    fileprivate var statement: FactField { self == .provider ? .providerStatement : .customerStatement }
    fileprivate var canFulfil: FactField { self == .provider ? .providerCanFulfil : .customerCanFulfil }
    fileprivate var allocation: FactField { self == .provider ? .providerAllocation : .customerAllocation }
}
