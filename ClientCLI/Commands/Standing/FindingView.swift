import BuntanProtocol
import Records
import Replica
import Rules
import Wording

/// What findings of one reading of a store need to be put into words.
final class FindingForms {
    fileprivate let table: RuleTable
    fileprivate let facts: RecordFacts
    fileprivate let words: RecordWords
    fileprivate let standpoint: Standpoint
    fileprivate let printer: WordPrinter
    /// The kinds of records that both sides have signed beside the rows.
    private let signedKinds: [String]

    init(_ table: RuleTable, _ facts: RecordFacts, _ words: RecordWords, _ standpoint: Standpoint, signed signedKinds: [String] = []) {
        (self.table, self.facts, self.words, self.standpoint, self.signedKinds) = (table, facts, words, standpoint, signedKinds)
        printer = WordPrinter(facts, label: FindingView.label)
    }

    /// A record to put right: as people call it, and as they type it.
    typealias Named = (id: RecordID, short: String, title: String)

    /// What was asked of a record is asked again for each part of each finding of it.
    private var named: [FactID: Named?] = [:]

    fileprivate func named(_ fact: RecordFact) -> Named? {
        if let known = named[fact.id] { return known }
        let found = fact.record.map { id -> Named in
            let (key, short) = (FindingView.row(fact), words.index.short(id))
            return (id, key?.pasteable ?? short, key?.shown ?? short)
        }
        named[fact.id] = .some(found)
        return found
    }

    /// The command that signs anew what was signed, and with it records of one more kind.
    fileprivate func signing(with kind: String?) -> String {
        let kinds = Set(signedKinds + [kind].compactMap { $0 }).subtracting([FactKind.allocationAgreement.rawValue])
        return "buntan agree" + (kinds.isEmpty ? "" : " --with " + kinds.sorted().joined(separator: ","))
    }

    /// What a service is called where commands take it; `nil` for one that is not known here.
    fileprivate func handle(of service: FactID) -> String? {
        words.directory.services.first { KnownService.record(in: $0.service) == service.record }?.handle
    }
}

/// One thing that a rule found, in words: the record and the field, what is wrong and what to type next.
///
/// The words are made where they are asked for: of thousands of findings a few are read. All of them are sorted and cut as wholes.
final class FindingView {
    let entry: RuleTable.Entry
    let finding: Finding
    private let forms: FindingForms
    /// How many findings before it say the same of the same record.
    private let repeats: Int

    init(_ finding: Finding, _ entry: RuleTable.Entry, _ forms: FindingForms, repeats: Int = 0) {
        (self.finding, self.entry, self.forms, self.repeats) = (finding, entry, forms, repeats)
    }

    private var fact: RecordFact? { finding.record.flatMap { forms.facts[$0] } }

    var message: BilingualText { forms.table.message(of: finding, with: forms.printer) ?? entry.statement }
    var required: BilingualText? { finding.required.map(forms.printer.text) }
    var offered: BilingualText? { finding.offered.map(forms.printer.text) }

    /// Whether it is about a gap that is computed: nobody has written a record of it, and no id finds it.
    private var isComputed: Bool {
        guard let fact, fact.kind == .gap, let id = fact.record else { return false }
        return forms.words.index.records[id] == nil
    }

    /// The record to put right: as people call it, and as they type it.
    private var record: FindingForms.Named? { isComputed ? nil : fact.flatMap(forms.named) }

    /// What to type for the record, or for that of which it is a part.
    private var address: String? {
        guard let fact else { return nil }
        var whole = fact.record
        // A finding of an audit names it, and is no part of it.
        if fact.kind.rawValue.contains("."), case .id(let parent)? = fact[.parent] {
            whole = forms.facts[parent]?.record ?? parent.record ?? whole
        }
        return whole.map { forms.words.index.short($0) }
    }

    /// The kind of the record, or of that of which it is a part; of another kind is the record that is missing.
    private var heldKind: String? { fact.map { Self.head(of: $0.kind) } }
    /// Whether it is for this organisation to put right.
    var isOurs: Bool { forms.standpoint.isOurs(finding) }
    /// Whether the record is this organisation's own.
    private var isOwn: Bool { fact.map(forms.standpoint.isOwn) ?? true }
    /// The kind in which this organisation says the field of a record of the other side.
    private var ownKind: String? { finding.field.flatMap { forms.standpoint.kind(saying: $0.rawValue, of: heldKind) } }

