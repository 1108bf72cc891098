import BuntanProtocol
import Records
import Replica
import Rules
import Wording

/// One gap in words: what is offered, what is required, by how much they differ, what was done and what to type next.
struct GapView {
    let gap: Gap
    private let forms: GapForms
    let title: BilingualText
    let rules: [String]
    private let steps: (next: String?, otherwise: [String])

    init(_ gap: Gap, _ forms: GapForms) {
        (self.gap, self.forms) = (gap, forms)
        title = forms.name(gap.title)
        rules = gap.parts.compactMap(\.rule).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        steps = forms.steps(of: gap, answer: Self.answer(to: gap, forms))
    }

    /// What answers a row that waits for this side; `nil` for any other gap.
    private static func answer(to gap: Gap, _ forms: GapForms) -> String? {
        guard gap.area == .responsibilities, let seat = forms.seat, gap.side == seat, let row = forms.short(gap.requirement) else {
            return nil
        }
        let theirs = forms.text(seat == .customer ? .providerAllocation : .customerAllocation, of: gap.requirement)
        let isAnswered = theirs.map { $0 != "unallocated" } ?? false
        return isAnswered ? "buntan accept \(row)" : "buntan propose \(row) --allocation shared -m \"...\""
    }

    /// Names it for good, whatever is offered against it.
    var key: String { gap.key }

    var isReopened: Bool { gap.chain?.isReopened ?? false }

    /// Whether nothing more is to be done about it, as things are.
    var isFollowedThrough: Bool { gap.chain?.stage == .approved && !isReopened }

    // MARK: for people

    func show(_ page: inout Page) {
        let language = page.language
        let severity = forms.severity(of: rules)
        page.line(
            Span("  " + title.text(in: language), isFollowedThrough ? .plain : severity == .must ? .bad : .warning),
            Span(
                "  " + ([forms.short(of: gap), severity.phrase.text(in: language)].compactMap { $0 } + rules).joined(separator: ", "),
                .faint))
        if gap.isCustomersDuty {
            let service = gap.service.map { forms.text(.service($0)).text(in: language) } ?? "-"
            page.say(GapPhrases.customersDuty, ["service": .text(service)], indent: 4)
        }
        for part in gap.parts { page.paragraph(sentence(of: part, language), indent: 4) }
        // What this side has only to answer is followed through where it is not answered.
        guard !isForUs || isFollowed else { return page.place(.command(4, steps.next ?? "buntan gaps")) }
        for line in standing(language) { page.paragraph(line, indent: 4) }
        if let next = steps.next { page.place(.command(4, next)) }
        for command in steps.otherwise {
            page.place(.at(4, Span(GapPhrases.otherwise.text(in: language), .faint)), .command(8, command))
        }
    }

    /// Whether it is a row that waits for this side alone.
    private var isForUs: Bool { gap.area == .responsibilities && gap.side == forms.seat && forms.seat != nil }

    /// Whether anything was done about it beside an answer.
    private var isFollowed: Bool { gap.chain.map { $0.stage != .none } ?? false }

    /// Whether it must be met.
    var severity: RuleTable.Severity { forms.severity(of: rules) }

    /// What is offered, required and lacking, in a sentence.
    func sentence(of part: Gap.Part, _ language: Language) -> String {
        // What is missing has no name to be called by, and nothing to be measured.
        let phrase: GapPhrases = part.difference == .missing ? .comparedMissing : .compared
        let text = phrase.text(
            in: language,
            [
                "offered": .text(forms.text(part.offered).text(in: language)),
                "required": .text(forms.text(part.required).text(in: language)),
                "difference": .text(part.difference.text(in: language)),
            ])
        // Of two offers of one kind, which is meant is told by its id.
        let isOneOfSeveral = Set(gap.parts.compactMap(\.offer)).count > 1
        return isOneOfSeveral ? text + (forms.short(part.offer).map { " (\($0))" } ?? "") : text
    }

    /// How far it was followed through.
    func standing(_ language: Language) -> [String] {
        guard let chain = gap.chain else { return [] }
        var lines: [String] = []
        if chain.isReopened { lines.append(reopening(chain, language)) }
        let facts: Facts = [
            "risk": .text(forms.short(chain.risk) ?? "-"), "measure": .text(forms.short(chain.measure) ?? "-"),
            "approval": .text(forms.short(chain.approval) ?? "-"),
            "fields": .text(
                chain.lacking.map {
                    Labels.field($0.rawValue, of: chain.lackingKind, language) ?? $0.rawValue
                }
                .joined(separator: language == .ja ? "、" : ", ")),
        ]
        let phrase: GapPhrases =
            switch chain.stage {
            case .none: .stageNone
            case .named: .stageNamed
            case .assessed: .stageAssessed
            case .treated: chain.risk == nil ? .stageMeasured : forms.isTreated(chain) ? .stageTreated : .stageAccepted
            case .approved: .stageApproved
            }
        lines.append(phrase.text(in: language, facts))
        if !chain.lacking.isEmpty { lines.append(GapPhrases.lacking.text(in: language, facts)) }
        if let approval = forms.short(chain.unfinishedApproval), chain.stage == .treated {
            lines.append(GapPhrases.approvalUnfinished.text(in: language, ["acceptance": .text(approval)]))
        }
        if let other = chain.strangersApproval, let approval = forms.short(other), chain.stage != .approved {
            let names: Facts = [
                "acceptance": .text(approval), "name": .text(forms.text(.approvedByOwner, of: other) ?? "-"),
                "owner": .text(forms.text(.ownerName, of: chain.risk) ?? "-"),
            ]
            lines.append(GapPhrases.approvalOfAnother.text(in: language, names))
        }
        if chain.measure != nil, chain.risk != nil { lines.append(GapPhrases.measureInPlace.text(in: language, facts)) }
        if let measure = chain.unfinishedMeasure, let short = forms.short(measure) {
            let phrase: GapPhrases = forms.isInPlace(measure) ? .measureForNothing : .measureNotInPlace
            lines.append(phrase.text(in: language, ["measure": .text(short)]))
        }
        return lines
    }

