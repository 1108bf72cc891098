import BuntanProtocol
import Foundation
import Records
import Replica
import Rules
import Storage
import Wording

/// The inputs of a management review on a day, in words.
struct CompiledReview {
    /// One input: what people read of it, and what is written into the review's record.
    struct Input {
        let section: ReviewInputs.Section
        let lines: [BilingualText]

        /// As the standard names it: a, b, c1.
        var letter: String { String(section.input.rawValue.dropFirst("input".count)).lowercased() }

        /// What a record says: its lines as far as they fit, then how many more there are.
        func text(in language: Language) -> String {
            var (written, size) = ([String](), 0)
            for line in lines.map({ ReviewPhrases.line.text(in: language, ["text": .text($0.text(in: language))]) }) {
                size += line.utf8.count + 1
                guard size <= Self.mostBytes else { break }
                written.append(line)
            }
            let left = lines.count - written.count
            if left > 0 { written.append(ReviewPhrases.moreLines.text(in: language, ["n": .number(left)])) }
            return written.joined(separator: "\n")
        }

        /// All nine in both languages go into one change.
        private static let mostBytes = 8_000
    }

    let day: CalendarDate
    let inputs: [Input]
    let compiled: ReviewInputs
    private let facts: RecordFacts
    private let engagements: [FactID: RecordID]

    init(on day: CalendarDate, _ selector: Selector, _ workspace: Workspace, _ reader: any StoreReader) throws {
        self.day = day
        let (compiled, facts) = try workspace.reviewInputs(
            selector.directory, today: day, day: { selector.invocation.day(in: $0) }, catalogue: try Catalogue.iso27017(),
            table: try RuleTable.shipped(), reader)
        (self.compiled, self.facts) = (compiled, facts)
        let printer = WordPrinter(facts, label: FindingView.label)
        inputs = compiled.sections.map { section in
            Input(section: section, lines: section.lines.map { Self.text(of: $0, printer) })
        }
        engagements = Dictionary(
            uniqueKeysWithValues: selector.directory.engagements.map { (FactID($0.space), FactID.record(of: $0, by: $0.seat)) })
    }

    /// The record that a fact is about, as another record names it.
    func record(_ id: FactID) -> RecordID? { engagements[id] ?? facts[id]?.record }

    /// The records that the inputs were drawn from, those of what reviews are asked for first: parties, risks, themes.
    var sources: [RecordID] {
        let asked: [FactKind] = [.engagement, .risk, .riskTreatment, .emergingTheme, .internalAudit]
        func rank(_ id: FactID) -> Int { facts[id].flatMap { asked.firstIndex(of: $0.kind) } ?? asked.count }
        return compiled.sources.enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }
            .compactMap { record($0.element) }
    }

    /// A line in both languages.
    static func text(of line: ReviewInputs.Line, _ printer: WordPrinter) -> BilingualText {
        func text(in language: Language) -> String {
            let facts = line.words.mapValues { word -> Fact in
                if case .number(let number) = word { return .number(number) }
                let text = printer.text(word).text(in: language).split(whereSeparator: \.isNewline).joined(separator: " ")
                return .text(text.count > mostLetters ? text.prefix(mostLetters) + "…" : text)
            }
            return ReviewLinePhrases(rawValue: line.matter.rawValue)?.text(in: language, facts) ?? line.matter.rawValue
        }
        return BilingualText(en: text(in: .en), ja: text(in: .ja))
    }

    /// A record is told of by its beginning; it is named beside the text.
    private static let mostLetters = 200

    // MARK: for people and programs

    static let fields = ["input", "letter", "title", "text", "lines"]

    func json(_ input: Input, _ words: RecordWords) -> JSONValue {
        func both(_ text: (Language) -> String) -> JSONValue { BilingualText(en: text(.en), ja: text(.ja)).json }
        let lines = zip(input.section.lines, input.lines).map { line, text in
            let record = line.record.flatMap { facts[$0]?.record }
            return JSONValue.members(
                ("matter", .text(line.matter.rawValue)), ("text", text.json), ("late", .bool(line.isLate)),
                ("id", .text(orNull: record?.uuid)), ("short", .text(orNull: record.map { words.index.short($0) })))
        }
        return .members(
            ("input", .text(input.section.input.rawValue)), ("letter", .text(input.letter)),
            ("title", both { Self.title(input.section.input, $0) }), ("text", both { input.text(in: $0) }), ("lines", .list(lines)))
    }

    static func title(_ input: FactField, _ language: Language) -> String {
        Labels.field(input.rawValue, of: "management-review", language) ?? input.rawValue
    }

    func show(_ page: inout Page) {
        let language = page.language
        if let previous = compiled.previous {
            page.say(ReviewPhrases.heading, ["date": .text(day.text), "before": .text(previous.heldOn.text)], .strong)
        } else {
            page.say(ReviewPhrases.headingFirst, ["date": .text(day.text)], .strong)
        }
        for input in inputs {
            page.blank()
            page.line(Span("\(input.letter)) ", .strong), Span(Self.title(input.section.input, language), .strong))
            for (line, text) in zip(input.section.lines, input.lines).prefix(Self.most) {
                page.paragraph(
                    ReviewPhrases.line.text(in: language, ["text": .text(text.text(in: language))]), line.isLate ? .bad : .plain, indent: 3)
            }
            if input.lines.count > Self.most {
                page.say(ReviewPhrases.moreLines, ["n": .number(input.lines.count - Self.most)], indent: 3)
            }
        }
    }

    /// Of each input so many lines are shown to people.
    private static let most = 12
}
