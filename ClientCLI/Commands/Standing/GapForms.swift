import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Rules
import Storage
import Wording

/// What lines about gaps need to be put into words.
struct GapForms {
    let facts: RecordFacts
    let words: RecordWords
    let table: RuleTable
    /// The side on which this organisation is; `nil` for an auditor.
    let seat: Side?
    /// The day on which what is printed would be typed.
    let today: CalendarDate
    /// What the gaps go by.
    let names: ShortIDs<RecordID>

    private var printer: WordPrinter { WordPrinter(facts, label: FindingView.label) }

    func text(_ word: Word) -> BilingualText { printer.text(word) }

    /// Several words as one name, in either language; a record without a name of its own goes by its short id.
    func name(_ words: [Word]) -> BilingualText {
        let texts = words.map { word in
            let text = printer.text(word)
            guard case .record(let id, let kind) = word, text == printer.text(.kind(kind)), let short = short(id) else { return text }
            return BilingualText(en: "\(text.en) \(short)", ja: "\(text.ja) \(short)")
        }
        return BilingualText(en: texts.map(\.en).joined(separator: " "), ja: texts.map(\.ja).joined(separator: " "))
    }

    /// What to type for a record, or for that of which it is a part.
    func short(_ id: FactID?) -> String? {
        guard let id, let fact = facts[id] else { return nil }
        if fact.kind.rawValue.contains("."), case .id(let whole)? = fact[.parent] { return short(whole) }
        if let row = FindingView.row(fact) { return row.pasteable }
        return fact.record.map { words.index.short($0) }
    }

    func text(_ field: FactField, of id: FactID?) -> String? {
        guard let id, case .text(let text)? = facts[id]?[field] else { return nil }
        return text
    }

    func int(_ field: FactField, of id: FactID?) -> Int? {
        guard let id, case .int(let int)? = facts[id]?[field] else { return nil }
        return int
    }

    /// Whether a measure says that it is in place by now.
    func isInPlace(_ measure: FactID) -> Bool {
        text(.inPlaceFrom, of: measure).flatMap { CalendarDate(canonical: $0) }.map { $0 <= today } ?? false
    }

    func severity(of rules: [String]) -> RuleTable.Severity {
        let severities = rules.compactMap { table[$0]?.severity }
        return severities.contains(.should) && !severities.contains(.must) ? .should : .must
    }

    // MARK: commands

    /// The command that a gap waits for, and others that do as well.
    func steps(of gap: Gap, answer: String?) -> (next: String?, otherwise: [String]) {
        guard let seat, let chain = gap.chain, let name = short(of: gap) else { return (answer, []) }
        let risk = short(chain.risk)
        let begin = "buntan edit risk --gap \(name)"
        // A measure that is there may do for what has changed: whoever looks at it again says so.
        let held = short(chain.outgrownMeasure ?? chain.unfinishedMeasure).map { " \($0)" } ?? ""
        let isPlanned = chain.outgrownMeasure == nil && chain.unfinishedMeasure.map { !isInPlace($0) } ?? false
        let measure = "buntan edit supplementary-measure\(held) --gap \(name)" + (isPlanned ? " --set inPlaceFrom=\(today.text)" : "")
        let begun = short(chain.unfinishedApproval).map { " \($0)" } ?? ""
        // What is left once something was done about it, a person has to say; without that it is all of it.
        let left = isTreated(chain) && int(.residualLevel, of: chain.unfinishedApproval) == nil ? " --set residualLevel=N" : ""
        let approval = "buntan edit risk-acceptance\(begun) --gap \(name) --set planApproved=yes\(left)"
        switch (chain.stage, risk) {
        case (.none, _):
            if let answer { return (answer, [begin]) }
            return gap.isCustomersDuty && seat == .customer ? (measure, [begin]) : (begin, seat == .customer ? [measure] : [])
        case (.approved, let risk): return (risk.map { "buntan show \($0)" }, [])
        case (_, nil): return (begin, [])
        case (.named, let risk?):
            // It was assessed for other values: what it is now, a person has to say.
            let values = Self.assessment.map { " --set \($0)=N" }.joined()
            if chain.lacking.isEmpty { return ("buntan edit risk \(risk) --gap \(name)\(values)", []) }
            return (
                "buntan edit risk \(risk)"
                    + (chain.lacking == [.assessedOn] && text(.assessedOn, of: chain.risk) != nil ? " --set assessedOn=\(today.text)" : ""),
                []
            )
        case (.assessed, _?):
            let treat =
                short(chain.treatment).map { "buntan edit risk-treatment \($0)" }
                ?? "buntan edit risk-treatment --gap \(name) --set option=modify"
            return (treat, (seat == .customer ? [measure] : []) + [approval])
        case (.treated, _?): return (approval, [])
        }
    }

