extension Kind {
    private static let either: Set<Side> = [.provider, .customer]

    /// A record of either side, in the engagement, in a service's draft or among its own.
    private static func anywhere(_ name: String, _ fields: [Field]) -> Kind {
        Kind(name, sides: either, spaces: [.service, .engagement, .private], key: nil, fields: fields)
    }

    private static func own(_ name: String, _ fields: [Field]) -> Kind {
        Kind(name, sides: either, spaces: [.private], key: nil, fields: fields + Field.cited)
    }

    private static let sharedRole = anywhere(
        "shared-role",
        [
            Field("roleName", .text, .languages, required: true),
            Field("holderSide", .enumeration(["provider", "customer", "supplier"]), expected: true),
            Field("holderPartyId", .organisation, expected: true),
            Field("communicatedOn", .date, expected: true),
            Field("awarenessRecordIds", .record, .set, of: "training-record"),
            Field("policyIds", .record, .set, of: "policy"),
        ])

    private static let scopeStatement = own(
        "scope-statement",
        [
            Field("criterion", .enumeration(["jip-isms517-1.0", "other"]), expected: true),
            Field("pattern", .enumeration(["a", "b", "c"]), expected: true),
            Field("ismsScopeRef", .string, expected: true),
            Field("activities", .enumeration(Vocabulary.scopeActivity), .set, expected: true),
            Field("boundaryText", .text, .languages, expected: true),
            Field("customerRelationInRisk", .bool),
            Field("approvedBy", .string, expected: true),
            Field("approvedOn", .date, expected: true),
        ])

    /// Who does what, what proves it, and what an organisation holds itself to.
    package static let governance: [Kind] = [
        anywhere(
            "contact-point",
            [
                Field("purpose", .enumeration(Vocabulary.contactPurpose), required: true),
                Field("name", .text, .languages, expected: true),
                Field("channel", .enumeration(["email", "phone", "portal", "post"]), expected: true),
                Field("address", .string, expected: true),
                Field("serviceHours", .text, .languages),
                Field("country", .country),
            ]),
        sharedRole,
        sharedRole.texts("duties"),
        anywhere(
            "critical-operation",
            [
                Field("operation", .enumeration(Vocabulary.criticalOperation), required: true),
                Field("procedure", .text, .languages, expected: true),
                Field("supervisorRoleId", .record, sides: [.customer], expected: true, of: "shared-role"),
                Field("providedToCustomer", .bool, sides: [.provider], expected: true),
            ]),
        anywhere(
            "evidence",
            [
                Field("evidenceType", .enumeration(Vocabulary.evidenceType), required: true),
                Field("issuer", .string, expected: true),
                Field("independent", .bool, expected: true),
                Field("periodFrom", .date),
                Field("periodTo", .date),
                Field("coveredServiceIds", .record, .set, expected: true, of: "cloud-service"),
                Field("coveredControlIds", .code, .set),
                Field("fileHash", .digest),
                Field("sizeBytes", .int, typing: .least(0)),
            ]),
        own(
            "policy",
            [
                Field("policyKind", .enumeration(Vocabulary.policyKind), required: true),
                Field("topicsCovered", .enumeration(Vocabulary.policyTopic), .set, expected: true),
                Field("riskAcceptanceLevel", .int, expected: true, typing: .least(0)),
                Field("organisationAcceptanceLevel", .int, expected: true, typing: .least(0)),
                Field("changesExistingPolicy", .bool, expected: true),
                Field("ismsConformityCheckedOn", .date),
                Field("approvedBy", .string, expected: true),
                Field("approvedOn", .date, expected: true),
            ]),
        own(
            "training-record",
            [
                Field("audience", .enumeration(Vocabulary.trainingAudience), .set, expected: true),
                Field("topics", .enumeration(Vocabulary.trainingTopic), .set, expected: true),
                Field("heldOn", .date, required: true),
            ]),
        own(
            "asset",
            [
                Field("assetName", .text, .languages, required: true),
                Field("assetType", .enumeration(Vocabulary.assetType), expected: true),
                Field("heldIn", .record, expected: true, of: "cloud-service"),
                Field("label", .string),
            ]),
        scopeStatement,
        scopeStatement.items(
            "services",
            [
                Field("serviceId", .record, of: "cloud-service"),
                Field("serviceName", .text, .languages),
                Field("position", .enumeration(Vocabulary.heldPosition), expected: true),
                Field("activity", .enumeration(Vocabulary.serviceActivity), expected: true),
            ]),
        scopeStatement.texts("ismsScopeServices"),
        scopeStatement.texts("ismsScopeSites"),
        scopeStatement.texts("ismsScopeDepartments"),
        scopeStatement.items(
            "systems",
            [
                Field("systemId", .string, expected: true),
                Field("name", .text, .languages),
                Field("location", .string),
                Field("inScope", .bool, expected: true),
                Field("reasonIfOut", .text, .languages),
            ]),
        scopeStatement.items(
            "sites",
            [
                Field("siteId", .string, expected: true),
                Field("name", .text, .languages),
                Field("siteKind", .enumeration(["own", "data-centre", "other-cloud"]), expected: true),
                Field("dataCentreMode", .enumeration(["fully-managed", "not-fully-managed", "none"])),
                Field("staffAttend", .bool),
                Field("inScope", .bool, expected: true),
                Field("reasonIfOut", .text, .languages),
                Field("supplierControlsApplied", .bool),
                Field("managementInterfaceHost", .bool),
            ]),
        scopeStatement.items(
            "personnel",
            [
                Field("group", .text, .languages),
                Field("department", .string),
                Field("ismsPersonnel", .bool, expected: true),
                Field("cloudSecurityPersonnel", .bool, expected: true),
                Field("activities", .enumeration(Vocabulary.scopeActivity), .set),
                Field("usesMark", .bool),
            ]),
    ]
}