    /// What was required and offered before, where it can be read as a person reads it.
    private func reopening(_ chain: GapChain, _ language: Language) -> String {
        guard let earlier = chain.earlier, let required = spoken(earlier.required, language),
            let offered = spoken(earlier.offered, language)
        else { return GapPhrases.reopened.text(in: language) }
        return GapPhrases.reopenedFrom.text(in: language, ["required": .text(required), "offered": .text(offered)])
    }

    private func spoken(_ values: String, _ language: Language) -> String? {
        let spoken = values.split(separator: ";").map { value -> String? in
            if value == "none" { return GapPhrases.nothingOffered.text(in: language) }
            return CalendarDuration(canonical: String(value))?.words.text(in: language) ?? CalendarDate(canonical: value)?.text
        }
        guard !spoken.isEmpty, !spoken.contains(nil) else { return nil }
        return spoken.compactMap { $0 }.joined(separator: language == .ja ? "、" : ", ")
    }

    // MARK: JSON

    static let fields = [
        "key", "area", "result", "severity", "rules", "name", "title", "kind", "id", "short", "field", "side", "service", "parts", "gap",
        "requiredValue", "offeredValue", "stage", "reopened", "earlier", "risk", "treatment", "measure", "unfinishedMeasure", "approval",
        "unfinishedApproval", "lacking", "next", "otherwise",
    ]

    var json: JSONValue {
        let chain = gap.chain
        let values = gap.values
        func id(_ fact: FactID?) -> JSONValue { .text(orNull: fact?.text) }
        let requirement = forms.facts[gap.requirement]
        return .members(
            ("key", .text(key)), ("area", .text(gap.area.rawValue)), ("result", .text("gap")),
            ("severity", .text(forms.severity(of: rules).rawValue)), ("rules", .list(rules.map { .text($0) })),
            ("name", .text(orNull: forms.short(of: gap))),
            ("title", title.json),
            ("kind", .text(orNull: requirement?.kind.rawValue)), ("id", .text(orNull: requirement?.record?.uuid)),
            ("short", .text(orNull: requirement?.record.map { forms.words.index.short($0) })), ("field", .text(gap.field)),
            ("side", .text(orNull: gap.side?.name)), ("service", id(gap.service)), ("parts", .list(gap.parts.map(json))),
            ("gap", id(gap.id)), ("requiredValue", .text(values.required)), ("offeredValue", .text(values.offered)),
            ("stage", chain.map { .text($0.stage.name) } ?? .members(("unknown", "private"))),
            ("reopened", chain.map { .bool($0.isReopened) } ?? .members(("unknown", "private"))),
            (
                "earlier",
                chain?.earlier.map { .members(("requiredValue", .text($0.required)), ("offeredValue", .text($0.offered))) } ?? .null
            ),
            ("risk", id(chain?.risk)), ("treatment", id(chain?.treatment)), ("measure", id(chain?.measure)),
            ("unfinishedMeasure", id(chain?.unfinishedMeasure)), ("approval", id(chain?.approval)),
            ("unfinishedApproval", id(chain?.unfinishedApproval)),
            ("lacking", .list((chain?.lacking ?? []).map { .text($0.rawValue) })),
            ("next", .text(orNull: steps.next)), ("otherwise", .list(steps.otherwise.map { .text($0) })))
    }

    private func json(_ part: Gap.Part) -> JSONValue {
        .members(
            ("rule", .text(orNull: part.rule)), ("required", forms.text(part.required).json), ("offered", forms.text(part.offered).json),
            ("offer", .text(orNull: part.offer?.text)), ("difference", part.difference.json))
    }
}

extension GapChain {
    /// The kind of record whose fields are lacking.
    fileprivate var lackingKind: String {
        switch stage {
        case .none, .named: "risk"
        case .assessed: "risk-treatment"
        case .treated, .approved: "risk-acceptance"
        }
    }
}