    /// The record for which something was typed.
    func record(_ typed: String) -> FactID? {
        guard case .one(.record(let id)) = words.index.find(typed) else { return nil }
        return FactID(id)
    }

    /// What to type for the risk of which a treatment or an acceptance is, where that risk does not name the gap.
    func otherRisk(of held: FactID, than gap: Gap) -> String? {
        guard case .id(let risk)? = facts[held]?[.riskId], risk != gap.chain?.risk, let gapID = gap.id else { return nil }
        if case .ids(let named)? = facts[risk]?[.gapIds], named.contains(gapID) { return nil }
        return short(risk)
    }

    /// Whether a treatment or a measure changes what is left of its risk.
    func isTreated(_ chain: GapChain) -> Bool { chain.treatment != nil || chain.measure != nil }

    /// What a gap goes by: the beginning of its id in letters, told from every other gap's.
    func short(of gap: Gap) -> String? { gap.id?.record.flatMap { names.shortest($0) } }

    /// What the gaps are called that own records name, by the ids that their records would have; `nil` where none of these things is a
    /// record of what was done about gaps.
    static func names(
        in things: [Addressed], _ selector: Selector, _ workspace: Workspace, _ reader: any StoreReader
    ) throws -> [RecordID: BilingualText]? {
        let meant = try things.compactMap { thing -> String? in
            guard case .record(let space, let id) = thing else { return nil }
            return try reader.shown(id, in: space)?.kind
        }
        return try names(inRecordsOf: meant, selector, workspace, reader)
    }

    /// The same where records of these kinds are listed.
    static func names(
        inRecordsOf meant: [String], _ selector: Selector, _ workspace: Workspace, _ reader: any StoreReader
    ) throws -> [RecordID: BilingualText]? {
        guard meant.contains(where: { kinds.contains(String($0.prefix { $0 != "." })) }) else { return nil }
        var names: [RecordID: BilingualText] = [:]
        for engagement in selector.directory.engagements where engagement.side != nil {
            let read = try ReadGaps(engagement, on: selector.invocation.today, selector, workspace, reader)
            for gap in read.analysis.gaps { if let id = gap.id?.record { names[id] = read.forms.name(gap.title) } }
        }
        return names
    }

    // MARK: what is written of a gap

    /// The kinds of records that `edit --gap` ties to a gap.
    static let kinds = ["risk", "risk-treatment", "risk-acceptance", "supplementary-measure"]

    /// What an assessment says, as numbers.
    static let assessment = ["consequence", "likelihood", "level"]

    /// What a record says of a gap as it is now, as `--set` takes it: what was required and offered is written down with it, and so a
    /// later change is noticed.
    ///
    /// - Parameters:
    ///   - held: The record that is there, which says of some gaps already what they are; `nil` for a new one.
    ///   - typed: The fields that are typed beside it: a risk that is there is assessed anew only with values of an assessment.
    func settings(of kind: String, held: FactID?, beside typed: Set<String>, for gap: Gap) -> [String] {
        guard let seat, let id = gap.id?.record else { return [] }
        let isNew = held == nil
        func pin(_ list: String, _ members: FactKind) -> [String] {
            // What a record says of a gap that has not changed since is not said twice.
            let isSaid = held.map { held in
                facts.all(members).contains { member in
                    member[.parent] == .id(held) && member[.gapId] == gap.id.map { .id($0) }
                        && member[.requiredValue] == .text(gap.values.required) && member[.offeredValue] == .text(gap.values.offered)
                }
            }
            return isSaid == true ? [] : [Self.pin(list, id, gap.values)]
        }
        // What is written down with an assessment; nothing before anybody has made one.
        let assessed =
            typed.isDisjoint(with: Self.assessment) ? [] : ["assessedOn=\(today.text)"] + pin("assessedGaps", .riskAssessedGaps)
        let tied = isNew ? "gapIds=\(id.uuid)" : "gapIds+=\(id.uuid)"
        let risk = short(gap.chain?.risk).map { ["riskId=\($0)"] } ?? []
        switch kind {
        case "risk" where isNew:
            let name = name(gap.title)
            let titles = Language.allCases.map { language in
                let service = gap.service.map { (language == .ja ? "、" : ", ") + text(.service($0)).text(in: language) } ?? ""
                let what = Fact.text(name.text(in: language) + service)
                return "title/\(language.rawValue)=" + GapPhrases.riskTitle.text(in: language, ["what": what])
            }
            return titles + ["riskSource=\(gap.area.riskSource)", "position=\(seat.name)", tied] + assessed
        case "risk": return [tied] + assessed
        case "risk-treatment": return isNew ? risk : []
        case "risk-acceptance":
            let isSaid = int(.residualLevel, of: held) != nil
            let isOpen = isSaid || gap.chain.map(isTreated) ?? false
            let level = isOpen ? [] : int(.level, of: gap.chain?.risk).map { ["residualLevel=\($0)"] } ?? []
            let owner = text(.ownerName, of: gap.chain?.risk).map { ["approvedByOwner=\($0)"] } ?? []
            let begun = isNew ? risk + level + owner : held == gap.chain?.unfinishedApproval ? level + owner : []
            return begun + ["approvedOn=\(today.text)"] + pin("approvedGaps", .riskAcceptanceApprovedGaps)
        default: return [tied] + pin("closedGaps", .supplementaryMeasureClosedGaps)
        }
    }

