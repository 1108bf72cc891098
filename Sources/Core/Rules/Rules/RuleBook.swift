import BuntanProtocol

/// All rules that have code, in the order of the table.
package enum RuleBook {
    package static let rules: [Rule] = [
        ScopeRules.all,
        ApplicabilityRules.all,
        RoleRules.all,
        BackupRules.all,
        JurisdictionRules.all,
        MonitoringRules.all,
        AssetRemovalRules.all,
        CapabilityRules.all,
        SupplyRules.all,
        PolicyRules.all,
        RiskRules.all,
        InternalAuditRules.all,
        ManagementReviewRules.all,
        EmergingThemeRules.all,
        ServiceManagementRules.all,
        EditionRules.all,
        IntegrityRules.all,
    ].flatMap { $0 }
}

// What rules of several groups ask.

/// The position that a service's scope or statement of applicability gives.
enum Position {
    static func isProvider(_ position: String?) -> Bool { position == "provider" || position == "both" }
    static func isCustomer(_ position: String?) -> Bool { position == "customer" || position == "both" }
    static let all: Set = ["provider", "customer", "both"]

    /// The sides that somebody in a position is on.
    static func sides(_ position: String?) -> [Side] {
        [(Side.provider, isProvider(position)), (.customer, isCustomer(position))].filter(\.1).map(\.0)
    }
}

extension ViewedFact {
    /// Whether a field's name is among the texts of a list of names.
    func names(_ field: FactField, oneOf listed: [ViewedFact]) -> Bool {
        guard let name = value(field) else { return false }
        return listed.contains { $0.value(.text)?.names(name) ?? false }
    }

    /// What a dependency's upstream service is called.
    var upstream: Word {
        if let id = ref(.upstreamServiceId) { return .service(id) }
        return word(.upstreamName)
    }
}

extension FactView {
    /// The measures that are in place today and close a gap.
    func measures(closing gap: FactID) -> [ViewedFact] {
        facts(.supplementaryMeasure, where: .gapIds, is: gap).filter { measure in
            measure.date(.inPlaceFrom).map { $0 <= today } ?? false
        }
    }
}

extension ViewedFact {
    /// Whether a record of an organisation's own stands: agreed, or private and so without a status, and approved by now.
    var isApproved: Bool {
        let status = text(.status)
        return (status == nil || status == "agreed") && deed(.approvedOn, by: view.today) != nil
    }
}