    /// The kind itself, or that of which it is a list.
    private static func head(of kind: FactKind) -> String { String(kind.rawValue.prefix { $0 != "." }) }

    /// Findings in the order in which they are told: by rank, else as they came.
    static func ordered(_ views: [FindingView]) -> [FindingView] {
        views.enumerated().map { (rank: $0.element.rank, offset: $0.offset, view: $0.element) }
            .sorted { ($0.rank, $0.offset) < ($1.rank, $1.offset) }.map(\.view)
    }

    /// The same findings with those numbered that are told alike, so that each has a key of its own.
    static func numbered(_ views: [FindingView]) -> [FindingView] {
        var seen: [String: Int] = [:]
        return views.map { view in
            // A key is put into words: it is made once.
            let key = view.key
            let earlier = seen[key, default: 0]
            seen[key] = earlier + 1
            return earlier == 0 ? view : FindingView(view.finding, view.entry, view.forms, repeats: earlier)
        }
    }

    static func row(_ fact: RecordFact) -> RowKey? {
        guard fact.kind == .responsibility, case .text(let framework)? = fact[.framework], case .text(let control)? = fact[.controlId],
            case .text(let item)? = fact[.itemKey]
        else { return nil }
        return RowKey(framework: framework, controlId: control, itemKey: item)
    }

