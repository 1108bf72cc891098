import BuntanProtocol
import Records
import Replica
import Rules
import Storage
import Wording

/// What the rules say of an agreement before it is signed.
struct SigningJudgement {
    let blocking: [FindingView]
    /// The rows that do not say yet all that the rules ask for, and the rules that ask.
    let unsaid: (rows: Int, rules: [String])

    /// Asks the rules about what a preview covers, on the day on which it would be signed.
    init(
        _ preview: AgreementPreview, in engagement: KnownEngagement, _ selector: Selector, _ workspace: Workspace, today: CalendarDate,
        _ reader: any StoreReader
    ) throws {
        let scope = try selector.scope(.engagement(engagement), reader)
        let facts = try workspace.facts(of: scope, today: today, reader)
        let table = try RuleTable.shipped()
        let covered = preview.records.map { FactID($0) } + preview.rows.map { FactID($0.responsibility(in: engagement.service)) }
        let judged = SigningRules(facts, covering: Set(covered), table: table, today: today, catalogue: try Catalogue.iso27017())
        if judged.blocking.isEmpty {
            blocking = []
        } else {
            let forms = FindingForms(table, facts, try RecordWords(selector, reader), Standpoint(scope, selector.directory))
            blocking = judged.blocking.compactMap { finding in table[finding.rule].map { FindingView(finding, $0, forms) } }
        }
        unsaid = (
            Set(judged.unsaid.compactMap(\.record)).count,
            judged.unsaid.map(\.rule).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        )
    }

    /// Refuses what a rule that must be met stands against: the first that this side can put right, else the other side's.
    func requireMet(counterpart: String, in language: Language) throws {
        guard let first = blocking.first(where: \.isOurs) ?? blocking.first else { return }
        let others = Set(blocking.filter { $0.entry.id != first.entry.id }.map(\.entry.id)).count
        let same = blocking.count { $0.entry.id == first.entry.id } - 1
        var more: [String] = []
        if same > 0 { more.append(AgreementPhrases.moreOfRule.text(in: language, ["n": .number(same), "rule": .text(first.entry.id)])) }
        if others > 0 { more.append(AgreementPhrases.moreRules.text(in: language, ["n": .number(others)])) }
        throw CommandFailure(
            .rulesViolated,
            [
                "rule": .text(first.entry.id), "message": .text(first.message.text(in: language)),
                "place": .text(first.place(in: language)),
                "whose": .word(
                    first.isOurs ? AgreementPhrases.oursToMend : AgreementPhrases.theirsToMend, ["counterpart": .text(counterpart)]),
                "more": .text(more.map { (language == .ja ? "" : " ") + $0 }.joined()),
            ], next: first.next ?? "buntan check --group \(first.entry.id)",
            place: CommandFailure.Place(record: first.shownRecord, field: first.shownField))
    }
}
