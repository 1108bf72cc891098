/// What a document holds for this program.
package enum ReadDocument: Sendable, Equatable {
    /// Who is responsible for what.
    case matrix(MatrixImport)
    /// Controls of a catalogue, or the choice that a profile makes of one.
    case framework(FrameworkImport)
    /// How controls of one framework stand to those of another.
    case mapping(MappingImport)
    /// Nothing that is understood here: it is known for what it is, and kept as it is.
    case kept(KeptDocument)
}

/// The controls of a catalogue, or those that a profile chooses: ids and titles. Their text is their publisher's and stays in the document.
package struct FrameworkImport: Sendable, Equatable {
    package struct Control: Sendable, Equatable {
        /// As rows of the framework have it.
        package var id: String
        /// Empty in a profile, which names controls alone.
        package var title: String
        package var groupTitle: String
        package var isWithdrawn: Bool
    }

    package var document: String
    package var model: String
    package var frameworkID: String
    package var title: String
    package var version: String
    /// What the profile's choice is called: `low`; `nil` for a catalogue.
    package var baseline: String?
    /// In the document's order, each once.
    package var controls: [Control]
    package var figures: [String: Int]
    package var diagnostics: [ImportDiagnostic]
    /// The document itself, where it holds more than is understood here.
    package var whole: KeptDocument?
}

package struct MappingImport: Sendable, Equatable {
    package struct Map: Sendable, Hashable {
        package var sourceFramework: String
        package var source: String
        package var targetFramework: String
        package var target: String
        /// `nil` for one that is none of OSCAL's.
        package var relationship: String?
    }

    package var document: String
    package var model: String
    package var maps: [Map]
    package var figures: [String: Int]
    package var diagnostics: [ImportDiagnostic]
    /// The document itself, where it holds more than is understood here.
    package var whole: KeptDocument?
}
