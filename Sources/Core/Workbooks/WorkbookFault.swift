/// Says where in a document something was met; what is not known is left out.
package struct WorkbookPlace: Sendable, Equatable {
    /// The part of the archive, such as `xl/workbook.xml`.
    package var part: String?
    package var sheet: String?
    package var row: Int?
    package var column: Int?

    package init(part: String? = nil, sheet: String? = nil, row: Int? = nil, column: Int? = nil) {
        self.part = part
        self.sheet = sheet
        self.row = row
        self.column = column
    }

    package static let document = WorkbookPlace()
}

/// Tells why bytes could not be taken for a spreadsheet. Nothing of such a document is returned.
package enum WorkbookFault: Error, Sendable, Equatable {
    /// There are no bytes.
    case empty
    /// The bytes are no archive, or the archive is cut short. The code is libzip's.
    case unreadableArchive(code: Int)
    /// A compound file: the Excel of before 2007, or a workbook sealed with a password.
    case oldOrEncrypted
    case missingPart(String)
    /// The part does not expand, or is not well-formed from this line on.
    case damagedPart(String, line: Int?)
    /// The part declares a document type; a workbook has no use for one, an entity bomb does.
    case forbiddenDeclaration(part: String)
    /// The part is not written in UTF-8.
    case unsupportedEncoding(part: String)
    case limitExceeded(WorkbookLimit, allowed: Int, found: Int, at: WorkbookPlace)
    /// A cell or range is named in a way that is none (`A0`, `7`, `AAAAAAAAA1`).
    case malformedReference(String, at: WorkbookPlace)
    /// A cell names a shared string that the workbook does not hold.
    case unknownSharedString(String, at: WorkbookPlace)
    /// The text is not in this encoding from this byte on.
    case undecodableText(TextEncoding, byteOffset: Int)
    /// The system cannot convert from this encoding.
    case encodingUnavailable(TextEncoding)
    /// A quoted field that begins here never ends.
    case unclosedQuote(at: WorkbookPlace)
}