    /// What an assessment or an approval says of the gap as it is now.
    private static func pin(_ list: String, _ id: RecordID, _ values: Gap.Values) -> String {
        func quoted(_ text: String) -> String {
            "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
        }
        return "\(list)+={gapId: \(id.uuid), requiredValue: \(quoted(values.required)), offeredValue: \(quoted(values.offered))}"
    }
}

/// The gaps of an engagement, with what puts them into words.
struct ReadGaps {
    let analysis: GapAnalysis
    let forms: GapForms

    /// - Parameter day: The day on which the gaps are asked about.
    init(_ engagement: KnownEngagement, on day: CalendarDate, _ selector: Selector, _ workspace: Workspace, _ reader: any StoreReader)
        throws
    {
        let scope = try selector.scope(.engagement(engagement), reader)
        let (analysis, facts) = try workspace.gaps(of: scope, in: engagement, today: day, catalogue: try Catalogue.iso27017(), reader)
        self.analysis = analysis
        forms = GapForms(
            facts: facts, words: try RecordWords(selector, reader), table: try RuleTable.shipped(), seat: engagement.side,
            today: selector.invocation.today, names: ShortIDs(analysis.gaps.compactMap { $0.id?.record }))
    }

    /// What a record of a kind says of the gap that was typed, and the record that is there for it already: a risk or a treatment is
    /// gone on with, a measure or an acceptance may be one of several.
    func settings(
        _ typed: String, of kind: String, id: String?, beside fields: Set<String>
    ) throws -> (settings: [String], held: String?) {
        guard GapForms.kinds.contains(kind) else {
            throw CommandFailure(
                .invalidValueOf, ["value": .text(kind), "option": "--gap", "known": .text(GapForms.kinds.joined(separator: ", "))])
        }
        func named(_ ids: [RecordID]) -> [CommandFailure.Candidate] {
            ids.compactMap { forms.names.shortest($0) }.sorted().map { CommandFailure.Candidate(name: $0) }
        }
        let meant: RecordID
        switch forms.names.find(typed) {
        case .one(let id): meant = id
        case .several(let ids): throw CommandFailure(.ambiguousID, ["id": .text(typed)], candidates: named(ids))
        case .none(let nearest): throw CommandFailure(.unknownID, ["id": .text(typed)], next: "buntan gaps", candidates: named(nearest))
        case .notAShortID: throw CommandFailure(.unknownID, ["id": .text(typed)], next: "buntan gaps")
        }
        guard let gap = analysis.gaps.first(where: { $0.id?.record == meant }) else { return ([], nil) }
        let kept = kind == "risk" ? gap.chain?.risk : kind == "risk-treatment" ? gap.chain?.treatment : nil
        let held: FactID? = id == nil ? kept : id.flatMap { forms.record($0) }
        if let id, let held, let other = forms.otherRisk(of: held, than: gap) {
            throw CommandFailure(
                .otherRisk, ["record": .text("\(kind) \(id)"), "risk": .text("risk \(other)")],
                next: "buntan edit \(kind) --gap \(forms.short(of: gap) ?? typed)",
                place: CommandFailure.Place(record: id, field: "riskId"))
        }
        // What was typed is looked for again where it is edited: here it only matters that there is something.
        let settings = forms.settings(of: kind, held: held ?? id.map { FactID($0) }, beside: fields, for: gap)
        return (settings, id == nil ? held?.record?.uuid : nil)
    }
}
