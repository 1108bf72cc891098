import Workbooks

/// Something a person should know about a document, with its place and its facts; the words are the app's.
///
/// A remark on a cell, a row or a column has the sheet, the row and the column: of a row the cell that is meant, or its id; of a
/// column its header. A remark on a whole sheet has the row of its header and no column, since it is about all of them.
package struct ImportDiagnostic: Sendable, Equatable {
    package enum Severity: String, Sendable, Comparable, CaseIterable {
        /// Worth a look; the document may be just right.
        case advice
        /// Something was left aside or read in one of several ways.
        case warning
        /// The document cannot be taken.
        case error

        package static func < (one: Severity, other: Severity) -> Bool {
            let order = allCases
            return (order.firstIndex(of: one) ?? 0) < (order.firstIndex(of: other) ?? 0)
        }
    }

    package var code: Code
    package var document: String
    /// The sheet's name; a table of text is a sheet that is named as its file. In a document of nested members the path of what is
    /// meant, and the row is 0.
    package var sheet: String
    package var row: Int
    /// The column's letters; `nil` only where a whole sheet is meant.
    package var column: String?
    /// What the code is about: ids, headers and values as found, counts.
    package var facts: [String: String]

    package var severity: Severity { code.severity }
    /// Whether it is about a place in a document of nested members, which `sheet` names by its path.
    package var isOfTree: Bool { row == 0 }

    package init(_ code: Code, document: String, sheet: String, row: Int, column: Int? = nil, facts: [String: String] = [:]) {
        self.code = code
        self.document = document
        self.sheet = sheet
        self.row = row
        self.column = column.map(CellReference.letters(ofColumn:))
        self.facts = facts
    }

    /// Names each thing that can be said. The words are stable; scripts compare them.
    package enum Code: String, Sendable, CaseIterable {
        // The document as a whole.
        case sheetHidden = "sheet-hidden"
        case sheetNotUsed = "sheet-not-used"
        case rowsHidden = "rows-hidden"
        case columnHidden = "column-hidden"
        case severalServices = "several-services"
        case columnPrivate = "column-private"
        case columnRepeated = "column-repeated"
        case frameworkAssumed = "framework-assumed"
        // Documents of nested members.
        case versionUnknown = "version-unknown"
        case uuidRepeated = "uuid-repeated"
        case uuidMalformed = "uuid-malformed"
        case linkDangling = "link-dangling"
        case linkCrossed = "link-crossed"
        case linkOfOtherKind = "link-of-other-kind"
        case recordsLeft = "records-left"
        case placesNamed = "places-named"
        case codeUnknown = "code-unknown"
        case choiceUnresolved = "choice-unresolved"
        // Rows.
        case idRepeated = "id-repeated"
        case idUnreadable = "id-unreadable"
        case idMissing = "id-missing"
        case headingLeft = "heading-left"
        case idCarried = "id-carried"
        case idUnknown = "id-unknown"
        case referenceUnknown = "reference-unknown"
        case onlyOneSheet = "only-one-sheet"
        // Cells.
        case cellError = "cell-error"
        case textTooLong = "text-too-long"
        case flagUnknown = "flag-unknown"
        case markUnknown = "mark-unknown"
        case valueUnknown = "value-unknown"
        case valueRead = "value-read"
        // What the matrix says.
        case flagAgainstMarks = "flag-against-marks"
        case noMark = "no-mark"
        case severalStatuses = "several-statuses"
        case customerDutyInProviderText = "customer-duty-in-provider-text"
        case textMissing = "text-missing"
        case parentContradicted = "parent-contradicted"
        case splitAsked = "split-asked"
        case reasonAsked = "reason-asked"
        case allocationDerived = "allocation-derived"
        case flagChangedAlone = "flag-changed-alone"

        package var severity: Severity {
            switch self {
            case .cellError, .textTooLong, .valueUnknown: .error
            case .sheetHidden, .rowsHidden, .columnHidden, .severalServices, .columnRepeated, .idRepeated, .idUnreadable, .idMissing,
                .referenceUnknown, .flagUnknown, .markUnknown, .versionUnknown, .uuidRepeated, .linkDangling, .linkCrossed,
                .linkOfOtherKind, .codeUnknown, .choiceUnresolved:
                .warning
            case .sheetNotUsed, .placesNamed, .headingLeft, .idCarried, .columnPrivate, .uuidMalformed, .recordsLeft, .frameworkAssumed,
                .idUnknown,
                .onlyOneSheet,
                .valueRead,
                .flagAgainstMarks,
                .noMark,
                .severalStatuses, .customerDutyInProviderText, .textMissing, .parentContradicted, .splitAsked, .reasonAsked,
                .allocationDerived, .flagChangedAlone:
                .advice
            }
        }
    }
}
