/// The fields of facts, by their names in the record kinds; one name means one case, whatever the kind.
package enum FactField: String, CaseIterable, Sendable {
    // Where a fact stands, who made it, and what its history says; none of it is typed in.
    case parent, name, serviceId, engagementId, authorSide, authorPartyId, status, revision, supersedes, currentRevision, contentHash
    case currentHash, effectiveFrom, effectiveTo, reviewDue, edition, controlIds, visibility, recipientPartyId, evidenceIds, text

    // What people enter, in the order of the record kinds.
    case legalName, registrationNumber, roles, partnerKind, supplyChainPosition, headOfficeCountry, operatingCountries, scheme
    case certificateNumber, body, scopeText, validFrom, validTo, personName, title, email, keyFingerprint, purpose, channel, address
    case serviceHours, country, providerPartyId, serviceModel, capabilityType, deploymentModel, selfService, broadNetworkAccess
    case resourcePooling, rapidElasticity, measuredService, definedInterface, characteristicsNote, catalogueUrl, slaReference
    case providesBackup, functionName, systemId, deployedAt, location, siteId, indispensable, downstreamServiceId, upstreamServiceId
    case upstreamName, upstreamPartyId, dependencyType, customerDataFlows, riskManagementRequired, upstreamMatrixRevision
    case disclosedToCustomers, customerPartyId, serviceIds, contractRef, startDate, endDate, governingLaw, framework, controlId, itemKey
    case topic, allocation, supplierPartyId, dependencyId, providerStatement, customerStatement, customerAction, boundaryNote
    case responsible, accountable, consulted, informed, implementationStatus, notApplicableReason, lastReviewedOn, providerAllocation
    case customerAllocation, providerCanFulfil, customerCanFulfil, agreedByProviderHash, agreedByCustomerHash, roleName, holderSide
    case holderPartyId, communicatedOn, awarenessRecordIds, policyIds, reviewInterval, recordId, rowId, side, raisedAt, partyId
    case signedAt, method, dataFormat, encryptionAtRest, encryptionAlgorithm, encryptionInTransit, retention, generations, immutability
    case integrityCheckProcedure, integrityCheckInterval, restoreProcedure, restoreTimescale, restoreGranularity, selfServiceRestore
    case testProcedure, restoreTestInterval, tenantSegregation, rpo, rto, commitment, deletionAfterExit, dataSet, included, note
    case backupType, interval, window, testedOn, result, evidenceId, subdivision, siteLabel, separateFromPrimary, dataSetName
    case requiredScope, importance, maxRpo, maxRto, minRetention, maxRetention, permanentByLaw, lawRef, encryptionRequired
    case allowedCountries, separateSiteRequired, maxRestoreTestInterval, maxIntegrityCheckInterval, continuityPlanRef, policyId
    case measuredRto, lawName, lawCitation, category, basis, lawEffectiveFrom, lawExpiredOn, successorId, complianceStatement
    case complianceEvidenceIds, disclosureToAuthorities, lastCheckedOn, customerDecision, decisionNote, acceptedCountries
    case rejectedCountries, evidenceRequiredFor, fromCountry, toCountry, hostBased, performanceImpact, accessControl, ownInstancesOnly
    case eventLogConsistency, slaLink, documentation, alerting, userActivityProcedure, recordTypesConfirmed, recordDisplayConfirmed
    case recordRetentionConfirmed, supplementIds, maxInterval, alertingRequired, gapIds, measure, toolName, ownerRoleId, inPlaceFrom
    case description, specificationUrl, limits, disclosureLevel, userRegistration, userDeregistration, accessRightsManagement
    case federation, adminAuthentication, secretAllocationProcedure, restrictableObjects, atRest, inTransitExternal, inTransitInternal
    case algorithms, keyLengths, keyManagement, keyTypes, keyLifecycle, customerCryptoSupport, exportClassification, eventTypes
    case delivery, timeSource, privilegedOperations, referenceClock, customerSync, agreedCapacity, disclosureChannel, targetRemediation
    case requirement, mandatory, metric, `operator`, value, unit, requirementId, capabilityId, capabilityRevision, verifiedOn, field
    case requiredValue, offeredValue, riskId, requestedKind, question, requestedOn, dueOn, answerId, outcome, declineReason, evidenceType
    case issuer, independent, periodFrom, periodTo, coveredServiceIds, coveredControlIds, fileHash, sizeBytes, returnMethod, returnWindow
    case removalDeadline, copiesCovered, deletionMethod, inAgreement, contractEndedOn, removedOn, removalEvidenceId, customerConfirmedOn
    case assetName, assetType, returned, removed, format, reportableScope, targetNotificationTime, notificationProcedure
    case contactPointIds, remedies, customerReportChannel, providerReportChannel, statusTracking, evidenceRequestProcedure
    case customerMaxNotificationTime, changeCategory, plannedStart, technicalDescription, startedAt, completedAt, causedByUpstream
    case affectedRecordIds, customerImpact, reopensAgreement, operation, procedure, supervisorRoleId, providedToCustomer, policyKind
    case topicsCovered, riskAcceptanceLevel, organisationAcceptanceLevel, changesExistingPolicy, ismsConformityCheckedOn, approvedBy
    case approvedOn, audience, topics, heldOn, heldIn, label, criterion, pattern, ismsScopeRef, activities, boundaryText
    case customerRelationInRisk, serviceName, position, activity, inScope, reasonIfOut, siteKind, dataCentreMode, staffAttend
    case supplierControlsApplied, managementInterfaceHost, group, department, ismsPersonnel, cloudSecurityPersonnel, usesMark
    case edition27001, edition27017, comparisonMode, scopeStatementId, adopted27001, reason27001, adoptedProvider, adoptedCustomer
    case reasonProvider, reasonCustomer, evaluatedOn, treatmentIds, responsibilityIds, soaId, exclusionConfirmedBy, riskSource
    case properties, consequence, likelihood, level, acceptanceLevel, ownerName, assessedOn, ismsRegisterRef, fedBackOn, reassessDue
    case opportunity, option, comparedWithAnnexA, comparedWith27017, strengthens27001Controls, planText, progress, residualLevel
    case approvedByOwner, planApproved, plannedInterval, performedOn, criteria, coveredPositions, sampledRowIds, reportedToManagementOn
    case grade, clause, statement, cause, correctiveAction, closedOn, effectivenessCheckedOn, inputA, inputB, inputC1, inputC2, inputC3
    case inputC4, inputD, inputE, inputF, cloudCoverage, sourceRecordIds, outputServiceQuality, disclosureDecision, retainedEvidenceId
    case decision, ismsChange, needed, doneOn, theme, inUse, environments, personalDevices, closedSystemConnected, riskIds, opportunityText
    case affectedControlIds, reviewedOn, usesServiceIds, itsmConsidered, applies27017Controls, editionId, publishedOn, supersededOn
    case supersededBy, verifiedFrom, gapId
}

extension FactField {
    /// Left alone, the compiler hashes the name, which is looked up among five hundred each time.
    package func hash(into hasher: inout Hasher) { withUnsafeBytes(of: self) { hasher.combine(bytes: $0) } }

    package static func named(_ name: String) -> FactField? { byName[name] }
    private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

    /// Where a fact stands and whose it is; every rule may read it without saying so.
    package static let placement: Set<FactField> = [.parent, .serviceId, .engagementId, .authorSide]

    /// The fields other than references by whose value facts are looked up.
    static let lookedUp: Set<FactField> = [
        .controlId, .authorSide, .topic, .purpose, .policyKind, .requestedKind, .systemId, .siteId,
        .editionId,
    ]
}
