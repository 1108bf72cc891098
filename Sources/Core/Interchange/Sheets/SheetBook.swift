/// A workbook that is to be written, as a value: words in cells, and how they look. Nothing in it is a formula.
package struct SheetBook: Sendable, Equatable {
    package var title: String
    /// The language that most of it is in, which says in what face it is set.
    package var language: MatrixTable.HeaderLanguage
    /// Seconds since 1970 at which it says it was made: the same contents are the same bytes.
    package var made: Int64
    package var sheets: [SheetDraft]

    package init(title: String, language: MatrixTable.HeaderLanguage, made: Int64, sheets: [SheetDraft]) {
        self.title = title
        self.language = language
        self.made = made
        self.sheets = sheets
    }
}

/// One sheet of a workbook that is to be written.
package struct SheetDraft: Sendable, Equatable {
    /// How a cell looks.
    package enum Style: Sendable, Hashable, CaseIterable {
        /// The sheet's first line.
        case title
        /// Words that explain what stands below.
        case lead
        /// Above the heads of several columns, or above one.
        case group, head
        /// An id or another short word that stands at the left.
        case key
        /// Words over several lines.
        case prose
        /// A sign in the middle of its cell.
        case mark
        /// Who is responsible.
        case provider, customer, shared, supplier, nobody
    }

    package struct Cell: Sendable, Equatable {
        package var text: String
        package var style: Style

        package init(_ text: String, _ style: Style = .prose) {
            self.text = text
            self.style = style
        }
    }

    /// Cells that are one from a column to another, in a line, both counted from 0.
    package struct Span: Sendable, Equatable {
        package var row: Int
        package var columns: ClosedRange<Int>
    }

    /// What may be chosen in a column's cells.
    package struct Choice: Sendable, Equatable {
        package var column: Int
        package var rows: ClosedRange<Int>
        package var words: [String]
    }

    /// At most 31 signs, none of `[]:*?/\`.
    package var name: String
    /// In signs of the usual face.
    package var widths: [Double]
    package var rows: [[Cell]] = []
    package var spans: [Span] = []
    package var choices: [Choice] = []
    /// The row of the heads, counted from 0: what stands above stays in sight, and can be filtered. `nil` for a sheet to be read.
    package var headRow: Int?
    /// How many columns stay in sight.
    package var keptColumns = 0

    package init(name: String, widths: [Double]) {
        self.name = name
        self.widths = widths
    }
}

extension SheetDraft.Style {
    /// That of an allocation.
    package init(allocation code: String) {
        switch code {
        case "provider": self = .provider
        case "customer": self = .customer
        case "shared": self = .shared
        case "supplier": self = .supplier
        default: self = .nobody
        }
    }
}
