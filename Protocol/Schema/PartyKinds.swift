extension Kind {
    private static let party = Kind(
        "party", sides: [.provider, .customer], spaces: [.service, .engagement, .private], key: ["org"],
        fields: [
            Field("org", .organisation, .writeOnce, required: true),
            Field("legalName", .text, .languages, required: true),
            Field("registrationNumber", .string),
            Field("roles", .enumeration(Vocabulary.partyRole), .set),
            Field("partnerKind", .enumeration(Vocabulary.partnerKind)),
            Field("headOfficeCountry", .country),
            Field("operatingCountries", .country, .set),
        ])

    private static let cloudService = Kind(
        "cloud-service", sides: [.provider], spaces: [.service, .private], key: [],
        fields: [
            Field("name", .text, .languages, required: true),
            Field("providerPartyId", .organisation),
            Field("serviceModel", .enumeration(Vocabulary.serviceModel)),
            Field("capabilityType", .enumeration(Vocabulary.capabilityType)),
            Field("deploymentModel", .enumeration(Vocabulary.deploymentModel)),
            Field("selfService", .bool),
            Field("broadNetworkAccess", .bool),
            Field("resourcePooling", .bool),
            Field("rapidElasticity", .bool),
            Field("measuredService", .bool),
            Field("definedInterface", .text, .languages),
            Field("characteristicsNote", .text, .languages),
            Field("catalogueUrl", .string),
            Field("slaReference", .string),
            Field("providesBackup", .bool),
            Field("retiredOn", .date, isPrivate: true),
        ])

    private static let dependency = Kind(
        "service-dependency", sides: [.provider], spaces: [.service, .private], key: nil,
        fields: [
            Field("upstreamServiceId", .record, of: "cloud-service"),
            Field("upstreamName", .string),
            Field("upstreamPartyId", .organisation),
            Field("dependencyType", .enumeration(Vocabulary.dependencyType)),
            Field("customerDataFlows", .bool),
            Field("riskManagementRequired", .bool),
            Field("upstreamMatrixRevision", .digest, of: "agreement"),
            Field("disclosedToCustomers", .bool),
        ] + Field.cited)

    /// Organisations, devices and services: who takes part and what is provided.
    package static let parties: [Kind] = [
        party,
        party.items(
            "certifications",
            [
                Field("scheme", .string, expected: true),
                Field("certificateNumber", .string),
                Field("body", .string, expected: true),
                Field("scopeText", .text, .languages),
                Field("validFrom", .date, expected: true),
                Field("validTo", .date),
            ]),
        party.items(
            "signatories",
            [
                Field("personName", .string, required: true),
                Field("title", .string),
                Field("email", .string),
                Field("keyFingerprint", .device),
                Field("validFrom", .date, expected: true),
                Field("validTo", .date),
            ]),
        Kind(
            "device", sides: [.provider, .customer], spaces: [.private], key: ["device"],
            fields: [
                Field("device", .device, .writeOnce, required: true),
                Field("label", .string, required: true),
                Field("holder", .string),
            ]),
        Kind(
            "known-organisation", sides: [.provider, .customer], spaces: [.private], key: ["org"],
            fields: [
                Field("org", .organisation, .writeOnce, required: true),
                Field("confirmed", .bool),
                Field("name", .string),
            ]),
        cloudService,
        cloudService.items(
            "announcedFunctions",
            [
                Field("functionName", .text, .languages),
                Field("systemId", .string, expected: true),
                Field("deployedAt", .enumeration(["cloud", "on-premises", "data-centre"]), expected: true),
            ]),
        cloudService.items(
            "requiredSystems",
            [
                Field("systemId", .string, expected: true),
                Field("name", .text, .languages),
                Field("purpose", .text, .languages),
                Field("location", .enumeration(["own-site", "data-centre", "other-cloud"]), expected: true),
                Field("siteId", .string),
                Field("indispensable", .bool, expected: true),
            ]),
        dependency,
        dependency.texts("securityObjectives"),
    ]
}
