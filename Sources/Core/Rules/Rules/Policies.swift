import Records

/// Policies (POL).
enum PolicyRules {
    static let all = [cloudPolicies, acceptance, conformity, business]

    /// POL-1 (17 5.1.1; G 4.2.1(2)1))
    static let cloudPolicies = Rule("POL-1", for: .soa) { soa, view in
        let position = soa.text(.position)
        let needed = (Position.isCustomer(position) ? ["cloud-use"] : []) + (Position.isProvider(position) ? ["cloud-provision"] : [])
        return needed.compactMap { kind in
            let policies = view.facts(.policy, where: .policyKind, is: .text(kind), .own)
            guard !policies.contains(where: \.isApproved) else { return nil }
            let words = ["policy": Word.code(.policyKind, kind)]
            return policies.first.map { Failure(at: $0, .approvedOn, words) } ?? Failure(at: soa, missing: .policy, words)
        }
    }

    /// POL-2 (17 5.1.1; G 4.2.1(2)1))
    static let acceptance = Rule("POL-2", for: .policy) { policy, _ in
        guard let accepted = policy.int(.riskAcceptanceLevel), let organisation = policy.int(.organisationAcceptanceLevel),
            accepted > organisation
        else { return [] }
        return [Failure(at: policy, .riskAcceptanceLevel, ["a": .number(accepted), "b": .number(organisation)])]
    }

    /// POL-3 (G 4.2.1(1)1), (2)1))
    static let conformity = Rule("POL-3", for: .policy) { policy, _ in
        guard policy.is(.changesExistingPolicy) else { return [] }
        if let checked = policy.date(.ismsConformityCheckedOn), policy.date(.approvedOn).map({ $0 <= checked }) ?? true { return [] }
        return [Failure(at: policy, .ismsConformityCheckedOn, ["policy": .name(of: policy)])]
    }

    /// POL-4 (G 4.2.1(1)1))
    static let business = Rule("POL-4") { view in
        let policies = view.facts(.policy, where: .policyKind, is: .text("business"), .own)
        return policies.contains(where: \.isApproved) ? [] : [Failure(at: policies.first, missing: .policy, [:])]
    }
}
