/// Says where in a document something was met; what does not exist there is left out.
///
/// The file as a whole has no place in itself: its size, its form, and what it declares of all its parts together. A part has
/// no sheet unless it is one. Where a part stops being markup there is a line and no cell. Texts that cells share are in no
/// sheet, since any cell of any sheet may name them. A row that is one too many has no column.
package struct WorkbookPlace: Sendable, Equatable {
    /// The part of the archive, such as `xl/workbook.xml`.
    package var part: String?
    /// The line of the part, or of a table of text; both count from 1.
    package var line: Int?
    package var sheet: String?
    package var row: Int?
    package var column: Int?

    package init(part: String? = nil, line: Int? = nil, sheet: String? = nil, row: Int? = nil, column: Int? = nil) {
        self.part = part
        self.line = line
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
    /// The archive lacks a part; the place is what needs it.
    case missingPart(String, at: WorkbookPlace = .document)
    /// The part does not expand, or is not well-formed from this line on.
    case damagedPart(at: WorkbookPlace)
    /// The part declares a document type; a workbook has no use for one, an entity bomb does.
    case forbiddenDeclaration(at: WorkbookPlace)
    /// The part is not written in UTF-8.
    case unsupportedEncoding(at: WorkbookPlace)
    case limitExceeded(WorkbookLimit, allowed: Int, found: Int, at: WorkbookPlace)
    /// A cell or range is named in a way that is none (`A0`, `7`, `AAAAAAAAA1`).
    case malformedReference(String, at: WorkbookPlace)
    /// A cell names a shared string that the workbook does not hold.
    case unknownSharedString(String, at: WorkbookPlace)
    /// The text is not in this encoding from this byte of the file on; the place is the cell that the byte stands in.
    case undecodableText(TextEncoding, byteOffset: Int, at: WorkbookPlace)
    /// The system cannot convert from this encoding.
    case encodingUnavailable(TextEncoding)
    /// A quoted field that begins here never ends.
    case unclosedQuote(at: WorkbookPlace)

    /// The same fault, met in the part that holds this sheet.
    func inSheet(_ name: String) -> WorkbookFault {
        func named(_ place: WorkbookPlace) -> WorkbookPlace {
            var place = place
            place.sheet = name
            return place
        }
        return switch self {
        case .missingPart(let part, let at): .missingPart(part, at: named(at))
        case .damagedPart(let at): .damagedPart(at: named(at))
        case .forbiddenDeclaration(let at): .forbiddenDeclaration(at: named(at))
        case .unsupportedEncoding(let at): .unsupportedEncoding(at: named(at))
        case .limitExceeded(let limit, let allowed, let found, let at):
            .limitExceeded(limit, allowed: allowed, found: found, at: named(at))
        case .malformedReference(let text, let at): .malformedReference(text, at: named(at))
        case .unknownSharedString(let text, let at): .unknownSharedString(text, at: named(at))
        case .undecodableText(let encoding, let byte, let at): .undecodableText(encoding, byteOffset: byte, at: named(at))
        case .unclosedQuote(let at): .unclosedQuote(at: named(at))
        case .empty, .unreadableArchive, .oldOrEncrypted, .encodingUnavailable: self
        }
    }
}