extension GapChain.Stage {
    fileprivate var name: String {
        switch self {
        case .none: "none"
        case .named: "named"
        case .assessed: "assessed"
        case .treated: "treated"
        case .approved: "approved"
        }
    }
}

extension GapDifference {
    /// What measures it, and how much it is: seconds, steps or days.
    private var measure: (type: String, phrase: GapPhrases, unit: String?, amount: Int) {
        switch self {
        case .tooLong(let seconds): ("too-long", .tooLong, "seconds", seconds)
        case .tooShort(let seconds): ("too-short", .tooShort, "seconds", seconds)
        case .weaker(let steps): ("weaker", .weaker, "steps", steps)
        case .overdue(let days): ("overdue", .overdue, "days", days)
        case .expired(let days): ("expired", .expired, "days", days)
        case .notYetInForce(let days): ("not-yet-in-force", .notYetInForce, "days", days)
        case .missing: ("missing", .missing, nil, 0)
        case .notAccepted: ("not-accepted", .notAccepted, nil, 0)
        case .differs: ("differs", .differs, nil, 0)
        }
    }

    fileprivate func text(in language: Language) -> String {
        let span = CalendarDuration(seconds: measure.amount)?.words.text(in: language) ?? String(measure.amount)
        return measure.phrase.text(in: language, ["span": .text(span), "n": .number(measure.amount)])
    }

    fileprivate var json: JSONValue {
        .members(
            ("type", .text(measure.type)), ("unit", .text(orNull: measure.unit)),
            ("amount", measure.unit == nil ? .null : .number(measure.amount)),
            ("text", BilingualText(en: text(in: .en), ja: text(in: .ja)).json))
    }
}

/// What could not be compared, in words.
struct UncomparedView {
    let uncompared: Uncompared
    private let forms: GapForms

    init(_ uncompared: Uncompared, _ forms: GapForms) { (self.uncompared, self.forms) = (uncompared, forms) }

    var key: String {
        [
            uncompared.area.rawValue, uncompared.reason.rawValue, uncompared.kind.rawValue, uncompared.record?.text ?? "-",
            uncompared.rule ?? "-",
        ]
        .joined(separator: "/")
    }

    /// The command that lets it be compared, where that is for this organisation to type.
    private var next: String? {
        let kind = String(uncompared.kind.rawValue.prefix { $0 != "." })
        switch uncompared.reason {
        case .valueUnknown: return forms.short(uncompared.record).map { "buntan show \($0)" }
        case .requirementMissing, .requirementUnknown, .customersDuty: return forms.seat == .customer ? "buntan edit \(kind)" : nil
        case .offerMissing: return forms.seat == .provider ? "buntan edit \(kind)" : nil
        }
    }

    func text(in language: Language) -> String {
        let phrase: GapPhrases =
            switch uncompared.reason {
            case .requirementMissing: .requirementMissing
            case .requirementUnknown: .requirementUnknown
            case .offerMissing: .offerMissing
            case .valueUnknown: .valueUnknown
            case .customersDuty: .customersDuty
            }
        let service = uncompared.record.map { forms.text(.service($0)).text(in: language) } ?? "-"
        let text = phrase.text(
            in: language,
            [
                "kind": .text(forms.text(.kind(uncompared.kind)).text(in: language)), "service": .text(service),
                "record": .text(forms.short(uncompared.record) ?? "-"), "rule": .text(uncompared.rule ?? "-"),
            ])
        let isOpen = uncompared.reason == .customersDuty
        return isOpen ? text + (language == .en ? " " : "") + GapPhrases.customersDutyOpen.text(in: language) : text
    }

    func show(_ page: inout Page) {
        page.paragraph(text(in: page.language), indent: 2)
        if let next { page.place(.command(4, next)) }
    }

    var json: JSONValue {
        let message = BilingualText(en: text(in: .en), ja: text(in: .ja))
        let severity = forms.severity(of: [uncompared.rule].compactMap { $0 })
        return .members(
            ("key", .text(key)), ("area", .text(uncompared.area.rawValue)), ("result", .text(uncompared.reason.rawValue)),
            ("severity", .text(severity.rawValue)), ("rules", .list([uncompared.rule].compactMap { $0.map { .text($0) } })),
            ("name", .null),
            ("title", message.json), ("kind", .text(uncompared.kind.rawValue)),
            ("id", .text(orNull: uncompared.record.flatMap { forms.facts[$0]?.record?.uuid })),
            ("short", .text(orNull: uncompared.record.flatMap { forms.facts[$0]?.record }.map { forms.words.index.short($0) })),
            ("field", .null), ("side", .text(orNull: uncompared.side?.name)), ("service", .null), ("parts", .list([])), ("gap", .null),
            ("requiredValue", .null), ("offeredValue", .null), ("stage", .null), ("reopened", .null), ("earlier", .null), ("risk", .null),
            ("treatment", .null), ("measure", .null), ("unfinishedMeasure", .null), ("approval", .null), ("unfinishedApproval", .null),
            ("lacking", .list([])),
            ("next", .text(orNull: next)),
            ("otherwise", .list([])))
    }
}
