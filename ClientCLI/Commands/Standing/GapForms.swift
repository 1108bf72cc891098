import BuntanProtocol
import Foundation
import Records
import Replica
import Rules
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

    private var printer: WordPrinter { WordPrinter(facts, label: FindingView.label) }

    func text(_ word: Word) -> BilingualText { printer.text(word) }

    /// Several words as one name, in either language.
    func name(_ words: [Word]) -> BilingualText {
        let texts = words.map(printer.text)
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

    func severity(of rules: [String]) -> RuleTable.Severity {
        let severities = rules.compactMap { table[$0]?.severity }
        return severities.contains(.should) && !severities.contains(.must) ? .should : .must
    }

    // MARK: commands

    /// A flag of `edit`, as a shell takes it.
    static func set(_ field: String, _ value: String) -> String { "--set " + RetypedFlags.quoted("\(field)=\(value)") }

    /// What an assessment or an approval says of the gap as it is now.
    private func pin(_ list: String, _ id: RecordID, _ values: Gap.Values) -> String {
        func quoted(_ text: String) -> String {
            "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
        }
        return Self.set(
            list + "+", "{gapId: \(id.uuid), requiredValue: \(quoted(values.required)), offeredValue: \(quoted(values.offered))}")
    }

    /// The command that a gap waits for, and others that do as well.
    func steps(of gap: Gap, answer: String?) -> (next: String?, otherwise: [String]) {
        guard let seat, let chain = gap.chain, let id = gap.id?.record else { return (answer, []) }
        let risk = short(chain.risk)
        let name = self.name(gap.title)
        let title = Language.allCases.map { language in
            let what =
                name.text(in: language) + (gap.service.map { (language == .ja ? "、" : ", ") + text(.service($0)).text(in: language) } ?? "")
            return Self.set("title/\(language.rawValue)", GapPhrases.riskTitle.text(in: language, ["what": .text(what)]))
        }
        let begin =
            (["buntan edit risk"] + title
            + [
                Self.set("riskSource", gap.area.riskSource), Self.set("position", seat.name), Self.set("gapIds", id.uuid),
                pin("assessedGaps", id, gap.values),
            ]).joined(separator: " ")
        let measure = "buntan edit supplementary-measure " + Self.set("gapIds", id.uuid)
        switch (chain.stage, risk) {
        case (.none, _):
            if let answer { return (answer, [begin]) }
            return gap.isCustomersDuty && seat == .customer ? (measure, [begin]) : (begin, seat == .customer ? [measure] : [])
        case (.approved, let risk): return (risk.map { "buntan show \($0)" }, [])
        case (_, nil): return (begin, [])
        case (.named, let risk?):
            if !chain.lacking.isEmpty { return ("buntan edit risk \(risk)", []) }
            return (
                ["buntan edit risk \(risk)", Self.set("assessedOn", today.text), pin("assessedGaps", id, gap.values)].joined(
                    separator: " "),
                []
            )
        case (.assessed, let risk?):
            let treat =
                short(chain.treatment).map { "buntan edit risk-treatment \($0)" }
                ?? "buntan edit risk-treatment \(Self.set("riskId", risk)) \(Self.set("option", "modify"))"
            return (treat, (seat == .customer ? [measure] : []) + [approval(of: gap, id, risk)])
        case (.treated, let risk?): return (approval(of: gap, id, risk), [])
        }
    }

    /// The owner's approval of what is left. The level that is left is what the owner says: without a treatment it is all of it.
    private func approval(of gap: Gap, _ id: RecordID, _ risk: String) -> String {
        let level = int(.level, of: gap.chain?.risk).map { [Self.set("residualLevel", String($0))] } ?? []
        return
            (["buntan edit risk-acceptance", Self.set("riskId", risk)] + level
            + [
                Self.set("approvedByOwner", text(.ownerName, of: gap.chain?.risk) ?? ""), Self.set("approvedOn", today.text),
                Self.set("planApproved", "yes"), pin("approvedGaps", id, gap.values),
            ]).joined(separator: " ")
    }
}
