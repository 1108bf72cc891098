extension Kind {
    /// A record that an organisation keeps for itself. An entry that belongs to another by its key is about what that one is about.
    private static func own(_ name: String, key: [String]? = nil, _ fields: [Field]) -> Kind {
        let named = Set(fields.map(\.name))
        let cited = key == nil ? Field.cited.filter { !named.contains($0.name) } : []
        return Kind(name, sides: [.provider, .customer], spaces: [.private], key: key, fields: fields + cited)
    }

    private static let internalAudit = own(
        "internal-audit",
        [
            Field("plannedInterval", .duration, expected: true),
            Field("performedOn", .date, required: true),
            Field("criteria", .enumeration(["jisq27001", "jip-isms517", "jisq27017", "own-rules"]), .set, expected: true),
            Field("coveredServiceIds", .record, .set, expected: true, of: "cloud-service"),
            Field("coveredPositions", .enumeration(Vocabulary.side), .set, expected: true),
            Field("sampledRowIds", .record, .set, of: "responsibility"),
            Field("reportedToManagementOn", .date, expected: true),
        ])

    private static let managementReview = own(
        "management-review",
        [Field("heldOn", .date, required: true), Field("plannedInterval", .duration, expected: true)]
            + ["inputA", "inputB", "inputC1", "inputC2", "inputC3", "inputC4", "inputD", "inputE", "inputF"].map {
                Field($0, .text, .languages, expected: true)
            } + [
                Field("cloudCoverage", .record, .set, expected: true, of: "cloud-service"),
                Field("sourceRecordIds", .record, .set),
                Field("outputServiceQuality", .text, .languages),
                Field("disclosureDecision", .enumeration(["disclose", "internal"])),
                Field("retainedEvidenceId", .record, expected: true, of: "evidence"),
            ])

    private static let emergingTheme = own(
        "emerging-theme",
        [
            Field("theme", .enumeration(["telework", "byod", "iot", "ai", "other"]), required: true),
            Field("inUse", .enumeration(["yes", "planned", "no", "unknown"]), expected: true),
            Field("environments", .enumeration(["office", "satellite-office", "home", "factory", "outdoor", "vehicle"]), .set),
            Field("personalDevices", .bool),
            Field("closedSystemConnected", .bool),
            Field("riskIds", .record, .set, of: "risk"),
            Field("opportunityText", .text, .languages),
            Field("affectedControlIds", .code, .set),
            Field("reviewedOn", .date, expected: true),
        ])

    private static let risk = own(
        "risk",
        [
            Field("title", .text, .languages, required: true),
            Field("riskSource", .enumeration(Vocabulary.riskSource), expected: true),
            Field("position", .enumeration(Vocabulary.side), expected: true),
            Field("serviceId", .record, of: "cloud-service"),
            Field("gapIds", .record, .set, of: "gap"),
            Field(
                "properties", .enumeration(["confidentiality", "integrity", "availability", "service-quality"]), .set, expected: true),
            Field("consequence", .int, expected: true, typing: .least(0)),
            Field("likelihood", .int, expected: true, typing: .least(0)),
            Field("level", .int, expected: true, typing: .least(0)),
            Field("acceptanceLevel", .int, expected: true, typing: .least(0)),
            Field("ownerName", .string, expected: true),
            Field("assessedOn", .date, expected: true),
            Field("ismsRegisterRef", .string, expected: true),
            Field("fedBackOn", .date, expected: true),
            Field("reassessDue", .date, expected: true),
            Field("opportunity", .text, .languages),
        ])

    private static let riskAcceptance = own(
        "risk-acceptance",
        [
            Field("riskId", .record, required: true, of: "risk"),
            Field("residualLevel", .int, expected: true, typing: .least(0)),
            Field("approvedByOwner", .string, expected: true),
            Field("approvedOn", .date, expected: true),
            Field("planApproved", .bool, expected: true),
            Field("validTo", .date),
        ])

    /// The gaps that an assessment, an approval or a measure is about, with what was required and offered then: where either has changed
    /// since, it is of another gap.
    func judgedGaps(_ list: String) -> Kind {
        items(
            list,
            [
                Field("gapId", .record, required: true, of: "gap"), Field("requiredValue", .string, expected: true),
                Field("offeredValue", .string, expected: true),
            ])
    }

    /// What an organisation decides and reviews for itself: the statement of applicability, risks, audits and reviews.
    package static let management: [Kind] = [
        own(
            "soa",
            [
                Field("serviceId", .record, expected: true, of: "cloud-service"),
                Field("serviceName", .text, .languages, expected: true),
                Field("position", .enumeration(Vocabulary.heldPosition), expected: true),
                Field("edition27001", .enumeration(Editions.shipped.of("jisq27001")), expected: true),
                Field("edition27017", .enumeration(Editions.shipped.of("iso27017")), expected: true),
                Field("comparisonMode", .enumeration(["shall", "should"]), expected: true),
                Field("scopeStatementId", .record, expected: true, of: "scope-statement"),
                Field("approvedBy", .string, expected: true),
                Field("approvedOn", .date, expected: true),
            ]),
        own(
            "soa-entry", key: ["soaId", "controlId"],
            [
                Field("soaId", .record, .writeOnce, required: true, of: "soa"),
                Field("controlId", .string, .writeOnce, required: true),
                Field("adopted27001", .enumeration(["adopted", "excluded", "not-in-annex"]), expected: true),
                Field("reason27001", .text, .languages, expected: true),
                Field("adoptedProvider", .enumeration(Vocabulary.adoption)),
                Field("adoptedCustomer", .enumeration(Vocabulary.adoption)),
                Field("reasonProvider", .text, .languages),
                Field("reasonCustomer", .text, .languages),
                Field("exclusionConfirmedBy", .string),
                Field("evaluatedOn", .date, expected: true),
                Field("implementationStatus", .enumeration(Vocabulary.implementationStatus)),
                Field("treatmentIds", .record, .set, of: "risk-treatment"),
                Field("responsibilityIds", .record, .set, of: "responsibility"),
            ]),
        risk,
        risk.judgedGaps("assessedGaps"),
        own(
            "risk-treatment",
            [
                Field("riskId", .record, required: true, of: "risk"),
                Field("option", .enumeration(["modify", "retain", "avoid", "share", "take-opportunity"]), required: true),
                Field("controlIds", .code, .set),
                Field("comparedWithAnnexA", .bool, expected: true),
                Field("comparedWith27017", .bool, expected: true),
                Field("strengthens27001Controls", .code, .set),
                Field("planText", .text, .languages, expected: true),
                Field("dueOn", .date, expected: true),
                Field("ownerName", .string, expected: true),
                Field("progress", .enumeration(["not-started", "in-progress", "done", "overdue"]), expected: true),
                Field("disclosedToCustomers", .enumeration(["yes", "no", "not-needed"])),
            ]),
        riskAcceptance,
        riskAcceptance.judgedGaps("approvedGaps"),
        internalAudit,
        internalAudit.items("auditors", [Field("name", .string, required: true), Field("department", .string, expected: true)]),
        own(
            "audit-finding",
            [
                Field("auditId", .record, required: true, of: "internal-audit"),
                Field("grade", .enumeration(Vocabulary.findingGrade), required: true),
                Field("clause", .string, expected: true),
                Field("department", .string, expected: true),
                Field("statement", .text, .languages, expected: true),
                Field("evidenceIds", .record, .set, expected: true, of: "evidence"),
                Field("cause", .text, .languages),
                Field("correctiveAction", .text, .languages),
                Field("dueOn", .date),
                Field("closedOn", .date),
                Field("effectivenessCheckedOn", .date),
            ]),
        managementReview,
        managementReview.items(
            "outputImprovements",
            [
                Field("decision", .text, .languages), Field("ownerName", .string, expected: true), Field("dueOn", .date, expected: true),
                Field("doneOn", .date),
            ]),
        managementReview.items(
            "outputChanges",
            [
                Field("ismsChange", .text, .languages), Field("needed", .bool, expected: true), Field("ownerName", .string),
                Field("dueOn", .date), Field("doneOn", .date),
            ]),
        emergingTheme,
        emergingTheme.texts("automatedOperations"),
        own(
            "business-activity",
            [
                Field("partyId", .organisation, expected: true),
                Field("activity", .enumeration(Vocabulary.businessActivity), required: true),
                Field("usesServiceIds", .record, .set, of: "cloud-service"),
                Field("itsmConsidered", .enumeration(["certified", "adopted", "considered", "no"]), expected: true),
                Field("applies27017Controls", .bool),
            ]),
    ]
}
