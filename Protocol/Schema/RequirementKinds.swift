extension Kind {
    /// What an organisation keeps for itself, and may share with the counterpart of an engagement.
    private static func requirement(_ name: String, key: [String]? = nil, _ fields: [Field]) -> Kind {
        Kind(name, sides: [.customer], spaces: [.engagement, .private], key: key, fields: fields + Field.cited)
    }

    /// One side's part of a record that the provider publishes to all its customers.
    private static func position(_ name: String, on subject: String, sides: Set<Side>, _ fields: [Field]) -> Kind {
        Kind(
            name + "-position", sides: sides, spaces: [.engagement], key: [subject, "side"],
            fields: [
                Field(subject, .record, .writeOnce, required: true, of: name),
                Field("side", .enumeration(Vocabulary.side), .writeOnce, required: true),
            ] + fields)
    }

    private static let service = Field("serviceId", .record, expected: true, of: "cloud-service")

    private static let backupRequirement = requirement(
        "backup-requirement",
        [
            service,
            Field("dataSetName", .text, .languages, expected: true),
            Field("requiredScope", .enumeration(Vocabulary.dataSet), .set, expected: true),
            Field("importance", .enumeration(["low", "medium", "high", "critical"]), expected: true),
            Field("maxRpo", .duration, expected: true),
            Field("maxRto", .duration, expected: true),
            Field("minRetention", .duration, expected: true),
            Field("maxRetention", .duration),
            Field("permanentByLaw", .bool, expected: true),
            Field("lawRef", .record, of: "jurisdiction"),
            Field("encryptionRequired", .enumeration(["none", "any", "customer-managed-key", "customer-held-key"]), expected: true),
            Field("allowedCountries", .country, .set),
            Field("separateSiteRequired", .bool, expected: true),
            Field("maxRestoreTestInterval", .duration, expected: true),
            Field("maxIntegrityCheckInterval", .duration),
            Field("continuityPlanRef", .string),
            Field("policyId", .record, expected: true, of: "policy"),
        ])

    private static let jurisdictionPolicy = requirement(
        "jurisdiction-policy",
        [
            Field("acceptedCountries", .country, .set, expected: true, typing: .union),
            Field("rejectedCountries", .country, .set, typing: .union),
            Field("evidenceRequiredFor", .enumeration(Vocabulary.lawCategory), .set),
        ])

    private static let monitoringRequirement = requirement(
        "monitoring-requirement",
        [
            service,
            Field("userActivityProcedure", .text, .languages, expected: true),
            Field("recordTypesConfirmed", .bool, expected: true),
            Field("recordDisplayConfirmed", .bool, expected: true),
            Field("recordRetentionConfirmed", .bool, expected: true),
            Field("supplementIds", .record, .set, of: "supplementary-measure"),
        ])

    private static let supplementaryMeasure = requirement(
        "supplementary-measure",
        [
            service,
            Field("gapIds", .record, .set, expected: true, of: "gap"),
            Field("measure", .text, .languages, expected: true),
            Field("toolName", .string),
            Field("ownerRoleId", .record, expected: true, of: "shared-role"),
            Field("inPlaceFrom", .date, expected: true),
        ])

    /// What a customer asks of a service, what it found when it compared, and how both sides ask and answer.
    package static let requirements: [Kind] = [
        backupRequirement,
        backupRequirement.items(
            "ownRestoreTests",
            [
                Field("testedOn", .date, required: true),
                Field("result", .enumeration(Vocabulary.testResult), expected: true),
                Field("measuredRto", .duration),
                Field("evidenceId", .record, of: "evidence"),
            ]),
        jurisdictionPolicy,
        jurisdictionPolicy.texts("requiredLaws"),
        jurisdictionPolicy.items(
            "transferBasis",
            [
                Field("fromCountry", .country, required: true),
                Field("toCountry", .country, required: true),
                Field("basis", .enumeration(["adequacy", "contract-clauses", "consent", "other"]), expected: true),
                Field("note", .text, .languages),
            ]),
        monitoringRequirement,
        monitoringRequirement.items(
            "requiredItems",
            [
                Field("itemKey", .enumeration(Vocabulary.monitoringItem), required: true),
                Field("method", .enumeration(Vocabulary.monitoringMethod), expected: true),
                Field("maxInterval", .duration),
                Field("minRetention", .duration),
                Field("alertingRequired", .bool),
            ]),
        requirement(
            "security-requirement",
            [
                service,
                Field("topic", .enumeration(Vocabulary.requirementTopic), required: true),
                Field("requirement", .text, .languages, expected: true),
                Field("measurable.metric", .string),
                Field("measurable.operator", .enumeration(["at-most", "at-least", "equals"])),
                Field("measurable.value", .string),
                Field("measurable.unit", .string),
                Field("mandatory", .bool, expected: true),
            ]),
        supplementaryMeasure,
        supplementaryMeasure.judgedGaps("closedGaps"),
        requirement(
            "verification",
            [
                Field("requirementId", .record, required: true),
                Field("requirementDigest", .digest),
                Field("capabilityId", .record),
                Field("capabilityDigest", .digest),
                Field("verifiedOn", .date, required: true),
                Field("result", .enumeration(["meets", "gap", "not-verifiable", "no-capability"]), expected: true),
            ]),
        requirement(
            "gap", key: ["requirementId", "field"],
            [
                Field("requirementId", .record, .writeOnce, required: true),
                Field("field", .string, .writeOnce, required: true),
                service,
                Field("capabilityId", .record),
                Field("requiredValue", .string),
                Field("offeredValue", .string),
                Field("status", .enumeration(["open", "risk-assessed", "closed", "accepted"]), expected: true),
                Field("riskId", .record, of: "risk"),
            ]),
        position(
            "jurisdiction", on: "jurisdictionId", sides: [.customer],
            [
                Field("customerDecision", .enumeration(["accepted", "accepted-with-conditions", "rejected", "pending"]), expected: true),
                Field("decisionNote", .text, .languages),
            ]),
        position(
            "asset-removal", on: "assetRemovalId", sides: [.provider, .customer],
            [
                Field("inAgreement", .bool, expected: true),
                Field("contractEndedOn", .date),
                Field("removedOn", .date, sides: [.provider]),
                Field("removalEvidenceId", .record, sides: [.provider], of: "evidence"),
                Field("customerConfirmedOn", .date, sides: [.customer]),
            ]),
        position(
            "incident-procedure", on: "incidentProcedureId", sides: [.customer],
            [
                Field("contactPointIds", .record, .set, expected: true, of: "contact-point"),
                Field("evidenceRequestProcedure", .text, .languages, expected: true),
                Field("customerMaxNotificationTime", .duration),
            ]),
        position(
            "change-notice", on: "changeNoticeId", sides: [.customer], [Field("customerImpact", .text, .languages)]),
        Kind(
            "information-request", sides: [.provider, .customer], spaces: [.engagement], key: nil,
            fields: [
                Field("requestedKind", .code, required: true, typing: .kind),
                Field("controlId", .code, expected: true),
                Field("question", .text, .languages, expected: true),
                Field("requestedOn", .date, expected: true),
                Field("dueOn", .date, expected: true),
            ]),
        Kind(
            "information-request-answer", sides: [.provider, .customer], spaces: [.engagement], key: ["requestId", "side"],
            fields: [
                Field("requestId", .record, .writeOnce, required: true, of: "information-request"),
                Field("side", .enumeration(Vocabulary.side), .writeOnce, required: true),
                Field("answerId", .record),
                Field("declineReason", .text, .languages),
                Field("answeredOn", .date, expected: true),
            ]),
    ]
}
