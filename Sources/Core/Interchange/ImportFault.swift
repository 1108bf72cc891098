package import Workbooks

/// Tells why a document was not taken. Nothing of it was.
///
/// Each has the place that it can have. What is about the document as a whole has none: its format, and which of its sheets
/// there are or lack something; those are named.
package enum ImportFault: Error, Sendable, Equatable {
    /// The bytes are no spreadsheet, or a hostile one.
    case unreadable(WorkbookFault, document: String)
    /// The document is of a format that is not read here, named where it was recognised (`json`, `yaml`, `pdf`).
    case formatNotRead(String, document: String)
    /// The document is no JSON or YAML as it should be, or a hostile one.
    case unreadableTree(TreeFault, document: String)
    /// A document of OSCAL that says nothing of who does what: its model, and what it holds by number.
    case noResponsibilities(String, figures: [String: Int], document: String)
    /// A plan in which a customer answers a matrix, as this program writes it.
    case customersPlan(document: String)
    /// No sheet has a header with control ids; the sheets that were searched are named.
    case noMatrix(document: String, sheets: [String])
    /// A table of text has no header with control ids; the words of the line that looks most like one are named.
    case noHeader(document: String, line: Int, headers: [String])
    /// A header was found and no row below it.
    case noRows(document: String, sheets: [String])
    /// Several sheets hold a matrix of their own: the caller must name one of each list's sheets.
    case severalMatrices(document: String, choices: [[String]])
    case sheetNotFound(String, document: String, sheets: [String])
    /// No column speaks of the service asked for.
    case serviceNotFound(String, document: String, headers: [String], at: ImportOrigin)
    /// The mapping names columns that the document lacks; the place is the row that looks most like its header, where there is one.
    case columnsMissing([String], document: String, headers: [String], at: ImportOrigin?)
    /// The ids do not tell which framework they belong to, and nobody said; the place is the example's.
    case frameworkUnknown(document: String, exampleID: String, at: ImportOrigin)
    /// Some cells cannot be taken. Every diagnostic of the document is here, at least one of them an error.
    case rejected(document: String, diagnostics: [ImportDiagnostic])

    /// What stands between the names of the two sheets of a matrix where it is offered.
    package static let betweenSheets = " + "

    /// The name of the document that was not taken.
    package var document: String {
        switch self {
        case .unreadable(_, let document), .formatNotRead(_, let document), .unreadableTree(_, let document),
            .noResponsibilities(_, _, let document), .customersPlan(let document), .noMatrix(let document, _),
            .noHeader(let document, _, _), .noRows(let document, _),
            .severalMatrices(let document, _), .sheetNotFound(_, let document, _), .serviceNotFound(_, let document, _, _),
            .columnsMissing(_, let document, _, _), .frameworkUnknown(let document, _, _), .rejected(let document, _):
            document
        }
    }
}
