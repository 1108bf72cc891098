extension Kind {
    /// Releases, engagements and agreements: what is published, with whom, and what was signed.
    package static let exchange: [Kind] = [
        Kind(
            "release", sides: [.provider], spaces: [.service], key: nil,
            fields: [
                Field("label", .string, .writeOnce, required: true),
                Field("message", .text, .writeOnce),
                Field("document", .document, .writeOnce, required: true),
            ]),
        Kind(
            "release-withdrawal", sides: [.provider], spaces: [.service], key: nil,
            fields: [
                Field("release", .record, .writeOnce, required: true),
                Field("message", .text, .writeOnce),
            ]),
        Kind(
            "engagement", sides: [.provider, .customer], spaces: [.engagement], key: ["side"],
            fields: [
                Field("side", .enumeration(Vocabulary.side), .writeOnce, required: true),
                Field("contractRef", .string),
                Field("startDate", .date),
                Field("endDate", .date),
                Field("endReason", .text),
                Field("governingLaw", .string, typing: .law),
            ]),
        Kind(
            "handover", sides: [.provider], spaces: [.engagement], key: nil,
            fields: [
                Field("successorPartyId", .organisation, .writeOnce, required: true),
                Field("successorName", .text, .languages),
                Field("passesOn", .date, .writeOnce, required: true),
                Field("message", .text, .writeOnce),
            ]),
        Kind(
            "agreement", sides: [.provider, .customer], spaces: [.engagement], key: nil,
            fields: [Field("document", .document, .writeOnce, required: true)]),
        Kind(
            "agreement-signature", sides: [.provider, .customer], spaces: [.engagement], key: nil,
            fields: [
                Field("agreement", .record, .writeOnce, required: true),
                Field("org", .organisation, .writeOnce, required: true),
                Field("device", .device, .writeOnce, required: true),
                Field("name", .string, .writeOnce, required: true),
                Field("title", .string, .writeOnce),
                Field("views", .text, .writeOnce, required: true),
                Field("signature", .signature, .writeOnce, required: true),
            ]),
        Kind(
            "agreement-end", sides: [.provider, .customer], spaces: [.engagement], key: nil,
            fields: [
                Field("agreement", .record, .writeOnce, required: true),
                Field("endsOn", .date, .writeOnce, required: true),
                Field("message", .text, .writeOnce),
            ]),
    ]
}
