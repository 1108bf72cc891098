extension Kind {
    private static func capability(_ name: String, _ fields: [Field]) -> Kind {
        Kind(name, sides: [.provider], spaces: [.service, .private], key: nil, fields: fields + Field.cited)
    }

    private static let backupSpecification = capability(
        "backup-specification",
        [
            Field("method", .enumeration(Vocabulary.backupMethod), expected: true),
            Field("dataFormat", .string, expected: true),
            Field("encryptionAtRest", .enumeration(Vocabulary.encryptionAtRest), expected: true),
            Field("encryptionAlgorithm", .string),
            Field("encryptionInTransit", .bool, expected: true),
            Field("retention", .duration, expected: true),
            Field("generations", .int, typing: .least(1)),
            Field("immutability", .duration),
            Field("integrityCheckProcedure", .text, .languages, expected: true),
            Field("integrityCheckInterval", .duration),
            Field("restoreProcedure", .text, .languages, expected: true),
            Field("restoreTimescale", .duration, expected: true),
            Field("restoreGranularity", .enumeration(Vocabulary.restoreGranularity), .set),
            Field("selfServiceRestore", .bool),
            Field("testProcedure", .text, .languages, expected: true),
            Field("restoreTestInterval", .duration),
            Field("lastRestoreTest.testedOn", .date),
            Field("lastRestoreTest.result", .enumeration(Vocabulary.testResult)),
            Field("lastRestoreTest.evidenceId", .record, of: "evidence"),
            Field("tenantSegregation", .text, .languages),
            Field("rpo", .duration, expected: true),
            Field("rto", .duration, expected: true),
            Field("commitment", .enumeration(["contractual", "target", "none"]), expected: true),
            Field("deletionAfterExit", .duration, expected: true),
        ])

    private static let jurisdiction = capability(
        "jurisdiction",
        [
            Field("country", .country, required: true, typing: .union),
            Field("subdivision", .code, typing: .subdivision),
            Field("lawName", .text, .languages, expected: true),
            Field("lawCitation", .string),
            Field("category", .enumeration(Vocabulary.lawCategory), expected: true),
            Field("basis", .enumeration(Vocabulary.lawBasis), expected: true),
            Field("lawEffectiveFrom", .date, expected: true),
            Field("lawExpiredOn", .date),
            Field("successorId", .record, of: "jurisdiction"),
            Field("complianceStatement", .text, .languages),
            Field("complianceEvidenceIds", .record, .set, of: "evidence"),
            Field("disclosureToAuthorities", .text, .languages),
            Field("lastCheckedOn", .date, expected: true),
        ])

    private static let monitoringCapability = capability(
        "monitoring-capability",
        [
            Field("hostBased", .bool, expected: true),
            Field("performanceImpact", .text, .languages),
            Field("accessControl", .text, .languages, expected: true),
            Field("ownInstancesOnly", .bool, expected: true),
            Field("eventLogConsistency", .text, .languages),
            Field("slaLink", .text, .languages),
            Field("documentation", .string, expected: true),
        ])

    /// What every description of a function says.
    private static let described = [
        Field("description", .text, .languages, expected: true),
        Field("specificationUrl", .string),
        Field("limits", .text, .languages),
        Field("disclosureLevel", .enumeration(Vocabulary.disclosureLevel), expected: true),
    ]

    private static let cryptoCapability = capability(
        "crypto-capability",
        described + [
            Field("atRest", .bool),
            Field("inTransitExternal", .bool),
            Field("inTransitInternal", .bool),
            Field("algorithms", .code, .set),
            Field("keyLengths", .code, .set),
            Field("keyManagement", .enumeration(["provider-managed", "customer-managed", "customer-held"])),
            Field("keyTypes", .code, .set),
            Field("customerCryptoSupport", .text, .languages),
            Field("exportClassification", .string),
        ])

    private static let loggingCapability = capability(
        "logging-capability",
        described + [
            Field("eventTypes", .code, .set),
            Field("delivery", .enumeration(["console", "api", "export", "stream"]), .set),
            Field("retention", .duration),
            Field("timeSource", .string),
            Field("privilegedOperations", .bool),
        ])

    private static let serviceCapability = capability(
        "service-capability",
        [Field("topic", .enumeration(Vocabulary.serviceTopic), required: true)] + described + [
            Field("referenceClock", .string),
            Field("customerSync", .text, .languages),
            Field("disclosureChannel", .string),
            Field("targetRemediation", .duration),
        ])

    private static let assetRemoval = capability(
        "asset-removal",
        [
            Field("returnMethod", .text, .languages, expected: true),
            Field("returnWindow", .duration, expected: true),
            Field("removalDeadline", .duration, expected: true),
            Field("copiesCovered", .enumeration(["primary", "replica", "backup", "log", "upstream"]), .set, expected: true),
            Field("deletionMethod", .text, .languages),
            Field("inAgreement", .bool, expected: true),
        ])

    private static let changeNotice = capability(
        "change-notice",
        [
            Field("changeCategory", .enumeration(Vocabulary.changeCategory), required: true),
            Field("plannedStart", .dateTime, expected: true),
            Field("technicalDescription", .text, .languages, expected: true),
            Field("startedAt", .dateTime),
            Field("completedAt", .dateTime),
            Field("causedByUpstream", .record, of: "service-dependency"),
            Field("affectedRecordIds", .record, .set, expected: true),
        ])

    /// What a provider publishes of its service beside the matrix: specifications, laws, functions, procedures.
    package static let capabilities: [Kind] = [
        backupSpecification,
        backupSpecification.items(
            "scope",
            [
                Field("dataSet", .enumeration(Vocabulary.dataSet), required: true),
                Field("included", .bool, expected: true),
                Field("note", .text, .languages),
            ]),
        backupSpecification.items(
            "schedule",
            [
                Field("backupType", .enumeration(["full", "incremental", "differential", "snapshot", "continuous"]), expected: true),
                Field("interval", .duration, expected: true),
                Field("window", .string),
            ]),
        backupSpecification.items(
            "storageLocations",
            [
                Field("country", .country, required: true),
                Field("subdivision", .code, typing: .subdivision),
                Field("siteLabel", .string),
                Field("separateFromPrimary", .bool, expected: true),
                Field("upstreamServiceId", .record, of: "cloud-service"),
            ]),
        jurisdiction,
        jurisdiction.items(
            "dataLocations",
            [
                Field("country", .country, required: true),
                Field("subdivision", .code, typing: .subdivision),
                Field("purpose", .enumeration(["primary", "backup", "support-access", "temporary"]), expected: true),
            ]),
        monitoringCapability,
        monitoringCapability.items(
            "items",
            [
                Field("itemKey", .enumeration(Vocabulary.monitoringItem), required: true),
                Field("method", .enumeration(Vocabulary.monitoringMethod), expected: true),
                Field("interval", .duration),
                Field("retention", .duration),
                Field("alerting", .bool),
                Field("note", .text, .languages),
            ]),
        capability(
            "access-capability",
            described + [
                Field("userRegistration", .bool),
                Field("userDeregistration", .bool),
                Field("accessRightsManagement", .bool),
                Field("federation", .enumeration(["saml", "oidc", "scim", "none"]), .set),
                Field(
                    "adminAuthentication", .enumeration(["password", "totp", "fido2", "sms", "certificate", "third-party-mfa"]), .set),
                Field("secretAllocationProcedure", .text, .languages),
                Field("restrictableObjects", .enumeration(["service", "function", "data"]), .set),
            ]),
        cryptoCapability,
        cryptoCapability.items(
            "keyLifecycle",
            [
                Field("stage", .enumeration(Vocabulary.keyStage), required: true),
                Field("procedure", .text, .languages, expected: true),
            ]),
        loggingCapability,
        serviceCapability,
        serviceCapability.items(
            "agreedCapacity",
            [
                Field("resource", .text, .languages),
                Field("amount", .decimal, expected: true),
                Field("unit", .string, expected: true),
            ]),
        assetRemoval,
        assetRemoval.items(
            "assets",
            [
                Field("assetName", .text, .languages),
                Field("assetType", .enumeration(Vocabulary.removedAsset), expected: true),
                Field("returned", .bool, expected: true),
                Field("removed", .bool, expected: true),
                Field("format", .string),
            ]),
        capability(
            "incident-procedure",
            [
                Field("reportableScope", .text, .languages, expected: true),
                Field("disclosureLevel", .text, .languages, expected: true),
                Field("targetNotificationTime", .duration, expected: true),
                Field("notificationProcedure", .text, .languages, expected: true),
                Field("contactPointIds", .record, .set, expected: true, of: "contact-point"),
                Field("remedies", .text, .languages, expected: true),
                Field("customerReportChannel", .text, .languages, expected: true),
                Field("providerReportChannel", .text, .languages, expected: true),
                Field("statusTracking", .text, .languages, expected: true),
                Field("evidenceRequestProcedure", .text, .languages, expected: true),
            ]),
        changeNotice,
    ]
}

extension Field {
    /// What a record of any kind may say of itself: what it is about, how long it holds, and what proves it.
    package static let cited = [
        Field("edition", .enumeration(Editions.shipped.of("iso27017"))),
        Field("controlIds", .code, .set),
        Field("effectiveFrom", .date),
        Field("effectiveTo", .date),
        Field("reviewDue", .date),
        Field("classification", .string),
        Field("evidenceIds", .record, .set, of: "evidence"),
    ]
}