    /// What people call a code, a field, a kind or a side.
    static func label(_ label: WordPrinter.Label) -> BilingualText? {
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

    /// Names it for good, as long as it is found; among others, once they are numbered.
    var key: String {
        let base = "\(entry.id)/\(record?.id.uuid ?? finding.subject?.text ?? "-")/\(finding.field?.rawValue ?? "-")/\(message.en)"
        return repeats == 0 ? base : "\(base)/\(repeats + 1)"
    }

    /// The command that puts it right, as far as it is this organisation's to do; else the one that shows the record.
    var next: String? {
        if isComputed { return isOurs ? "buntan gaps" : nil }
        // What has changed since, or stands beside what was signed, is covered by signing anew: no edit does it.
        if Self.isSignedAnew(finding), heldKind != FactKind.responsibility.rawValue, forms.standpoint.signs {
            return forms.signing(with: heldKind)
        }
        // A row is typed by its key, whatever its id is here.
        let show = record.map { "buntan show \(heldKind == FactKind.responsibility.rawValue ? $0.short : address ?? $0.short)" }
        guard let head = finding.kind.map(Self.head), SchemaRegistry.current.kind(head) != nil, isOurs else { return show ?? request }
        if head == FactKind.responsibility.rawValue { return heldKind == head ? rowCommand ?? show : show }
        // A requirement that is not met is no mistake in the requirement: it is followed through.
        if isOwn, entry.outcome == .gap, required != nil, forms.standpoint.isCustomer { return "buntan gaps" }
        guard heldKind == head else {
            // What is missing may be the other side's to write: what can be done about it is told with the gap.
            return forms.standpoint.writes(head, for: finding.service)
                ? begin : entry.outcome == .gap ? "buntan gaps" : show
        }
        if !isOwn, let ownKind, let address { return "buntan edit \(ownKind) \(address)" }
        guard isOwn else { return show }
        // What a side says of the engagement itself needs no id.
        return address.map { "buntan edit \(head) \($0)" } ?? (head == "engagement" ? "buntan edit \(head)" : show)
    }

    /// The command that asks the other side for what it has not written; `nil` where nothing is missing, or nobody can ask.
    private var request: String? {
        guard !isOurs, forms.standpoint.signs, let head = finding.kind.map(Self.head), SchemaRegistry.current.kind(head) != nil
        else { return nil }
        return "buntan edit information-request --set requestedKind=\(head)"
    }

    /// Whether nothing but another signature puts it right: of a record beside the rows, once the rows are settled.
    static func isSignedAnew(_ finding: Finding) -> Bool {
        finding.kind == .allocationAgreementAttachedHashes || finding.rule == "ROLE-12"
    }

    /// The command that begins what is missing: a statement of applicability of the service that is meant.
    private var begin: String? {
        // An entry of the statement is written with the others that are missing.
        if finding.kind == .soaEntry { return "buntan soa --form" }
        // What is missing beside a risk is of that risk.
        if let kind = finding.kind, [.riskTreatment, .riskAcceptance].contains(kind), fact?.kind == .risk, let record {
            return Self.beginning(kind) + " --set riskId=\(record.short)"
        }
        let service = finding.kind == .soa ? finding.service.flatMap(forms.handle(of:)) : nil
        return finding.kind.map(Self.beginning).map { $0 + (service.map { " -s \($0)" } ?? "") }
    }

    /// The record, where it is of the kind that the finding is about; `nil` where one of that kind is missing beside it.
    private var meant: FindingForms.Named? {
        finding.kind == nil || finding.kind.map(Self.head) == heldKind ? record : nil
    }

    /// The record and its field, by what kinds and fields are called; `nil` where no record is meant.
    func place(_ kind: (String) -> String, _ field: (String, String?) -> String) -> String? {
        meant.map { meant in
            [
                finding.kind.map { kind($0.rawValue) }, meant.title, finding.field.map { field($0.rawValue, finding.kind?.rawValue) },
            ].compactMap { $0 }.joined(separator: " · ")
        }
    }

    /// The record that is meant and its field, as what is printed can be typed.
    func place(in language: Language) -> String {
        let kind = finding.kind.map { CodeLabels.field(nil, of: $0.rawValue, language) }
        let field = finding.field.map { CodeLabels.field($0.rawValue, in: finding.kind?.rawValue, language) }
        return [kind, meant?.title, field].compactMap { $0 }.joined(separator: " ")
    }

    /// What to type to put a row right: in this side's own position on it, or in what is drafted of it for everybody.
    private var rowCommand: String? {
        guard let row = record?.short, let field = finding.field else { return nil }
        guard forms.standpoint.signs else {
            let isDrafted = SchemaRegistry.current.kind("responsibility")?.field(field.rawValue) != nil
            return isOwn && isDrafted ? "buntan edit responsibility \(row)" : nil
        }
        if field == .allocation {
            // Without a backup function of the provider the duty is the customer's (27017 12.3.1).
            let allocation = entry.id == "BKP-2" ? "customer" : "shared"
            return "buntan propose \(row) --allocation \(allocation) -m \"...\""
        }
        let isSaid = SchemaRegistry.current.kind("responsibility-position")?.field(field.rawValue) != nil
        return isSaid || [.customerCanFulfil, .providerCanFulfil].contains(field) ? "buntan edit responsibility-position \(row)" : nil
    }

    /// The record and the field by their names for programs.
    var shownRecord: String? { meant?.title }
    var shownField: String? { finding.field?.rawValue }

    func show(_ page: inout Page) {
        let language = page.language
        page.place(
            .at(2, Span(entry.id, isViolatedMust ? .bad : .warning)), .at(11, Span(entry.severity.phrase.text(in: language))),
            .at(19, Span(entry.clause.text(in: language), .faint)))
        page.paragraph(message.text(in: language), indent: 11)
        if let required, let offered {
            page.say(
                RulePhrases.compared, ["required": .text(required.text(in: language)), "offered": .text(offered.text(in: language))],
                indent: 11)
        }
        if meant != nil { page.place(.at(11, Span(place(in: language), .faint))) }
        if let next { page.place(.command(11, next)) }
    }

    // MARK: JSON

    static let fields = [
        "rule", "group", "severity", "outcome", "clause", "result", "message", "kind", "id", "short", "field", "side", "service",
        "required", "offered", "next",
    ]

    var json: JSONValue {
        let (meant, required, offered) = (meant, required, offered)
        return .members(
            ("rule", .text(entry.id)), ("group", .text(entry.group)), ("severity", .text(entry.severity.rawValue)),
            ("outcome", .text(entry.outcome.rawValue)), ("clause", .text(entry.clause.en)), ("result", .text(entry.outcome.rawValue)),
            ("message", message.json), ("kind", .text(orNull: finding.kind?.rawValue)), ("id", .text(orNull: meant?.id.uuid)),
            ("short", .text(orNull: meant?.short)), ("field", .text(orNull: finding.field?.rawValue)),
            ("side", .text(orNull: finding.side?.name)), ("service", .text(orNull: finding.service?.text)),
            ("required", required?.json ?? .null),
            ("offered", offered?.json ?? .null), ("next", .text(orNull: next)))
    }

    /// The command that begins a record of management.
    static func beginning(_ kind: FactKind) -> String {
        switch kind {
        case .soa: "buntan soa start"
        case .managementReview: "buntan review start"
        default: "buntan edit \(head(of: kind))"
        }
    }

    /// A rule that has nothing to be asked about, since nobody has begun what it asks for.
    static func notBegun(_ entry: RuleTable.Entry, _ kind: FactKind) -> JSONValue {
        .members(
            ("rule", .text(entry.id)), ("group", .text(entry.group)), ("severity", .text(entry.severity.rawValue)),
            ("outcome", .text(entry.outcome.rawValue)), ("clause", .text(entry.clause.en)), ("result", .text("not-begun")),
            ("message", entry.statement.json), ("kind", .text(kind.rawValue)), ("id", .null), ("short", .null), ("field", .null),
            ("side", .null), ("service", .null), ("required", .null), ("offered", .null), ("next", .text(beginning(kind))))
    }

    /// A rule that rests on what only the other side can see.
    static func unknown(_ entry: RuleTable.Entry) -> JSONValue {
        .members(
            ("rule", .text(entry.id)), ("group", .text(entry.group)), ("severity", .text(entry.severity.rawValue)),
            ("outcome", .text(entry.outcome.rawValue)), ("clause", .text(entry.clause.en)), ("result", .text("unknown")),
            ("message", entry.statement.json), ("kind", .null), ("id", .null), ("short", .null), ("field", .null), ("side", .null),
            ("service", .null), ("required", .null), ("offered", .null), ("next", .null))
    }
}

/// Where this organisation stands: what is its own to put right.
struct Standpoint {
    private let scope: RecordScope
    private let ownServices: Set<FactID>

