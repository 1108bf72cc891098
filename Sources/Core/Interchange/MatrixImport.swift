import BuntanProtocol

/// A responsibility matrix as a document gives it, in the field's words and before any store has seen it.
///
/// It exists whole or not at all: a document that cannot be taken ends in an `ImportFault`.
package struct MatrixImport: Sendable, Equatable {
    /// The document's name as the caller gave it.
    package var document: String
    package var format: ImportFormat
    package var frameworkID: String
    /// In the document's order.
    package var rows: [ImportedRow]
    /// The columns that stay private: not recognised, or marked as internal by their author.
    package var privateColumns: [PrivateColumn]
    package var diagnostics: [ImportDiagnostic]
    /// How the columns were read, to be kept and used again; `nil` for formats that fix their columns.
    package var mapping: ColumnMapping?
    /// Whether this program wrote the document: what it says is then what was told of the rows, and no word of anybody else's.
    package var isOwn: Bool
    /// The fields this document speaks of. A plan clears nothing outside of them.
    package var fields: Set<String>
    /// The document itself, where it holds more than rows have a place for.
    package var whole: KeptDocument?
    /// Whether its form is one that this program writes, as people change it and give it back: every word in it is then meant.
    package var isFromHere = false
    /// Fields of which it says nothing where it lacks them: what was held back from whomever it was written for.
    package var heldBack: Set<String> = []
    /// Whether it answers a questionnaire, whose words are its publisher's.
    package var isQuestionnaire = false
    /// The service, in hexadecimal, of which this program wrote the document as a plan; `nil` for any other.
    package var planOf: String?

    package init(
        document: String, format: ImportFormat, frameworkID: String, rows: [ImportedRow], privateColumns: [PrivateColumn] = [],
        diagnostics: [ImportDiagnostic] = [], mapping: ColumnMapping? = nil, isOwn: Bool = false,
        fields: Set<String>
    ) {
        self.document = document
        self.format = format
        self.frameworkID = frameworkID
        self.rows = rows
        self.privateColumns = privateColumns
        self.diagnostics = diagnostics
        self.mapping = mapping
        self.isOwn = isOwn
        self.fields = fields
    }

    package var counts: ImportCounts { ImportCounts(self) }

    /// The same with the rows of a standard that has editions in one of them: a document says which standard it is about, and a row's
    /// key is that of an edition.
    /// - Parameter held: the frameworks of the rows that there are, read where it matters. What stands among them already is meant;
    ///   else the first edition.
    package func placed(among held: () throws -> Set<String>) rethrows -> MatrixImport {
        let standards = Set(Editions.shipped.standards)
        guard standards.contains(frameworkID) || rows.contains(where: { standards.contains($0.framework) }) else { return self }
        let held = try held()
        func edition(of framework: String) -> String {
            guard standards.contains(framework), !held.contains(framework) else { return framework }
            let editions = Editions.shipped.of(framework)
            return editions.first(where: held.contains) ?? editions.first ?? framework
        }
        var placed = self
        placed.frameworkID = edition(of: frameworkID)
        // Rows of the standard and of its edition may meet in one place.
        var taken: Set<RowKey> = []
        for place in placed.rows.indices {
            placed.rows[place].framework = edition(of: placed.rows[place].framework)
            let item = placed.rows[place].itemKey
            var number = 1
            while !taken.insert(placed.rows[place].key).inserted {
                number += 1
                placed.rows[place].itemKey = "\(item)~\(number)"
            }
        }
        return placed
    }
}

