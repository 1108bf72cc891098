import Foundation
package import Workbooks

/// What the caller decides about a reading; everything left out is decided from the document.
package struct ImportOptions: Sendable, Equatable {
    /// The catalogue the ids belong to, such as `nist-800-53r4`.
    package var framework: String?
    /// Sheets to read, by name. Hidden sheets are read only when named.
    package var sheets: [String] = []
    /// A word in the headers of the service to read, where a document speaks of several.
    package var service: String?
    package var mapping: ColumnMapping?
    /// What signs of the document stand for, by field, where no mapping says it: as `ColumnMapping.values`.
    package var values: [String: [String: String]] = [:]
    package var encoding: TextEncoding?
    package var format: ImportFormat?
    /// The ids of the chosen catalogue, to tell which of the document's it lacks.
    package var knownControls: [String: Set<String>] = [:]
    /// The frameworks that were taken in from a file, by its name: documents refer to a catalogue by its address.
    package var knownSources: [String: String] = [:]
    /// The ids of each baseline that is known of a framework.
    package var knownBaselines: [String: [String: Set<String>]] = [:]
    package var limits: WorkbookLimits = .standard

    package init() {}

    /// The sheets that are meant of those a workbook has, in whatever capitals and width they are typed. A matrix that is offered as two
    /// sheets may be named as it is offered.
    func sheets(of workbook: Workbook, document: String) throws(ImportFault) -> [String] {
        let names = workbook.sheets.map(\.name)
        func sheet(_ typed: String) -> String? { names.first { $0 == typed } ?? names.first { $0.folded == typed.folded } }
        var meant: [String] = []
        for typed in sheets {
            let both = typed.components(separatedBy: ImportFault.betweenSheets)
            for part in sheet(typed) == nil ? both : [typed] {
                guard let name = sheet(part) else { throw .sheetNotFound(part, document: document, sheets: names) }
                meant.append(name)
            }
        }
        return meant
    }
}

/// The formats a matrix is read from.
package enum ImportFormat: String, Sendable, Equatable, CaseIterable {
    /// The workbook of FedRAMP: control implementation summary and customer responsibility matrix.
    case cisCRM = "cis-crm"
    /// The questionnaire of the Cloud Security Alliance, as a workbook or a table: who owns each question, and the provider's answer.
    case caiq
    /// Any other Office Open XML workbook, read with a column mapping.
    case workbook = "xlsx"
    /// A table of separated values, read with a column mapping.
    case csv
    /// A plan, a component definition or the prototype of a shared-responsibility statement, in JSON or YAML.
    case oscal
    /// A component, in YAML or JSON.
    case openControl = "opencontrol"
    /// What `export json` writes.
    case json

    /// Whether it is a document of nested members, and no table.
    var isTree: Bool { [.oscal, .openControl, .json].contains(self) }
}
