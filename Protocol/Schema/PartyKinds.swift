extension Kind {
    /// Organisations, devices and services: who takes part and what is provided.
    package static let parties: [Kind] = [
        Kind(
            "party", sides: [.provider, .customer], spaces: [.service, .engagement, .private], key: ["org"],
            fields: [
                Field("org", .organisation, .writeOnce, required: true),
                Field("legalName", .text, .languages, required: true),
                Field("registrationNumber", .string),
                Field("roles", .enumeration(Vocabulary.partyRole), .set),
                Field("partnerKind", .enumeration(Vocabulary.partnerKind)),
                Field("headOfficeCountry", .country),
                Field("operatingCountries", .country, .set),
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
        Kind(
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
                Field("retiredOn", .date),
            ]),
        Kind(
            "service-dependency", sides: [.provider], spaces: [.service, .private], key: nil,
            fields: [
                Field("upstreamServiceId", .record),
                Field("upstreamName", .string),
                Field("upstreamPartyId", .organisation),
                Field("dependencyType", .enumeration(Vocabulary.dependencyType)),
                Field("customerDataFlows", .bool),
                Field("riskManagementRequired", .bool),
                Field("upstreamMatrixRevision", .digest),
                Field("disclosedToCustomers", .bool),
            ]),
    ]
}
