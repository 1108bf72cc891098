import BuntanProtocol
import Records
import Replica
import Rules
import Wording

/// One thing that a rule found, in words: the record and the field, what is wrong and what to type next.
struct FindingView {
    let entry: RuleTable.Entry
    private let finding: Finding
    private let message: BilingualText
    private let required: BilingualText?
    private let offered: BilingualText?
    /// The record to put right: as people call it, and as they type it.
    private let record: (id: RecordID, short: String, title: String)?
    /// What to type for the record, or for that of which it is a part.
    private let address: String?
    private let service: String?

    init(_ finding: Finding, _ entry: RuleTable.Entry, _ table: RuleTable, _ facts: RecordFacts, _ words: RecordWords) {
        (self.finding, self.entry) = (finding, entry)
        let printer = WordPrinter(facts, label: Self.label)
        message = table.message(of: finding, with: printer) ?? entry.statement
        (required, offered) = (finding.required.map(printer.text), finding.offered.map(printer.text))
        service = finding.service?.text
        let id = finding.record?.record
        var whole = id
        if let id, case .id(let parent)? = facts[FactID(id)]?[.parent], let record = parent.record { whole = record }
        address = whole.map { words.index.short($0) }
        record = id.map { id in
            let key = facts[FactID(id)].flatMap(Self.row)
            return (id, key?.pasteable ?? words.index.short(id), key?.shown ?? words.index.short(id))
        }
    }

    private static func row(_ fact: RecordFact) -> RowKey? {
        guard fact.kind == .responsibility, case .text(let framework)? = fact[.framework], case .text(let control)? = fact[.controlId],
            case .text(let item)? = fact[.itemKey]
        else { return nil }
        return RowKey(framework: framework, controlId: control, itemKey: item)
    }

    /// What people call a code, a field, a kind or a side.
    private static func label(_ label: WordPrinter.Label) -> BilingualText? {
        func both(_ text: (Language) -> String?) -> BilingualText? {
            guard let en = text(.en), let ja = text(.ja) else { return nil }
            return BilingualText(en: en, ja: ja)
        }
        switch label {
        case .code(let field, let code): return both { Labels.code(code, of: field.rawValue, $0) }
        case .field(let field): return both { Labels.field(field.rawValue, of: nil, $0) }
        case .kind(let kind): return both { Labels.kind(kind.rawValue, $0) }
        case .side(let side): return both { Labels.code(side.name, of: "side", $0) }
        }
    }

    var isViolatedMust: Bool { entry.severity == .must && entry.outcome == .violation }

    /// Violations before gaps before advice, what must be before what should, in the order of the rules.
    var rank: Int {
        (RuleTable.Outcome.allCases.firstIndex(of: entry.outcome) ?? 0) * 2
            + (RuleTable.Severity.allCases.firstIndex(of: entry.severity) ?? 0)
    }

    /// Names it for good, as long as it is found.
    var key: String { "\(entry.id)/\(record?.id.uuid ?? finding.subject?.text ?? "-")/\(finding.field?.rawValue ?? "-")/\(message.en)" }

    /// The command that puts it right, as far as it is one of this organisation's.
    private var next: String? {
        guard let record else { return finding.kind.map { "buntan edit \($0.rawValue)" } }
        switch finding.kind {
        case .responsibility?: return "buntan show \(record.short)"
        case let kind?: return "buntan edit \(kind.rawValue.split(separator: ".").first ?? "") \(address ?? record.short)"
        case nil: return "buntan show \(address ?? record.short)"
        }
    }

    func show(_ page: inout Page) {
        let language = page.language
        page.place(
            .at(2, Span(entry.id, isViolatedMust ? .bad : .warning)), .at(11, Span(entry.severity.phrase.text(in: language))),
            .at(19, Span(entry.clause, .faint)))
        page.paragraph(message.text(in: language), indent: 11)
        if let required, let offered {
            page.say(
                RulePhrases.compared, ["required": .text(required.text(in: language)), "offered": .text(offered.text(in: language))],
                indent: 11)
        }
        if let record {
            let kind = finding.kind.map { CodeLabels.field(nil, of: $0.rawValue, language) }
            let field = finding.field.map { CodeLabels.field($0.rawValue, in: finding.kind?.rawValue, language) }
            page.place(.at(11, Span([kind, record.title, field].compactMap { $0 }.joined(separator: " "), .faint)))
        }
        if let next { page.place(.command(11, next)) }
    }

    // MARK: JSON

    static let fields = [
        "rule", "group", "severity", "outcome", "clause", "result", "message", "kind", "id", "short", "field", "side", "service",
        "required", "offered", "next",
    ]

    var json: JSONValue {
        .members(
            ("rule", .text(entry.id)), ("group", .text(entry.group)), ("severity", .text(entry.severity.rawValue)),
            ("outcome", .text(entry.outcome.rawValue)), ("clause", .text(entry.clause)), ("result", .text(entry.outcome.rawValue)),
            ("message", message.json), ("kind", .text(orNull: finding.kind?.rawValue)), ("id", .text(orNull: record?.id.uuid)),
            ("short", .text(orNull: record?.short)), ("field", .text(orNull: finding.field?.rawValue)),
            ("side", .text(orNull: finding.side?.name)), ("service", .text(orNull: service)), ("required", required?.json ?? .null),
            ("offered", offered?.json ?? .null), ("next", .text(orNull: next)))
    }

    /// A rule that rests on what only the other side can see.
    static func unknown(_ entry: RuleTable.Entry) -> JSONValue {
        .members(
            ("rule", .text(entry.id)), ("group", .text(entry.group)), ("severity", .text(entry.severity.rawValue)),
            ("outcome", .text(entry.outcome.rawValue)), ("clause", .text(entry.clause)), ("result", .text("unknown")),
            ("message", entry.statement.json), ("kind", .null), ("id", .null), ("short", .null), ("field", .null), ("side", .null),
            ("service", .null), ("required", .null), ("offered", .null), ("next", .null))
    }
}
