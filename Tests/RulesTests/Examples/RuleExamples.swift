/// The examples of every group, in the order of the table.
enum RuleExamples {
    static let all: [RuleExample] = [
        ScopeExamples.all,
        ApplicabilityExamples.all,
        RoleExamples.all,
        BackupExamples.all,
        JurisdictionExamples.all,
        MonitoringExamples.all,
        AssetRemovalExamples.all,
        CapabilityExamples.all,
        SupplyExamples.all,
        RiskExamples.all,
        InternalAuditExamples.all,
        ManagementReviewExamples.all,
        EmergingThemeExamples.all,
        ServiceManagementExamples.all,
        EditionExamples.all,
    ].flatMap { $0 }
}