/// One row of the matrix.
package struct ImportedRow: Sendable, Equatable {
    /// What one value may hold once it is a cell.
    static let textBytesLimit = Limits.valueBytes

    package var framework: String
    /// The id as the framework writes it, without blanks and padding: `AC-2(3)(a)`.
    package var controlId: String
    /// `main`, `main~2` where the document repeats the id, or the name of a sub-item.
    package var itemKey: String
    package var fields: [ImportedField]
    /// The row's words in private columns. They must not leave the organisation.
    package var privateNotes: [PrivateNote]
    package var origin: ImportOrigin
    /// Where the row's flag stands or would stand, which may be in another sheet; `nil` in documents without flags.
    package var flagOrigin: ImportOrigin?
    /// Whether the document says who is responsible, or what that is concluded from; else it is for new rows alone.
    package var saysAllocation: Bool

    package init(
        framework: String, controlId: String, itemKey: String, fields: [ImportedField], privateNotes: [PrivateNote] = [],
        origin: ImportOrigin, flagOrigin: ImportOrigin? = nil, saysAllocation: Bool = true
    ) {
        self.framework = framework
        self.controlId = controlId
        self.itemKey = itemKey
        self.fields = fields
        self.privateNotes = privateNotes
        self.origin = origin
        self.flagOrigin = flagOrigin
        self.saysAllocation = saysAllocation
    }

    package var key: RowKey { RowKey(framework: framework, controlId: controlId, itemKey: itemKey) }

    package subscript(field: String, element: String? = nil) -> ImportedValue? {
        fields.first { $0.field == field && $0.element == element }?.value
    }
}

/// One cell of a row. An element is a language, or a member of a set whose value is then `true`.
package struct ImportedField: Sendable, Equatable {
    package var field: String
    package var element: String?
    package var value: ImportedValue

    package init(_ field: String, _ element: String? = nil, _ value: ImportedValue) {
        self.field = field
        self.element = element
        self.value = value
    }

    package var key: CellKey { CellKey(field: field, element: element) }
}

package enum ImportedValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case int(Int)
    /// In Unicode's composed form (NFC).
    case text(String)
}

package struct PrivateNote: Sendable, Equatable {
    package var header: String
    package var text: String

    package init(header: String, text: String) {
        self.header = header
        self.text = text
    }
}

/// Where a row or a cell was read.
package struct ImportOrigin: Sendable, Equatable {
    package var sheet: String
    package var row: Int
    /// Where a row is meant: the column of its id. Where a header is meant: `nil`.
    package var column: Int?

    package init(sheet: String, row: Int, column: Int?) {
        self.sheet = sheet
        self.row = row
        self.column = column
    }

    /// The row's number, behind the name of its sheet where that is another one.
    func place(besides sheet: String) -> String { self.sheet == sheet ? "\(row)" : "\(self.sheet) \(row)" }
}

package struct PrivateColumn: Sendable, Equatable {
    package enum Reason: String, Sendable {
        /// Nothing here knows what the header means.
        case unrecognised
        /// The header itself says that the column is not for others.
        case markedInternal = "marked-internal"
        /// The mapping says so.
        case mapped
        /// The column speaks of another service than the one asked for.
        case otherService = "other-service"
    }
    package var sheet: String
    package var column: String
    package var header: String
    package var reason: Reason
    /// Rows of the matrix that hold something in it.
    package var filled: Int
}

/// Figures over an import.
package struct ImportCounts: Sendable, Equatable {
    package var rows: Int
    package var controls: Int
    package var cells: Int
    package var privateNotes: Int
    /// Rows by allocation.
    package var allocations: [String: Int]
    /// Rows by flag as found, of documents that have one.
    package var flags: [String: Int]
    /// Marks as found, by code.
    package var statuses: [String: Int]
    package var originations: [String: Int]
    package var derived: Int
    /// Diagnostics by code.
    package var diagnostics: [String: Int]

    init(_ matrix: MatrixImport) {
        rows = matrix.rows.count
        controls = Set(matrix.rows.map { NISTControlID($0.controlId)?.control ?? $0.controlId }).count
        cells = matrix.rows.reduce(0) { $0 + $1.fields.count }
        privateNotes = matrix.rows.reduce(0) { $0 + $1.privateNotes.count }
        allocations = [:]
        flags = [:]
        statuses = [:]
        originations = [:]
        derived = 0
        diagnostics = [:]
        for field in matrix.rows.lazy.flatMap(\.fields) {
            switch (field.field, field.value) {
            case ("allocation", .text(let code)): allocations[code, default: 0] += 1
            case ("foundFlag", .text(let flag)): flags[flag, default: 0] += 1
            case ("foundStatuses", .bool(true)): statuses[field.element ?? "", default: 0] += 1
            case ("foundOriginations", .bool(true)): originations[field.element ?? "", default: 0] += 1
            case ("derived", .bool(true)): derived += 1
            default: break
            }
        }
        for diagnostic in matrix.diagnostics { diagnostics[diagnostic.code.rawValue, default: 0] += 1 }
    }
}
