/// The kinds of facts: the record kinds, and after each its lists of objects and of texts as kinds of their own.
///
/// A list's members are facts of kind `<kind>.<field>` with their record as parent, as they are stored (design section 2).
package enum FactKind: String, CaseIterable, Sendable {
    case party
    case partyCertifications = "party.certifications"
    case partySignatories = "party.signatories"
    case contactPoint = "contact-point"
    case cloudService = "cloud-service"
    case cloudServiceAnnouncedFunctions = "cloud-service.announcedFunctions"
    case cloudServiceRequiredSystems = "cloud-service.requiredSystems"
    case serviceDependency = "service-dependency"
    case serviceDependencySecurityObjectives = "service-dependency.securityObjectives"
    case engagement
    case responsibility
    case sharedRole = "shared-role"
    case sharedRoleDuties = "shared-role.duties"
    case allocationAgreement = "allocation-agreement"
    case allocationAgreementRowHashes = "allocation-agreement.rowHashes"
    case allocationAgreementAttachedHashes = "allocation-agreement.attachedHashes"
    case allocationAgreementOpenObjections = "allocation-agreement.openObjections"
    case allocationAgreementSignatures = "allocation-agreement.signatures"
    case backupSpecification = "backup-specification"
    case backupSpecificationScope = "backup-specification.scope"
    case backupSpecificationSchedule = "backup-specification.schedule"
    case backupSpecificationLastRestoreTest = "backup-specification.lastRestoreTest"
    case backupSpecificationStorageLocations = "backup-specification.storageLocations"
    case backupRequirement = "backup-requirement"
    case backupRequirementOwnRestoreTests = "backup-requirement.ownRestoreTests"
    case jurisdiction
    case jurisdictionDataLocations = "jurisdiction.dataLocations"
    case jurisdictionPolicy = "jurisdiction-policy"
    case jurisdictionPolicyRequiredLaws = "jurisdiction-policy.requiredLaws"
    case jurisdictionPolicyTransferBasis = "jurisdiction-policy.transferBasis"
    case monitoringCapability = "monitoring-capability"
    case monitoringCapabilityItems = "monitoring-capability.items"
    case monitoringRequirement = "monitoring-requirement"
    case monitoringRequirementRequiredItems = "monitoring-requirement.requiredItems"
    case supplementaryMeasure = "supplementary-measure"
    case supplementaryMeasureClosedGaps = "supplementary-measure.closedGaps"
    case accessCapability = "access-capability"
    case cryptoCapability = "crypto-capability"
    case loggingCapability = "logging-capability"
    case serviceCapability = "service-capability"
    case securityRequirement = "security-requirement"
    case securityRequirementMeasurable = "security-requirement.measurable"
    case verification
    case gap
    case informationRequest = "information-request"
    case evidence
    case assetRemoval = "asset-removal"
    case assetRemovalAssets = "asset-removal.assets"
    case incidentProcedure = "incident-procedure"
    case changeNotice = "change-notice"
    case criticalOperation = "critical-operation"
    case policy
    case trainingRecord = "training-record"
    case asset
    case scopeStatement = "scope-statement"
    case scopeStatementServices = "scope-statement.services"
    case scopeStatementIsmsScopeServices = "scope-statement.ismsScopeServices"
    case scopeStatementIsmsScopeSites = "scope-statement.ismsScopeSites"
    case scopeStatementIsmsScopeDepartments = "scope-statement.ismsScopeDepartments"
    case scopeStatementSystems = "scope-statement.systems"
    case scopeStatementSites = "scope-statement.sites"
    case scopeStatementPersonnel = "scope-statement.personnel"
    case soa
    case soaEntry = "soa-entry"
    case risk
    case riskAssessedGaps = "risk.assessedGaps"
    case riskTreatment = "risk-treatment"
    case riskAcceptance = "risk-acceptance"
    case riskAcceptanceApprovedGaps = "risk-acceptance.approvedGaps"
    case internalAudit = "internal-audit"
    case internalAuditAuditors = "internal-audit.auditors"
    case auditFinding = "audit-finding"
    case managementReview = "management-review"
    case managementReviewOutputImprovements = "management-review.outputImprovements"
    case managementReviewOutputChanges = "management-review.outputChanges"
    case emergingTheme = "emerging-theme"
    case emergingThemeAutomatedOperations = "emerging-theme.automatedOperations"
    case businessActivity = "business-activity"
    case editionTable = "edition-table"
}

extension FactKind {
    /// As that of a field: not by its name.
    package func hash(into hasher: inout Hasher) { withUnsafeBytes(of: self) { hasher.combine(bytes: $0) } }

    /// The kind of this name in the record kinds: `backup-specification`, `scope-statement.services`.
    package static func named(_ name: String) -> FactKind? { byName[name] }
    private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

    /// The field that people call a record of this kind by; `nil` where it has none.
    package var namingField: FactField? {
        switch self {
        case .party: .legalName
        case .cloudService, .cloudServiceRequiredSystems, .scopeStatementSystems, .scopeStatementSites, .internalAuditAuditors: .name
        case .cloudServiceAnnouncedFunctions: .functionName
        case .serviceDependency: .upstreamName
        case .responsibility, .soaEntry: .controlId
        case .sharedRole: .roleName
        case .backupRequirement: .dataSetName
        case .jurisdiction: .lawName
        case .scopeStatementServices, .soa: .serviceName
        case .scopeStatementPersonnel: .group
        case .asset, .assetRemovalAssets: .assetName
        case .risk: .title
        case .riskTreatment: .planText
        case .policy: .policyKind
        case .gap: .field
        case .informationRequest: .question
        case .changeNotice: .technicalDescription
        case .criticalOperation: .operation
        case .auditFinding: .statement
        case .internalAudit: .performedOn
        case .managementReview: .heldOn
        case .managementReviewOutputImprovements: .decision
        case .managementReviewOutputChanges: .ismsChange
        case .emergingTheme: .theme
        case .businessActivity: .activity
        case .partySignatories: .personName
        case .partyCertifications: .scheme
        default: nil
        }
    }

    /// The fields that together name one thing: two facts with equal ones speak about the same.
    package var keyFields: [FactField] {
        switch self {
        case .responsibility: [.serviceId, .engagementId, .framework, .controlId, .itemKey]
        case .soaEntry: [.soaId, .controlId]
        default: []
        }
    }
}