    init(_ scope: RecordScope, _ directory: StoreDirectory) {
        self.scope = scope
        ownServices = Set(directory.services.filter(\.isOwn).map { FactID(KnownService.record(in: $0.service)) })
    }

    /// The side on which it is for a service; `nil` for an auditor, who has nothing to put right.
    private func side(of service: FactID?) -> Side? {
        if let engagement = scope.engagement, engagement.side == nil { return nil }
        guard let service else { return scope.ownSide }
        return ownServices.contains(service) ? .provider : .customer
    }

    /// The kind in which a side of the engagement says a field of what the other has published: `asset-removal-position`.
    func kind(saying field: String, of kind: String?) -> String? {
        guard let side = scope.engagement?.side, let kind, let own = SchemaRegistry.current.kind("\(kind)-position"),
            own.sides.contains(side), let field = own.field(field), field.sides?.contains(side) ?? true
        else { return nil }
        return own.name
    }

    /// Whether it is a party of an engagement, which can sign.
    var signs: Bool { scope.engagement?.side != nil }
    /// Whether it is the side of an engagement to which something is offered.
    var isCustomer: Bool { scope.engagement?.side == .customer }

    /// Whether this organisation writes records of a kind about a service.
    func writes(_ kind: String, for service: FactID?) -> Bool {
        guard let side = side(of: service), let known = SchemaRegistry.current.kind(kind) else { return false }
        return known.sides.contains(side)
    }

    /// Whether this organisation is to act, or nobody in particular.
    func isOurs(_ finding: Finding) -> Bool { finding.side == nil || finding.side == side(of: finding.service) }

    /// Whether it wrote the record; what both sides write is its own as well.
    func isOwn(_ fact: RecordFact) -> Bool {
        guard case .text(let author)? = fact[.authorSide] else { return true }
        var service: FactID?
        if case .id(let id)? = fact[.serviceId] ?? fact[.heldIn] { service = id }
        if fact.kind == .cloudService { service = fact.id }
        return author == side(of: service)?.name
    }
}
