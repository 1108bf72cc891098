import Foundation
import Records
import Wording

/// A report as a value in one language: what its writers make HTML, Markdown and JSON of, and nothing else (commands.md section 4).
///
/// Whoever writes it has only to lay it out: what is in it, and for whom, was decided before.
struct ReportDocument: Sendable {
    /// What a report is about.
    enum Subject: String, Sendable {
        case engagement, service, organisation
    }

    let subject: Subject
    let audience: Audience
    let language: Language
    /// When it was made: all that differs between two reports of one store.
    let at: Date
    /// The same for people.
    let made: String
    /// The day for which it answers.
    let day: CalendarDate
    /// Of when its records are.
    var records = AskedDay.Records.now
    /// What kind of report it is, above its title.
    let kicker: String
    let title: String
    let facts: [Line]
    let notices: [Notice]
    let figures: [Figure]
    let sections: [Section]
    /// The engagements and services that the report of an organisation goes through, each by its ids, in the order of their numbers.
    var places: [JSONValue] = []

    /// One line of the first page: who, what, since when.
    struct Line: Sendable {
        let name: String
        let label: String
        let runs: [Run]
        let value: JSONValue
    }

    /// What a reader has to know before anything else.
    struct Notice: Sendable {
        /// The member of the JSON that is true where it holds.
        let name: String
        let text: String
    }

    /// A count of the first page, and the section that has what was counted.
    struct Figure: Sendable {
        let name: String
        let label: String
        let count: Int
        /// Of how many, where that is worth knowing.
        var total: Int?
        let tone: Tone
        let section: SectionName
    }

    enum SectionName: String, CaseIterable, Sendable {
        case services, engagements, heatmap, agreements, disputes, gaps, findings, matrix, changes, applicability, records, notes, timeline
    }

    struct Section: Sendable {
        let name: SectionName
        let title: String
        /// What it shows, and how to read it.
        var lead: [String] = []
        var tables: [Table] = []
        /// What is said where there is nothing to show.
        let none: String
        /// How many more there are than are shown.
        var left = 0
        /// Of these, those of each place by its number.
        var leftOf: [Int: Int] = [:]
        /// The same in words.
        var cut: String?
        /// Whether only its own organisation may read it.
        var isPrivate = false
        /// Whether all that it shows is of places: programs find it there.
        var isByPlace = false

        var isEmpty: Bool { tables.allSatisfy(\.rows.isEmpty) }
    }

    struct Table: Sendable {
        /// How it is laid out where there is little room.
        enum Form: Sendable {
            /// Each row becomes a stack of its cells.
            case stacked
            /// It keeps its columns and is moved within its box.
            case scrolled
        }

        /// The member of the JSON in which its rows stand; tables of one name are one list there.
        let name: String
        let caption: String
        /// What is said beside the caption.
        var detail: String = ""
        let form: Form
        let columns: [Column]
        var rows: [Row]
        /// Whether it can be folded away.
        var isFolded = false
        /// What it stands under together with its neighbours of the same heading.
        var group: String?
    }

    struct Column: Sendable {
        /// How much room its values need.
        enum Width: String, Sendable {
            case key, mark, number, day, name, text
        }

        let title: String
        let width: Width
    }

    struct Row: Sendable {
        /// What others in the document refer to it by.
        var anchor: String?
        /// The first is what the row is about.
        let cells: [[Run]]
        let value: JSONValue
        /// The number of the place that it is of; `nil` for what is of all, or of none.
        var place: Int?
    }

    /// A stretch of a cell.
    enum Run: Sendable, Hashable {
        /// Words of this program, or a number.
        case words(String)
        /// What somebody wrote, and its language where that is known.
        case typed(String, language: String? = nil)
        /// An id or a digest, to be compared sign by sign.
        case code(String)
        /// A word that stands for a state.
        case mark(String, Tone)
        /// What the runs behind it are.
        case label(String)
        case faint(String)
        /// A row of this document.
        case link(String, to: String)
        /// A count, and how dark its field is, 0 to 5.
        case heat(Int, Int)
        /// What follows begins on a line of its own.
        case next

        /// Whether nobody could read anything of it.
        var isBlank: Bool {
            switch self {
            case .words(let text), .typed(let text, _), .code(let text), .label(let text), .faint(let text), .mark(let text, _),
                .link(let text, _):
                text.allSatisfy(\.isWhitespace)
            case .heat: false
            case .next: true
            }
        }
    }

    /// What a colour stands for; words and signs say the same.
    enum Tone: String, Sendable {
        case provider, customer, shared, supplier, none
        case good, bad, warning, plain
    }
}

extension ReportDocument.Tone {
    /// The sign that says the same as the colour of a state.
    var sign: String? {
        switch self {
        case .good: "✓"
        case .bad: "✕"
        case .warning: "!"
        case .provider, .customer, .shared, .supplier, .none, .plain: nil
        }
    }
}
