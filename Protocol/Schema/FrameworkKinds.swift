extension Kind {
    private static func own(_ name: String, key: [String], _ fields: [Field]) -> Kind {
        Kind(
            name, sides: [.provider, .customer], spaces: [.private], key: key,
            fields: key.map { Field($0, .string, .writeOnce, required: true) } + fields)
    }

    /// What an organisation has taken in from others' catalogues, for itself: ids and titles, never the text of a standard.
    package static let frameworks: [Kind] = [
        own(
            "framework", key: ["frameworkId"],
            [
                Field("title", .text, .languages),
                Field("version", .string),
                Field("sourceName", .string),
            ]),
        own(
            "framework-control", key: ["frameworkId", "controlId"],
            [
                Field("title", .text, .languages),
                Field("groupTitle", .text, .languages),
                Field("baselines", .code, .set),
                Field("withdrawn", .bool),
            ]),
        own(
            "control-mapping", key: ["sourceFramework", "sourceControl", "targetFramework", "targetControl"],
            [
                // A collection may say several of one pair.
                Field("relationships", .enumeration(Vocabulary.mappingRelationship), .set),
                Field("sourceName", .string),
            ]),
        // A document that says nothing of responsibilities, or more than its rows, in parts of so many bytes.
        own(
            "kept-document", key: ["digest", "part"],
            [
                Field("name", .string),
                Field("format", .string),
                Field("parts", .int, typing: .least(1)),
                Field("text", .text),
                // How the text stands for bytes that are none: base64.
                Field("encoding", .string),
            ]),
        // Which changes of a draft an import made: what a document said before, a newer one is held against.
        own(
            "import-run", key: ["service", "change"],
            [
                Field("document", .string),
                Field("changes", .text),
                // Which rows the document had, by the beginnings of their ids.
                Field("rows", .text),
            ]),
    ]
}
