extension Kind {
    private static let rowKey = [
        Field("framework", .string, .writeOnce, required: true),
        Field("controlId", .string, .writeOnce, required: true),
        Field("itemKey", .string, .writeOnce, required: true),
    ]

    /// The responsibility matrix: rows as published, each side's position on them, and what is said about them.
    package static let matrix: [Kind] = [
        Kind(
            "responsibility", sides: [.provider], spaces: [.service, .private], key: ["framework", "controlId", "itemKey"],
            fields: rowKey + [
                Field("topic", .text, .languages),
                Field("allocation", .enumeration(Vocabulary.allocation), required: true),
                Field("supplierPartyId", .organisation),
                Field("dependencyId", .record),
                Field("providerShares", .bool),
                Field("providerStatement", .text, .languages),
                Field("customerAction", .text, .languages),
                Field("boundaryNote", .text, .languages),
                Field("implementationStatus", .enumeration(Vocabulary.implementationStatus)),
                Field("notApplicableReason", .text, .languages),
                Field("lastReviewedOn", .date),
                Field("derived", .bool),
                Field("foundFlag", .string),
                Field("foundOwner", .string),
                Field("foundText", .text),
                Field("foundStatuses", .enumeration(Vocabulary.foundStatus), .set),
                Field("foundOriginations", .enumeration(Vocabulary.foundOrigination), .set),
            ]),
        Kind(
            "responsibility-position", sides: [.provider, .customer], spaces: [.engagement],
            key: ["framework", "controlId", "itemKey", "side"],
            fields: rowKey + [
                Field("side", .enumeration(Vocabulary.side), .writeOnce, required: true),
                Field("allocation", .enumeration(Vocabulary.allocation)),
                Field("providerStatement", .text, .languages, sides: [.provider]),
                Field("customerAction", .text, .languages, sides: [.provider]),
                Field("boundaryNote", .text, .languages),
                Field("customerStatement", .text, .languages, sides: [.customer]),
                Field("implementationStatus", .enumeration(Vocabulary.implementationStatus)),
                Field("canFulfil", .enumeration(Vocabulary.canFulfil)),
                Field("notApplicableReason", .text, .languages),
                Field("accepts", .digest, sides: [.customer]),
                Field("followsControl", .bool, sides: [.customer]),
                Field("responsible", .record, .set),
                Field("accountable", .record),
                Field("consulted", .record, .set),
                Field("informed", .record, .set),
            ]),
        Kind(
            "comment", sides: [.provider, .customer], spaces: [.engagement], key: nil,
            fields: [
                Field("row", .record, .writeOnce, required: true),
                Field("text", .text, .writeOnce, required: true),
            ]),
        Kind(
            "annotation", sides: [.provider, .customer], spaces: [.private], key: nil,
            fields: [
                Field("row", .record, .writeOnce, required: true),
                Field("text", .text),
                Field("label", .string),
            ]),
    ]
}
